#!/usr/bin/env bash
# The examples of texts over TCP (rows 1, 2, 8, 9, 15, 16), both ends: against the Python peers, which judge
# every byte, and against each other.
# shellcheck source=tests/examples.bash
source "$(dirname "$0")/examples.bash"

# 1: one text each way, the answer typed
serve 01_tcp_once_server
types 01_tcp_once_server 先生好
asks tcp-once --say 你好 --split-at 4 --expect 先生好
types 01_tcp_once_server "and you"
same_text "$(01_tcp_once_client "$at" "how are you")" "and you"
same_text "$(tail -n 2 01_tcp_once_server.out)" $'你好\nhow are you'
peer tcp-once --expect 早 --say 晚安
same_text "$(01_tcp_once_client "$at" 早)" 晚安
peer_kept

# 2: the server answers by itself, many at once, while one stalls
serve 02_tcp_thanks_server
start stalled classics.py tcp-thanks client --port "$port" --stall 1 --say late
for each in 1 2 3; do start "caller$each" classics.py tcp-thanks client --port "$port" --say "no $each"; done
for each in 1 2 3; do expect_end "caller$each" 0; done
asks tcp-thanks --say-split 。 --split-at 1024
same_text "$(02_tcp_thanks_client "$at" hi)" "Thank ou!"
expect_end stalled 0
peer tcp-thanks --expect 谢谢
same_text "$(02_tcp_thanks_client "$at" 谢谢)" "Thank ou!"
peer_kept

# 8: greetings
serve 08_greeting_server
asks greeting --say Ada --say 王 --say-split 。 --split-at 1024
asks greeting --say ab --say cd --together
same_text "$(printf 'Ada\n王\n' | 08_greeting_client "$at")" $'Welcome!\nHello, Ada!\nHello, 王!'
peer greeting
same_text "$(printf 'Ada\n王\n' | 08_greeting_client "$at")" $'Welcome!\nHello, Ada!\nHello, 王!'
peer_kept

# 9: in turn; whoever says bye ends it
serve 09_bye_server
types 09_bye_server ho
types 09_bye_server 好
asks bye --say hi --say 第二 && contains asked "got 好"
types 09_bye_server bye
same_text "$(printf 'hello\nbye\n' | 09_bye_client "$at")" bye
peer bye --say ho
same_text "$(printf 'hi\nbye\n' | 09_bye_client "$at")" ho
peer_kept
peer bye
same_text "$(printf 'hi\nmore\n' | 09_bye_client "$at")" bye
peer_kept

# 15: in any order
serve_at=listen:127.0.0.1:0 serve 15_qq
start guest classics.py qq client --port "$port" --say first
hears 15_qq first
types 15_qq 回答
expect_end guest 0
contains guest.out "got 回答"
sit caller 15_qq "$at"
types caller "one more"
hears 15_qq "one more"
types caller exit
expect_end caller 0
peer qq --say ho
sit other 15_qq "$at"
types other hi
hears other ho
types other exit
expect_end other 0
peer_kept

# 16: without a framing messages stick together; with one each arrives whole
sticky() { # OURS THEIRS
    start "server-$2" 16_sticky_server 127.0.0.1:0 "$1"
    wait_for_port "server-$2"
    asks sticky --frame "$2" --say one --say '' --say 三 --pieces 1 --pause 0.001
    eventually "[ \$(wc -l <server-$2.out) = 4 ]"
    16_sticky_client "127.0.0.1:$port" "$1" four "" 六
    eventually "[ \$(wc -l <server-$2.out) = 7 ]"
    same_text "$(tail -n 6 "server-$2.out")" $'one\n\n三\nfour\n\n六'
    peer sticky --frame "$2" --expect one --expect "" --expect 三
    expect_status 0 16_sticky_client "$at" "$1" one "" 三
    peer_kept
}
sticky lines lf
sticky crlf crlf
sticky 'delimiter:\x00' nul
for kind in u8 u16 u32 u16le u32le varint netstring; do sticky "$kind" "$kind"; done
peer sticky --expect onetwo
expect_status 0 16_sticky_client "$at" none one two
peer_kept
start stuck 16_sticky_server 127.0.0.1:0 none && wait_for_port stuck
asks sticky --say onetwo
hears stuck onetwo
