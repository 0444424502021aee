#!/usr/bin/env bash
# `yam get FILE.meta4`: from nginx, python3 and yam at once, of which some are dead, slow, wrong or without
# ranges; what is damaged is repaired, and nothing that was proven is fetched or checked twice.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need nginx python3
unset http_proxy all_proxy
export XDG_STATE_HOME=$WORK/state
mkdir -p root lies
head -c 12000000 /dev/urandom >root/big
head -c 3000 /dev/urandom >'root/小 文'
: >root/empty
cp root/big lies/big
for at in 100 5000000 11999999; do printf 'lie' | dd of=lies/big bs=1 seek=$at conv=notrunc status=none; done
truncate -s 12000000 lies/big
nginx=$(free_port) limited=$(free_port)
cat >nginx.conf <<EOF2
$([ "$(id -u)" != 0 ] || echo 'user root;')
daemon off; pid $WORK/nginx.pid; error_log $WORK/nginx.log; worker_processes 1;
events {}
http { log_format ranges '\$http_range \$body_bytes_sent'; access_log $WORK/ranges ranges;
  default_type application/octet-stream;
  client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  server { listen 127.0.0.1:$nginx; root $WORK/root; location /lies/ { root $WORK; }
           location = /described { default_type application/metalink4+xml; } }
  server { listen 127.0.0.1:$limited; root $WORK/root; limit_rate 30k; } }
EOF2
start nginx nginx -p "$WORK" -c nginx.conf
simple=$(free_port)
start simple python3 -m http.server --bind 127.0.0.1 --directory root "$simple"
start nasty nasty_http.py root
start yam yam serve 'http://127.0.0.1:0?root=root'
for port in "$nginx" "$limited" "$simple"; do wait_for_listener tcp "$port"; done
good=http://127.0.0.1:$nginx/big lie=http://127.0.0.1:$nginx/lies/big dead=http://127.0.0.1:$(free_port)/big
plain=http://127.0.0.1:$simple/big slow=http://127.0.0.1:$limited/big
ours=http://127.0.0.1:$(port_of yam http) nasty=http://127.0.0.1:$(port_of nasty)/big

# describe OPTION… URL…   the big file, at http://…/a.meta4
describe() {
    local options=()
    while [[ $1 == --* ]]; do options+=("$1") && shift; done
    make_meta4.py "${options[@]}" big root/big "$@" >root/a.meta4
}
# gets STATUS OPTION…   what a.meta4 describes
gets() { : >ranges && expect_status "$1" yam get "http://127.0.0.1:$nginx/a.meta4" "${@:2}"; }
whole() { same_file root/big big && rm big && same_text "$(find . -maxdepth 1 -name 'big*')" ''; }
sent() { awk '{ sum += $NF } END { print sum + 0 }' ranges; }

# --- what our server writes; by media type alone; and as a file
expect_status 0 yam get "$ours/big.meta4" && whole
mkdir in && expect_status 0 yam get "$ours/%E5%B0%8F%20%E6%96%87.meta4" "$ours/empty.meta4" -o in/
same_file 'root/小 文' 'in/小 文' && same_file root/empty in/empty
describe "$good" && mv root/a.meta4 root/described
expect_status 0 yam get "http://127.0.0.1:$nginx/described" --jobs 3 && whole
expect_status 0 yam get "http://127.0.0.1:$nginx/described" --no-metalink
same_file root/described described
describe --pieces=500000 "$good"
gets 0 -o kept.meta4 && same_file root/a.meta4 kept.meta4
expect_status 0 yam get "http://127.0.0.1:$nginx/a.meta4" -o - >kept && same_file root/a.meta4 kept

# --- several at once; who is dead, lies, or has no ranges is left, and that is said
describe --pieces=500000 "$good" "$ours/big" "ftp://127.0.0.1/big" "$nasty?"
gets 0 --jobs 6 && whole && [ "$(grep -c bytes= ranges)" -ge 2 ] && contains nasty.out 'bytes='
describe --pieces=500000 "$dead" "$lie" "$plain" "$good"
gets 0 --jobs 4 && whole
contains stderr "$dead: " && contains stderr 'is wrong; left for the other mirrors'
contains stderr 'gives no ranges'
describe --pieces=500000 "$plain" "$lie" && gets 0 && whole
describe --pieces=500000 "$nasty?cut=2700000" "$nasty?cut=2900000&x" && gets 0 --retry 9 && whole
describe --pieces=500000 "$nasty?cut=2100000" && gets 0 --retry 9 && whole && contains stderr 'trying again'
describe --pieces=500000 "$slow" "$good" && gets 0 --timeout 5s && whole
describe --pieces=500000 --no-size "$dead" "$good" && gets 0 && whole
describe --hash=sha-512 "$good" "$ours/big" && gets 0 && whole
describe --hash=none "$dead" "$good" && gets 0 && whole

# --- what is not what was promised
describe --pieces=500000 "$lie" && gets 6 && contains stderr 'piece 1 of 24 is wrong' && rm -f big.part*
describe --wrong "$good" && gets 6 && contains stderr 'another sha-256'
describe --wrong --pieces=500000 "$good" "$ours/big" && gets 6 && contains stderr 'no other mirror is left'
same_text "$(find . -maxdepth 1 -name 'big*')" ''
describe "$dead" && gets 1 && contains stderr 'refused'
describe "$nasty?status=404" && gets 7 && contains stderr '404'
describe "http://127.0.0.1:$nginx/described" && gets 6 && contains stderr 'another size'

# --- repair: what is wrong comes again, and nothing else
describe --pieces=500000 "$good"
cp lies/big big
gets 8 && contains stderr 'already exists'
gets 0 --continue && contains stderr '3 of 24 pieces are wrong' && whole
[ "$(sent)" -lt 2000000 ] || fail "$(sent) bytes came for three pieces"
cp root/big big && gets 0 --continue && contains stderr 'is here already' && ! grep -q bytes= ranges
whole && head -c 5000 root/described >big && cp big mine && gets 8 --continue && same_file big mine && rm big

# --- killed, it goes on: only what was not checked any more is, and nothing that was is fetched
start killed yam get "http://127.0.0.1:$nginx/a.meta4" --limit-rate 6MB/s
eventually 'grep -q "^verified 0 [0-9]\{7,\}" big.part.yam'
kill -9 "$(pid_of killed)"
wait "$(pid_of killed)" || true
rm "$WORK/.started/killed"
there=$(sed -n 's/^verified 0 //p' big.part.yam)
gets 0 --continue && contains stderr 'going on with' && whole
[ $(($(sent) - 12000000 + there)) -lt 20000 ] || fail "$(sent) bytes came beside the $there that were there"

# --- names; secrets; TLS
small=$ours/%E5%B0%8F%20%E6%96%87
make_meta4.py 'd/é/1' 'root/小 文' "$small" -- '../x' root/empty "$ours/empty" >root/a.meta4
gets 1 && contains stderr 'a file is called "../x"' && [ ! -e d ]
make_meta4.py 'd/é/1' 'root/小 文' "$small" -- 'd/2' root/empty "/empty" >root/a.meta4
gets 2 -o one && gets 0 -o in/ && same_file 'root/小 文' in/d/é/1 && same_file root/empty in/d/2
describe "http://user:pass@127.0.0.1/" && gets 7 && contains stderr 'no URL'
echo junk >root/a.meta4 && gets 1 && contains stderr 'no Metalink' && contains stderr '--no-metalink'
describe --pieces=500000 "$nasty?secret"
YAM_PASSWORD=p gets 0 --user me -H 'Cookie: c=d' && whole
contains nasty.out '/big?secret bytes=0-'
same_text "$(grep -F '?secret' nasty.out | grep -v 'auth none cookie none' || true)" ''
describe --hash=none "$nasty?bare" && YAM_PASSWORD=p gets 0 --user me -H 'Cookie: c=d' && whole
same_text "$(grep -F '?bare' nasty.out | grep -v 'auth none cookie none' || true)" ''
start tls yam serve 'https://127.0.0.1:0?root=root'
tls=https://127.0.0.1:$(port_of tls https)
describe --hash=md5 "$good" && expect_status 7 yam get --no-verify "$tls/a.meta4" && contains stderr 'no URL'
describe "$good" && expect_status 0 yam get --no-verify "$tls/a.meta4" && whole
