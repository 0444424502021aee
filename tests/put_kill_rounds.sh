#!/usr/bin/env bash
# Files that `yam put` uploads by tus to `yam serve`, either of which is killed with kill -9 at some moment,
# again and again, until all are there: each goes on where it was, nothing is torn, nothing half ever visible.
# ROUNDS says how often somebody is killed, SEED which moments these are.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need sha256sum python3
unset http_proxy all_proxy no_proxy
export XDG_STATE_HOME=$WORK/state
RANDOM=${SEED:=$RANDOM}
echo "SEED=$SEED"
mkdir root
head -c 12000000 /dev/urandom >bytes
port=$(free_port)
serve() {
    start yam yam serve "http://127.0.0.1:$port?root=root&write=new"
    wait_for_port yam http
}
# What is visible is whole: its hash is that of the file that it was sent from.
all_whole() {
    local name
    for name in root/*; do
        [[ $name == *.part || $name == 'root/*' ]] || cmp -s "$name" "${name#root/}" || fail "$name is torn"
    done
}

# Kills the client, unless it has ended already.
kill_put() {
    kill -9 "$(pid_of put)" 2>/dev/null || return 0
    wait "$(pid_of put)" 2>/dev/null || [ $? = 137 ] || fail "it ended badly"
    rm .started/put
    was_killed=1
}

serve
file=0 kills=0 resumed=0 was_killed=0
begin() { # the next file, with bytes of its own
    file=$((file + 1))
    { echo "$file" && cat bytes; } >"file$file"
}
begin
while [ $kills -lt "${ROUNDS:-20}" ]; do
    start put yam put "file$file" "http://127.0.0.1:$port/" --limit-rate 40MB/s --retry 100
    timeout "0.$(printf %03d $((RANDOM % 400)))" tail --pid="$(pid_of put)" -f /dev/null || true
    if [ $((RANDOM % 2)) = 0 ]; then
        kill_put
        kills=$((kills + 1))
    elif running put; then
        stop yam KILL
        kills=$((kills + 1))
        all_whole
        serve
        [ $((RANDOM % 2)) = 0 ] || kill_put # or it goes on by itself
    fi
    all_whole
    if [ -e .started/put ]; then
        ended=0
        wait "$(pid_of put)" || ended=$?
        rm .started/put
        # Who was killed with the receipt in his hands leaves a file whose name is taken.
        [ $ended = 0 ] || { [ $ended = 7 ] && [ $was_killed = 1 ]; } || fail "put ended with $ended"
        was_killed=0
        ! grep -q 'goes on at' put.err || resumed=$((resumed + 1))
        same_file "file$file" "root/file$file"
        rm "file$file" "root/file$file"
        begin
    fi
done
yam put "file$file" "http://127.0.0.1:$port/" 2>stderr || [ $was_killed = 1 ] || fail "it does not end"
same_file "file$file" "root/file$file"
[ $kills -lt 20 ] || [ $resumed -gt 0 ] || fail "nothing ever went on"
# Killed before anybody learned its URL, an upload waits for its time to run out; nobody sees it.
yam get "http://127.0.0.1:$port/?format=text" -o - >listing 2>stderr && lacks listing .part
echo "$kills kills, $file files, $resumed gone on in another run"
