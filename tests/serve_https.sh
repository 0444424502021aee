#!/usr/bin/env bash
# `yam serve https://`: its own identity, one that is given, and a new one on SIGHUP.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need curl openssl
export XDG_STATE_HOME=$WORK/state

mkdir root
head -c 5000000 /dev/urandom >root/big
start yam yam serve 'https://127.0.0.1:0?root=root'
port=$(port_of yam https)
pin() {
    openssl s_client -connect "127.0.0.1:$1" </dev/null 2>/dev/null | openssl x509 -pubkey -noout |
        openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | openssl enc -base64
}
own=$(pin "$port")
expect_status 0 curl -sS -k --pinnedpubkey "sha256//$own" -o got "https://127.0.0.1:$port/big"
same_file root/big got
expect_status 60 curl -sS -o got "https://127.0.0.1:$port/big"
expect_status 0 curl -sS -k -r 100-199 -o got "https://127.0.0.1:$port/big"
same_text "$(sha256sum <got)" "$(tail -c +101 root/big | head -c 100 | sha256sum)"
# who does not speak TLS gets nothing, and does no harm
curl -s -m "$LIMIT" "http://127.0.0.1:$port/big" -o none && fail 'plain HTTP was answered'
stop yam
same_text "$stopped_with" 0

# the identity stays from run to run
start yam yam serve 'https://127.0.0.1:0?root=root'
same_text "$(pin "$(port_of yam https)")" "$own"
stop yam

# a given certificate, and the next one on SIGHUP, while a download goes on
make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout "$1.key" -out "$1.pem" 2>/dev/null
}
make_certificate one && make_certificate two
cp one.pem cert.pem && cp one.key cert.key
start yam yam serve 'https://127.0.0.1:0?root=root&cert=cert.pem&key=cert.key'
port=$(port_of yam https)
get() {
    curl -sS --resolve "localhost:$port:127.0.0.1" --cacert "$1.pem" "https://localhost:$port/big" "${@:2}"
}
get one -o got && same_file root/big got
get one --limit-rate 2M -o slow &
slow=$!
eventually '[ -s slow ]'
cp two.pem cert.pem && cp two.key cert.key
kill -HUP "$(pid_of yam)"
eventually 'get two -o got' && same_file root/big got
status=0
get one -o none 2>/dev/null || status=$?
same_text "$status" 60
wait $slow && same_file root/big slow
# one that cannot be read leaves the present one
echo nonsense >cert.pem
kill -HUP "$(pid_of yam)"
eventually 'grep -q "the certificate of before stays" yam.err'
get two -o got && same_file root/big got
stop yam
