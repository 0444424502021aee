#!/usr/bin/env bash
# `yam get --recursive` asks for small files ahead. A server that cuts, redirects, refuses and closes in the
# middle of it costs what it did not send, and nothing else.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need python3
unset http_proxy all_proxy
count=1000
start many many_http.py "$count"
start large many_http.py "$count" large
url=http://127.0.0.1:$(port_of many)/
same_tree() { diff -r wanted "$1" >differences || { show_file differences && fail "$1 differs"; }; }
# make_wanted BYTES   what 51 has
make_wanted() {
    rm -rf wanted && mkdir wanted
    python3 - "$count" "$1" <<'EOP'
import sys
for n in range(int(sys.argv[1])):
    times = {13: None, 51: int(sys.argv[2]), 67: 0}.get(n % 100, 50)
    if times is not None:
        open(f"wanted/{n}", "wb").write(b"%d\n" % n * times)
EOP
}

make_wanted 50
expect_status 7 yam get -r "$url" -o got --jobs 1 && same_tree got && rm -r got
same_text "$(grep -oE '[0-9]+: 404' stderr | tr '\n' ' ')" \
    "$(seq 13 100 "$count" | sed 's/$/: 404/' | tr '\n' ' ')"
expect_status 7 yam get -r "$url" -o got && same_tree got
same_text "$(grep -c '404 Not Found' stderr)" $((count / 100))
same_text "$(find got -name '*.part*')" ''
# What came whole was asked for once in each run.
sort many.out | uniq -c | awk '$2 ~ /^.[0-9]+$/ && $1 != 2 { k = substr($2, 2) % 100
    if (k != 7 && k != 21 && k != 29 && k != 37 && k != 43) print $1, $2 }' >again
[ ! -s again ] || fail "not asked for once: $(tr '\n' ' ' <again)"

make_wanted 60000
expect_status 7 yam get -r "http://127.0.0.1:$(port_of large)/" -o large && same_tree large
make_wanted 50

# --- what is here stays, without a question; --force replaces it
echo mine >got/1 && rm got/2 && : >many.out
expect_status 8 yam get -r "$url" -o got && contains stderr '"got/1": it already exists'
same_text "$(cat got/1)" mine && same_file wanted/2 got/2
same_text "$(grep -c '^/[0-9]*[02]$' many.out)" 1
expect_status 7 yam get -r "$url" -o got --force && same_tree got

# --- a full disk is one file's fault after the other, and leaves nothing half
if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=64k none small 2>/dev/null; then
    expect_status 8 yam get -r "$url" -o small/got && contains stderr 'no space left'
    same_text "$(find small -name '*.part*')" ''
    umount small
fi
