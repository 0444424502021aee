#!/usr/bin/env bash
# Several transfers of one `yam get` or `yam put`: side by side or in order, each with an outcome of its own,
# and all of them stopped by ^C.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need in.tftpd python3 script
LIMIT=10
mkdir root got
names=(a b c d e f)
for name in "${names[@]}"; do
    head -c 100000 /dev/urandom >"root/$name"
done
chmod -R a+rX . && chmod a+rwx root

# --- a real server
port=$(free_port)
start hpa in.tftpd -L --address "127.0.0.1:$port" --secure --create --user root root
wait_for_listener udp "$port"
urls() { printf "tftp://127.0.0.1:$port/%s\n" "$@"; }
same_files() { for name in "${names[@]}"; do same_file "root/$name" "$1/$name"; done; }
for jobs in 1 3 64; do
    # shellcheck disable=SC2046 # words are wanted
    expect_status 0 yam get $(urls "${names[@]}") -o got/ --force --jobs $jobs && same_files got
done
# shellcheck disable=SC2046
expect_status 0 yam get $(urls "${names[@]}") -o - >all && (cd root && cat "${names[@]}") | cmp - all
mkdir root/up && chmod a+rwx root/up
expect_status 0 yam put "${names[@]/#/got/}" "$(urls up/)" --json >json && same_files root/up
same_text "$(grep -c '"event":"uploaded"' json)" 6
# the first fault in the order given decides; the others are got anyway
# shellcheck disable=SC2046
expect_status 8 yam get $(urls a no b c) -o got/ --json >json && contains stderr 'already exists'
# shellcheck disable=SC2046
expect_status 7 yam get $(urls no a b) -o got/ --force --json >json && contains stderr 'does not give "no"'
same_text "$(sort json | grep -o '"event":"[a-z]*"' | uniq -c | tr -s ' ')" \
    ' 2 "event":"downloaded"
 1 "event":"failed"'
# what would be one file
expect_status 2 yam get "$(urls a)" "$(urls up/a)" && contains stderr 'would both be "a"'
expect_status 2 yam put got/a root/a "$(urls up/)" && contains stderr 'would both be tftp://'
# one line for all of them
head -c 600000 /dev/urandom >root/many && cp root/many root/more && chmod a+r root/m*
# shellcheck disable=SC2046
TERM=xterm script -qec "yam get $(urls many more | tr '\n' ' ') -o got/ --blksize 8" /dev/null >screen
contains screen '0 of 2 files  ' && contains screen ' of 1.1 MiB, ' && same_file root/more got/more
stop hpa

# --- a server that answers when it has heard N requests: with one block, whole or the first of many; it says
# which ERRORs come
cat >patient.py <<'PYTHON'
import socket, sys
wanted, size = int(sys.argv[1]), int(sys.argv[2])
known = socket.socket(type=socket.SOCK_DGRAM)
known.bind(("127.0.0.1", 0))
print("ready", known.getsockname()[1], flush=True)
clients = {}
while len(clients) < wanted:
    request, client = known.recvfrom(2048)
    clients[client] = request[2:].split(b"\0")[0]
talks = []
for client, name in clients.items():
    talk = socket.socket(type=socket.SOCK_DGRAM)
    talk.bind(("127.0.0.1", 0))
    talk.sendto(b"\0\3\0\1" + name * size, client)
    talks.append(talk)
for talk in talks:
    while talk.recv(2048)[:2] != (b"\0\4" if size < 512 else b"\0\5"):
        pass
PYTHON
start patient python3 patient.py 3 1
wait_for_port patient
# shellcheck disable=SC2046
expect_status 0 yam get $(urls x y z) -o got/ --jobs 3 && same_text "$(cat got/[xyz])" xyz
expect_end patient 0
start endless python3 patient.py 3 512
wait_for_port endless
# shellcheck disable=SC2046
start stopped yam get $(urls 1 2 3) -o got/
eventually '[ "$(stat -c %s got/[123].part | tr "\n" " ")" = "512 512 512 " ]'
stop stopped INT && same_text "$stopped_with" 130 && expect_end endless 0
same_text "$(find . -name '*.part' -o -name '[123]')" ''
# in order: nobody else has asked
start lonely python3 patient.py 2 1
wait_for_port lonely
# shellcheck disable=SC2046
expect_status 3 yam get $(urls x y) -o got/ --force --jobs 1 --timeout 100ms && contains stderr 'no answer to'
