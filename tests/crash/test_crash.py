#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments under load, many times: callers write, counselors claim, answer, pass on and close, a supervisor moves cases
between desks, and again and again a process is gone from one instant to the next. After each restart the store is looked over
(check_store). `test_crash.py BUILD CHECK_STORE [ROUNDS [SEED]]`. Prints TAP and figures; a seed tells which processes died and when.
"""
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "whole"))
from drive import OWN, Caller, Crew, Figures, Keeper, Staff, reply_to  # noqa: E402
from house import House, rules, until  # noqa: E402

BUILD, CHECK = sys.argv[1:3]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 30
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 12355
CLIENTS = 16
WAITING_MOST = 40  # so that those who answer keep up with those who write
VICTIMS = ("router", "router", "router", "worker.psych", "worker.legal", "worker.social", "intake", "web")
DESKS = ("psych", "legal", "social")


class Storm:
    def __init__(self):
        self.house, self.figures, self.crew, self.dice = House(BUILD), Figures(), Crew(), random.Random(SEED)
        self.lock, self.over = threading.Lock(), False
        self.acked, self.replied, self.notes, self.closed, self.moved = [], {}, {}, set(), 0
        self.rounds = []

    def going(self):
        return not self.over and not self.crew.failed()

    def client(self, number):
        caller, dice = Caller(self.house.portal.port, self.figures), random.Random(SEED + number)
        while self.going():
            if len(self.acked) - len(self.closed) > WAITING_MOST:
                time.sleep(0.01)
                continue
            _, desk, text = dice.choice(OWN)
            answer = caller.submit(f"{text}（{number}.{dice.random()}）", desk=desk)
            with self.lock:
                self.acked.append(answer)

    def counselor(self, user):
        person, dice = Staff(self.house.console_port, user, self.figures), random.Random(SEED + len(user) * 7)
        while self.going():
            status, case = person.post("claim", "/cases/next")
            if status == 204:
                time.sleep(0.01)
                continue
            assert status == 200, f"{user} claims: {status} {case}"
            self.serve(person, case["ticket"], dice)

    def serve(self, person, ticket, dice):
        """What happens to a case is for its counselor to say, unless the supervisor has taken it meanwhile."""
        lost = (403, 404, 409)
        act = dice.random()
        if act < 0.3:
            status, answer = person.post("note", f"/cases/{ticket}/notes", {"text": f"记录 {ticket}"})
            assert status == 201 or status in lost, f"note on {ticket}: {status} {answer}"
            self.count(self.notes, ticket, status)
        if act < 0.15:
            status, answer = person.post("release", f"/cases/{ticket}/release", {"reason": "end"})
            assert status == 200 or status in lost, f"release of {ticket}: {status} {answer}"
            return
        status, answer = person.post("reply", f"/cases/{ticket}/messages", {"text": reply_to(ticket)})
        assert status == 201 or status in lost, f"reply to {ticket}: {status} {answer}"
        self.count(self.replied, ticket, status)
        status, answer = person.post("close", f"/cases/{ticket}/close", {"disposition": "answered", "category": "psych.other"}, "*")
        assert status in (200, 202) or status in lost, f"close of {ticket}: {status} {answer}"
        if status == 200:
            self.closed.add(ticket)

    def count(self, what, ticket, status):
        if status == 201:
            with self.lock:
                what[ticket] = what.get(ticket, 0) + 1

    def supervisor(self):
        """Moves a case now and then, and confirms what stands under review."""
        person, dice = Staff(self.house.console_port, "super1", self.figures), random.Random(SEED + 1)
        while self.going():
            _, page = person.get("list", "/cases?view=desk&limit=50")
            for row in page["items"]:
                if row["state"] == "closing_review":
                    status, _ = person.post("confirm", f"/cases/{row['ticket']}/close", {"disposition": "answered"}, "*")
                    self.closed.update([row["ticket"]] if status == 200 else [])
            waiting = [r for r in page["items"] if r["state"] == "waiting"]
            if waiting:
                row = dice.choice(waiting)
                desk = dice.choice([d for d in DESKS if d != row["desk"]])
                status, answer = person.post("transfer", f"/cases/{row['ticket']}/transfer", {"desk": desk}, row["version"])
                assert status in (200, 202, 403, 404, 409, 412), f"transfer of {row['ticket']}: {status} {answer}"
                self.moved += status == 200
            time.sleep(0.02)

    def look(self):
        """The store as it is now, with everything acknowledged before the look."""
        with self.lock:
            tickets = [a["ticket"] for a in self.acked]
        done = subprocess.run([CHECK, self.house.data], input="\n".join(tickets) + "\n", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout
        return done.stdout.strip()

    def strike(self, keeper):
        """One round: some more are acknowledged, a moment passes, a process dies, another takes its place, the store is looked over."""
        name, more, moment = self.dice.choice(VICTIMS), self.dice.randint(1, 12), self.dice.random() * 0.004
        goal, since = len(self.acked) + more, time.monotonic()
        while len(self.acked) < goal and not self.crew.failed() and time.monotonic() - since < 20:
            time.sleep(0.001)
        end = time.monotonic() + moment
        while time.monotonic() < end:  # finer than the clock of a sleep
            pass
        keeper.kill(name)
        self.rounds.append((name, self.look()))

    def run(self):
        keeper = Keeper(self.house, longest=0.1)
        users = ("psych1", "psych2", "legal1", "social1")
        self.crew.start(*(lambda user=user: self.counselor(user) for user in users), self.supervisor,
                        *(lambda n=n: self.client(n) for n in range(CLIENTS)))
        try:
            for _ in range(ROUNDS):
                if self.crew.failed():
                    break
                self.strike(keeper)
        finally:
            self.over = True
            self.crew.join()
            keeper.end()


storm = Storm()


def ask(query, *args):
    db = sqlite3.connect(f"file:{storm.house.data}/db/qingting.db?mode=ro", uri=True, timeout=10)
    try:
        return db.execute(query, args).fetchall()
    finally:
        db.close()


def same(got, wanted, what):
    assert got == wanted, f"{what}: got {got!r}, wanted {wanted!r}"


def after_every_kill_what_was_acknowledged_is_stored_readable_and_unaltered():
    storm.run()
    same(len(storm.rounds), ROUNDS, "rounds")


def nothing_is_doubled():
    same(ask("SELECT count(*) - count(DISTINCT uid) FROM cases"), [(0,)], "uids that came twice")
    same(len({a["ticket"] for a in storm.acked}), len(storm.acked), "tickets given to two")
    same(ask("SELECT count(*) FROM cases"), [(len(storm.acked),)], "cases nobody was told of")
    same(ask("SELECT count(*) FROM contacts"), [(len(storm.acked),)], "contacts")
    for kind, told in (("reply", storm.replied), ("note", storm.notes)):
        same(ask("SELECT count(*) FROM messages WHERE kind = ?", kind), [(sum(told.values()),)], f"{kind}s stored and acknowledged")


def every_lease_came_back_and_every_message_was_screened_or_dealt():
    end = time.monotonic() + 20
    while ask("SELECT count(*) FROM jobs WHERE state = 'ready'")[0][0] and time.monotonic() < end:
        time.sleep(0.02)
    same(ask("SELECT count(*) FROM jobs WHERE state = 'ready'"), [(0,)], "jobs nobody does")
    same(ask("SELECT count(*) FROM cases WHERE state = 'screening'"), [(0,)], "cases still being screened")


def what_waits_stands_in_a_queue_and_nothing_else():
    same(ask("SELECT count(*) FROM cases WHERE state = 'waiting' AND NOT EXISTS (SELECT 1 FROM queue WHERE case_id = cases.id)"), [(0,)],
         "waiting, but in no queue")
    same(ask("SELECT count(*) FROM queue JOIN cases ON cases.id = case_id WHERE what = 'case' AND (state <> 'waiting' OR "
             "cases.desk <> queue.desk)"), [(0,)], "in a queue, but not waiting there")
    same(ask("SELECT coalesce(sum(n), 0) FROM counts WHERE of = 'case'"), ask("SELECT count(*) FROM cases"), "cases counted")


def no_move_is_left_half_done():
    """A move that waits for a key (a web just restarted) is carried out by whoever of the desk comes next."""
    people = [Staff(storm.house.console_port, user, storm.figures) for user in ("psych1", "legal1", "social1")]

    def none_left():
        for person in people:
            person.get("list", "/cases?view=mine")
        return not ask("SELECT count(*) FROM moves")[0][0]
    until(none_left, "the end of all moves")
    storm.look()


def the_callers_still_get_in():
    caller = Caller(storm.house.portal.port, storm.figures)
    for answer in storm.acked[:: max(1, len(storm.acked) // 20)]:
        view = caller.back(answer["ticket"], answer["receipt"])
        same(view["ticket"], answer["ticket"], "ticket")
        same(len(view["messages"]), storm.replied.get(answer["ticket"], 0), "replies")


def show():
    deaths = {}
    for name, _ in storm.rounds:
        deaths[name] = deaths.get(name, 0) + 1
    print(f"# seed {SEED}: {len(storm.rounds)} kills {deaths}")
    print(f"# last look: {storm.rounds[-1][1] if storm.rounds else 'none'}; moved {storm.moved}, closed {len(storm.closed)}")
    storm.figures.show()


with storm.house:
    status = rules([
        after_every_kill_what_was_acknowledged_is_stored_readable_and_unaltered,
        nothing_is_doubled,
        every_lease_came_back_and_every_message_was_screened_or_dealt,
        what_waits_stands_in_a_queue_and_nothing_else,
        no_move_is_left_half_done,
        the_callers_still_get_in,
    ])
    show()
sys.exit(status)
