#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of the portal's JSON API for a caller who comes back: code, replies, wishes, rating, news. `test_portal_ticket.py BUILD`. Prints TAP."""
import json
import os
import sqlite3
import sys
import threading

from house import House, rules, until
from portal import Portal, new_key, refused, status
from person import Person

house = portal = None  # set by main()
PLAIN = "爸妈天天吵架，我晚上睡不着。"
CRISIS = "我不想活了，药已经放在手边了。"


def waiting(person, ticket):
    """The row of a ticket once it waits for somebody."""
    return until(lambda: next((r for r in person.list("waiting")["items"] if r["ticket"] == ticket), None), f"{ticket} in the queue")


# ---- coming back


def typed_variants_of_ticket_and_code_open_it():
    a = portal.submit(PLAIN)
    t, r = a["ticket"], a["receipt"]
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for ticket, receipt in ((t, r), (t.lower(), r.replace(" ", "")), (t.replace("-", ""), r.replace(" ", "-")), (t[3:], r.translate(wide)),
                            (f"  {t} ", f" {r} "), (t.replace("0", "O").replace("1", "l"), r.replace("0", "O").replace("1", "I"))):
        portal.track(ticket, receipt)


def derivations():
    """How many code checks have been made; a typing error costs none."""
    return next(int(line.split()[1]) for line in house.ops.raw("GET", "/metrics")[2].decode().splitlines()
                if line.startswith("qingting_code_checks_total"))


def a_typing_error_is_told_apart_and_costs_no_derivation():
    a = portal.submit(PLAIN)
    digit = a["receipt"][0]
    before = derivations()
    for ticket, receipt in ((a["ticket"], ("1" if digit != "1" else "2") + a["receipt"][1:]), (a["ticket"], "1234"), ("YT-0000-000U", a["receipt"]),
                            (a["ticket"], "x" * 128), ("", a["receipt"])):
        code, answer = portal.post("/track", {"ticket": ticket, "receipt": receipt})
        assert code == 400, (ticket, receipt, answer)
    assert derivations() == before


def a_wrong_code_and_an_unknown_ticket_look_the_same():
    a, b = portal.submit(PLAIN), portal.submit(PLAIN)
    wrong = portal.post("/track", {"ticket": a["ticket"], "receipt": b["receipt"]})
    unknown = portal.post("/track", {"ticket": unknown_ticket(), "receipt": b["receipt"]})
    refused(wrong, 403, "wrong_code")
    assert wrong == unknown


def unknown_ticket():
    """A ticket with a right check symbol that no case has."""
    symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for last in symbols:
        ticket = "YT-ZZZZ-ZZ0" + last
        if portal.post("/track", {"ticket": ticket, "receipt": "0000 0000 0000 0000 0000"})[0] == 403:
            return ticket
    raise AssertionError("no check symbol fits")


def the_ticket_shows_what_a_caller_may_know():
    a = portal.submit(PLAIN)
    view = portal.track(a["ticket"], a["receipt"]).ticket()
    assert view["ticket"] == a["ticket"] and view["messages"] == [] and view["timeline"][0]["what"] == "received"
    assert view["last_opened_at"] is None and view["can_rate"] is False
    assert not {"risk", "high_risk", "hits", "marks", "owner", "site"} & set(view), view
    assert all(view[t] is None or view[t].endswith(":00.000Z") for t in ("opened_at", "reply_by", "erase_at"))
    assert portal.track(a["ticket"], a["receipt"]).ticket()["last_opened_at"]


def only_the_token_opens_the_ticket():
    stranger = Portal(portal.port)
    for token in (None, "", "x", "A" * 200):
        stranger.token = token
        refused(stranger.get("/ticket"), 401, "ended")


def answered():
    """A caller whose case has a reply, the counselor, and the case."""
    a = portal.submit(PLAIN, desk="psych")
    waiting(house.psych, a["ticket"])
    Person.ok(200, house.psych.post(f"/cases/{a['ticket']}/claim"))
    Person.ok(201, house.psych.post(f"/cases/{a['ticket']}/messages", {"text": "我在听，慢慢说。"}))
    return portal.track(a["ticket"], a["receipt"]), a["ticket"], a


def close(ticket):
    case = house.psych.case(ticket)
    Person.ok(200, house.psych.post(f"/cases/{ticket}/close", {"disposition": "answered", "category": "psych.family"}, version=case["version"]))


def a_reply_is_read_and_seen():
    caller, ticket, _ = answered()
    view = caller.ticket()
    (message,) = view["messages"]
    assert message["text"] == "我在听，慢慢说。" and message["from"] == "counselor" and message["n"] == 1, message
    assert [t["what"] for t in view["timeline"]] == ["received", "seen", "replied"], view["timeline"]
    replies = [m for m in house.psych.case(ticket)["messages"] if m["kind"] == "reply"]
    assert replies[0]["seen_at"], replies


def own_words_are_shown_in_this_session_only_or_by_choice():
    a = portal.submit(PLAIN)
    first = portal.track(a["ticket"], a["receipt"])
    status(first.post("/ticket/messages", {"text": "还有一件事"}), 201)
    assert [m["text"] for m in first.ticket()["messages"]] == ["还有一件事"]
    second = portal.track(a["ticket"], a["receipt"])
    assert second.ticket()["messages"] == []
    status(second.post("/ticket/facts", {"show_own": True}), 200)
    assert [m["text"] for m in second.ticket()["messages"]] == [PLAIN, "还有一件事"]


def a_message_of_danger_is_told_at_once_and_reaches_the_psych_desk():
    a = portal.submit("公司三个月没发工资，怎么要回来？", desk="legal")
    waiting(house.legal, a["ticket"])
    caller = portal.track(a["ticket"], a["receipt"])
    answer = status(caller.post("/ticket/messages", {"text": CRISIS}), 201)
    assert answer["crisis"] is True and answer["n"] == 1 and answer["reply_by"], answer
    row = until(lambda: next((r for r in house.psych.list("waiting")["items"] if r["ticket"] == a["ticket"] and r["what"] == "task"), None),
                "the task of the psych desk")
    assert row["risk"] >= 2, row


def a_message_sent_twice_is_one_message():
    caller, _, _ = answered()
    key = new_key()
    first = status(caller.post("/ticket/messages", {"text": "谢谢"}, key), 201)
    assert status(caller.post("/ticket/messages", {"text": "谢谢"}, key), 201)["n"] == first["n"]
    refused(caller.post("/ticket/messages", {"text": "别的"}, key), 409, "key_reused")


def a_message_to_a_closed_case_takes_it_up_again():
    caller, ticket, _ = answered()
    close(ticket)
    assert caller.ticket()["state"] == "closed"
    status(caller.post("/ticket/messages", {"text": "还是睡不着"}), 201)
    view = caller.ticket()
    assert view["state"] in ("waiting", "in_progress") and "reopened" in [t["what"] for t in view["timeline"]], view


# ---- facts, wishes, complaint, rating


def facts_may_follow_and_the_last_ones_count():
    a = portal.submit(PLAIN, desk="psych", age_band="12-13")
    caller = portal.track(a["ticket"], a["receipt"])
    assert status(caller.post("/ticket/facts", {"age_band": "14-17", "mood": 1}), 200) == {"crisis": False}
    assert status(caller.post("/ticket/facts", {"gender": "m", "self_harm": "yes"}), 200) == {"crisis": True}
    row = until(lambda: next((r for r in house.psych.list("waiting")["items"] if r["ticket"] == a["ticket"] and r["risk"] >= 2), None), "the tick")
    facts = house.psych.case(row["ticket"])["facts"]
    assert (facts["age_band"], facts["gender"], facts["mood"]) == ("14-17", "m", 1), facts
    for bad in ({"risk": 0}, {"age_band": "x"}, {"text": "x"}, {"desk": "legal"}, {"auth": "00"}, {"kind": "thanks"}):
        refused(caller.post("/ticket/facts", bad), 400, "bad_request")


def a_withdrawn_request_is_closed_and_can_go_on():
    a = portal.submit(PLAIN, desk="psych")
    waiting(house.psych, a["ticket"])
    caller = portal.track(a["ticket"], a["receipt"])
    assert status(caller.post("/ticket/withdraw"), 200)["what"] == "done"
    assert caller.ticket()["state"] == "closed"
    assert status(caller.post("/ticket/withdraw"), 200)["what"] == "done"
    status(caller.post("/ticket/messages", {"text": "我又想说了"}), 201)


def at_high_risk_withdraw_and_erase_only_tell():
    a = portal.submit(CRISIS)
    waiting(house.psych, a["ticket"])
    caller = portal.track(a["ticket"], a["receipt"])
    assert status(caller.post("/ticket/erase"), 200) == {"what": "asked", "when": None}
    assert status(caller.post("/ticket/withdraw"), 200)["what"] == "asked"
    assert caller.ticket()["state"] == "waiting"
    waiting(house.psych, a["ticket"])


def erasing_hides_at_once_and_can_be_stopped():
    caller, ticket, _ = answered()
    answer = status(caller.post("/ticket/erase"), 200)
    assert answer["what"] == "planned" and answer["when"], answer
    view = caller.ticket()
    assert view["messages"] == [] and view["timeline"] == [] and view["erase_at"] == answer["when"], view
    assert status(caller.post("/ticket/erase"), 200) == answer
    assert status(caller.post("/ticket/erase/stop"), 200)["what"] == "done"
    assert len(caller.ticket()["messages"]) == 1
    assert ticket


def erased_words_are_gone_for_good():
    caller, _, a = answered()
    status(caller.post("/ticket/erase"), 200)
    until(lambda: portal.post("/track", {"ticket": a["ticket"], "receipt": a["receipt"]})[0] == 409, "the destruction")
    refused(caller.post("/ticket/messages", {"text": "还在吗"}), 409, "erased")
    refused(caller.post("/ticket/erase/stop"), 409, "erased")
    assert caller.ticket()["messages"] == []


def somebody_else_can_be_asked_for():
    caller, ticket, _ = answered()
    status(caller.post("/ticket/another"), 200)
    assert "another" in [e["kind"] for e in house.psych.case(ticket)["history"]]


def a_complaint_is_invisible_to_the_desk_and_holds_the_case():
    caller, ticket, _ = answered()
    before = house.psych.case(ticket)
    assert status(caller.post("/ticket/complaint", {"text": "接待我的人不理我"}), 201) == {"crisis": False}
    assert status(caller.post("/ticket/complaint", {"text": CRISIS}), 201) == {"crisis": True}
    after = house.psych.case(ticket)
    assert [e["kind"] for e in before["history"]] == [e["kind"] for e in after["history"]] and before["messages"] == after["messages"]
    assert status(caller.post("/ticket/erase"), 200)["what"] == "asked"


def a_closed_case_is_rated_once():
    caller, ticket, _ = answered()
    mark = {"heard": 3, "helped": 2, "again": 3, "words": "她很耐心"}
    refused(caller.post("/ticket/rating", mark), 409, "not_lawful")
    close(ticket)
    for bad in ({"heard": 3}, {**mark, "heard": 4}, {**mark, "words": "长" * 2001}, {**mark, "ticket": ticket}):
        refused(caller.post("/ticket/rating", bad), 400, "bad_request")
    key = new_key()
    status(caller.post("/ticket/rating", mark, key), 201)
    status(caller.post("/ticket/rating", mark, key), 201)
    refused(caller.post("/ticket/rating", mark), 409, "rated")
    assert caller.ticket()["rated"] is True


def five_ratings_arrive_together_sealed_and_without_a_ticket():
    for number in range(5):
        caller, ticket, _ = answered()
        close(ticket)
        status(caller.post("/ticket/rating", {"heard": 1 + number % 3, "helped": 2, "again": 1, "words": "只有她肯听我说"}), 201)
    rows = until(lambda: rating_rows(5), "the ratings in the store")
    assert {r["desk"] for r in rows} == {rows[0]["desk"]} and not {"case_id", "ticket", "at"} & set(rows[0].keys())
    assert all(len(r["words"]) > 256 and "只有她".encode() not in r["words"] for r in rows)


def rating_rows(least):
    store = sqlite3.connect(f"file:{os.path.join(house.data, 'db', 'qingting.db')}?mode=ro", uri=True)
    store.row_factory = sqlite3.Row
    try:
        rows = store.execute("SELECT * FROM ratings WHERE words IS NOT NULL").fetchall()
    finally:
        store.close()
    return rows if len(rows) >= least else None


def leaving_ends_every_session_of_the_ticket():
    a = portal.submit(PLAIN)
    one, two = portal.track(a["ticket"], a["receipt"]), portal.track(a["ticket"], a["receipt"])
    status(one.post("/ticket/exit"), 200)
    refused(one.get("/ticket"), 401, "ended")
    refused(two.post("/ticket/messages", {"text": "喂"}), 401, "ended")
    portal.track(a["ticket"], a["receipt"]).ticket()


def a_new_request_can_go_on_from_an_earlier_one():
    a = portal.submit(PLAIN)
    portal.submit("接着上次说", continues={"ticket": a["ticket"], "receipt": a["receipt"]})
    other = portal.submit(PLAIN)["receipt"]
    refused(portal.post("/requests", {"text": "x", "continues": {"ticket": a["ticket"], "receipt": other}}), 403, "wrong_code")
    refused(portal.post("/requests", {"text": "x", "continues": {"ticket": unknown_ticket(), "receipt": other}}), 403, "wrong_code")
    refused(portal.post("/requests", {"text": "x", "continues": {"ticket": "nonsense", "receipt": other}}), 400, "mistyped")


def chat_acts_are_checked():
    a = portal.submit(PLAIN, live=True)
    caller = portal.track(a["ticket"], a["receipt"])
    for act in ("typing", "pause", "resume", "end"):
        status(caller.post("/ticket/live", {"do": act}), 200)
    refused(caller.post("/ticket/live", {"do": "dance"}), 400, "bad_request", "do")
    refused(caller.post("/ticket/live", {"do": "end", "auth": "00"}), 400, "bad_request", "auth")


# ---- news


def a_long_poll_ends_with_the_reply():
    a = portal.submit(PLAIN, desk="psych")
    waiting(house.psych, a["ticket"])
    caller = portal.track(a["ticket"], a["receipt"])
    got = []
    waits = threading.Thread(target=lambda: got.append(caller.get("/ticket/events?wait=25")))
    waits.start()
    Person.ok(200, house.psych.post(f"/cases/{a['ticket']}/claim"))
    Person.ok(201, house.psych.post(f"/cases/{a['ticket']}/messages", {"text": "在。"}))
    waits.join()
    news = status(got[0], 200)
    while not news["messages"]:  # the claim was news too
        news = status(caller.call("GET", "/ticket/events?wait=25", headers={"Last-Event-ID": str(max(0, news["last"]))}), 200)
    assert news["messages"][0]["text"] == "在。" and news["last"] == 1, news
    quiet = status(caller.call("GET", "/ticket/events?wait=1", headers={"Last-Event-ID": "1"}), 200)
    assert quiet["messages"] == [] and quiet["last"] == 1, quiet


def a_stream_brings_replies_as_they_come():
    a = portal.submit(PLAIN, desk="psych")
    waiting(house.psych, a["ticket"])
    caller = portal.track(a["ticket"], a["receipt"])
    stream = caller.stream("/ticket/events")
    assert stream.next()["event"] == "state"
    Person.ok(200, house.psych.post(f"/cases/{a['ticket']}/claim"))
    Person.ok(201, house.psych.post(f"/cases/{a['ticket']}/messages", {"text": "在。"}))
    message = stream.next("message")
    assert message["id"] == "1" and message["data"]["text"] == "在。", message
    status(caller.post("/ticket/exit"), 200)
    status(portal.track(a["ticket"], a["receipt"]).post("/ticket/messages", {"text": "还在吗"}), 201)  # a hint: the old session sees it is over
    assert stream.next("ended")
    stream.close()


def a_wait_that_is_no_number_is_refused():
    a = portal.submit(PLAIN)
    caller = portal.track(a["ticket"], a["receipt"])
    for wait in ("0", "26", "-1", "x", "", "1e3"):
        refused(caller.get(f"/ticket/events?wait={wait}"), 400, "bad_query")
    refused(Portal(portal.port).get("/ticket/events?wait=1"), 401, "ended")


RULES = [v for k, v in list(globals().items()) if callable(v) and getattr(v, "__module__", "") == __name__ and k not in
         ("waiting", "derivations", "unknown_ticket", "answered", "close", "rating_rows")]


def main():
    global house, portal
    with House(sys.argv[1], config={"life": {"erase_after": "3s"}}) as house:
        portal = Portal(house.portal.port)
        house.psych, house.legal = Person(house.console_port).sign_in("psych1"), Person(house.console_port).sign_in("legal1")
        failed = rules(RULES)
        ended = house.stop()
        print(f"# ended: {json.dumps(ended)}")
    return failed or any(ended.values())


if __name__ == "__main__":
    sys.exit(main())
