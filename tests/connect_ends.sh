#!/usr/bin/env bash
# How `yam connect` ends: half-close both ways, --on-eof, --idle, --timeout, faults and signals, each with its
# exit status, and what came before a fault is kept.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need socat nc python3

# serve SHELL-LINE   a peer for one connection; `us` then runs yam against it
serve() {
    start peer socat -t 20 -dd TCP-LISTEN:0,bind=127.0.0.1 SYSTEM:"$1" </dev/null && wait_for_port peer
}
us() { expect_status "$1" yam connect "127.0.0.1:$port" "${@:2}" >out; }
peer_ended() { eventually '! running peer' && rm .started/peer; }
out() { same_text "$(cat out)" "$1"; }
mkfifo keys

# Our end first: the peer counts what came only after our FIN, and still answers. Then the peer's first.
serve 'wc -c' && printf 12345 | us 0 -v && out 5 && peer_ended
contains stderr 'ended: both sides closed, we first; sent 5 B, received 2 B'
cat >first.py <<'PYTHON'
import socket
listener = socket.create_server(("127.0.0.1", 0))
print("ready", listener.getsockname()[1], flush=True)
peer = listener.accept()[0]
peer.sendall(b"first")
peer.shutdown(socket.SHUT_WR)
print("heard", peer.makefile().read())
PYTHON
start peer python3 first.py && wait_for_port peer
start us yam connect "127.0.0.1:$port" -v < <(eventually '[ "$(cat us.out)" = first ]' && echo later)
expect_end us 0 && contains us.err 'the peer first' && expect_end peer 0 && contains peer.out 'heard later'

# --on-eof close and stay.
serve 'cat' && printf 1 | us 0 --on-eof close -v && contains stderr 'ended: we closed' && peer_ended
serve 'echo bye' && us 0 --on-eof close -v <>keys && out bye && contains stderr 'ended: the peer closed' &&
    peer_ended
serve 'cat; echo end' && printf 1 | us 3 --on-eof stay --idle 200ms && out 1
contains stderr "127.0.0.1:$port: nothing moved for 200ms" && peer_ended

# --idle: silence both ways; --timeout: nobody answers. Exit status 3.
serve 'echo partial; cat' && us 3 --idle 100ms <>keys && out partial && peer_ended
cat >hole.py <<'PYTHON'
import signal, socket
hole = socket.socket()  # its queue is full: SYNs are dropped
hole.bind(("127.0.0.1", 0))
hole.listen(0)
guests = [socket.socket() for _ in range(3)]
for guest in guests:
    guest.setblocking(False)
    guest.connect_ex(hole.getsockname())
print("ready", hole.getsockname()[1], flush=True)
signal.pause()
PYTHON
start hole python3 hole.py && wait_for_port hole
us 3 --timeout 150ms && contains stderr "cannot connect to 127.0.0.1:$port: time ran out" && stop hole
start hole nc -l 127.0.0.1 "$(free_port)" <>keys
eventually 'port=$(ss -ltnpH | sed -nE "s/.*:([0-9]+) .*pid=$(pid_of hole),.*/\1/p") && [ "$port" ]'
us 3 --tls --timeout 150ms && contains stderr 'TLS handshake' && expect_end hole 0

# Faults and their statuses.
port=1 && us 1 && contains stderr 'cannot connect to 127.0.0.1:1: connection refused'
expect_status 1 yam connect udp://127.0.0.1:1 < <(echo hi) && contains stderr refused
for scheme in unix unixgram; do
    expect_status 1 yam connect "$scheme:nobody" && contains stderr 'unix:nobody: no such file' &&
        contains stderr 'hint: nobody listens there'
done
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("left")'
expect_status 1 yam connect unix:left && contains stderr 'refused' && contains stderr 'listens there any more'
expect_status 4 yam connect nobody.invalid:80 && contains stderr 'cannot find nobody.invalid'
expect_status 8 yam connect 127.0.0.1:80 --bind 192.0.2.1 && contains stderr 'cannot bind 192.0.2.1'
start peer classics.py download server --root . --vanish-after 3 && wait_for_port peer && printf 123456 >file
printf file | us 1 && out 123 && contains stderr 'connection reset by peer' && expect_end peer 0
serve 'yes' && expect_status 8 yam connect "127.0.0.1:$port" >/dev/full &&
    contains stderr 'stdout: cannot write: no space'
peer_ended && serve 'yes' && { expect_status 8 yam connect "127.0.0.1:$port" | head -c 1 >out; } && out y
contains stderr 'stdout: cannot write: broken pipe' && peer_ended
serve 'yes' && expect_status 8 yam connect "127.0.0.1:$port" >&- && peer_ended
serve 'cat' && expect_status 8 yam connect "127.0.0.1:$port" --json >/dev/full && peer_ended
serve 'cat' && expect_status 0 yam connect "127.0.0.1:$port" <&- && peer_ended

# Signals.
for signal in INT TERM; do
    serve 'echo here; cat'
    start us yam connect "127.0.0.1:$port" <>keys
    eventually '[ "$(cat us.out)" = here ]' && stop us "$signal" && same_text "$stopped_with" 130 &&
    peer_ended
done
