"""The forms that g++ 12 miscompiles in coroutines, and those that dangle under any compiler.

Found by reading the text, not by compiling it, so the rule is a little wider than the bug: inside a co_await
expression nothing is built in braces. ARCHITECTURE.md, "g++ 12 and coroutines", has what goes wrong.
"""
import re

from checks.tree import line_of

OPEN, CLOSE = "([{", ")]}"
BUILDS_STRING = re.compile(
    r"\b(?:string|Bytes)\s*[({]|\bto_string\s*\(|\bformat\s*\(|\"\s*s\b|\"\s*\+|\+\s*\"")
LAMBDA = re.compile(
    r"(?:^|[(,={;}?:!&|<>]|\breturn\b|\bco_return\b|\bco_await\b)\s*(\[(?!\[)([^][]*)\])\s*[({<m\-]")
COROUTINE = re.compile(r"\bco_(?:await|return|yield)\b")
TASK = re.compile(r"\bTask<[^;(){}]*>\s+(?:[\w~]+(?:<[^()]*>)?::)*\w+\s*\(")


def each_await(tree, path):
    """(position, operand, whole statement) of every co_await."""
    code = without_lambdas(tree.code(path))
    for match in re.finditer(r"(?<!operator )\bco_await\b", code):
        end = end_of_operand(code, match.end())
        start = max(code.rfind(mark, 0, match.start()) for mark in ";{}") + 1
        yield match.start(), code[match.end():end], code[start:end_of_statement(code, end)]


def end_of_operand(code, at):
    """Where the expression that begins at `at` ends: the first ; or , or closing bracket not its own."""
    depth = 0
    for here in range(at, len(code)):
        mark = code[here]
        if mark in OPEN:
            depth += 1
        elif mark in CLOSE:
            if depth == 0:
                return here
            depth -= 1
        elif mark in ";," and depth == 0:
            return here
    return len(code)


def end_of_statement(code, at):
    ends = [code.find(mark, at) for mark in ";{}"]
    return min((end for end in ends if end >= 0), default=len(code))


def matching(code, at):
    """The position after the bracket that closes the one at `at`."""
    depth = 0
    for here in range(at, len(code)):
        if code[here] in OPEN:
            depth += 1
        elif code[here] in CLOSE:
            depth -= 1
            if depth == 0:
                return here + 1
    return len(code)


def lambdas(code):
    """(position, captures, end of the introducer, body start, body end) of each lambda."""
    for match in LAMBDA.finditer(code):
        at = match.end(1)
        while at < len(code) and code[at] not in "{;":
            at = matching(code, at) if code[at] in "([" else at + 1
        if at < len(code) and code[at] == "{":
            yield match.start(1), match[2].strip(), match.end(1), at, matching(code, at)


def without_lambdas(code):
    """The code with the bodies of plain, captureless lambdas blanked."""
    marks = list(code)
    for _, captures, _, body, end in lambdas(code):
        if not captures and not COROUTINE.search(code[body:end]):
            marks[body:end] = re.sub(r"[^\n]", " ", code[body:end])
    return "".join(marks)


def braces_in_await(tree):
    for path in tree.cpp():
        for at, operand, _ in each_await(tree, path):
            line = line_of(tree.code(path), at)
            if "{" in operand and not tree.allowed(path, line):
                yield path, line, "braces in a co_await expression, freed twice by g++ 12: name the object"


def ternary_in_await(tree):
    for path in tree.cpp():
        for at, _, statement in each_await(tree, path):
            line = line_of(tree.code(path), at)
            if "?" in statement and BUILDS_STRING.search(statement) and not tree.allowed(path, line):
                yield path, line, "a ternary builds a string in a co_await expression: name the string first"


def short_circuit_with_await(tree):
    for path in tree.cpp():
        for at, _, statement in each_await(tree, path):
            code = tree.code(path)
            line = line_of(code, at)
            if joined_by_logic(code, at) and not tree.allowed(path, line):
                yield path, line, "co_await beside && or ||, which g++ 12 gets wrong: await into a name first"


def joined_by_logic(code, at):
    """Whether the co_await at `at` is an operand, however deep, of && or || in its statement."""
    depth = 0
    for here in range(at - 1, -1, -1):
        mark = code[here]
        if mark in ")]":
            depth += 1
        elif mark in "([":
            depth = max(depth - 1, 0)
        elif mark in ";{}":
            break
        elif depth == 0 and code[here - 1:here + 1] in ("&&", "||"):
            return True
    depth = 0
    for here in range(at, len(code)):
        mark = code[here]
        if mark in "([":
            depth += 1
        elif mark in ")]":
            depth = max(depth - 1, 0)
            if depth == 0 and re.match(r"\s*(?:co_|\w+\s*[=.;(])", code[here + 1:]):
                break  # the condition is over, its statement begins
        elif mark in ";{}":
            break
        elif depth == 0 and code[here:here + 2] in ("&&", "||"):
            return True
    return False


def capturing_lambdas(tree):
    for path in tree.cpp():
        code = tree.code(path)
        for at, captures, _, body, end in lambdas(code):
            line = line_of(code, at)
            own = without_inner(code[body + 1:end - 1])
            if captures and COROUTINE.search(own) and not tree.allowed(path, line):
                yield path, line, f"a lambda coroutine outlives its captures [{captures}]: pass parameters"


def without_inner(body):
    marks = list(body)
    for _, _, _, start, end in lambdas(body):
        marks[start:end] = " " * (end - start)
    return "".join(marks)


def borrowed_parameters(tree):
    """Task functions whose parameters bind to temporaries: const T& and T&&."""
    for path in tree.cpp():
        code = tree.code(path)
        for match in TASK.finditer(code):
            end = matching(code, match.end() - 1)
            for parameter in split(code[match.end():end - 1]):
                line = line_of(code, match.start())
                borrows = re.search(r"\bconst\b[^*]*&|&&", outer(parameter))
                if borrows and not tree.allowed(path, line):
                    what = " ".join(parameter.split())
                    yield path, line, f"coroutine parameter '{what}' outlives its argument: take it by value"


def outer(parameter):
    """The parameter without what stands in its template arguments or its default."""
    text = parameter.split("=")[0]
    while re.search(r"<[^<>]*>", text):
        text = re.sub(r"<[^<>]*>", "", text)
    return text


def split(parameters):
    depth, start = 0, 0
    for here, mark in enumerate(parameters):
        depth += (mark in "(<[{") - (mark in ")>]}")
        if mark == "," and depth == 0:
            yield parameters[start:here]
            start = here + 1
    yield parameters[start:]
