#!/usr/bin/env bash
# `yam get` and `yam put` against atftpd, option by option; it is the one server of Debian that knows
# windowsize. (busybox has a TFTP server as well, but Debian builds it without tftpd and udpsvd.)
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
PATH=$TESTS/../build/peers/atftpd/usr/sbin:$PATH
need atftpd
mkdir root got
for size in 0 1 511 512 513 1428 3000000; do head -c "$size" /dev/urandom >"root/$size"; done
head -c 4200000 /dev/urandom >root/many
printf 'one\ntwo\r\nthree\rend\n' >root/text
chmod -R a+rwX .

# serve NAME OPTION…   its port in `port`; atftpd 0.8.0 takes `--bind-address ::1` for every IPv4 address
serve() {
    port=$(free_port)
    start "$1" atftpd --daemon --no-fork --user root --group root --logfile - --bind-address 127.0.0.1 \
        --port "$port" "${@:2}" "$WORK/root"
    wait_for_listener udp "$port"
}
url() { echo "tftp://127.0.0.1:$port/$1"; }
get() { expect_status 0 yam get "$(url "$1")" -o "got/$1" -f "${@:2}" && same_file "root/$1" "got/$1"; }
# into a new name: it replaces no file
put() {
    rm -f root/back
    expect_status 0 yam put "root/$1" "$(url back)" "${@:2}" && same_file "root/$1" root/back
}

serve all
for size in 0 1 511 512 513 1428 3000000; do
    get "$size" && put "$size"
    get "$size" --no-options && put "$size" --no-options
done
for blksize in 64 513 1428 65464; do
    get 1428 --blksize "$blksize" -v && contains stderr "granted blksize=$blksize "
    put 1428 --blksize "$blksize" -v && contains stderr "granted blksize=$blksize "
done
for windowsize in 2 7 64; do
    get 3000000 --windowsize "$windowsize" -v && contains stderr " windowsize=$windowsize tsize=3000000;"
    put 3000000 --windowsize "$windowsize" -v && contains stderr " windowsize=$windowsize tsize=3000000;"
done
get 513 --tftp-timeout 2 -v && contains stderr " timeout=2 tsize=513;"
# more than 65,535 blocks, both ways
get many --blksize 64 && put many --blksize 64
# it refuses blocks that its OACK would not fit into, and is asked again for nothing
get 1428 --blksize 8 -v && contains stderr 'then for none, 2 requests; granted no options'
expect_status 7 yam get "$(url missing)" && contains stderr 'does not give "missing": ' && [ ! -e missing ]
expect_status 0 yam get "$(url text)" -o got/text --netascii
stop all

# each option refused: it answers without it
for option in blksize tsize windowsize timeout; do
    serve "$option" "--no-$option"
    get 3000000 --tftp-timeout 2 -v && sed 's/.*granted//' stderr >granted && lacks granted "$option="
    put 513
    stop "$option"
done

same_text "$(find . -name '*.part')" ''
