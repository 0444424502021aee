#!/usr/bin/env bash
# yam listen plays the server of the classics against Python clients that do exactly what the row says.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"

# serve SCHEME YAM-OPTIONS…   `client` then calls it
serve() { start yam yam listen "$1://127.0.0.1:0" "${@:2}" && wait_for_port yam; }
client() { expect_status 0 classics.py "$1" client --port "$port" "${@:2}" >heard; }
ended() { expect_end yam 0; }

head -c 3000000 /dev/urandom >big
mkdir share && cp big 'share/大 file'
message='dd bs=65536 count=1 status=none' # what one recv carries

serve tcp < <(printf 很好)
client tcp-once --say 你好 --expect 很好 && ended && same_text "$(cat yam.out)" 你好

serve tcp --sh "$message >&2; printf 'Thank ou!'"
client tcp-thanks --say 你好 && client tcp-thanks --say "two words"
stop yam && same_text "$stopped_with" 130 && contains yam.err 你好two

serve tcp --sh 'cat >up-$YAM_PEER_PORT; printf 接收完成'
client upload --file big && client upload --file /dev/null
for number in 1 2 3 4; do start "c$number" classics.py upload client --port "$port" --file big; done
for number in 1 2 3 4; do expect_end "c$number" 0; done
same_text "$(sha256sum up-* | grep -c "^$(sha256sum <big | cut -c -64)")" 5 && [ "$(ls up-* | wc -l)" = 6 ]
stop yam

serve tcp --once < <(printf 接收完成)
client upload --file big && ended && same_file big yam.out

serve tcp --sh "cat \"share/\$($message)\" 2>&-"
client download --name '大 file' --into down && same_file big down
client download --name nothing --into none && [ ! -e none ] && contains heard 'got nothing'
stop yam

serve tcp --sh "printf Welcome!; while [ \"\${t=\$($message)}\" != exit ] && [ \"\$t\" ]; do
    printf 'Hello, %s!' \"\$t\"; unset t; done"
start slow classics.py greeting client --port "$port" --say Ada --stall 0.2
client greeting --say 王 --say 'two words' && expect_end slow 0
stop yam

# A program that fails: the one of --once gives our exit status, one of many is named.
serve tcp --once --sh "echo hi; exit 3"
same_text "$(yam connect "127.0.0.1:$port" </dev/null)" hi && expect_end yam 8
contains yam.err 'the program for 127.0.0.1:' && contains yam.err 'ended with exit status 3'
serve tcp --once --sh 'cat >all; exec >&-; cp all kept'
printf told | expect_status 0 yam connect "127.0.0.1:$port" && ended && same_text "$(cat kept)" told
serve tcp --sh "$message | grep -q good"
failures() { grep -c 'the program for 127.0.0.1:.* ended with exit status 1' yam.err || true; }
for word in good bad good worse; do echo $word | expect_status 0 yam connect "127.0.0.1:$port"; done
eventually '[ "$(failures)" = 2 ]' && stop yam && same_text "$(failures)" 2

# Datagrams: a conversation for each sender.
serve udp --sh "while t=\$($message); do printf 'Hello, %s!' \"\$t\"; done"
client udp-hello --say Bob --say 王 && client udp-hello --say again
stop yam

cat >fahrenheit <<'PYTHON'
import os
while text := os.read(0, 1024).decode():
    try:
        answer = f"转换为华氏温度为: {round(float(text) * 1.8 + 32, 2)}"
    except ValueError:
        answer = f"不是数字: {text}"
    os.write(1, answer.encode())
PYTHON
serve udp --exec 'python3 fahrenheit'
client udp-celsius --say 37 --say 100 --say 36.6 --say warm
stop yam

serve udp --once -v
client udp-once --say 你好 --source-port 0 && ended
same_text "$(cat yam.out)" 你好 && contains yam.err 'accepted 127.0.0.1:'

serve udp --exec cat
start other classics.py udp-echo client --port "$port" --say-size 65507
client udp-echo --say a --say-size 65507 --say b && expect_end other 0
stop yam

for frame in lines=lf crlf 'delimiter:\0=nul' u8 u16 u32 u16le u32le varint netstring; do
    serve tcp --frame "${frame%=*}"
    client sticky --frame "${frame#*=}" --say one --say-size 200 --say '' --say 三 --pieces 7 --pause 0.001
    ended && same_text "$(cut -c -5 yam.out)" "$(printf 'one\nABCDE\n\n三')"
done
