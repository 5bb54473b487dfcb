#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The lint test of habits: sizes, notes, names that are banned. `style.py ROOT`."""
import os
import re
import sys

import tap

FILE_LINES, FUNCTION_LINES = 500, 60
CODE = (".c", ".h", ".ts", ".tsx", ".mjs", ".js", ".py", ".css", ".sql")
SIGNED = CODE + ("meson.build", "meson_options.txt", "hotline", ".conf", ".service", ".target", ".socket", ".tmpfiles", ".sysusers")
# Each banned for a reason: no bounds, hidden state, or a decoder that is known to crash on hostile bytes.
BANNED = r"\b(sprintf|vsprintf|strcpy|stpcpy|strcat|gets|strtok|tmpnam|alloca|z(?:msg|frame|hash|hashx|list|sock|str)_\w+)\s*\("
BANNED_ANYWHERE = r"\bZMQ_HEARTBEAT_\w+|\bJSON_DECODE_ANY\b"
UNFINISHED = r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK|not impl" r"emented)\b"
PAGE_IN_C = r'"[^"\n]*<(?:/?(?:html|head|body|div|span|form|input|button|table|main|section|ul|ol|li|h[1-6]|br|p|a))\b[^"\n]*"'


def code_only(text):
    """C without comments; strings stay."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)


def long_files(files):
    return [f"{p} has {t.count(chr(10))} lines; {FILE_LINES} at most." for p, t in files.items()
            if p.endswith(CODE) and t.count("\n") > FILE_LINES]


def functions(text):
    """(name, lines) of every function: from a { to a } in the first column."""
    lines, start, head = text.split("\n"), None, ""
    for number, line in enumerate(lines):
        if start is None and line == "{":
            start = number
        elif start is not None and line == "}":
            yield re.sub(r".*?(\w+)\(.*", r"\1", head), number - start + 1
            start = None
        if start is None and re.match(r"\w.*\(", line):
            head = line


def long_functions(files):
    return [f"{p}: {name} has {n} lines; {FUNCTION_LINES} at most." for p, t in files.items() if p.endswith(".c")
            for name, n in functions(t) if n > FUNCTION_LINES]


def unsigned(files):
    broken = []
    for path, text in files.items():
        if path.endswith(SIGNED) and "SPDX-License-Identifier: Apache-2.0" not in "\n".join(text.split("\n")[:2]):
            broken.append(f"{path} does not begin with its SPDX line.")
    return broken


def without_note(files):
    """The room note: a comment right behind the SPDX line (in Python a doc string)."""
    marks = {".c": "/*", ".h": "/*", ".ts": "/*", ".tsx": "/*", ".mjs": "/*", ".sql": "--", ".py": '"""'}
    broken = []
    for path, text in files.items():
        mark = marks.get(os.path.splitext(path)[1])
        rest = re.sub(r"\A(#![^\n]*\n)?[^\n]*SPDX[^\n]*\n", "", text).lstrip("\n")
        if mark and not path.startswith("core/sql/query/") and not rest.startswith((mark, "//")):
            broken.append(f"{path} has no note saying what it is for, right behind its SPDX line.")
    return broken


def banned(files):
    broken = []
    for path, text in files.items():
        if not path.endswith((".c", ".h")):
            continue
        for pattern in (BANNED, BANNED_ANYWHERE):
            for m in re.finditer(pattern, code_only(text)):
                broken.append(f"{path}: {m.group().rstrip('(').strip()} is banned.")
    return broken


def unfinished(files):
    return [f"{path} says it is not finished: {m.group()}." for path, text in files.items() if path.endswith(CODE + ("hotline",))
            for m in re.finditer(UNFINISHED, text)]


def pages_in_c(files):
    return [f"{path} holds HTML in a C string: {m.group()[:40]}; pages are templates." for path, text in files.items()
            if path.endswith(".c") and not path.startswith("tests/") for m in re.finditer(PAGE_IN_C, code_only(text))]


def main(root):
    files = {p: tap.read(root, p) for p in tap.tree(root) if p.endswith(SIGNED) or os.path.basename(p) == "hotline"}
    return tap.report([
        ("a_file_has_at_most_500_lines", long_files(files)),
        ("a_function_fits_a_screen", long_functions(files)),
        ("every_file_begins_with_its_licence", unsigned(files)),
        ("every_file_says_what_it_is_for", without_note(files)),
        ("banned_functions_are_not_called", banned(files)),
        ("nothing_says_it_is_unfinished", unfinished(files)),
        ("no_page_is_written_in_a_c_string", pages_in_c(files)),
    ])


sys.exit(main(sys.argv[1]))
