#!/usr/bin/env bash
# The Python peers against each other and against socat and nc, and the vocabulary against itself: what judges
# yam must be right on its own.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need python3 socat nc ip

server() { start server classics.py "$1" server "${@:2}" && wait_for_port server; }
client() { expect_status 0 classics.py "$1" client --port "$port" "${@:2}"; }
both_kept() { expect_end server 0; }

head -c 300000 /dev/urandom >big
: >empty
mkdir share && cp big "share/big 文件" && cp empty share/

# each row, the client's words in its stdout
row() { server "$@" && client "$1" "${words[@]}" >heard && both_kept; }
words=(--say 你好 --expect fine);       row tcp-once --say fine --expect 你好
words=(--say 你好);                     row tcp-thanks;        contains heard 'got Thank ou!'
words=(--file big);                     row upload --into up;  contains heard 'got 接收完成'; same_file big up
words=(--file empty);                   row upload-silent --into up; same_file empty up
words=(--name 'big 文件' --into down);  row download --root share; same_file big down
words=(--say 早 --source-port 0);       row udp-chat --say 好; contains heard ">>>('127.0.0.1', $port):好"
words=(--into page);                    row http-get --file big; same_file big page
words=(--say Ada --say 王);             row greeting
contains heard 'got Welcome!' && contains heard 'got Hello, 王!'
words=(--say hi --say ok);              row bye --say ho;      contains heard 'got ho'
words=(--say hi);                       row qq --say ho --say no
words=(--say Bob --say-size 0);         row udp-hello --count 2; contains heard 'got Hello, Bob!'
words=(--say 37 --say 100 --say 36.6);  row udp-celsius --count 3
same_text "$(tail -qn 3 heard | sed 's/.*: //' | paste -sd ' ')" '98.6 212.0 97.88'
words=(--say 你好);                     row udp-once
words=(--say a --say-size 0 --say-size 65507); row udp-echo
words=(--name 'big 文件' --into tftped); row tftp --root share; same_file big tftped
words=(--say a --say b);                row sticky --expect ab

# every framer, in pieces of one byte
for frame in lf crlf nul u8 u16 u32 u16le u32le varint netstring; do
    words=(--frame "$frame" --say one --say-size 200 --say '' --say 三 --pieces 50 --pause 0.001)
    row sticky --frame "$frame" && contains server.out 'got 三'
done

# misbehaviour arrives as such
words=(--say-split 。 --split-at 1024); row greeting
words=(--say ab --say cd --together);   row greeting;          contains heard 'got Hello, abcd!'
words=(--name '/../\0' --into none);    row download;          [ ! -e none ]
server upload --into up && client upload --file big --vanish-after 1000 >heard && expect_end server 1
contains server.err 'reset by peer'
server download --root share --vanish-after 70000 --vanish-by close
client download --name 'big 文件' --into cut >heard && both_kept
same_text "$(stat -c %s cut)" 70000
server greeting --count 2
start sleeper classics.py greeting client --port "$port" --stall 0.2 --stall-read 1
client greeting --say first >heard && expect_end sleeper 0 && both_kept
server greeting --limit 0.2 && expect_end server 1 && contains server.err 'not done after 0.2 s'

# a peer that strays from its row is told so: here socat
start other socat -dd TCP-LISTEN:0,reuseaddr SYSTEM:'printf Welcome?' && wait_for_port other
expect_status 1 classics.py greeting client --port "$port" --say x
contains stderr "deviation: welcome: wanted 'Welcome!', got 'Welcome?'"
port=$(free_port) && start third nc -l 127.0.0.1 "$port" && wait_for_listener tcp "$port"
client upload-silent --file big && expect_end third 0 && same_file big third.out
server udp-echo && printf exit | expect_status 0 socat -t1 - "UDP:127.0.0.1:$port" >heard && both_kept
same_text "$(cat heard)" exit
# an ACK may come twice where a client is impatient, but no older one
acknowledge() {
    server tftp --root share && expect_status 0 python3 -c 'import socket, sys
request = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
request.sendto(b"\0\1blocks\0octet\0", ("127.0.0.1", int(sys.argv[1])))
peer = request.recvfrom(999)[1]
for number in sys.argv[2:]:
    request.sendto(bytes((0, 4, 0, int(number))), peer)' "$port" "$@"
}
head -c 1536 big >share/blocks
acknowledge 1 1 2 2 2 3 && both_kept
acknowledge 1 2 1 3 && expect_end server 1 && contains server.err 'acknowledgement 3: wanted'

# the wire: whole without faults, the same faults from the same seed, over IPv4 and IPv6; nothing stays behind
wire() {
    start wire lossy_wire.py "left$$" "right$$" "$@" && eventually 'grep -q ready wire.out'
    expect_status 0 ip netns exec "right$$" python3 -c 'import socket
for family, place in (socket.AF_INET, "10.77.0.1"), (socket.AF_INET6, "fd77::1"):
    peer = socket.socket(family, socket.SOCK_DGRAM)
    for _ in range(500):
        peer.sendto(1400 * b"x", (place, 9))'
    stop wire && same_text "$stopped_with" 0 && [ ! -e "/run/netns/left$$" ]
    grep right: wire.out
}
same_text "$(wire)" 'right: carried 1000 lost 0 copied 0 swapped 0'
same_text "$(wire --loss 0 10 --copies 5 --seed 3)" "$(wire --loss 3 10 --copies 5 --seed 3 --latency 1)"

# the vocabulary fails when it should
refuses() { ("$@") 2>refusal && fail "accepted: $*"; contains refusal "FAILED peers_selftest.sh"; }
refuses same_file big empty
refuses same_text a b
refuses contains server.out nonsense
refuses lacks server.out ready
refuses expect_status 0 false
refuses need no-such-program
LIMIT=1 refuses eventually false
expect_status 1 bash -c "source '$TESTS/lib.sh'; start quick false; expect_end quick 0"
contains stderr 'quick ended with 1 instead of 0'
start sleeper sleep 100 && stop sleeper && same_text "$stopped_with" 143
