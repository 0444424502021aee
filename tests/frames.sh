#!/usr/bin/env bash
# --frame, --eol, --hex, --json and --until: how messages are told apart and shown, and what happens to broken
# ones. Every kind of frame against Python stands in connect_classics.sh and listen_classics.sh.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need socat

# peer SAYS YAM-OPTIONS…   a peer that says these bytes and then hears ours; yam's stdin is this one's
peer() {
    local says=$1 wanted=${status:-0}
    printf "$says" >says
    start peer socat -dd TCP-LISTEN:0,bind=127.0.0.1 SYSTEM:'cat says; cat >heard' </dev/null
    expect_status "$wanted" yam connect "127.0.0.1:$(port_of peer)" "${@:2}" >out
    eventually '! running peer' && rm .started/peer
}
out() { same_text "$(cat out)" "$1"; }

# Line ends: as they are, or as asked.
printf 'a\r\nb' | peer '' && same_text "$(od -An -c heard | tr -d ' ')" 'a\r\nb'
printf 'a\r\nb\n' | peer '' --eol none && same_text "$(cat heard)" ab
printf 'a\nb' | peer '' --eol crlf && same_text "$(od -An -c heard | tr -d ' ')" 'a\r\nb\r\n'
printf '\0\377a\n' >binary && peer '\000\377a\n' <binary && same_file binary out && same_file binary heard

# Broken frames: what came whole is kept, the fault is told.
broken() { status=$1 peer "$2" --frame "$3" </dev/null && out "$4" && contains stderr "$5"; }
broken 1 '\000\003one\000\005tw' u16 one 'the stream ended inside a u16 frame'
broken 1 '3:one,03:two,' netstring one 'netstring'
broken 1 '\003one\377\377\377\377\377\377\377\377\377\377\377' varint one 'varint'
broken 1 '\377\377\377\377' u32 '' 'longer than the limit'
broken 1 '\000\001' u16+self '' 'u16+self'
head -c 300 /dev/zero | tr '\0' x >long
status=2 peer '' --frame u8 <long && contains stderr 'stdin: '
peer 'a\nb\000c\000' --frame 'delimiter:\0' </dev/null && out 'a\nb
c'

# Seen as bytes and as events.
peer 'hello\n' --hex </dev/null && contains out '00000000' && contains out '68 65 6c 6c 6f 0a'
peer '\003one\002\303\050' --frame u8 --hex </dev/null && contains out '00000003  c3 28'
printf 'hi\n' | peer '\003one\002\303\050' --frame u8 --json
python3 - <<'PYTHON' || fail "the events are not those of docs/json.md: $(cat out)"
import json
connected, one, two, ended = [json.loads(line) for line in open("out")]
assert connected["event"] == "connected" and connected["peer"].startswith("127.0.0.1:") and connected["local"]
assert (one["event"], one["data"], one["bytes"], one["peer"]) == ("received", "one", 3, connected["peer"])
assert (two["data_base64"], two["bytes"]) == ("wyg=", 2)
assert (ended["event"], ended["sent"], ended["received"], ended["status"]) == ("ended", 3, 7, 0), ended
PYTHON
status=1 expect_status 1 yam connect 127.0.0.1:1 --json >out
contains out '"event":"failed"' && contains out '"status":1,"code":"network"'

# The last word ends it at once, from either side, as a line, a piece or a frame; not inside a longer line.
peer 'goodbye\nbye\r\nmore' --until bye </dev/null && contains out goodbye
printf 'goodbye\nbye\n' | peer '' --until bye --on-eof stay && same_text "$(cat heard)" $'goodbye\nbye'
mkfifo keys go
start peer socat -dd TCP-LISTEN:0,bind=127.0.0.1 SYSTEM:'printf hello; cat go; printf bye; cat'
start us yam connect "127.0.0.1:$(port_of peer)" --until bye -v <>keys
eventually '[ "$(cat us.out)" = hello ]'
: >go && expect_end us 0 && same_text "$(cat us.out)" hellobye
contains us.err 'ended: the last word was said' && expect_end peer 0
peer '\000\003bye' --frame u16 --until bye --on-eof stay --hex <>keys && contains out '62 79 65'
printf 'hi\nbye\n' | peer '' --frame u16 --until bye --on-eof stay &&
    same_text "$(tr '\0' . <heard)" $'.\002hi.\003bye'
