#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From the portal to a counselor and back, over both JSON APIs: what each side sees of the other, and a crisis that reaches whoever is
awake.

`test_case_journey.py BUILD`: the programs of BUILD in a house of their own. Prints TAP.
"""
import sys

from house import House, rules, until
from person import Person
from portal import Portal
from test_console_api import Stage

ok = Person.ok


class Caller(Portal):
    """A caller with a ticket of their own."""

    def __init__(self, house, text, desk):
        super().__init__(house.portal.port)
        self.asked = ok(201, self.post("/requests", {"text": text, "desk": desk}))
        self.ticket = self.asked["ticket"]

    def come_back(self):
        self.token = ok(200, self.post("/track", {"ticket": self.ticket, "receipt": self.asked["receipt"]}))["token"]
        return ok(200, self.get("/ticket"))


def waits(person, ticket):
    return until(lambda: next((r for r in person.list("waiting")["items"] if r["ticket"] == ticket), None), "the case in the queue")


def a_request_goes_to_a_counselor_and_the_reply_comes_back(s):
    caller = Caller(s.house, "我和室友合不来，最近心情很差。", "psych")
    row = waits(s.psych1, caller.ticket)
    assert row["channel"] == "web_form" and row["what"] == "case"
    case = ok(200, s.psych1.post(f"/cases/{caller.ticket}/claim"))
    assert case["messages"][0]["text"] == "我和室友合不来，最近心情很差。" and case["messages"][0]["from"] == "caller"
    assert case["hits"] and all(h["why"] for h in case["hits"]), case["hits"]
    ok(201, s.psych1.post(f"/cases/{caller.ticket}/messages", {"text": "谢谢你愿意说出来。"}))
    ok(201, s.psych1.post(f"/cases/{caller.ticket}/notes", {"text": "给同事的话"}))
    seen = caller.come_back()
    assert [m["text"] for m in seen["messages"]] == ["谢谢你愿意说出来。"], seen["messages"]
    assert "psych1" not in str(seen) and "心理咨询员" not in str(seen)
    case = s.psych1.case(caller.ticket)
    assert case["caller_last_opened_at"] and next(m for m in case["messages"] if m["kind"] == "reply")["seen_at"]


def a_message_to_a_closed_case_takes_it_up_again(s):
    caller = Caller(s.house, "想问一下社团活动怎么报名。", "social")
    waits(s.social1, caller.ticket)
    ok(200, s.social1.post(f"/cases/{caller.ticket}/claim"))
    ok(201, s.social1.post(f"/cases/{caller.ticket}/messages", {"text": "可以到社区中心报名。"}))
    ok(200, s.social1.post(f"/cases/{caller.ticket}/close", {"disposition": "answered", "category": "social.activity"}, version="*"))
    assert caller.come_back()["state"] == "closed"
    ok(201, caller.post("/ticket/messages", {"text": "那里今天没有开门。"}))
    case = until(lambda: s.social1.case(caller.ticket)["state"] != "closed" and s.social1.case(caller.ticket), "the case open again")
    assert case["messages"][-1]["text"] == "那里今天没有开门。" and "reopened" in case["marks"]


def a_crisis_in_a_follow_up_reaches_psych_with_no_lawyer_here(s):
    caller = Caller(s.house, "老板拖欠我三个月工资，不签劳动合同，我该怎么办？", "legal")
    waits(s.legal1, caller.ticket)
    ok(200, s.legal1.post(f"/cases/{caller.ticket}/claim"))
    ok(201, s.legal1.post(f"/cases/{caller.ticket}/notes", {"text": "法律组内部的话"}))
    assert s.people.pop("legal1").delete("/session")[0] == 204
    assert s.psych1.get(f"/cases/{caller.ticket}")[0] == 404
    caller.come_back()
    assert ok(201, caller.post("/ticket/messages", {"text": "我不想活了，今晚就从楼上跳下去。"}))["crisis"]
    row = waits(s.psych1, caller.ticket)
    assert (row["what"], row["risk"], row["desk"]) == ("task", 3, "legal")
    case = ok(200, s.psych1.post(f"/cases/{caller.ticket}/claim"))
    words = [(m["kind"], m["text"]) for m in case["messages"]]
    assert words[-1] == ("message", "我不想活了，今晚就从楼上跳下去。") and ("note", None) in words, words
    ok(201, s.psych1.post(f"/cases/{caller.ticket}/messages", {"text": "我在，你现在在哪里？"}))
    assert "我在，你现在在哪里？" in [m["text"] for m in ok(200, caller.get("/ticket"))["messages"]]
    back = s.legal1.case(caller.ticket)
    assert back["risk"] == 3 and back["assignee"] == "legal1"
    assert ("reply", "我在，你现在在哪里？") in [(m["kind"], m["text"]) for m in back["messages"]]


RULES = [a_request_goes_to_a_counselor_and_the_reply_comes_back, a_message_to_a_closed_case_takes_it_up_again,
         a_crisis_in_a_follow_up_reaches_psych_with_no_lawyer_here]

if __name__ == "__main__":
    with House(sys.argv[1]) as the_house:
        status = rules(RULES, Stage(the_house))
    sys.exit(status)
