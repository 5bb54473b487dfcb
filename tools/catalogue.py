#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The lint test of the words people read (i18n/*.json). `catalogue.py ROOT`.

Both languages have the same keys and the same {places}; every key the code names exists; portal texts keep the wording rules of
the design (simple characters, short sentences, no exclamation marks, full-width punctuation).
"""
import json
import os
import re
import sys

import tap

SENTENCE = 25
FAMILIES = r"(?:portal|console|word|problem|name)"
HAN = r"[\u4e00-\u9fff]"


def load(root, name):
    with open(os.path.join(root, "i18n", name), encoding="utf-8") as f:
        return json.load(f, object_pairs_hook=lambda pairs: pairs)


def twice(pairs, name):
    keys = [k for k, _ in pairs]
    return [f"{name}: {k} stands twice." for k in sorted({k for k in keys if keys.count(k) > 1})]


def unsorted(pairs, name):
    keys = [k for k, _ in pairs]
    return [f"{name}: {b} stands behind {a}; keys are sorted." for a, b in zip(keys, keys[1:]) if b < a][:3]


def places(text):
    return sorted(set(re.findall(r"\{(\w+)", text)))


def unlike(zh, en):
    broken = [f"{k} is in only one of the two catalogues." for k in sorted(set(zh) ^ set(en))]
    return broken + [f"{k}: zh-CN fills {places(zh[k])}, en fills {places(en[k])}." for k in sorted(set(zh) & set(en))
                     if places(zh[k]) != places(en[k])]


def used_keys(root):
    """(path, key or prefix ending with a dot) of every key the code names."""
    literal = re.compile(r"[\"'`](" + FAMILIES + r"\.[a-z0-9_.]*?)(?:[\"'`]|(?=\$\{|%s))")
    in_page = re.compile(r"\{\{[^}]*?\b(" + FAMILIES + r"\.[a-z0-9_.]+)")
    for path in tap.tree(root):
        top = path.split("/")[0]
        if top in ("intake", "web") and path.endswith((".c", ".h", ".ts", ".tsx")) or re.fullmatch(r"core/http\w*\.c", path):
            for m in literal.finditer(tap.read(root, path)):
                yield path, m.group(1)
        elif top == "intake" and path.startswith("intake/templates/"):
            for m in in_page.finditer(tap.read(root, path)):
                yield path, m.group(1)


def missing(root, keys):
    broken = set()
    for path, key in used_keys(root):
        group = key if key.endswith((".", "_")) else key + "."  # "portal.mood" + the code stands for a family of keys
        known = key in keys or any(k.startswith(group) for k in keys)
        if not known and not re.search(r"\.(html|css|js|conf|json|svg|db)$", key):
            broken.add(f"{path} names {key}, which is not in the catalogue.")
    return sorted(broken)


def is_simple(character):
    """GB 2312 level 1 (rows 16 to 55: the 3,755 most common), or no Chinese character at all."""
    if not re.match(HAN, character):
        return True
    try:
        return 0xB0 <= character.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


def rare(portal):
    return [f"{k}: {''.join(c for c in t if not is_simple(c))} is not among the common characters." for k, t in portal.items()
            if not all(map(is_simple, t))]


def sentences(text):
    text = re.sub(r"\{\w+(?:\?([^|}]*)\|[^}]*)?\}", r"\1", text)
    return [s.strip() for s in re.split(r"[。？；…\n]", text)]


def long_sentences(portal):
    return [f"{k}: \"{s}\" has {len(s)} characters; {SENTENCE} at most." for k, t in portal.items() for s in sentences(t)
            if len(s) > SENTENCE]


def loud(portal):
    return [f"{k} has an exclamation mark." for k, t in portal.items() if "!" in t or "！" in t]


def half_width(portal):
    pattern = HAN + r"\s?[,.?!:;()]|[,?!:;()]\s?" + HAN
    return [f"{k}: half-width punctuation beside Chinese." for k, t in portal.items() if re.search(pattern, t)]


def formal(portal):
    return [f"{k} says 您; the portal says 你." for k, t in portal.items() if "您" in t]


def main(root):
    pairs = {n: load(root, n) for n in ("zh-CN.json", "en.json")}
    zh, en = dict(pairs["zh-CN.json"]), dict(pairs["en.json"])
    portal = {k: t for k, t in zh.items() if k.startswith("portal.")}
    return tap.report([
        ("a_key_stands_once_and_in_order", [s for n, p in pairs.items() for s in twice(p, n) + unsorted(p, n)]),
        ("both_languages_have_the_same_keys_and_places", unlike(zh, en)),
        ("every_key_the_code_names_exists", missing(root, set(zh))),
        ("portal_texts_use_common_characters", rare(portal)),
        ("portal_sentences_have_at_most_25_characters", long_sentences(portal)),
        ("portal_texts_are_calm", loud(portal)),
        ("portal_texts_have_full_width_punctuation", half_width(portal)),
        ("portal_texts_say_ni", formal(portal)),
    ])


sys.exit(main(sys.argv[1]))
