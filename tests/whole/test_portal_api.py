#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of the portal's JSON API, over HTTP against a whole house. `test_portal_api.py BUILD`. Prints TAP."""
import json
import sys
import threading

from house import House, rules, until
from portal import Portal, new_key, refused, status
from person import Person

house = portal = None  # set by main()
PLAIN = "爸妈天天吵架，我晚上睡不着。"
CRISIS = "我不想活了，药已经放在手边了。"
FULL = {"desk": "psych", "age_band": "14-17", "gender": "f", "region": "450100", "relation": "self", "groups": ["school", "left_behind"],
        "category": "psych.family", "about": "me", "prefer": {"gender": "f", "language": "zh", "same": True}, "live": False,
        "self_harm": "no", "mood": 2, "contact": {"phone": "138 0000 0000", "times": "周末", "say_who": "同学"}, "lang": "zh-CN"}


def waiting(person, ticket):
    """The row of a ticket once it waits for somebody."""
    return until(lambda: next((r for r in person.list("waiting")["items"] if r["ticket"] == ticket), None), f"{ticket} in the queue")


# ---- requests


def one_sentence_is_a_request():
    answer = portal.submit(PLAIN)
    assert set(answer) == {"ticket", "receipt", "state", "crisis", "reply_by", "next"}, answer
    assert answer["state"] == "screening" and answer["crisis"] is False and answer["reply_by"].endswith(":00.000Z")
    assert "编号" in answer["next"]


def a_request_with_every_field_is_taken():
    answer = portal.submit(PLAIN, **FULL)
    row = waiting(house.psych, answer["ticket"])
    case = house.psych.case(row["ticket"])
    facts = case["facts"]
    assert facts["age_band"] == "14-17" and facts["gender"] == "f" and facts["groups"] == ["school", "left_behind"], facts
    assert facts["relation"] == "self" and facts["category"] == "psych.family", facts


def one_character_is_a_request():
    portal.submit("救")


def a_long_letter_and_every_plane_of_unicode_is_taken():
    for text in ("长" * 20000, "😀" * 5000, "a\u0301" * 400, "\u202eabc\u202c 自\u200b杀", "  前后有空格  \n\n", "%s%n%x' OR 1=1 --"):
        portal.submit(text)


def someone_elses_case_is_not_the_callers_own():
    answer = portal.submit("我同学最近很难过", about="other")
    assert house.psych.case(waiting(house.psych, answer["ticket"])["ticket"])["facts"]["relation"] == "other"


def white_space_alone_is_no_request():
    for text in ("", " ", "\n\t \u3000", "\u200b\u2060"):
        refused(portal.post("/requests", {"text": text}), 400, "bad_request", "text")


BAD = [
    ({}, "text"), ({"text": 1}, "text"), ({"text": None}, "text"), ({"text": ["a"]}, "text"), ({"text": "长" * 20001}, "text"),
    ({"desk": "police"}, "desk"), ({"desk": ""}, "desk"), ({"desk": 3}, "desk"), ({"age_band": "15"}, "age_band"), ({"gender": "x"}, "gender"),
    ({"region": "abc"}, "region"), ({"relation": "me"}, "relation"), ({"groups": "school"}, "groups"), ({"groups": ["nobody"]}, "groups"),
    ({"groups": [1]}, "groups"), ({"groups": ["school"] * 13}, "groups"), ({"category": "psych.nothing"}, "category"), ({"about": "us"}, "about"),
    ({"prefer": []}, "prefer"), ({"prefer": {"gender": "x"}}, "prefer"), ({"prefer": {"colour": "red"}}, "prefer"), ({"live": 1}, "live"),
    ({"self_harm": True}, "self_harm"), ({"mood": 6}, "mood"), ({"mood": "2"}, "mood"), ({"mood": 2.5}, "mood"), ({"contact": "138"}, "contact"),
    ({"contact": {"phone": "1" * 41}}, "contact"), ({"contact": {"address": "x"}}, "contact"), ({"lang": "fr"}, "lang"),
    ({"continues": {"ticket": "YT-0000-0000"}}, "continues"), ({"risk": 0}, "risk"), ({"state": "closed"}, "state"), ({"uid": "00"}, "uid"),
    ({"channel": "phone"}, "channel"), ({"site": "110000"}, "site"), ({"tick": 0}, "tick"), ({"caller_hash": "00"}, "caller_hash"),
]


def every_bad_field_is_named_in_a_sentence():
    for fields, name in BAD:
        body = {"text": "好"} if "text" not in fields and fields else {}
        problem = refused(portal.post("/requests", {**body, **fields}), 400, "bad_request", name)
        assert problem["detail"].endswith((".", "。")) and len(problem["detail"]) > 15, problem


def a_client_cannot_choose_its_risk_or_skip_its_desk():
    answer = portal.submit(CRISIS, desk="legal", self_harm="no", mood=5)
    row = waiting(house.psych, answer["ticket"])
    assert row["risk"] >= 2 and row["desk"] == "psych", row
    assert "wrong_desk" in row["marks"], row


def a_tick_is_never_lowered_by_calm_words():
    answer = portal.submit("你好", self_harm="yes")
    assert answer["crisis"] is True
    assert waiting(house.psych, answer["ticket"])["risk"] >= 2


def words_of_danger_get_help_in_the_answer():
    for lang, word in (("zh-CN", "120"), ("en", "call 120")):
        answer = portal.submit(CRISIS, lang=lang)
        assert answer["crisis"] is True and word in answer["next"], answer


# ---- keys and retries


def an_honest_retry_gets_the_same_ticket_and_code():
    key = new_key()
    first = portal.submit(PLAIN, key, **FULL)
    assert {**portal.submit(PLAIN, key, **FULL), "state": ""} == {**first, "state": ""}


def another_body_under_the_same_key_is_refused():
    key = new_key()
    portal.submit(PLAIN, key)
    refused(portal.post("/requests", {"text": PLAIN + "还有"}, key), 409, "key_reused")


def a_key_one_could_guess_is_refused():
    for key in ("1", "a" * 21, "a" * 129):
        refused(portal.post("/requests", {"text": PLAIN}, key), 400, "bad_key")


def a_retry_after_a_killed_intake_is_the_same_request():
    key = new_key()
    first = portal.submit(PLAIN, key)
    house.restart("intake")
    house.wait_ready()
    again = portal.submit(PLAIN, key)
    assert (again["ticket"], again["receipt"]) == (first["ticket"], first["receipt"])


def a_retry_after_a_killed_router_is_the_same_request():
    key = new_key()
    first = portal.submit(PLAIN, key)
    house.restart("router")
    again = portal.submit(PLAIN, key)
    assert (again["ticket"], again["receipt"]) == (first["ticket"], first["receipt"])
    house.wait_ready()


def a_request_sent_while_the_router_is_down_is_kept_when_it_is_back():
    house.kill("router")
    answers = []
    caller = threading.Thread(target=lambda: answers.append(portal.post("/requests", {"text": CRISIS}, new_key())))
    caller.start()
    house.start("router")
    caller.join()
    assert answers[0][0] == 201, answers
    house.wait_ready()


# ---- the house


def the_service_list_has_every_code_a_request_may_use():
    service = status(portal.get("/service"), 200)
    assert service["open"] is True and [d["kind"] for d in service["now"]] == ["legal", "psych", "social"]
    assert {"groups", "categories", "regions", "age_bands", "genders", "relations", "crisis_numbers", "desks"} <= set(service)
    assert {n["number"] for n in service["crisis_numbers"]} == {"110", "120", "12355", "12356"}


def the_open_api_document_names_every_route():
    document = status(portal.get("/openapi.json"), 200)
    assert document["openapi"].startswith("3.1") and "post" in document["paths"]["/api/v1/requests"]
    assert "get" in document["paths"]["/api/v1/ticket/events"] and "/track" not in document["paths"]
    for path, methods in document["paths"].items():
        for method in methods:
            code = portal.raw(method.upper(), path.replace("{name}", "x"), b"{}" if method == "post" else None,
                              {"Content-Type": "application/json"} if method == "post" else {})[0]
            assert code not in (404, 405, 500, 501) or "{name}" in path, (method, path, code)


def without_a_worker_help_is_told_and_a_person_gets_the_case():
    for desk in house.desks:
        house.kill(f"worker.{desk}")
    answer = portal.submit(CRISIS, self_harm="yes", desk="social")
    assert answer["crisis"] is True
    row = waiting(house.psych, answer["ticket"])
    assert "unscreened" in row["marks"] and row["risk"] >= 2, row
    plain = portal.submit(PLAIN, desk="legal")
    assert "unscreened" in waiting(house.legal, plain["ticket"])["marks"]
    for desk in house.desks:
        house.start(f"worker.{desk}")
    house.wait_ready()


def nothing_a_caller_wrote_is_logged():
    said = house.said()
    for words in (PLAIN, CRISIS, "138 0000 0000", "YT-"):
        assert words not in said, said


RULES = [v for k, v in list(globals().items()) if callable(v) and getattr(v, "__module__", "") == __name__ and k not in
         ("waiting", "main")]


def main():
    global house, portal
    with House(sys.argv[1], config={"life": {"unscreened": "1s", "unscreened_yes": "300ms"}}) as house:
        portal = Portal(house.portal.port)
        house.psych, house.legal = Person(house.console_port).sign_in("psych1"), Person(house.console_port).sign_in("legal1")
        failed = rules(RULES)
        ended = house.stop()
        print(f"# ended: {json.dumps(ended)}")
    return failed or any(ended.values())


if __name__ == "__main__":
    sys.exit(main())
