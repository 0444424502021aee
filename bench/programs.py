"""Programs under measurement: started on a core of their own, found by the port they print, gone after."""

import contextlib
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import time

PORT_LIMIT = 10.0  # seconds until a server has said where it listens
RUN_LIMIT = 120.0  # seconds for any one measured command

# Server and load share no core where there are two; every candidate is placed the same way.
_cores = sorted(os.sched_getaffinity(0))
LOAD_CORE, SERVER_CORE = _cores[0], _cores[-1]

_said = re.compile(rb"^ready (?P<peer>\d+)$|listening on (?P<scheme>[a-z]+)://\S*:(?P<yam>\d+)", re.M)


class Failed(Exception):
    """A candidate did not do the work; there is no number for it."""


def pinned(core, command):
    return ["taskset", "-c", str(core), *map(str, command)]


def need(names):
    missing = [name for name in names if not shutil.which(str(name))]
    if missing:
        raise Failed("missing: " + ", ".join(map(str, missing)) + " (./dev bench builds and installs)")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end_group(process):
    """Kills it with what it forked and waits until all are gone: the next one is to have the cores alone."""
    end = time.monotonic() + RUN_LIMIT
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        while time.monotonic() < end:
            os.killpg(process.pid, 0)
            time.sleep(0.01)


@contextlib.contextmanager
def started(command, core=SERVER_CORE, **streams):
    """Runs it in a process group of its own, so that what it forked goes with it."""
    process = subprocess.Popen(pinned(core, command), start_new_session=True, **streams)
    try:
        yield process
    finally:
        end_group(process)
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()


def said_port(process, stream, scheme):
    """The port it prints: `ready N`, or `listening on SCHEME://HOST:N`."""
    text, end = b"", time.monotonic() + PORT_LIMIT
    while time.monotonic() < end:
        if select.select([stream], [], [], 0.1)[0]:
            more = os.read(stream.fileno(), 4096)
            text += more
            for found in _said.finditer(text[: text.rfind(b"\n") + 1]):
                if found["peer"] or found["scheme"].decode() in (scheme, "echo"):
                    return int(found["peer"] or found["yam"])
            if not more:
                break
    raise Failed(f"{process.args[3]} did not say where it listens: {text[-200:].decode(errors='replace')}")


def wait_for_listener(port, transport="tcp", pid="self"):
    """For servers that say nothing: read from the kernel's table, so that no connection is used up. `pid` is
    somebody in the network namespace that is meant."""
    state = {"tcp": "0A", "udp": "07"}[transport]
    end = time.monotonic() + PORT_LIMIT
    while time.monotonic() < end:
        for table in (f"/proc/{pid}/net/{transport}", f"/proc/{pid}/net/{transport}6"):
            with open(table) as rows:
                if any(re.search(rf":{port:04X} [0-9A-F:]+ {state} ", row) for row in rows):
                    return
        time.sleep(0.005)
    raise Failed(f"nothing listens on {port}")


def output(command, core=LOAD_CORE, limit=RUN_LIMIT):
    done = subprocess.run(pinned(core, command), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=limit)
    if done.returncode:
        raise Failed(f"{command[0]}: exit {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout


@contextlib.contextmanager
def serving(server, scheme):
    """A server and its port. `{port}` in its command is a port that we choose, else it prints its own."""
    if any("{port}" in str(word) for word in server):
        port = free_port()
        command = [str(word).replace("{port}", str(port)) for word in server]
        with started(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            wait_for_listener(port)
            yield process, port
    else:
        with started(server, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            yield process, said_port(process, process.stdout, scheme)
