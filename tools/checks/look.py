"""clang-format decides how C++ looks; the first line of each file that it would change is a fault."""
import concurrent.futures
import os
import re
import subprocess

PROGRAM = "clang-format-19"
FILES_PER_RUN = 16


def formatted(tree):
    paths = tree.cpp()
    chunks = [paths[at:at + FILES_PER_RUN] for at in range(0, len(paths), FILES_PER_RUN)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for faults in pool.map(lambda chunk: judge(tree, chunk), chunks):
            yield from faults


def judge(tree, paths):
    try:
        told = subprocess.run([PROGRAM, "--dry-run", "-Werror", *paths], cwd=tree.root, capture_output=True,
                              text=True, check=False)
    except FileNotFoundError:
        return [("packaging/debian-packages", 1, f"{PROGRAM} is missing: ./dev deps test")]
    first = {}
    for path, line in re.findall(r"^(\S+?):(\d+):\d+: error:", told.stderr, re.MULTILINE):
        first.setdefault(path, int(line))
    faults = [(path, line, "not as clang-format has it: ./dev fmt") for path, line in first.items()]
    if told.returncode and not faults:
        faults = [(paths[0], 1, f"{PROGRAM}: {told.stderr.strip()[:200]}")]
    return faults
