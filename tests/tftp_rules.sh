#!/usr/bin/env bash
# The rules of `yam serve tftp://` as the clients that people have meet them. In a network of its own (as
# root) this machine has many addresses, and who calls one of them comes from there.
[ -n "${LONELY:-}" ] || LONELY=1 exec unshare --net bash "$0"
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need tftp atftp curl python3 ip
ip link set lo up
for client in 1 2 3 4 5 9; do ip address add "192.0.2.$client/32" dev lo; done

mkdir -p root/boot root/macs root/hosts/192.0.2.2
head -c 3000 /dev/urandom >root/boot/x64
head -c 3000 /dev/urandom >root/macs/00-11
head -c 3000 /dev/urandom >root/hosts/192.0.2.2/own
ln -s ../../boot/x64 root/hosts/192.0.2.2/out
cat >rules.toml <<'TOML'
[[service]]
url = "tftp://0.0.0.0:0?root=root"

[tftp]
allow = ["192.0.2.0/24"]
deny = ["192.0.2.9"]
backslash = true
lower-case = true
quota = "60000"

[[tftp.rewrite]]
match = 'pxelinux\.cfg/01-(.*)'
with = 'macs/$1'
[[tftp.rewrite]]
match = 'macs/.*'
with = 'never'
[[tftp.rewrite]]
match = 'me'
with = 'hosts/{ip}/own'

[[tftp.client]]
cidr = "192.0.2.2/31"
root = "hosts/{ip}"
[[tftp.client]]
cidr = ["192.0.2.4/32", "192.0.2.1/32"]
blksize = 700
windowsize = 2
write = "replace"
TOML
expect_status 0 yam serve --config rules.toml --check
start yam yam serve --config rules.toml -v
port=$(port_of yam tftp)

# hpa CLIENT STATUS ARGUMENT…   as 192.0.2.CLIENT
hpa() { expect_status "$2" tftp -m binary "192.0.2.$1" "$port" -c "${@:3}" >heard 2>&1; }
# curls CLIENT NAME STATUS ARGUMENT…
curls() { expect_status "$3" curl -sS -m "$LIMIT" "${@:4}" "tftp://192.0.2.$1:$port/$2"; }

# logs TEXT   says so in the log, maybe a moment after the client has ended
logs() { wanted=$1 && eventually 'grep -qF -- "$wanted" yam.err'; }

# who may ask at all
curls 9 boot/x64 69 -o none
logs 'refused 1 request from 192.0.2.9:'
logs 'access denied: 192.0.2.9/32 is denied'
curls 5 boot/x64 0 -o got && same_file root/boot/x64 got

# a folder for each client: its own, none that leads out, none that is made
hpa 2 0 get own got && same_file root/hosts/192.0.2.2/own got
for name in boot/x64 out ../../boot/x64 me; do
    hpa 2 0 get "$name" none && grep -q 'Error code [12]' heard || fail "no error for $name: $(cat heard)"
done
hpa 3 0 get own none && grep -q 'Error code 1' heard && [ ! -e root/hosts/192.0.2.3 ]
logs 'cannot open folder "hosts/192.0.2.3": no such file or directory'
cp -r root/hosts/192.0.2.2 root/hosts/192.0.2.3
hpa 3 0 get own got && same_file root/hosts/192.0.2.3/own got

# names: '\' and case, the first expression that fits, the client's address
hpa 5 0 get '\Boot\X64' got && same_file root/boot/x64 got
logs 'sent "\\Boot\\X64" (as "boot/x64") to 192.0.2.5:'
curls 5 /PXElinux.cfg/01-00-11 0 -o got && same_file root/macs/00-11 got
curls 5 macs/00-11 68 -o none
mkdir root/hosts/192.0.2.5 && cp root/macs/00-11 root/hosts/192.0.2.5/own
curls 5 ME 0 -o got && same_file root/macs/00-11 got

# a name cannot move the cursor of whoever reads the log
hpa 5 0 get $'a\e[2J\xe2\x80\xaeb' none && grep -q 'Error code 2' heard
logs 'did not send "a\x1b[2J\xe2\x80\xaeb"' && lacks yam.err $'\e'

# caps for who cannot bear more; the right to write for some
curls 4 boot/x64 0 --tftp-blksize 1428 -o got && same_file root/boot/x64 got
logs 'asked blksize=1428 timeout=5 tsize=0, granted blksize=700 timeout=5 tsize=3000; whole'
expect_status 0 atftp --option 'windowsize 16' -g -r boot/x64 -l got 192.0.2.4 "$port" >/dev/null
same_file root/boot/x64 got && logs 'asked windowsize=16, granted windowsize=2'
curls 5 boot/x64 0 --tftp-blksize 1428 -o got && logs 'granted blksize=1428'
curls 5 new 69 -T got && logs 'this server takes no files'
curls 4 New 0 -T got && same_file got root/new

# the quota: by the size that is told, and by what comes; what is not there leaves nothing
head -c 50000 /dev/zero >large
curls 4 large 70 -T large && logs 'the quota has no room for it'
hpa 4 0 put large large && grep -q 'Error code 3' heard # which does not say how large it is
eventually '[ "$(ls root | tr "\n" " ")" = "boot hosts macs new " ]'
head -c 20000 /dev/zero >small && curls 4 new 0 -T small && same_file small root/new

# a faulty file changes nothing and says where; a right one holds at once
cp rules.toml right.toml && sed -i 's/(\.\*)/(/' rules.toml
stop_at=$(grep -n -m 1 'tftp.rewrite' rules.toml | cut -d: -f1)
expect_status 2 yam serve --config rules.toml --check
contains stderr "rules.toml:$stop_at: match \"pxelinux\\\\.cfg/01-(\" is no regular expression"
kill -HUP "$(pid_of yam)" && eventually 'grep -q "nothing is changed" yam.err'
curls 5 boot/x64 0 -o got
sed 's,^deny = .*,deny = ["192.0.2.4/31"],' right.toml >rules.toml
kill -HUP "$(pid_of yam)" && eventually 'grep -q "read the configuration again" yam.err'
curls 5 boot/x64 69 -o none
curls 9 boot/x64 0 -o got
stop yam && same_text "$stopped_with" 0
grep -Eq 'tftp: [0-9]+ requests: [0-9]+ sent, [0-9]+ not; 2 received, 3 not; 0 asked for sizes; 2 refused' \
    yam.err || fail "no counts: $(tail -3 yam.err)"

# {ip} in the URL; each field of the log as JSON
start json yam serve --json 'tftp://0.0.0.0:0?root=root/hosts/{ip}'
port=$(port_of json tftp)
curls 2 own 0 --tftp-blksize 1000 -o got && same_file root/hosts/192.0.2.2/own got
eventually 'grep -q \"sent\" json.out'
python3 - <<'PYTHON'
import json
line = [json.loads(each) for each in open("json.out") if '"sent"' in each][0]
assert line["peer"].startswith("192.0.2.2:"), line
assert line["name"] == "own" and line["file"] == "192.0.2.2/own", line
assert line["asked"] == "blksize=1000 timeout=5 tsize=0", line
assert line["granted"] == "blksize=1000 timeout=5 tsize=3000", line
assert line["bytes"] == 3000 and line["retransmissions"] == 0 and line["verdict"] == "whole", line
assert 0 < line["round_trip_seconds"] and 0 < line["seconds"], line
PYTHON
stop json
