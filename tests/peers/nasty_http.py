#!/usr/bin/env python3
"""A web server with bad manners, each asked for in the query: nasty_http.py FOLDER. Says `ready PORT`, then
each request with its range. It answers GET with ranges and a strong entity tag, unless told otherwise:

cut=N      closes after N bytes of content; with cuts=K only the first K times (for this URL)
reset=N    the same, by a reset            stall=N    sends nothing more after N bytes
long=N     announces N bytes more than it has     short=N   announces N bytes less, and sends them all
tag=weak|none|new                          ranges=no|ignored|wrong|short|other
status=S   answers S; times=K only the first K times; after=SECONDS is Retry-After
to=URL     redirects there (301)           flood=N    sends N interim answers first
name=TEXT  Content-Disposition             coding=gzip|bad|cut   compresses, well or not
head=slow|none|garbage|huge                close=1    no length: the end is the end of the connection
CONNECT is answered as a proxy does.
auth=B64   401 unless Authorization says Basic B64   cookie=C   sets C, and then wants it
"""
import gzip
import os
import socket
import struct
import sys
import threading
import time
import urllib.parse

counts = {}
lock = threading.Lock()


def main():
    server = socket.create_server(("127.0.0.1", 0))
    print(f"ready {server.getsockname()[1]}", flush=True)
    while True:
        client, _ = server.accept()
        threading.Thread(target=visit, args=(client,), daemon=True).start()


def visit(client):
    try:
        reader = client.makefile("rb")
        while answer(client, reader):
            pass
    except OSError:
        pass
    finally:
        client.close()


def answer(client, reader):
    line = reader.readline().decode("latin-1").split()
    if len(line) < 2:
        return False
    fields = {}
    while (field := reader.readline().strip().decode("latin-1")):
        name, _, value = field.partition(":")
        fields[name.lower()] = value.strip()
    url = urllib.parse.urlsplit(line[1])
    wish = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
    with lock:
        count = counts[line[1]] = counts.get(line[1], 0) + 1
        print(line[0], line[1], fields.get("range", "whole"), "if", fields.get("if-range", "none"),
              "auth", fields.get("authorization", "none"), "cookie", fields.get("cookie", "none"), flush=True)
    if line[0] == "CONNECT":
        return tunnel(client, line[1])
    return reply(client, url.path, wish, fields, count)


def tunnel(client, place):
    """A proxy's CONNECT: bytes both ways, until either side ends."""
    host, _, port = place.rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port))) as server:
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        back = threading.Thread(target=pump, args=(server, client), daemon=True)
        back.start()
        pump(client, server)
        back.join()
    return False


def pump(source, target):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def reply(client, path, wish, fields, count):
    for _ in range(int(wish.get("flood", 0))):
        client.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
    if "to" in wish:
        return send_head(client, "301 Moved", ["Location: " + wish["to"], "Content-Length: 0"])
    if "status" in wish and count <= int(wish.get("times", 1 << 30)):
        extra = ["Retry-After: " + wish["after"]] if "after" in wish else []
        return send_head(client, wish["status"] + " So It Is", extra + ["Content-Length: 0"])
    if "auth" in wish and fields.get("authorization") != "Basic " + wish["auth"]:
        return send_head(client, "401 Unauthorized", ["WWW-Authenticate: Basic", "Content-Length: 0"])
    if "cookie" in wish and wish["cookie"] not in fields.get("cookie", ""):
        again = "Location: ?" + urllib.parse.urlencode(wish)
        return send_head(client, "302 Again", ["Set-Cookie: " + wish["cookie"], again, "Content-Length: 0"])
    if "head" in wish:
        return bad_head(client, wish["head"])
    try:
        with open(os.path.join(sys.argv[1], path.lstrip("/")), "rb") as file:
            content = file.read()
    except OSError:
        return send_head(client, "404 Not Found", ["Content-Length: 0"])
    return send_content(client, content, wish, fields, count)


def bad_head(client, kind):
    if kind == "slow":
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + b"y" * 1000:
            client.sendall(bytes([byte]))
            time.sleep(0.2)
    elif kind == "garbage":
        client.sendall(b"220 mail.example.org ESMTP\r\n")
    elif kind == "huge":
        client.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 100_000)
    return False


def send_content(client, content, wish, fields, count):
    tag = {"weak": 'W/"t"', "new": f'"t{count}"'}.get(wish.get("tag"), '"t"')
    head, status, extra = [], "200 OK", 0
    asked = fields.get("range", "") if wish.get("ranges") not in ("no", "ignored") else ""
    if asked and fields.get("if-range", tag) == tag:
        first, last = asked.removeprefix("bytes=").split("-")
        first, end = int(first), min(int(last) + 1 if last else len(content), len(content))
        if first >= len(content):
            size = f"Content-Range: bytes */{len(content)}"
            return send_head(client, "416 No", [size, "Content-Length: 0"])
        if wish.get("ranges") == "short":
            end = min(end, first + 1000)
        shown = first + 1 if wish.get("ranges") == "wrong" else first
        total = len(content) + (1 if wish.get("ranges") == "other" else 0)
        head.append(f"Content-Range: bytes {shown}-{end - 1}/{total}")
        content, status = content[first:end], "206 Partial Content"
    if wish.get("coding"):
        content = gzip.compress(content)
        if wish["coding"] == "bad":
            content = content[:20] + b"junkjunkjunk" + content[20:]
        if wish["coding"] == "cut":
            content = content[:-4]
        head.append("Content-Encoding: gzip")
    if wish.get("tag") != "none":
        head.append("ETag: " + tag)
    if wish.get("ranges") == "no":
        head.append("Accept-Ranges: none")
    if "name" in wish:
        head.append("Content-Disposition: attachment; filename=\"" + wish["name"] + "\"")
    extra = int(wish.get("long", 0)) - int(wish.get("short", 0))
    if "close" not in wish:
        head.append(f"Content-Length: {len(content) + extra}")
    send_head(client, status, head + ["Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"])
    breaks = count <= int(wish.get("cuts", 1 << 30))
    for way in ("cut", "reset", "stall") if breaks else ():
        if way in wish:
            client.sendall(content[:int(wish[way])])
            if way == "stall":
                time.sleep(3600)
            if way == "reset":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
    client.sendall(content)
    return "close" not in wish and extra == 0


def send_head(client, status, fields):
    lines = "".join(line + "\r\n" for line in ["HTTP/1.1 " + status, *fields, ""])
    client.sendall(lines.encode("latin-1"))
    return True


main()
