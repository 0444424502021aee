#!/usr/bin/env bash
# `yam serve http://` read by the programs that people have: curl, wget, Python's own client.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need curl wget python3

mkdir -p root/sub/inner 'root/文 件'
printf 'hello\n' >root/a.txt
printf 'x' >'root/文 件/"q" & <b>.txt'
head -c 3000000 /dev/urandom >root/big
: >root/empty
long=$(printf 'n%.0s' {1..251}).txt
printf 'long' >"root/$long"
newline=$'two\nlines.txt'
printf 'newline' >"root/$newline"
cp root/a.txt root/sub/inner/deep.txt
ln -s /etc/passwd root/out && ln -s a.txt root/in && mkfifo root/pipe

start yam yam serve 'http://127.0.0.1:0?root=root'
port=$(port_of yam http)
url=http://127.0.0.1:$port
curls() { expect_status "$1" curl -sS -m "$LIMIT" "${@:2}"; }
status() { curl -s -m "$LIMIT" -o /dev/null -w '%{http_code}' "$@"; }

# each file, whole; names as they are
for name in a.txt big empty in "$long"; do
    curls 0 -o got "$url/$name" && same_file "root/$name" got
done
same_text "$(curl -s "$url/%E6%96%87%20%E4%BB%B6/%22q%22%20%26%20%3Cb%3E.txt")" x
same_text "$(curl -s "$url/two%0Alines.txt")" newline

# a part of one, and what is not there; nothing outside the folder, nothing that is no file
same_text "$(curl -s -r 1-3 "$url/a.txt")" ell
same_text "$(curl -s -r -3 "$url/a.txt")" lo
head -c 1000 root/big >got && curls 0 -C - -o got "$url/big" && same_file root/big got
for name in out pipe; do same_text "$(status "$url/$name")" 403; done
for name in none sub/none a.txt/; do same_text "$(status "$url/$name")" 404; done
same_text "$(status --path-as-is "$url/../root/a.txt")" 400
same_text "$(status "$url/sub")" 301
same_text "$(status -X POST "$url/a.txt")" 405
same_text "$(status -X BREW "$url/a.txt")" 501

# text in each coding that is asked for, a long one in pieces, a part as it is
seq 500000 >root/numbers.txt
for coding in gzip br zstd; do
    curls 0 --compressed -H "Accept-Encoding: $coding" -D head -o got "$url/numbers.txt"
    same_file root/numbers.txt got
    contains head "Content-Encoding: $coding"
done
same_text "$(curl -s --compressed -r 10-19 "$url/numbers.txt")" "$(head -c 20 root/numbers.txt | tail -c 10)"
same_text "$(curl -s --compressed "$url/?format=json")" "$(curl -s "$url/?format=json")"
rm root/numbers.txt

# conditions as curl and wget make them
curls 0 --etag-save tag -o got "$url/a.txt"
same_text "$(status --etag-compare tag "$url/a.txt")" 304
modified=$(curl -sI "$url/a.txt" | sed -n 's/^Last-Modified: //p' | tr -d '\r')
same_text "$(status -z "$modified" "$url/a.txt")" 304

# listings: in a terminal, for programs, and as a page that wget walks
same_text "$(curl -s "$url/sub/")" inner/
contains <(curl -s "$url/") 'two\nlines.txt'
curl -s "$url/?format=json" | python3 -c "
import json, sys
entries = {each['name']: each for each in json.load(sys.stdin)}
assert entries['a.txt']['size'] == 6 and entries['a.txt']['type'] == 'file', entries
assert entries['sub']['type'] == 'directory' and 'size' not in entries['sub'], entries
assert entries['two\nlines.txt']['mtime'].endswith(' GMT')
assert 'out' not in entries and 'pipe' not in entries, entries"
expect_status 0 wget -q -r -np -nH -R 'index.html*' -P mirror "$url/"
same_file root/big mirror/big
same_file root/sub/inner/deep.txt mirror/sub/inner/deep.txt
same_file 'root/文 件/"q" & <b>.txt' 'mirror/文 件/"q" & <b>.txt'

# a file that is replaced while it goes out is the one that it was
curl -s --limit-rate 3M -o slow "$url/big" &
curl=$!
eventually '[ -s slow ]'
cp root/big before && cp root/a.txt new && mv new root/big
wait $curl && same_file before slow
same_text "$(curl -s "$url/big")" hello

# its health, its numbers, and a log that log readers know
same_text "$(curl -s "$url/healthz")" ok
contains <(curl -s "$url/metrics") 'yam_http_requests_total{status="4xx"}'
line='^127\.0\.0\.1 - - \[[^]]+ \+0000\] "GET /a\.txt HTTP/1\.1" 200 6 "-" "curl/'
grep -qE "$line" yam.err || fail 'no log line'
stop yam
same_text "$stopped_with" 0

# the same as objects; an idle connection does not hold a server that stops
start yam yam serve --json 'http://127.0.0.1:0?root=root'
port=$(port_of yam http)
start idle python3 -c "import http.client, signal
peer = http.client.HTTPConnection('127.0.0.1', $port)
peer.request('GET', '/a.txt')
print(peer.getresponse().read().decode(), flush=True)
signal.pause()"
eventually 'grep -q hello idle.out'
eventually 'grep -q "\"event\":\"request\".*\"target\":\"/a.txt\",\"status\":200,\"bytes\":6" yam.out'
stop yam
same_text "$stopped_with" 0
