"""The files of a source tree, and C++ text with its comments and literals blanked: rules see only code.

A check takes a Tree and yields faults: (path, line, what is wrong).
"""
import os
import re

# Folders that are ours to judge. build/ and .git are not, nor is what a person left beside them.
OURS = (".ci", "bench", "cmake", "docs", "examples", "fuzz", "packaging", "tests", "tools", "web", "yam")
DATA = re.compile(r"^fuzz/corpus/|\.(png|ico|svg|bin|pcap|pem|woff2)$")
ALLOWED = re.compile(r"(?://|#) allowed: \S")

# In this order: comments, raw strings, strings, character literals, and digits grouped as in 1'000.
OPAQUE = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"
      | "(?:[^"\\\n]|\\.)*" | (?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'""",
    re.DOTALL | re.VERBOSE)


class Tree:
    def __init__(self, root):
        self.root = root
        self.paths = sorted(self._walk())
        self._texts = {}
        self._codes = {}

    def _walk(self):
        for name in os.listdir(self.root):
            if os.path.isfile(os.path.join(self.root, name)):
                yield name
        for top in OURS:
            for folder, subfolders, names in os.walk(os.path.join(self.root, top)):
                subfolders[:] = [name for name in subfolders if name != "__pycache__"]
                for name in names:
                    path = os.path.relpath(os.path.join(folder, name), self.root)
                    if not DATA.search(path):
                        yield path

    def absolute(self, path):
        return os.path.join(self.root, path)

    def exists(self, path):
        return os.path.exists(self.absolute(path))

    def text(self, path):
        if path not in self._texts:
            with open(self.absolute(path), encoding="utf-8", errors="replace", newline="") as file:
                self._texts[path] = file.read()
        return self._texts[path]

    def lines(self, path):
        return self.text(path).split("\n")

    def cpp(self):
        return [path for path in self.paths if path.endswith((".cpp", ".hpp"))]

    def code(self, path):
        """A C++ file's text with comments, strings and characters blanked: same length, same lines."""
        if path not in self._codes:
            self._codes[path] = OPAQUE.sub(blank, self.text(path))
        return self._codes[path]

    def allowed(self, path, line):
        lines = self.lines(path)
        return any(ALLOWED.search(lines[at]) for at in (line - 1, line - 2) if 0 <= at < len(lines))

    def includes(self, path):
        """(line, "<header>" or '"header"') of each #include."""
        for number, line in enumerate(self.lines(path), 1):
            match = re.match(r'\s*#\s*include\s*(<[^>]+>|"[^"]+")', line)
            if match:
                yield number, match[1]


def blank(match):
    text = match[0]
    kept = '"' if text[0] in '"R' else "'" if text[0] == "'" else ""
    hidden = re.sub(r"[^\n]", " ", text)
    return kept + hidden[1:-1] + kept if kept else hidden


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def shell_or_python(tree, path):
    """'sh', 'bash' or 'python' for a script, by suffix or first line; None for anything else."""
    first = tree.text(path).split("\n", 1)[0]
    if path.endswith(".py") or (first.startswith("#!") and "python" in first):
        return "python"
    if first.startswith("#!") and re.search(r"\b(ba)?sh\b", first):
        return "bash" if "bash" in first else "sh"
    return "bash" if path.endswith(".sh") else None
