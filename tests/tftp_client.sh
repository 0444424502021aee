#!/usr/bin/env bash
# `yam get` and `yam put` against the TFTP servers that people run, and against the course's (row 14): sizes
# around a block, options and none, text, missing files, uploads, strangers, and nobody at all.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need in.tftpd dnsmasq ip nsenter python3 script unshare
LIMIT=10
mkdir root got

# files of every size that matters, and a large one
for size in 0 1 511 512 513 1428 3000000; do
    head -c "$size" /dev/urandom >"root/$size"
done
printf 'one\ntwo\r\nthree\rend\n' >root/text
mkdir root/in && chmod -R a+rX . && chmod a+rwx root root/in

url() { echo "tftp://127.0.0.1:$port/$1"; }
# get NAME OPTION…   into got/NAME, which must be the same
get() {
    rm -f "got/$1"
    expect_status 0 yam get "$(url "$1")" -o got/ "${@:2}" && same_file "root/$1" "got/$1"
}
all_sizes() {
    for size in 0 1 511 512 513 1428 3000000; do get "$size" "$@"; done
}
no_parts() { same_text "$(find . -name '*.part')" ''; }

# --- tftpd-hpa: blksize and tsize, uploads into files that are there, netascii
port=$(free_port)
start hpa in.tftpd -L --address "127.0.0.1:$port" --secure --create --user root root
wait_for_listener udp "$port"
all_sizes && all_sizes --no-options && get 3000000 --blksize 8192 --windowsize 1
expect_status 0 yam get "$(url 513)" -o got/v -v && contains stderr 'asked for blksize=' &&
    contains stderr 'granted blksize=' && contains stderr '0 retransmitted'
expect_status 7 yam get "$(url missing)" && contains stderr 'does not give "missing": ' && [ ! -e missing ]
expect_status 0 yam get "$(url text)" -o got/t --netascii && same_file root/text got/t
expect_status 0 yam get "$(url 513)" "$(url 1)" -o - >both && cat root/513 root/1 | cmp - both
expect_status 8 yam get "$(url 1)" -o got/1 && contains stderr 'already exists' && contains stderr '--force'
expect_status 0 yam get "$(url 1)" -o got/1 --force
expect_status 8 yam get "$(url 1)" -o nowhere/x && contains stderr 'no such file'
expect_status 8 yam get "$(url 3000000)" -o /dev/full && contains stderr 'no space left'
expect_status 7 yam get "$(url missing)" "$(url 1)" --json --force >json && same_text "$(wc -l <json)" 2
contains json '"event":"failed"' && contains json '"event":"downloaded"' && contains json '"bytes":1,'
# more than 65,535 blocks, both ways
head -c 600000 /dev/urandom >root/many && chmod a+r root/many && get many --blksize 8
[ ! -s stderr ] || fail "words without a terminal: $(cat stderr)"
TERM=xterm script -qec "yam get $(url many) -o got/shown --blksize 8" /dev/null >screen
contains screen 'many  ' && contains screen ' of 585.9 KiB, ' && same_file root/many got/shown
expect_status 0 yam put root/many "$(url many-up)" --blksize 8 && same_file root/many root/many-up
expect_status 0 yam put root/513 "$(url up)" && same_file root/513 root/up
expect_status 0 yam put root/3000000 root/512 "$(url in/)" -v && contains stderr 'granted blksize='
same_file root/3000000 root/in/3000000 && same_file root/512 root/in/512
yam put - "$(url piped)" <root/3000000 && same_file root/3000000 root/piped
expect_status 0 yam put root/text "$(url text-up)" --netascii && same_file root/text root/text-up
expect_status 7 yam put root/1 "$(url no/such/folder)" && contains stderr 'does not take'
# from an address and a port of our own choice
from=(--bind 127.0.0.3 --source-port "$(free_port)")
expect_status 0 yam get "$(url 513)" "$(url 1)" -o got/ --force "${from[@]}" --trace
same_text "$(grep -c " 127.0.0.3:${from[3]} " stderr)" 2
expect_status 8 yam get "$(url 1)" -o got/1 --force --bind 192.0.2.1
contains stderr 'cannot bind 192.0.2.1'
expect_status 1 yam get "$(url 1)" -o got/1 --force --bind ::1 && contains stderr 'one is IPv4'
expect_status 2 yam get "$(url 1)" --bind here && contains stderr '--bind: '
# a name with two addresses, of which the first says nothing
start mute python3 -c 'import signal, socket, sys
hole = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
hole.bind(("127.0.0.2", int(sys.argv[1])))
print("ready", sys.argv[1], flush=True)
signal.pause()' "$port"
wait_for_port mute
printf '127.0.0.%s two\n' 2 1 >hosts
expect_status 0 unshare -m bash -c 'mount --bind hosts /etc/hosts && exec yam get "$@"' - \
    "tftp://two:$port/513" -o got/two --timeout 1s && same_file root/513 got/two
stop mute && stop hpa && no_parts

# the same over IPv6
port=$(free_port)
start hpa6 in.tftpd -L --address "[::1]:$port" --secure --user root root
wait_for_listener udp "$port"
expect_status 0 yam get "tftp://[::1]:$port/3000000" -o got/six -v && same_file root/3000000 got/six
stop hpa6

# --- dnsmasq: blksize and tsize; it has port 69 alone, so that it gets a network of its own
start dnsmasq unshare -n bash -c 'ip link set lo up && exec dnsmasq --no-daemon --port=0 --pid-file= \
    --conf-file=/dev/null --user=root --enable-tftp --tftp-root="$0/root" --log-facility=-' "$WORK"
there="nsenter -t $(pid_of dnsmasq) -n yam"
eventually "$there get tftp://127.0.0.1/0 -o got/there --force"
for size in 0 1 511 512 513 1428 3000000; do
    expect_status 0 $there get "tftp://localhost/$size" -o got/ --force && same_file "root/$size" "got/$size"
done
expect_status 7 $there get tftp:///missing && contains stderr 'file not found'
stop dnsmasq && no_parts

# --- row 14: the course's server, which knows no options and never repeats; 5 is its number for "not found"
start course classics.py 14 server --root root --count 7
port=$(port_of course)
for size in 0 1 511 512 513 3000000; do get "$size"; done
expect_status 7 yam get "$(url missing)" && contains stderr 'File not found'
expect_end course 0

# --- nobody, and somebody who says nothing
port=$(free_port)
expect_status 1 yam get "$(url x)" && contains stderr 'connection refused'
start silent python3 -c 'import signal, socket
hole = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
hole.bind(("127.0.0.1", 0))
print("ready", hole.getsockname()[1], flush=True)
signal.pause()'
wait_for_port silent
expect_status 3 yam get "$(url x)" --timeout 100ms && contains stderr 'no answer to'
# one that promised more than it sends: what came is kept, under another name
start liar python3 -c 'import socket
known = socket.socket(type=socket.SOCK_DGRAM)
known.bind(("127.0.0.1", 0))
print("ready", known.getsockname()[1], flush=True)
_, client = known.recvfrom(999)
talk = socket.socket(type=socket.SOCK_DGRAM)
talk.sendto(b"\0\6tsize\x009\0", client)
talk.recv(999)
talk.sendto(b"\0\3\0\1short", client)'
wait_for_port liar
expect_status 6 yam get "tftp://127.0.0.1:$port/x" -o got/lie && contains stderr 'promised 9 bytes'
same_text "$(cat got/lie.part)" short && [ ! -e got/lie ] && rm got/lie.part && expect_end liar 0
# a server that dies after the first block is noticed at once, however patient one is
start mortal python3 -c 'import socket
known, talk = (socket.socket(type=socket.SOCK_DGRAM) for _ in "kt")
known.bind(("127.0.0.1", 0))
print("ready", known.getsockname()[1], flush=True)
talk.sendto(bytes([0, 3, 0, 1]) + bytes(512), known.recvfrom(999)[1])'
wait_for_port mortal
expect_status 1 yam get "tftp://127.0.0.1:$port/x" --timeout 5min && contains stderr 'nobody listens'
expect_end mortal 0 && no_parts
wait_for_port silent
start waits yam get "$(url x)" -o part && eventually '[ -e part.part ]'
stop waits INT && same_text "$stopped_with" 130 && no_parts

# --- what cannot be meant
refused() { expect_status 2 yam "${@:2}" && contains stderr "$1"; }
refused 'no scheme "ftp"' get ftp://127.0.0.1/x
refused 'names no file' get tftp://127.0.0.1/
refused 'names no file' get tftp://127.0.0.1/a/..
refused 'one file cannot be 2 downloads' get tftp://h/a tftp://h/b -o c
refused '--no-options contradicts' get tftp://h/a --no-options --blksize 512
refused "'7' is not a number from 8" get tftp://h/a --blksize 7
refused '--netascii contradicts tftp://h/a;mode=octet' get 'tftp://h/a;mode=octet' --netascii
refused 'stdin has no name' put - tftp://h/
refused '2 files cannot all be' put a b tftp://h/c
yam put --help >help && contains help 'FILE... URL' && contains help '--password-file as YAM_PASSWORD_FILE'
expect_status 8 yam put nofile "$(url x)" && contains stderr 'no such file'
