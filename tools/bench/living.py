# SPDX-License-Identifier: Apache-2.0
"""S10, S11: what the house costs while nothing happens, and how soon it is there."""
import statistics
import time

from measure import House, TICK, cpu_s, memory_kb, taken


def idle(b):
    """S10: the whole house, idle: memory as its share (PSS), processor time."""
    with House(b.build) as h:
        time.sleep(3)  # what begins with a start ends
        pids = {name: p.pid for name, p in h.running.items()}
        before, since = {n: cpu_s(p) for n, p in pids.items()}, time.monotonic()
        time.sleep(5 if b.quick else 20)
        used = {n: cpu_s(p) - before[n] for n, p in pids.items()}
        share_of_core = sum(used.values()) / (time.monotonic() - since) * 100
        memory = {n: memory_kb(p) / 1024 for n, p in pids.items()}
    whole = sum(memory.values())
    b.row("S10", "the idle house: memory", f"{whole:.1f} MB", "", None, "≤ 60 MB", whole <= 60)
    b.row("S10", "the idle house: processor", f"{share_of_core:.2f} % of a core", "", None, "≤ 0.5 %", share_of_core <= 0.5)
    b.note("S10: " + ", ".join(f"{n} {memory[n]:.1f} MB {used[n] * TICK:.0f} ticks" for n in memory))


def start(b):
    """S11: from nothing to ready with the cases there are, and the router again after kill -9."""
    from million import filled
    with filled(b) as h:
        cold, again = [], []
        for _ in range(b.rounds):
            h.stop()
            cold.append(taken(h.start_together)[0])
        for _ in range(b.rounds):
            h.kill("router")
            again.append(taken(lambda: (h.start("router"), keeps(h)))[0])
        cases = h.cases
    b.row("S11", f"cold start to ready, {cases:,} cases", f"{statistics.median(cold):.2f} s", "", None, "≤ 1.5 s",
          statistics.median(cold) <= 1.5)
    b.row("S11", "the router after kill -9, until a submit is kept", f"{statistics.median(again):.2f} s", "", None, "≤ 2 s",
          statistics.median(again) <= 2)


def keeps(h):
    """Until a submit is answered 201."""
    end = time.monotonic() + 20
    while h.portal.post("/api/v1/requests", {"text": "在吗"})[0] != 201:
        if time.monotonic() > end:
            raise RuntimeError("no submit was kept within 20 s of a restart")
        time.sleep(0.005)
