# SPDX-License-Identifier: Apache-2.0
"""What drives a whole house: callers who submit and come back, counselors who claim, read, answer and close, a keeper who restarts what
dies, as ./hotline run does, and figures. Everybody keeps a connection and tries again honestly: the same request under the same key.
"""
import http.client
import json
import os
import statistics
import threading
import time
import uuid

from house import PASSWORD, ROOT

GIVE_UP_S = 60
AGAIN = (0, 429, 502, 503)
DATA = os.path.join(ROOT, "..", "shared", "data", "requests.jsonl")
# Our own words, for a machine without the data: (class, desk, text).
OWN = [
    ("law", "legal", "老板拖了我三个月的工资，合同也没给我，我该找谁？"),
    ("law", "legal", "我想知道未成年人签的网络借款合同算不算数。"),
    ("school", "unsure", "班里有人把我的作业本扔了好几次，老师说只是闹着玩。"),
    ("school", "social", "我和妈妈搬到新的城市，转学手续不知道怎么办。"),
    ("risk", "psych", "最近总睡不着，觉得什么都没有意思，也不想见人。"),
    ("risk", "legal", "我不想活了，昨天晚上已经把药都准备好了。"),
    ("harm", "social", "爸爸喝了酒就打我，我身上都是伤，不敢回家。"),
    ("work", "unsure", "刚开始上班，每天都很紧张，怕做错事被骂。"),
    ("other", "psych", "好朋友突然不理我了，我不知道做错了什么。"),
    ("other", "social", "奶奶一个人带我，家里最近没有钱交房租了。"),
]
# Level 3: their closing needs a second person, and they reach the psych desk whatever was chosen.
URGENT = [
    ("own", "legal", "我现在就站在楼顶，准备跳下去了。"),
    ("own", "social", "我已经把一整瓶安眠药吃下去了，对不起。"),
    ("own", "psych", "刀就在手里，我正在割腕，血止不住。"),
]
CHOICE = {"law": "legal", "risk": "psych", "harm": "social", "school": "unsure", "work": "unsure", "other": "psych"}


def requests(count, own=False):
    """[(class, desk chosen, text)] count of them, all different, and the urgent ones. One in seven chooses a desk at random, so some choose
    wrong."""
    if os.path.exists(DATA) and not own:
        with open(DATA, encoding="utf-8") as f:
            rows = [json.loads(line) for line in f]
        step = len(rows) // count
        found = [(r["class"], CHOICE.get(r["class"], "unsure"), r["text"][:6000]) for r in rows[::step][:count]]
    else:
        found = [(kind, desk, f"{text}（第 {n} 次写）") for n, (kind, desk, text) in enumerate(OWN * count)][:count]
    wrong = ("social", "legal", "psych")
    return [(k, wrong[n % 3] if n % 7 == 3 else d, t) for n, (k, d, t) in enumerate(found)] + URGENT


class Figures:
    """Times by what was done; safe to use from every thread."""

    def __init__(self):
        self.lock, self.times, self.counts, self.began = threading.Lock(), {}, {}, time.monotonic()

    def took(self, what, seconds):
        with self.lock:
            self.times.setdefault(what, []).append(seconds)

    def count(self, what, n=1):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + n

    def show(self):
        whole = time.monotonic() - self.began
        for what, times in self.times.items():
            ordered = sorted(times)
            print(f"# {what:10} {len(times):5}  {len(times) / whole:7.1f}/s  p50 {1000 * statistics.median(ordered):7.1f} ms"
                  f"  p99 {1000 * ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]:8.1f} ms  max {1000 * ordered[-1]:8.1f} ms", flush=True)
        if self.counts:
            print("# " + ", ".join(f"{what} {n}" for what, n in sorted(self.counts.items())), flush=True)
        print(f"# {whole:.1f} s in all", flush=True)


class Line:
    """A connection that is kept, and made again when it breaks."""

    def __init__(self, port, figures):
        self.port, self.figures, self.connection, self.headers = port, figures, None, {}

    def once(self, method, path, body=None, headers=None):
        """(status, JSON); status 0: nobody answered."""
        raw = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        h = {**self.headers, **(headers or {}), **({"Content-Type": "application/json"} if raw else {})}
        try:
            self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            self.connection.request(method, path, raw, h)
            answer = self.connection.getresponse()
            text = answer.read()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    self.headers["Cookie"] = value.split(";")[0]
            return answer.status, json.loads(text) if text else None
        except (OSError, http.client.HTTPException, ValueError):
            if self.connection:
                self.connection.close()
            self.connection = None
            return 0, None

    def insist(self, what, method, path, body=None, headers=None):
        """Tries the same again until there is an answer; times the try that was answered."""
        end, wait = time.monotonic() + GIVE_UP_S, 0.02
        while True:
            began = time.monotonic()
            status, answer = self.once(method, path, body, headers)
            if status not in AGAIN:
                self.figures.took(what, time.monotonic() - began)
                return status, answer
            self.figures.count(f"{what} again")
            if time.monotonic() > end:
                raise AssertionError(f"{what}: nothing but {status} for {GIVE_UP_S} s: {answer}")
            time.sleep(wait)
            wait = min(wait * 2, 0.5)


class Caller:
    """Writes one request after the other; remembers what was acknowledged."""

    def __init__(self, port, figures):
        self.line = Line(port, figures)

    def submit(self, text, **facts):
        """The acknowledged ticket. Now and then it is sent twice, as a page does whose answer was lost."""
        key = {"Idempotency-Key": str(uuid.uuid4())}
        body = {"text": text, **facts}
        status, first = self.line.insist("submit", "POST", "/api/v1/requests", body, key)
        assert status == 201, f"submit: {status} {first}"
        if key["Idempotency-Key"][0] in "01":
            status, again = self.line.insist("retry", "POST", "/api/v1/requests", body, key)
            assert status == 201 and (again["ticket"], again["receipt"]) == (first["ticket"], first["receipt"]), f"{first} became {again}"
        return first

    def back(self, ticket, receipt):
        """The ticket as its caller sees it after coming back."""
        status, answer = self.line.insist("track", "POST", "/api/v1/track", {"ticket": ticket, "receipt": receipt})
        assert status == 200, f"track: {status} {answer}"
        status, view = self.line.insist("ticket", "GET", "/api/v1/ticket", None, {"Authorization": f"Bearer {answer['token']}"})
        assert status == 200, f"ticket: {status} {view}"
        return view


class Staff:
    """A person at the console over one kept line."""

    def __init__(self, port, user, figures):
        self.user, self.line, self.figures = user, Line(port, figures), figures
        status, answer = self.line.insist("sign in", "POST", "/api/v1/session", {"user": user, "password": PASSWORD})
        assert status == 201, f"{user} could not sign in: {status} {answer}"
        self.line.headers["X-CSRF-Token"] = answer["csrf"]

    def post(self, what, path, body=None, version=None):
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        if version is not None:
            headers["If-Match"] = "*" if version == "*" else f'"{version}"'
        return self.line.insist(what, "POST", "/api/v1" + path, {} if body is None else body, headers)

    def get(self, what, path):
        return self.line.insist(what, "GET", "/api/v1" + path)

    def case(self, ticket):
        status, case = self.get("read", f"/cases/{ticket}")
        assert status == 200, f"{self.user} reads {ticket}: {status} {case}"
        return case


def reply_to(ticket):
    return f"您好，{ticket}：我们看到了您写的话。先照顾好自己，我们一起想办法。"


class Counselor(Staff):
    """Claims the next case, reads it, answers, closes; until the house is empty and told so."""

    def __init__(self, port, user, figures, done, second):
        super().__init__(port, user, figures)
        self.done, self.second = done, second  # {ticket: what was seen}; tickets that need a second person

    def serve_one(self):
        """False when nothing waits."""
        status, case = self.post("claim", "/cases/next")
        if status == 204:
            return False
        assert status == 200, f"{self.user} claims: {status} {case}"
        self.serve(case)
        return True

    def serve(self, case):
        ticket = case["ticket"]
        case = self.case(ticket)
        assert case["mine"] and case["messages"][0]["text"], f"{self.user} cannot read {ticket}: {case['messages'][:1]}"
        assert ticket not in self.done, f"{ticket} was dealt twice, to {self.user} and {self.done[ticket]['by']}"
        self.done[ticket] = {"by": self.user, "desk": case["desk"], "text": case["messages"][0]["text"], "marks": case["marks"],
                             "risk": case["risk"]}
        status, answer = self.post("reply", f"/cases/{ticket}/messages", {"text": reply_to(ticket)})
        assert status == 201, f"{self.user} replies to {ticket}: {status} {answer}"
        self.close(ticket, case)

    def close(self, ticket, case):
        body = {"disposition": "answered", "category": f"{case['desk']}.other"}
        status, answer = self.post("close", f"/cases/{ticket}/close", body, "*")
        assert status in (200, 202), f"{self.user} closes {ticket}: {status} {answer}"
        if status == 202:
            self.second.append(ticket)
            self.figures.count("closed by a second person")

    def run(self, over):
        """over(): nothing more will come."""
        last = False
        while not last:
            last = over()
            while self.serve_one():
                pass
            time.sleep(0.02)


class Keeper:
    """Restarts what dies: after 0.1 s, doubling to the longest, as ./hotline run."""

    def __init__(self, house, longest=2):
        self.house, self.longest, self.restarts, self.away, self.stop = house, longest, 0, [], False
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        delay = {}
        while not self.stop:
            for name, process in list(self.house.running.items()):
                if process.poll() is not None and not self.stop:
                    began = time.monotonic()
                    time.sleep(delay.get(name, 0.1))
                    delay[name] = min(2 * delay.get(name, 0.1), self.longest)
                    self.house.start(name)
                    self.restarts += 1
                    self.away.append((name, time.monotonic() - began))
            time.sleep(0.01)

    def kill(self, name):
        """SIGKILL, and waits until another process has taken its place."""
        before, restarts = self.house.running[name], self.restarts
        before.kill()
        end = time.monotonic() + GIVE_UP_S
        while self.restarts == restarts or self.house.running[name] is before:
            assert time.monotonic() < end, f"{name} was not restarted"
            time.sleep(0.01)

    def end(self):
        self.stop = True
        self.thread.join()


class Crew:
    """Threads; failed() is true once any of them has failed, and join() raises the first failure."""

    def __init__(self):
        self.threads, self.failures = [], []

    def start(self, *jobs):
        started = [threading.Thread(target=self.guard, args=(job,), daemon=True) for job in jobs]
        self.threads += started
        for t in started:
            t.start()
        return started

    def guard(self, job):
        try:
            job()
        except BaseException as e:  # raised again by join
            self.failures.append(e)

    def failed(self):
        return bool(self.failures)

    def join(self, patience_s=120):
        end = time.monotonic() + patience_s
        for t in self.threads:
            t.join(max(0, end - time.monotonic()))
        if self.failures:
            raise self.failures[0]
        alive = sum(t.is_alive() for t in self.threads)
        assert not alive, f"{alive} of {len(self.threads)} are not done after {patience_s} s"


def together(*jobs):
    """Runs functions in threads, and waits for all."""
    crew = Crew()
    crew.start(*jobs)
    crew.join()
