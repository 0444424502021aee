#!/usr/bin/env python3
"""yam against its peers on raw work: one table of ratios, all on the same work in the same run, in turn.

    raw.py [--only echo|bulk|udp|memory|program] [--rounds 5] [--seconds 1] [--self]

`--self` puts yam's opponents in its place: its ratios must be about 1.00, or the harness itself is crooked.
A ratio above 1 is in yam's favour: it is the median over the rounds, with the least and the most beside it.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from programs import LOAD_CORE, RUN_LIMIT, SERVER_CORE, Failed, free_port, need, output, pinned, said_port
from programs import serving, started, wait_for_listener
from table import in_turn, missed, print_limit, print_line, print_rows, spread

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = (1, 50, 1000)
IDLE_CONNECTIONS = 10_000
UDP_WINDOW = 128  # datagrams; all of them fit the server's default buffer
STARTS = 20  # per round
SOCAT_CONNECTIONS_MAX = 1200

# What yam has to reach. Ratios are against one peer; limits are absolute.
ECHO_TARGET, UDP_TARGET, SOCAT_BULK_TARGET, BARE_BULK_TARGET = 0.97, 1.3, 1.3, 0.9
IDLE_BYTES_TARGET, START_MS_TARGET, PROGRAM_MB_TARGET = 600, 10, 6


@dataclass
class Bench:
    yam: str
    built: Path  # where epoll_echo and its like are
    rounds: int
    seconds: float
    bulk_bytes: int
    itself: bool  # --self

    def tool(self, name):
        return str(self.built / name)

    def server(self, scheme):
        if self.itself:
            return [self.tool("epoll_echo" if scheme == "tcp" else "udp_echo")]
        return [self.yam, "serve", "echo://127.0.0.1:0", "--loops", "1"]

    def targets(self, named):
        """What yam must reach; an opponent in its place has nothing to reach."""
        return {} if self.itself else named

    def program(self):
        return self.tool("epoll_echo") if self.itself else self.yam


# --- the rows --------------------------------------------------------------------------------------


def load_rate(bench, server, scheme, *load):
    with serving(server, scheme) as (_, port):
        said = output([bench.tool("load"), scheme, f"127.0.0.1:{port}", *load])
    rate, faults = re.match(r"(\d+) \S+ (\d+) ", said).groups()
    if scheme == "tcp" and int(faults):
        raise Failed(f"{server[0]}: {faults} failed connections under {' '.join(map(str, load))}")
    return float(rate)


def echo(bench):
    most = str(SOCAT_CONNECTIONS_MAX)
    servers = {
        "yam": bench.server("tcp"),
        "epoll_echo": [bench.tool("epoll_echo")],
        "socat": ["socat", f"TCP-LISTEN:{{port}},bind=127.0.0.1,reuseaddr,nodelay,fork,backlog={most}",
                  "PIPE"],
        "ncat": ["ncat", "-lk", "-m", most, "-e", "/bin/cat", "127.0.0.1", "{port}"],
    }
    targets = bench.targets({"epoll_echo": ECHO_TARGET})
    for count in CONNECTIONS:
        values = in_turn(bench.rounds, {
            name: lambda server=server: load_rate(bench, server, "tcp", count, bench.seconds)
            for name, server in servers.items()}, targets)
        print_rows(f"echo 64 B × {count}, 1/s", values, targets, ",.0f")


def udp(bench):
    values = in_turn(bench.rounds, {
        name: lambda server=server: load_rate(bench, server, "udp", bench.seconds, UDP_WINDOW)
        for name, server in {"yam": bench.server("udp"), "udp_echo": [bench.tool("udp_echo")]}.items()})
    print_rows("UDP echo 64 B, 1/s", values, bench.targets({"udp_echo": UDP_TARGET}), ",.0f")


class Copying:
    """A file over TCP into another file: receiver and sender on a core each, timed until both have left."""

    def __init__(self, folder, size):
        self.source, self.target, self.size = folder / "in", folder / "out", size
        block = os.urandom(1 << 20)
        with open(self.source, "wb") as out:
            while out.tell() < size:
                out.write(block)

    def run(self, receiver, sender, stdin=False, stdout=False, says_port=True):
        """GiB/s. `{port}` and `{peer}` in the commands stand for where the receiver listens."""
        self.target.unlink(missing_ok=True)
        port = 0 if says_port else free_port()
        with open(self.target if stdout else os.devnull, "wb") as out, open(self.source, "rb") as source:
            streams = {"stdout": out if stdout else subprocess.PIPE, "stderr": subprocess.PIPE}
            with started([word.format(port=port) for word in receiver], **streams) as process:
                if says_port:
                    port = said_port(process, process.stderr if stdout else process.stdout, "tcp")
                else:
                    wait_for_listener(port)
                start = time.monotonic()
                words = [word.format(port=port, peer=f"127.0.0.1:{port}") for word in sender]
                subprocess.run(pinned(LOAD_CORE, words), stdin=source if stdin else subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, check=True, timeout=RUN_LIMIT)
                process.wait(RUN_LIMIT)
                took = time.monotonic() - start
        if process.returncode or subprocess.run(["cmp", "-s", self.source, self.target]).returncode:
            raise Failed(f"{receiver[0]} did not save what {sender[0]} sent")
        return self.size / took / (1 << 30)


def line_rate(bench):
    port = free_port()
    with started(["iperf3", "-s", "-1", "-B", "127.0.0.1", "-p", port], stdout=subprocess.DEVNULL):
        wait_for_listener(port)
        said = output(["iperf3", "-c", "127.0.0.1", "-p", port, "-t", max(1, round(bench.seconds)), "-J"])
    return json.loads(said)["end"]["sum_received"]["bits_per_second"] / 8 / (1 << 30)


def bulk(bench):
    targets = bench.targets({"socat": SOCAT_BULK_TARGET, "bare_copy": BARE_BULK_TARGET})
    memory = Path("/dev/shm")
    socat = ["socat", "-u", "-b", "262144"]
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        copy = Copying(Path(folder), bench.bulk_bytes)
        source, target, bare = str(copy.source), str(copy.target), bench.tool("bare_copy")

        def bare_pair():
            return copy.run([bare, "receive", target], [bare, "send", source, "{peer}"])

        bare_pair()  # not counted: the first one pays for memory that the kernel has yet to find
        def yam_pair():
            return copy.run([bench.yam, "listen", "tcp://127.0.0.1:0"],
                            [bench.yam, "connect", "tcp://{peer}"], stdin=True, stdout=True)

        values = in_turn(bench.rounds, {
            "yam": bare_pair if bench.itself else yam_pair,
            "bare_copy": bare_pair,
            "socat": lambda: copy.run(
                [*socat, "TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr", f"CREATE:{target}"],
                [*socat, f"FILE:{source}", "TCP:{peer}"], says_port=False),
            "ncat": lambda: copy.run(
                ["ncat", "-l", "--recv-only", "127.0.0.1", "{port}"],
                ["ncat", "--send-only", "127.0.0.1", "{port}"], stdin=True, stdout=True, says_port=False),
            "iperf3": lambda: line_rate(bench),
        }, targets)
    print_rows("file → file, GiB/s", values, targets, ".2f")


def dirty_bytes(pid):
    """What it has written to and shares with nobody."""
    with open(f"/proc/{pid}/smaps_rollup") as rows:
        return sum(int(row.split()[1]) for row in rows if row.startswith("Private_Dirty:")) * 1024


def bytes_per_idle(bench, server):
    command = [bench.tool("load"), "idle"]
    with serving(server, "tcp") as (process, port):
        for count in (1, IDLE_CONNECTIONS):  # the first one pays for what is there once
            before = dirty_bytes(process.pid)
            with started([*command, f"127.0.0.1:{port}", count], LOAD_CORE, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE) as load:
                if load.stdout.readline() != b"open %d\n" % count:
                    raise Failed(f"{server[0]}: does not hold {count} connections")
                grown = dirty_bytes(process.pid) - before
    return grown / IDLE_CONNECTIONS


def memory(bench):
    values = in_turn(bench.rounds, {"yam": lambda: bytes_per_idle(bench, bench.server("tcp"))})
    print_limit("idle, B/connection", values["yam"], IDLE_BYTES_TARGET, ",.0f")


def start_ms(command):
    """Milliseconds from spawn to exit, the median of many."""
    took = []
    with open(os.devnull, "wb") as nothing:
        streams = [(os.POSIX_SPAWN_DUP2, nothing.fileno(), fd) for fd in (1, 2)]
        for _ in range(STARTS):
            start = time.perf_counter()
            status = os.waitpid(os.posix_spawn(command[0], command, os.environ, file_actions=streams), 0)[1]
            took.append((time.perf_counter() - start) * 1e3)
            if status:
                raise Failed(f"{' '.join(command)}: exit {os.waitstatus_to_exitcode(status)}")
    return statistics.median(took)


def program(bench):
    ours = [bench.tool("load"), "udp", "127.0.0.1:9", "0", "1"] if bench.itself else [bench.yam, "--version"]
    values = in_turn(bench.rounds, {"yam": lambda: start_ms(ours), "true": lambda: start_ms(["/bin/true"])})
    print_limit("yam --version, ms", values["yam"], START_MS_TARGET, ".2f")
    print_line("/bin/true, ms", "", "", spread(values["true"], ".2f"), "", "", "")
    with tempfile.NamedTemporaryFile() as stripped:
        output(["strip", "-o", stripped.name, bench.program()])
        print_limit("stripped program, MB", [os.path.getsize(stripped.name) / 1e6], PROGRAM_MB_TARGET, ".2f")


ROWS = {"echo": echo, "bulk": bulk, "udp": udp, "memory": memory, "program": program}
PEERS = {"echo": ["socat", "ncat"], "bulk": ["socat", "ncat", "iperf3", "cmp"], "program": ["strip"]}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--only", choices=ROWS, action="append", help="may be repeated")
    add("--rounds", type=int, default=5)
    add("--seconds", type=float, default=1.0, help="per measurement")
    add("--bulk-mib", type=int, default=2048)
    add("--self", dest="itself", action="store_true", help="compare the opponents with themselves")
    add("--build", type=Path, default=ROOT / "build/release", help="where yam and bench/ were built")
    return parser.parse_args()


def main():
    wanted = arguments()
    build = wanted.build.resolve()
    bench = Bench(os.environ.get("YAM", str(build / "yam")), build / "bench", wanted.rounds, wanted.seconds,
                  wanted.bulk_mib << 20, wanted.itself)
    rows = [name for name in ROWS if name in (wanted.only or ROWS)]
    own = [bench.tool(name) for name in ("epoll_echo", "udp_echo", "bare_copy", "load")]
    try:
        need([*([] if bench.itself else [bench.yam]), *own, "taskset"])
        need([peer for row in rows for peer in PEERS.get(row, [])])
        print(f"server on core {SERVER_CORE}, load on core {LOAD_CORE}; "
              f"median (least–most) of {bench.rounds} rounds")
        print_line("work", "peer", "itself" if bench.itself else "yam", "peer", "ratio", "target", "")
        for row in rows:
            ROWS[row](bench)
    except (Failed, subprocess.SubprocessError, OSError) as fault:
        print(f"raw.py: {fault}", file=sys.stderr)
        return 1
    print(f"{len(missed)} missed" + "".join(f"\n  {work}" for work in missed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
