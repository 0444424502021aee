#!/usr/bin/env python3
"""A folder of many small files that asks for patience: many_http.py COUNT [large]. Says `ready PORT`, then
the path of each request that it read. Its listing is nginx's JSON, without sizes. Files are called NUMBER,
and by their number's last two digits:

07  redirected to another name        13  404          21  503 the first time        29  chunked
37  cut in the middle of its content, the first time    43  cut before its head, the first time
51  300,000 bytes with `large`     67  without bytes
Each connection ends after 40 answers, the last of which says so every other time; what was asked behind it is
read by nobody, but thrown away, so that no reset takes back what was sent.
"""
import json
import socket
import sys
import threading

seen = set()
lock = threading.Lock()


def content(number):
    if number % 100 == 67:
        return b""
    return (b"%d\n" % number) * (60_000 if number % 100 == 51 and "large" in sys.argv else 50)


def main():
    server = socket.create_server(("127.0.0.1", 0))
    print(f"ready {server.getsockname()[1]}", flush=True)
    serial = 0
    while True:
        client, _ = server.accept()
        serial += 1
        threading.Thread(target=visit, args=(client, serial), daemon=True).start()


def visit(client, serial):
    try:
        reader = client.makefile("rb")
        for count in range(1, 41):
            path = reader.readline().decode().split()[1]
            while reader.readline().strip():
                pass
            with lock:
                print(path, flush=True)
            if not answer(client, path, count == 40 and serial % 2 == 0):
                break
        client.shutdown(socket.SHUT_WR)
        while client.recv(65536):
            pass
    except (OSError, IndexError):
        pass
    finally:
        client.close()


def answer(client, path, is_last):
    def send(status, body, *fields):
        head = ["HTTP/1.1 " + status, f"Content-Length: {len(body)}", *fields]
        head += ["Connection: close"] if is_last else []
        client.sendall("".join(line + "\r\n" for line in [*head, ""]).encode() + body)
        return not is_last

    if path.endswith("/"):
        names = [{"name": str(n), "type": "file", "mtime": "x"} for n in range(int(sys.argv[1]))]
        return send("200 OK", json.dumps(names).encode(), "Content-Type: application/json")
    number, moved = int(path.removeprefix("/moved").lstrip("/")), path.startswith("/moved")
    body, kind = content(number), number % 100
    with lock:
        is_first = path not in seen
        seen.add(path)
    if kind == 7 and not moved:
        return send("301 Moved", b"elsewhere", f"Location: /moved/{number}")
    if kind == 13:
        return send("404 Not Found", b"none")
    if kind == 21 and is_first:
        return send("503 Busy", b"later")
    if kind == 29:
        client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
                       % (len(body), body))
        return True
    if kind == 43 and is_first:
        return False
    if kind == 37 and is_first:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body[:20]))
        return False
    return send("200 OK", body)


main()
