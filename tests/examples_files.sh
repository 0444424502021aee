#!/usr/bin/env bash
# The examples that move files (rows 3, 4, 5, 7, 14), both ends: what arrives is compared byte for byte, a
# missing file leaves nothing, a cut one no name.
# shellcheck source=tests/examples.bash
source "$(dirname "$0")/examples.bash"

head -c 3000000 /dev/urandom >big
head -c 5120 big >even # ten TFTP blocks to the byte
: >empty
mkdir share up up4
cp big "share/big 文件" && cp even share/even && cp empty share/empty && cp big share/index.html

# 3 and 4: up
serve 03_upload_server up
asks upload --file big && same_file big up/upload-1
asks upload --file empty && same_file empty up/upload-2
same_text "$(03_upload_client big "$at")" 接收完成 && same_file big up/upload-3
asks upload --file big --vanish-after 1000
eventually "[ -s 03_upload_server.err ]"
contains 03_upload_server.err "reset by peer"
[ ! -e up/upload-4 ] || fail "half a file has its name"
asks upload --file even && same_file even up/upload-5
peer upload --into theirs
same_text "$(03_upload_client big "$at")" 接收完成 && peer_kept && same_file big theirs

serve 04_upload_silent_server up4
asks upload-silent --file big && eventually "cmp big up4/upload-1"
expect_status 0 04_upload_silent_client big "$at" && eventually "cmp big up4/upload-2"
peer upload-silent --into theirs
expect_status 0 04_upload_silent_client even "$at" && peer_kept && same_file even theirs
expect_status 8 04_upload_silent_client nosuch "$at" && contains stderr "cannot open nosuch"

# 5: down
serve 05_download_server share
asks download --name 'big 文件' --into down && same_file big down
asks download --name 'big 文件' --split-at 3 --into down2 && same_file big down2
for name in nosuch .. ../big /etc/passwd 'a\0b' ''; do
    [ -z "$name" ] || asks download --name "$name" --into none
    [ ! -e none ] || fail "given out: $name"
done
expect_status 0 05_download_client 'big 文件' "$at" ours && same_file big ours
expect_status 4 05_download_client nosuch "$at" none && contains stderr 'the server has no "nosuch"'
[ ! -e none ]
peer download --root share
expect_status 0 05_download_client 'big 文件' "$at" ours2 && peer_kept && same_file big ours2

# 7: one page
serve 07_http_get_server big
asks http-get --into page && same_file big page
expect_status 0 07_http_get_client "http://$at/" page2 >heard && same_file big page2
contains heard "HTTP/1.1 200 OK"
expect_status 0 07_http_get_client "http://$at/other" page3 >heard && contains heard "404 Not Found"
peer http-get --file even
expect_status 0 07_http_get_client "http://$at/" page4 >heard && peer_kept && same_file even page4

# 14: TFTP
serve_at=udp://127.0.0.1:0 serve 14_tftp_server share
for name in 'big 文件' empty; do
    rm -f fetched
    asks tftp --name "$name" --into fetched && same_file "share/$name" fetched
    expect_status 0 14_tftp_client "$name" "$at" >fetched && same_file "share/$name" fetched
done
expect_status 0 14_tftp_client even "$at" >fetched && same_file even fetched
for name in nosuch .. ../big; do
    expect_status 7 14_tftp_client "$name" "$at" >none && contains stderr "File not found"
done
peer tftp --root share
expect_status 0 14_tftp_client 'big 文件' "$at" >fetched && peer_kept && same_file big fetched
peer tftp --root share
expect_status 0 14_tftp_client even "$at" >fetched && peer_kept && same_file even fetched
