#!/usr/bin/env bash
# kill -9 at random moments, of who downloads or of who serves, again and again (ROUNDS, 24 by default): what
# was there is gone on with, nothing half bears the file's name, and in the end every byte is right.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need python3
unset http_proxy all_proxy
export XDG_STATE_HOME=$WORK/state
mkdir root
head -c 24000000 /dev/urandom >root/file
make_meta4.py --pieces=200000 file root/file /file >root/proven.meta4
serve() { start server yam serve "http://127.0.0.1:$1?root=root" && wait_for_port server http; }
serve 0
place=$port
url=http://127.0.0.1:$place

# kill_hard NAME   and no trace of it stays
kill_hard() {
    kill -9 "$(pid_of "$1")" 2>/dev/null || true
    wait "$(pid_of "$1")" 2>/dev/null || true
    rm "$WORK/.started/$1"
}

whole=0 went_on=0
for round in $(seq "${ROUNDS:-24}"); do
    case $((round / 2 % 3)) in
        0) name=one source=$url/file options=() ;;
        1) name=several source=$url/file options=(--jobs 3) ;;
        2) name=proven source=$url/proven.meta4 options=() ;;
    esac
    start client yam get "$source" -o "$name" --continue --limit-rate 60MB/s --retry 0 "${options[@]}"
    timeout "0.$((RANDOM % 25 + 5))" tail --pid="$(pid_of client)" -f /dev/null || true
    if [ $((round % 2)) = 0 ]; then
        kill_hard client
    else
        kill_hard server
        eventually '! running client'
        wait "$(pid_of client)" || true
        rm "$WORK/.started/client"
        serve "$place"
    fi
    ! grep -qE 'going on (at|with)' client.err || went_on=$((went_on + 1))
    [ -e "$name" ] || continue
    same_file root/file "$name" && rm "$name" && whole=$((whole + 1))
done
for name in one several proven; do
    source=$url/file
    [ "$name" != proven ] || source=$url/proven.meta4
    expect_status 0 yam get "$source" -o "$name" --continue
    same_file root/file "$name" && rm "$name"
done
same_text "$(find . -maxdepth 1 -name '*.part*')" ''
[ "$went_on" -ge $((${ROUNDS:-24} / 4)) ] || fail "of ${ROUNDS:-24} rounds only $went_on went on"
[ "$whole" -ge 1 ] || fail "no file became whole in all these rounds"
