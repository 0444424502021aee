"""The rows on TCP. Each function plays one end of one conversation over a connected `Wire`; `job` holds what
the command line said (the texts to say, files, folders)."""

import os
import re
import sys

import frames
from wire import Deviation, expect, say, show

THANKS = b"Thank ou!"  # sic
RECEIVED = "接收完成".encode()
WELCOME = b"Welcome!"


def hello(name):
    return b"Hello, " + name + b"!"


# 1, 2: one text each way ---------------------------------------------------------------------------


def once_client(wire, job):
    for text in job.trouble.join_first_two(job.says):
        wire.send(text)
    answer = wire.rest()
    if not answer:
        raise Deviation("the other end closed without an answer")
    show(answer)
    if job.expect:
        expect("answer", answer, job.expect[0])


def thanks_client(wire, job):
    job.expect = job.expect or [THANKS]
    once_client(wire, job)


def once_server(wire, job):
    text = wire.text()
    show(text)
    if job.expect:
        expect("text", text, job.expect[0])
    wire.send(job.says[0] if job.says else sys.stdin.readline().rstrip("\n").encode())


def thanks_server(wire, job):
    job.says = [THANKS]
    once_server(wire, job)


# 3, 4: a file goes up ------------------------------------------------------------------------------


def upload(wire, job, wanted):
    wire.send_file(job.file)
    wire.finish()
    answer = wire.rest()
    if answer:
        show(answer)
    expect("answer", answer, wanted)


def upload_client(wire, job):
    upload(wire, job, job.expect[0] if job.expect else RECEIVED)


def silent_upload_client(wire, job):
    upload(wire, job, b"")


def save(wire, path):
    size = 0
    with open(path, "wb") as out:
        while block := wire.message(65536):
            size += out.write(block)
    say(f"saved {size} bytes")


def upload_server(wire, job):
    save(wire, job.into)
    wire.send(RECEIVED)


def silent_upload_server(wire, job):
    save(wire, job.into)


# 5: a file comes down ------------------------------------------------------------------------------


def download_client(wire, job):
    wire.send(job.name)
    first = wire.message(65536)
    if not first:  # a missing file and an empty one look the same: no file is written
        say("got nothing")
        return
    with open(job.into, "wb") as out:
        out.write(first)
        out.write(wire.rest())
        say(f"saved {out.tell()} bytes")


def download_server(wire, job):
    name = wire.text()
    show(name)
    try:
        wire.send_file(os.path.join(os.fsencode(job.root), name))
    except (FileNotFoundError, IsADirectoryError, ValueError):  # ValueError: a NUL in the name
        pass


# 7: one page over HTTP -----------------------------------------------------------------------------


def http_client(wire, job):
    wire.send(b"GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % job.host.encode())
    head, gap, body = wire.rest().partition(b"\r\n\r\n")
    if not gap or not re.match(rb"HTTP/1\.[01] \d{3}", head):
        raise Deviation("no HTTP head in the answer")
    for line in head.split(b"\r\n"):
        show(line)
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    if length and int(length[1]) != len(body):
        raise Deviation(f"Content-Length {int(length[1])}, but {len(body)} bytes came")
    if job.into:
        with open(job.into, "wb") as out:
            out.write(body)


def http_server(wire, job):
    head = b""
    while b"\r\n\r\n" not in head:
        head += wire.text()
    lines = head.split(b"\r\n\r\n")[0].split(b"\r\n")
    for line in lines:
        show(line)
    expect("request", lines[0], b"GET / HTTP/1.1")
    fields = {line.partition(b":")[0].lower(): line.partition(b":")[2].strip().lower() for line in lines[1:]}
    if not fields.get(b"host"):
        raise Deviation("no Host")
    expect("Connection", fields.get(b"connection", b""), b"close")
    with open(job.file, "rb") as page:
        body = page.read()
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)


# 8: greetings until `exit` -------------------------------------------------------------------------


def greeting_client(wire, job):
    show(wire.take(WELCOME, "welcome"))
    for text in job.trouble.join_first_two(job.says):
        wire.send(text)
        if job.trouble.pieces or job.trouble.split_at:
            greeted_in_parts(wire, text)
        else:
            show(wire.take(hello(text), "greeting"))
    wire.sock.sendall(b"exit")
    wire.must_end()


def greeted_in_parts(wire, text):
    """Without framing a text may be greeted in parts: these, joined, must be the text."""
    greeted, answer = b"", b""
    while greeted != text:
        answer += wire.text()
        while part := re.match(rb"(?s)Hello, (.*?)!(?=Hello, |$)", answer):
            greeted, answer = greeted + part[1], answer[part.end() :]
        expect("greeting", greeted, text[: len(greeted)])
    show(hello(text))


def greeting_server(wire, job):
    wire.send(WELCOME)
    while (text := wire.message()) and text != b"exit":
        show(text)
        wire.send(hello(text))


# 9, 15: two people in turn, until one says the word ------------------------------------------------


def turns(wire, job, word, our_turn):
    says = [*job.says, word]
    while True:
        text = says.pop(0) if our_turn else wire.text()
        if our_turn:
            wire.send(text)
        else:
            show(text)
        if text == word:
            return
        our_turn = not our_turn


def bye_client(wire, job):
    turns(wire, job, b"bye", True)


def bye_server(wire, job):
    turns(wire, job, b"bye", False)


def qq_client(wire, job):
    turns(wire, job, b"exit", True)


def qq_server(wire, job):
    turns(wire, job, b"exit", False)


# 16: many small messages, back to back -------------------------------------------------------------


def sticky_client(wire, job):
    for text in job.trouble.join_first_two([frames.encode(job.frame, text) for text in job.says]):
        wire.send(text)
    wire.finish()
    wire.must_end()


def sticky_server(wire, job):
    texts = list(frames.decode(job.frame, wire.rest()))
    for text in texts:
        show(text)
    if job.expect:
        expect("messages", b"|".join(texts), b"|".join(job.expect))
