#!/usr/bin/env bash
# Uploads by tus between programs that we did not write and ours: @tus/server with `yam put`, and
# tus-js-client with `yam serve`. Killed at either end they go on, and what arrives is what was sent.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/npm.bash
source "$TESTS/npm.bash"
unset http_proxy all_proxy no_proxy
export XDG_STATE_HOME=$WORK/state
mkdir theirs root
head -c 30000000 /dev/urandom >big
head -c 5000 /dev/urandom >small
: >empty

# --- a server of tus alone: it takes everything that way
port=$(free_port)
tus() { start tus node "$TESTS/web/tus_server.mjs" theirs "$port" && wait_for_port tus; }
tus
url=http://127.0.0.1:$port/files
# stored NAME   the file that the server has of the last upload with that name
stored() { sed -nE "s|^finished (.*) [0-9]+ $1\$|theirs/\1|p" tus.out | tail -n 1; }
for file in big small empty; do
    expect_status 0 yam put $file "$url/" -v && same_file $file "$(stored $file)"
    contains stderr 'by tus'
done
# shellcheck disable=SC2002 # stdin is to be a pipe
cat big | yam put - "$url/piped" && same_file big "$(stored piped)"
mkdir -p tree/二 && cp small tree/二/s && cp empty tree/e
expect_status 0 yam put tree "$url/" && same_file small "$(stored tree/二/s)"
head -c 110000000 /dev/zero >huge
expect_status 7 yam put huge "$url/" && contains stderr 'at most'

# --- killed at either end, and gone on with: nothing is sent twice but what was on its way
last_offset() { sed -nE 's/^PATCH .* ([0-9]+)$/\1/p' tus.out | tail -n 1; }
start client yam put big "$url/killed" --limit-rate 15MB/s
eventually 'find theirs -size +2000000c -size -30000000c -not -name "*.json" | grep -q .'
stop client KILL
expect_status 0 yam put big "$url/killed" && contains stderr 'goes on at'
[ "$(last_offset)" -gt 1000000 ] || fail "begun anew"
same_file big "$(stored killed)"
expect_status 0 yam put big "$url/killed" && lacks stderr 'goes on' # it was forgotten
start client yam put big "$url/cut" --limit-rate 15MB/s --retry 100
eventually '[ "$(find theirs -size +2000000c -size -30000000c -not -name "*.json" | wc -l)" -gt 0 ]'
stop tus KILL
tus
expect_end client 0 && contains client.err 'trying again'
[ "$(last_offset)" -gt 1000000 ] || fail "begun anew"
same_file big "$(stored cut)"

# --- what the server has lost, or what has changed here meanwhile, begins anew
start client yam put big "$url/lost" --limit-rate 15MB/s
eventually 'find theirs -size +2000000c -size -30000000c -not -name "*.json" | grep -q .'
stop client KILL
cp big other && touch big # the same bytes, but who knows
expect_status 0 yam put big "$url/lost" && lacks stderr 'goes on' && same_file big "$(stored lost)"
start client yam put big "$url/gone" --limit-rate 15MB/s
eventually 'find theirs -size +2000000c -size -30000000c -not -name "*.json" -newer other | grep -q .'
stop client KILL
rm theirs/*
expect_status 0 yam put big "$url/gone" && contains stderr 'begun anew' && same_file big "$(stored gone)"

# --- the other client, our server
start yam yam serve 'http://127.0.0.1:0?root=root&write=new'
mine=http://127.0.0.1:$(port_of yam http)
for how in whole resumed parallel; do
    expect_status 0 node "$TESTS/web/tus_upload.mjs" "$mine/" big "图 $how" $how >node.out
    same_file big "root/图 $how"
    [ $how != resumed ] || contains node.out resumes
done
expect_status 0 node "$TESTS/web/tus_upload.mjs" "$mine/" small 'a/b/small' whole >node.out
same_file small root/a/b/small
expect_status 1 node "$TESTS/web/tus_upload.mjs" "$mine/" small '../out' whole >node.out
expect_status 1 node "$TESTS/web/tus_upload.mjs" "$mine/" small 'a/b/small' whole >node.out
same_text "$(find root -name '*.part' -type f | wc -l)" 0
