"""The forms that g++ 12 miscompiles in coroutines, and those that dangle under any compiler.

Found by reading the text, not by compiling it, so the rule is a little wider than the bug: inside a co_await
expression nothing is built in braces. ARCHITECTURE.md, "g++ 12 and coroutines", has what goes wrong.
"""
import re

from checks.tree import line_of

OPEN, CLOSE = "([{", ")]}"
BUILDS_STRING = re.compile(
    r"\b(?:string|Bytes)\s*[({]|\bto_string\s*\(|\bstring_of\s*\(|\bformat\s*\(|\"\s*s\b|\"\s*\+|\+\s*\"")
LAMBDA = re.compile(
    r"(?:^|[(,={;}?:!&|<>]|\breturn\b|\bco_return\b|\bco_await\b)\s*(\[(?!\[)([^][]*)\])\s*[({<m\-]")
COROUTINE = re.compile(r"\bco_(?:await|return|yield)\b")
LOOP = re.compile(r"\b(?:for|while|do)\b")
AWAITS_IN_CONDITION = re.compile(r"\b(?:if|while)\s*\([^;{}]*\bco_await\b")
DECLARES = re.compile(
    r"(?:^|[;{}(])\s*(?:const\s+)?(?!return\b|co_return\b|co_await\b|co_yield\b|else\b|delete\b)"
    r"[A-Za-z_][\w:]*(?:<[^;{}()]*>)?[\s&*]+[A-Za-z_]\w*\s*(?:=[^=]|\(|\{|;)", re.M)
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


def await_in_ternary(tree):
    for path in tree.cpp():
        code = tree.code(path)
        for match in re.finditer(r"(?<!operator )\bco_await\b", code):
            line = line_of(code, match.start())
            if stands_in_an_arm(code, match.start()) and not tree.allowed(path, line):
                what = "co_await in an arm of a ternary, freed twice by g++ 12: write if and else"
                yield path, line, what


def stands_in_an_arm(code, at):
    """Whether a ? stands before it in its own expression, or in one around it."""
    depth, behind_comma = 0, False
    for here in range(at - 1, -1, -1):
        mark = code[here]
        if mark in CLOSE:
            depth += 1
        elif mark in OPEN and depth > 0:
            depth -= 1
        elif mark in OPEN:
            behind_comma = False
        elif depth == 0 and mark == ",":
            behind_comma = True
        elif depth == 0 and mark == "?" and not behind_comma:
            return True
        if depth == 0 and mark in ";{":
            return False
    return False


def conditions_without_locals(tree):
    """Loops that await in a condition, in a coroutine that declares no variable at all."""
    for path in tree.cpp():
        code = tree.code(path)
        for match in TASK.finditer(code):
            body = code.find("{", matching(code, match.end() - 1))
            if body < 0 or ";" in code[match.end():body]:
                continue
            text = code[body:matching(code, body)]
            line = line_of(code, match.start())
            if AWAITS_IN_CONDITION.search(text) and LOOP.search(text) and not DECLARES.search(text):
                if not tree.allowed(path, line):
                    what = "co_await in a condition of a loop, and no variable: await into a name first"
                    yield path, line, what


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
