# shellcheck shell=bash
# What tests need of npm, in WEB_PEERS: it comes once for each lock file, and nothing of it runs before a test
# does. Sourced behind lib.sh.
need node npm
export WEB_PEERS=${YAM_BUILD:-$TESTS/../build/release}/../peers/web
if ! cmp -s "$TESTS/web/package-lock.json" "$WEB_PEERS/package-lock.json"; then
    mkdir -p "${WEB_PEERS%/*}" fresh
    cp "$TESTS"/web/package*.json fresh/
    LIMIT=100 expect_status 0 npm ci --prefix fresh --ignore-scripts --no-audit --no-fund >npm.out
    rm -rf "$WEB_PEERS"
    mv -T fresh "$WEB_PEERS" || [ -d "$WEB_PEERS/node_modules" ] # another test may have been quicker
fi
