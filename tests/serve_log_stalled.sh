#!/usr/bin/env bash
# Whoever reads the log of `yam serve` may stall: the server answers everybody all the same, and what it left
# out is counted.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need python3 mkfifo

mkdir files
cat >ask.py <<'PY'
# PORT COUNT   asks for so many files that are not there, one after the other; each has an answer
import socket, sys
peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
peer.settimeout(10)  # unconnected: each answer comes from a port of its own
for i in range(int(sys.argv[2])):
    peer.sendto(b"\0\1missing%d\0octet\0" % i, ("127.0.0.1", int(sys.argv[1])))
    assert peer.recv(999)[:4] == b"\0\5\0\1", i
PY

# objects on stdout: 10,000 lines are more than the pipe and the log hold
mkfifo objects && exec 5<>objects
start json bash -c 'exec yam serve "tftp://127.0.0.1:0?root=files" --json --loops 1 >objects'
port=$(port_of json tftp)
expect_status 0 python3 ask.py "$port" 10000
cat <&5 >seen &
reader=$!
eventually 'grep -q left-out seen'
expect_status 0 python3 ask.py "$port" 1
stop json && same_text "$stopped_with" 0
eventually 'tail -n 1 seen | grep -q missing0'
kill "$reader"
python3 - seen <<'PY'
import json, sys
events = [json.loads(line) for line in open(sys.argv[1])]
assert events.pop(0)["event"] == "listening"
assert events.pop()["name"] == "missing0"
missing = events.pop()
assert missing["event"] == "left-out"
assert [event["name"] for event in events] == ["missing%d" % i for i in range(len(events))]
assert len(events) + missing["count"] == 10_000 and len(events) > 1000
PY

# words on stderr, with the ladder between them, and an end while nobody reads
mkfifo words && exec 6<>words
port=$(free_port)
start human bash -c "exec yam serve 'tftp://127.0.0.1:$port?root=files' --trace --loops 1 2>words"
wait_for_listener udp "$port"
expect_status 0 python3 ask.py "$port" 10000
kill -HUP "$(pid_of human)"
stop human && same_text "$stopped_with" 0

# a log that nobody can read any more is a fault at the end, and no sooner
mkfifo gone
start gone bash -c 'exec yam serve "tftp://127.0.0.1:0?root=files" --json --loops 1 >gone'
head -n 1 gone >first
port=$(port_of gone tftp)
expect_status 0 python3 ask.py "$port" 100
stop gone && same_text "$stopped_with" 1
contains gone.err 'cannot write stdout: broken pipe'

echo ok
