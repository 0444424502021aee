#!/usr/bin/env bash
# yam pipe between streams: other programs on both sides, bytes and half-closes equal, pairs that fail alone.
source "$(dirname "$0")/lib.sh"
need socat ncat curl python3
head -c 50000000 /dev/urandom >up
head -c 50000000 /dev/urandom >down

# 50 MB each way; the server's second half begins when its first has been sent
start server socat -dd TCP-LISTEN:0,bind=127.0.0.1 SYSTEM:"cat $WORK/down; cat >$WORK/up.got"
start forward yam pipe listen:tcp://127.0.0.1:0 "tcp://127.0.0.1:$(port_of server)" --once
socat -t "$LIMIT" - "TCP:127.0.0.1:$(port_of forward)" <up >down.got
expect_end forward 0
expect_end server 0
same_file up up.got
same_file down down.got
contains forward.err "1 connection; 47.7 MiB left to right, 47.7 MiB right to left"

# tcp to unix to tcp to a program
start inner yam pipe "listen:unix:$WORK/in.sock" exec:rev
eventually "[ -S in.sock ]"
start outer yam pipe listen:tcp://127.0.0.1:0 "unix:$WORK/in.sock"
same_text "$(echo live | ncat 127.0.0.1 "$(port_of outer)")" evil
same_text "$(echo live | socat -t "$LIMIT" - "UNIX-CONNECT:$WORK/in.sock")" evil

# many at once, each with a call of its own
cat >web.py <<'PY'
import http.server
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
print("ready", server.server_port, flush=True)
server.serve_forever()
PY
start web python3 web.py
start front yam pipe listen:tcp://127.0.0.1:0 "tcp://127.0.0.1:$(port_of web)"
url=http://127.0.0.1:$(port_of front)/lines
seq 200000 >lines
curl -sS --fail --parallel --parallel-max 20 "$url?[1-20]" -o 'got.#1' 2>curl.err
for i in $(seq 20); do same_file lines "got.$i"; done

# a refused other side ends that pair, and the listener goes on; SIGTERM prints the sums
dead=$(free_port)
start refused yam pipe listen:tcp://127.0.0.1:0 "tcp://127.0.0.1:$dead"
for _ in 1 2; do ncat 127.0.0.1 "$(port_of refused)" </dev/null >got 2>/dev/null || true; done
eventually '[ "$(grep -c "connection refused" refused.err)" = 2 ]'
stop refused
same_text "$stopped_with" 130
contains refused.err "0 connections, 2 failed; 0 B left to right, 0 B right to left"

# when nobody listens there is one conversation, and its end is the exit status
expect_status 1 yam pipe exec:true "tcp://127.0.0.1:$dead"
contains stderr "connection refused"
expect_status 8 yam pipe exec:true 'exec:exit 3'
contains stderr "exec:exit 3 ended with exit status 3"
same_text "$(echo a word | yam pipe - exec:cat)" "a word"
yam pipe file:lines file:copy?append
same_file lines copy

# a file on the right appears when all is well, in the place of an older one; a cut leaves a .part
echo old >latest
start keep yam pipe listen:tcp://127.0.0.1:0 "file:$WORK/latest?mode=600" -v
ncat 127.0.0.1 "$(port_of keep)" <lines
eventually 'cmp -s lines latest' && [ ! -e latest.part ] && same_text "$(stat -c %a latest)" 600
cat >cut.py <<'PY'
import socket, struct, sys, time, os
peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
peer.sendall(b"half")
while not (os.path.exists("latest.part") and os.path.getsize("latest.part") == 4):
    time.sleep(0.01)
peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
PY
python3 cut.py "$(port_of keep)"
eventually "grep -qF 'what came is in $WORK/latest.part' keep.err"
same_file lines latest && same_text "$(cat latest.part)" half
stop keep
yam pipe exec:'echo made' file:made && same_text "$(cat made)" made
ln -s made link && yam pipe exec:'echo linked' file:link && [ -L link ] && same_text "$(cat made)" linked
expect_status 8 yam pipe exec:'echo half; exit 1' file:half && [ ! -e half ]
same_text "$(cat half.part)" half
expect_status 8 yam pipe exec:'echo no' file:nowhere/at/all && contains stderr 'cannot write nowhere/at/all'
start page yam pipe file:lines listen:tcp://127.0.0.1:0
for _ in 1 2; do ncat --recv-only 127.0.0.1 "$(port_of page)" >got && same_file lines got; done
expect_status 3 yam pipe 'exec:sleep 20' 'exec:sleep 20' --idle 50ms
contains stderr "nothing moved for 50ms"
