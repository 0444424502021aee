#!/usr/bin/env bash
# yam connect plays the client of the classics against Python servers that do exactly what the row says.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"

# row NAME SERVER-OPTIONS… -- YAM-OPTIONS…   its stdin is what we say; what we hear lands in ./heard
row() {
    local name=$1 scheme=${scheme:-tcp} server=() && shift
    while [ "$1" != -- ]; do server+=("$1") && shift; done
    start server classics.py "$name" server "${server[@]}" </dev/null
    expect_status 0 yam connect "$scheme://127.0.0.1:$(port_of server)" "${@:2}" >heard
    expect_end server 0
}
heard() { same_text "$(cat heard)" "$1"; }
served() { contains server.out "got $1"; }

head -c 3000000 /dev/urandom >big
: >empty
mkdir share && cp big 'share/大 file' && cp empty share/

printf 你好 | row tcp-once --say 很好 -- && heard 很好 && served 你好
printf 你好 | row tcp-thanks -- && heard 'Thank ou!'
row upload --into up -- <big && heard 接收完成 && same_file big up
row upload --into up -- <empty && heard 接收完成 && same_file empty up
row upload-silent --into up -- <big && heard '' && same_file big up
printf '大 file' | row download --root share -- && same_file big heard
printf nothing | row download --root share -- && same_file empty heard
printf empty | row download --root share -- && same_file empty heard

# Greetings come one by one: a keyboard that is typed on when the answer is there.
mkfifo keys
start server classics.py greeting server
start we yam connect "tcp://127.0.0.1:$(port_of server)" --eol none <>keys
hears() { eventually "[ \"\$(cat we.out)\" = '$1' ]"; }
hears 'Welcome!'
echo Ada >keys && hears 'Welcome!Hello, Ada!'
echo 王 >keys && hears 'Welcome!Hello, Ada!Hello, 王!'
echo exit >keys && expect_end server 0
stop we && same_text "$stopped_with" 130

scheme=udp
printf Bob | row udp-hello -- && heard 'Hello, Bob!'
printf '37\n100\n36.6\n' | row udp-celsius --count 3 -- --eol none
heard '转换为华氏温度为: 98.6转换为华氏温度为: 212.0转换为华氏温度为: 97.88'
printf 你好 | row udp-once -- --on-eof close && heard '' && served 你好
printf 'a\n\n再\nexit\n' | row udp-echo -- --eol none && heard a再exit
printf 'a\n\nexit\n' | row udp-echo -- --eol none --json # an empty datagram is a message
same_text "$(python3 -c 'import json; print([json.loads(line).get("bytes") for line in open("heard")])')" \
    '[None, 1, 0, 4, None]'
head -c 65507 /dev/urandom >whole
start server classics.py udp-echo server
expect_status 0 yam connect "udp://127.0.0.1:$(port_of server)" <whole >heard
same_file whole heard && stop server
start second yam listen udp://127.0.0.1:0 --once
expect_status 0 yam connect "udp://127.0.0.1:$(port_of second)" <whole && expect_end second 0
same_file whole second.out

# Without framing messages run together; with any framer each one arrives whole, both ways.
scheme=tcp
printf 'one\ntwo\n' | row sticky --expect onetwo -- --eol none
printf 'one\n%s\n\n三\n' "$(head -c 200 /dev/zero | tr '\0' x)" >lines
for frame in lines=lf crlf 'delimiter:\0=nul' u8 u16 u32 u16le u32le varint netstring; do
    row sticky --frame "${frame#*=}" --expect one --expect "$(sed -n 2p lines)" --expect '' --expect 三 -- \
        --frame "${frame%=*}" <lines
done
