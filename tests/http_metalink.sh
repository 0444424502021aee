#!/usr/bin/env bash
# FILE.meta4 and Repr-Digest: aria2 downloads by what is told there, and finds a piece that went wrong.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need curl aria2c openssl python3 sha256sum

export XDG_STATE_HOME=$WORK/state
mkdir -p 'root/文 件'
head -c 5000000 /dev/urandom >'root/文 件/a b.iso' # five pieces
: >root/empty
printf x >'root/R&D <"1">'
printf 'not described\n' >root/own.meta4
touch -d '2001-02-03' 'root/文 件/a b.iso' root/*

start yam yam serve 'http://127.0.0.1:0?root=root'
url=http://127.0.0.1:$(port_of yam http)
name=%E6%96%87%20%E4%BB%B6/a%20b.iso
sum=$(sha256sum <'root/文 件/a b.iso' | cut -d ' ' -f 1)
digest=sha-256=:$(openssl dgst -sha256 -binary 'root/文 件/a b.iso' | openssl base64 -A):
get() { expect_status 0 curl -sS -m "$LIMIT" "$@"; }

echo "nobody has asked: nothing is known"
get -I -o head "$url/$name"
lacks head Repr-Digest
get -D head -o meta4 "$url/$name.meta4"
contains head 'Content-Type: application/metalink4+xml'
contains meta4 "<hash type=\"sha-256\">$sum</hash>"
contains meta4 '<file name="a b.iso">'
contains meta4 "<url priority=\"1\">$url/$name</url>"
same_text "$(python3 -c 'import sys, xml.etree.ElementTree as x
f = x.parse("meta4").getroot()[1]; s = "{urn:ietf:params:xml:ns:metalink}"
pieces = f.find(s + "pieces")
print(f.find(s + "size").text, pieces.get("length"), len(pieces))')" '5000000 1048576 5'

echo "known from then on, to the loop that learnt it, to whoever asks, and to another run"
eventually "curl -sS -I '$url/$name' | grep -qF 'Repr-Digest: $digest'"
get -H 'Want-Repr-Digest: sha-256=9' -D head -o part -r 5-9 "$url/$name"
contains head "Repr-Digest: $digest"
stop yam
start yam yam serve 'http://127.0.0.1:0?root=root'
url=http://127.0.0.1:$(port_of yam http)
get -I -o head "$url/$name"
lacks head Repr-Digest
get -I -H 'Want-Repr-Digest: sha-256=9' -o head "$url/$name"
contains head "Repr-Digest: $digest"

echo "aria2 follows it, and repairs"
get -o a.meta4 "$url/$name.meta4"
mkdir got
fetch() {
    expect_status 0 aria2c -q --dir=got --check-integrity=true --allow-overwrite=true -M a.meta4
}
fetch
same_file 'got/a b.iso' 'root/文 件/a b.iso'
printf 'rotten' | dd of='got/a b.iso' bs=1 seek=2500000 conv=notrunc status=none
fetch
same_file 'got/a b.iso' 'root/文 件/a b.iso'

echo "other files"
get -o body "$url/own.meta4"
contains body 'not described'
get -o body "$url/empty.meta4"
contains body '<size>0</size>'
lacks body '<pieces'
status() { curl -sS -m 20 -o body -w '%{http_code}' "$@"; }
same_text "$(status "$url/none.meta4")" 404
same_text "$(status "$url/.meta4")" 404
get -o body "$url/R%26D%20%3C%221%22%3E.meta4"
contains body '<file name="R&amp;D &lt;&quot;1&quot;&gt;">'
get -I -o head "$url/empty.meta4"
contains head 'Content-Length: '

echo "a broken ledger stops nobody"
stop yam
printf 'no database at all, but long enough to be looked at' >"$XDG_STATE_HOME/yam/ledger.db"
rm -f "$XDG_STATE_HOME"/yam/ledger.db-*
start yam yam serve 'http://127.0.0.1:0?root=root'
url=http://127.0.0.1:$(port_of yam http)
get -o meta4 "$url/$name.meta4"
contains meta4 "$sum"
eventually 'grep -qF "file is not a database" yam.err'
stop yam
