#!/usr/bin/env bash
# TFTP over a wire that loses, copies and swaps packets (tests/peers/lossy_wire.py): yam with itself, and each
# of its ends with the programs that people have. The bytes decide. A client of others may give up, and is
# asked again as people do; yam may not.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
PATH=$PATH:$TESTS/../build/peers/atftpd/usr/sbin # which has an in.tftpd as well
need atftp atftpd busybox curl dnsmasq in.tftpd ip python3 tftp
LIMIT=30
mkdir root got && chmod a+rwx root
for size in 0 513 3000 300000; do head -c "$size" /dev/urandom >"root/$size"; done
chmod a+r root/*
left="ip netns exec left$$" right="ip netns exec right$$"

# weather OPTION…   the wire, and servers at its left end
# Port 1 is yam's, 2 and 3 tftpd-hpa's, 4 atftpd's, 69 dnsmasq's
weather() {
    start wire lossy_wire.py "left$$" "right$$" "$@" && eventually 'grep -q ready wire.out'
    start serve $left yam serve "tftp://[::]:1$WORK/root?write=replace"
    start hpa $left in.tftpd -L --address :2 -T 100000 -psc --user root root
    start hpa6 $left in.tftpd -L --address '[::]:3' -T 100000 -psc --user root root
    start atftpd $left atftpd --daemon --no-fork --user root --group root --retry-timeout 1 --logfile - \
        --port 4 "$WORK/root"
    start dnsmasq $left dnsmasq --no-daemon --port=0 --pid-file= --conf-file=/dev/null --user=root \
        --enable-tftp --tftp-root="$WORK/root" --log-facility=-
    local port
    for port in 0001 0002 0003 0004 0045; do
        eventually "$left grep -q ':$port ' /proc/net/udp || $left grep -q ':$port ' /proc/net/udp6"
    done
}
calm() {
    local name
    for name in hpa hpa6 atftpd dnsmasq wire; do stop "$name"; done
    # a second signal: it need not wait for clients that gave up
    eventually '! kill "$(pid_of serve)"' && rm "$WORK/.started/serve"
    grep -q 'lost [1-9].* copied [1-9].* swapped [1-9]' wire.out
}

# get HOST:PORT NAME OPTION… and put: from that server, and to it
get() { expect_status 0 $right yam get "tftp://$1/$2" -o got/it -f "${@:3}" && same_file "root/$2" got/it; }
put() { expect_status 0 $right yam put "root/$2" "tftp://$1/back" "${@:3}" && same_file "root/$2" root/back; }
there_and_back() { get "$@" && put "$@"; }

# patiently FILE WANTED COMMAND…   until the file is as wanted; three attempts
patiently() {
    local attempt
    for attempt in 1 2 3; do
        rm -f "$1"
        timeout "$LIMIT" $right "${@:3}" >"said.$BASHPID" 2>&1 || true
        ! cmp -s "$1" "$2" || return 0
    done
    show_file "said.$BASHPID"
    fail "not in $attempt attempts: ${*:3}"
}
# tftp-hpa waits for five seconds, unless it is told otherwise where it has no option for that
hpa() { patiently "$1" "$2" bash -c "printf 'rexmt 1\nmode binary\n%s\n' '$4' | tftp '$3' 1"; }
gets() { patiently "got/$1" root/3000 "${@:2}"; }
puts() { patiently "root/$1" root/3000 "${@:2}"; }
# meanwhile COMMAND… -- COMMAND…   in the background, all at once: their timers take seconds
meanwhile() {
    local command=() word
    for word in "$@" --; do
        if [ "$word" != -- ]; then command+=("$word") && continue; fi
        "${command[@]}" &
        jobs+=($!) command=()
    done
}
whole() {
    local job
    for job in "${jobs[@]}"; do wait "$job"; done
    calm
}
four=10.77.0.1 six=fd77::1

jobs=()
weather --loss 2 --copies 2 --swaps 2 --seed 1
meanwhile \
    hpa got/hpa root/3000 $four 'get 3000 got/hpa' -- \
    hpa got/hpa6 root/3000 $six 'get 3000 got/hpa6' -- \
    hpa root/hpa-put root/3000 $four 'put root/3000 hpa-put' -- \
    gets curl curl -sS -m 6 -o got/curl "tftp://$four:1/3000" -- \
    gets curl6 curl -sS -m 6 -o got/curl6 "tftp://[$six]:1/3000" -- \
    puts curl-put curl -sS -m 6 -T root/3000 "tftp://$four:1/curl-put"
for host in $four "[$six]"; do
    there_and_back "$host:1" 300000
    there_and_back "$host:1" 300000 --blksize 512 --windowsize 16
    there_and_back "$host:1" 513 --no-options
    there_and_back "$host:1" 0
    get "$host" 3000
done
get "$four:2" 3000 && get "[$six]:3" 3000 && get "$four:4" 3000
whole

jobs=()
weather --loss 10 --copies 5 --swaps 5 --seed 2 --latency 1
meanwhile \
    gets atftp atftp --option 'timeout 1' -g -r 3000 -l got/atftp $four 1 -- \
    gets atftp6 atftp --option 'timeout 1' -g -r 3000 -l got/atftp6 $six 1 -- \
    gets window atftp --option 'timeout 1' --option 'windowsize 4' -g -r 3000 -l got/window $four 1 -- \
    puts atftp-put atftp --option 'timeout 1' -p -l root/3000 -r atftp-put $four 1 -- \
    gets box busybox tftp -g -r 3000 -l got/box $four 1 -- \
    gets box6 busybox tftp -g -r 3000 -l got/box6 $six 1 -- \
    puts box-put busybox tftp -p -l root/3000 -r box-put $four 1 -- \
    puts hpa-from-yam yam put root/3000 "tftp://$four:2/hpa-from-yam"
for host in $four "[$six]"; do
    there_and_back "$host:1" 300000
    there_and_back "$host:1" 3000 --windowsize 1
    get "$host:1" 3000 --no-options
done
get "$four:2" 3000
whole
