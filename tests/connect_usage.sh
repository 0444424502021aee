#!/usr/bin/env bash
# What cannot be meant is refused at once: one clear line, a hint where there is one, exit status 2, and
# nobody is called for it. Options also come from the environment.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need nc

# refused FAULT HINT YAM-WORDS…
refused() {
    expect_status 2 yam "${@:3}" >out && contains stderr "$1" && contains stderr "$2"
    same_text "$(wc -c <out) $(grep -c '^yam: ' stderr)" '0 1'
    [ "$(wc -l <stderr)" -le 2 ] || fail "too many words: $(cat stderr)"
}

refused "there is no verb 'conect'" 'did you mean `yam connect`?' conect :80
refused 'no option --idel' 'did you mean --idle?' connect :80 --idel 3s
refused 'ENDPOINT' '--help' connect
refused "does not take 'more'" '--help' connect :80 more
refused 'tpc' 'tcp' connect tpc://localhost:80
refused '0' '' connect localhost:0
refused '65536' '' connect localhost:65536
refused 'http' '' connect localhost:http
refused 'localhost' 'port' connect localhost
refused 'frist' 'lines, crlf' connect 127.0.0.1:1 --frame frist
refused '--hex and --json' '' connect 127.0.0.1:1 --hex --json
refused '--frame and --eol' 'a frame needs no line end' connect 127.0.0.1:1 --frame u8 --eol lf
refused '"soon" is not a duration' '' connect 127.0.0.1:1 --timeout soon
refused "'never' is none of half-close|close|stay" '' connect 127.0.0.1:1 --on-eof never
refused "'0' is not a number from 1 to 65535" '' connect 127.0.0.1:1 --source-port 0
refused "'70000' is not a number" '' connect 127.0.0.1:1 --source-port 70000
refused '--tls goes with tcp' '' connect udp://127.0.0.1:1 --tls
refused 'sni' '' connect 127.0.0.1:1 --sni example.org
refused 'verfy' 'verify' connect 'tls://127.0.0.1:1?verfy=none'
refused 'connect does not wait' '`yam listen` does' connect listen:127.0.0.1:1
refused '--once contradicts' '' listen :0 --once --keep
refused '--exec and --sh' '' listen :0 --exec cat --sh cat
refused '--broadcast goes with no program' '' listen :0 --broadcast --sh cat
refused '--until' '--idle' listen :0 --keep --until bye
refused '--on-eof' '' listen :0 --keep --on-eof close
refused '--exec needs a command' '' listen :0 --exec ' '
refused 'exec' '' listen exec:cat
refused "'0' is not a number from 1" '' listen :0 --max 0
refused 'bad delimiter' '' listen :0 --frame 'delimiter:\q'

# What only the system can refuse.
expect_status 8 yam listen tcp://192.0.2.1:0 && contains stderr 'hint: no interface of this machine'
start other yam listen tcp://127.0.0.1:0 && wait_for_port other
expect_status 8 yam listen "tcp://127.0.0.1:$port"
contains stderr "cannot bind 127.0.0.1:$port: address already in use" &&
    contains stderr 'hint: another program'
: >plain && expect_status 8 yam listen "unix:$WORK/plain" && contains stderr 'is not a socket'
expect_status 8 yam listen tcp://127.0.0.1:0 --trace=/nowhere/at/all &&
    contains stderr 'cannot write the trace'
expect_status 8 yam connect tls://127.0.0.1:1 --ca nofile && contains stderr nofile

# The same options from the environment, a flag among them; --help is data and goes to stdout.
YAM_TIMEOUT=soon expect_status 2 yam connect 127.0.0.1:1 && contains stderr '"soon"'
YAM_JSON=1 expect_status 1 yam connect 127.0.0.1:1 >out && contains out '"event":"failed"'
expect_status 0 yam connect --help >out && contains out '--on-eof' && contains out 'Examples:'
expect_status 2 yam >out && expect_status 0 yam --version >out && contains out 'yam '
