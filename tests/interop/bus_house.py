# SPDX-License-Identifier: Apache-2.0
"""A router alone, for peers in other languages: founded in a temporary directory, with clocks short enough for a test. Also what the
tests look up in its store, read-only. `bus_house.py serve BUILD`: for tests in other languages, as house.py serve.
"""
import json
import os
import signal
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "whole"))
from house import House, merged, until  # noqa: E402

CLOCKS = {"bus": {"lease": "600ms", "heartbeat": "100ms", "expire": "800ms", "retry": "20ms", "attempts": 3}}


class RouterHouse(House):
    """with RouterHouse(BUILD) as house: house.endpoint("open")"""

    def __init__(self, build, config=None, endpoints=None):
        super().__init__(build, merged(CLOCKS, config or {}), programs=("router",))
        self.endpoints = endpoints or {}

    def endpoint(self, role):
        return self.endpoints.get(role) or f"ipc://{self.data}/run/{role}.sock"

    def ask(self, query, *args):
        """Rows of the store, as the committed state is now."""
        db = sqlite3.connect(f"file:{self.data}/db/qingting.db?mode=ro", uri=True, timeout=10)
        try:
            return db.execute(query, args).fetchall()
        finally:
            db.close()

    def count(self, query, *args):
        return self.ask(query, *args)[0][0]

    def until_count(self, wanted, query, *args):
        until(lambda: self.count(query, *args) == wanted, f"{wanted} of {query}")


def gather():
    """(list of rules, decorator that adds to it)"""
    found = []

    def rule(fn):
        found.append(fn)
        return fn
    return found, rule


def serve(build):
    """One line of JSON says where the sockets are; then lines such as {"restart": "router"} or {"count": "SELECT …"}, each answered
    by one; the house ends with its input."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with RouterHouse(build) as house:
        acts = {"restart": house.restart, "count": house.count}
        print(json.dumps({"open": house.endpoint("open")}), flush=True)
        for line in sys.stdin:
            for act, what in json.loads(line).items():
                print(json.dumps({"done": acts[act](what)}), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] != ["serve"] or len(sys.argv) != 3:
        sys.exit("bus_house.py serve BUILD keeps a router until its input ends.")
    serve(sys.argv[2])
