#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of working together at the console: assigning, moving between desks, other desks' parts, people coming and
going, live events.

`test_console_work.py BUILD`: the programs of BUILD in a house of their own. Prints TAP.
"""
import os
import sqlite3
import sys

from house import House, rules, until
from person import Events, Person
from test_console_api import Stage

ok, refused = Person.ok, Person.refused


# ---- inside a desk

def a_supervisor_gives_a_case_to_somebody_of_its_desk(s):
    case = s.call_taken("psych1")["case"]
    path = f"/cases/{case['ticket']}/assign"
    refused(409, "not_their_desk", s.super1.post(path, {"to": "legal1"}, version="*"))
    refused(404, "no_person", s.super1.post(path, {"to": "zebra"}, version="*"))
    refused(412, "stale", s.super1.post(path, {"to": "psych2"}, version=case["version"] + 5))
    given = ok(200, s.super1.post(path, {"to": "psych2"}, version=case["version"]))
    assert given["assignee"] == "psych2" and not given["open"]
    assert case["ticket"] in s.psych2.tickets("mine") and case["ticket"] not in s.psych1.tickets("mine")
    assert s.psych2.case(case["ticket"])["messages"][0]["text"]
    assert s.psych1.case(case["ticket"])["messages"][0]["text"] is None


def a_dry_run_moves_nothing_and_tells_each_load(s):
    tickets = [s.call_taken("psych1")["ticket"] for _ in range(4)]
    asked = {"tickets": tickets, "to": "balance", "dry_run": True, "reason": "夜班"}
    plan = ok(200, s.super1.post("/cases/assign", asked))
    loads = {p["user"]: p for p in plan["load"]}
    assert plan["undo"] is None and {"psych1", "psych2"} <= set(loads), plan
    assert plan["moves"] and all(m["from"] == "psych1" and m["to"] != "psych1" for m in plan["moves"])
    assert sum(p["after"] - p["before"] for p in plan["load"]) == 0
    assert all(s.psych1.case(t)["assignee"] == "psych1" for t in tickets)


def a_bulk_move_takes_effect_at_once_and_can_be_taken_back(s):
    tickets = [s.call_taken("psych1")["ticket"] for _ in range(3)]
    asked = {"tickets": tickets + ["YT-0000-0000"], "to": ["psych2"], "reason": "生病"}
    done = ok(200, s.super1.post("/cases/assign", asked))
    assert len(done["moves"]) == 3, done
    assert done["refused"] == [{"ticket": "YT-0000-0000", "error": "not_found"}], done
    assert all(s.super1.case(t)["assignee"] == "psych2" for t in tickets)
    assert ok(200, s.super1.post("/undo", {"undo": done["undo"]}))["undone"] == 3
    assert all(s.super1.case(t)["assignee"] == "psych1" for t in tickets)
    refused(409, "too_late", s.super1.post("/undo", {"undo": done["undo"]}))
    for body in ({"tickets": tickets, "to": "zebra"}, {"tickets": tickets, "to": []}, {"tickets": "x", "to": "balance"},
                 {"tickets": tickets, "to": "balance", "zebra": 1}):
        refused(400, "bad_request", s.super1.post("/cases/assign", body))
    refused(403, "not_allowed", s.psych1.post("/cases/assign", {"tickets": tickets, "to": "balance"}))


# ---- between desks

def a_transfer_takes_the_words_along_and_leaves_none_behind(s):
    ticket = s.call_taken("psych1", text="其实是工资的事。")["ticket"]
    refused(404, "no_desk", s.psych1.post(f"/cases/{ticket}/transfer", {"desk": "450100.zebra"}, version="*"))
    moved = ok(200, s.psych1.post(f"/cases/{ticket}/transfer", {"desk": "450100.legal"}, version="*"))
    assert moved["desk"] == "legal" and moved["state"] == "waiting" and not moved["open"] and moved["can"] == []
    refused(404, "not_found", s.psych1.get(f"/cases/{ticket}"))
    assert ok(200, s.legal1.post(f"/cases/{ticket}/claim"))["messages"][0]["text"] == "其实是工资的事。"


def a_mover_without_the_key_leaves_the_move_to_a_member_of_the_desk(s):
    ticket = s.call_taken("psych1", desk="social", text="想问低保。")["ticket"]
    keyless = s.person("super1")
    with sqlite3.connect(os.path.join(s.house.data, "db", "qingting.db"), timeout=5) as db:
        held = db.execute("SELECT kind, num, generation, holder, epoch, wrap, made_at FROM desk_keys WHERE holder = ?",
                          (keyless.me["id"],)).fetchall()
        db.execute("DELETE FROM desk_keys WHERE holder = ?", (keyless.me["id"],))
    keyless = s.person("super1")  # the keyring of this session is empty
    ok(200, s.social1.post(f"/cases/{ticket}/claim"))
    pending = ok(202, keyless.post(f"/cases/{ticket}/transfer", {"desk": "450100.legal"}, version="*"))
    assert "move_pending" in pending["marks"] and (pending["desk"], pending["assignee"]) == ("social", "social1")
    assert ok(200, s.social1.get("/me"))["moves_pending"] == 1
    until(lambda: s.social1.get("/me")[1]["moves_pending"] == 0, "the move")
    assert ok(200, s.legal1.post(f"/cases/{ticket}/claim"))["messages"][0]["text"] == "想问低保。"
    with sqlite3.connect(os.path.join(s.house.data, "db", "qingting.db"), timeout=5) as db:
        db.executemany("INSERT INTO desk_keys (kind, num, generation, holder, epoch, wrap, made_at) VALUES (?,?,?,?,?,?,?)", held)


def another_desks_part_reads_and_writes_until_it_ends(s):
    ticket = s.call_taken("psych1", desk="legal", text="离婚纠纷，孩子情绪很差。")["ticket"]
    path = f"/cases/{ticket}"
    ok(200, s.legal1.post(f"{path}/claim"))
    asked = ok(201, s.legal1.post(f"{path}/tasks", {"desk": "450100.psych", "text": "请和孩子谈谈。"}, key="task-key-1"))
    ok(201, s.legal1.post(f"{path}/tasks", {"desk": "450100.psych", "text": "请和孩子谈谈。"}, key="task-key-1"))
    assert (asked["tasks"][0]["desk"], asked["tasks"][0]["asked_by"], asked["readers"]) == ("450100.psych", "legal1", 2)
    refused(409, "task_stands", s.legal1.post(f"{path}/tasks", {"desk": "450100.psych"}))
    row = next(r for r in s.psych1.list("waiting")["items"] if r["ticket"] == ticket)
    assert row["what"] == "task" and row["ref"] == asked["tasks"][0]["id"]
    case = ok(200, s.psych1.post(f"{path}/claim"))
    assert [m["text"] for m in case["messages"]] == ["离婚纠纷，孩子情绪很差。", "请和孩子谈谈。"]
    ok(201, s.psych1.post(f"{path}/notes", {"text": "谈过了，孩子愿意再来。"}))
    assert s.legal1.case(ticket)["messages"][-1]["text"] == "谈过了，孩子愿意再来。"
    refused(409, "tasks_open", s.legal1.post(f"{path}/close", {"disposition": "answered"}, version="*"))
    ended = ok(200, s.psych1.post(f"{path}/tasks/{row['ref']}/end", {"disposition": "answered"}))
    assert ended["tasks"][0]["state"] == "done"
    refused(404, "not_found", s.psych1.get(path))
    assert s.legal1.case(ticket)["readers"] == 1


def off_shift_the_desk_covers_one_thing(s):
    away = s.person("lead1")
    ticket = s.call_taken("lead1")["ticket"]
    ok(200, away.post("/presence", {"state": "off"}))
    row = next(r for r in s.psych1.list("waiting")["items"] if r["ticket"] == ticket)
    assert row["what"] == "covered" and row["assignee"] == "lead1"
    assert "claim" in s.psych1.case(ticket)["can"]
    covered = ok(200, s.psych1.post(f"/cases/{ticket}/claim"))
    assert covered["assignee"] == "lead1" and covered["open"] and "reply" in covered["can"]
    ok(201, s.psych1.post(f"/cases/{ticket}/messages", {"text": "同事不在，我先回你。"}))
    assert s.psych1.case(ticket)["assignee"] == "lead1"
    ok(200, away.post("/presence", {"state": "on"}))


# ---- people

def a_new_person_reads_the_desk_they_were_given(s):
    new = {"user": "new1", "name": "新同事", "roles": ["counselor"], "desks": ["450100.psych"]}
    refused(403, "not_allowed", s.psych1.post("/staff", new))
    refused(409, "no_key", s.admin1.post("/staff", new))
    made = ok(201, s.super1.post("/staff", new))
    refused(409, "user_taken", s.super1.post("/staff", {**new, "desks": []}))
    refused(400, "bad_role", s.super1.post("/staff", {"user": "new2", "name": "甲", "roles": ["admin"]}))
    person = Person(s.house.console_port).sign_in("new1", made["code"])
    assert person.me["must_change"]
    refused(403, "must_change", person.get("/cases"))
    refused(400, "bad_password", person.post("/me/password", {"old": made["code"], "new": "short"}))
    refused(403, "wrong_password", person.post("/me/password", {"old": "not the code", "new": "a new password 1"}))
    assert not ok(200, person.post("/me/password", {"old": made["code"], "new": "a new password 1"}))["must_change"]
    ticket = s.call_taken("psych1")["ticket"]
    assert ok(200, person.post(f"/cases/{ticket}/open", {"reason": "学习"}))["messages"][0]["text"]
    listed = {p["user"]: p for p in ok(200, s.psych1.get("/staff"))["items"]}
    assert listed["new1"]["desks"] == ["450100.psych"] and listed["psych1"]["open_cases"] > 0


def whoever_leaves_is_out_at_once(s):
    leaver = {"user": "gone1", "name": "要走的", "roles": ["counselor"], "desks": ["450100.psych"]}
    made = ok(201, s.super1.post("/staff", leaver))
    person = Person(s.house.console_port).sign_in("gone1", made["code"])
    ok(200, person.post("/me/password", {"old": made["code"], "new": "a new password 1"}))
    stream = person.events()
    stream.wait(lambda e, d: e == "hello")
    refused(403, "not_allowed", s.super1.patch(f"/staff/{made['id']}", {"state": "left"}))
    assert s.admin1.patch(f"/staff/{made['id']}", {"state": "disabled"})[0] == 204
    refused(401, "signed_out", person.get("/me"))
    stream.wait_end()
    assert s.admin1.patch(f"/staff/{made['id']}", {"state": "left"})[0] == 204
    refused(404, "not_found", s.admin1.patch("/staff/9999", {"state": "left"}))


def the_last_holder_of_a_desks_key_cannot_leave(s):
    ids = {p["user"]: p["id"] for p in ok(200, s.admin1.get("/staff"))["items"]}
    assert s.admin1.patch(f"/staff/{ids['social1']}", {"state": "disabled"})[0] == 204
    refused(409, "desk_unreadable", s.admin1.patch(f"/staff/{ids['super1']}", {"state": "disabled"}))
    assert s.admin1.patch(f"/staff/{ids['social1']}", {"state": "active"})[0] == 204
    s.people.pop("social1", None)


# ---- live

def a_stream_tells_what_happens_to_its_desks_and_nothing_else(s):
    psych, legal = s.psych2.events(), s.legal1.events()
    for stream in (psych, legal):
        assert stream.status == 200
        stream.wait(lambda e, d: e == "hello" and d["now"] and d["cursor"], "hello")
    ticket = s.call_taken("psych1", text="一句不能外传的话")["ticket"]
    event, data, cursor = psych.wait(lambda e, d: e == "case" and d["ticket"] == ticket, "the new case")
    assert (data["kind"], data["desk"], data["row"]["assignee"]) == ("submitted", "psych", "psych1") and cursor
    other = s.call_taken("psych1", desk="legal")["ticket"]
    legal.wait(lambda e, d: e == "case" and d["ticket"] == other, "the legal case")
    assert not [d for e, d, _ in legal.seen if e == "case" and d["ticket"] == ticket]
    assert not [d for e, d, _ in psych.seen if "不能外传" in str(d)]
    for stream in (psych, legal):
        stream.close()


def a_moved_case_leaves_the_screens_of_the_desk_it_left(s):
    psych, legal = s.psych2.events(), s.legal1.events()
    ticket = s.call_taken("psych1")["ticket"]
    ok(200, s.psych1.post(f"/cases/{ticket}/transfer", {"desk": "450100.legal"}, version="*"))
    gone = psych.wait(lambda e, d: e == "case" and d["ticket"] == ticket and d["kind"] == "moved", "moved")[1]
    come = legal.wait(lambda e, d: e == "case" and d["ticket"] == ticket and d["kind"] == "moved", "moved")[1]
    assert gone["row"] is None and come["row"]["desk"] == "legal" and come["by"] == "心理咨询员甲"
    psych.close()
    legal.close()


def a_broken_stream_goes_on_where_it_was(s):
    stream = s.psych2.events()
    stream.wait(lambda e, d: e == "hello")
    last = stream.last_id()
    stream.close()
    ticket = s.call_taken("psych1")["ticket"]
    stream = s.psych2.events(last)
    stream.wait(lambda e, d: e == "case" and d["ticket"] == ticket, "the missed event")
    assert stream.wait(lambda e, d: e == "hello")[1]["missed"] is False
    stream.close()
    stream = s.psych2.events("zebra")
    assert stream.wait(lambda e, d: e == "hello")[1]["missed"] is True
    stream.close()


def who_looks_and_who_types_is_told_to_the_desk(s):
    ticket = s.call_taken("psych1")["ticket"]
    psych, legal = s.psych1.events(), s.legal1.events()
    legal.wait(lambda e, d: e == "hello")
    psych.wait(lambda e, d: e == "hello")
    assert s.psych2.post(f"/cases/{ticket}/looking")[0] == 204
    assert s.psych2.post(f"/cases/{ticket}/typing")[0] == 204
    for kind in ("looking", "typing"):
        hint = psych.wait(lambda e, d: e == "hint" and d["kind"] == kind and d["ticket"] == ticket, kind)[1]
        assert hint["name"] == "心理咨询员乙"
    assert "心理咨询员乙" in s.psych1.case(ticket)["presence"]
    refused(404, "not_found", s.legal1.post(f"/cases/{ticket}/looking"))
    assert not [d for e, d, _ in legal.seen if e == "hint" and d["ticket"] == ticket]
    psych.close()
    legal.close()


def presence_is_told_to_everybody_and_a_signed_out_stream_ends(s):
    watch = s.admin1.events()
    person = s.person("psych2")
    own = person.events()
    own.wait(lambda e, d: e == "hello")
    watch.wait(lambda e, d: e == "hello")
    assert ok(200, person.post("/presence", {"state": "break"}))["presence"] == "break"
    watch.wait(lambda e, d: e == "staff" and d["user"] == "psych2" and d["presence"] == "break", "the break")
    ok(200, person.post("/presence", {"state": "on"}))
    refused(400, "bad_message", person.post("/presence", {"state": "zebra"}))
    assert person.delete("/session")[0] == 204
    own.wait_end()
    watch.close()


def a_stranger_gets_no_stream(s):
    assert Events(s.house.console_port, "").status == 401


RULES = [v for v in list(globals().values()) if getattr(v, "__module__", "") == __name__ and callable(v)]

if __name__ == "__main__":
    with House(sys.argv[1], programs=("router", "worker", "web")) as the_house:
        status = rules(RULES, Stage(the_house))
    sys.exit(status)
