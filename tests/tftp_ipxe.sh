#!/usr/bin/env bash
# The firmware iPXE in an emulated machine: qemu's DHCP names a script on `yam serve tftp`, which fetches
# what is larger, from a server that answers from ports of its own and from one that has a single one.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need qemu-system-x86_64
LIMIT=60

mkdir root && head -c 3000000 /dev/urandom >root/image && head -c 1432 /dev/urandom >root/block
start single yam serve "tftp://127.0.0.1:0$WORK/root?ports=single" && single=$(port_of single)
start serve yam serve "tftp://127.0.0.1:0$WORK/root" && wait_for_port serve
# 10.0.2.2 is this machine, as the emulated one sees it
cat >root/script.ipxe <<SCRIPT
#!ipxe
imgfetch image
imgfetch --name again tftp://10.0.2.2:$single/image
imgfetch block
imgfetch nothing || echo nothing is not there
imgstat
echo booted from \${filename}
SCRIPT

start machine qemu-system-x86_64 -M pc,accel=tcg -m 64 -nodefaults -nographic -no-reboot -boot strict=on \
    -serial stdio -device virtio-net-pci,netdev=net,bootindex=1 \
    -netdev "user,id=net,bootfile=tftp://10.0.2.2:$port/script.ipxe"
eventually 'grep -q "booted from tftp://" machine.out'
stop machine
for said in 'image : 3000000 bytes' 'again : 3000000 bytes' 'block : 1432 bytes' 'nothing is not there'; do
    contains machine.out "$said"
done
contains serve.err 'sent "image" to' && contains serve.err 'granted blksize=1432 tsize=3000000'
contains single.err 'sent "image" to' && contains single.err 'granted blksize=1432 tsize=3000000'
contains serve.err 'sent "block" to' && contains serve.err '"nothing"'
