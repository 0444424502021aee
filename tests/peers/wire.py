"""Sockets for the course's programs: blocking, unframed, with what each one got printed for tests to compare.

A `Wire` is one TCP connection. It sends a message with one `sendall` unless it was told to misbehave;
`Trouble` says how. A peer that breaks its row's rules raises `Deviation`.
"""

import re
import socket
import struct
import sys
import threading
import time
from dataclasses import dataclass

RECV_BYTES = 1024  # what the course's programs hand to recv


class Deviation(Exception):
    """The other end did what its row does not allow."""


class Vanished(Exception):
    """We left in the middle, as we were told to."""


def unescape(text):
    r"""The bytes of an argument: UTF-8, with \0 \n \r \t \\ and \xNN for what no argument can carry."""
    plain = {b"0": b"\0", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\"}

    def byte(match):
        return plain.get(match[1]) or bytes([int(match[1][1:], 16)])

    return re.sub(rb"\\([0nrt\\]|x[0-9a-fA-F]{2})", byte, text.encode("utf-8", "surrogateescape"))


def printable(data):
    """Bytes as one line of text: control characters as escapes, bytes that are not UTF-8 as \\xNN."""
    text = data.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


_out = threading.Lock()


def say(line):
    """One line to stdout, whole and at once, whichever thread speaks."""
    with _out:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def show(data):
    say(f"got {printable(data)}")


def expect(what, got, wanted):
    if got != wanted:
        wish, fact = printable(wanted[:80]), printable(got[:80])
        raise Deviation(f"{what}: wanted '{wish}', got '{fact}' ({len(got)} bytes)")


@dataclass
class Trouble:
    """How we misbehave when we send or read."""

    pieces: int = 0  # bytes a piece; 0: whole messages
    split_at: int = 0  # one cut, after this many bytes of a message
    pause: float = 0.05  # seconds between pieces
    together: bool = False  # the first two messages in one send
    vanish_after: int | None = None  # bytes sent before we are gone
    vanish_by: str = "rst"  # or "close"
    stall: float = 0.0  # seconds of silence before the first byte
    stall_read: float = 0.0  # seconds before the first read

    def cuts(self, message):
        if self.split_at:
            return [part for part in (message[: self.split_at], message[self.split_at :]) if part]
        if self.pieces:
            return [message[i : i + self.pieces] for i in range(0, len(message), self.pieces)]
        return [message]

    def join_first_two(self, messages):
        return [messages[0] + messages[1], *messages[2:]] if self.together and len(messages) > 1 else messages


class Wire:
    def __init__(self, sock, trouble):
        self.sock, self.trouble = sock, trouble
        self.sent = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def send(self, message):
        self._pause_once("stall")
        for number, part in enumerate(self.trouble.cuts(message)):
            if number:
                time.sleep(self.trouble.pause)
            self._send_part(part)

    def _send_part(self, part):
        limit = self.trouble.vanish_after
        if limit is not None and self.sent + len(part) >= limit:
            self.sock.sendall(part[: limit - self.sent])
            self._vanish(limit)
        self.sock.sendall(part)
        self.sent += len(part)

    def _vanish(self, limit):
        if self.trouble.vanish_by == "rst":
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()
        raise Vanished(f"after {limit} bytes, by {self.trouble.vanish_by}")

    def send_file(self, path):
        with open(path, "rb") as source:
            while block := source.read(65536):
                self.send(block)
        if self.trouble.vanish_after is not None:
            self._vanish(self.sent)

    def finish(self):
        """No more from us; we go on reading."""
        self.sock.shutdown(socket.SHUT_WR)

    def message(self, limit=RECV_BYTES):
        """What one recv carries; empty at the end."""
        self._pause_once("stall_read")
        return self.sock.recv(limit)

    def text(self):
        """A message that must be there."""
        got = self.message()
        if not got:
            raise Deviation("the other end closed without a word")
        return got

    def take(self, wanted, what):
        """Exactly these bytes, in however many pieces."""
        got = b""
        while len(got) < len(wanted) and (part := self.message(len(wanted) - len(got))):
            got += part
        expect(what, got, wanted)
        return got

    def rest(self):
        """Everything until the other end closes."""
        parts = []
        while part := self.message(65536):
            parts.append(part)
        return b"".join(parts)

    def must_end(self):
        extra = self.rest()
        if extra:
            raise Deviation(f"more than its row allows: '{printable(extra[:80])}'")

    def _pause_once(self, knob):
        time.sleep(getattr(self.trouble, knob))
        setattr(self.trouble, knob, 0.0)


def family_of(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def bound_socket(host, port, kind):
    """Bound, and announced as `ready PORT`: what scripts wait for."""
    sock = socket.socket(family_of(host), kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    if kind == socket.SOCK_STREAM:
        sock.listen(128)
    say(f"ready {sock.getsockname()[1]}")
    return sock
