#!/usr/bin/env bash
# `yam send`: what receivers with yam, curl, wget and Python get, who counts as one, and how it ends.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need curl wget tar unzip zstd openssl python3 script

mkdir -p d/sub/deep 'd/文 件' e got
head -c 3000000 /dev/urandom >big
head -c 200000 /dev/urandom >d/sub/deep/middle
printf 'hi\n' >a.txt && printf x >'d/文 件/"q" & <b>.txt' && : >d/empty
long=$(printf 'n%.0s' {1..251}).txt
newline=$'two\nlines'
printf long >"d/$long" && printf newline >"d/$newline"
ln -s /etc/passwd d/out && ln -s empty d/in

# send NAME WORD…   on this machine alone; `url` is what it prints, `bare` the same without the pin
send() {
    start "$1" yam send --bind 127.0.0.1 "${@:2}"
    eventually "grep -q '^  yam get' $1.err || ! running $1"
    url=$(sed -nE "s/^  yam get (-r )?'([^']*)'.*/\2/p" "$1.err")
    bare=${url%%#*} pin=${url##*#pin=}
}
curls() { expect_status "$1" curl -sS -m "$LIMIT" -k --pinnedpubkey "$pin" "${@:2}"; }
status() { curl -sk -m "$LIMIT" -o /dev/null -w '%{http_code}' "$@"; }
# but for the link that leads out, and the name that `yam get` cleans
same_tree() { diff -r -x out -x $'two?lines' "$1" "$2" >&2 || fail "$1 and $2 differ"; }

# --- one file: yam with the pin, curl with it, wget and Python without; then a stranger
send file big
expect_status 0 yam get "$url" -o got/yam && same_file big got/yam
curls 0 -o got/curl "$bare" && same_file big got/curl
expect_status 0 wget -q --no-check-certificate -O got/wget "$bare" && same_file big got/wget
python3 -c "
import ssl, sys, urllib.request
unchecked = ssl._create_unverified_context()
sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1], context=unchecked).read())" "$bare" >got/python
same_file big got/python
eventually 'grep -q "has everything: receiver 4" file.err'
# a key that is not pinned is nobody's, and no path is not a hint of one
other=$(openssl rand -base64 32)
expect_status 5 yam get "$bare#pin=sha256//$other" -o got/no
expect_status 5 yam get "$bare" -o got/no
expect_status 90 curl -sk --pinnedpubkey "sha256//$other" "$bare"
root=${bare%/*/*} secret=$(cut -d / -f 4 <<<"$bare")
for path in / /.yam/page.css /metrics /healthz /big /big.meta4 "/${secret^^}/big" "/${secret%?}/big" \
    "/$secret%2Fbig" "//$secret/big" "/x$secret/"; do
    [ "$(status "$root$path")" = 404 ] || [ "$(status "$root$path")" = 400 ] || fail "$path is there"
done
same_text "$(status -X PUT "$root/x")$(status -X OPTIONS "$root/")" 404404
same_text "$(curl -skD - -o none "$root/" | grep -ciE 'yam|server|allow' || true)" 0
# with the path: read only, beneath it nothing but the item
for path in metrics healthz .yam/uploads none big/ big/x d; do
    same_text "$(status "$root/$secret/$path")" 404
done
for method in PUT POST DELETE MKCOL; do same_text "$(status -X $method "$bare")" 405; done
same_text "$(status "$root/$secret")$(status "$root/$secret/.yam/page.css")" 301200
curls 0 "$root/$secret/?format=json" >listing && contains listing '"name":"big", "type":"file"'
lacks file.err "GET /"
stop file INT
same_text "$stopped_with" 0 && contains file.err '4 receivers have everything'

# --- files and folders together: a tree by yam and wget, archives by curl
mv d/sub/deep/middle middle && cp middle d/sub/deep/middle
send tree d a.txt e -v
expect_status 0 yam get -r "$url" -o got/tree
same_tree d got/tree/d && same_file a.txt got/tree/a.txt && same_file "d/$newline" got/tree/d/two_lines
# an empty folder has no file to come: the listing is what there is of it
eventually 'grep -q "has everything: receiver 1" tree.err'
contains tree.err 'has "d/sub/deep/middle"' && lacks tree.err passwd
for format in tar tar.zst zip; do curls 0 -o "got/d.$format" "${bare}d/?format=$format"; done
mkdir got/tar got/zst got/zip
tar xf got/d.tar -C got/tar && tar xf got/d.tar.zst -C got/zst --zstd && unzip -q got/d.zip -d got/zip
for kind in tar zst; do same_tree got/tree/d got/$kind/d; done
same_file d/sub/deep/middle got/zip/d/sub/deep/middle
same_text "$(status "${bare}d")$(status "${bare}d/out")$(status "${bare}d/sub/")" 301403200
curls 0 "$bare" >listing && same_text "$(cat listing)" $'d/\ne/\na.txt'
expect_status 0 wget -q -r -np -nH --cut-dirs=1 --no-check-certificate -R 'index.html*,page*' \
    -P got/wget-r "$bare"
same_file d/sub/deep/middle got/wget-r/d/sub/deep/middle
style=$(curl -sk -A browser "${bare}d/sub/" | grep -oE '[./]*/\.yam/[0-9a-f]+/page\.css')
same_text "$(status --path-as-is "${bare}d/sub/$style")$(status "${bare}d/sub/$style")" 400200
stop tree

# --- how many have it: connections and pieces do not count, whole copies do
send twice big --receivers 2
expect_status 0 yam get "$url" -o got/jobs --jobs 10 && same_file big got/jobs
head -c 1000000 big >got/resumed
curls 0 -r 0-999999 -o none "$bare"
curls 0 -C - -o got/resumed "$bare" && same_file big got/resumed
expect_end twice 0
contains twice.err 'receiver 2 of 2' && lacks twice.err 'receiver 3'
# two of them at once, of a tree and a file
start both yam send --bind 127.0.0.1 d big --receivers 2 --json
eventually 'grep -q offering both.out'
url=$(sed -nE 's/.*"url":"([^"]*)".*/\1/p' both.out)
yam get -r "$url" -o got/one 2>one.log &
one=$!
expect_status 0 yam get -r "$url" -o got/two
wait $one && same_tree d got/one/d && same_tree d got/two/d && same_file big got/two/big
expect_end both 0
python3 - both.out <<'TEXT'
import collections, json, sys
events = [json.loads(line) for line in open(sys.argv[1])]
kinds = collections.Counter(each["event"] for each in events)
assert kinds["everything"] == 2 and kinds["item"] == 4 and kinds["file"] == 12, kinds
end = events[-1]
assert end == {"event": "ended", "receivers": 2, "bytes": end["bytes"], "cut_off": 0, "status": 0}, end
assert all(each["peer"] == "127.0.0.1" for each in events if each["event"] not in ("offering", "ended"))
TEXT

# --- cut is not had; what is cut goes on, and then it is
truncate -s 40M sparse
send cut sparse --once
start reader yam get "$url" -o got/sparse --limit-rate 10MB/s
eventually '[ -s got/sparse.part ]'
stop reader KILL
eventually 'grep -q "was cut" cut.err'
running cut || fail 'a receiver that was cut was counted'
expect_status 0 yam get "$url" -o got/sparse --continue && same_file sparse got/sparse
expect_end cut 0

# --- stdin: once, whole, to one
in_two_parts() { head -c 300000 big && eventually '[ -e go ]' && tail -c +300001 big; }
start stream yam send - --name '名 字' --bind 127.0.0.1 < <(in_two_parts)
eventually "grep -q '^  yam get' stream.err"
url=$(sed -nE "s/^  yam get '([^']*)'.*/\1/p" stream.err) && bare=${url%%#*}
same_text "$(status -I "$bare")" 200
start first yam get "$url" -o got/stream
eventually 'grep -q fetches stream.err'
same_text "$(status "$bare")" 503
touch go
expect_end first 0 && same_file big got/stream
expect_end stream 0
# cut, it is lost
start lost yam send - --bind 127.0.0.1 </dev/zero
eventually "grep -q '^  yam get' lost.err"
url=$(sed -nE "s/^  yam get '([^']*)'.*/\1/p" lost.err) && bare=${url%%#*}
expect_status 23 curl -sk "$bare" -o /dev/full
expect_end lost 1
contains lost.err 'cannot again' && contains lost.err 'nobody has everything'

# --- time, and ^C before anybody came
expect_status 3 yam send a.txt --bind 127.0.0.1 --until 200ms && contains stderr 'the time is over'
send early a.txt --until 10min --receivers 2
curls 0 -o none "$bare"
stop early INT
same_text "$stopped_with" 130 && contains early.err 'one receiver has everything'
# plain http, IPv6, everywhere
wanted=$(free_port)
start plain yam send a.txt --http --bind ::1 --port "$wanted" --once
eventually 'grep -q "yam get" plain.err' && lacks plain.err pin
url=$(sed -nE "s/^  yam get '([^']*)'.*/\1/p" plain.err) && contains plain.err "http://[::1]:$wanted/"
expect_status 0 yam get "$url" -o got/plain && same_file a.txt got/plain
expect_end plain 0
start all yam send a.txt
eventually 'grep -q browser all.err' && lacks all.err 127.0.0.1
stop all
same_text "$stopped_with" 130
# the code is for terminals alone
shown='stty cols 100 rows 60; yam send a.txt --bind 127.0.0.1 --until 300ms'
TERM=xterm script -qec "$shown" code.out >/dev/null || true
contains code.out '▄' && lacks all.err '▄'

# --- what makes no sense
refused() { expect_status "$1" yam send "${@:3}" && contains stderr "$2"; }
refused 2 'called "a.txt"' a.txt ./a.txt
refused 2 'contradict' a.txt --once --receivers 2
refused 2 'one receiver' - --receivers 2
refused 2 'together' - a.txt
mkfifo fifo && refused 2 'neither a file' fifo
refused 2 'no time' a.txt --until soon
refused 2 '--bind' a.txt --bind nowhere
refused 8 'missing' missing
refused 8 'bind' a.txt --bind 192.0.2.77
