#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of the tools themselves: a lint that cannot fail guards nothing, and what embed.py makes must be what was meant. Prints TAP.

`test_tools.py ROOT`: works in a directory of its own, with trees written for the purpose.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = sys.argv[1]
work = tempfile.mkdtemp(prefix="qt-tools-")
LICENCE = "/* SPDX-License-Identifier: Apache-2.0 */\n"


def tool(name, *args):
    done = subprocess.run([sys.executable, os.path.join(ROOT, "tools", name), *args], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def tree(files):
    top = tempfile.mkdtemp(dir=work)
    for path, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(top, path)), exist_ok=True)
        with open(os.path.join(top, path), "w", encoding="utf-8") as f:
            f.write(text)
    return top


def expect(true, sentence):
    if not true:
        raise AssertionError(sentence)


def breaks(name, files, rule, piece, *more):
    status, out, err = tool(name, tree(files), *more)
    expect(status == 1 and f"- {rule}" in out and piece in out, f"{rule} did not notice: {out}{err}")
    expect(any(line.startswith("not ok") and line.endswith(rule) for line in out.splitlines()), out)


def the_layer_check_notices_every_breach():
    def breach(path, header, rule):
        breaks("layers.py", {path: f"{LICENCE}/* x */\n#include \"{header}\"\n", "router/lease.h": "", "include/store.h": "",
                             "core/store.c": "", "core/bus_line.h": ""}, rule, header, "/nowhere")

    breach("intake/x.c", "lease.h", "rooms_never_include_each_other")
    breach("web/x.c", "bus_line.h", "rooms_never_include_each_other")
    breach("worker/x.c", "store.h", "the_store_is_known_to_router_and_web_alone")
    breach("web/x.c", "sqlite3.h", "a_foreign_header_is_included_in_one_place")
    breach("router/lease.c", "store.h", "pure_files_include_no_door")
    breach("core/casefile_x.c", "unistd.h", "pure_files_include_no_door")
    breaks("layers.py", {"include/lost.h": LICENCE}, "a_shared_header_has_its_file_in_core", "core/lost.c", "/nowhere")
    breaks("layers.py", {"include/x.h": LICENCE}, "intake_and_worker_do_not_link_sqlite", "not built", "/nowhere")


def the_style_check_notices_every_habit():
    def habit(text, rule, piece, path="core/x.c"):
        breaks("style.py", {path: text}, rule, piece)

    head = LICENCE + "/* What it is for. */\n"
    habit(head + "\n" * 500, "a_file_has_at_most_500_lines", "502 lines")
    habit(head + "int f(void)\n{\n" + "\tx();\n" * 60 + "}\n", "a_function_fits_a_screen", "f has 62 lines")
    habit("int x;\n", "every_file_begins_with_its_licence", "core/x.c")
    habit(LICENCE + "int x;\n", "every_file_says_what_it_is_for", "core/x.c")
    habit(head + "void f(char *a)\n{\n\tstrc" "py(a, a);\n}\n", "banned_functions_are_not_called", "strc" "py")
    habit(head + "int x = ZMQ_HEART" "BEAT_IVL;\n", "banned_functions_are_not_called", "ZMQ_HEART" "BEAT_IVL")
    habit(head + "/* TO" "DO */\n", "nothing_says_it_is_unfinished", "TO" "DO")
    habit(head + "const char *p = \"<di" "v class='x'>\";\n", "no_page_is_written_in_a_c_string", "<di" "v")
    status, out, _ = tool("style.py", tree({"core/x.c": head + "/* strc" "py(a, b) is not called */\nint x;\n"}))
    expect(status == 0, "a comment was taken for a call: " + out)


def catalogues(zh, en, **code):
    return {"i18n/zh-CN.json": json.dumps(zh, ensure_ascii=False), "i18n/en.json": json.dumps(en), **code}


def the_catalogue_check_notices_every_slip():
    def slip(text, rule, key="portal.a"):
        breaks("catalogue.py", catalogues({key: text}, {key: "x"}), rule, key)

    slip("饕餮", "portal_texts_use_common_characters")
    slip("这一句话实在是太长太长了所以没有人愿意把它从头到尾读完一遍", "portal_sentences_have_at_most_25_characters")
    slip("你好！", "portal_texts_are_calm")
    slip("你好, 请说", "portal_texts_have_full_width_punctuation")
    slip("您好", "portal_texts_say_ni")
    breaks("catalogue.py", catalogues({"portal.a": "一"}, {}), "both_languages_have_the_same_keys_and_places", "portal.a")
    breaks("catalogue.py", catalogues({"portal.a": "{n} 个"}, {"portal.a": "some"}), "both_languages_have_the_same_keys_and_places", "{n}"[1])
    breaks("catalogue.py", catalogues({"b": "一", "a": "一"}, {"b": "x", "a": "x"}), "a_key_stands_once_and_in_order", "sorted")
    breaks("catalogue.py", catalogues({}, {}, **{"intake/x.c": 'say("portal.lost");\n'}), "every_key_the_code_names_exists", "portal.lost")
    breaks("catalogue.py", catalogues({}, {}, **{"intake/templates/x.html": "{{t portal.lost}}\n"}), "every_key_the_code_names_exists", "portal.lost")
    status, out, _ = tool("catalogue.py", tree(catalogues({"portal.mood.1": "好"}, {"portal.mood.1": "good"},
                                                          **{"intake/x.c": 'say("portal.mood", 1);\n'})))
    expect(status == 0, out)


def embed(kind, *args):
    status, out, err = tool("embed.py", kind, *args)
    return status, out + err


def sql_is_numbered_and_a_gap_is_refused():
    top = tree({"query/case_one.sql": "-- why\nSELECT \"?\"\n  FROM cases;\n", "migrate/0001_start.sql": "CREATE TABLE t (a);\n"})
    status, said = embed("sql", f"{top}/e.h", f"{top}/e.c", top)
    expect(status == 0, said)
    with open(f"{top}/e.h") as h, open(f"{top}/e.c") as c:
        header, code = h.read(), c.read()
    expect("SQL_CASE_ONE,\n" in header and "SQL_MIGRATIONS = 1" in header, header)
    expect("why" not in code and '{ 1, "0001_start"' in code and '"case_one"' in code, code)
    for name, piece in (("migrate/0003_gap.sql", "should be 0002"), ("query/Bad-Name.sql", "lower-case")):
        status, said = embed("sql", f"{top}/e.h", f"{top}/e.c", tree({name: "SELECT 1;\n", "migrate/0001_start.sql": "x\n"}))
        expect(status == 1 and piece in said, said)


def assets_are_hashed_through_what_they_mention():
    top = tree({"app.css": "body{}" + " " * 300, "app.js": 'import "/assets/app.css"', "index.html": '<script src="/assets/app.js">',
                "root/robots.txt": "User-agent: *\n", "app.js.map": "{}"})
    out = tree({})
    status, said = embed("assets", f"{out}/a.h", f"{out}/a.c", "demo", top)
    expect(status == 0, said)
    with open(f"{out}/a.c") as f:
        first = f.read()
    expect('.path = "/robots.txt"' in first and '.path = "/index.html"' in first and ".map" not in first, first)
    with open(f"{out}/demo_assets.d/demo_2_plain") as f:
        page = f.read()
    expect("/assets/app." in page and "/assets/app.js" not in page, page)
    with open(f"{top}/app.css", "a") as f:
        f.write("p{}")
    expect(embed("assets", f"{out}/a.h", f"{out}/a.c", "demo", top)[0] == 0, "again")
    with open(f"{out}/demo_assets.d/demo_2_plain") as f:
        expect(f.read() != page, "a changed style sheet left the page's links as they were")
    ring = tree({"a.css": "/assets/b.css", "b.css": "/assets/a.css"})
    status, said = embed("assets", f"{out}/b.h", f"{out}/b.c", "ring", ring)
    expect(status == 1 and "circle" in said, said)
    status, said = embed("assets", f"{out}/b.h", f"{out}/b.c", "odd", tree({"x.exe": "x"}))
    expect(status == 1 and "content type" in said, said)


def a_broken_catalogue_does_not_build():
    top = tree({"zh.json": '{"a": "一", "a": "二"}', "en.json": '{"a": 5}', "ok.json": '{"a": "x"}', "bad.json": "{"})
    for pair, piece in ((("zh.json", "ok.json"), "stands twice"), (("ok.json", "en.json"), "not a string"), (("bad.json", "ok.json"), "line 1")):
        status, said = embed("i18n", f"{top}/i.c", *(os.path.join(top, p) for p in pair))
        expect(status == 1 and piece in said, said)


def counting_never_calls_a_crash_green():
    top = tree({
        "x.junit.xml": '<testsuites><testsuite name="p.p:unit / a"><testcase name="1 - good"/></testsuite></testsuites>',
        "x.json": json.dumps({"name": "p:unit / a", "result": "ERROR"}) + "\n" + json.dumps({"name": "p:unit / b", "result": "TIMEOUT"}),
        "y.json": json.dumps({"name": "p:unit / a", "result": "OK"}),
        "z.junit.xml": '<testsuites><testsuite name="p.a"><testcase name="1 - bad"><failure/></testcase></testsuite></testsuites>',
        "z.json": json.dumps({"name": "p:unit / a", "result": "ERROR"}),
    })
    for base, counts in (("x", "1 2 0"), ("y", "1 0 0"), ("z", "0 1 0"), ("none", "0 0 0")):
        _, out, err = tool("test_counts.py", os.path.join(top, base))
        expect(out.strip() == counts, f"{base}: {out}{err}")


RULES = [the_layer_check_notices_every_breach, the_style_check_notices_every_habit, the_catalogue_check_notices_every_slip,
         sql_is_numbered_and_a_gap_is_refused, assets_are_hashed_through_what_they_mention, a_broken_catalogue_does_not_build,
         counting_never_calls_a_crash_green]


def main():
    failed = 0
    print(f"1..{len(RULES)}")
    for number, rule in enumerate(RULES, 1):
        try:
            rule()
            print(f"ok {number} - {rule.__name__}")
        except (AssertionError, OSError) as e:
            failed += 1
            print(f"not ok {number} - {rule.__name__}\n# " + str(e).replace("\n", "\n# "))
    shutil.rmtree(work, ignore_errors=True)
    return 1 if failed else 0


sys.exit(main())
