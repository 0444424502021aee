#!/usr/bin/env python3
"""Two network namespaces joined by a wire that loses, copies, swaps and delays packets: any two programs run
over it unchanged. Needs root and /dev/net/tun; it works where the kernel has neither netem nor nftables.

    lossy_wire.py LEFT RIGHT --loss 2 --seed 7 &     prints `ready` once both namespaces are there
    ip netns exec LEFT  SERVER…                      10.77.0.1, fd77::1; mtu 1500
    ip netns exec RIGHT CLIENT…                      10.77.0.2, fd77::2
    kill %1                                          the namespaces go with it, however it ends

Percentages are of each way's packets; two numbers mean from LEFT and from RIGHT. What happens to the n-th
packet of a way depends on the seed and n alone. At its end it prints `carried N lost N copied N swapped N`
for each way. LEFT and RIGHT must be new: `yam$$` and the like.
"""

import argparse
import collections
import fcntl
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
PACKET_BYTES_MAX = 1500
QUEUE_PACKETS = 10_000  # what a namespace may send before it is read; the kernel's 500 lose bursts
AT_ONCE = 64  # packets of one way before the other's turn
SWAP_WAITS = 0.002  # seconds that a packet waits for another to go ahead of it


class Way:
    """From one namespace to the other."""

    def __init__(self, source, sink, chances, seed):
        self.source, self.sink = source, sink
        self.loss, self.copies, self.swaps = chances
        self.luck = random.Random(seed)
        self.under_way = collections.deque()  # (when it is due, packet), in that order
        self.waiting = None  # (until when at most, packet): the next one goes ahead of it
        self.counts = dict.fromkeys(("carried", "lost", "copied", "swapped"), 0)

    def take(self, now, latency):
        """What the namespace has sent, to what is under way."""
        for _ in range(AT_ONCE):
            try:
                packet = os.read(self.source, PACKET_BYTES_MAX)
            except BlockingIOError:
                return
            if is_multicast(packet):
                continue  # the kernel's own, at times of its choosing
            self.counts["carried"] += 1
            lost, copied, swapped = self.luck.random(), self.luck.random(), self.luck.random()
            if lost < self.loss:
                self.counts["lost"] += 1
                continue
            if swapped < self.swaps and self.waiting is None:
                self.waiting = (now + SWAP_WAITS, packet)
                continue
            self.under_way.append((now + latency, packet))
            if copied < self.copies:
                self.counts["copied"] += 1
                self.under_way.append((now + latency, packet))
            if self.waiting is not None:
                self.counts["swapped"] += 1
                self.under_way.append((now + latency, self.waiting[1]))
                self.waiting = None

    def give(self, now, latency):
        """What is due, to the other namespace; when there is more to give, or None."""
        if self.waiting is not None and self.waiting[0] <= now:
            self.under_way.append((now + latency, self.waiting[1]))
            self.waiting = None
        while self.under_way and self.under_way[0][0] <= now:
            try:
                os.write(self.sink, self.under_way[0][1])
            except OSError:
                pass  # a full queue, or a namespace that is going away: lost as on any wire
            self.under_way.popleft()
        soonest = [] if self.waiting is None else [self.waiting[0]]
        if self.under_way:
            soonest.append(self.under_way[0][0])
        return min(soonest, default=None)


def is_multicast(packet):
    return packet[0] >> 4 == 6 and packet[24] == 0xFF or packet[0] >> 4 == 4 and packet[16] >= 224


def carry(ways, latency, stop):
    """Until `stop` can be read; what was sent before that is still counted."""
    sources = {way.source: way for way in ways}
    due = None
    while True:
        patience = None if due is None else max(0.0, due - time.monotonic())
        ready = select.select([*sources, stop], [], [], patience)[0]
        now = time.monotonic()
        if ready == [stop]:
            return
        for source in ready:
            if source != stop:
                sources[source].take(now, latency)
        due = min((at for way in ways if (at := way.give(now, latency)) is not None), default=None)


# ---- the namespaces


def ip(*words):
    done = subprocess.run(["ip", *words], stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"lossy_wire: ip {' '.join(words)}: {done.stderr.strip()}")


def clean_up_after(names):
    """A process that outlives this one, also when it is killed, and takes the namespaces away. What it
    returns is closed to start it, and then waited for."""
    read, write = os.pipe()
    child = os.fork()
    if child != 0:
        os.close(read)
        return write, child
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.close(write)
    os.dup2(read, 0)
    os.closerange(1, 100)
    os.read(0, 1)
    for name in names:
        subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)
    os._exit(0)


def open_end(name, number):
    """The descriptor of a device in that namespace, up and with its addresses."""
    try:
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    except OSError as error:
        sys.exit(f"lossy_wire: /dev/net/tun: {error.strerror}; the wire cannot be without it")
    told = fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"wire%d", IFF_TUN | IFF_NO_PI))
    device = told[:16].rstrip(b"\0").decode()
    ip("link", "set", device, "netns", name)
    ip("-n", name, "link", "set", device, "name", "wire", "mtu", "1500", "txqueuelen", str(QUEUE_PACKETS),
       "addrgenmode", "none")
    ip("-n", name, "address", "add", f"10.77.0.{number}/24", "dev", "wire")
    ip("-n", name, "address", "add", f"fd77::{number}/64", "dev", "wire", "nodad")
    ip("-n", name, "link", "set", "lo", "up")
    ip("-n", name, "link", "set", "wire", "up")
    return tun


def main():
    job = arguments()
    if os.geteuid() != 0:
        sys.exit("lossy_wire: needs root, to make network namespaces")
    for name in (job.left, job.right):
        if os.path.exists(f"/run/netns/{name}"):
            sys.exit(f"lossy_wire: there is a namespace {name} already")
    stop, stops = os.pipe()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os.write(stops, b"."))
    cleaner, child = clean_up_after([job.left, job.right])
    ways = []
    try:
        for name in (job.left, job.right):
            ip("netns", "add", name)
        left, right = open_end(job.left, 1), open_end(job.right, 2)
        chances = list(zip(job.loss, job.copies, job.swaps))
        ways = [Way(left, right, chances[0], f"{job.seed} left"),
                Way(right, left, chances[1], f"{job.seed} right")]
        print("ready", flush=True)
        carry(ways, job.latency / 1000, stop)
    finally:
        for way, name in zip(ways, ("left", "right")):
            print(f"{name}:", *(f"{word} {count}" for word, count in way.counts.items()), flush=True)
        os.close(cleaner)
        os.waitpid(child, 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("left", metavar="LEFT")
    parser.add_argument("right", metavar="RIGHT")
    for name, what in (("loss", "lost"), ("copies", "copied"), ("swaps", "overtaken by the next")):
        parser.add_argument(f"--{name}", type=float, nargs="+", default=[0.0], metavar="PERCENT", help=what)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency", type=float, default=0.0, metavar="MS", help="one way")
    job = parser.parse_args()
    for name in ("loss", "copies", "swaps"):
        given = getattr(job, name)
        if len(given) > 2 or not all(0 <= percent <= 100 for percent in given):
            parser.error(f"--{name} takes one or two percentages")
        setattr(job, name, [percent / 100 for percent in (given * 2)[:2]])
    return job


if __name__ == "__main__":
    main()
