#!/usr/bin/env bash
# Every kind of endpoint, called and waited for; a gibibyte each way unaltered; and --trace.
# shellcheck source=tests/lib.sh
[ ! -d /dev/shm ] || TMPDIR=/dev/shm # gibibytes belong in memory
source "$(dirname "$0")/lib.sh"
need socat
export XDG_STATE_HOME=$WORK/state
us() { expect_status 0 yam connect "$@" >out; }
out() { same_text "$(cat out)" "$1"; }

# IPv6, and one listener for both families.
start yam yam listen 'tcp://[::1]:0' --exec cat && wait_for_port yam
echo six | us "[::1]:$port" && out six && stop yam
start yam yam listen :0 --sh 'echo "$YAM_PEER_ADDRESS"' && wait_for_port yam
us "127.0.0.1:$port" && out 127.0.0.1 && us "[::1]:$port" && out ::1 && us "localhost:$port" &&
    us ":$port" && stop yam
start yam yam listen 'udp://[::1]:0' --exec cat && wait_for_port yam
echo six | us "udp://[::1]:$port" && out six && stop yam

# Unix sockets, with paths, without, and of datagrams; the file is gone at the end.
for path in "$WORK/a 客.sock" "@yam-test-$$"; do
    start yam yam listen "unix:$path" --exec cat && eventually 'grep -q listening yam.err'
    echo hi | us "unix:$path" && out hi && stop yam
    [ ! -e "$path" ] || fail "left behind: $path"
done
start peer socat UNIX-LISTEN:stream.sock EXEC:cat && eventually '[ -S stream.sock ]' &&
    echo hi | us unix:stream.sock && out hi
start yam yam listen "unixgram:$WORK/d.sock" --exec cat && eventually '[ -S d.sock ]'
echo hi | us "unixgram:$WORK/d.sock" && out hi && stop yam
start yam yam listen "unixgram:$WORK/e.sock" --once && eventually '[ -S e.sock ]'
printf whole | socat - "UNIX-SENDTO:$WORK/e.sock" && expect_end yam 0 && same_text "$(cat yam.out)" whole

# Programs and files.
echo abc | us exec:'tr a-c A-C' && out ABC
expect_status 8 yam connect exec:'exit 3' && contains stderr 'exit status 3'
us "file:$TESTS/lib.sh" && same_file out "$TESTS/lib.sh"

# Bulk both ways at once: TCP from file to file (the kernel moves it), then TLS.
bulk() { # ENDPOINT MEBIBYTES CONNECT-OPTIONS…
    head -c "$2M" /dev/zero | openssl enc -aes-128-ctr -nosalt -pass pass:"$1" -md sha1 >up 2>/dev/null
    start yam yam listen "$1" <up && wait_for_port yam
    expect_status 0 yam connect "${1%:*}:$port" "${@:3}" <up | cmp - up || fail "altered on its way: $1"
    expect_end yam 0 && same_file up yam.out && rm up
}
bulk tcp://127.0.0.1:0 1024
bulk tls://127.0.0.1:0 256 --no-verify

# The ladder, on stderr or in a file.
start echo socat -dd TCP-LISTEN:0,bind=127.0.0.1,fork EXEC:cat && wait_for_port echo
echo hello | us "127.0.0.1:$port" --trace && out hello && mv stderr ladder
echo hello | us "127.0.0.1:$port" --trace=traced && [ ! -s stderr ]
for file in ladder traced; do
    for word in connect "sent 6" "received 6" half-close rtt; do contains "$file" "$word"; done
done
