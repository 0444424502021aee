#!/usr/bin/env bash
# yam talk: two people and no hub. Rows 6, 9 and 15 of the classics from both sides, and a real terminal, in
# which somebody types Chinese while lines arrive.
. "$(dirname "$0")/lib.sh"
need tmux python3

# --- a person who types, line by line ---------------------------------------------------------------

# sit NAME COMMAND…   starts it with a keyboard; `type_line NAME TEXT` types a line
sit() {
    mkfifo "$1.keys"
    start "$@" <>"$1.keys"
}
type_line() { printf '%s\n' "$2" >"$1.keys"; }
hears() { eventually "grep -qF -- '$2' $1.out"; }
says_on_stderr() { eventually "grep -qF -- '$2' $1.err"; }

# --- rows 9 and 15 ----------------------------------------------------------------------------------

we_call() { # row word
    start "$1-peer" classics.py "$1" server --say "再见前一句"
    sit "$1-we" yam talk "tcp://127.0.0.1:$(port_of "$1-peer")" --until "$2"
    type_line "$1-we" "你好 from yam"
    hears "$1-peer" "got 你好 from yam"
    hears "$1-we" "再见前一句"
    type_line "$1-we" "$2"
    expect_end "$1-we" 0
    expect_end "$1-peer" 0
    same_text "$(cat "$1-we.out")" "再见前一句"
}

we_are_called() { # row word
    sit "$1-host" yam talk listen:tcp://127.0.0.1:0 --until "$2"
    wait_for_port "$1-host"
    start "$1-guest" classics.py "$1" client --port "$port" --say "first" --say "第二句"
    hears "$1-host" "first"
    type_line "$1-host" "heard"
    hears "$1-host" "第二句"
    type_line "$1-host" "again"
    expect_end "$1-host" 0 # the guest says the word
    expect_end "$1-guest" 0
    same_text "$(cat "$1-host.out")" "$(printf 'first\n第二句\n%s' "$2")"
    contains "$1-guest.out" "got again"
}

we_call bye bye
we_are_called bye bye
we_call qq exit
we_are_called qq exit

# Both ends are yam, over Unix and over TLS; the peer's end of input ends it.
for place in "unix:$WORK/talk.sock" tls://127.0.0.1:0; do
    name=${place%%:*}
    export XDG_STATE_HOME=$WORK/state
    sit "$name-host" yam talk "listen:$place" -v
    says_on_stderr "$name-host" "listening on"
    case $place in tls*) place="tls://127.0.0.1:$(port_of "$name-host" tls)?verify=none" ;; esac
    sit "$name-guest" yam talk "$place" --until 完
    type_line "$name-guest" "over $name"
    hears "$name-host" "over $name"
    type_line "$name-host" "第一"
    hears "$name-guest" "第一"
    type_line "$name-guest" 完
    expect_end "$name-guest" 0
    expect_end "$name-host" 0
    same_text "$(cat "$name-host.out")" "$(printf 'over %s\n完' "$name")"
    contains "$name-host.err" "the peer closed"
done

# A character that is split over two reads comes out whole.
start split classics.py bye server --say "驿站" --split-at 4
sit split-we yam talk "tcp://127.0.0.1:$(port_of split)" --until bye --json
type_line split-we hi
hears split-we 站
type_line split-we bye
expect_end split-we 0
expect_end split 0
python3 - <<'PY'
import json
pieces = [e["data"] for e in map(json.loads, open("split-we.out")) if e["event"] == "received"]
assert pieces == ["驿", "站"], pieces
PY

# --- row 6 ------------------------------------------------------------------------------------------

sit chat-host yam talk listen:udp://127.0.0.1:0
wait_for_port chat-host
start chat-guest classics.py udp-chat client --port "$port" --say "你好" --say "two words"
hears chat-host "two words"
type_line chat-host "answer 回答"
expect_end chat-guest 0
grep -qE "^>>>\('127.0.0.1', [0-9]+\):你好$" chat-host.out || fail "row 6 is written >>>('IP', PORT):text"
contains chat-guest.out ">>>('127.0.0.1', $port):answer 回答"
type_line chat-host /who
says_on_stderr chat-host "(you speak to)"
type_line chat-host /quit
expect_end chat-host 0

start chat-server classics.py udp-chat server --say "as you like" --count 2
wait_for_port chat-server
sit chat-caller yam talk listen:udp://127.0.0.1:0 --to "127.0.0.1:$port"
type_line chat-caller "一"
hears chat-server "一"
type_line chat-caller "//slash"
hears chat-caller "as you like"
contains chat-server.out ":/slash"
expect_end chat-server 0
start chat-other classics.py udp-chat server
wait_for_port chat-other
type_line chat-caller "/to 127.0.0.1:$port"
says_on_stderr chat-caller "speaking to 127.0.0.1:$port"
type_line chat-caller "elsewhere"
expect_end chat-other 0
contains chat-other.out "elsewhere"
stop chat-caller INT
same_text "$stopped_with" 130

# The word ends it over UDP too, and two people cannot say it together.
sit chat-until yam talk listen:udp://127.0.0.1:0 --until bye
wait_for_port chat-until
for half in by e "bye bye" bye; do
    start "half-$half" classics.py udp-once client --port "$port" --say "$half"
    expect_end "half-$half" 0
    hears chat-until "):$half"
done
expect_end chat-until 0

# The dual-stack socket speaks to IPv4.
start chat-dual classics.py udp-chat server
wait_for_port chat-dual
printf '%s\n' "from everywhere" | expect_status 0 yam talk udp://:0 --to "127.0.0.1:$port"
expect_end chat-dual 0

# --- what goes wrong --------------------------------------------------------------------------------

expect_status 1 yam talk "tcp://127.0.0.1:$(free_port)" </dev/null
contains stderr "connection refused"
expect_status 2 yam talk listen:udp://127.0.0.1:0 <<<"to whom?"
contains stderr "hint: \`/to HOST:PORT\`"
for nobody in exec:cat file:me -; do
    expect_status 2 yam talk "$nobody" && contains stderr "nobody to talk to at $nobody"
    contains stderr hint:
done
expect_status 2 yam talk tcp://127.0.0.1:1 --to 127.0.0.1:2
expect_status 3 yam talk listen:udp://127.0.0.1:0 --to 127.0.0.1:9 --idle 50ms
contains stderr "nothing was said for 50ms"

# --- a terminal -------------------------------------------------------------------------------------

screen() { tmux -S "$WORK/tmux" "$@"; }
keys() { screen send-keys -t talk "$@"; }
row_shows() { eventually "screen capture-pane -p -t talk | grep -qxF -- '$1'"; }
trap 'screen kill-server 2>/dev/null || true; leave' EXIT

start partner classics.py udp-chat server --count 3 --say "you will not read this" --limit 60
wait_for_port partner
partner=$port
LC_ALL=C.UTF-8 TERM=xterm screen -u -f /dev/null new-session -d -s talk -x 60 -y 16 "bash --norc"
talk="yam talk listen:udp://127.0.0.1:0 --to 127.0.0.1:$partner"
keys "PS1='shell> '; stty -a >before; $talk; echo left with \$?" Enter
eventually "screen capture-pane -p -t talk | grep -q 'listening on udp://'"
ours=$(screen capture-pane -p -J -t talk | sed -nE 's/.*listening on udp:.*:([0-9]+)$/\1/p' | tail -n 1)
row_shows ">"

say_to_us() {
    python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(sys.argv[2].encode("utf-8", "surrogateescape"), ("127.0.0.1", int(sys.argv[1])))' "$ours" "$1"
}

keys -l "写到一半"
row_shows "> 写到一半"
say_to_us "打断你一下"
eventually "screen capture-pane -p -t talk | grep -qE \"^>>>.'127.0.0.1', [0-9]+.:打断你一下\$\""
row_shows "> 写到一半"
keys Left Left
keys -l "了"
row_shows "> 写到了一半"
say_to_us $'\e[31mred\a'
eventually "screen capture-pane -p -t talk | grep -qF ':\\x1b[31mred\\x07'"
row_shows "> 写到了一半"
keys Enter
hears partner "写到了一半"
keys -l "第二句"
keys Enter
hears partner "第二句"
keys Up Up
row_shows "> 写到了一半"
keys Down
keys -l "!"
keys Enter
hears partner "第二句!"
keys -l "/who"
keys Enter
eventually "screen capture-pane -p -t talk | grep -qE '^yam: 127.0.0.1:[0-9]+$'"
keys -l "unsaid"
keys C-c
row_shows "left with 130"
keys "stty -a >after" Enter
eventually "[ -s after ]"
same_file before after

# SIGTERM gives the terminal back too.
keys "clear; $talk; echo left with \$?" Enter
row_shows ">"
kill "$(pgrep -P "$(screen display-message -p -t talk '#{pane_pid}')" yam)"
row_shows "left with 130"
keys "stty -a >after_term" Enter
eventually "[ -s after_term ]"
same_file before after_term
