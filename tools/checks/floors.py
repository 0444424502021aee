"""Who may include whom (the table of ARCHITECTURE.md), what the pure floors and our headers stay clear of."""
import re

from checks.tree import line_of

BELOW = {
    "base": (),
    "wire": ("base",),
    "proto": ("base", "wire"),
    "sim": ("base", "wire", "proto"),
    "net": ("base", "wire"),
    "store": ("base", "wire"),
    "cluster": ("base", "wire"),
    "inspect": ("base", "wire"),
    "service": ("base", "wire", "proto", "net", "store", "cluster", "inspect"),
    "tui": ("base", "service"),
    "cli": ("base", "wire", "proto", "net", "store", "cluster", "inspect", "service", "tui"),
}
# What the rooms beside net see of it: coroutines, the loop they wait on, and the owner of a descriptor (which
# loop.hpp includes anyway).
NET_HANDLES = ("yam/net/loop/task.hpp", "yam/net/loop/loop.hpp", "yam/net/loop/fd.hpp")
BESIDE_NET = ("store", "cluster", "inspect")
# proto machine → the machines it may see.
MACHINES = {"ws": ("http",), "tus": ("http",)}
PUBLIC = ("base", "wire", "proto", "net", "store", "service")  # installed, for examples/ and everybody

PURE = ("base", "wire", "proto")
IMPURE_HEADER = re.compile(
    r"<(sys/(?!types\.h).*|netinet/.*|arpa/.*|net/.*|linux/.*|netdb\.h|poll\.h|unistd\.h|fcntl\.h|"
    r"signal\.h|csignal|pthread\.h|thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|"
    r"barrier|stop_token|filesystem|fstream|iostream|ctime|time\.h|openssl/rand\.h)>")
IMPURE_CALL = re.compile(
    r"::now\s*\(|\brandom_device\b|\bsleep_(?:for|until)\b|"
    r"(?<![\w.>])(?:s?rand|random|getrandom|getentropy|time|clock_gettime|gettimeofday|socket|"
    r"connect|bind|sendto|recvfrom|open|fopen|openat|getenv|usleep|nanosleep)\s*\(")
DECLARES = re.compile(r"[\w>&*\]]\s+$")  # a type before the name: a function of our own, not the system's

HEAVY = re.compile(r"<(CLI/|nlohmann/|toml\+\+|gtest/|gmock/|benchmark/|fmt/|spdlog/|openssl/|sqlite3\.h|"
                   r"archive|nats/|iostream>|sstream>|fstream>|regex>)")


def room_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "yam" and len(parts) > 2 else None


def is_test(path):
    return path.endswith(("_test.cpp", "_test.hpp"))


def includes(tree):
    for path in tree.cpp():
        room = room_of(path)
        if path.startswith("yam/") and room not in BELOW:
            yield path, 1, f"there is no room '{room}' in the house" if room else "a source lives in a room"
            continue
        for line, header in tree.includes(path):
            fault = include_fault(tree, path, room, header)
            if fault and not tree.allowed(path, line):
                yield path, line, fault


def include_fault(tree, path, room, header):
    name = header[1:-1]
    if header[0] == "<" and not name.startswith("yam/"):
        return None
    if not name.startswith("yam/"):
        return f'include it by its path from the root: "yam/…/{name}"' if room else None
    if header[0] == "<" and not path.startswith("examples/"):
        return f'our own headers are included as "{name}"'
    if not tree.exists(name):
        return f"there is no {name}"
    seen = room_of(name)
    if room is None:
        return f"examples see only the public rooms, not {seen}" if (
            path.startswith("examples/") and seen not in PUBLIC) else None
    if seen == room:
        return machine_fault(path, name) if room == "proto" else None
    waits = name in NET_HANDLES and room in BESIDE_NET
    if seen in BELOW[room] or waits or (seen == "sim" and is_test(path)):
        return None
    return f"{room} may not include {seen}: it sees {', '.join(BELOW[room]) or 'nothing of ours'}"


def machine_fault(path, name):
    here, there = path.split("/")[2], name.split("/")[2]
    if here == there or name.count("/") == 2 or there in MACHINES.get(here, ()):
        return None
    return f"the {here} machine may not see the {there} machine"


def pure_floors(tree):
    for path in tree.cpp():
        room = room_of(path)
        if room not in PURE or is_test(path):
            continue
        for line, header in tree.includes(path):
            if IMPURE_HEADER.match(header) and not tree.allowed(path, line):
                yield path, line, f"{room} is pure: no {header}"
        code = tree.code(path)
        for match in IMPURE_CALL.finditer(code):
            line = line_of(code, match.start())
            before = code[code.rfind("\n", 0, match.start()) + 1:match.start()]
            declared = DECLARES.search(before) and not re.search(r"\breturn\s+$", before)
            if not declared and not tree.allowed(path, line):
                yield path, line, f"{room} is pure: no {match[0].rstrip('( ')}; take it as an argument"


def light_headers(tree):
    for path in tree.cpp():
        if not (path.startswith("yam/") and path.endswith(".hpp")):
            continue
        if "#pragma once" not in tree.lines(path)[0]:
            yield path, 1, "a header opens with #pragma once"
        for line, header in tree.includes(path):
            if HEAVY.match(header) and not tree.allowed(path, line):
                yield path, line, f"{header} is heavy: include it in the .cpp"
