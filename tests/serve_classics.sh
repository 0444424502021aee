#!/usr/bin/env bash
# `yam serve` against the course's own clients (rows 3, 4, 5, 8, 10, 11, 13), well-behaved and not, and nc.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need python3 nc socat

# hold NAME PORT TEXT   connects, says the text, and then neither says nor reads anything
hold() {
    start "$1" python3 -c "import signal, socket
peer = socket.create_connection(('127.0.0.1', $2))
peer.sendall(b'$3')
signal.pause()"
}

mkdir out in
head -c 3000000 /dev/urandom >big
: >empty
cp big "out/big 文件" && cp empty out/
ln -s /etc/passwd out/link

start yam yam serve echo://127.0.0.1:0 greet://127.0.0.1:0 fahrenheit://127.0.0.1:0 discard://127.0.0.1:0 \
    daytime://127.0.0.1:0 'inbox://127.0.0.1:0?root=in&name=file' 'outbox://127.0.0.1:0?root=out'
echo=$(port_of yam echo) greet=$(port_of yam greet) fahrenheit=$(port_of yam fahrenheit)
discard=$(port_of yam discard) daytime=$(port_of yam daytime)
inbox=$(port_of yam inbox) outbox=$(port_of yam outbox)
contains yam.err "yam connect 127.0.0.1:$echo" # something to try stands in the table

client() { expect_status 0 classics.py "$1" client --port "$2" "${@:3}" >heard; }

# 8, 10: greetings
client greeting "$greet" --say Ada --say 王 && contains heard 'got Hello, 王!'
client greeting "$greet" --say-split 。 --split-at 1024
client greeting "$greet" --say 一二三四五 --pieces 2 --pause 0.01
client greeting "$greet" --say ab --say cd --together && contains heard 'got Hello, abcd!'
client udp-hello "$greet" --say Bob --say-size 0 && contains heard 'got Hello, Bob!'
same_text "$(printf 'Ada\nexit\nBob\n' | nc -N 127.0.0.1 "$greet")" 'Welcome!Hello, Ada!'

# 11: degrees
client udp-celsius "$fahrenheit" --say 37 --say 100 --say 36.6 --say=-40 --say 1e300 --say no --say 37
same_text "$(tail -n 1 heard)" 'got 转换为华氏温度为: 98.6'

# 13: echo, and what has no answer
client udp-echo "$echo" --say a --say-size 0 --say-size 65507
same_text "$(printf 'exit\n' | nc -N 127.0.0.1 "$echo")" exit
socat -u FILE:big "TCP:127.0.0.1:$discard" && same_text "$(nc -N 127.0.0.1 "$discard" <big | wc -c)" 0
nc -d 127.0.0.1 "$daytime" | grep -q ', 20.. ..:..:..-'
printf x | socat -t1 - "UDP:127.0.0.1:$daytime" | grep -q ', 20..'

# 3, 4: files go up, with somebody who stalls beside them
hold sleeper "$inbox" ""
client upload "$inbox" --file big && contains heard 'got 接收完成' && same_file big in/file
client upload "$inbox" --file empty && same_file empty in/file-2
client upload "$inbox" --file big --pieces 100000 --pause 0.001 && same_file big in/file-3
client upload "$inbox" --file big --vanish-after 100000 && contains heard vanished
eventually 'grep -q "broke off .*peer vanished" yam.err'
compgen -G 'in/*.part' >part || fail 'nothing is left of the upload that broke off'
hold writer "$inbox" half && eventually 'grep -qx half in/*.part'
stop writer KILL # its kernel says FIN for it: that is all that anybody can know here
eventually 'grep -qx half in/file-4'
stop sleeper KILL && eventually '[ -e in/file-5 ]' && same_file empty in/file-5
start silent yam serve 'inbox://127.0.0.1:0?root=in&answer=&name=silent'
client upload-silent "$(port_of silent inbox)" --file big && same_file big in/silent

# 5: files come down, and nothing else does
client download "$outbox" --name 'big 文件' --into down && same_file big down
client download "$outbox" --name 'big 文件' --pieces 3 --into pieces && same_file big pieces
client download "$outbox" --name 'big 文件' --stall-read 1 --into late && same_file big late
client download "$outbox" --name 'big 文件\r\n' --into typed && same_file big typed
for name in nix empty link ../out/empty /etc/passwd '/../\0' '\0' . .. 'a\x1b[1m'; do
    client download "$outbox" --name "$name" --into none && [ ! -e none ]
done
contains yam.err '\x1b[1m'
client download "$outbox" --name 'big 文件' --vanish-after 3
client greeting "$greet" --say still --say here

stop yam && same_text "$stopped_with" 0 && contains yam.err 'everything in flight has ended'
