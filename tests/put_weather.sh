#!/usr/bin/env bash
# `yam put http://` over bad links: slow, late, cut and reset again and again, with TLS too. What arrives is
# what was sent; what cannot arrive leaves nothing.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
unset http_proxy https_proxy all_proxy no_proxy
export XDG_STATE_HOME=$WORK/state
mkdir -p root tree/d
head -c 20000000 /dev/urandom >big
head -c 1500000 /dev/urandom >middle
for i in $(seq 200); do head -c $((i * 97)) middle >"tree/d/$i"; done
start yam yam serve 'http://127.0.0.1:0?root=root&write=replace' 'https://127.0.0.1:0?root=root&write=replace'
wait_for_port yam http
plain=$port secured=$(port_of yam https)

# link NAME PLAN SCHEME PORT   → $url, the same server behind a link like that
link() {
    start "$1" yam pipe listen:tcp://127.0.0.1:0 "tcp://127.0.0.1:$4" --impair "$2"
    url=$3://127.0.0.1:$(port_of "$1" tcp)
}
clean() { same_text "$(find root -name '*.part' -type f)" ''; }

link late delay=30ms±20ms,rate=8MB/s http "$plain"
expect_status 0 yam put middle tree "$url/late/../" && same_file middle root/middle && diff -r tree root/tree
rm -r root/tree

# Each connection dies after so much: tus goes on, pipelines are begun again, and one is enough in the end.
for how in '' ',reset'; do
    link "cut$how" "cut=3MB$how" http "$plain"
    expect_status 0 yam put big "$url/" --retry 50 && contains stderr 'trying again' && same_file big root/big
    expect_status 0 yam put tree "$url/" --retry 50 && diff -r tree root/tree
    [ -z "$how" ] || link "short$how" "cut=300KB$how" http "$plain"
    expect_status 0 yam put tree "$url/again" --retry 50 && diff -r tree root/again
    rm -r root/big root/tree root/again
done
# A file that goes by PUT has no place to go on from: it is told, and nothing half is left.
link never cut=400KB http "$plain"
if timeout "$LIMIT" yam put middle "$url/never" --retry 1 2>stderr; then fail "it cannot have arrived"; fi
[ ! -e root/never ]
eventually '[ -z "$(find root -name "never*")" ]'
link secured cut=5MB,reset,delay=2ms https "$secured"
expect_status 0 yam put big middle tree "$url/" --retry 50 --force --no-verify
same_file big root/big && same_file middle root/middle && diff -r tree root/tree
# Nobody takes anything: the wait has a limit.
start deaf python3 -c '
import socket, time
server = socket.create_server(("127.0.0.1", 0))
print("ready", server.getsockname()[1], flush=True)
held = [server.accept() for _ in range(9)]'
expect_status 3 yam put middle "http://127.0.0.1:$(port_of deaf)/x" --timeout 1s --retry 0
clean
