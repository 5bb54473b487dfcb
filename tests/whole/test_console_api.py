#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of the console's JSON API: who gets past which door, what a case shows to whom, and the life of a case from a
call to its end.

`test_console_api.py BUILD`: the programs of BUILD in a house of their own. Prints TAP.
"""
import os
import re
import sqlite3
import sys

from house import PASSWORD, ROOT, House, rules
from person import Person

ok, refused = Person.ok, Person.refused
NOWHERE = "YT-0000-0000"
ROLES = {"psych1": {"counselor"}, "lead1": {"counselor", "lead"}, "super1": {"supervisor"}, "admin1": {"admin"},
         "audit1": {"auditor"}}
WORDS = "最近总是睡不好，想找个人说说。"


def routes():
    """(method, path, who) of every row of doc/api.md's console table."""
    with open(os.path.join(ROOT, "doc", "api.md"), encoding="utf-8") as f:
        page = f.read()
    table = page.split("<!-- console routes -->")[1].split("<!-- end of console routes -->")[0]
    return re.findall(r"^\| `(\w+) (\S+)` \| ([^|]+?) \|", table, re.M)


def filled(path):
    for name, value in {"ticket": NOWHERE, "n": "1", "id": "999", "kind": "reply", "name": "x"}.items():
        path = path.replace("{" + name + "}", value)
    return path


def ask(person, method, path):
    body = {} if method in ("POST", "PUT", "PATCH") else None
    return person.call(method, filled(path), body, {"If-Match": "*"} if body is not None else None)


class Stage:
    """The house and its people, signed in once."""

    def __init__(self, house):
        self.house = house
        self.people = {}

    def __getattr__(self, user):
        if user not in self.people:
            self.people[user] = self.person(user)
        return self.people[user]

    def person(self, user):
        return Person(self.house.console_port).sign_in(user)

    def call_taken(self, by, desk="psych", text=WORDS, **more):
        """A case taken by telephone; the whole answer."""
        body = {"text": text, "desk": desk, "channel": "phone", **more}
        return ok(201, self.person_of(by).post("/cases", body))

    def person_of(self, user):
        return getattr(self, user)

    def db(self):
        return sqlite3.connect(os.path.join(self.house.data, "db", "qingting.db"), timeout=5)


# ---- doors

def nobody_gets_past_the_door(s):
    stranger = Person(s.house.console_port)
    for method, path, who in routes():
        answer = ask(stranger, method, path)
        if who == "anybody":
            assert answer[0] not in (401, 403), (method, path, answer)
        else:
            refused(401, "signed_out", answer)


def each_role_reaches_its_routes_and_no_others(s):
    for user, roles in ROLES.items():
        person = s.person(user)
        for method, path, who in routes():
            if (method, path) == ("DELETE", "/api/v1/session") or path.endswith("/events"):
                continue
            answer = ask(person, method, path)
            allowed = who.startswith(("anybody", "signed in")) or roles & set(who.split(", "))
            if allowed:
                assert answer[0] not in (401, 403, 500, 503), (user, method, path, answer)
            else:
                refused(403, "not_allowed", answer)


def a_write_needs_the_sessions_own_token(s):
    person = s.person("psych1")
    refused(403, "csrf", person.post("/cases/next", headers={"X-CSRF-Token": None}))
    refused(403, "csrf", person.post("/cases/next", headers={"X-CSRF-Token": s.legal1.csrf}))
    refused(403, "foreign_origin", person.post("/cases/next", headers={"Sec-Fetch-Site": "cross-site"}))
    refused(403, "foreign_origin", person.post("/cases/next", headers={"Origin": "http://evil.example"}))
    plain = person.call("POST", "/cases/next", raw=b"{}", headers={"Content-Type": "text/plain"})
    refused(415, "unsupported_media_type", plain)
    assert person.get("/me")[0] == 200


def two_session_cookies_are_refused(s):
    cookie = s.psych1.cookie
    refused(400, "two_cookies", s.psych1.get("/me", headers={"Cookie": f"qt={cookie}; qt={s.legal1.cookie}"}))


def bad_bodies_get_a_sentence(s):
    p = s.psych1
    for body in ({"zebra": 1}, {"desk": 5}, {"desk": ""}):
        assert refused(400, "bad_request", p.post("/cases/next", body))["detail"].startswith("The field")
    refused(400, "bad_json", p.call("POST", "/cases/next", raw=b"{", headers={"Content-Type": "application/json"}))
    refused(413, "too_large", p.call("POST", "/cases/next", raw=b'{"desk":"' + b"x" * 5000 + b'"}',
                                     headers={"Content-Type": "application/json"}))
    refused(400, "empty", p.post("/cases", {"text": " \u200b ", "desk": "psych", "channel": "phone"}))
    call = {"text": "a", "desk": "psych", "channel": "phone"}
    refused(400, "bad_facts", p.post("/cases", {**call, "category": "psych.zebra"}))
    refused(404, "no_desk", p.post("/cases", {**call, "desk": "zebra"}))
    for query in ("view=zebra", "limit=0", "limit=201", "risk=4", "state=zebra", "assignee=zebra"):
        refused(400, "bad_query", p.get(f"/cases?{query}"))
    refused(400, "bad_cursor", p.get("/cases?view=desk&cursor=zebra"))
    refused(404, "not_found", p.get("/cases/zebra"))


def a_wrong_password_and_an_unknown_user_look_alike(s):
    stranger = Person(s.house.console_port)
    wrong = refused(401, "wrong_password", stranger.try_sign_in("psych2", "not the password"))
    unknown = refused(401, "wrong_password", stranger.try_sign_in("zebra", "not the password"))
    assert wrong == unknown, (wrong, unknown)
    refused(400, "bad_request", stranger.try_sign_in("psych1", "x" * 1025))
    refused(401, "wrong_password", stranger.try_sign_in("psych1", "密码" * 40))


def signing_out_ends_the_session_at_once(s):
    person = s.person("psych1")
    cookie = person.cookie
    assert person.delete("/session")[0] == 204
    refused(401, "signed_out", person.get("/me", headers={"Cookie": f"qt={cookie}"}))


def a_killed_web_signs_nobody_out(s):
    s.house.restart("web")
    s.house.wait_ready()
    assert ok(200, s.psych1.get("/me"))["user"] == "psych1"


def the_page_and_its_files_are_served_with_their_guards(s):
    p = Person(s.house.console_port)
    page = p.get("/")
    assert page[0] == 200 and "script-src 'self'" in page.headers["content-security-policy"], page.headers
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', page[1]):
        asset = p.call("GET", path, headers={"Accept-Encoding": "identity"})
        assert asset[0] == 200, path
        assert ("immutable" in asset.headers["cache-control"]) == path.startswith("/assets/"), (path, asset.headers)
        assert p.get(path, headers={"If-None-Match": asset.headers["etag"]})[0] == 304
    assert p.get("/healthz")[:2] == (200, "ok\n")
    document = ok(200, p.get("/openapi.json"))
    assert set(routes()) and all(path in document["paths"] for _, path, _ in routes() if path.startswith("/api/"))


# ---- a call and its case

def a_call_makes_a_case_with_ticket_and_receipt(s):
    made = s.call_taken("psych1", call={"began_at": "2026-11-23T08:00:00Z", "seconds": 240, "type": "self"},
                        age_band="14-17", groups=["school"], contact={"phone": "13900000000", "say_who": True},
                        summary="已约好明天再打。")
    case = made["case"]
    assert re.fullmatch(r"\d{4}( \d{4}){4}", made["receipt"]), made["receipt"]
    assert (case["state"], case["assignee"], case["facts"]["age_band"], case["facts"]["groups"]) == \
        ("in_progress", "psych1", "14-17", ["school"])
    assert [m["kind"] for m in case["messages"]] == ["summary", "contact"]
    assert case["messages"][0]["text"] == WORDS + "\n\n【通话小结】\n已约好明天再打。"
    assert "13900000000" in case["messages"][1]["text"]
    assert case["contacts"][0]["seconds"] == 240 and case["contacts"][0]["channel"] == "phone"
    assert made["ticket"] in s.psych1.tickets("mine")
    assert s.call_taken("psych1", receipt=False)["receipt"] is None


def an_honest_retry_finds_the_same_ticket_and_receipt(s):
    body = {"text": WORDS, "desk": "psych", "channel": "phone"}
    first = ok(201, s.psych1.post("/cases", body, key="a-key-of-the-page-1"))
    again = ok(201, s.psych1.post("/cases", body, key="a-key-of-the-page-1"))
    assert (first["ticket"], first["receipt"]) == (again["ticket"], again["receipt"])
    refused(409, "key_reused", s.psych1.post("/cases", {**body, "text": "别的话"}, key="a-key-of-the-page-1"))
    other = ok(201, s.psych2.post("/cases", body, key="a-key-of-the-page-1"))
    assert other["ticket"] != first["ticket"]


def words_may_only_raise_the_risk_of_a_call(s):
    assert s.call_taken("psych1", text="他说今晚就想吃药自杀，药已经买好了。")["case"]["risk"] >= 2
    assert s.call_taken("psych1", self_harm="yes")["case"]["risk"] == 2


def a_waiting_case_is_claimed_once(s):
    ticket = s.call_taken("psych1", desk="legal", text="老板拖欠工资三个月。")["ticket"]
    refused(404, "not_found", s.psych1.get(f"/cases/{ticket}"))
    assert ticket in s.legal1.tickets("waiting")
    before = s.legal1.case(ticket)
    assert not before["open"] and before["messages"][0]["text"] is None and "claim" in before["can"]
    case = ok(200, s.legal1.post(f"/cases/{ticket}/claim"))
    assert case["state"] == "assigned" and case["open"] and case["messages"][0]["text"] == "老板拖欠工资三个月。"
    assert case["lease_until"]
    ok(200, s.legal1.post(f"/cases/{ticket}/claim"))
    assert refused(409, "taken", s.super1.post(f"/cases/{ticket}/claim"))["by"] == "法律咨询员"
    assert ok(200, s.legal1.post(f"/cases/{ticket}/release", {"reason": "end"}))["state"] == "waiting"


def the_next_case_comes_by_server_order(s):
    while s.legal1.post("/cases/next")[0] == 200:
        pass
    late = s.call_taken("psych1", desk="legal", text="合同问题。")["ticket"]
    urgent = s.call_taken("psych1", desk="legal", text="他说现在就要跳楼。", self_harm="yes")["ticket"]
    assert s.legal1.tickets("waiting") == [urgent, late]
    assert s.legal1.list("waiting")["items"][0]["why"] in ("level3", "level2")
    assert ok(200, s.legal1.post("/cases/next", {"desk": "legal"}))["ticket"] == urgent
    refused(404, "not_found", s.legal1.post("/cases/next", {"desk": "psych"}))
    assert ok(200, s.legal1.post("/cases/next"))["ticket"] == late
    assert s.legal1.post("/cases/next")[0] == 204


def a_reply_and_a_note_are_kept_once(s):
    ticket = s.call_taken("psych1")["ticket"]
    said = ok(201, s.psych1.post(f"/cases/{ticket}/messages", {"text": "谢谢你打来。"}, key="reply-key-0001"))
    again = ok(201, s.psych1.post(f"/cases/{ticket}/messages", {"text": "谢谢你打来。"}, key="reply-key-0001"))
    assert said == again and said["state"] == "awaiting_caller"
    signed_in_again = s.person("psych1").post(f"/cases/{ticket}/messages", {"text": "谢谢你打来。"}, key="reply-key-0001")
    assert ok(201, signed_in_again) == said
    refused(409, "key_reused", s.psych1.post(f"/cases/{ticket}/messages", {"text": "不同"}, key="reply-key-0001"))
    ok(201, s.psych1.post(f"/cases/{ticket}/notes", {"text": "声音平静。", "kind": "note"}))
    kinds = [(m["kind"], m["text"]) for m in s.psych1.case(ticket)["messages"]]
    assert kinds == [("summary", WORDS), ("reply", "谢谢你打来。"), ("note", "声音平静。")], kinds
    refused(400, "bad_request", s.psych1.post(f"/cases/{ticket}/messages", {"text": "长" * 20001}))
    refused(400, "empty", s.psych1.post(f"/cases/{ticket}/messages", {"text": "  "}))


def a_message_is_taken_back_by_its_writer_only(s):
    ticket = s.call_taken("psych1")["ticket"]
    n = ok(201, s.psych1.post(f"/cases/{ticket}/messages", {"text": "发错了。"}))["n"]
    refused(403, "not_allowed", s.super1.delete(f"/cases/{ticket}/messages/{n}"))
    back = ok(200, s.psych1.delete(f"/cases/{ticket}/messages/{n}"))["messages"][-1]
    assert back["recalled"] and back["text"] is None and not back["damaged"]
    refused(404, "not_found", s.psych1.delete(f"/cases/{ticket}/messages/77"))


def a_case_that_is_not_mine_gives_facts_until_it_is_opened_with_a_reason(s):
    ticket = s.call_taken("psych1")["ticket"]
    seen = s.psych2.case(ticket)
    assert not seen["open"] and seen["messages"][0]["text"] is None
    assert seen["facts"]["relation"] == "self"
    refused(403, "reason_needed", s.psych2.post(f"/cases/{ticket}/open", {}))
    assert ok(200, s.psych2.post(f"/cases/{ticket}/open", {"reason": "代班同事询问"}))["messages"][0]["text"] == WORDS
    assert s.psych2.case(ticket)["messages"][0]["text"] == WORDS
    assert s.person("psych2").case(ticket)["messages"][0]["text"] is None
    assert "opened" in [h["kind"] for h in s.psych1.case(ticket)["history"]]
    with s.db() as db:
        acts = [a for (a,) in db.execute("SELECT act FROM audit WHERE act IN ('read', 'open') ORDER BY seq DESC LIMIT 3")]
    assert "open" in acts, acts


BODIES = {
    "messages": {"text": "a"}, "notes": {"text": "a"}, "risk": {"risk": 3}, "assign": {"to": "legal1"},
    "transfer": {"desk": "450100.legal"}, "tasks": {"desk": "450100.legal"}, "end": {"disposition": "answered"},
    "followups": {"kind": "followup", "due_at": "2026-12-01T00:00:00Z"}, "done": {"result": "seen"},
    "close": {"disposition": "answered"}, "reply": {"seq": 1, "text": "a"}, "open": {"reason": "x"},
}


def another_desks_case_is_no_case(s):
    ticket = s.call_taken("psych1")["ticket"]
    for method, path, who in routes():
        if "{ticket}" not in path or "counselor" not in who:
            continue
        path = filled(path).replace(NOWHERE, ticket)
        body = BODIES.get(path.rsplit("/", 1)[1], {}) if method in ("POST", "PUT") else None
        answer = s.legal1.call(method, path, body, {"If-Match": "*"})
        assert answer[0] == 404, (method, path, answer)


def a_stale_version_is_told_with_the_case_as_it_is(s):
    case = s.call_taken("psych1")["case"]
    path, version = f"/cases/{case['ticket']}", case["version"]
    refused(428, "version_required", s.psych1.post(f"{path}/facts", {"gender": "f"}))
    refused(400, "bad_version", s.psych1.post(f"{path}/facts", {"gender": "f"}, headers={"If-Match": "zebra"}))
    answer = s.psych1.post(f"{path}/facts", {"gender": "f", "category": "psych.mood"}, version=version)
    after = ok(200, answer)
    assert after["facts"]["gender"] == "f" and after["category"] == "psych.mood" and after["version"] > version
    assert answer.headers["etag"] == f'"{after["version"]}"'
    stale = refused(412, "stale", s.psych1.post(f"{path}/facts", {"gender": "m"}, version=version))
    assert stale["case"]["facts"]["gender"] == "f" and stale["case"]["version"] == after["version"]
    assert ok(200, s.psych1.post(f"{path}/facts", {"gender": "m"}, version="*"))["facts"]["gender"] == "m"
    refused(400, "bad_facts", s.psych1.post(f"{path}/facts", {"groups": ["zebra"]}, version="*"))


def lowering_the_risk_needs_a_second_person(s):
    case = s.call_taken("psych1")["case"]
    path = f"/cases/{case['ticket']}"
    assert ok(200, s.psych1.post(f"{path}/risk", {"risk": 3, "reason": "在桥上"}, version="*"))["risk"] == 3
    refused(409, "second_person", s.psych1.post(f"{path}/risk", {"risk": 0}, version="*"))
    assert ok(200, s.super1.post(f"{path}/risk", {"risk": 1, "reason": "已和家人在一起"}, version="*"))["risk"] == 1


def a_case_ends_with_a_disposition_and_can_be_taken_up_again(s):
    case = s.call_taken("psych1")["case"]
    path = f"/cases/{case['ticket']}"
    refused(400, "bad_request", s.psych1.post(f"{path}/close", {}, version="*"))
    end = {"disposition": "answered", "category": "psych.other",
           "followup": {"kind": "callback_check", "due_at": "2026-12-01T01:00:00Z"}}
    closed = ok(200, s.psych1.post(f"{path}/close", end, version=case["version"]))
    assert (closed["state"], closed["disposition"]) == ("closed", "answered")
    assert closed["followups"][0]["kind"] == "callback_check"
    assert case["ticket"] in s.psych1.tickets("closed")
    refused(409, "not_lawful", s.psych1.post(f"{path}/close", {"disposition": "answered"}, version="*"))
    assert ok(200, s.psych1.post(f"{path}/reopen"))["state"] == "in_progress"


def level_three_is_closed_by_two_people(s):
    path = f"/cases/{s.call_taken('psych1')['ticket']}"
    ok(200, s.psych1.post(f"{path}/risk", {"risk": 3}, version="*"))
    end = {"disposition": "handed_over", "category": "psych.suicide"}
    review = ok(202, s.psych1.post(f"{path}/close", end, version="*"))
    assert review["state"] == "closing_review" and review["closing_by"] == "心理咨询员甲"
    refused(409, "second_person", s.psych1.post(f"{path}/close", end, version="*"))
    assert ok(200, s.super1.post(f"{path}/refuse"))["state"] == "in_progress"
    ok(202, s.psych1.post(f"{path}/close", end, version="*"))
    assert "confirm" in s.super1.case(path.rsplit("/", 1)[1])["can"]
    assert ok(200, s.super1.post(f"{path}/close", end, version="*"))["state"] == "closed"


def a_follow_up_is_planned_and_its_result_kept(s):
    path = f"/cases/{s.call_taken('psych1')['ticket']}"
    plan = {"kind": "followup", "due_at": "2026-11-20T01:00:00Z", "note": "问问睡眠。"}
    made = ok(201, s.psych1.post(f"{path}/followups", plan))
    case = ok(200, s.psych1.get(path))
    assert case["followups"][0]["state"] == "open" and case["messages"][-1]["text"] == "问问睡眠。"
    assert made["id"] in [row["ref"] for row in s.psych1.list("followups")["items"]]
    done = ok(200, s.psych1.post(f"{path}/followups/{made['id']}/done", {"result": "reached"}))
    assert done["followups"][0]["result"] == "reached" and done["followups"][0]["state"] == "done"


def a_draft_is_the_writers_own(s):
    ticket = s.call_taken("psych1")["ticket"]
    path = f"/drafts/{ticket}/reply"
    assert ok(200, s.psych1.get(path)) == {"seq": 0, "text": ""}
    assert s.psych1.put(path, {"seq": 2, "text": "写到一半的话"})[0] == 204
    assert ok(200, s.person("psych1").get(path)) == {"seq": 2, "text": "写到一半的话"}
    assert ok(200, s.psych2.get(path)) == {"seq": 0, "text": ""}
    refused(409, "stale", s.psych1.put(path, {"seq": 1, "text": "更早的"}))
    assert s.psych1.put(path, {"seq": 3, "text": ""})[0] == 204
    assert ok(200, s.psych1.get(path))["text"] == ""


def a_contact_without_a_case_is_one_call(s):
    contact = {"channel": "phone", "type": "silent", "began_at": "2026-11-23T08:00:00Z", "seconds": 12}
    made = ok(201, s.psych1.post("/contacts", contact, key="contact-key-1"))
    assert ok(201, s.psych1.post("/contacts", contact, key="contact-key-1")) == made
    listed = ok(200, s.super1.get("/contacts?limit=1"))
    assert listed["items"][0]["type"] == "silent" and listed["items"][0]["staff"] == "psych1" and listed["next"]
    assert ok(200, s.super1.get(f"/contacts?limit=1&cursor={listed['next']}"))["items"]
    ticket = s.call_taken("psych1")["ticket"]
    ok(201, s.psych1.post("/contacts", {**contact, "type": "self", "ticket": ticket}))
    assert len(s.psych1.case(ticket)["contacts"]) == 2
    refused(404, "not_found", s.legal1.post("/contacts", {**contact, "ticket": ticket}))


def lists_page_without_losing_or_repeating(s):
    for i in range(7):
        s.call_taken("psych1", desk="social", text=f"第{i}件")
    for view in ("waiting", "desk", "all"):
        seen, cursor = [], ""
        while cursor is not None:
            page = s.social1.list(view, limit=3, **({"cursor": cursor} if cursor else {}))
            seen += [row["ticket"] for row in page["items"]]
            cursor = page["next"]
        assert len(seen) == len(set(seen)) == 7, (view, seen)
    counts = s.social1.list("waiting")["counts"]
    assert (counts["waiting"], counts["desk"], counts["mine"]) == (7, 7, 0), counts
    assert s.super1.list("desk", desk="social", assignee="none", state="waiting", limit=200)["items"]
    assert s.super1.tickets("desk", desk="450100.social", risk=3) == []


def the_codes_have_names_in_both_languages(s):
    service = ok(200, s.psych1.get("/service"))
    for name in ("desks", "categories", "groups", "dispositions", "channels", "kinds", "urgencies", "relations",
                 "age_bands", "genders", "contact_types"):
        assert service[name] and all(set(code["name"]) == {"zh-CN", "en"} for code in service[name]), name
    assert ("psych.other", "psych") in [(c["id"], c["desk"]) for c in service["categories"]]
    assert service["crisis_numbers"][0]["number"] and service["desks"][0]["id"].startswith("450100.")


def a_case_altered_behind_the_router_is_shown_as_damaged_and_frozen(s):
    ticket = s.call_taken("psych1")["ticket"]
    with s.db() as db:
        db.execute("UPDATE cases SET risk = 0, category = 'altered' WHERE id = (SELECT max(id) FROM cases)")
        db.commit()
    case = s.psych1.case(ticket)
    assert case["damaged"] and case["can"] == [] and not case["open"]
    refused(409, "damaged", s.psych1.post(f"/cases/{ticket}/messages", {"text": "a"}))


def words_altered_behind_the_router_are_shown_as_damaged(s):
    ticket = s.call_taken("psych1")["ticket"]
    with s.db() as db:
        (body, blob), = db.execute("SELECT id, blob FROM bodies WHERE id = (SELECT max(id) FROM bodies)")
        db.execute("UPDATE bodies SET blob = ? WHERE id = ?", (blob[:-1] + bytes([blob[-1] ^ 1]), body))
        db.commit()
    message = s.psych1.case(ticket)["messages"][0]
    assert message["damaged"] and message["text"] is None


def no_words_stand_in_any_log(s):
    said = s.house.said()
    for words in (WORDS, "13900000000", "谢谢你打来", "psych1", PASSWORD):
        assert words not in said, words


RULES = [
    nobody_gets_past_the_door,
    each_role_reaches_its_routes_and_no_others,
    a_write_needs_the_sessions_own_token,
    two_session_cookies_are_refused,
    bad_bodies_get_a_sentence,
    a_wrong_password_and_an_unknown_user_look_alike,
    signing_out_ends_the_session_at_once,
    a_killed_web_signs_nobody_out,
    the_page_and_its_files_are_served_with_their_guards,
    a_call_makes_a_case_with_ticket_and_receipt,
    an_honest_retry_finds_the_same_ticket_and_receipt,
    words_may_only_raise_the_risk_of_a_call,
    a_waiting_case_is_claimed_once,
    the_next_case_comes_by_server_order,
    a_reply_and_a_note_are_kept_once,
    a_message_is_taken_back_by_its_writer_only,
    a_case_that_is_not_mine_gives_facts_until_it_is_opened_with_a_reason,
    another_desks_case_is_no_case,
    a_stale_version_is_told_with_the_case_as_it_is,
    lowering_the_risk_needs_a_second_person,
    a_case_ends_with_a_disposition_and_can_be_taken_up_again,
    level_three_is_closed_by_two_people,
    a_follow_up_is_planned_and_its_result_kept,
    a_draft_is_the_writers_own,
    a_contact_without_a_case_is_one_call,
    lists_page_without_losing_or_repeating,
    the_codes_have_names_in_both_languages,
    a_case_altered_behind_the_router_is_shown_as_damaged_and_frozen,
    words_altered_behind_the_router_are_shown_as_damaged,
    no_words_stand_in_any_log,
]

if __name__ == "__main__":
    with House(sys.argv[1], programs=("router", "worker", "web")) as the_house:
        status = rules(RULES, Stage(the_house))
    sys.exit(status)
