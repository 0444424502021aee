#!/usr/bin/env bash
# TLS with openssl and curl at the other end: who is believed, who is not (exit status 5), and that a stream
# cut without close_notify is never taken for a whole one.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need openssl curl socat
export XDG_STATE_HOME=$WORK/state SSL_CERT_FILE=/dev/null

# certificate NAME SUBJECT ALTERNATIVE   NAME.pem and NAME.key, signed by the authority
certificate() {
    openssl req "${new_key[@]}" -keyout "$1.key" -out "$1.csr" -subj "/CN=$2"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -days 2 -out "$1.pem" \
        -extfile <(echo "subjectAltName=$3")
} 2>openssl.log
new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
openssl req -x509 "${new_key[@]}" -keyout ca.key -out ca.pem -days 2 -subj '/CN=Tests' 2>openssl.log
certificate here localhost DNS:localhost,IP:127.0.0.1
certificate there example.org DNS:example.org
certificate client someone DNS:someone
cat here.pem here.key >here.both
pin() {
    openssl x509 -in "$1" -pubkey -noout | openssl pkey -pubin -outform der |
        openssl dgst -sha256 -binary | base64
}

# s_server CERTIFICATE OPTIONS…   answers one connection with what it is told
s_server() {
    port=$(free_port)
    start server openssl s_server -accept "127.0.0.1:$port" -naccept 1 -quiet -cert "$1.pem" -key "$1.key" \
        "${@:2}"
    wait_for_listener tcp "$port"
}
us() { expect_status "$1" yam connect "tls://localhost:$port" "${@:2}" </dev/null >out; }
server_left() { eventually '! running server' && rm .started/server; }

# The certificate must be signed, be for the name, and be the pinned one.
s_server here < <(printf hello) && us 0 --ca ca.pem -v && same_text "$(cat out)" hello && server_left
contains stderr 'TLSv1.3' && contains stderr "pin sha256//$(pin here.pem)"
s_server here && us 5 && contains stderr 'certificate' && server_left
s_server there && us 5 --ca ca.pem && contains stderr 'example.org' && server_left
s_server there < <(printf hi) && us 0 --ca ca.pem --sni example.org && same_text "$(cat out)" hi &&
    server_left
s_server here && us 5 --ca ca.pem --pin "sha256//$(pin there.pem)" && contains stderr pin && server_left
s_server here < <(printf hi) && us 0 --ca ca.pem --pin "sha256//$(pin here.pem)" && server_left
s_server there < <(printf hi) && us 0 --no-verify && same_text "$(cat out)" hi && server_left
s_server here -alpn x/1,y/2 && us 0 --ca ca.pem --alpn y/2,z/3 --json && contains out '"alpn":"y/2"' &&
    server_left
start plain socat -dd TCP-LISTEN:0,bind=127.0.0.1 SYSTEM:'echo no TLS here; cat' && wait_for_port plain
us 5 && contains stderr 'TLS handshake with localhost'

# Client certificates, from both sides.
s_server here -Verify 1 -CAfile ca.pem -verify_return_error < <(printf known)
us 0 --ca ca.pem --cert client.pem --key client.key && same_text "$(cat out)" known && server_left
s_server here -Verify 1 -CAfile ca.pem -verify_return_error && us 5 --ca ca.pem && server_left
start yam yam listen tls://127.0.0.1:0 --cert here.both --client-ca ca.pem --sh 'echo for $YAM_PEER_ADDRESS'
wait_for_port yam
s_client() { timeout 9 openssl s_client -connect "127.0.0.1:$port" -quiet "$@" 2>said || true; }
same_text "$(s_client -cert client.pem -key client.key)" 'for 127.0.0.1'
same_text "$(s_client)" '' && contains yam.err "it showed no certificate"
stop yam

# Names and protocols that a caller asks for: -v tells both, and a caller with none of ours is turned away.
start yam yam listen 'tls://127.0.0.1:0?alpn=x/1,y/2' --cert here.both --sh 'echo agreed' -v
wait_for_port yam
same_text "$(s_client -servername example.org -alpn h2,y/2)" agreed
eventually 'grep -qF "ALPN y/2, asked for example.org" yam.err'
refusal=0
timeout 9 openssl s_client -connect "127.0.0.1:$port" -alpn h2 >said 2>&1 || refusal=$?
same_text "$refusal" 1 && contains said 'no application protocol'
eventually 'grep -qF "it offers no protocol that we speak" yam.err'
us 5 --ca ca.pem --alpn h2 && contains stderr 'it speaks no protocol that we offer'
stop yam

# Who waits for one peer: callers who say nothing, and one who speaks no TLS, keep nobody out.
start yam yam listen tls://127.0.0.1:0 --cert here.both -v < <(printf welcome) && wait_for_port yam
start silent socat -u "TCP:127.0.0.1:$port" -
start mute socat -u "TCP:127.0.0.1:$port" -
connected() { [ "$(ss -tnH state established "( sport = :$port )" | wc -l)" = "$1" ]; }
eventually 'connected 2'
printf 'no TLS\n' | timeout 9 socat - "TCP:127.0.0.1:$port" >said || true
eventually 'grep -qF "what came is not TLS" yam.err'
same_text "$(s_client -CAfile ca.pem -verify_return_error)" welcome && expect_end yam 0
same_text "$(grep -c 'closed in its handshake, somebody else was first' yam.err)" 2
expect_end silent 0 && expect_end mute 0

# Cut in the middle: what came is kept, and it is a failure; a whole stream of the same bytes is none.
head -c 100000 /dev/urandom >data
cut_server() {
    cat >cut.py <<'PYTHON'
import fcntl, socket, ssl, struct, sys, termios
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("here.both")
listener = socket.create_server(("127.0.0.1", 0))
print("ready", listener.getsockname()[1], flush=True)
peer = context.wrap_socket(listener.accept()[0], server_side=True, suppress_ragged_eofs=False)
peer.sendall(open("data", "rb").read())
if sys.argv[1] == "whole":
    peer.unwrap()
if sys.argv[1] == "reset":
    while any(fcntl.ioctl(peer, termios.TIOCOUTQ, bytes(4))):
        pass  # a reset would overtake what has not been taken
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
peer.close()
PYTHON
    start server python3 cut.py "$1" && wait_for_port server
}
cut_server cut && us 5 --ca ca.pem --on-eof stay && same_file out data &&
    contains stderr 'cut without close_notify' && server_left
cut_server reset && us 5 --ca ca.pem --on-eof stay &&
    contains stderr 'connection reset by peer' && contains stderr 'cut without close_notify' && server_left
cut_server whole && us 0 --ca ca.pem && same_file out data && server_left

# Our own identity: made on first use, kept, and good for curl by its pin.
start yam yam listen tls://localhost:0 --alpn http/1.1 --sh 'printf "HTTP/1.0 200 OK\r\n\r\nhello"'
wait_for_port yam && own=$XDG_STATE_HOME/yam/identity.pem && same_text "$(stat -c %a "$own")" 600
ask() { curl -sS --insecure --max-time 10 --pinnedpubkey "sha256//$1" "https://localhost:$port/"; }
same_text "$(ask "$(pin "$own")")" hello
ask "$(pin here.pem)" 2>curl.err && fail "curl took a wrong pin"
expect_status 0 yam connect "tls://localhost:$port" --pin "sha256//$(pin "$own")" --no-verify </dev/null >out
kept=$(pin "$own") && stop yam
start yam yam listen tls://localhost:0 --once && wait_for_port yam && same_text "$(pin "$own")" "$kept"
printf over | expect_status 0 yam connect "tls://localhost:$port" --ca "$own" && expect_end yam 0
same_text "$(cat yam.out)" over
