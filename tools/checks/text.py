"""Rules about plain text: lengths, blanks, names of package registries, scripts that parse."""
import re
import subprocess

from checks.tree import line_of, shell_or_python

FILE_LINES = 400
EXAMPLE_LINES = 40
LINE_CHARACTERS = 110
MEASURED = (".cpp", ".hpp", ".py", ".sh", ".cmake", ".js", ".css", "CMakeLists.txt")
# The project builds from Debian's packages; which mirror they come from is the machine's affair.
REGISTRY = re.compile(
    r"\bregistry\.[\w-]+\.[a-z]|\b(?:deb|ftp|archive|snapshot|security)\.debian\.org|"
    r"\barchive\.ubuntu\.com|\bpypi\.org|\bpythonhosted\.org|\bnpmjs\.(?:org|com)|\bcrates\.io|"
    r"\bdocker\.io|\bghcr\.io|\bquay\.io|\bconan\.io|\brubygems\.org|\bunpkg\.com|\bjsdelivr\.net",
    re.IGNORECASE)
UNFINISHED = re.compile(
    r"\bGTEST_SKIP\b|\bDISABLED_\w+|\bthis_thread::sleep_\w+|(?<![\w.>])(?:u|nano)?sleep\s*\(")


def lengths(tree):
    for path in tree.paths:
        lines = tree.lines(path)
        if not path.endswith(MEASURED) and shell_or_python(tree, path) is None:
            continue
        count = len(lines) - 1
        limit = EXAMPLE_LINES if path.startswith("examples/") and path.endswith(".cpp") else FILE_LINES
        if count > limit:
            yield path, limit + 1, f"{count} lines, of {limit} at most: is this still one idea?"
        for number, line in enumerate(lines, 1):
            if len(line) > LINE_CHARACTERS and not tree.allowed(path, number):
                yield path, number, f"{len(line)} characters, of {LINE_CHARACTERS} at most"


def whitespace(tree):
    for path in tree.paths:
        text = tree.text(path)
        if path == "LICENSE" or not text:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if "\t" in line:
                yield path, number, "a tab"
            if line.endswith("\r"):
                yield path, number, "a carriage return"
            elif line != line.rstrip():
                yield path, number, "blanks at the end of the line"
        if not text.endswith("\n"):
            yield path, len(text.split("\n")), "no newline at the end of the file"


def unfinished_tests(tree):
    """A test is neither skipped nor timed by sleeping."""
    for path in tree.cpp():
        if not path.endswith("_test.cpp"):
            continue
        code = tree.code(path)
        for match in UNFINISHED.finditer(code):
            line = line_of(code, match.start())
            if not tree.allowed(path, line):
                what = match[0].rstrip("( ")
                yield path, line, f"{what} in a test: it runs always, and waits for an event, not for time"


def registry_hosts(tree):
    for path in tree.paths:
        text = tree.text(path)
        for match in REGISTRY.finditer(text):
            yield path, line_of(text, match.start()), f"'{match[0]}': the tree names no package registry"


def syntax(tree):
    for path in tree.paths:
        kind = shell_or_python(tree, path)
        if kind == "python":
            try:
                compile(tree.text(path), path, "exec")
            except SyntaxError as error:
                yield path, error.lineno or 1, f"python: {error.msg}"
        elif kind:
            command = [kind, "-n", tree.absolute(path)]
            parsed = subprocess.run(command, capture_output=True, text=True, check=False)
            if parsed.returncode:
                found = re.search(r"(?:line )?(\d+): (.*)", parsed.stderr)
                line, what = (int(found[1]), found[2]) if found else (1, parsed.stderr.strip())
                yield path, line, f"{kind} -n: {what}"
