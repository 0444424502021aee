#!/usr/bin/env bash
# `yam get --recursive`: folders as nginx lists them in JSON, as python3's http.server lists them in HTML, and
# as somebody lists them who means ill. Names of every kind; nothing lands outside.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need nginx python3
unset http_proxy all_proxy
mkdir -p root/pub/deep/er/est 'root/pub/空 格' root/pub/empty root/above
for i in $(seq 300); do echo "file $i" >"root/pub/deep/$i.txt"; done
head -c 3000000 /dev/urandom >root/pub/large.bin
: >root/pub/nothing
for name in '文件.txt' 'a b&c;d.txt' 'q"u'\''ote' '100%' '#hash?x=1' $'new\nline' \
    "$(printf 'n%.0s' $(seq 255))"; do
    echo "$name" >"root/pub/空 格/$name"
done
echo secret >root/above/secret

nginx=$(free_port)
cat >nginx.conf <<EOF
$([ "$(id -u)" != 0 ] || echo 'user root;')
daemon off; pid $WORK/nginx.pid; error_log $WORK/nginx.log; worker_processes 1;
events {}
http { access_log $WORK/access; default_type application/octet-stream; keepalive_requests 10000;
  client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  log_format connections '\$connection'; access_log $WORK/connections connections;
  server { listen 127.0.0.1:$nginx; root $WORK/root; autoindex on; autoindex_format json; } }
EOF
start nginx nginx -p "$WORK" -c nginx.conf
wait_for_listener tcp "$nginx"
simple=$(free_port)
start simple python3 -m http.server --bind 127.0.0.1 --directory root "$simple"
wait_for_listener tcp "$simple"

# A name with a newline is written with '_' for it.
cp -r root/pub wanted && mv "wanted/空 格/"$'new\nline' 'wanted/空 格/new_line'
same_tree() { diff -r "$1" "$2" >differences || { show_file differences && fail "$1 and $2 differ"; }; }

expect_status 0 yam get -r "http://127.0.0.1:$nginx/pub/" && same_tree wanted pub
contains stderr '309 files in 6 folders'
[ "$(sort -u connections | wc -l)" -le 10 ] || fail "$(sort -u connections | wc -l) connections"
expect_status 0 yam get -r "http://127.0.0.1:$nginx/pub" -o new/ --jobs 8 && same_tree wanted new
expect_status 0 yam get -r "http://127.0.0.1:$simple/pub/" -o html && same_tree wanted html
same_text "$(find . -name '*.part*')" ''

# --- what is here already is kept, or not asked for again
expect_status 8 yam get -r "http://127.0.0.1:$nginx/pub/" --quiet && contains stderr 'already exists'
rm pub/large.bin && echo shorter >pub/nothing
expect_status 8 yam get -r "http://127.0.0.1:$nginx/pub/" --continue && contains stderr '307 are here already'
same_file root/pub/large.bin pub/large.bin
expect_status 0 yam get -r "http://127.0.0.1:$nginx/pub/" --force && same_tree wanted pub

# --- filters, depth, faults beneath
pub=http://127.0.0.1:$nginx/pub/
expect_status 0 yam get -r "$pub" -o some --include '1?.txt' --include '*.bin' --exclude 空*
same_text "$(find some -type f | sort | tr '\n' ' ')" \
    "$(for i in $(seq 10 19); do echo "some/deep/$i.txt"; done | tr '\n' ' ')some/large.bin "
expect_status 0 yam get -r "$pub" -o flat --depth 1
same_text "$(find flat -type f | sort | tr '\n' ' ')" 'flat/large.bin flat/nothing '
expect_status 2 yam get "http://127.0.0.1:$nginx/pub/" --depth 1 && contains stderr 'need --recursive'
expect_status 2 yam get -r "http://127.0.0.1:$nginx/pub/nothing" && contains stderr 'no folder'
expect_status 7 yam get -r "http://127.0.0.1:$nginx/none/" && contains stderr '404'

# --- somebody who means ill: every link leads away, and one folder to itself
mkdir -p ill/list/self && cat >ill/list/index.html <<'EOF'
<a href="../above/secret"> <a href="/above/secret"> <a href="..%2f..%2fout">
<a href="%2e%2e/out">
<a href="http://127.0.0.1:1/x"> <a href="self/"> <a href="good">
<a href="sub/%2e%2e/%2e%2e/x"> <a href="a/../../b">
EOF
cp ill/list/index.html ill/list/self && echo good | tee ill/list/good >ill/list/self/good
echo out | tee ill/out >'ill/list/..%2f..%2fout' && ln -s . ill/list/self/self
ill=$(free_port)
start ill python3 -m http.server --bind 127.0.0.1 --directory ill "$ill"
wait_for_listener tcp "$ill"
mkdir in
(cd in && expect_status 7 yam get -r "http://127.0.0.1:$ill/list/" -o there --depth 5 --retry 0)
escaped=$(find . -type f \( -name out -o -name secret -o -name b \) | grep -v '^./root\|^./ill' || true)
same_text "$escaped" ''
same_text "$(find in -name good | wc -l)" 5
