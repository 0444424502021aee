#!/usr/bin/env bash
# yam pipe puts TLS around a plain server, and takes it off in front of a plain client; openssl and curl are
# the other ends. A TLS stream that is cut is never a good end.
source "$(dirname "$0")/lib.sh"
need openssl curl ncat socat
export XDG_STATE_HOME=$WORK/state
seq 100000 >text
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout site.pem -out site.crt 2>/dev/null
cat site.crt >>site.pem

# TLS outside, plain inside: s_client and curl verify the certificate
start plain socat -dd TCP-LISTEN:0,bind=127.0.0.1,fork SYSTEM:"read line; cat $WORK/text"
start wrap yam pipe "listen:tls://127.0.0.1:0?cert=$WORK/site.pem" "tcp://127.0.0.1:$(port_of plain)" -v
wrapped=$(port_of wrap tls)
echo go | openssl s_client -quiet -verify_return_error -CAfile site.crt -connect "localhost:$wrapped" \
    >text.got 2>s_client.err
same_file text text.got
curl -sS --http0.9 --cacert site.crt "https://localhost:$wrapped/" >text.got
same_file text text.got
contains wrap.err TLSv1.3

# plain outside, TLS inside, towards openssl s_server
port=$(free_port)
start tls openssl s_server -quiet -rev -naccept 2 -cert site.crt -key site.pem -accept "127.0.0.1:$port"
wait_for_listener tcp "$port"
start unwrap yam pipe listen:tcp://127.0.0.1:0 "tls://127.0.0.1:$port?ca=$WORK/site.crt"
same_text "$(printf 'level up\nCLOSE\n' | ncat 127.0.0.1 "$(port_of unwrap)" | head -n 1)" "pu level"

# a server that is not who it should be: that pair ends, with status 5 when it is the only one
expect_status 5 yam pipe exec:true "tls://127.0.0.1:$wrapped"
contains stderr certificate

# the identity that is made on first use
start own yam pipe listen:tls://127.0.0.1:0 exec:cat
same_text "$(echo hi | yam pipe - "tls://127.0.0.1:$(port_of own tls)?verify=none")" hi

# a TLS stream that is cut is reset: no close_notify, no quiet success
start cut yam pipe "listen:tls://127.0.0.1:0?cert=$WORK/site.pem" "tcp://127.0.0.1:$(port_of plain)" \
    --impair cut=1000B,reset
echo go >go
expect_status 5 yam connect "tls://127.0.0.1:$(port_of cut tls)?verify=none" <go >/dev/null
contains stderr "connection reset by peer"
