#!/usr/bin/env bash
# The page in Chromium and tus: an upload that goes on after the page was loaded again and the server killed.
# shellcheck source=tests/page.bash
source "$(dirname "$0")/page.bash"

mkdir share
start yam yam serve "http://127.0.0.1:0?root=share&write=new"
port=$(port_of yam http)

# Kills the server and starts another one in its place, once, when the browser asks by a file.
restart() {
    eventually '[ -e restart ]'
    kill -KILL "$(pid_of yam)"
    wait "$(pid_of yam)" 2>/dev/null || true
    rm .started/yam
    start yam yam serve "http://127.0.0.1:$port?root=share&write=new"
    wait_for_port yam http
    rm restart
}

start browser bash -c "PAGE_URL=http://127.0.0.1:$port timeout 100 node '$TESTS/web/resuming.mjs' 2>&1"
LIMIT=60 restart
LIMIT=100 expect_end browser 0
same_file share/film.bin film.bin
same_file share/other.bin other.bin
