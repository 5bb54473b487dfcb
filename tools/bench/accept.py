# SPDX-License-Identifier: Apache-2.0
"""S1, S2, S3, S12: how fast requests are taken in — over the bus, over HTTP — and the page where they begin."""
import http.client

import peers
from measure import House, median


def bus(b):
    """S1: 64 in flight over the bus, against the same rows by plain SQLite, 64 a commit, and against the peers there are."""
    count = b.some(12800)
    plain = b.place("plain.db")
    ours, raw = [], []
    others = [p for p in peers.stores(b) if p.ready()]
    found = {p.name: [] for p in others}
    try:
        with House(b.build, programs=("router",)) as h:
            for _ in range(b.rounds):
                ours.append(b.tool("bus_load", "--data", h.data, "--flight", 64, "--count", count))
                raw.append(b.tool("sqlite_load", "--db", plain, "--batch", 64, "--count", count))
                for p in others:
                    found[p.name].append(p.run(count))
    finally:
        for p in others:
            p.stop()
    mine, theirs = median(ours, "rate"), median(raw, "rate")
    b.row("S1", "submits a second over the bus, 64 in flight", f"{mine:,.0f}/s", f"plain SQLite {theirs:,.0f}/s", mine / theirs,
          "≥ 0.6 (aim 0.8)", mine / theirs >= 0.6)
    mine, theirs = median(ours, "p99_ms"), median(raw, "p99_ms")
    b.row("S1", "the same, p99", f"{mine:.1f} ms", f"plain SQLite {theirs:.1f} ms", mine / theirs, "≤ 1.7", mine / theirs <= 1.7)
    for p in others:
        theirs, mine = median(found[p.name], "rate"), median(ours, "rate")
        b.row("S1", f"the same, against {p.name}", f"{mine:,.0f}/s", f"{theirs:,.0f}/s", mine / theirs, f"≥ {p.bar:g}",
              mine / theirs >= p.bar)
        b.note(f"{p.name}: {p.configuration}")


def alone(b):
    """S2: one after another."""
    count = b.some(600)
    plain = b.place("plain.db")
    ours, raw = [], []
    with House(b.build, programs=("router",)) as h:
        for _ in range(b.rounds):
            ours.append(b.tool("bus_load", "--data", h.data, "--flight", 1, "--lanes", 1, "--count", count))
            raw.append(b.tool("sqlite_load", "--db", plain, "--batch", 1, "--count", count))
    mine, theirs = median(ours, "p50_ms"), median(raw, "p50_ms")
    b.row("S2", "one submit at a time over the bus, p50", f"{mine:.2f} ms", f"one plain commit {theirs:.2f} ms", mine / theirs, "≤ 1.6",
          mine / theirs <= 1.6)


def submits(b):
    """S3: the portal's JSON API, whole: checked, sealed, committed, answered; the workers screen meanwhile."""
    count = b.some(6000)
    with House(b.build) as h:
        port = h.portal.port
        b.tool("http_load", "--port", port, "--count", 500, "--submit", 1024)
        before = h.cpu()
        rounds = [b.tool("http_load", "--port", port, "--connections", 64, "--count", count, "--submit", 1024) for _ in range(b.rounds)]
        used = {name: (s - before[name]) * 1e6 / (count * b.rounds) for name, s in h.cpu().items()}
    rate, p99 = median(rounds, "rate"), median(rounds, "p99_ms")
    b.row("S3", "submits a second through the portal, 64 connections", f"{rate:,.0f}/s", "", None, "≥ 2,000/s", rate >= 2000)
    b.row("S3", "the same, p99", f"{p99:.0f} ms", "", None, "≤ 100 ms", p99 <= 100)
    workers = sum(us for name, us in used.items() if name.startswith("worker"))
    one = b.tool("kdf_load")
    b.note(f"S3: processor time a submit: intake {used['intake']:.0f} µs, router {used['router']:.0f} µs, workers {workers:.0f} µs; "
           f"Argon2id of one receipt alone takes {one['p50_ms'] * 1e3:.0f} µs here")


def page(b):
    """S12: the portal's first page, against nginx serving the same bytes."""
    nginx = peers.Nginx(b)
    count = b.some(60000)
    with House(b.build, programs=("router", "worker", "intake")) as h:
        c = http.client.HTTPConnection("127.0.0.1", h.portal.port)
        c.request("GET", "/", headers={"Accept-Encoding": "br, gzip"})
        body = c.getresponse().read()
        c.close()
        theirs = []
        ours = []
        there = nginx.ready(body)
        try:
            for _ in range(b.rounds):
                ours.append(b.tool("http_load", "--port", h.portal.port, "--count", count, "--get", "/"))
                if there:
                    theirs.append(b.tool("http_load", "--port", nginx.port, "--count", count, "--get", "/"))
        finally:
            nginx.stop()
    mine = median(ours, "rate")
    if not there:
        b.row("S12", "the portal's first page", f"{mine:,.0f}/s", "nginx is not here (--peers)", None, "≥ 0.7 × nginx")
        return
    other = median(theirs, "rate")
    b.row("S12", "the portal's first page", f"{mine:,.0f}/s", f"nginx {other:,.0f}/s", mine / other, "≥ 0.7", mine / other >= 0.7)
    b.note(f"nginx: {nginx.configuration}")
