#!/usr/bin/env bash
# Files that change while `yam serve` gives them to `yam get`: nobody ends up with a mixture of two versions.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
unset http_proxy all_proxy
export XDG_STATE_HOME=$WORK/state
mkdir root
serve() { start server yam serve "http://127.0.0.1:${1:-0}?root=root" && wait_for_port server http; }
serve
place=$port
url=http://127.0.0.1:$place
# begin NAME OPTION…   until some of it has come
begin() {
    start client yam get "$url/$1" -o got --limit-rate 10MB/s "${@:2}"
    eventually '[ "$(stat -c %s got.part)" -gt 1000000 ]'
}
fresh() { head -c "$2" /dev/urandom >"$1"; }

echo "sparse"
truncate -s 300M root/sparse
printf 'end' >>root/sparse
printf 'middle' | dd of=root/sparse bs=1 seek=100000000 conv=notrunc status=none
expect_status 0 yam get "$url/sparse" -o got && same_file root/sparse got && rm got root/sparse

echo "it grows: what is sent is what was there when the answer began"
fresh root/grows 12000000 && cp root/grows before
begin grows
fresh more 3000000 && cat more >>root/grows
expect_end client 0
same_file before got && rm got
expect_status 0 yam get "$url/grows" -o got && same_file root/grows got && rm got

echo "it shrinks: broken off, and begun anew when it is asked for again"
fresh root/shrinks 40000000
begin shrinks --retry 0
truncate -s 5000000 root/shrinks
expect_end client 1
[ ! -e got ] || fail "what was cut off has the file's name"
expect_status 0 yam get "$url/shrinks" -o got --continue && contains stderr 'begun anew'
same_file root/shrinks got && rm got

echo "replaced by another file: who was being served gets the old one"
fresh root/file 12000000 && cp root/file before && fresh new 12000000
begin file
mv new root/file
expect_end client 0
same_file before got && rm got

echo "replaced between two runs"
fresh new 12000000
begin file
kill -9 "$(pid_of client)" && { wait "$(pid_of client)" || rm "$WORK/.started/client"; }
mv new root/file
expect_status 0 yam get "$url/file" -o got --continue && contains stderr 'begun anew'
same_file root/file got && rm got

echo "replaced while the server was away, in one run"
for options in '' '--jobs 3'; do
    fresh new 30000000 && cp new root/file && fresh new 30000000
    # shellcheck disable=SC2086
    begin file --retry 9 $options
    kill -9 "$(pid_of server)" && { wait "$(pid_of server)" || rm "$WORK/.started/server"; }
    mv new root/file
    serve "$place"
    expect_end client 0
    contains client.err 'begun anew'
    same_file root/file got && rm got
done
