#!/usr/bin/env python3
"""yam's HTTP against its peers: one table of ratios, all on the same work in the same run, in turn.

    http.py [--only small|large|tls|log|bulk|tree|tus|idle] [--rounds 5] [--seconds 2] [--bulk-mib 2048]

A server has one core and one loop (one worker of nginx, without an access log), the load has the other. A
ratio above 1 is in yam's favour: the median over the rounds, with the least and the most beside it.
"""

import argparse
import contextlib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from programs import LOAD_CORE, RUN_LIMIT, SERVER_CORE, Failed, need, output, pinned, serving
from raw import Copying, dirty_bytes
from table import in_turn, missed, print_line, print_rows, spread

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 50
IDLE_CONNECTIONS = 10_000
SMALL_BYTES, LARGE_BYTES = 1024, 1 << 20
# What yam has to reach: ratios against one peer, or an absolute limit.
SMALL_TARGET, LARGE_TARGET, LOG_TARGET, TLS_TARGET = 1.0, 1.0, 0.9, 0.8
CURL_TARGET, BARE_TARGET = 1.5, 0.9
TREE_FILES, TREE_TARGET = 20_000, 1.8
TUS_TARGET = 2.0


@dataclass
class Bench:
    yam: str
    built: Path
    rounds: int
    seconds: float
    bulk_bytes: int
    folder: Path = Path()

    def tool(self, name):
        return str(self.built / name)

    def ours(self, scheme="http", log="--quiet"):
        """{port} is filled in by who starts it, here and below: what is quiet does not say its port."""
        return [self.yam, "serve", f"{scheme}://127.0.0.1:{{port}}{self.folder}", "--loops", "1", log]

    def taker(self, folder):
        return [self.yam, "serve", f"http://127.0.0.1:{{port}}{folder}?write=new", "--loops", "1", "--quiet"]

    def nginx(self, sendfile):
        scratch = "".join(f"{kind}_temp_path {self.folder}/.{kind};"
                          for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        text = (f"worker_processes 1; daemon off; pid {self.folder}/.pid; error_log /dev/null;"
                "events { worker_connections 20000; } http { access_log off; keepalive_requests 1000000000;"
                f"sendfile {sendfile}; {scratch} "
                f"server {{ listen 127.0.0.1:{{port}}; root {self.folder}; }} }}")
        return ["sh", "-c", f"echo '{text}' > {self.folder}/.nginx-{{port}}; "
                            f"exec nginx -c {self.folder}/.nginx-{{port}}"]


# --- the rows --------------------------------------------------------------------------------------


def request_rate(bench, server, name, scheme="http"):
    with serving(server, scheme) as (_, port):
        said = output(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{bench.seconds}",
                       f"{scheme}://127.0.0.1:{port}/{name}"])
    if "Non-2xx" in said or "Socket errors" in said:
        raise Failed(f"{server[0]}: {said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def requests(bench, work, name, size, target):
    servers = {"yam": bench.ours(), "nginx": bench.nginx("off"), "sendfile": bench.nginx("on"),
               "canned": [bench.tool("epoll_echo"), "0", size]}
    targets = {"nginx": target, "sendfile": target}
    values = in_turn(bench.rounds, {
        peer: lambda server=server: request_rate(bench, server, name)
        for peer, server in servers.items()}, targets)
    print_rows(work, values, targets, ",.0f")


def small(bench):
    requests(bench, "GET 1 KiB, 1/s", "small", SMALL_BYTES, SMALL_TARGET)


def large(bench):
    requests(bench, "GET 1 MiB, 1/s", "large", LARGE_BYTES, LARGE_TARGET)


def log(bench):
    """What a line for each request costs; its lines go to /dev/null."""
    values = in_turn(bench.rounds, {
        "yam": lambda: request_rate(bench, bench.ours(log="--verbose"), "small"),
        "quiet": lambda: request_rate(bench, bench.ours(), "small")}, ("quiet",))
    print_rows("with access log, 1/s", values, {"quiet": LOG_TARGET}, ",.0f")


def cipher_rate():
    """GB/s of AES-256-GCM on one core, in records of 16 KiB."""
    speed = ["openssl", "speed", "-seconds", "1", "-bytes", "16384", "-evp", "aes-256-gcm"]
    said = output(speed, SERVER_CORE)
    return float(said.split()[-1].rstrip("k")) * 1e3 / 1e9


def tls_rate(bench):
    """GB/s of a large file, by the CPU time of the server: its peer has another core and is slower."""
    with serving(bench.ours("https"), "https") as (process, port):
        before = cpu_seconds(process.pid)
        output(["curl", "-sk", "-o", "/dev/null", f"https://127.0.0.1:{port}/bulk"])
        return bench.bulk_bytes / 1e9 / (cpu_seconds(process.pid) - before)


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tls(bench):
    targets = {"openssl": TLS_TARGET}
    values = in_turn(bench.rounds, {"yam": lambda: tls_rate(bench), "openssl": cipher_rate}, targets)
    print_rows("TLS, GB per CPU s", values, targets, ".2f")


def bulk(bench):
    """A file to a file. What runs alone has the other core for its peer, as everywhere."""
    copy = Copying(bench.folder, bench.bulk_bytes)
    source = bench.folder / "in"
    bare = bench.tool("bare_copy")

    def fetched(server, client):
        copy.target.unlink(missing_ok=True)
        with serving(server, "http") as (_, port):
            start = time.monotonic()
            subprocess.run(pinned(LOAD_CORE, [word.format(port=port) for word in client]), check=True,
                           timeout=RUN_LIMIT, stdin=subprocess.DEVNULL, capture_output=True)
            took = time.monotonic() - start
        if subprocess.run(["cmp", "-s", source, copy.target]).returncode:
            raise Failed(f"{client[0]} did not save what it fetched")
        return bench.bulk_bytes / took / (1 << 30)

    curl = ["curl", "-s", "-o", str(copy.target), "http://127.0.0.1:{port}/in"]
    ours = [bench.yam, "get", "-o", str(copy.target), "http://127.0.0.1:{port}/in"]

    def bare_pair():
        return copy.run([bare, "receive", str(copy.target)], [bare, "send", str(source), "{peer}"])

    bare_pair()  # not counted: the first one pays for memory that the kernel has yet to find
    targets = {"curl": CURL_TARGET, "bare_copy": BARE_TARGET}
    values = in_turn(bench.rounds, {
        "yam": lambda: fetched(bench.ours(), ours),
        "curl": lambda: fetched(bench.nginx("on"), curl),
        "bare_copy": bare_pair,
    }, targets)
    print_rows("file → file, GiB/s", values, targets, ".2f")


def many_files(bench):
    """Files of 1 to 16 KiB in folders of 200."""
    source = bench.folder / "tree"
    block = os.urandom(1 << 20)
    sizes = random.Random(1)
    for number in range(TREE_FILES):
        file = source / f"{number // 200:03}" / f"{number:05}"
        file.parent.mkdir(parents=True, exist_ok=True)
        at = sizes.randrange(1 << 19)
        file.write_bytes(block[at:at + sizes.randrange(1024, 16385)])
    return source


def rsync_daemon(bench, path):
    daemon = bench.folder / ".rsync-{port}"
    text = (f"port = {{port}}\naddress = 127.0.0.1\nuse chroot = no\n"
            f"uid = {os.getuid()}\ngid = {os.getgid()}\n[tree]\npath = {path}\nread only = no\n")
    return ["sh", "-c", f"echo '{text}' > {daemon}; exec rsync --daemon --no-detach --config={daemon}"]


def carried(server, client, source, target):
    """How long a client took to make `target` the same as `source`."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    with serving(server, "http") as (_, port):
        start = time.monotonic()
        output([word.format(port=port) for word in client])
        took = time.monotonic() - start
    if subprocess.run(["diff", "-rq", "-x", ".yam.part", source, target], capture_output=True).returncode:
        raise Failed(f"{client[0]} did not carry it")
    return took


def tree(bench):
    """Each run into a folder that is new."""
    source, target = many_files(bench), bench.folder / "got"
    targets = {"rsync": TREE_TARGET}

    def row(work, ours, client, path, peer):
        values = in_turn(bench.rounds, {
            "yam": lambda: TREE_FILES / carried(ours, client, source, target),
            "rsync": lambda: TREE_FILES / carried(rsync_daemon(bench, path), peer, source, target),
        }, targets)
        print_rows(work, values, targets, ",.0f")

    row("tree down, files/s", bench.ours(),
        [bench.yam, "get", "-r", "--quiet", "-o", str(target), "http://127.0.0.1:{port}/tree/"], source,
        ["rsync", "-a", "rsync://127.0.0.1:{port}/tree/", f"{target}/"])
    row("tree up, files/s", bench.taker(target),
        [bench.yam, "put", "--quiet", f"{source}/.", "http://127.0.0.1:{port}/"], target,
        ["rsync", "-a", f"{source}/", "rsync://127.0.0.1:{port}/tree/"])


def tus(bench):
    """One large file by tus to yam serve, from us and from a client by others."""
    source, target = bench.folder / "bulk-up", bench.folder / "got"
    source.mkdir()
    (bench.folder / "bulk").rename(source / "bulk")
    script = "source tests/lib.sh; source $TESTS/npm.bash; realpath $WEB_PEERS"
    found = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True,
                           timeout=RUN_LIMIT)
    if found.returncode:
        raise Failed(f"tus-js-client does not come: {found.stderr}")
    os.environ["WEB_PEERS"] = found.stdout.strip()
    clients = {"yam": [bench.yam, "put", "--quiet", str(source / "bulk"), "http://127.0.0.1:{port}/"],
               "tus-js": ["node", str(ROOT / "tests/web/tus_upload.mjs"), "http://127.0.0.1:{port}/",
                          str(source / "bulk"), "bulk"]}

    def sent(client):
        took = carried(bench.taker(target), clients[client], source, target)
        return bench.bulk_bytes / took / (1 << 30)

    targets = {"tus-js": TUS_TARGET}
    values = in_turn(bench.rounds, {name: lambda name=name: sent(name) for name in clients}, targets)
    print_rows("tus up, GiB/s", values, targets, ".2f")
    (source / "bulk").rename(bench.folder / "bulk")
    shutil.rmtree(target)


def idle(bench):
    """Connections that have asked once and wait."""
    def grown():
        with serving(bench.ours(), "http") as (process, port):
            with asked(port, 1):
                before = dirty_bytes(process.pid)
                with asked(port, IDLE_CONNECTIONS):
                    return (dirty_bytes(process.pid) - before) / IDLE_CONNECTIONS

    values = in_turn(bench.rounds, {"yam": grown})
    print_line("idle, B/connection", "", spread(values["yam"], ",.0f"), "", "", "", "")


@contextlib.contextmanager
def asked(port, count):
    import socket
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            peer = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            peer.sendall(b"GET /small HTTP/1.1\r\nHost: localhost\r\n\r\n")
            got = b""
            while len(got.partition(b"\r\n\r\n")[2]) < SMALL_BYTES:
                got += peer.recv(4096)
        yield


ROWS = {"small": small, "large": large, "log": log, "tls": tls, "bulk": bulk, "tree": tree, "tus": tus,
        "idle": idle}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=ROWS, action="append", help="may be repeated")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="per measurement of requests")
    parser.add_argument("--bulk-mib", type=int, default=2048)
    parser.add_argument("--build", type=Path, default=ROOT / "build/release")
    wanted = parser.parse_args()
    build = wanted.build.resolve()
    bench = Bench(os.environ.get("YAM", str(build / "yam")), build / "bench", wanted.rounds, wanted.seconds,
                  wanted.bulk_mib << 20)
    memory = Path("/dev/shm")
    try:
        need([bench.yam, bench.tool("epoll_echo"), bench.tool("bare_copy")])
        need(["taskset", "wrk", "nginx", "curl", "openssl", "rsync"])
        print(f"server on core {SERVER_CORE}, load on core {LOAD_CORE}; "
              f"median (least–most) of {bench.rounds} rounds")
        print_line("work", "peer", "yam", "peer", "ratio", "target", "")
        with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
            bench.folder = Path(folder)
            bench.folder.chmod(0o755)  # nginx's worker is nobody
            files = {"small": SMALL_BYTES, "large": LARGE_BYTES, "bulk": bench.bulk_bytes}
            for name, size in files.items():
                with open(bench.folder / name, "wb") as out:
                    block = os.urandom(min(size, 1 << 20))
                    for _ in range(max(1, size >> 20)):
                        out.write(block)
            for row in [name for name in ROWS if name in (wanted.only or ROWS)]:
                ROWS[row](bench)
    except (Failed, subprocess.SubprocessError, OSError) as fault:
        print(f"http.py: {fault}", file=sys.stderr)
        return 1
    print(f"{len(missed)} missed" + "".join(f"\n  {work}" for work in missed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
