#!/usr/bin/env bash
# `yam put http://` to yam serve, nginx and a server with bad manners: one file and trees of them, stdin, what
# is there already, what the server says no to and when, redirects, files that change.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need nginx python3 curl
unset http_proxy https_proxy all_proxy no_proxy
export XDG_STATE_HOME=$WORK/state
mkdir -p root/once-more other/t bad
for size in 0 1 65536 65537 3000000; do head -c "$size" /dev/urandom >"$size"; done

start yam yam serve 'http://127.0.0.1:0?root=root&write=new'
yam=http://127.0.0.1:$(port_of yam http)
start replacing yam serve 'http://127.0.0.1:0?root=root&write=replace'
replacing=http://127.0.0.1:$(port_of replacing http)
nginx=$(free_port)
cat >nginx.conf <<CONF
$([ "$(id -u)" != 0 ] || echo 'user root;')
daemon off; pid $WORK/nginx.pid; error_log $WORK/nginx.log; worker_processes 1;
events {}
http { access_log off; client_max_body_size 20m;
  client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  server { listen 127.0.0.1:$nginx; root $WORK/other; dav_methods PUT MKCOL; location /no/ { return 403; }
    location /small/ { client_max_body_size 1m; dav_methods PUT; } } }
CONF
start nginx nginx -p "$WORK" -c nginx.conf
wait_for_listener tcp "$nginx"
nginx=http://127.0.0.1:$nginx
start nasty nasty_put.py bad
nasty=http://127.0.0.1:$(port_of nasty)

# refused STATUS WORDS FILE URL OPTION…
refused() { expect_status "$1" yam put "$3" "$4" --retry 0 "${@:5}" && contains stderr "$2"; }

# --- one file, several, stdin; what is there stays
for size in 0 1 65536 65537 3000000; do
    expect_status 0 yam put $size "$yam/a$size" -v && same_file $size "root/a$size"
    [ $size = 0 ] || contains stderr 'same SHA-256'
    expect_status 0 yam put $size "$nginx/a$size" && same_file $size "other/a$size"
    expect_status 0 yam put $size "$nasty/a$size" && same_file $size "bad/a$size"
done
expect_status 0 yam put 1 65536 3000000 "$yam/" --json >json && same_file 65536 root/65536
same_text "$(grep -c '"event":"uploaded".*"verified":true' json)" 3
# shellcheck disable=SC2002 # stdin is to be a pipe
cat 3000000 | yam put - "$yam/piped" && same_file 3000000 root/piped
yam put - "$nasty/piped" <65537 && same_file 65537 bad/piped
refused 2 'stdin has no name' - "$yam/"
expect_status 2 yam put 1 0 "$yam/x" && contains stderr 'cannot all be'
refused 8 'no such file' nothing "$yam/x"
refused 7 'there is something of that name' 1 "$yam/a65536" --force
refused 7 '--force replaces' 1 "$yam/a65536"
refused 7 '412' 1 "$replacing/a65536" && refused 7 '412' 3000000 "$nasty/a65536"
same_file 65536 root/a65536 && same_file 65536 bad/a65536
expect_status 0 yam put 1 "$replacing/a65536" --force && same_file 1 root/a65536
refused 2 'http:// and https:// alone' 1 tftp://127.0.0.1/x --force
refused 2 'tftp:// alone' 1 "$yam/x" --blksize 512

# --- names that mean something else to shells, pages and paths
mkdir -p "tree/空 格/%2e%2e" tree/deep/er tree/empty
hostile=('#1?x=y&z' 'a"b' "it's" '100%25' 'é' '+ ;:@=' '\back' '.hidden' '..a' "$(printf '%0250d' 7)")
for name in "${hostile[@]}"; do echo "$name" >"tree/$name" && echo "$name" >"tree/空 格/%2e%2e/$name"; done
ln -s "it's" tree/link && ln -s ../1 tree/outside && ln -s deep tree/round && mkfifo tree/pipe
expect_status 0 yam put tree "$yam/" && contains stderr '3 left out'
rm tree/outside tree/round tree/pipe
diff -r tree root/tree
expect_status 0 yam put tree/. "$nginx/t/" && diff -r tree other/t
expect_status 0 yam put tree "$nasty/renamed" && diff -r tree bad/renamed
printf x >"$(printf 'tree/a\nb')" # yam serve makes no such name; the others are not held up by it
expect_status 7 yam put tree "$yam/once-more/" && contains stderr '400 Bad Request'
rm "$(printf 'tree/a\nb')" && diff -r tree root/once-more/tree

# --- many small files, and what becomes of them when one cannot be
mkdir -p many/{a,b}/{1,2,3,4,5}
for i in $(seq 1000); do echo "$i" >"many/$( ((i % 2)) && echo a || echo b)/$((i % 5 + 1))/$i"; done
expect_status 0 yam put many "$yam/" --jobs 3 && diff -r many root/many
expect_status 0 yam put many "$nginx/" && diff -r many other/many
expect_status 0 yam put many/a "$nasty/closing?close=1" && diff -r many/a bad/closing
rm -r root/many/a/3
expect_status 7 yam put many "$yam/" && contains stderr '412'
[ "$(find root/many/a/3 -type f | wc -l)" = 100 ]
expect_status 7 yam put many "$nginx/no/" && contains stderr '403'
mkdir off && start off yam serve 'http://127.0.0.1:0?root=off'
expect_status 7 yam put many/a/1 1 "http://127.0.0.1:$(port_of off http)/" && contains stderr '405'
[ "$(grep -c 405 stderr)" -lt 20 ] && contains stderr 'more files were not sent'

# --- who we are, and what a server says before it has everything: heard at once, and little is sent
head -c 60000000 /dev/zero >large
refused 7 '413' large "$nginx/large"
refused 7 '413' 3000000 "$nginx/small/x"
printf 'secret-of-the-operator\n' >token && chmod 600 token
start asking yam serve 'http://127.0.0.1:0?root=root&write=new&token-file=token'
asking=http://127.0.0.1:$(port_of asking http)
refused 7 '401' large "$asking/large" && contains stderr '--user NAME'
expect_status 0 env YAM_PASSWORD=secret-of-the-operator yam put large "$asking/large" --user me
same_file large root/large
expect_status 0 yam put 1 "$asking/bearer" -H 'Authorization: Bearer secret-of-the-operator'
for status in 401 403 413 507; do
    refused 7 "$status So It Is: as I like it" large "$nasty/large?status=$status" # before the content
    refused 7 "$status So It Is: as I like it" large "$nasty/large?status=$status&at=5000000&expect=silent"
    refused 7 "$status So It Is" - "$nasty/large?status=$status&at=5000000" <large
done
contains nasty.out 'status=413 got 0 said 413' && contains nasty.out 'expect=silent got 5000000 said 413'
refused 1 'before it has' large "$nasty/large?says=early"
[ ! -e bad/large ]
expect_status 0 yam put 3000000 "$nasty/silent?expect=silent" && same_file 3000000 bad/silent
expect_status 0 yam put 3000000 "$nasty/refused?expect=refused" && same_file 3000000 bad/refused
refused 6 'is not what' 3000000 "$nasty/sum?sum=wrong"
refused 6 'is not what' 1 "$nasty/sum1?sum=wrong"

# --- cut, busy, and answers that are lost
for size in 1 65537 3000000; do
    expect_status 0 yam put $size "$nasty/cut$size?cut=1" && same_file $size "bad/cut$size"
    expect_status 0 yam put $size "$nasty/busy$size?status=503&times=1" && same_file $size "bad/busy$size"
    expect_status 0 yam put $size "$nasty/lost$size?lost=1" && contains stderr 'it had arrived before'
    same_file $size "bad/lost$size"
done
echo other >bad/theirs && refused 7 '412' 3000000 "$nasty/theirs?lost=1"
expect_status 1 yam put - "$nasty/once?cut=1000000" --retry 3 <3000000
contains stderr 'cannot be read a second time'
refused 1 'connection refused' 1 http://127.0.0.1:1/x

# --- redirects keep the method or are not followed
expect_status 0 yam put 3000000 "$nasty/x?to=/led" && same_file 3000000 bad/led
expect_status 0 yam put 1 "$nasty/x?to=$yam/led" && same_file 1 root/led
refused 7 'does not follow there' 3000000 "$nasty/x?to=/led301&status=301"
refused 7 'does not follow' 1 "$nasty/x?to=ftp://a/"
refused 7 'more than 10 redirects' 1 "$nasty/y?to="
[ ! -e bad/led301 ]

# --- a file that changes while it is sent is nobody's upload
overwrites='printf x | dd of=moving conv=notrunc status=none'
for change in 'echo more >>moving' 'truncate -s 1000000 moving' "$overwrites"; do
    head -c 6000000 /dev/zero >moving
    start moving yam put moving "$yam/moving" --limit-rate 4MB/s --retry 0
    eventually 'ls root | grep -q moving.*part'
    eval "$change"
    expect_end moving 8 && contains moving.err 'while it was sent'
    eventually '! ls root | grep -q moving'
done

# --- the head of each answer, a ladder, and no word more than asked for
expect_status 0 yam put 1 "$yam/head" --head >head && contains head 'HTTP/1.1 201 Created'
expect_status 0 yam put 1 "$yam/trace" --trace && contains stderr '── connected ──'
expect_status 0 yam put 1 "$yam/quiet" -q >out && [ ! -s out ] && [ ! -s stderr ]
