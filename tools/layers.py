#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The lint test that keeps the architecture: who may include what, and what the programs link. `layers.py ROOT BUILD`."""
import os
import re
import subprocess
import sys

import tap

ROOMS = ("intake", "router", "worker", "web", "keys")
# A foreign header and the only files that may include it.
FOREIGN = {
    "sqlite3.h": r"core/store\w*\.[ch]", "zmq.h": r"core/(sock\w*|loop)\.c", "microhttpd.h": r"core/http\w*\.[ch]",
    "libconfig.h": r"core/conf\w*\.c", "sodium.h": r"core/seal\w*\.[ch]", "jansson.h": r"include/\w+\.h",
    "utf8proc.h": r"core/text\w*\.c", "liboath/oath.h": r"web/totp\.c", "qrencode.h": r"(core/qr\w*|web/\w+|intake/\w+)\.c",
}
# These take time and facts as arguments; none of the doors.
PURE = r"(core/(casefile|screen)\w*|router/(route|lease|deadline|deal))\.[ch]"
DOORS = {"sock.h", "store.h", "seal.h", "keyring.h", "conf.h", "http.h", "json.h", "log.h", "proc.h", "loop.h", "bus.h", "clock.h", "book.h",
         "time.h", "sys/time.h", "unistd.h", "fcntl.h", "stdio.h", "sys/stat.h", "sys/socket.h"}
NO_SQLITE = ("intake", "worker")


def sources(root):
    """{path: [included headers]} of every C file that is shipped."""
    found = {}
    for path in tap.tree(root):
        if path.endswith((".c", ".h")) and path.split("/")[0] in ROOMS + ("core", "include"):
            found[path] = re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', tap.read(root, path), re.M)
    return found


def homes(files):
    """{header name: folders it stands in}"""
    where = {}
    for path in files:
        if path.endswith(".h"):
            where.setdefault(os.path.basename(path), set()).add(path.split("/")[0])
    return where


def strangers(files):
    where, broken = homes(files), []
    for path, headers in files.items():
        room = path.split("/")[0]
        for header in headers:
            at = where.get(os.path.basename(header), set())
            if at and not at & {room, "include"}:
                broken.append(f"{path} includes {header} of {'/'.join(sorted(at))}/; rooms meet only in messages and in include/.")
    return broken


def store_users(files):
    return [f"{path} includes store.h; only router/ and web/ may." for path, headers in files.items()
            if "store.h" in headers and not re.fullmatch(r"(router|web)/.*|core/store\w*\.[ch]|include/store\.h", path)]


def foreigners(files):
    return [f"{path} includes {h}; it belongs in {FOREIGN[h]} alone." for path, headers in files.items() for h in headers
            if h in FOREIGN and not re.fullmatch(FOREIGN[h], path)]


def impure(files):
    return [f"{path} includes {h}; a pure file takes what it needs as arguments." for path, headers in files.items()
            if re.fullmatch(PURE, path) for h in headers if h in DOORS]


def homeless(files):
    """include/x.h is implemented in core/x.c."""
    bare = {"include/macros.h"}
    return [f"{path} has no core/{os.path.basename(path)[:-2]}.c." for path in files
            if path.startswith("include/") and path not in bare and f"core/{os.path.basename(path)[:-2]}.c" not in files]


def linked(build):
    broken = []
    for name in NO_SQLITE:
        program = os.path.join(build, name, name)
        if not os.path.exists(program):
            broken.append(f"{name}/{name} is not built, so nobody knows what it links.")
            continue
        needed = subprocess.run(["readelf", "-d", program], check=True, stdout=subprocess.PIPE, text=True).stdout
        if "sqlite" in needed:
            broken.append(f"{name}/{name} links SQLite; only router and web may.")
    return broken


def main(root, build):
    files = sources(root)
    return tap.report([
        ("rooms_never_include_each_other", strangers(files)),
        ("the_store_is_known_to_router_and_web_alone", store_users(files)),
        ("a_foreign_header_is_included_in_one_place", foreigners(files)),
        ("pure_files_include_no_door", impure(files)),
        ("a_shared_header_has_its_file_in_core", homeless(files)),
        ("intake_and_worker_do_not_link_sqlite", linked(build)),
    ])


sys.exit(main(*sys.argv[1:3]))
