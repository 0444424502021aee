# shellcheck shell=bash disable=SC2034
# What the scripts about examples/ add to the vocabulary: the programs by their names, and people who type.
# shellcheck source=tests/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need python3 flock cmake

# The scripts may run at the same time, and a build folder takes one build at a time.
YAM_BUILD=${YAM_BUILD:-$TESTS/../build/release}
flock "$YAM_BUILD/examples.lock" cmake --build "$YAM_BUILD" --target examples >build.log 2>&1 || {
    cat build.log
    fail "the examples do not build"
}
PATH=$YAM_BUILD/examples:$PATH

# A program with a keyboard: `sit NAME COMMAND…`, then `types NAME LINE`.
sit() {
    mkfifo "$1.keys"
    start "$@" <>"$1.keys"
}
types() { printf '%s\n' "$2" >"$1.keys"; }
hears() { eventually "grep -qF -- '$2' $1.out"; }

# serve PROGRAM [WORD…]   starts an example at a free port; `at` says where. Ask it as often as you like.
serve() {
    sit "$1" "$1" "${serve_at:-127.0.0.1:0}" "${@:2}"
    wait_for_port "$1"
    at=127.0.0.1:$port
}
# peer ROW ARGUMENT…   the Python server of a row; `at` says where
peer() {
    start "peer" classics.py "$1" server "${@:2}"
    wait_for_port peer
    at=127.0.0.1:$port
}
peer_kept() { expect_end peer 0; }
# asks ROW ARGUMENT…   the Python client of a row, which judges what it hears; what it says is in ./asked
asks() { expect_status 0 classics.py "$1" client --port "$port" "${@:2}" >asked; }
