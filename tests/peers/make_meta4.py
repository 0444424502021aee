#!/usr/bin/env python3
"""A Metalink (RFC 5854) on stdout: make_meta4.py [OPTION…] NAME FILE URL… [-- NAME FILE URL…]. URLs come in
their order of priority. Options, before everything else: --pieces=BYTES, --hash=TYPE (none for none),
--no-size, --wrong (no hash is right)."""
import hashlib
import sys
from xml.sax.saxutils import escape, quoteattr


def main():
    words = sys.argv[1:]
    options = {}
    while words and words[0].startswith("--") and words[0] != "--":
        name, _, value = words.pop(0)[2:].partition("=")
        options[name] = value
    print('<?xml version="1.0" encoding="UTF-8"?>\n<metalink xmlns="urn:ietf:params:xml:ns:metalink">')
    while words:
        end = words.index("--") if "--" in words else len(words)
        describe(options, *words[:end])
        words = words[end + 1:]
    print("</metalink>")


def describe(options, name, path, *urls):
    with open(path, "rb") as file:
        content = file.read()
    salt = b"x" if "wrong" in options else b""
    print(f"<file name={quoteattr(name)}>")
    if "no-size" not in options:
        print(f"<size>{len(content)}</size>")
    kind = options.get("hash", "sha-256")
    if kind != "none":
        digest = hashlib.new(kind.replace("-", ""), content + salt).hexdigest()
        print(f'<hash type="{kind}">{digest}</hash>')
    if "pieces" in options:
        step = int(options["pieces"])
        print(f'<pieces type="sha-256" length="{step}">')
        for at in range(0, len(content), step):
            print(f"<hash>{hashlib.sha256(content[at:at + step] + salt).hexdigest()}</hash>")
        print("</pieces>")
    for priority, url in enumerate(urls, 1):
        print(f'<url priority="{priority}">{escape(url)}</url>')
    print("</file>")


main()
