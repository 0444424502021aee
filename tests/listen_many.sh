#!/usr/bin/env bash
# yam listen with many peers: a program for each, or one line for all. Limits hold, slow and broken ones harm
# nobody, and nothing is left behind.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need ncat socat python3

serve() { start yam yam listen tcp://127.0.0.1:0 "$@" && wait_for_port yam; }
ask() { socat -t "$LIMIT" - "TCP:127.0.0.1:$port"; }
children() { pgrep -P "$(pid_of yam)" | wc -l; }

# What the program is told; how it may end: early, without reading, slowly, not at all.
serve --sh 'echo "$YAM_PEER $YAM_PEER_ADDRESS $YAM_PEER_PORT $YAM_LOCAL"' -v
read -r peer address own local < <(ask </dev/null)
same_text "$peer $local $address" "127.0.0.1:$own 127.0.0.1:$port 127.0.0.1"
contains yam.err "accepted 127.0.0.1:$own" && stop yam
head -c 5000000 /dev/zero >zeros
serve --sh 'head -c 3 >&2; echo enough'
same_text "$(ask <zeros 2>/dev/null)" enough && stop yam
serve --exec 'no-such-program' && same_text "$(ask </dev/null)" '' &&
    eventually "grep -q 'cannot run no-such-program' yam.err"
same_text "$(ask </dev/null)" '' && running yam && stop yam
serve --sh 'trap "" TERM; echo started; cat >/dev/null; sleep 100' && start guest ncat 127.0.0.1 "$port"
eventually 'grep -q started guest.out' && stop yam && same_text "$stopped_with" 130 # killed in the end
expect_end guest 0

# Fifty at once, each with its own answer, no zombie; --max: the fifth waits until one has left.
serve --sh 'sed s/^/re:/'
for i in {1..50}; do (echo "$i" | ask >"answer.$i" || echo broken) & done && wait $(jobs -p | tail -n 50)
same_text "$(cat answer.* | sort -V | uniq | wc -l)" 50 && same_text "$(cat answer.50)" re:50
eventually '[ "$(children)" = 0 ]' && stop yam
mkfifo hold && serve --max 2 --exec cat
for i in 1 2 3; do start "g$i" ncat 127.0.0.1 "$port" < <(echo "$i" && cat hold); done
eventually '[ "$(cat g?.out | wc -l)" = 2 ]' && same_text "$(children)" 2
: >hold && eventually '[ "$(cat g?.out | sort | paste -sd "")" = 123 ]'
stop yam

# Descriptors run out; who was there is served, and who comes later too.
start yam bash -c 'ulimit -n 20; exec yam listen tcp://127.0.0.1:0 --exec cat' && wait_for_port yam
start crowd python3 -c "
import socket
crowd = [socket.create_connection(('127.0.0.1', $port)) for _ in range(40)]
print('there', flush=True); input()" < <(eventually 'grep -q there crowd.out')
expect_end crowd 1
eventually '[ "$(echo again | timeout 2 ncat 127.0.0.1 $port)" = again ]' && stop yam

# One line for all: --keep and --broadcast.
mkfifo keys && start yam yam listen tcp://127.0.0.1:0 --keep <>keys && wait_for_port yam
for who in a b; do mkfifo "$who.keys" && start $who ncat 127.0.0.1 "$port" <>$who.keys &&
    echo "I am $who" >$who.keys; done
eventually '[ "$(sort yam.out | paste -sd,)" = "I am a,I am b" ]'
echo all >keys && eventually '[ "$(cat a.out b.out)" = "all
all" ]' && stop yam && stop a && stop b

start yam yam listen tcp://127.0.0.1:0 --broadcast && wait_for_port yam
for who in a b; do start $who ncat 127.0.0.1 "$port" <>$who.keys; done
eventually 'echo marco >a.keys; [ "$(tail -n 1 b.out)" = marco ]'
lacks a.out marco && echo polo >b.keys && eventually 'grep -q polo a.out' && contains yam.out polo
start stalled python3 -c "
import socket, signal
s = socket.create_connection(('127.0.0.1', $port)); print('here', flush=True); signal.pause()"
eventually 'grep -q here stalled.out'
head -c 900000 zeros | tr '\0' z >a.keys && eventually '[ "$(tr -dc z <b.out | wc -c)" = 900000 ]'
stop a && echo alone >b.keys && eventually 'grep -q alone yam.out' && stop b && stop yam
serve --keep >/dev/null && stop yam
start yam bash -c 'exec yam listen tcp://127.0.0.1:0 --keep >/dev/full' && wait_for_port yam &&
    echo x | ask && expect_end yam 8

# Datagram peers: silent ones make room, one that never reads holds up nobody, what is lost is told.
start yam yam listen udp://127.0.0.1:0 --max 2 --exec cat && wait_for_port yam
same_text "$(timeout "$LIMIT" python3 -c "
import socket
peers = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(4)]
for number, peer in enumerate(peers):
    peer.sendto(b'%d' % number, ('127.0.0.1', $port))
    print(peer.recv(9).decode(), end='')")" 0123 && stop yam
cat >members.py <<'PY'
import socket, sys

def member(name):
    one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.bind(name)
    one.sendto(b"hello", "line")
    return one

if sys.argv[1:] == ["flood"]:
    flood = member("flood")
    for _ in range(5000):
        flood.sendto(bytes(1000), "line")
    sys.exit()
deaf, a, b = member("deaf"), member("a"), member("b")
b.settimeout(0.1)
heard = b""
while heard != b"probe":
    a.sendto(b"probe", "line")
    try: heard = b.recv(9)
    except TimeoutError: pass
b.settimeout(20)
count = 0
for _ in range(500):
    a.sendto(b"more", "line")
    while b.recv(9) != b"more": pass
    count += 1
print(count)
PY
start yam yam listen unixgram:line --broadcast && eventually '[ -S line ]'
same_text "$(timeout "$LIMIT" python3 members.py)" 500 && stop yam
start yam yam listen 'unixgram:line?mode=600' --sh 'exec sleep 100' -v && eventually '[ -S line ]'
same_text "$(stat -c %a line)" 600 && timeout "$LIMIT" python3 members.py flood && stop yam
grep -qE 'lost [0-9]+ datagrams that found no room' yam.err || fail "loses in silence"

# One peer only: the next is refused, at once.
start yam yam listen tcp://127.0.0.1:0 <>keys && wait_for_port yam &&
    start a ncat 127.0.0.1 "$port" <>a.keys
echo first >a.keys && eventually 'grep -q first yam.out'
expect_status 1 yam connect "127.0.0.1:$port" && contains stderr refused
