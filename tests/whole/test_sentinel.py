#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Who can read what (flows 1–6 of the design of keys), and what is left behind: marked words go through the whole life of several cases —
reassigned, moved, shared, erased, answered at night — and then every log, every file of the data directory, every temporary file and what a
crash leaves is searched for them, in every form they could take. `test_sentinel.py BUILD`. Prints TAP.
"""
import base64
import http.client
import json
import os
import re
import secrets
import signal
import sqlite3
import sys
import time
import uuid

from house import House, rules, until
from person import Person
from portal import Portal

ok, refused = Person.ok, Person.refused
ADDRESS, AGENT = "127.0.0.77", "Sentinel-Browser/" + secrets.token_hex(6)
MARKS = {what: f"{what}-哨兵-{secrets.token_hex(8)}" for what in (
    "text", "follow-up", "reply", "note", "task", "draft", "phone", "complaint", "rating", "erased", "night", "crisis", "summary")}


class Caller(Portal):
    """Comes from an address and with a browser that can be told from all others."""

    def __init__(self, house, text, desk, **more):
        super().__init__(house.portal.port)
        self.key = str(uuid.uuid4())
        self.asked = ok(201, self.post("/requests", {"text": text, "desk": desk, **more}, key=self.key))
        self.ticket, self.receipt = self.asked["ticket"], self.asked["receipt"]

    def raw(self, method, path, body=None, headers=None, timeout=20):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout, source_address=(ADDRESS, 0))
        try:
            c.request(method, path, body, {"User-Agent": AGENT, **(headers or {})})
            r = c.getresponse()
            return r.status, r.headers, r.read()
        finally:
            c.close()

    def back(self, receipt=None):
        answer = self.post("/track", {"ticket": self.ticket, "receipt": receipt or self.receipt})
        if answer[0] == 200:
            self.token = answer[1]["token"]
        return answer

    def replies(self):
        return [m["text"] for m in ok(200, self.get("/ticket"))["messages"]]


class Life:
    """The house, its people, and everything secret that was said or shown."""

    def __init__(self):
        self.began = time.time()
        self.house = House(sys.argv[1], {"life": {"erase_after": "0ms"}, "bus": {"heartbeat": "200ms"}})
        self.temp = os.path.join(self.house.dir, "tmp")
        os.mkdir(self.temp, 0o700)
        os.environ["TMPDIR"] = os.environ["SQLITE_TMPDIR"] = self.temp
        self.people, self.callers, self.needles, self.blobs = {}, [], dict(MARKS), []

    def __getattr__(self, user):
        if user not in ("psych1", "psych2", "legal1", "social1", "super1", "lead1"):
            raise AttributeError(user)
        if user not in self.people:
            self.people[user] = Person(self.house.console_port).sign_in(user)
        return self.people[user]

    def caller(self, what, desk, text, **more):
        caller = Caller(self.house, f"{text}（{MARKS[what]}）", desk, **more)
        self.callers.append(caller)
        self.needles.update({f"receipt of {what}": caller.receipt, f"key of {what}": caller.key})
        return caller

    def waits(self, person, ticket):
        return until(lambda: next((r for r in person.list("waiting")["items"] if r["ticket"] == ticket), None), f"{ticket} in the queue")

    def ask(self, query, *args):
        db = sqlite3.connect(f"file:{self.house.data}/db/qingting.db?mode=ro", uri=True, timeout=10)
        try:
            return db.execute(query, args).fetchall()
        finally:
            db.close()

    def wraps(self, case_id):
        return sorted((target, desk) for target, desk in self.ask(
            "SELECT target, coalesce(desks.kind, '') FROM wraps LEFT JOIN desks ON desks.num = wraps.desk WHERE case_id = ?", case_id))

    def newest(self):
        return self.ask("SELECT max(id) FROM cases")[0][0]


life = Life()


def words(case):
    return [m["text"] for m in case["messages"]]


# ---- flow 1 and 2: sealed by intake, screened once, the desk settled

def a_request_is_sealed_for_its_desk_alone_once_it_is_screened():
    c = life.caller("text", "psych", "我和室友合不来，心情很差", contact={"phone": MARKS["phone"], "times": "晚上"})
    again = ok(201, c.post("/requests", {"text": f"我和室友合不来，心情很差（{MARKS['text']}）", "desk": "psych",
                                         "contact": {"phone": MARKS["phone"], "times": "晚上"}}, key=c.key))
    assert (again["ticket"], again["receipt"]) == (c.ticket, c.receipt), "an honest retry gave another ticket or receipt"
    life.first, life.first_id = c, life.newest()
    life.waits(life.psych1, c.ticket)
    assert life.wraps(life.first_id) == [("caller", ""), ("desk", "psych")], life.wraps(life.first_id)
    assert life.ask("SELECT count(*) FROM jobs WHERE case_id = ?", life.first_id) == [(0,)], "the worker's bundle is still there"


# ---- flow 3: the receipt opens, nothing else does

def the_receipt_opens_and_another_does_not():
    other = life.caller("follow-up", "social", "想问一下社区活动")
    assert life.first.back()[0] == 200
    assert life.first.back(other.receipt)[0] == 403, "a receipt of another ticket opened this one"
    digits = re.sub(r"\D", "", life.first.receipt)
    wrong = digits[:7] + str((int(digits[7]) + 1) % 10) + digits[8:]
    assert life.first.back(wrong)[0] in (400, 403)
    unknown = life.first.post("/track", {"ticket": "YT-0000-0000", "receipt": life.first.receipt})
    assert unknown[0] in (400, 403), unknown
    assert life.first.replies() == [], "own words are shown to whoever holds the phone"


# ---- flow 5 and 6: people

def a_counselor_of_the_desk_reads_and_one_of_another_desk_gets_nothing():
    t = life.first.ticket
    case = ok(200, life.psych1.post(f"/cases/{t}/claim"))
    assert MARKS["text"] in words(case)[0] and any(MARKS["phone"] in w for w in words(case) if w), case["messages"]
    for person in (life.legal1, life.social1):
        refused(404, "not_found", person.get(f"/cases/{t}"))
        refused(404, "not_found", person.post(f"/cases/{t}/open", {"reason": "看看"}))
        refused(404, "not_found", person.post(f"/cases/{t}/messages", {"text": "x"}))
        refused(404, "not_found", person.post(f"/cases/{t}/claim"))
        assert t not in person.tickets("all")


def what_a_counselor_writes_reaches_whom_it_is_for():
    t = life.first.ticket
    ok(201, life.psych1.post(f"/cases/{t}/messages", {"text": MARKS["reply"]}))
    ok(201, life.psych1.post(f"/cases/{t}/notes", {"text": MARKS["note"]}))
    ok(201, life.psych1.post(f"/cases/{t}/notes", {"text": MARKS["summary"], "kind": "summary"}))
    draft = life.psych1.put(f"/drafts/{t}/reply", {"seq": 1, "text": MARKS["draft"]})
    assert draft[0] in (200, 204), draft
    life.first.back()
    assert life.first.replies() == [MARKS["reply"]], "the caller reads replies, and no notes"


def a_case_reassigned_inside_its_desk_is_readable_at_once():
    t = life.first.ticket
    before = life.wraps(life.first_id)
    ok(200, life.super1.post(f"/cases/{t}/assign", {"to": "psych2"}, version="*"))
    assert {MARKS["note"], MARKS["reply"], MARKS["summary"]} <= set(words(life.psych2.case(t)))
    assert life.wraps(life.first_id) == before, "reassigning is a row, not a key"
    assert words(life.psych1.case(t))[0] is None, "it is not psych1's any more"
    assert MARKS["draft"] not in json.dumps(life.psych2.get(f"/drafts/{t}/reply")[1]), "a draft is its writer's"


def a_task_lets_another_desk_read_until_it_ends():
    t = life.first.ticket
    asked = ok(201, life.psych2.post(f"/cases/{t}/tasks", {"desk": "450100.legal", "text": MARKS["task"]}))
    assert ("task", "legal") in life.wraps(life.first_id)
    life.waits(life.legal1, t)
    read = words(ok(200, life.legal1.post(f"/cases/{t}/claim")))
    assert MARKS["task"] in read and MARKS["text"] in read[0], read
    ok(200, life.legal1.post(f"/cases/{t}/tasks/{asked['tasks'][0]['id']}/end", {"disposition": "answered"}))
    refused(404, "not_found", life.legal1.get(f"/cases/{t}"))
    assert life.wraps(life.first_id) == [("caller", ""), ("desk", "psych")]


def a_case_moved_to_another_desk_is_sealed_anew():
    t = life.first.ticket
    ok(200, life.super1.post(f"/cases/{t}/transfer", {"desk": "450100.social"}, version="*"))
    assert life.wraps(life.first_id) == [("caller", ""), ("desk", "social")], life.wraps(life.first_id)
    for person in (life.psych1, life.psych2):
        refused(404, "not_found", person.get(f"/cases/{t}"))
    assert {MARKS["note"], MARKS["reply"]} <= set(words(ok(200, life.social1.post(f"/cases/{t}/claim"))))
    life.first.back()
    assert life.first.replies() == [MARKS["reply"]], "the caller keeps what they were told"


def a_mover_without_a_key_leaves_the_move_to_the_next_of_the_desk():
    db = sqlite3.connect(f"{life.house.data}/db/qingting.db", timeout=10)  # a supervisor whose keys were lost
    who = life.super1.me["id"]
    held = db.execute("SELECT * FROM desk_keys WHERE holder = ?", (who,)).fetchall()
    db.execute("DELETE FROM desk_keys WHERE holder = ?", (who,))
    db.commit()
    life.people.pop("super1").delete("/session")
    t = life.first.ticket
    ok(202, life.super1.post(f"/cases/{t}/transfer", {"desk": "450100.psych"}, version="*"))
    assert life.wraps(life.first_id) == [("caller", ""), ("desk", "social")], "nobody has sealed it yet"
    until(lambda: life.social1.list("mine") and life.wraps(life.first_id) == [("caller", ""), ("desk", "psych")], "the move")
    refused(404, "not_found", life.social1.get(f"/cases/{t}"))
    assert MARKS["note"] in words(ok(200, life.psych1.post(f"/cases/{t}/claim")))
    db.executemany(f"INSERT INTO desk_keys VALUES ({','.join('?' * len(held[0]))})", held)
    db.commit()
    db.close()
    life.people.pop("super1").delete("/session")


# ---- flow 4: a crisis in a follow-up, and no lawyer awake

def a_crisis_in_a_follow_up_opens_for_psych_with_no_lawyer_signed_in():
    c = life.caller("night", "legal", "老板拖欠我三个月工资，不签劳动合同")
    life.waits(life.legal1, c.ticket)
    ok(200, life.legal1.post(f"/cases/{c.ticket}/claim"))
    ok(201, life.legal1.post(f"/cases/{c.ticket}/notes", {"text": MARKS["note"]}))
    life.people.pop("legal1").delete("/session")
    refused(404, "not_found", life.psych1.get(f"/cases/{c.ticket}"))
    c.back()
    assert ok(201, c.post("/ticket/messages", {"text": f"我不想活了，今晚就跳下去（{MARKS['crisis']}）"}))["crisis"]
    row = life.waits(life.psych1, c.ticket)
    assert (row["what"], row["risk"]) == ("task", 3), row
    read = words(ok(200, life.psych1.post(f"/cases/{c.ticket}/claim")))
    assert MARKS["crisis"] in read[-1] and MARKS["night"] in read[0], read
    assert MARKS["note"] not in read, "the lawyers' notes are not for another desk"


# ---- wishes, and what only others may read

def what_is_erased_is_gone_from_every_page_after_the_checkpoint():
    c = life.caller("erased", "social", "不想再让人看到这些话")
    life.waits(life.social1, c.ticket)
    case = life.newest()
    life.blobs += [bytes(b) for (b,) in life.ask("SELECT blob FROM bodies WHERE id IN (SELECT body FROM messages WHERE case_id = ?)", case)]
    life.blobs += [bytes(b) for (b,) in life.ask("SELECT blob FROM wraps WHERE case_id = ?", case)]
    assert len(life.blobs) == 3, f"{len(life.blobs)} sealed pieces"
    assert len(search({n: {blob} for n, blob in enumerate(life.blobs)}, files())) >= 2, "the search does not find what stands there"
    c.back()
    assert ok(200, c.post("/ticket/erase"))["what"] in ("planned", "done")
    until(lambda: life.ask("SELECT count(*) FROM wraps WHERE case_id = ?", case) == [(0,)], "the erasure")
    assert words(life.social1.case(c.ticket))[0] is None
    assert c.back()[0] in (403, 409)


def a_complaint_and_a_rating_are_not_for_the_desk():
    t = life.first.ticket
    ok(201, life.psych1.post(f"/cases/{t}/messages", {"text": MARKS["reply"]}))
    ok(200, life.psych1.post(f"/cases/{t}/close", {"disposition": "answered", "category": "psych.other"}, version="*"))
    life.first.back()
    assert life.first.post("/ticket/complaint", {"text": MARKS["complaint"]})[0] == 201
    assert life.first.post("/ticket/rating", {"heard": 3, "helped": 2, "again": 3, "words": MARKS["rating"]})[0] == 201
    seen = json.dumps([life.psych1.case(t), life.super1.case(t)], ensure_ascii=False)
    assert MARKS["complaint"] not in seen and MARKS["rating"] not in seen


# ---- what is left behind

def forms(text):
    """Every way a text could stand in a file."""
    raw = text.encode()
    found = {raw, text.encode("utf-16-le"), raw.hex().encode(), raw.hex().upper().encode(), json.dumps(text)[1:-1].encode()}
    for skip in range(3):
        b64 = base64.b64encode(b"\0" * skip + raw)
        found |= {b64[4 * (skip > 0):-4], b64[4 * (skip > 0):-4].translate(bytes.maketrans(b"+/", b"-_"))}
    token = re.search(r"[0-9a-f]{16}", text)
    return found | ({token.group().encode()} if token else set())


def files():
    """Everything the house can have written: its own folders, and what is new in the places for temporary files."""
    for folder, _, names in os.walk(life.house.dir):
        yield from (os.path.join(folder, n) for n in names)
    for folder in ("/tmp", "/var/tmp", "/dev/shm", os.getcwd()):
        for entry in os.scandir(folder):
            try:
                if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime >= life.began - 1:
                    yield entry.path
            except OSError:
                pass  # another's file, gone meanwhile


def content(path):
    try:
        if os.path.isfile(path) and os.path.getsize(path) < 1 << 28:
            with open(path, "rb") as f:
                return f.read()
    except OSError:
        pass
    return b""


def search(needles, places):
    hits = []
    for path in places:
        text = content(path)
        hits += [f"{what} in {os.path.basename(path)}" for what, shapes in needles.items() if any(s in text for s in shapes)]
    return hits


def no_word_receipt_or_key_stands_in_any_file():
    needles = {what: forms(text) for what, text in life.needles.items()}
    needles.update({f"{what} in digits": {re.sub(r"\D", "", text).encode()} for what, text in life.needles.items() if "receipt" in what})
    needles["password"] = {b"listen-12355-demo"}
    needles["session"] = {p.cookie.encode() for p in life.people.values()} | {c.token.encode() for c in life.callers if c.token}
    assert not search({"ours": {b"journal_mode"}}, [life.house.config]), "the search itself is broken"
    assert search({"ours": {b"SQLite format 3"}}, files()), "the database was not searched"
    hits = search(needles, files())
    assert not hits, hits


def no_address_browser_or_ticket_stands_in_any_log():
    logs = [p for p in files() if p.endswith(".log")]
    assert len(logs) >= 6, logs
    needles = {"address": {ADDRESS.encode()}, "browser": {AGENT.encode()}, "ticket": {c.ticket.encode() for c in life.callers}}
    assert not search(needles, logs), search(needles, logs)
    everywhere = {what: needles[what] for what in ("address", "browser")}
    assert not search(everywhere, files()), search(everywhere, files())


def erased_pieces_are_on_no_page_after_the_checkpoint():
    pieces = {f"piece {n}": {blob} for n, blob in enumerate(life.blobs)}
    assert life.house.kill("router", signal.SIGTERM) == 0
    life.house.start("router")
    hits = search(pieces, files())
    assert not hits, hits


def a_crash_leaves_no_core():
    """Every program is made to abort; nothing of its memory may remain."""
    for name in ("web", "intake", "worker.psych", "router"):
        process = life.house.running.pop(name)
        with open(f"/proc/{process.pid}/limits", encoding="utf-8") as f:
            core = next(line for line in f if line.startswith("Max core file size"))
        assert core.split()[4:6] == ["0", "0"], core
        os.kill(process.pid, signal.SIGABRT)
        _, how = os.waitpid(process.pid, 0)
        process.returncode = -signal.SIGABRT
        assert os.WIFSIGNALED(how) and not os.WCOREDUMP(how), f"{name} left a core"
    cores = [p for p in files() if re.search(r"(^|/)core(\.|$)", p)]
    assert not cores, cores
    no_word_receipt_or_key_stands_in_any_file()


with life.house:
    status = rules([
        a_request_is_sealed_for_its_desk_alone_once_it_is_screened,
        the_receipt_opens_and_another_does_not,
        a_counselor_of_the_desk_reads_and_one_of_another_desk_gets_nothing,
        what_a_counselor_writes_reaches_whom_it_is_for,
        a_case_reassigned_inside_its_desk_is_readable_at_once,
        a_task_lets_another_desk_read_until_it_ends,
        a_case_moved_to_another_desk_is_sealed_anew,
        a_mover_without_a_key_leaves_the_move_to_the_next_of_the_desk,
        a_crisis_in_a_follow_up_opens_for_psych_with_no_lawyer_signed_in,
        what_is_erased_is_gone_from_every_page_after_the_checkpoint,
        a_complaint_and_a_rating_are_not_for_the_desk,
        no_word_receipt_or_key_stands_in_any_file,
        no_address_browser_or_ticket_stands_in_any_log,
        erased_pieces_are_on_no_page_after_the_checkpoint,
        a_crash_leaves_no_core,
    ])
sys.exit(status)
