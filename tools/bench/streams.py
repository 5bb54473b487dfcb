# SPDX-License-Identifier: Apache-2.0
"""S4, S9: how soon a counselor sees what a caller sent, and how many may look on."""
import http.client
import json
import os
import statistics
import subprocess
import threading
import time

from measure import House, memory_kb, share
from person import Person  # tests/whole

TEXT = "最近晚上总是睡不好，白天上课也没有精神，和家里人说不到几句就要吵起来。我想找个人说说，不知道怎么开口。"


class Callers:
    """Some who submit at a steady rate together; .sent: ticket → when its request began."""

    def __init__(self, port, rate, seconds, hands=8):
        self.sent, self.refused = {}, 0
        begin = time.perf_counter() + 0.2
        self.threads = [threading.Thread(target=self.submit, args=(port, begin + k / rate, hands / rate, int(rate * seconds / hands)))
                        for k in range(hands)]
        for t in self.threads:
            t.start()

    def submit(self, port, due, gap, count):
        line = http.client.HTTPConnection("127.0.0.1", port)
        for n in range(count):
            time.sleep(max(0, due - time.perf_counter()))
            body = json.dumps({"text": f"{n} {TEXT}", "desk": "psych", "self_harm": "no"}, ensure_ascii=False).encode()
            line.request("POST", "/api/v1/requests", body, {"Content-Type": "application/json"})
            answer = line.getresponse()
            text = answer.read()
            if answer.status == 201:
                self.sent[json.loads(text)["ticket"]] = due
            else:
                self.refused += 1
            due += gap
        line.close()

    def join(self):
        for t in self.threads:
            t.join()


def hear(person, seen):
    """ticket → when it was on the screen as waiting."""
    line = http.client.HTTPConnection("127.0.0.1", person.port)
    line.request("GET", "/api/v1/events", headers={"Cookie": f"qt={person.cookie}", "Accept": "text/event-stream"})
    answer = line.getresponse()
    threading.Thread(target=read_events, args=(answer, seen), daemon=True).start()
    return line, answer


def read_events(answer, seen):
    try:
        for raw in answer:
            if raw.startswith(b"data: ") and b'"screened"' in raw:
                now, data = time.perf_counter(), json.loads(raw[6:])
                if data.get("kind") == "screened":
                    seen.setdefault(data["ticket"], now)
    except (OSError, ValueError, AttributeError):
        pass


def screened(b):
    """S4: submit → screened → the event on a counselor's screen, 200 submits a second."""
    seen = {}
    with House(b.build) as h:
        line, answer = hear(Person(h.console_port).sign_in("super1"), seen)
        callers = Callers(h.portal.port, 200, 5 if b.quick else 15)
        callers.join()
        end = time.monotonic() + 10
        while time.monotonic() < end and any(t not in seen for t in list(callers.sent)):
            time.sleep(0.05)
        answer.close()
        line.close()
    times = [seen[t] - since for t, since in callers.sent.items() if t in seen]
    lost = len(callers.sent) - len(times)
    assert times, "no event of a screened case came"
    p99 = share(times, 0.99)
    b.row("S4", f"submit to a counselor's screen, screened, at 200 submits a second ({len(times)})", f"p99 {p99:.0f} ms",
          f"p50 {statistics.median(times) * 1e3:.0f} ms", None, "p99 ≤ 250 ms", p99 <= 250 and not lost and not callers.refused)
    if lost or callers.refused:
        b.note(f"S4: {lost} events did not come, {callers.refused} submits were refused")


def streams(b):
    """S9: event streams on one web process: memory of each, and one event to all."""
    count = 2000 if b.quick else 10000
    with House(b.build, config={"console": {"connections": count + 500}}) as h:
        person = Person(h.console_port).sign_in("super1")
        web = h.running["web"].pid
        before = memory_kb(web, "Rss")
        tool = subprocess.Popen([os.path.join(b.build, "tools", "bench", "sse_load"), "--port", str(h.console_port), "--cookie",
                                 f"qt={person.cookie}", "--streams", str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            assert tool.stdout.readline().startswith("open"), "the streams did not open"
            each = (memory_kb(web, "Rss") - before) / count
            times = []
            for _ in range(b.rounds):
                tool.stdin.write("next\n")
                tool.stdin.flush()
                assert h.portal.post("/api/v1/requests", {"text": TEXT})[0] == 201
                figures = json.loads(tool.stdout.readline())
                assert not figures["errors"], f"{figures['errors']} streams got nothing"
                times.append(figures["p99_ms"])
        finally:
            tool.kill()
            tool.wait()
    p99 = statistics.median(times)
    b.row("S9", f"{count:,} event streams: memory of each", f"{each:.1f} KiB", "", None, "≤ 8 KiB", each <= 8)
    b.row("S9", f"{count:,} event streams: one event to all, from the submit on", f"p99 {p99:.0f} ms", "", None, "≤ 150 ms", p99 <= 150)
