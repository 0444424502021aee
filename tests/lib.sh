# shellcheck shell=bash
# The vocabulary of the whole-program scripts: a script sources this file, starts what it needs by name and
# says what must hold. It runs in a folder of its own that is gone at the end, with every program it started.
# Nothing here skips, and nothing sleeps but `eventually`.
#
#   YAM       the program under test (default: the release build); the scripts call it `yam`
#   LIMIT     seconds that any one wait or command may take (default 20)
#   KEEP=1    leaves the folder, and says where it is

set -Eeuo pipefail
exec </dev/null

TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
YAM=${YAM:-${YAM_BUILD:-$TESTS/../build/release}/yam}
LIMIT=${LIMIT:-20}
WORK=$(mktemp -d "${TMPDIR:-/tmp}/yam-test.XXXXXX")
mkdir "$WORK/.bin" "$WORK/.started"
ln -s "$(realpath -m "$YAM")" "$WORK/.bin/yam"
PATH=$WORK/.bin:$TESTS/peers:$PATH # `yam` and `classics.py` by their names
export PYTHONDONTWRITEBYTECODE=1
cd "$WORK"

trap leave EXIT
trap 'exit 130' INT TERM
trap 'fail "line $LINENO: $BASH_COMMAND"' ERR

# --- what must hold --------------------------------------------------------------------------------

# expect_status N COMMAND…   runs it within the limit; its stderr lands in ./stderr, its stdout goes on
expect_status() {
    local wanted=$1 got=0
    shift
    timeout --kill-after=2 "$LIMIT" "$@" 2>stderr || got=$?
    [ "$got" = "$wanted" ] && return
    show_file stderr
    fail "exit status $got instead of $wanted: $*"
}

same_file() { cmp -s -- "$1" "$2" || fail "$1 and $2 differ: $(cmp -- "$1" "$2" 2>&1 || true)"; }

# same_text ACTUAL EXPECTED
same_text() { [ "$1" = "$2" ] || fail "$(printf 'got  %q\nwant %q' "$1" "$2")"; }

# contains FILE TEXT
contains() { grep -qF -- "$2" "$1" || { show_file "$1" && fail "$1 lacks: $2"; }; }
lacks() { ! grep -qF -- "$2" "$1" || { show_file "$1" && fail "$1 holds: $2"; }; }

# eventually 'CONDITION'   the only wait: polls until the condition holds
eventually() {
    local end=$((SECONDS + LIMIT))
    until eval "$1" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || fail "not within $LIMIT s: $1"
        sleep 0.02
    done
}

# need PROGRAM…   a missing one fails the test: it proves nothing without its peer
need() {
    local program
    for program; do
        command -v "$program" >/dev/null || fail "missing program: $program"
    done
}

# --- programs in the background --------------------------------------------------------------------

# start NAME COMMAND…   its output lands in NAME.out and NAME.err; stdin goes on (`start x yam … < file`)
start() {
    local name=$1
    shift
    [ ! -e "$WORK/.started/$name" ] || fail "started twice: $name"
    : >"$WORK/$name.out" >"$WORK/$name.err" # an earlier program of that name left its port there
    "$@" <&0 >"$WORK/$name.out" 2>"$WORK/$name.err" &
    echo $! >"$WORK/.started/$name"
}

pid_of() { cat "$WORK/.started/$1"; }
running() { kill -0 "$(pid_of "$1")"; }

# expect_end NAME STATUS   waits until it has left by itself
expect_end() {
    local got=0
    eventually "! running $1"
    wait "$(pid_of "$1")" || got=$?
    rm "$WORK/.started/$1"
    [ "$got" = "$2" ] || fail "$1 ended with $got instead of $2"
}

# stop NAME [SIGNAL]   ends it; `stopped_with` holds its exit status
stop() {
    kill -s "${2:-TERM}" "$(pid_of "$1")"
    eventually "! running $1"
    # shellcheck disable=SC2034 # for the script that called
    stopped_with=0
    wait "$(pid_of "$1")" || stopped_with=$?
    rm "$WORK/.started/$1"
}

# wait_for_port NAME [SCHEME]   until it has said where it listens; `port` holds the number
wait_for_port() {
    eventually "[ -n \"\$(said_port $1 ${2:-})\" ] || ! running $1"
    port=$(said_port "$1" "${2:-}")
    [ -n "$port" ] || fail "$1 left before it listened"
}

# port_of NAME [SCHEME]   the same, for use in a command line
port_of() {
    local port
    wait_for_port "$@"
    echo "$port"
}

# A peer prints `ready PORT`; yam `yam: listening on tcp://127.0.0.1:43211`; socat -dd `listening on AF=2 …`.
said_port() {
    sed -nE "s/^ready ([0-9]+)\$/\1/p" "$WORK/$1.out" | head -n 1
    sed -nE "s,.*listening on (${2:-[a-z]+}://|AF=[0-9]+ )[^ ]*:([0-9]+).*,\2,p" "$WORK/$1.err" | head -n 1
}

# wait_for_listener tcp|udp PORT   for peers that say nothing; it does not use their first connection up
wait_for_listener() {
    local state=0A
    [ "$1" = tcp ] || state=07
    eventually "grep -qiE ':$(printf %04X "$2") [0-9A-F:]+ $state' /proc/net/$1 /proc/net/${1}6"
}

# A port that was free a moment ago, for peers that cannot choose one themselves; none that the kernel gives
# to whoever asks for any, as the tests beside this one do.
free_port() {
    python3 - <<'EOF'
import random, socket

with open("/proc/sys/net/ipv4/ip_local_port_range") as ports:
    end = max(int(ports.read().split()[0]), 20000)
while True:
    port = random.randrange(10000, end)
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        try:
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break
EOF
}

# --- the end ---------------------------------------------------------------------------------------

# fail WORDS…   says where, what, and what the programs in the background said last
fail() {
    trap - ERR
    echo "FAILED ${BASH_SOURCE[-1]##*/}:${BASH_LINENO[-2]}: $*" >&2
    local log
    for log in "$WORK"/*.err; do
        show_file "$log"
    done
    exit 1
}

show_file() {
    [ -s "$1" ] || return 0
    echo "  ${1##*/}:" >&2
    tail -n 20 -- "$1" | cut -c -400 | sed 's/^/    /' >&2
}

leave() {
    local status=$? file pid
    trap - ERR EXIT
    for file in "$WORK"/.started/*; do
        [ -e "$file" ] || continue
        pid=$(cat "$file")
        kill "$pid" 2>/dev/null || continue
        timeout 2 tail --pid="$pid" -f /dev/null || kill -9 "$pid" 2>/dev/null || true
    done
    cd /
    if [ -n "${KEEP:-}" ]; then echo "kept $WORK" >&2; else rm -rf "$WORK"; fi
    exit "$status"
}
