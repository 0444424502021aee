#!/usr/bin/env bash
# The page in Chromium where it may change the folder: uploads, folders, names, removal, and the token.
# shellcheck source=tests/page.bash
source "$(dirname "$0")/page.bash"

mkdir share
echo old >share/old.txt
start yam yam serve "http://127.0.0.1:0?root=share&write=replace"
browse writing "http://127.0.0.1:$(port_of yam http)"
for name in '报告 1.txt' large.bin trip/day\ 1/b.txt slow.bin; do
    same_file "share/$name" "mine/$name"
done
same_text "$(cd share && printf '%s ' *)" 'dropped.txt large.bin old.txt slow.bin trip 报告 1.txt '

(umask 077 && echo 'open sesame please' >token)
mkdir kept
start guarded yam serve "http://127.0.0.1:0?root=kept&write=new&token-file=token"
browse token "http://127.0.0.1:$(port_of guarded http)"
same_text "$(cat "kept/let in.txt")" x
