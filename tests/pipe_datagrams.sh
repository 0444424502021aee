#!/usr/bin/env bash
# yam pipe between datagrams, and over bad links: the same seed gives the same fates.
source "$(dirname "$0")/lib.sh"
need socat python3

# Prints the words it hears, each on a line.
cat >sink.py <<'PY'
import socket
sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sink.bind(("127.0.0.1", 0))
print("ready", sink.getsockname()[1], flush=True)
while True:
    print(sink.recv(100).decode(), flush=True)
PY
# A hundred numbers, and words of which one will get through too.
cat >count.py <<'PY'
import socket, sys
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for word in [*map(str, range(100)), *["end"] * 20]:
    sender.sendto(word.encode(), ("127.0.0.1", int(sys.argv[1])))
PY

# Sends one word, prints the answer.
cat >ask.py <<'PY'
import socket, sys
asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.sendto(sys.argv[2].encode(), ("127.0.0.1", int(sys.argv[1])))
print(asker.recv(100).decode())
PY

# survivors PLAN   which of the numbers come through
survivors() {
    start sink python3 sink.py
    start link yam pipe listen:udp://127.0.0.1:0 "udp://127.0.0.1:$(port_of sink)" --impair "$1" --json
    python3 count.py "$(port_of link udp)"
    eventually 'grep -q end sink.out'
    stop link
    same_text "$stopped_with" 130
    stop sink
    grep -E '^[0-9]' sink.out
}

survivors loss=30%,seed=7 >first
contains link.err "impairing both ways: loss=0.3,seed=7"
contains link.out '"event":"impaired","way":"left to right"'
survivors loss=30%,seed=7 >second
same_file first second
[ "$(wc -l <first)" -lt 100 ] || fail "nothing was lost"

# a seed that is chosen is printed, and repeats the run
survivors loss=30% >chosen
plan=$(sed -n 's/.*impairing both ways: //p' link.err)
survivors "$plan" >again
same_file chosen again

# copies: everything comes, and some of it twice
survivors copy=20%,seed=1 >copies
[ "$(sort -u copies | wc -l)" = 100 ] || fail "some are missing"
[ "$(wc -l <copies)" -gt 100 ] || fail "nothing came twice"

# udp to tcp: each peer a conversation that ends when it is silent
start echo socat -dd TCP-LISTEN:0,bind=127.0.0.1,fork EXEC:cat
start bridge yam pipe listen:udp://127.0.0.1:0 "tcp://127.0.0.1:$(port_of echo)" --idle 200ms -v
bridge=$(port_of bridge udp)
same_text "$(timeout "$LIMIT" python3 ask.py "$bridge" one)" one
same_text "$(timeout "$LIMIT" python3 ask.py "$bridge" two)" two
eventually '[ "$(grep -c "nothing moved" bridge.err)" = 2 ]'
stop bridge
contains bridge.err "2 connections; 6 B left to right, 6 B right to left"

# streams: what makes no sense there is refused, and a cut is exact
expect_status 2 yam pipe listen:tcp://127.0.0.1:0 exec:cat --impair loss=1%
contains stderr "hint: with streams go delay, rate, flip, cut and reset"
head -c 100000 /dev/zero >zeros
expect_status 0 yam pipe file:zeros file:cut?append --impair cut=64KiB,delay=5ms±5ms,rate=10MB/s
same_text "$(stat -c %s cut)" 65536
expect_status 1 yam pipe file:zeros file:reset?append --impair cut=64KiB,reset
contains stderr "reset after 64 KiB, as asked"
