#!/usr/bin/env bash
# The page of a folder in Chromium: listing, sorting, search, previews, keys, languages, darkness, phones.
# shellcheck source=tests/page.bash
source "$(dirname "$0")/page.bash"
need curl zbarimg

mkdir share share/Photos share/Releases share/课程资料
python3 "$TESTS/web/make_share.py" share
(cd share/Releases && touch r{1..700})
start yam yam serve "http://127.0.0.1:0?root=share"
url=http://127.0.0.1:$(port_of yam http)
browse reading "$url"
packed=$(python3 -c 'import zipfile; print(sorted(zipfile.ZipFile("chosen.zip").namelist()))')
same_text "$packed" "['files/Photos/', 'files/new\\nline.txt', 'files/notes.md']"
same_text "$(zbarimg --nodbus --quiet --raw "$PICTURES/qr.png")" "$url/"

# the page's own files: kept by their version, asked again by their tag, small where a client knows gzip
page=$(curl -sf -A test "$url/")
style=$(grep -oE '/\.yam/[0-9a-f]+/page\.css' <<<"$page")
curl -sfi "$url$style" >kept && contains kept immutable
curl -sf "$url$style" >plain && same_file plain "$TESTS/../web/page.css"
curl -sf --compressed "$url$style" >unpacked && same_file unpacked plain
curl -sfD head -o page.css "$url/.yam/page.css" && contains head "Cache-Control: no-cache"
tag=$(sed -nE 's/^ETag: ("[0-9a-f]+")\r$/\1/p' head)
same_text "$(curl -s -o none -w '%{http_code}' -H "If-None-Match: $tag" "$url/.yam/page.css")" 304
same_text "$(curl -s -o none -w '%{http_code}' -H 'If-None-Match: "x"' "$url/.yam/page.css")" 200
for refused in .yam/no.css .yam/../page.css .yam/0123/page.css .yam/; do
    same_text "$(curl -s --path-as-is -o none -w '%{http_code}' "$url/$refused")" 404
done

# a QR code of this server's addresses alone
same_text "$(curl -s -o none -w '%{http_code}' "$url/.yam/qr.svg?text=$url/a")" 200
long=$url/$(printf 'a%.0s' {1..1100})
for text in '' "http://elsewhere/" "$url" "${url}0/" "javascript:alert(1)" "$long"; do
    same_text "$(curl -s -o none -w '%{http_code}' -G --data-urlencode "text=$text" "$url/.yam/qr.svg")" 400
done
