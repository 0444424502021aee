#!/usr/bin/env bash
# A folder of `yam serve http://` as tar, tar.zst and zip: programs that others wrote unpack what was served.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need curl tar bsdtar unzip zstd python3

mkdir -p 'root/photos/2026 夏/raw' root/empty unpacked
for size in 0 1 70000 3000000; do head -c "$size" /dev/urandom >"root/photos/$size"; done
printf '深' >'root/photos/2026 夏/raw/图 "1".txt'
printf x >root/photos/"$(printf 'a%.0s' {1..255})"
truncate -s 5G root/photos/sparse && printf end >>root/photos/sparse
ln -s /etc/passwd root/photos/secret && ln -s 70000 root/photos/link && ln -s . root/photos/round
mkfifo root/pipe

start yam yam serve 'http://127.0.0.1:0?root=root'
url=http://127.0.0.1:$(port_of yam http)
get() { expect_status "$1" curl -sS -m 60 "${@:2}"; }

# unpacks COMMAND…   unpacks ./archive in ./unpacked, which then holds photos/ as it was served
unpacks() {
    rm -rf unpacked && mkdir unpacked
    (cd unpacked && "$@")
    [ ! -e unpacked/photos/secret ] && [ ! -e unpacked/photos/round ] || fail "$1 found what was not served"
    diff -r --no-dereference -x secret -x round -x link -x sparse root/photos unpacked/photos
    same_file root/photos/70000 unpacked/photos/link
}

get 0 -o archive "$url/photos/?format=tar"
unpacks tar -xf ../archive
same_text "$(stat -c %s unpacked/photos/sparse)" 5368709123
[ "$(stat -c %b unpacked/photos/sparse)" -lt 1000 ] || fail "its holes were filled"
same_text "$(tail -c 3 unpacked/photos/sparse)" end
[ "$(stat -c %s archive)" -lt 10000000 ] || fail "the holes were sent"
unpacks python3 -m tarfile -e ../archive .
rm root/photos/sparse unpacked/photos/sparse
for program in 'tar --zstd -xf' 'bsdtar -xf'; do
    get 0 -o archive "$url/photos/?format=tar.zst"
    # shellcheck disable=SC2086
    unpacks $program ../archive
done
get 0 -o archive "$url/photos/?format=zip"
unpacks unzip -q ../archive
unpacks python3 -m zipfile -e ../archive .
unpacks bsdtar -xf ../archive

# as it comes, without waiting for its end
rm -rf unpacked && mkdir unpacked
curl -sS "$url/photos/?format=tar.zst" | tar --zstd -xf - -C unpacked
same_file root/photos/3000000 unpacked/photos/3000000

echo "a selection, and the head"
get 0 -o archive "$url/photos/?format=tar&name=1&name=2026%20%E5%A4%8F&name=none"
same_text "$(LC_ALL=C.UTF-8 tar --quoting-style=literal -tf archive | sort | tr '\n' ' ')" \
    'photos/1 photos/2026 夏/ photos/2026 夏/raw/ photos/2026 夏/raw/图 "1".txt '
eventually 'grep -qF "cannot archive \"none\"" yam.err'
get 0 -I -o head "$url/photos/2026%20%E5%A4%8F/?format=zip"
contains head 'Content-Type: application/zip'
contains head "filename*=UTF-8''2026%20%e5%a4%8f.zip"
get 0 -o archive "$url/?format=tar"
same_text "$(tar -tf archive | sort | head -n 2 | tr '\n' ' ')" 'files/empty/ files/photos/ '

echo "refusals"
status() { curl -sS -m 20 -o body -w '%{http_code}' "$@" 2>curl.err || true; }
same_text "$(status "$url/photos/?format=rar")" 400
same_text "$(status "$url/none/?format=tar")" 404
same_text "$(status -I "$url/none/?format=tar")" 404
same_text "$(status "$url/photos/?format=tar&name=..")" 400
same_text "$(status "$url/photos/?format=tar&name=a/b")" 400

echo "peers that leave"
head -c 200000000 /dev/zero >root/photos/large
for _ in $(seq 40); do
    curl -sS --limit-rate 1M -m 0.2 -o part "$url/photos/?format=tar" 2>curl.err || true
done
eventually "[ \$(ls /proc/$(pid_of yam)/task | wc -l) -le $(($(nproc) + 3)) ]"
get 0 -o archive "$url/photos/?format=tar" && tar -tf archive >names
stop yam
