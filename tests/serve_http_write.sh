#!/usr/bin/env bash
# What curl may put into a folder that `yam serve http://` gives out, and how much of it survives.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need curl
export XDG_STATE_HOME=$WORK/state

mkdir root
printf 'old' >root/a.txt
head -c 3000000 /dev/urandom >big
start yam yam serve 'http://127.0.0.1:0?root=root&write=replace'
port=$(port_of yam http)
url=http://127.0.0.1:$port
status() { curl -s -m "$LIMIT" -o /dev/null -w '%{http_code}' "$@"; }

# put, of known and of unknown length, with a receipt
curl -sS -T big "$url/sub.bin" >receipt
same_file big root/sub.bin
contains receipt "\"sha256\":\"$(sha256sum big | cut -d' ' -f1)\""
same_text "$(status -T - "$url/piped" <big)" 201 && same_file big root/piped
same_text "$(status -T big "$url/a.txt")" 200 && same_file big root/a.txt
same_text "$(status -T big -H 'If-None-Match: *' "$url/a.txt")" 412

# forms, folders, moves, removal
same_text "$(status -F "one=@big;filename=一.bin" -F two=@receipt "$url/")" 201
same_file big root/一.bin && same_file receipt root/receipt
same_text "$(status -X MKCOL "$url/d")" 201
same_text "$(status -X MOVE -H 'Destination: /d/b.bin' "$url/piped")" 201 && same_file big root/d/b.bin
same_text "$(status -X DELETE "$url/d/")" 204 && [ ! -e root/d ]

# another site's page may not, a stranger's name for this machine neither
same_text "$(status -T big -H 'Origin: http://elsewhere.example' "$url/x")" 403
same_text "$(status -T big -H 'Host: rebound.example' "$url/x")" 403
[ ! -e root/x ]

# whoever dies in the middle leaves nothing that passes for a file
for round in 1 2 3 4 5; do
    start "curl$round" curl -s --limit-rate 2M -T big "$url/cut$round"
    eventually 'ls root | grep -q part'
    kill -9 "$(pid_of "curl$round")"
    rm "$WORK/.started/curl$round"
    eventually '! ls root | grep -q part'
    [ ! -e "root/cut$round" ]
done

# a server that dies leaves what it acknowledged, and the rest as a .part
start last curl -s --limit-rate 1M -T big "$url/last"
eventually 'ls root | grep -q part'
stop yam KILL
same_file big root/sub.bin && [ ! -e root/last ]

# beyond this machine a token is asked for: the one that is made at need, or the operator's
[ "$(stat -c %a state/yam/token)" = 600 ]
lacks yam.err "$(cat state/yam/token)"
printf 'secret-of-the-operator\n' >token && chmod 600 token
start yam yam serve 'http://127.0.0.1:0?root=root&write=new&token-file=token'
url=http://127.0.0.1:$(port_of yam http)
same_text "$(status -T receipt "$url/t")" 401
same_text "$(status -T receipt -u anybody:secret-of-the-operator "$url/t")" 201
same_text "$(status -T receipt -H 'Authorization: Bearer secret-of-the-operator' "$url/u")" 201
same_text "$(status -T receipt -u anybody:wrong-secret "$url/v")" 401
same_text "$(status -c jar -d token=secret-of-the-operator "$url/.yam/login")" 303
same_text "$(status -b jar -T receipt "$url/v")" 201
lacks yam.err secret-of-the-operator
stop yam
