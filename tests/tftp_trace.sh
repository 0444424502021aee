#!/usr/bin/env bash
# `--trace` draws TFTP's packets as ladders: of `yam get` and `yam put` with a server that others wrote, of
# `yam serve` with clients that others wrote, and what is lost, copied and sent again on the way.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need curl in.tftpd python3 tftp
LIMIT=15
mkdir root got
head -c 100000 /dev/urandom >root/image
head -c 700 /dev/urandom >root/small
chmod -R a+rX . && chmod a+rwx root

# rungs FILE   what stands on its rungs, without times and shafts: ">" left yam, "<" came
rungs() {
    sed -nE -e 's/^ *[0-9.]+ ms  (#[0-9]+ +)?│──( .* )?─*▶│.*/\1>\2/p' \
        -e 's/^ *[0-9.]+ ms  (#[0-9]+ +)?│◀─*( .* )──│.*/\1<\2/p' \
        -e 's/^ *[0-9.]+ ms  (#[0-9]+ +)?(ended: [^·]*).*/\1= \2/p' "$1" | sed -E 's/ +/ /g; s/ $//'
}

# --- yam is the client, tftpd-hpa the server
port=$(free_port)
start hpa in.tftpd -L --address "127.0.0.1:$port" --secure --create --user root root
wait_for_listener udp "$port"
url() { echo "tftp://127.0.0.1:$port/$1"; }
expect_status 0 yam get "$(url small)" -o got/ --blksize 600 --windowsize 1 --trace=ladder
same_text "$(rungs ladder)" '> RRQ small octet blksize=600 windowsize=1 tsize=0
< OACK blksize=600 tsize=700
> ACK 0
< DATA 1 (600)
> ACK 1
< DATA 2, the last (100)
> ACK 2
= ended: whole'
contains ladder ' · sent 0 B · received 700 B'
expect_status 0 yam put got/small "$(url up)" --no-options --trace 2>&1
same_text "$(rungs stderr)" '> WRQ up octet
< ACK 0
> DATA 1 (512)
< ACK 1
> DATA 2, the last (188)
< ACK 2
= ended: whole'
expect_status 7 yam get "$(url missing)" --trace=ladder
same_text "$(rungs ladder | sed -n 2p)" '< ERROR 1: File not found'
contains ladder 'ended: the server does not give "missing"'
# several: each with its number
expect_status 0 yam get "$(url small)" "$(url up)" -o got/ --force --no-options --trace=ladder
for number in 1 2; do
    same_text "$(rungs ladder | grep "^#$number " | tail -n 1)" "#$number = ended: whole"
done
expect_status 8 yam get "$(url small)" -o got/new --trace=no/where
contains stderr 'cannot write the trace' && [ ! -e got/new ]
expect_status 0 yam get "$(url small)" -o got/new --trace=/dev/full
contains stderr 'not all of the trace could be written' && same_file root/small got/new
stop hpa

# --- yam is the server, on two loops; tftp-hpa and curl are the clients
start serve yam serve "tftp://127.0.0.1:0$WORK/root?write=new" --loops 2 --trace=served
port=$(port_of serve tftp)
tftp -m octet 127.0.0.1 "$port" -c get small got/by-tftp && same_file root/small got/by-tftp
eventually "grep -q 'ended: whole' served"
same_text "$(rungs served)" '#1 < RRQ small octet
#1 > DATA 1 (512)
#1 < ACK 1
#1 > DATA 2, the last (188)
#1 < ACK 2
#1 = ended: whole'
curl -sS --tftp-blksize 1024 "$(url image)" -o got/by-curl && same_file root/image got/by-curl
curl -sS -T got/small "$(url by-curl)" && same_file got/small root/by-curl
eventually "grep -c 'ended: whole' served | grep -q 3"
contains served '── OACK blksize=1024 '
rungs served | grep -q '^#2 > DATA 98, the last (672)' || fail 'the last block of the image is not drawn'
rungs served | grep -q '^#3 < WRQ by-curl octet' || fail 'the upload is not drawn'
stop serve && same_text "$stopped_with" 0

# --- weather: the server's third block is lost once, the sixth comes twice
cat >weather.py <<'PYTHON'
import socket
known = socket.socket(type=socket.SOCK_DGRAM)
known.bind(("127.0.0.1", 0))
print("ready", known.getsockname()[1], flush=True)
_, client = known.recvfrom(2048)
talk = socket.socket(type=socket.SOCK_DGRAM)
talk.sendto(b"\0\6blksize\0008\0windowsize\0004\0", client)
def data(*numbers):
    for number in numbers:
        talk.sendto(b"\0\3" + bytes([0, number]) + (b"12345678" if number < 9 else b"end"), client)
def wait(number):
    while talk.recv(2048) != b"\0\4\0" + bytes([number]):
        pass
wait(0), data(1, 2, 4), wait(2), data(3, 4, 5, 6), wait(6), data(6, 7, 8, 9), wait(9)
PYTHON
start weather python3 weather.py
port=$(port_of weather)
expect_status 0 yam get "$(url x)" -o got/x --blksize 8 --windowsize 4 --trace=ladder && expect_end weather 0
same_text "$(rungs ladder | sed -n '4,12p')" '< DATA 1–2 (2 × 8)
< DATA 4 (8): 3 missing
> ACK 2: a gap behind block 2
< DATA 3–4 again (2 × 8)
< DATA 5–6 (2 × 8)
> ACK 6
< DATA 6 twice (8)
> ACK 6 again
< DATA 7–9, the last (2 × 8 + 3)'
