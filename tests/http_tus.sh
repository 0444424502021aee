#!/usr/bin/env bash
# Uploads by tus through curl: the server is killed in the middle of them, again and again, and what was
# uploaded is whole in the end or not there at all.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need curl python3 sha256sum

mkdir root
export XDG_STATE_HOME=$WORK/state
head -c 3000000 /dev/urandom >big
port=$(free_port)
serve() {
    start yam yam serve "http://127.0.0.1:$port?root=root&write=new"
    wait_for_port yam http
}
url=http://127.0.0.1:$port

tus() { curl -sS -m 20 -H 'Tus-Resumable: 1.0.0' "$@"; }
octets=(-H 'Content-Type: application/offset+octet-stream')
# value FIELD   of ./head
value() { sed -nE "s/^$1: (.*)\r$/\1/ip" head; }
create() { # NAME LENGTH → its URL
    tus -D head -o body -X POST "$url/" -H "Upload-Length: $2" \
        -H "Upload-Metadata: filename $(printf %s "$1" | base64 -w 0)"
    same_text "$(head -n 1 head | cut -d ' ' -f 2)" 201
    echo "$url$(value Location)"
}
offset_of() { tus -I -o head "$1" && value Upload-Offset; }

echo "in two pieces"
serve
upload=$(create '图 "1".bin' 3000000)
head -c 1000000 big >piece
tus -D head -X PATCH "$upload" "${octets[@]}" -H 'Upload-Offset: 0' --data-binary @piece
same_text "$(value Upload-Offset)" 1000000
[ ! -e 'root/图 "1".bin' ] || fail "it is there before it is whole"
tail -c 2000000 big >rest
tus -D head -X PATCH "$upload" "${octets[@]}" -H 'Upload-Offset: 1000000' --data-binary @rest
same_text "$(value Content-Location)" '/%E5%9B%BE%20%221%22.bin'
same_file 'root/图 "1".bin' big
tus -o receipt "$upload"
contains receipt "\"sha256\":\"$(sha256sum <big | cut -d ' ' -f 1)\""
curl -sS -o page -w '%{http_code}\n' "$url/?format=text" >status
lacks page .part

echo "killed again and again"
rounds=0
for name in one two three; do
    upload=$(create "$name" 3000000)
    for _ in $(seq 12); do
        at=$(offset_of "$upload")
        [ "$at" -lt 3000000 ] || break
        tail -c +"$((at + 1))" big >rest
        tus --limit-rate 20M -X PATCH "$upload" "${octets[@]}" -H "Upload-Offset: $at" -T rest \
            -o body 2>curl.err || true &
        client=$!
        eventually "[ \$(stat -c %s root/$name.*.part 2>/dev/null || echo 3000000) -gt $at ]"
        kill -9 "$(pid_of yam)"
        wait "$client"
        expect_end yam 137
        rounds=$((rounds + 1))
        serve
    done
    at=$(offset_of "$upload")
    [ "$at" = 3000000 ] || tail -c +"$((at + 1))" big |
        tus -X PATCH "$upload" "${octets[@]}" -H "Upload-Offset: $at" --data-binary @- -o body
    same_file "root/$name" big
done
[ "$rounds" -gt 3 ] || fail "only $rounds kills"
same_text "$(cd root && ls)" "$(printf 'one\nthree\ntwo\n图 "1".bin')"

echo "with the disk full"
stop yam
limited() { exec bash -c "ulimit -f 1000; trap '' XFSZ; exec \"\$0\" \"\$@\"" "$@"; }
start yam limited yam serve "http://127.0.0.1:$port?root=root&write=new"
wait_for_port yam http
upload=$(create full 3000000)
patched=$(tus -o body -w '%{http_code}' -X PATCH "$upload" "${octets[@]}" -H 'Upload-Offset: 0' \
    -T big || true)
same_text "$patched" 507
[ ! -e root/full ] || fail "half a file appeared"
tus -o body -X DELETE "$upload"
same_text "$(find root -name 'full*.part' -type f | wc -l)" 0
stop yam
