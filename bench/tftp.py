#!/usr/bin/env python3
"""yam against its peers at TFTP: one table of ratios, all on the same work in the same run, in turn.

    tftp.py [--only lockstep|window|storm|weather] [--rounds 5] [--mib 64] [--client NAME]

Each server gives the same file to the same bare client, which drops what it gets; of yam's own pair both ends
are yam's. A ratio above 1 is in yam's favour: the median over the rounds, with the least and the most beside.
Wants root: dnsmasq has port 69 alone, and bad weather is between two network namespaces.
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from programs import LOAD_CORE, SERVER_CORE, Failed, free_port, need, output, said_port, started
from programs import wait_for_listener
from table import in_turn, missed, print_line, print_rows
from tftp_weather import weather

ROOT = Path(__file__).resolve().parent.parent
ATFTPD = ROOT / "build/peers/atftpd/usr/sbin/atftpd"  # cannot be installed beside tftpd-hpa
LOCK_STEP_BLOCKS = (512, 1428, 65464)
STORM_BYTES = 1 << 20
STORM_BLOCK = 1428
FIRMWARE_WINDOW = 4  # what UEFI's network boot asks for
SWARMS = (2_000, 10_000)
SWARM_LIMIT = 400  # seconds

# What yam has to reach.
LOCK_STEP_PEER_TARGET, LOCK_STEP_BARE_TARGET = 1.0, 0.9
WINDOW_TARGET, PAIR_TARGET, LARGE_TARGET, STORM_TARGET = 3.0, 0.8, 1.3, 1.5


@dataclass
class Bench:
    yam: str
    atftpd: Path
    built: Path  # where bare_tftp and its like are
    rounds: int
    root: Path  # what the servers give out
    file_bytes: int
    clients: list  # that go through bad weather; empty: all

    def tool(self, name):
        return str(self.built / name)

    def servers(self, *names):
        """The commands of those that can do a work; `{port}` is a port that we choose."""
        mib = self.file_bytes >> 20
        commands = {
            "yam": [self.yam, "serve", f"tftp://127.0.0.1:{{port}}{self.root}"],
            "bare": [self.tool("bare_tftp"), "serve", mib],
            "bare plain": [self.tool("bare_tftp"), "serve", mib, "plain"],
            "tftpd-hpa": ["in.tftpd", "-L", "--address", "127.0.0.1:{port}", "--secure", "--user", "root",
                          self.root],
            "atftpd": [self.atftpd, "--daemon", "--no-fork", "--user", "root", "--group", "root",
                       "--maxthread", "20000", "--logfile", "-", "--bind-address", "127.0.0.1",
                       "--port", "{port}", self.root],
            "dnsmasq": ["dnsmasq", "--no-daemon", "--port=0", "--pid-file=", "--conf-file=/dev/null",
                        "--user=root", "--enable-tftp", f"--tftp-root={self.root}", "--tftp-max=20000",
                        "--listen-address=127.0.0.1", "--bind-interfaces"],
        }
        return {name: commands[name] for name in names}


@contextlib.contextmanager
def serving(name, command):
    """A running server's port, and its process."""
    says_port = name.startswith("bare")
    port = 69 if name == "dnsmasq" else 0 if says_port else free_port()
    streams = {"stdout": subprocess.PIPE if says_port else subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    with started([str(word).replace("{port}", str(port)) for word in command], **streams) as process:
        if says_port:
            port = said_port(process, process.stdout, "tftp")
        else:
            wait_for_listener(port, "udp")
        yield port, process


def mib_per_second(bench, name, command, client):
    """A transfer's speed by the clock on the wall around the client, once the server has seen the file."""
    with serving(name, command) as (port, _):
        words = [str(word).replace("{server}", f"127.0.0.1:{port}") for word in client]
        output(words)
        start = time.monotonic()
        said = output(words)
        took = time.monotonic() - start
    got = re.match(r"(\d+) bytes", said)
    if got and int(got[1]) != bench.file_bytes:
        raise Failed(f"{name} gave {got[1]} of {bench.file_bytes} bytes")
    return bench.file_bytes / took / (1 << 20)


def bare_client(bench, block, window, *flags):
    return [bench.tool("bare_tftp"), "get", "{server}", "file", block, window, *flags]


def race(bench, work, client, targets, *names):
    values = in_turn(bench.rounds, {
        name: lambda name=name, command=command: mib_per_second(bench, name, command, client)
        for name, command in bench.servers("yam", *names).items()}, targets)
    print_rows(work, values, targets, ",.0f")


def lockstep(bench):
    peers = ("tftpd-hpa", "atftpd", "dnsmasq")
    targets = {"bare": LOCK_STEP_BARE_TARGET, **dict.fromkeys(peers, LOCK_STEP_PEER_TARGET)}
    for block in LOCK_STEP_BLOCKS:
        race(bench, f"{block} × 1, MiB/s", bare_client(bench, block, 1), targets, "bare", *peers)


def window(bench):
    race(bench, "1428 × 64, MiB/s", bare_client(bench, 1428, 64), {"atftpd": WINDOW_TARGET}, "bare",
         "bare plain", "atftpd")
    race(bench, "65464 × 8, MiB/s", bare_client(bench, 65464, 8), {"atftpd": LARGE_TARGET}, "bare", "atftpd")
    pair = [bench.yam, "get", "tftp://{server}/file", "--blksize", 1428, "--windowsize", 64, "--quiet", "-o",
            "/dev/null"]
    servers = bench.servers("yam", "bare")
    values = in_turn(bench.rounds, {
        "yam": lambda: mib_per_second(bench, "yam", servers["yam"], pair),
        "bare": lambda: mib_per_second(bench, "bare", servers["bare"], bare_client(bench, 1428, 64, "gro")),
    }, {"bare": PAIR_TARGET})
    print_rows("1428 × 64, both ends", values, {"bare": PAIR_TARGET}, ",.0f")


def storm_rate(bench, name, command, clients, window):
    """Clients a second, all of them whole."""
    with serving(name, command) as (port, _):
        said = output([bench.tool("tftp_swarm"), f"127.0.0.1:{port}", "storm", clients, STORM_BLOCK, window,
                       STORM_BYTES], limit=SWARM_LIMIT)
    whole, failed, seconds = re.match(r"(\d+) whole (\d+) failed ([\d.]+) s", said).groups()
    if int(failed):
        raise Failed(f"{name} failed {failed} of {clients} clients")
    return int(whole) / float(seconds)


def storm(bench):
    peers = ("dnsmasq", "atftpd", "tftpd-hpa")
    for window in (1, FIRMWARE_WINDOW):
        values = in_turn(bench.rounds, {
            name: lambda name=name, command=command: storm_rate(bench, name, command, 500, window)
            for name, command in bench.servers("yam", *peers).items()}, {"dnsmasq"})
        print_rows(f"500 clients × {window}, 1/s", values, {"dnsmasq": STORM_TARGET}, ",.0f")
    for count in SWARMS:
        command = bench.servers("yam")["yam"]
        values = in_turn(1, {"yam": lambda: storm_rate(bench, "yam", command, count, 1)})
        print_line(f"{count:,} clients, 1/s", "", f"{values['yam'][0]:,.0f}", "", "", "all", "ok")


ROWS = {"lockstep": lockstep, "window": window, "storm": storm, "weather": weather}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--only", choices=ROWS, action="append", help="may be repeated")
    add("--rounds", type=int, default=5)
    add("--mib", type=int, default=64, help="the file's size")
    add("--client", action="append", default=[], help="of weather's clients, these alone")
    add("--build", type=Path, default=ROOT / "build/release", help="where yam and bench/ were built")
    return parser.parse_args()


def write_random(path, size):
    block = os.urandom(1 << 20)
    with open(path, "wb") as out:
        while out.tell() < size:
            out.write(block)


def main():
    wanted = arguments()
    build = wanted.build.resolve()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        bench = Bench(os.environ.get("YAM", str(build / "yam")), ATFTPD, build / "bench", wanted.rounds,
                      Path(folder), wanted.mib << 20, wanted.client)
        os.chmod(folder, 0o755)
        write_random(bench.root / "file", bench.file_bytes)
        write_random(bench.root / "storm", STORM_BYTES)
        try:
            need([bench.yam, bench.tool("bare_tftp"), bench.tool("tftp_swarm"), ATFTPD, "in.tftpd", "dnsmasq",
                  "taskset"])
            print(f"server on core {SERVER_CORE}, client on core {LOAD_CORE}; "
                  f"median (least–most) of {bench.rounds} rounds")
            print_line("work", "peer", "yam", "peer", "ratio", "target", "")
            for row in [name for name in ROWS if name in (wanted.only or ROWS)]:
                ROWS[row](bench)
        except (Failed, subprocess.SubprocessError, OSError) as fault:
            print(f"tftp.py: {fault}", file=sys.stderr)
            return 1
    print(f"{len(missed)} missed" + "".join(f"\n  {work}" for work in missed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
