#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The house's main job, seen working: 300 requests through the portal from 16 clients, every one claimed, read, answered and closed at the
console, every reply read by its caller; while router, worker, intake and web are killed in turn. `test_drive.py BUILD [COUNT [own]]`.
Prints TAP and figures. The texts are real ones where ../shared/data lies beside the repository, else (or with "own") our own.
"""
import os
import sqlite3
import sys
import threading
import time

from drive import DATA, Caller, Counselor, Crew, Figures, Keeper, Staff, reply_to, requests, together
from house import House, rules

BUILD, COUNT = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 300
OWN = "own" in sys.argv[3:] or not os.path.exists(DATA)
CLIENTS = 16
COUNSELORS = ("psych1", "psych2", "legal1", "social1")
FIRST = ("router", "worker.psych", "intake", "web")
THEN = ("web", "router", "worker.legal", "intake")


class Drive:
    def __init__(self):
        self.house, self.figures, self.crew = House(BUILD), Figures(), Crew()
        self.work = list(enumerate(requests(COUNT, OWN)))
        self.count = len(self.work)
        self.lock = threading.Lock()
        self.acked = {}    # number: (answer, class, desk chosen, text)
        self.done = {}     # ticket: what its counselor saw
        self.second = []   # tickets whose closing a second person confirms
        self.killed, self.confirmed, self.away = [], 0, []

    def client(self):
        caller = Caller(self.house.portal.port, self.figures)
        while not self.crew.failed():
            with self.lock:
                if not self.work:
                    return
                number, (kind, desk, text) = self.work.pop(0)
            answer = caller.submit(text, desk=desk)
            with self.lock:
                self.acked[number] = (answer, kind, desk, text)

    def over(self):
        return self.crew.failed() or len(self.acked) == self.count and len(self.done) >= self.count

    def counselor(self, user):
        Counselor(self.house.console_port, user, self.figures, self.done, self.second).run(self.over)

    def supervisor(self):
        """Confirms what needs a second person, until all is done."""
        person = Staff(self.house.console_port, "super1", self.figures)
        while self.second or any(t.is_alive() for t in self.people):
            if not self.second:
                time.sleep(0.02)
                continue
            ticket = self.second.pop(0)
            status, answer = person.post("confirm", f"/cases/{ticket}/close", {"disposition": "answered"}, "*")
            assert status == 200, f"super1 confirms {ticket}: {status} {answer}"
            self.confirmed += 1

    def reaper(self, keeper):
        """Kills each kind of process in turn: first while callers write, then while counselors answer."""
        steps = [(self.acked, name) for name in FIRST] + [(self.done, name) for name in THEN]
        for n, (progress, name) in enumerate(steps):
            mark = self.count * (n % len(FIRST) + 1) // (len(FIRST) + 1)
            while len(progress) < mark and not self.crew.failed():
                time.sleep(0.002)
            self.killed.append((name, len(self.acked), len(self.done)))
            keeper.kill(name)

    def run(self):
        keeper = Keeper(self.house)
        self.people = self.crew.start(*(lambda user=user: self.counselor(user) for user in COUNSELORS))
        self.crew.start(self.supervisor, lambda: self.reaper(keeper), *[self.client] * CLIENTS)
        try:
            self.crew.join()
        finally:
            keeper.end()
        self.away = keeper.away


drive = Drive()


def ask(query, *args):
    db = sqlite3.connect(f"file:{drive.house.data}/db/qingting.db?mode=ro", uri=True, timeout=10)
    try:
        return db.execute(query, args).fetchall()
    finally:
        db.close()


def same(got, wanted, what):
    assert got == wanted, f"{what}: got {got!r}, wanted {wanted!r}"


def every_request_is_acknowledged_claimed_answered_and_closed_while_processes_die():
    drive.run()
    same(len(drive.acked), drive.count, "acknowledged")
    same([name for name, _ in drive.away], [*FIRST, *THEN], "restarted")


def no_ticket_is_given_twice_and_none_is_lost():
    tickets = [a[0]["ticket"] for a in drive.acked.values()]
    same(len(set(tickets)), drive.count, "different tickets")
    same(len({a[0]["receipt"] for a in drive.acked.values()}), drive.count, "different receipts")
    same(set(tickets), set(drive.done), "tickets acknowledged and served")
    same(ask("SELECT count(*), count(DISTINCT uid) FROM cases"), [(drive.count, drive.count)], "cases in the store")


def each_counselor_read_the_words_its_caller_wrote():
    for answer, _, _, text in drive.acked.values():
        same(drive.done[answer["ticket"]]["text"], text, answer["ticket"])


def every_case_came_to_a_right_desk_and_screened():
    moved = 0
    for answer, kind, chosen, _ in drive.acked.values():
        seen = drive.done[answer["ticket"]]
        assert "unscreened" not in seen["marks"], f"{answer['ticket']} came unscreened"
        if answer["crisis"] or seen["risk"] >= 2:
            same(seen["desk"], "psych", f"desk of a crisis ({kind}, {chosen} chosen)")
        elif chosen not in ("unsure", seen["desk"]):
            assert "wrong_desk" in seen["marks"], f"{answer['ticket']}: {chosen} chosen, {seen['desk']} got it, unexplained"
            moved += 1
        staff = {"psych": ("psych1", "psych2"), "legal": ("legal1",), "social": ("social1",)}[seen["desk"]]
        assert seen["by"] in staff, f"{seen['by']} got a case of {seen['desk']}"
    same(ask("SELECT count(*) FROM messages WHERE kind = 'message' AND screened_at IS NULL"), [(0,)], "messages not screened")
    same(ask("SELECT count(*) FROM jobs WHERE case_id IS NOT NULL"), [(0,)], "screenings left over")
    urgent = [drive.done[a[0]["ticket"]] for a in drive.acked.values() if a[1] == "own"]
    same([seen["risk"] for seen in urgent], [3] * len(urgent), "level of the urgent ones")
    same(drive.confirmed, sum(seen["risk"] == 3 for seen in drive.done.values()), "closings confirmed by a second person")
    drive.figures.count("desk corrected", moved)


def every_case_is_closed_once_with_one_reply_and_one_contact():
    same(ask("SELECT state, count(*) FROM cases GROUP BY state"), [("closed", drive.count)], "states")
    same(ask("SELECT count(*), count(DISTINCT case_id) FROM messages WHERE kind = 'reply'"), [(drive.count, drive.count)], "replies")
    same(ask("SELECT count(*), count(DISTINCT case_id) FROM contacts"), [(drive.count, drive.count)], "contacts")
    for kind in ("submitted", "claimed", "closed"):
        same(ask("SELECT count(*), count(DISTINCT case_id) FROM events WHERE kind = ?", kind), [(drive.count, drive.count)], f"events {kind}")
    same(ask("SELECT count(*) FROM queue"), [(0,)], "rows still in the queue")
    same(ask("SELECT count(*) FROM wraps WHERE target = 'desk'"), [(drive.count,)], "wraps of desks: one a case")


def each_caller_reads_the_reply_with_ticket_and_receipt():
    todo = [a[0] for a in drive.acked.values()]

    def reader():
        caller = Caller(drive.house.portal.port, drive.figures)
        while todo:
            try:
                answer = todo.pop()
            except IndexError:
                return
            view = caller.back(answer["ticket"], answer["receipt"])
            same(view["state"], "closed", answer["ticket"])
            same([m["text"] for m in view["messages"]], [reply_to(answer["ticket"])], answer["ticket"])
    together(*[reader] * CLIENTS)


def the_programs_stop_cleanly():
    ended = drive.house.stop()
    same(set(ended.values()), {0}, f"exit states {ended}")
    assert "drain_late" not in drive.house.said(), "a program had to be pushed"


def show():
    print(f"# {drive.count} requests, {'our own texts' if OWN else 'real texts'}, {CLIENTS} clients, {len(COUNSELORS)} counselors")
    by = {}
    for seen in drive.done.values():
        by[seen["by"]] = by.get(seen["by"], 0) + 1
    print(f"# served {by}; closings confirmed {drive.confirmed}")
    for name, acked, served in drive.killed:
        print(f"# killed {name} after {acked} acknowledged and {served} served")
    print("# away: " + ", ".join(f"{name} {1000 * seconds:.0f} ms" for name, seconds in drive.away))
    drive.figures.show()


with drive.house:
    found = rules([
        every_request_is_acknowledged_claimed_answered_and_closed_while_processes_die,
        no_ticket_is_given_twice_and_none_is_lost,
        each_counselor_read_the_words_its_caller_wrote,
        every_case_came_to_a_right_desk_and_screened,
        every_case_is_closed_once_with_one_reply_and_one_contact,
        each_caller_reads_the_reply_with_ticket_and_receipt,
        the_programs_stop_cleanly,
    ])
    show()
sys.exit(found)
