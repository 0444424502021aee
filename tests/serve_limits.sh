#!/usr/bin/env bash
# `yam serve` under pressure: limits, few descriptors, a full disk, signals under load, 10,000 peers at once.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need python3 nc socat unshare mount

# hold NAME PORT TEXT   connects, says the text, and then neither says nor reads anything
hold() {
    start "$1" python3 -c "import signal, socket
peer = socket.create_connection(('127.0.0.1', $2))
peer.sendall(b'$3')
signal.pause()"
}

# wrong usage is one line, a hint, and 2
expect_status 2 yam serve irc://:6667 && contains stderr 'this yam does not serve irc yet'
expect_status 2 yam serve ehco://:1 && contains stderr 'hint: did you mean echo://?'
expect_status 2 yam serve --idle soon && contains stderr '--idle'
printf '[limits]\nidel = "5m"\n' >bad.toml
expect_status 2 yam serve --config bad.toml --check && contains stderr 'bad.toml:2: no key "idel" in [limits]'
printf '[limits]\nidle = "5m"\n[[service]]\nurl = "echo://127.0.0.1:0"\n' >good.toml
expect_status 0 yam serve --config good.toml --check
contains stderr ': 1 service' && lacks stderr '1 services'

# the help says whom a limit is for
yam serve --help | tr -s ' \n' ' ' >help
contains help 'TCP connections and TFTP transfers at once'
contains help 'file that inbox, tftp and http take'
contains help 'rate of a file, but for tftp'

# two servers cannot share a port; limits refuse by a reset and a line
start yam yam serve echo://127.0.0.1:0 --loops 2 --max-connections 1 --idle 300ms
port=$(port_of yam echo)
expect_status 8 yam serve "echo://127.0.0.1:$port" --loops 2 && contains stderr 'address already in use'
hold held "$port" x
eventually "nc -N 127.0.0.1 $port <<<x; grep -q 'echo: refused .*max-connections (1)' yam.err"
eventually "nc -N 127.0.0.1 $port <<<x | grep x" # the other one was idle for too long
stop yam && same_text "$stopped_with" 0

# few descriptors: it survives, and serves again
start few bash -c 'ulimit -n 24; exec yam serve echo://127.0.0.1:0 --loops 1'
port=$(port_of few echo)
python3 - "$port" <<'PY'
import socket, sys
place = ("127.0.0.1", int(sys.argv[1]))
many = [socket.create_connection(place) for _ in range(100)]
for peer in many[:5]:
    peer.sendall(b"x")
    assert peer.recv(1) == b"x"
for peer in many[:90]:
    peer.close()
for peer in many[90:]:  # they waited in the queue
    peer.settimeout(10)
    peer.sendall(b"y")
    assert peer.recv(1) == b"y"
PY
stop few && same_text "$stopped_with" 0

# SIGHUP: what is new is there, what stayed was not disturbed, faults change nothing
start reloading yam serve --config good.toml
port=$(port_of reloading echo)
cp good.toml kept.toml && printf '[[service]]\nurl = "greet://127.0.0.1:0"\n' >>good.toml
hold talking "$port" x
kill -HUP "$(pid_of reloading)" && eventually 'grep -q "listening on greet" reloading.err'
same_text "$(nc -N 127.0.0.1 "$(port_of reloading greet)" <<<exit)" 'Welcome!'
echo nonsense >>good.toml
kill -HUP "$(pid_of reloading)" && eventually 'grep -q "nothing is changed" reloading.err'
same_text "$(nc -N 127.0.0.1 "$port" <<<x)" x
stop reloading && same_text "$stopped_with" 0

# 10,000 at once, nothing lost, and SIGTERM in the middle of it
start crowd yam serve echo://127.0.0.1:0
port=$(port_of crowd echo)
python3 - "$port" "$(pid_of crowd)" <<'PY'
import os, resource, signal, socket, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
peers = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(10_000)]
texts = [b"%05d" % i * 20 for i in range(len(peers))]
for peer, text in zip(peers, texts):
    peer.sendall(text)
for peer, text in zip(peers, texts):
    assert peer.recv(100, socket.MSG_WAITALL) == text
for peer, text in zip(peers, texts):
    peer.sendall(text)
os.kill(int(sys.argv[2]), signal.SIGTERM)
for peer, text in zip(peers, texts):
    assert peer.recv(200, socket.MSG_WAITALL) == text
PY
expect_end crowd 0

# a full disk: the part stays, the peer gets a reset instead of "all received"
head -c 3000000 /dev/zero >big
cat >full.sh <<'SH'
mount -t tmpfs -o size=1m none disk
yam serve 'inbox://127.0.0.1:0?root=disk&name=a' &
wait
SH
mkdir disk
start full unshare -m bash full.sh
port=$(port_of full inbox)
expect_status 0 classics.py upload client --port "$port" --file big --vanish-after 500000 >heard
expect_status 1 classics.py upload client --port "$port" --file big && contains stderr 'reset by peer'
eventually 'grep -q "no space left on device" full.err'
pkill -P "$(pid_of full)" yam && expect_end full 0

echo ok
