"""Each source includes the standard headers of what it names, itself or through a header of ours.

The compiler does not see such a gap: it is given cmake/standard.hpp, precompiled, before every source.
"""
import re

from checks.tree import line_of

# Header → the names under std:: that need it, for the headers of cmake/standard.hpp.
NAMES = {
    "algorithm": r"(?:ranges::)?(?:sort|stable_sort|find_if|find_if_not|any_of|all_of|none_of|copy|copy_n|"
                 r"fill|fill_n|min|max|clamp|minmax|reverse|rotate|remove_if|count|count_if|search|"
                 r"equal_range|lower_bound|upper_bound|min_element|max_element|mismatch|transform|unique|"
                 r"is_sorted|replace|shuffle|adjacent_find)(?=\()",
    "array": r"array(?=<)",
    "charconv": r"(?:from_chars|to_chars)\b",
    "chrono": r"chrono::",
    "coroutine": r"(?:coroutine_handle|suspend_always|suspend_never|noop_coroutine|coroutine_traits)\b",
    "deque": r"deque(?=<)",
    "expected": r"(?:expected|unexpected)(?=<|\()",
    "functional": r"(?:function|move_only_function|reference_wrapper|hash|less|greater)(?=<)",
    "list": r"list(?=<)",
    "map": r"(?:multi)?map(?=<)",
    "memory": r"(?:unique_ptr|shared_ptr|weak_ptr|make_unique|make_shared|enable_shared_from_this)(?=<)",
    "optional": r"(?:optional(?=<)|nullopt\b|make_optional\b)",
    "set": r"(?:multi)?set(?=<)",
    "span": r"span(?=<)",
    "string": r"(?:string|to_string|getline|stoi)\b",
    "string_view": r"string_view\b",
    "thread": r"(?:jthread|thread\b(?!::id))",
    "utility": r"(?:exchange|pair(?=<)|make_pair|swap|in_place|index_sequence)\b",
    "vector": r"vector(?=<)",
}
PATTERNS = {header: re.compile(r"(?<![\w:])std::" + names) for header, names in NAMES.items()}
# Headers whose own interface speaks of another's types, so that they bring them along.
GIVES = {
    "string": ("string_view",), "map": ("utility",), "memory": ("utility",), "algorithm": ("utility",),
    "functional": ("utility",), "optional": ("utility",), "expected": ("utility",), "set": ("utility",),
    "vector": ("utility",), "deque": ("utility",), "tuple": ("utility",), "variant": ("utility",),
}


def includes(tree):
    closures = {}
    for path in tree.cpp():
        if not path.startswith("yam/"):
            continue
        code = tree.code(path)
        seen = given(tree, path, closures)
        for header, pattern in PATTERNS.items():
            match = header not in seen and pattern.search(code)
            if match:
                line = line_of(code, match.start())
                if not tree.allowed(path, line):
                    yield path, line, f"{match[0]} wants #include <{header}>"


def given(tree, path, closures):
    """The standard headers that reach a source, directly or through our own."""
    if path in closures:
        return closures[path]
    seen = closures[path] = set()
    for _, header in tree.includes(path):
        name = header[1:-1]
        if name.startswith("yam/"):
            if tree.exists(name):
                seen |= given(tree, name, closures)
        else:
            seen.add(name)
            seen.update(GIVES.get(name, ()))
    return seen
