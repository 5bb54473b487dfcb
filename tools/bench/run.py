#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""./hotline bench: measures on the machine at hand, in turns with what it is compared to, and prints one table (doc/speed.md).

Bars are ratios within one run; nothing here is a test. See --help for what can be chosen.
"""
import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata

import accept
import living
import measure
import million
import peers
import streams

FIGURES = {  # in the order of doc/speed.md; what takes long only when it is asked for
    "S1": accept.bus, "S2": accept.alone, "S3": accept.submits, "S4": streams.screened, "S5": million.console, "S6": million.pages,
    "S7": million.inserts, "S9": streams.streams, "S10": living.idle, "S11": living.start, "S12": accept.page,
}
SLOW = {"S7"}


def options():
    p = argparse.ArgumentParser(prog="./hotline bench", description="Measures, and compares with what doc/speed.md names.")
    p.add_argument("--quick", action="store_true", help="within a minute: a third of the work, S1 to S3 and S12 unless --only says else")
    p.add_argument("--only", metavar="S1,S3", help=f"only these: {', '.join(FIGURES)}")
    p.add_argument("--peers", action="store_true", help="install beanstalkd, PostgreSQL, Redis and nginx from Debian first")
    p.add_argument("--million", action="store_true", help="S5, S6, S7 and S11 with 1,000,000 cases: about half an hour and 10 GB")
    p.add_argument("--build", default=os.path.join(measure.ROOT, "build"), help=argparse.SUPPRESS)
    o = p.parse_args()
    o.only = [f.strip().upper() for f in o.only.split(",")] if o.only else None
    unknown = [f for f in o.only or [] if f not in FIGURES]
    if unknown:
        p.error(f"there is no figure {unknown[0]}; there are {', '.join(FIGURES)}.")
    return o


def chosen(o):
    if o.only:
        return o.only
    if o.quick:
        return ["S1", "S2", "S3", "S12"]
    return [f for f in FIGURES if o.million or f not in SLOW]


def wide(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(rows):
    head = ("figure", "what", "ours", "reference", "ratio", "bar", "")
    lines = [head] + [(r.figure, r.what, r.ours, r.reference, f"{r.ratio:.2f}" if r.ratio is not None else "", r.bar,
                       {True: "ok", False: "short", None: ""}[r.ok]) for r in rows]
    widths = [max(wide(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        print("  ".join(text + " " * (w - wide(text)) for text, w in zip(line, widths)).rstrip())


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")), "?")
    with open("/proc/loadavg", encoding="utf-8") as f:
        load = f.read().split()[0]
    commit = subprocess.run(["git", "-C", measure.ROOT, "rev-parse", "--short", "HEAD"], stdout=subprocess.PIPE, text=True,
                            stderr=subprocess.DEVNULL, check=False).stdout.strip() or "?"
    return (f"{time.strftime('%Y-%m-%d')}, commit {commit}, {os.cpu_count()} cores ({model}), Linux {platform.release()}, "
            f"load {load} at the start")


def main():
    o = options()
    if o.peers:
        peers.install()
    work = tempfile.mkdtemp(prefix="qb-", dir=o.build)
    tempfile.tempdir = work  # houses too: on the disk that holds the build
    b = measure.Bench(o.build, work, o.quick, o.million, o.peers)
    b.note(machine())
    status = 0
    try:
        for figure in chosen(o):
            try:
                FIGURES[figure](b)
            except (AssertionError, OSError, RuntimeError, subprocess.SubprocessError) as fault:
                b.row(figure, FIGURES[figure].__doc__.split(":", 1)[-1].strip().splitlines()[0], "not measured")
                b.note(f"{figure}: {fault}")
                status = 1
    finally:
        for h in b.houses.values():
            h.stop()
        shutil.rmtree(work, ignore_errors=True)
    table(b.rows)
    for note in b.notes:
        print(note)
    return status


if __name__ == "__main__":
    sys.exit(main())
