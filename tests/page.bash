# shellcheck shell=bash
# What tests of the page share: a browser, its driver, and where pictures of the page are kept.
# shellcheck source=tests/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need chromium python3
# shellcheck source=tests/npm.bash
source "$TESTS/npm.bash"
CHROMIUM=$(command -v chromium)
PICTURES=${WEB_PEERS%/peers/web}/test-logs/${0##*/}-pictures
export CHROMIUM PICTURES

# browse SCRIPT URL   runs tests/web/SCRIPT.mjs against the page at the URL
browse() {
    PAGE_URL=$2 timeout --kill-after=2 110 node "$TESTS/web/$1.mjs" >browse.out 2>&1 && return
    cat browse.out >&2
    fail "the browser saw what it should not, or not what it should"
}
