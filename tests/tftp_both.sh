#!/usr/bin/env bash
# Both ends are ours: `yam get` and `yam put` against `yam serve tftp://`, option by option, and through bad
# weather: datagrams lost, copied and swapped.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need python3
LIMIT=30
mkdir root got
for size in 0 1 511 512 513 1428 65464 3000000; do
    head -c "$size" /dev/urandom >"root/$size"
done
head -c 600000 /dev/urandom >root/many
printf 'one\ntwo\r\nthree\rend\n' >root/text

start serve yam serve "tftp://127.0.0.1:0$WORK/root?write=new"
port=$(port_of serve tftp)
url() { echo "tftp://127.0.0.1:$port/$1"; }
# there_and_back NAME OPTION…   got, and put again under another name
there_and_back() {
    rm -f "got/$1" root/back
    expect_status 0 yam get "$(url "$1")" -o got/ "${@:2}" && same_file "root/$1" "got/$1"
    expect_status 0 yam put "got/$1" "$(url back)" "${@:2}" && same_file "root/$1" root/back
}

for size in 0 1 511 512 513 1428 65464 3000000; do
    there_and_back "$size"
    there_and_back "$size" --no-options
    there_and_back "$size" --blksize 1428 --windowsize 16
done
there_and_back 3000000 --blksize 65464 --windowsize 8
there_and_back 3000000 --windowsize 1 --tftp-timeout 1
there_and_back many --blksize 8
there_and_back text --netascii
expect_status 0 yam get "$(url 513)" -o got/v -v --blksize 600 --windowsize 9 &&
    contains stderr 'granted blksize=600 windowsize=9 tsize=513'
expect_status 7 yam put root/1 "$(url 1)" && contains stderr 'error 6'
expect_status 7 yam get "$(url ../x)" && contains stderr 'does not give'

# a relay that loses, copies and swaps one datagram in ten, both ways, by a seed
cat >weather.py <<'PYTHON'
import random, select, socket, sys
chance = random.Random(7)
server, client = int(sys.argv[1]), None
outside, inside = (socket.socket(type=socket.SOCK_DGRAM) for _ in "oi")
outside.bind(("127.0.0.1", 0))
inside.bind(("127.0.0.1", 0))
print("ready", outside.getsockname()[1], flush=True)
peer, late = ("127.0.0.1", server), []
while True:
    for sock in select.select([outside, inside], [], [], 0.01)[0] or [None]:
        if sock is None:
            ready, late = late, []
        else:
            packet, sender = sock.recvfrom(65536)
            if sock is outside:
                if packet[:2] in (b"\0\1", b"\0\2"):
                    peer = ("127.0.0.1", server)
                client = sender
                way = (inside, packet, peer)
            else:
                peer = sender
                way = (outside, packet, client)
            luck = chance.random()
            if luck < 0.033:
                continue
            if luck < 0.066:
                late.append(way)
                continue
            ready = [way, way] if luck < 0.1 else [way]
            ready += late if luck > 0.5 else []
            late = [] if luck > 0.5 else late
        for out, packet, place in ready:
            out.sendto(packet, place)
PYTHON
start weather python3 weather.py "$port"
port=$(port_of weather)
there_and_back 3000000
there_and_back 3000000 --blksize 512 --windowsize 16
there_and_back 1428 --windowsize 1
there_and_back 513 --no-options
