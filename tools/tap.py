# SPDX-License-Identifier: Apache-2.0
"""What the lint programs share: the tree to look at, and one TAP line a rule with the places that break it."""
import os

LEFT_OUT = {".git", "node_modules", "__pycache__", "data", "subprojects"}


def tree(root):
    """Paths below root, relative, without build directories and what others wrote."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in LEFT_OUT
                            and not os.path.exists(os.path.join(folder, f, "build.ninja")))
        for name in sorted(names):
            yield os.path.relpath(os.path.join(folder, name), root)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as f:
        return f.read()


def report(rules):
    """rules: [(name of the rule, [sentence about each place that breaks it])]. Gives the exit status."""
    print(f"1..{len(rules)}")
    for number, (name, broken) in enumerate(rules, 1):
        print(f"{'not ok' if broken else 'ok'} {number} - {name}")
        for sentence in broken:
            print(f"# {sentence}")
    return 1 if any(broken for _, broken in rules) else 0
