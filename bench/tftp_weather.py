"""The rows of bad weather: a file over a wire that loses packets, server and client in a namespace each."""

import contextlib
import itertools
import os
import subprocess
import tempfile
import time
from pathlib import Path

from programs import LOAD_CORE, SERVER_CORE, Failed, need, pinned, started, wait_for_listener
from table import judge, print_limit, print_line, spread

WIRE = Path(__file__).resolve().parent.parent / "tests/peers/lossy_wire.py"
SERVER = "10.77.0.1"
FILE_BYTES = 8 << 20
PORT = 69
PAIR_LIMIT = {0.5: 0.5, 2: 1.5}  # seconds, by % lost each way
PEER_TARGET = 10  # times as fast as the best peer server, with each client
HOPELESS = 60.0  # seconds that any transfer may take at least, before it is out

_numbers = itertools.count(1)


def clients(yam):
    """What each fetches `file` with, at its best, into `got`."""
    return {
        "tftp-hpa": ["tftp", "-m", "binary", SERVER, PORT, "-c", "get", "file", "got"],
        "atftp": ["atftp", "--option", "blksize 1428", "--option", "windowsize 16", "-g", "-r", "file", "-l",
                  "got", SERVER, PORT],
        "curl": ["curl", "-s", "--tftp-blksize", 1428, "-o", "got", f"tftp://{SERVER}:{PORT}/file"],
        "busybox": ["busybox", "tftp", "-b", 1428, "-g", "-r", "file", "-l", "got", SERVER, PORT],
        "yam": [yam, "get", f"tftp://{SERVER}:{PORT}/file", "-o", "got", "--force", "--quiet"],
    }


def servers(yam, atftpd, root):
    return {
        "yam": [yam, "serve", f"tftp://{SERVER}:{PORT}{root}"],
        "tftpd-hpa": ["in.tftpd", "-L", "--address", f"{SERVER}:{PORT}", "--secure", "--user", "root", root],
        "atftpd": [atftpd, "--daemon", "--no-fork", "--user", "root", "--group", "root", "--logfile", "-",
                   "--bind-address", SERVER, "--port", PORT, root],
        "dnsmasq": ["dnsmasq", "--no-daemon", "--port=0", "--pid-file=", "--conf-file=/dev/null",
                    "--user=root", "--enable-tftp", f"--tftp-root={root}", "--log-facility=-"],
    }


@contextlib.contextmanager
def wire(loss, seed):
    """The names of two namespaces with such a wire between them."""
    left, right = (f"yam{os.getpid()}{side}" for side in "ab")
    command = ["python3", WIRE, left, right, "--loss", loss, "--seed", seed]
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE) as process:
        try:
            if process.stdout.readline() != b"ready\n":
                raise Failed("no lossy wire")
            yield left, right
        finally:
            process.terminate()
            process.communicate()


def seconds_over(loss, server, client, limit):
    """How long the client took; `limit` when it did not get through by then, or gave up."""
    with tempfile.TemporaryDirectory() as folder, wire(loss, next(_numbers)) as (left, right):
        command = ["ip", "netns", "exec", left, *map(str, server)]
        with started(command, SERVER_CORE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            wait_for_listener(PORT, "udp", process.pid)
            words = pinned(LOAD_CORE, ["ip", "netns", "exec", right, *client])
            start = time.monotonic()
            try:
                subprocess.run(words, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                               timeout=limit)
            except subprocess.TimeoutExpired:
                return limit
            took = time.monotonic() - start
            got = Path(folder) / "got"
            return took if got.exists() and got.stat().st_size == FILE_BYTES else limit


def weather(bench):
    need(["ip", "tftp", "atftp", "curl", "busybox", "dnsmasq"])
    root = bench.root / "weather"
    root.mkdir(mode=0o755)
    (root / "file").write_bytes(os.urandom(FILE_BYTES))
    ours, *peers = servers(bench.yam, bench.atftpd, root).items()
    for loss, limit in PAIR_LIMIT.items():
        for client, words in clients(bench.yam).items():
            if bench.clients and client not in bench.clients:
                continue
            work = f"{loss} % lost, {client}"
            mine = [seconds_over(loss, ours[1], words, HOPELESS) for _ in range(bench.rounds)]
            if client == "yam":
                print_limit(f"{work}, s", mine, limit, ".2f")
                continue
            # A peer is stopped once the ratio is clear: some would take an hour.
            enough = 1.1 * PEER_TARGET * max(mine)
            theirs = {name: seconds_over(loss, command, words, enough) for name, command in peers}
            best = min(theirs.values())
            ratio = best / sorted(mine)[len(mine) // 2]
            for name, took in theirs.items():
                stopped = took >= enough
                print_line(f"{work}, s", name, spread(mine, ".2f"), ("> " if stopped else "") + f"{took:.1f}",
                           ("> " if stopped else "") + f"{took / max(mine):.1f}", "", "")
            print_line(f"{work}", "the best", "", "", f"{ratio:.1f}", f"≥ {PEER_TARGET}",
                       judge(work, ratio >= PEER_TARGET))
