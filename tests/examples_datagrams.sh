#!/usr/bin/env bash
# The examples on UDP (rows 6, 10 to 13), both ends, against the Python peers and against each other; and what
# every example owes its user when something goes wrong.
# shellcheck source=tests/examples.bash
source "$(dirname "$0")/examples.bash"

# 6: one socket on each side
serve 06_udp_chat
start guest classics.py udp-chat client --port "$port" --say 你好
hears 06_udp_chat ":你好"
grep -qE "^>>>\('127.0.0.1', [0-9]+\):你好$" 06_udp_chat.out || fail "row 6 is written >>>('IP', PORT):text"
types 06_udp_chat "回答 back"
expect_end guest 0
contains guest.out ">>>('127.0.0.1', $port):回答 back"
first=$port
peer udp-chat --say seen
types 06_udp_chat "/to $at"
types 06_udp_chat hello
hears 06_udp_chat "$port):seen"
peer_kept
sit second 06_udp_chat 127.0.0.1:0
types second "/to 127.0.0.1:$first"
types second "between us"
hears 06_udp_chat "between us"

# 10: a name, a greeting
serve 10_udp_hello_server
asks udp-hello --say Ada --say '' --say 王 --say-size 60000
same_text "$(10_udp_hello_client "$at" 王)" "Hello, 王!"
asks udp-hello --say still
peer udp-hello
same_text "$(10_udp_hello_client "$at" Bob)" "Hello, Bob!"
peer_kept

# 11: temperatures
serve_at=udp://127.0.0.1:0 serve 11_udp_celsius_server
asks udp-celsius --say 37 --say 100 --say 36.6 --say -40 --say warm --say '' --say 1e300
same_text "$(11_udp_celsius_client "udp://$at" 37 36.6 | sed 's/.*: //' | paste -sd ' ')" "98.6 97.88"
peer udp-celsius --count 2
same_text "$(11_udp_celsius_client "udp://$at" 100 0 | sed 's/.*: //' | paste -sd ' ')" "212.0 32.0"
peer_kept

# 12: one datagram
start once 12_udp_once_server 127.0.0.1:0 && wait_for_port once
asks udp-once --say 你好 && expect_end once 0
grep -qE '^你好 from 127.0.0.1:[0-9]+$' once.out || fail "shown without its sender"
peer udp-once
expect_status 0 12_udp_once_client "$at" 早 && peer_kept && contains peer.out "got 早 from 127.0.0.1:"
start twice 12_udp_once_server 127.0.0.1:0 && wait_for_port twice
expect_status 0 12_udp_once_client "127.0.0.1:$port" 早 && expect_end twice 0 && contains twice.out "早 from"

# 13: echo
serve 13_udp_echo_server
echo_at=$at
asks udp-echo --say a --say-size 0 --say-size 65507
same_text "$(printf 'a\n二\n' | 13_udp_echo_client "$at" | paste -sd ' ')" "a 二 exit"
peer udp-echo
same_text "$(printf 'a\n二\n' | 13_udp_echo_client "$at" | paste -sd ' ')" "a 二 exit"
peer_kept

# no example swallows an error
free=127.0.0.1:$(free_port)
expect_status 1 01_tcp_once_client "$free" && contains stderr "01_tcp_once_client: "
contains stderr "connection refused"
expect_status 2 02_tcp_thanks_client 127.0.0.1:99999 && contains stderr "99999"
expect_status 2 03_upload_client && contains stderr "hint: 03_upload_client FILE"
expect_status 8 10_udp_hello_server "$echo_at" && contains stderr "address already in use"
expect_status 1 10_udp_hello_client "$free" && contains stderr "connection refused"
stop 13_udp_echo_server INT && same_text "$stopped_with" 130
contains 13_udp_echo_server.err "13_udp_echo_server: interrupted"
