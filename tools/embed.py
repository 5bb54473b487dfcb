#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns files into C at build time, so that a program is one file. Called by Meson only.

  embed.py [--depfile F] i18n   OUT.c zh-CN.json en.json   the catalogue as one table sorted by key (read by core/i18n.c)
  embed.py [--depfile F] sql    OUT.h OUT.c SQLDIR         query/*.sql as enum sql_query + sql_text[] + sql_name[];
                                                           migrate/NNNN_*.sql as sql_migration[], in order
  embed.py [--depfile F] assets OUT.h OUT.c SYMBOL DIR...  files by .incbin with br and gzip: SYMBOL_assets[] of
                                                           struct http_asset, and SYMBOL_asset(name)

Assets: `app.css` is served as `/assets/app.<hash>.css`, immutable; `*.html` and everything below `root/` keeps its name
(`root/favicon.ico` is `/favicon.ico`) and is revalidated by ETag. Inside .html, .css, .js, .json, .svg and .webmanifest files
`/assets/NAME` becomes the hashed path of NAME. Source maps are left out.
"""
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

NOTE = "/* SPDX-License-Identifier: Apache-2.0 */\n/* Made by tools/embed.py: edit the files it was made from. */\n"
TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".json": "application/json", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8", ".png": "image/png",
    ".ico": "image/x-icon", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".ogg": "audio/ogg",
    ".wav": "audio/wav",
}
REWRITTEN = {".html", ".css", ".js", ".json", ".svg", ".webmanifest"}
PACKED_ALREADY = {".png", ".woff2", ".ogg"}


def fail(sentence):
    sys.exit("embed.py: " + sentence)


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def c_string(text):
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\r", "\\r").replace("?", "\\?")
    return '"' + text.replace("\n", "\\n") + '"'


def write_depfile(path, out, inputs):
    if path:
        escaped = " ".join(i.replace(" ", "\\ ") for i in sorted(set(inputs)))
        write(path, f"{out}: {escaped}\n")


# ---- i18n

def read_catalogue(path):
    def no_duplicates(pairs):
        seen = {}
        for key, value in pairs:
            if key in seen:
                fail(f"{path}: the key {key} stands twice; keep one.")
            if not isinstance(value, str):
                fail(f"{path}: the value of {key} is not a string; the catalogue is flat, with dots in the keys.")
            seen[key] = value
        return seen

    with open(path, encoding="utf-8") as f:
        try:
            return json.load(f, object_pairs_hook=no_duplicates)
        except json.JSONDecodeError as e:
            fail(f"{path} line {e.lineno}: {e.msg}.")


def embed_i18n(out, zh_path, en_path):
    zh, en = read_catalogue(zh_path), read_catalogue(en_path)
    keys = sorted(set(zh) | set(en), key=lambda k: k.encode())
    rows = [f"\t{{ {c_string(k)}, {{ {c_string(zh.get(k, k))}, {c_string(en.get(k, k))} }} }}," for k in keys]
    write(out, NOTE + '#include "i18n.h"\n\n#pragma GCC diagnostic ignored "-Woverlength-strings"\n\nconst struct i18n_row i18n_rows[] = {\n' + "\n".join(rows)
          + f"\n}};\nconst size_t i18n_row_count = {len(keys)};\n")
    return out, [zh_path, en_path]


# ---- SQL

def read_sql(path):
    """The statement without its comment lines: what SQLite has to parse and what an operator sees in a trace."""
    with open(path, encoding="utf-8") as f:
        lines = [line.rstrip() for line in f if not line.lstrip().startswith("--")]
    return "\n".join(line for line in lines if line)


def sql_files(directory):
    if not os.path.isdir(directory):
        return []
    return sorted(n for n in os.listdir(directory) if n.endswith(".sql"))


def c_lines(text):
    return "\n".join("\t\t" + c_string(line + "\n") for line in text.split("\n"))


def embed_sql(out_h, out_c, directory):
    query_dir, migrate_dir = os.path.join(directory, "query"), os.path.join(directory, "migrate")
    queries, migrations = sql_files(query_dir), sql_files(migrate_dir)
    for name in queries:
        if not re.fullmatch(r"[a-z][a-z0-9_]*\.sql", name):
            fail(f"{query_dir}/{name}: a query's name is lower-case words joined by _, because it becomes SQL_<NAME>.")
    for number, name in enumerate(migrations, 1):
        if not re.fullmatch(r"\d{4}_[a-z0-9_]+\.sql", name) or int(name[:4]) != number:
            fail(f"{migrate_dir}/{name}: migrations are named NNNN_words.sql and count up from 0001 without a gap; "
                 f"this one should be {number:04d}.")
    stems = [n[:-4] for n in queries]
    write(out_h, NOTE + "#ifndef QT_SQL_EMBED_H\n#define QT_SQL_EMBED_H\n\n#include <stddef.h>\n\nenum sql_query {\n"
          + "".join(f"\tSQL_{s.upper()},\n" for s in stems) + "\tSQL_QUERY_COUNT\n};\n"
          + "extern const char *const sql_text[SQL_QUERY_COUNT + 1];\nextern const char *const sql_name[SQL_QUERY_COUNT + 1];\n\n"
          + "struct sql_migration {\n\tint number;\n\tconst char *name, *text;\n};\n"
          + f"enum {{ SQL_MIGRATIONS = {len(migrations)} }};\nextern const struct sql_migration sql_migration[SQL_MIGRATIONS + 1];\n\n"
          + "#endif\n")
    texts = "".join(f"\t[SQL_{s.upper()}] =\n{c_lines(read_sql(os.path.join(query_dir, s + '.sql')))},\n" for s in stems)
    names = "".join(f"\t[SQL_{s.upper()}] = {c_string(s)},\n" for s in stems)
    steps = "".join(f"\t{{ {int(m[:4])}, {c_string(m[:-4])},\n{c_lines(read_sql(os.path.join(migrate_dir, m)))} }},\n"
                    for m in migrations)
    write(out_c, NOTE + f'#include "{os.path.basename(out_h)}"\n\n#pragma GCC diagnostic ignored "-Woverlength-strings"\n\n'
          + f"const char *const sql_text[] = {{\n{texts}\tNULL,\n}};\n\n"
          + f"const char *const sql_name[] = {{\n{names}\tNULL,\n}};\n\n"
          + f"const struct sql_migration sql_migration[] = {{\n{steps}\t{{ 0, NULL, NULL }},\n}};\n")
    paths = [os.path.join(query_dir, n) for n in queries] + [os.path.join(migrate_dir, n) for n in migrations]
    return out_h, paths + [d for d in (directory, query_dir, migrate_dir) if os.path.isdir(d)]


# ---- assets

def find_assets(directories):
    found, folders = {}, []
    for top in directories:
        for folder, _, names in os.walk(top):
            folders.append(folder)
            for name in names:
                path = os.path.join(folder, name)
                if not name.endswith(".map") and not name.startswith("."):
                    found[os.path.relpath(path, top)] = path
    return found, folders


def hashed_path(name, content):
    if name.endswith(".html"):
        return "/" + name
    if name.startswith("root/"):
        return "/" + name[len("root/"):]
    stem, ext = os.path.splitext(name)
    return f"/assets/{stem}.{hashlib.sha256(content).hexdigest()[:10]}{ext}"


def settle_assets(files):
    """Reads every file, leaves first, so that the hash of a file covers the hashed names it mentions."""
    raw = {}
    for name, path in files.items():
        with open(path, "rb") as f:
            raw[name] = f.read()
    mentions = {n: {o for o in raw if o != n and os.path.splitext(n)[1] in REWRITTEN
                    and re.search(rb"/assets/" + re.escape(o.encode()) + rb"(?![\w.-])", raw[n])} for n in raw}
    settled = {}
    while len(settled) < len(raw):
        ready = [n for n in sorted(raw) if n not in settled and mentions[n] <= settled.keys()]
        if not ready:
            fail("these assets mention each other in a circle, so no hash can be made: " + ", ".join(sorted(set(raw) - settled.keys())))
        for name in ready:
            content = raw[name]
            for other in mentions[name]:
                content = re.sub(rb"/assets/" + re.escape(other.encode()) + rb"(?![\w.-])", settled[other][0].encode(), content)
            settled[name] = (hashed_path(name, content), content)
    return settled


def pack(content, ext):
    """(br, gzip), None where packing does not pay."""
    if ext in PACKED_ALREADY or len(content) < 256:
        return None, None
    small = gzip.compress(content, 9, mtime=0)
    br = None
    if shutil.which("brotli"):
        br = subprocess.run(["brotli", "-q", "11", "-c", "-"], input=content, stdout=subprocess.PIPE, check=True).stdout
    return (br if br and len(br) < len(content) else None), (small if len(small) < len(content) else None)


def incbin(folder, symbol, content):
    path = os.path.abspath(os.path.join(folder, symbol))
    with open(path, "wb") as f:
        f.write(content)
    return (f'__asm__(".section .rodata\\n.balign 16\\n.global {symbol}\\n.hidden {symbol}\\n{symbol}:\\n"\n'
            f'\t".incbin {c_string(path)[1:-1].join([chr(92) + chr(34)] * 2)}\\n.byte 0\\n.previous\\n");\n'
            f"extern const unsigned char {symbol}[];\n")


def asset_row(folder, symbol, number, name, path, content):
    ext = os.path.splitext(name)[1]
    if ext not in TYPES:
        fail(f"{name}: no content type is known for {ext or 'a name without an extension'}; add it to TYPES in tools/embed.py.")
    br, small = pack(content, ext)
    asm, row = "", [f".path = {c_string(path)}", f".type = {c_string(TYPES[ext])}",
                    f'.etag = "\\"{hashlib.sha256(content).hexdigest()[:16]}\\""',
                    f".immutable = {'true' if path.startswith('/assets/') else 'false'}"]
    for field, data in (("plain", content), ("br", br), ("gzip", small)):
        if data is not None:
            label = f"{symbol}_{number}_{field}"
            asm += incbin(folder, label, data)
            row.append(f".{field} = {label}, .{field}_bytes = {len(data)}")
    return asm, "\t{ " + ", ".join(row) + " },\n"


def embed_assets(out_h, out_c, symbol, *directories):
    files, folders = find_assets(directories)
    folder = os.path.join(os.path.dirname(out_c) or ".", symbol + "_assets.d")
    os.makedirs(folder, exist_ok=True)
    asm, rows, names = "", "", ""
    settled = settle_assets(files)
    for number, name in enumerate(sorted(settled)):
        more, row = asset_row(folder, symbol, number, name, *settled[name])
        asm, rows, names = asm + more, rows + row, names + f"\t{c_string(name)},\n"
    write(out_h, NOTE + f"#ifndef QT_{symbol.upper()}_ASSETS_H\n#define QT_{symbol.upper()}_ASSETS_H\n\n#include \"http.h\"\n\n"
          + f"enum {{ {symbol.upper()}_ASSETS = {len(settled)} }};\n"
          + f"extern const struct http_asset {symbol}_assets[{len(settled) + 1}];\n"
          + "/* By the name of the source file (\"app.css\"); NULL when there is none. */\n"
          + f"const struct http_asset *{symbol}_asset(const char *name);\n\n#endif\n")
    write(out_c, NOTE + f'#include "{os.path.basename(out_h)}"\n\n#include <string.h>\n\n' + asm
          + f"\nconst struct http_asset {symbol}_assets[] = {{\n{rows}\t{{ .path = NULL }},\n}};\n\n"
          + f"static const char *const names[] = {{\n{names}\tNULL,\n}};\n\n"
          + f"const struct http_asset *{symbol}_asset(const char *name)\n{{\n"
          + "\tfor (size_t i = 0; names[i]; i++)\n\t\tif (strcmp(names[i], name) == 0)\n"
          + f"\t\t\treturn &{symbol}_assets[i];\n\treturn NULL;\n}}\n")
    return out_h, list(files.values()) + folders


def main(args):
    depfile = None
    if args[:1] == ["--depfile"]:
        depfile, args = args[1], args[2:]
    kinds = {"i18n": embed_i18n, "sql": embed_sql, "assets": embed_assets}
    if not args or args[0] not in kinds:
        fail("the first word says what to embed: i18n, sql or assets.")
    out, inputs = kinds[args[0]](*args[1:])
    write_depfile(depfile, out, inputs)


main(sys.argv[1:])
