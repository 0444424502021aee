"""Each of our headers compiles when it is the only one included, but for the headers of cmake/standard.hpp:
they are parsed once for all, and standard_names.py reads who names what of them.

A header that did, under the same compiler and with the same headers of ours below it, is not compiled again:
build/check/compiled-alone lists the digests.
"""
import concurrent.futures
import hashlib
import os
import re
import shutil
import subprocess
import tempfile

COMPILER = os.environ.get("CXX", "g++")
FLAGS = ("-std=c++23", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow",
         "-Werror", "-Wno-maybe-uninitialized", "-Wno-dangling-pointer")
STANDARD = "cmake/standard.hpp"
CACHE = "build/check/compiled-alone"
CACHED_MAX = 4000  # digests kept; older ones go first


def headers(tree):
    try:
        version = subprocess.run([COMPILER, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        yield "packaging/debian-packages", 1, f"{COMPILER} is missing: ./dev deps build"
        return
    cached = read_cache(tree)
    salt = version + " ".join(FLAGS)
    ours = [path for path in tree.cpp() if path.startswith("yam/") and path.endswith(".hpp")]
    digests = {path: digest(tree, path, salt) for path in ours}
    todo = [path for path in digests if digests[path] not in cached]
    with tempfile.TemporaryDirectory() as folder:
        given = precompile(tree, folder) if len(todo) > 1 else []
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(lambda path: compile_one(tree, path, given), todo))
    good = [digests[path] for path, fault in zip(todo, results) if fault is None]
    if good:
        write_cache(tree, (cached + good)[-CACHED_MAX:])
    yield from (fault for fault in results if fault)


def digest(tree, path, salt):
    whole = hashlib.sha256(salt.encode())
    for name in sorted(closure(tree, path)):
        whole.update(f"\0{name}\0{tree.text(name)}".encode())
    return whole.hexdigest()


def closure(tree, path):
    """The header and every header of ours that it includes, directly or not."""
    seen, todo = set(), [path]
    while todo:
        name = todo.pop()
        if name not in seen and tree.exists(name):
            seen.add(name)
            todo += [header[1:-1] for _, header in tree.includes(name) if header[1:].startswith("yam/")]
    return seen


def precompile(tree, folder):
    """The options that give a source the standard headers; none where the tree has no list of them."""
    if not tree.exists(STANDARD):
        return []
    header = os.path.join(folder, "standard.hpp")
    shutil.copy(tree.absolute(STANDARD), header)
    flags = [flag for flag in FLAGS if flag != "-fsyntax-only"]
    subprocess.run([COMPILER, *flags, "-x", "c++-header", header, "-o", header + ".gch"], check=True)
    return ["-include", header]


def compile_one(tree, path, given):
    # From the root: what comes from stdin looks for "…" in the working directory first.
    command = [COMPILER, *FLAGS, *given, "-I", ".", "-x", "c++", "-"]
    told = subprocess.run(command, cwd=tree.root, input=f'#include "{path}"\n', capture_output=True,
                          text=True, check=False)
    if told.returncode == 0:
        return None
    found = re.search(r"^(\S+?):(\d+):(?:\d+:)? (?:fatal )?error: (.*)$", told.stderr, re.MULTILINE)
    if found is None:
        return path, 1, f"does not compile alone: {told.stderr.strip()[:200]}"
    where, line = os.path.normpath(found[1]), int(found[2])
    return path, line if where == path else 1, f"does not compile alone: {where}:{line}: {found[3]}"


def read_cache(tree):
    try:
        with open(tree.absolute(CACHE), encoding="ascii") as file:
            return file.read().split()
    except OSError:
        return []


def write_cache(tree, digests):
    os.makedirs(os.path.dirname(tree.absolute(CACHE)), exist_ok=True)
    fresh = tree.absolute(CACHE) + ".new"
    with open(fresh, "w", encoding="ascii") as file:
        file.write("\n".join(digests) + "\n")
    os.replace(fresh, tree.absolute(CACHE))
