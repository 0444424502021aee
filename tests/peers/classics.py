#!/usr/bin/env python3
"""The sixteen programs of the course, both ends, byte for byte: blocking sockets and no framing.

    classics.py ROW server [--port 0]     prints `ready PORT`, plays --count conversations, ends by itself
    classics.py ROW client --port N

What arrives is printed as `got TEXT`. Exit 0: the other end kept to its row; 1: it did not; see stderr.
"""

import argparse
import copy
import os
import socket
import sys
import threading

import datagrams
import frames
import streams
import tftp
import wire

# number, name, kind, client, server
ROWS = [
    (1, "tcp-once", "tcp", streams.once_client, streams.once_server),
    (2, "tcp-thanks", "tcp", streams.thanks_client, streams.thanks_server),
    (3, "upload", "tcp", streams.upload_client, streams.upload_server),
    (4, "upload-silent", "tcp", streams.silent_upload_client, streams.silent_upload_server),
    (5, "download", "tcp", streams.download_client, streams.download_server),
    (6, "udp-chat", "udp", datagrams.chat_client, datagrams.chat_server),
    (7, "http-get", "tcp", streams.http_client, streams.http_server),
    (8, "greeting", "tcp", streams.greeting_client, streams.greeting_server),
    (9, "bye", "tcp", streams.bye_client, streams.bye_server),
    (10, "udp-hello", "udp", datagrams.hello_client, datagrams.hello_server),
    (11, "udp-celsius", "udp", datagrams.celsius_client, datagrams.celsius_server),
    (12, "udp-once", "udp", datagrams.once_client, datagrams.once_server),
    (13, "udp-echo", "udp", datagrams.echo_client, datagrams.echo_server),
    (14, "tftp", "udp", tftp.client, tftp.server),
    (15, "qq", "tcp", streams.qq_client, streams.qq_server),
    (16, "sticky", "tcp", streams.sticky_client, streams.sticky_server),
]


def row_of(word):
    for row in ROWS:
        if word in (str(row[0]), row[1]):
            return row
    raise argparse.ArgumentTypeError("no such row; they are " + ", ".join(row[1] for row in ROWS))


def letters(size):
    """A message of so many bytes that repeats only after 61 of them."""
    return bytes(0x41 + i % 61 for i in range(int(size)))


def split_character(text):
    """A message whose byte 1024 lies inside a Chinese character."""
    return b"a" * 1022 + "驿".encode() + text.encode()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("row", type=row_of, help="number or name of a row of the classics")
    add("role", choices=["server", "client"])
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=0)
    add("--source-port", type=int, default=0, help="a UDP client's own port")
    add("--count", type=int, default=1, help="conversations or datagrams before the end")
    add("--limit", type=float, default=20, help="seconds for everything")
    add("--say", dest="says", action="append", type=wire.unescape, default=[], metavar="TEXT",
        help=r"takes \0 \n \xNN")
    add("--say-size", dest="says", action="append", type=letters, metavar="BYTES")
    add("--say-split", dest="says", action="append", type=split_character, metavar="TAIL",
        help="a text whose byte 1024 lies inside a character")
    add("--say-many", type=int, default=0, metavar="N", help="message 1 … message N")
    add("--expect", action="append", type=wire.unescape, default=[], metavar="TEXT")
    add("--file", help="to upload, or the page to serve")
    add("--name", type=wire.unescape, default=b"", help="to ask for")
    add("--into", help="where to save")
    add("--root", default=".", help="the folder to serve")
    add("--frame", choices=frames.KINDS, default="none")
    trouble = parser.add_argument_group("misbehaviour").add_argument
    trouble("--pieces", type=int, default=0, metavar="BYTES", help="send in pieces, with pauses")
    trouble("--split-at", type=int, default=0, metavar="BYTES", help="send each message in two")
    trouble("--pause", type=float, default=0.05, metavar="SECONDS")
    trouble("--together", action="store_true", help="the first two messages in one send")
    trouble("--vanish-after", type=int, metavar="BYTES")
    trouble("--vanish-by", choices=["rst", "close"], default="rst")
    trouble("--stall", type=float, default=0.0, metavar="SECONDS", help="silent before the first byte")
    trouble("--stall-read", type=float, default=0.0, metavar="SECONDS", help="deaf before the first read")
    job = parser.parse_args()
    job.says += [b"message %d" % i for i in range(1, job.say_many + 1)]
    fields = wire.Trouble.__dataclass_fields__
    job.trouble = wire.Trouble(**{name: getattr(job, name) for name in fields})
    return job


def guarded(play):
    """Plays one conversation; true when the other end kept to its row."""
    try:
        play()
        return True
    except wire.Vanished as left:
        wire.say(f"vanished {left}")
        return True
    except (wire.Deviation, OSError) as fault:
        print(f"deviation: {fault}", file=sys.stderr, flush=True)
        return False


def tcp_client(talk, job):
    def play():
        with wire.Wire(socket.create_connection((job.host, job.port)), job.trouble) as peer:
            talk(peer, job)

    return guarded(play)


def tcp_server(talk, job):
    """A thread a connection, so that one that stalls keeps nobody waiting."""
    verdicts, threads = [], []

    def converse(sock):
        own = copy.deepcopy(job)
        with wire.Wire(sock, own.trouble) as peer:
            verdicts.append(guarded(lambda: talk(peer, own)))

    with wire.bound_socket(job.host, job.port, socket.SOCK_STREAM) as listener:
        for _ in range(job.count):
            threads.append(threading.Thread(target=converse, args=(listener.accept()[0],)))
            threads[-1].start()
    for thread in threads:
        thread.join()
    return all(verdicts)


def udp(talk, job):
    if job.role == "server":
        sock = wire.bound_socket(job.host, job.port, socket.SOCK_DGRAM)
    else:
        sock = socket.socket(wire.family_of(job.host), socket.SOCK_DGRAM)
        sock.bind((job.host, job.source_port))
        job.peer = (job.host, job.port)
    with sock:
        return guarded(lambda: talk(sock, job))


def run_out(limit):
    print(f"deviation: not done after {limit:g} s", file=sys.stderr, flush=True)
    os._exit(1)


def main():
    job = arguments()
    alarm = threading.Timer(job.limit, run_out, [job.limit])
    alarm.daemon = True
    alarm.start()
    _, _, kind, client, server = job.row
    talk, tcp = (client, tcp_client) if job.role == "client" else (server, tcp_server)
    kept = (udp if kind == "udp" else tcp)(talk, job)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
