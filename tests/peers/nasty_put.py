#!/usr/bin/env python3
"""A server for uploads with bad manners, each asked for in the query: nasty_put.py FOLDER. Says `ready PORT`,
then each request with the bytes of content that came. PUT writes a file (412 when it is there and
If-None-Match says so), MKCOL makes a folder, GET gives a file; OPTIONS is unknown to it.

status=S   answers S; times=K only the first K times; at=N once N bytes of content came, the rest unread
lost=K     takes it all, and closes without an answer, the first K times
cut=N      closes after N bytes of content, the first `cuts` times (default 1)
to=URL     redirects there, with status=S (default 307)
sum=wrong  a receipt of other bytes            says=early   says 201 before it has anything
expect=silent|refused                          close=1      closes behind each answer
"""
import hashlib
import os
import socket
import sys
import threading
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
        while Request(client, reader).answer():
            pass
    except (OSError, ValueError):
        pass
    finally:
        client.close()


class Request:
    def __init__(self, client, reader):
        self.client, self.reader = client, reader
        self.fields, self.content = {}, b""
        line = reader.readline().decode("latin-1").split()
        if len(line) < 2:
            raise ValueError("the end")
        while field := reader.readline().strip().decode("latin-1"):
            name, _, value = field.partition(":")
            self.fields[name.lower()] = value.strip()
        url = urllib.parse.urlsplit(line[1])
        self.method, self.target = line[0], line[1]
        self.wish = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        self.path = os.path.join(sys.argv[1], urllib.parse.unquote(url.path).lstrip("/"))
        with lock:
            key = (self.method, self.target)
            self.count = counts[key] = counts.get(key, 0) + 1

    def say(self, status, content=b"", fields=""):
        close = "Connection: close\r\n" if "close" in self.wish else ""
        head = f"HTTP/1.1 {status} So It Is\r\n{fields}{close}Content-Length: {len(content)}\r\n\r\n"
        with lock:
            print(self.method, self.target, "got", len(self.content), "said", status, flush=True)
        self.client.sendall(head.encode() + content)
        return not close

    def receive(self, most):
        """So much of the content, or all of it."""
        if self.fields.get("transfer-encoding") == "chunked":
            while len(self.content) < most:
                size = int(self.reader.readline(), 16)
                self.content += self.reader.read(size)
                self.reader.readline()
                if size == 0:
                    return
        length = int(self.fields.get("content-length", "0"))
        while len(self.content) < min(most, length):
            piece = self.reader.read(min(most, length) - len(self.content))
            if not piece:
                raise ValueError("a cut request")
            self.content += piece

    def answer(self):
        if self.method == "MKCOL":
            if os.path.isdir(self.path):
                return self.say(405)
            os.makedirs(self.path)
            return self.say(201)
        if self.method == "GET":
            with open(self.path, "rb") as file:
                return self.say(200, file.read())
        if self.method != "PUT":
            return self.say(501)
        return self.put()

    def put(self):
        wish = self.wish
        if "to" in wish:
            if "expect" not in self.fields:
                self.receive(1 << 40)
            return self.say(wish.get("status", 307), fields=f"Location: {wish['to']}\r\n")
        if "status" in wish and self.count <= int(wish.get("times", 1_000_000)):
            self.receive(int(wish.get("at", 0)))
            self.say(wish["status"], b"as I like it\n", "Content-Type: text/plain\r\n")
            self.client.shutdown(socket.SHUT_WR)
            self.client.settimeout(2)
            while self.client.recv(1 << 16) and "at" not in wish:
                pass
            return False
        if "says" in wish:
            self.say(201)
            self.receive(1 << 40)
            return False
        if "cut" in wish and self.count <= int(wish.get("cuts", 1)):
            self.receive(int(wish["cut"]))
            return False
        if self.fields.get("if-none-match") == "*" and os.path.exists(self.path):
            self.say(412)
            if "expect" not in self.fields:
                self.receive(1 << 40)
            return False
        if "expect" in self.fields:
            if wish.get("expect") == "refused":
                return self.say(417)
            if wish.get("expect") != "silent":
                self.client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.receive(1 << 40)
        with open(self.path, "wb") as file:
            file.write(self.content)
        if self.count <= int(wish.get("lost", 0)):
            return False
        digest = hashlib.sha256(b"" if "sum" in wish else self.content).hexdigest()
        receipt = f'{{"size":{len(self.content)},"sha256":"{digest}"}}\n'
        return self.say(201, receipt.encode(), "Content-Type: application/json\r\n")


main()
