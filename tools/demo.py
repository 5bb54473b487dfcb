#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends the demo requests to a portal, as callers would: `demo.py HOST:PORT FILE`. ./hotline run calls it once, when it founded a demo.

Each has a fixed idempotency key, so a run that was interrupted sends none twice.
"""
import http.client
import json
import sys


def send(door, number, request):
    door.request("POST", "/api/v1/requests", json.dumps(request), {
        "Content-Type": "application/json", "Idempotency-Key": f"demo-request-of-your-own-{number:04d}"})
    answer = door.getresponse()
    body = answer.read().decode(errors="replace")
    if answer.status != 201:
        sys.exit(f"The portal did not take demo request {number}: {answer.status} {body[:200]}")


def main(address, file):
    with open(file, encoding="utf-8") as f:
        requests = json.load(f)
    host, port = address.rsplit(":", 1)
    door = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=20)
    for number, request in enumerate(requests, 1):
        send(door, number, request)


main(*sys.argv[1:3])
