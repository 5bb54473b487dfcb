#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts what one `meson test --logbase NAME` did: prints "passed failed skipped". With --why: what went wrong. Called by ./hotline test.

Sub-tests of TAP programs count one each (from the JUnit log). A program that failed in another way (crash, time-out, wrong plan)
counts as one failure more (from the JSON log), so a test that dies early never looks green.
"""
import json
import sys
import xml.etree.ElementTree as ET


def last(name):
    """"qingting.qingting:lint / style" and "qingting.style" are both the program style."""
    return name.split(" / ")[-1].split(".")[-1]


def subtests(path):
    """([passed, failed, skipped], names of programs and cases that failed); None where there is no readable log."""
    try:
        root = ET.parse(path).getroot()
    except (OSError, ET.ParseError):
        return None, set()
    counts, failed = [0, 0, 0], set()
    for suite in root.iter("testsuite"):
        for case in suite.iter("testcase"):
            kinds = {child.tag for child in case}
            which = 1 if kinds & {"failure", "error"} else 2 if "skipped" in kinds else 0
            counts[which] += 1
            if which == 1:
                failed |= {last(suite.get("name", "")), last(case.get("name", ""))}
    return counts, failed


def programs(path):
    try:
        with open(path, encoding="utf-8") as f:
            return [json.loads(line) for line in f if line.strip()]
    except OSError:
        return []


BAD = ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS")


def count(base):
    counts, failed = subtests(base + ".junit.xml")
    ran = programs(base + ".json")
    if counts is None:
        counts = [sum(p["result"] == "OK" for p in ran), 0, sum(p["result"] == "SKIP" for p in ran)]
    wrong = {last(p["name"]) for p in ran if p["result"] in BAD}
    counts[1] += len(wrong - failed)
    print(*counts)


def explain(base):
    """Of each program that failed: its TAP without what went well, and the end of what it said beside."""
    for p in programs(base + ".json"):
        if p["result"] in BAD:
            print(f"--- {last(p['name'])}: {p['result']}, status {p['returncode']}")
            beside = p.get("stderr", "").rstrip().split("\n")[-40:]
            print("\n".join(line for line in p["stdout"].split("\n") + beside if line and not line.startswith("ok ")))


def main(base, *flags):
    (explain if "--why" in flags else count)(base)


main(*sys.argv[1:])
