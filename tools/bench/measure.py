# SPDX-License-Identifier: Apache-2.0
"""What every figure of ./hotline bench is made with: tools run as programs, medians, rows of the table, a house to measure."""
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "whole"))
import house  # noqa: E402  the houses of the tests, with costs as a person's

TICK = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass
class Row:
    figure: str
    what: str
    ours: str
    reference: str = ""
    ratio: float = None
    bar: str = ""
    ok: bool = None


class Bench:
    """Options of a run, its places on disk, and the rows so far."""

    def __init__(self, build, work, quick, million, peers):
        self.build, self.work, self.quick, self.million, self.peers = build, work, quick, million, peers
        self.rows, self.notes, self.houses = [], [], {}
        self.rounds = 3

    def some(self, whole):
        """As many as fit the time: a third in a quick run."""
        return max(64, whole // 3) if self.quick else whole

    def tool(self, name, *options, seconds=600):
        """Runs a load generator; gives its figures."""
        done = subprocess.run([os.path.join(self.build, "tools", "bench", name), *map(str, options)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=seconds, check=False)
        if done.returncode or not done.stdout:
            raise RuntimeError(f"{name} {' '.join(map(str, options))}: {done.stderr.strip() or done.returncode}")
        figures = json.loads(done.stdout)
        if figures["errors"]:
            raise RuntimeError(f"{name}: {figures['errors']} of {figures['n']} were refused; {done.stderr.strip()}")
        return figures

    def row(self, *values, **named):
        row = Row(*values, **named)
        self.rows.append(row)
        print(f"· {row.figure} {row.what}: {row.ours}", file=sys.stderr, flush=True)

    def note(self, text):
        self.notes.append(text)

    def place(self, name):
        """A path below the work directory where nothing is, in a folder of its own."""
        return os.path.join(tempfile.mkdtemp(dir=self.work), name)


def median(rounds, name):
    return statistics.median(r[name] for r in rounds)


def taken(ask):
    """(seconds, what it gave)"""
    since = time.perf_counter()
    answer = ask()
    return time.perf_counter() - since, answer


def share(times, part):
    """The time below which that part of the times lies, in ms."""
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * part))] * 1e3


def cpu_s(pid):
    """Seconds of processor time a process has used."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_kb(pid, name="Pss"):
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as f:
        return sum(int(line.split()[1]) for line in f if line.startswith(name + ":"))


class House(house.House):
    """A house as a person starts it: costs, sockets and clocks of the sample configuration."""

    def __init__(self, build, config=None, **options):
        own = {"keys": {"receipt_memory": "1MiB", "receipt_passes": 1}, "bus": {"worker_sockets": 4, "retry": "500ms"}}
        super().__init__(build, config={**own, **(config or {})}, **options)

    def start_together(self):
        """As ./hotline run does: the router, then everybody else at once."""
        self.start("router")
        names = [n for p in self.wanted if p != "router" for n in ([f"worker.{d}" for d in self.desks] if p == "worker" else [p])]
        threads = [threading.Thread(target=self.start, args=(n,)) for n in names]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.wait_ready()

    def cpu(self):
        return {name: cpu_s(p.pid) for name, p in self.running.items()}
