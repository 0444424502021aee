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
expect_status 3 yam pipe 'exec:sleep 20' 'exec:sleep 20' --idle 50ms
contains stderr "nothing moved for 50ms"
