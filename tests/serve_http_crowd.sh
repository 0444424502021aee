#!/usr/bin/env bash
# Many at once: 10,000 kept connections that are asked again, a limit that holds, 500 uploads side by side.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need python3
LIMIT=60

ulimit -n "$(ulimit -Hn)"
mkdir root && printf 'hello\n' >root/a.txt

# Fewer where the system lets a process have fewer descriptors.
least() { echo $(($1 < $2 ? $1 : $2)); }
count=$(least 10000 $(($(ulimit -n) - 300)))
uploads=$(least 500 $(($(ulimit -n) / 2 - 100)))
start yam yam serve --max-connections "$count" 'http://127.0.0.1:0?root=root'
port=$(port_of yam http)
expect_status 0 python3 - "$port" "$count" <<'EOF'
import socket, sys

port, count = map(int, sys.argv[1:])
request = b"GET /a.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"


def ask(peer):
    peer.sendall(request)
    answer = b""
    while not answer.endswith(b"\r\n\r\nhello\n"):
        piece = peer.recv(4096)
        assert piece, answer
        answer += piece


def call():
    return socket.create_connection(("127.0.0.1", port), timeout=20)


peers = []
for _ in range(count):
    peers.append(call())
    ask(peers[-1])
try:
    one_more = call()
    one_more.sendall(request)
    assert one_more.recv(4096) == b""
except ConnectionError:
    pass
for peer in peers[:: count // 100]:
    ask(peer)
peers.pop().close()
while True:  # there is room again, as soon as the server has heard of it
    try:
        ask(call())
        break
    except (ConnectionError, AssertionError):
        pass
EOF
stop yam
same_text "$stopped_with" 0

mkdir in
start yam yam serve 'http://127.0.0.1:0?root=in&write=new'
port=$(port_of yam http)
expect_status 0 python3 - "$port" "$uploads" <<'EOF'
import hashlib, json, random, selectors, socket, sys

port, count = map(int, sys.argv[1:])
piece_bytes, pieces = 20_000, 20
ready = selectors.DefaultSelector()
texts = {}
for i in range(count):
    peer = socket.create_connection(("127.0.0.1", port), timeout=20)
    text = random.Random(i).randbytes(piece_bytes * pieces)
    if i % 2 == 0:
        head = f"PUT /{i} HTTP/1.1\r\nContent-Length: {len(text)}\r\n"
    else:
        head = f"PUT /{i} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
    peer.sendall((head + "Host: localhost\r\n\r\n").encode())
    texts[i] = text
    ready.register(peer, selectors.EVENT_WRITE, i)
sent = dict.fromkeys(texts, 0)
going = count
while going:
    for key, _ in ready.select():
        i, at = key.data, sent[key.data]
        piece = texts[i][at : at + piece_bytes]
        if i % 2:
            piece = b"%x\r\n%b\r\n" % (len(piece), piece)
        key.fileobj.sendall(piece)
        sent[i] += piece_bytes
        if sent[i] < len(texts[i]):
            continue
        if i % 2:
            key.fileobj.sendall(b"0\r\n\r\n")
        ready.unregister(key.fileobj)
        answer = key.fileobj.makefile("rb")
        status = answer.readline()
        assert b" 201 " in status, status
        length = 0
        while (line := answer.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        receipt = json.loads(answer.read(length))
        assert receipt["sha256"] == hashlib.sha256(texts[i]).hexdigest(), receipt
        going -= 1
EOF
same_text "$(find in -type f -size 400000c | wc -l)" "$uploads"
same_text "$(find in -name '*.part' -type f | wc -l)" 0
stop yam
same_text "$stopped_with" 0
