#!/usr/bin/env bash
# `yam serve tftp://` against the clients that people have: tftp-hpa, atftp, curl, busybox, and the course's.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need tftp atftp curl busybox python3

mkdir -p root/sub new number replace
for size in 0 1 511 512 513 70000; do head -c "$size" /dev/urandom >"root/$size"; done
head -c 3000000 /dev/urandom >root/big
cp root/513 root/sub/513
printf 'a\nb\rc\n' >root/text
ln -s /etc/passwd root/out && mkfifo root/pipe

start yam yam serve 'tftp://127.0.0.1:0?root=root'
port=$(port_of yam tftp)

hpa() { expect_status "$1" tftp 127.0.0.1 "$port" "${@:2}"; }
curls() { expect_status "$1" curl -sS -m "$LIMIT" "${@:2}"; }
box() { expect_status "$1" busybox tftp "${@:2}" 127.0.0.1 "$port"; }
ours() { expect_status 0 atftp "$@" 127.0.0.1 "$port" && rm -f stdout; }

# files of each size, to each client
for name in 0 1 511 512 513 70000 big; do
    hpa 0 -m binary -c get "$name" hpa >/dev/null && same_file "root/$name" hpa
    ours -g -r "$name" -l atftp >/dev/null && same_file "root/$name" atftp
    curls 0 -o curl "tftp://127.0.0.1:$port/$name" && same_file "root/$name" curl
    box 0 -g -r "$name" -l box && same_file "root/$name" box
    rm -f hpa atftp curl box
done

# option by option
for blksize in 8 512 1428 65464; do
    curls 0 --tftp-blksize "$blksize" -o curl "tftp://127.0.0.1:$port/70000" && same_file root/70000 curl
    grep -q "asked blksize=$blksize .*, granted blksize=$blksize timeout=. tsize=70000; whole" yam.err
done
curls 0 --tftp-no-options -o curl "tftp://127.0.0.1:$port/70000" && same_file root/70000 curl
box 0 -b 1428 -g -r big -l box && same_file root/big box
for option in 'windowsize 1' 'windowsize 7' 'windowsize 64' 'windowsize 1000' 'timeout 3' 'tsize 0'; do
    ours --option "$option" --option 'blksize 1428' -g -r big -l atftp >/dev/null
    same_file root/big atftp
done
contains yam.err 'asked blksize=1428 windowsize=1000, granted blksize=1428 windowsize=64'

# a leading slash is the root; netascii has the lines of the wire, which tftp-hpa makes its own again
curls 0 -o curl "tftp://127.0.0.1:$port//sub/513" && same_file root/513 curl
hpa 0 -m ascii -c get text text && same_file root/text text

# the course's client, which never acknowledges the last block
expect_status 0 classics.py tftp client --port "$port" --name 513 --into course >heard
same_file root/513 course
eventually 'grep -q "last block was not acknowledged" yam.err'

# what is not given out
for name in none sub pipe out ../big ../../etc/passwd sub/../big; do
    hpa 0 -m binary -c get "$name" none >heard 2>&1
    grep -q 'Error code [12]' heard || fail "no error for $name: $(cat heard)"
done
curls 68 -o none "tftp://127.0.0.1:$port/none"
curls 69 -o none "tftp://127.0.0.1:$port/pipe"
curls 69 -T root/513 "tftp://127.0.0.1:$port/taken" && [ ! -e root/taken ]
contains yam.err 'this server takes no files'
contains yam.err 'did not send "none" to 127.0.0.1'
contains yam.err '; whole'

# what the client wanted to know was the size; malformed requests; and what is no request has no answer
python3 - "$port" <<'EOF'
import socket, sys
def ask(packet):
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.settimeout(20)
    peer.sendto(packet, ("127.0.0.1", int(sys.argv[1])))
    return peer
peer = ask(b"\0\1big\0octet\0tsize\0" + b"0\0")
answer, sender = peer.recvfrom(600)
assert answer == b"\0\6tsize\0" + b"3000000\0", answer
peer.sendto(b"\0\5\0\x08no thanks\0", sender)
assert ask(b"\0\1big").recvfrom(600)[0][:4] == b"\0\5\0\4"
assert ask(b"\0\1big\0mail\0").recvfrom(600)[0][:4] == b"\0\5\0\4"
assert ask(b"\0\1a\nb\0octet\0").recvfrom(600)[0][:4] == b"\0\5\0\2"
assert ask(b"\0\1" + 3000 * b"a" + b"\0octet\0").recvfrom(600)[0][:2] == b"\0\5"
# the same request again is answered again, by the same transfer
peer = ask(b"\0\1big\0octet\0")
first = peer.recvfrom(600)
peer.sendto(b"\0\1big\0octet\0", ("127.0.0.1", int(sys.argv[1])))
assert peer.recvfrom(600) == first
# and another one from there is another transfer
peer.sendto(b"\0\1sub/513\0octet\0", ("127.0.0.1", int(sys.argv[1])))
second = peer.recvfrom(600)
assert second[1] != first[1] and second[0][:4] == b"\0\3\0\1"
peer.sendto(b"\0\4\0\1", second[1])
last = open("root/513", "rb").read()[512:]
assert peer.recvfrom(600) == (b"\0\3\0\2" + last, second[1])
peer.sendto(b"\0\4\0\2", second[1])
silent = ask(b"\0\4\0\1")
silent.sendto(b"\0\5\0\1no\0", ("127.0.0.1", int(sys.argv[1])))
silent.sendto(b"\0\1none\0octet\0", ("127.0.0.1", int(sys.argv[1])))
assert silent.recvfrom(600)[0][:4] == b"\0\5\0\1"
EOF
# uploads: by each client, by each policy; a name that is taken
start writes yam serve 'tftp://127.0.0.1:0?root=new&write=new' \
    'tftp://127.0.0.1:0?root=replace&write=replace' \
    'tftp://127.0.0.1:0?root=number&write=number' --max-bytes 4MB
eventually '[ "$(grep -c "listening on" writes.err)" = 3 ]'
mapfile -t ports < <(sed -nE 's,.*listening on tftp://.*:([0-9]+)$,\1,p' writes.err)
for size in 0 1 511 512 513 big; do
    port=${ports[0]}
    hpa 0 -m binary -c put "root/$size" "hpa$size" && same_file "root/$size" "new/hpa$size"
    ours -p -l "root/$size" -r "atftp$size" --option 'windowsize 8' >/dev/null
    same_file "root/$size" "new/atftp$size"
    curls 0 --tftp-blksize 1428 -T "root/$size" "tftp://127.0.0.1:$port/curl$size"
    same_file "root/$size" "new/curl$size"
    box 0 -p -l "root/$size" -r "box$size" && same_file "root/$size" "new/box$size"
done
hpa 0 -m ascii -c put root/text text && same_file root/text new/text
hpa 0 -m binary -c put root/1 hpa513 >heard 2>&1
grep -q 'Error code 6' heard && same_file root/513 new/hpa513
for port in "${ports[1]}" "${ports[2]}"; do
    hpa 0 -m binary -c put root/1 file && hpa 0 -m binary -c put root/513 file
done
same_file root/513 replace/file && same_file root/1 number/file && same_file root/513 number/file-2
head -c 5000000 /dev/zero >large
port=${ports[1]}
curls 70 -T large "tftp://127.0.0.1:$port/file" && same_file root/513 replace/file
hpa 0 -m binary -c put large file >heard 2>&1 # which does not say how large it is
grep -q 'Error code 3' heard && same_file root/513 replace/file
hpa 0 -m binary -c put root/1 ../file >heard 2>&1 && grep -q 'Error code 2' heard && [ ! -e file ]
# an upload that breaks off leaves the old file, and nothing else
python3 - "$port" <<'EOF'
import socket, sys
peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
peer.settimeout(20)
for _ in range(2):  # the second is the same request
    peer.sendto(b"\0\2file\0octet\0", ("127.0.0.1", int(sys.argv[1])))
    answer, sender = peer.recvfrom(600)
    assert answer == b"\0\4\0\0", answer
peer.sendto(b"\0\3\0\1" + 512 * b"x", sender)
assert peer.recvfrom(600) == (b"\0\4\0\1", sender)
peer.sendto(b"\0\5\0\0changed my mind\0", sender)
EOF
eventually 'grep -q "did not receive .file. .*changed my mind" writes.err'
eventually '[ "$(ls replace)" = file ]' && same_file root/513 replace/file
stop writes && same_text "$stopped_with" 0

eventually 'grep -q "size probe by a firmware, normal" yam.err'
eventually 'grep -q "the client began anew" yam.err'
stop yam && same_text "$stopped_with" 0
