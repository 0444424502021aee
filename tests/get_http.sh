#!/usr/bin/env bash
# `yam get http://` from servers that people run, and from one with bad manners: sizes, names, heads (row 7),
# redirects, who we are, what cannot be; the file appears whole or not at all.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need nginx python3
unset http_proxy https_proxy all_proxy no_proxy HTTPS_PROXY ALL_PROXY NO_PROXY
mkdir root got

for size in 0 1 511 65536 3000000; do
    head -c "$size" /dev/urandom >"root/$size"
done
printf '<p>%s</p>\n' $(seq 2000) >root/index.html
cp root/511 'root/空 格 "q"'
touch -d '2001-02-03 04:05:06 UTC' root/511

# --- nginx, python3's http.server (HTTP/1.0), and the bad one
nginx=$(free_port)
cat >nginx.conf <<EOF
$([ "$(id -u)" != 0 ] || echo 'user root;')
daemon off; pid $WORK/nginx.pid; error_log $WORK/nginx.log; worker_processes 1;
events {}
http { access_log $WORK/access; sendfile on; gzip on; gzip_min_length 1; types { text/html html; }
  default_type application/octet-stream;
  client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  server { listen 127.0.0.1:$nginx; root $WORK/root; } }
EOF
start nginx nginx -p "$WORK" -c nginx.conf
wait_for_listener tcp "$nginx"
simple=$(free_port)
start simple python3 -m http.server --bind 127.0.0.1 --directory root "$simple"
wait_for_listener tcp "$simple"
start nasty nasty_http.py root
nasty=$(port_of nasty)

# get URL OPTION…   into got/out, which must be the same as root/NAME
get() {
    rm -f got/out
    expect_status 0 yam get "$1" -o got/out "${@:3}" && same_file "root/$2" got/out
}
# refused STATUS URL WORDS OPTION…   and no file appears
refused() {
    expect_status "$1" yam get "$2" -o got/no --retry 0 "${@:4}" && contains stderr "$3"
    [ ! -e got/no ] || fail "got/no appeared"
}

for port in "$nginx" "$simple" "$nasty"; do
    for size in 0 1 511 65536 3000000; do get "http://127.0.0.1:$port/$size" $size; done
done
for size in 0 1 65536 3000000; do get "http://127.0.0.1:$nginx/$size" $size --jobs 3; done
get "http://localhost:$nginx/3000000" 3000000 --limit-rate 40MB/s
get "http://127.0.0.1:$nginx" index.html && get "http://127.0.0.1:$nginx" index.html --compressed -v
contains stderr 'decoded from gzip'
get "http://127.0.0.1:$nasty/3000000?close=1" 3000000
expect_status 0 yam get "http://127.0.0.1:$nginx/511" "http://127.0.0.1:$nginx/1" -o - >both
cat root/511 root/1 | cmp - both

# --- names, times, files that are there
(cd got && expect_status 0 yam get "http://127.0.0.1:$nginx/空%20格 \"q\"" &&
    same_file ../root/511 '空 格 "q"')
(cd got && expect_status 0 yam get "http://127.0.0.1:$nginx/511?x=/y" "http://127.0.0.1:$nginx")
same_text "$(stat -c %Y got/511)" "$(stat -c %Y root/511)" && same_file root/index.html got/index.html
expect_status 8 yam get "http://127.0.0.1:$nginx/511" -o got && contains stderr 'already exists'
expect_status 0 yam get "http://127.0.0.1:$nginx/511" -o got --force --no-timestamps
[ "$(stat -c %Y got/511)" -gt 1600000000 ]
named() {
    (cd got && expect_status 0 yam get "http://127.0.0.1:$nasty/1?name=$1" -O && [ -f "$2" ] && rm "$2")
}
named a.txt a.txt && named '../../etc/passwd' passwd && named '..\\..\\x' x
named .profile _profile && named '' 1
named 'a%09b' a_b
expect_status 8 yam get "http://127.0.0.1:$nginx/1" -o nowhere/x && contains stderr 'no such file'
expect_status 8 yam get "http://127.0.0.1:$nginx/3000000" -o /dev/full && contains stderr 'no space left'

# --- the head, as the course's row 7 shows it; JSON; a ladder
expect_status 0 yam get "http://127.0.0.1:$nasty/511" -o got/row7 --head >head && same_file root/511 got/row7
same_text "$(head -n 3 head)" "$(printf 'HTTP/1.1 200 OK\nETag: "t"\nContent-Length: 511')"
expect_status 0 yam get "http://127.0.0.1:$nginx/511" -o got/json --json >json
contains json '"event":"downloaded"' && contains json '"answer":200' && contains json '"bytes":511'
expect_status 7 yam get "http://127.0.0.1:$nginx/nothing" --json >json && contains json '"status":7'
expect_status 0 yam get "http://127.0.0.1:$nginx/511" -o got/trace --trace &&
    contains stderr '── connected ──'

# --- what the peer says no to, and what it breaks
refused 7 "http://127.0.0.1:$nginx/nothing" '404 Not Found'
refused 7 "http://127.0.0.1:$nasty/1?status=503&after=1" '503 So It Is'
refused 1 "http://127.0.0.1:1/x" 'connection refused'
refused 4 "http://no-such-host.invalid/" 'cannot find'
refused 5 "https://127.0.0.1:$nginx/1" 'not TLS'
refused 2 "ftp://127.0.0.1/x" 'no scheme'
refused 2 "http://me:secret@127.0.0.1/x" 'user'
refused 2 "http://127.0.0.1:$nginx/1" 'tftp:// alone' --blksize 512
refused 2 "tftp://127.0.0.1/x" 'https:// alone' --continue
refused 1 "http://127.0.0.1:$nasty/65536?long=5" 'cut off'
refused 1 "http://127.0.0.1:$nasty/65536?cut=1000" 'cut off'
refused 1 "http://127.0.0.1:$nasty/3000000?cut=900000&tag=none" 'cut off'
refused 1 "http://127.0.0.1:$nasty/65536?reset=1000" '127.0.0.1'
refused 1 "http://127.0.0.1:$nasty/1?head=garbage" 'http://127.0.0.1'
refused 1 "http://127.0.0.1:$nasty/1?head=none" 'ends before its answer'
refused 1 "http://127.0.0.1:$nasty/1?head=huge" 'http://127.0.0.1'
refused 1 "http://127.0.0.1:$nasty/1?flood=100" 'too many interim'
refused 3 "http://127.0.0.1:$nasty/1?head=slow" 'in time' --timeout 1s
refused 3 "http://127.0.0.1:$nasty/65536?stall=10" 'in time' --timeout 1s
refused 1 "http://127.0.0.1:$nasty/65536?coding=bad" 'broken'
refused 1 "http://127.0.0.1:$nasty/65536?coding=cut" 'cut off'
get "http://127.0.0.1:$nasty/65536?flood=10" 65536 && get "http://127.0.0.1:$nasty/65536?coding=gzip" 65536
expect_status 0 yam get "http://127.0.0.1:$nasty/511?short=11" -o got/short --retry 0
same_text "$(stat -c %s got/short)" 500 # what it promised is what it is
same_text "$(find . -name '*.part*' -not -name 'no.part*')" ''

# --- redirects: relative, to another origin, in a circle, away from http
get "http://127.0.0.1:$nasty/x?to=/511" 511
get "http://127.0.0.1:$nasty/x?to=http://localhost:$nginx/511" 511
refused 7 "http://127.0.0.1:$nasty/x?to=?to=?" '404'
refused 7 "http://127.0.0.1:$nasty/x?to=" 'more than 10 redirects'
refused 7 "http://127.0.0.1:$nasty/x?to=/511" 'more than 0 redirects' --redirects 0
refused 7 "http://127.0.0.1:$nasty/x?to=file:///etc/passwd" 'does not follow'
refused 7 "http://127.0.0.1:$nasty/x?to=ftp://localhost/" 'does not follow'

# --- who we are: only to whom it is for, and never by argv
export YAM_PASSWORD=b
get "http://127.0.0.1:$nasty/511?auth=YTpi" 511 --user a
refused 7 "http://127.0.0.1:$nasty/511?auth=YTpi" '401 Unauthorized'
refused 2 "http://127.0.0.1:$nasty/511" 'seen by everybody' --user a:b
get "http://127.0.0.1:$nasty/x?to=http://localhost:$nasty/511" 511 --user a -H 'X-Mine: 1' -H 'Cookie: c=1'
same_text "$(tail -n 1 nasty.out)" 'GET /511 whole if none auth none cookie none'
unset YAM_PASSWORD
printf 'machine 127.0.0.1 login a password b\n' >netrc && chmod 600 netrc
get "http://127.0.0.1:$nasty/511?auth=YTpi" 511 --netrc=netrc
echo 'c' >secret && get "http://127.0.0.1:$nasty/511?auth=YTpj" 511 --user a --password-file secret
get "http://127.0.0.1:$nasty/511?cookie=c=1" 511 --cookies
refused 7 "http://127.0.0.1:$nasty/511?cookie=d=1" 'more than 10 redirects'

# --- a proxy: nginx serves the absolute form, and knows no CONNECT
http_proxy=127.0.0.1:$nginx get "http://elsewhere.invalid/511" 511
no_proxy=127.0.0.1 http_proxy=127.0.0.1:1 get "http://127.0.0.1:$nginx/511" 511
https_proxy=127.0.0.1:$nginx refused 7 "https://elsewhere.invalid/" 'opens no way to elsewhere.invalid:443'
