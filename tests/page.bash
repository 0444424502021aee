# shellcheck shell=bash
# What tests of the page share: a browser, its driver, and where pictures of the page are kept.
# shellcheck source=tests/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need node npm chromium python3

# The driver comes by npm once for each lock file; nothing of it runs before a test does.
export WEB_PEERS=${YAM_BUILD:-$TESTS/../build/release}/../peers/web
if ! cmp -s "$TESTS/web/package-lock.json" "$WEB_PEERS/package-lock.json"; then
    mkdir -p "${WEB_PEERS%/*}" fresh
    cp "$TESTS"/web/package*.json fresh/
    LIMIT=100 expect_status 0 npm ci --prefix fresh --ignore-scripts --no-audit --no-fund >npm.out
    rm -rf "$WEB_PEERS"
    mv -T fresh "$WEB_PEERS" || [ -d "$WEB_PEERS/node_modules" ] # another test may have been quicker
fi
CHROMIUM=$(command -v chromium)
PICTURES=${WEB_PEERS%/peers/web}/test-logs/${0##*/}-pictures
export CHROMIUM PICTURES

# browse SCRIPT URL   runs tests/web/SCRIPT.mjs against the page at the URL
browse() {
    PAGE_URL=$2 timeout --kill-after=2 110 node "$TESTS/web/$1.mjs" >browse.out 2>&1 && return
    cat browse.out >&2
    fail "the browser saw what it should not, or not what it should"
}
