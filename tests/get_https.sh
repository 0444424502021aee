#!/usr/bin/env bash
# `yam get https://`: whom it trusts, what it refuses, and the ways there: redirects, a proxy's tunnel.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need nginx openssl python3
unset http_proxy https_proxy all_proxy no_proxy HTTPS_PROXY ALL_PROXY NO_PROXY
mkdir root got
head -c 20000000 /dev/urandom >root/large
head -c 700 /dev/urandom >root/small

# certificate NAME ALT-NAMES   as NAME.pem, which signs itself
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
        -addext "subjectAltName=$2" -keyout "$1.key" -out "$1.pem" 2>/dev/null
}
pin_of() {
    openssl x509 -in "$1.pem" -noout -pubkey | openssl pkey -pubin -outform der |
        openssl dgst -sha256 -binary | base64
}
certificate good DNS:localhost,IP:127.0.0.1 && certificate other DNS:elsewhere
start nasty nasty_http.py root
nasty=$(port_of nasty)
tls=$(free_port)
cat >nginx.conf <<EOF
$([ "$(id -u)" != 0 ] || echo 'user root;')
daemon off; pid $WORK/nginx.pid; error_log $WORK/nginx.log; worker_processes 1;
events {}
http { access_log $WORK/access; default_type application/octet-stream;
  client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  server { listen 127.0.0.1:$tls ssl; ssl_certificate $WORK/good.pem; ssl_certificate_key $WORK/good.key;
    root $WORK/root; location /down { return 302 http://127.0.0.1:$nasty/small; }
    location /aside { return 308 /small; } } }
EOF
start nginx nginx -p "$WORK" -c nginx.conf
wait_for_listener tcp "$tls"
url=https://127.0.0.1:$tls

# get URL OPTION…   into got/out; refused STATUS URL WORDS OPTION…
get() { rm -f got/out && expect_status 0 yam get "$1" -o got/out "${@:3}" && same_file "root/$2" got/out; }
refused() {
    expect_status "$1" yam get "$2" -o got/no "${@:4}" && contains stderr "$3"
    [ ! -e got/no ] || fail "got/no appeared"
}

get "$url/large" large --ca good.pem && get "$url/large" large --ca good.pem --jobs 3
get "https://localhost:$tls/small" small --ca good.pem -v && contains stderr '200 from https://localhost'
refused 5 "$url/small" '127.0.0.1'
refused 5 "$url/small" '127.0.0.1' --ca other.pem
refused 8 "$url/small" 'nothing.pem' --ca nothing.pem
get "$url/small" small --no-verify
get "$url/small" small --pin "sha256//$(pin_of good)"
refused 5 "$url/small" 'pinned' --pin "sha256//$(pin_of other)"
get "$url/small#pin=sha256//$(pin_of good)" small
refused 5 "$url/small#pin=sha256//$(pin_of other)" 'pinned'
refused 2 "$url/small#pin=sha256//x" 'is no pin'
refused 2 "$url/small" 'contradict' --no-verify --ca good.pem

# --- never from https to http; the other way, and aside
refused 7 "$url/down" 'without TLS' --ca good.pem
get "$url/aside" small --ca good.pem
get "http://127.0.0.1:$nasty/x?to=https://127.0.0.1:$tls/small" small --ca good.pem

# --- through a proxy's tunnel, which sees nothing but bytes
https_proxy=http://127.0.0.1:$nasty get "$url/large" large --ca good.pem
contains nasty.out "CONNECT 127.0.0.1:$tls" && lacks nasty.out /large
https_proxy=http://127.0.0.1:$nasty refused 5 "$url/small" '127.0.0.1'
https_proxy=http://127.0.0.1:1 refused 1 "$url/small" 'is out of reach'

# --- killed in the middle
start slow yam get "$url/large" -o got/cut --ca good.pem --limit-rate 10MB/s
eventually '[ -s got/cut.part.yam ] && grep -q ^there got/cut.part.yam'
stop slow KILL
expect_status 0 yam get "$url/large" -o got/cut --ca good.pem --continue && same_file root/large got/cut
contains stderr 'going on at'
