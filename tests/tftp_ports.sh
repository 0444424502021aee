#!/usr/bin/env bash
# Where `yam serve tftp://` answers from: a range of ports, the listening port alone, and what happens when
# descriptors have run out; with the clients that people have.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need tftp atftp curl busybox python3

mkdir root
head -c 70000 /dev/urandom >root/some
head -c 3000000 /dev/urandom >root/big

each_client() {
    rm -rf hpa atftp curl box root/up-*
    expect_status 0 tftp 127.0.0.1 "$port" -m binary -c get some hpa >/dev/null && same_file root/some hpa
    expect_status 0 atftp --option 'windowsize 64' --option 'blksize 1428' -g -r big -l atftp \
        127.0.0.1 "$port" >/dev/null
    same_file root/big atftp
    expect_status 0 curl -sS -m "$LIMIT" -o curl "tftp://127.0.0.1:$port/some" && same_file root/some curl
    expect_status 0 busybox tftp -g -r some -l box 127.0.0.1 "$port" && same_file root/some box
    expect_status 0 yam get "tftp://127.0.0.1:$port/big" -o ours && same_file root/big ours && rm ours
    expect_status 0 curl -sS -m "$LIMIT" -T root/some "tftp://127.0.0.1:$port/up-curl"
    same_file root/some root/up-curl
    expect_status 0 atftp --option 'windowsize 16' -p -l root/big -r up-atftp 127.0.0.1 "$port" >/dev/null
    same_file root/big root/up-atftp
    expect_status 0 yam put root/big "tftp://127.0.0.1:$port/up-yam" && same_file root/big root/up-yam
}

start single yam serve 'tftp://127.0.0.1:0?root=root&write=new&ports=single'
port=$(port_of single tftp)
each_client
stop single

start range yam serve 'tftp://127.0.0.1:0?root=root&write=new&ports=42000-42063'
port=$(port_of range tftp)
each_client
stop range

# A server with few descriptors: who comes too late is told so, and served when the others have gone.
start few bash -c 'ulimit -n 32; exec yam serve --loops 1 "tftp://127.0.0.1:0?root=root"'
port=$(port_of few tftp)
python3 - "$port" <<'END'
import socket, sys
server = ("127.0.0.1", int(sys.argv[1]))
clients, refused = [], 0
for i in range(40):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(10)
    client.sendto(b"\0\1some\0octet\0", server)
    packet, place = client.recvfrom(600)
    clients.append((client, place))
    if packet[:4] == b"\0\5\0\0":
        assert b"too many open files" in packet, packet
        assert place == server, place
        refused += 1
    else:
        assert packet[:4] == b"\0\3\0\1", packet
assert 10 <= refused < 40, refused
for client, place in clients:
    if place != server:
        client.sendto(b"\0\5\0\0bye\0", place)
while True:  # the ends are seen in turn, not at once
    client.sendto(b"\0\1some\0octet\0", server)
    packet, place = client.recvfrom(600)
    if packet[:4] == b"\0\3\0\1":
        break
END
contains few.err 'too many open files'
stop few
