#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of the portal's pages as a browser without JavaScript meets them: forms, drafts, the receipt, the ticket, leaving.
`test_portal_pages.py BUILD`. Prints TAP."""
import sys
import threading
import urllib.parse

from house import House, Raw, rules, until
from portal import Portal
from person import Person

house = None  # set by main()
PLAIN = "爸妈天天吵架，我晚上睡不着。"
CRISIS = "我不想活了，药已经放在手边了。"
HELP = "现在就有人能帮你"
EXIT = "http://127.0.0.1:9/elsewhere"
TRICK = "<script>alert(1)</script><img src=x onerror=alert(2)> {{t portal.title}} {{>head.html}} &amp; \"'>"


def visitor():
    return Portal(house.portal.port)


def start(path="/"):
    page = visitor().page(path)
    assert page.status == 200 and page.headers["Cache-Control"] == "no-store", page.status
    return page


def receipt(text=PLAIN, **fields):
    page = start().send("/write", text=text, do="send", **fields)
    assert page.status == 200 and "receipt" in page.ids, page.words
    return page


def ticket_of(page):
    return page.ids["ticket"], page.ids["receipt"]


def opened(text=PLAIN):
    """The ticket's page of a new request, its cookie in the portal."""
    page = receipt(text).send("/track")
    assert page.status == 200 and page.portal.cookie, page.words
    return page


# ---- a request


def one_sentence_and_nothing_else_is_a_request():
    page = receipt("救")
    assert page.ids["ticket"].startswith("YT-") and len(page.ids["receipt"].split()) == 5
    assert "Set-Cookie" not in page.headers


def every_question_can_be_passed_by():
    page = start().send("/write", text=PLAIN, do="next")
    for step in ("/feel", "/who", "/reach"):
        page = page.send(step, do="next")
    assert PLAIN in page.html and page.says("只在这里答复"), page.words
    assert "receipt" in page.send("/check", do="send").ids


def what_was_chosen_is_still_chosen_on_the_way_back():
    page = start().send("/write", text=PLAIN, about="other", topic="legal", do="next").send("/feel", mood="2", self_harm="no", do="next")
    page = page.send("/who", age_band="14-17", relation="friend", do="next").send("/reach", phone="138 0000 0000", do="next")
    assert page.says("138 0000 0000") and page.says("14到17岁")
    page = page.send("/check", do="back")
    assert page.forms[-1]["fields"]["phone"] == "138 0000 0000"
    page = page.send("/reach", do="back")
    assert page.forms[-1]["fields"] | {"draft": ""} == {"draft": "", "age_band": "14-17", "relation": "friend"}, page.forms
    page = page.send("/who", do="back").send("/feel", do="back")
    fields = page.forms[-1]["fields"]
    assert fields["text"] == PLAIN and fields["about"] == "other" and fields["topic"] == "legal", fields


def a_refreshed_receipt_is_the_same_receipt():
    page = start()
    fields = {**next(f for f in page.forms if f["action"] == "/write")["fields"], "text": PLAIN, "do": "send"}
    first = page.portal.page("/write", fields)
    assert ticket_of(page.portal.page("/write", fields)) == ticket_of(first)
    house.restart("intake")
    house.wait_ready()
    assert ticket_of(page.portal.page("/write", fields)) == ticket_of(first)
    assert ticket_of(first.portal.page("/en/check", {"draft": first.forms[-1]["fields"]["draft"], "do": "send"})) == ticket_of(first)


def two_presses_at_once_are_one_request():
    page = start()
    fields = {**next(f for f in page.forms if f["action"] == "/write")["fields"], "text": PLAIN, "do": "send"}
    answers = []
    presses = [threading.Thread(target=lambda: answers.append(visitor().page("/write", fields))) for _ in range(6)]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert len({ticket_of(a) for a in answers}) == 1


def a_changed_text_after_sending_says_so_and_then_is_another_request():
    page = start()
    fields = {**next(f for f in page.forms if f["action"] == "/write")["fields"], "text": PLAIN, "do": "send"}
    first = page.portal.page("/write", fields)
    again = page.portal.page("/write", {**fields, "text": PLAIN + "还有"})
    assert again.status == 409 and again.says("刚才已经发出了") and again.forms[-1]["fields"]["text"] == PLAIN + "还有"
    second = again.send("/write", do="send")
    assert ticket_of(second) != ticket_of(first)


def nothing_written_is_said_kindly():
    for text in ("", "  ", "\u3000\n"):
        page = start().send("/write", text=text, do="send")
        assert page.status == 400 and page.says("写一个字也可以"), page.words
    page = start().send("/write", text="长" * 20001, do="next")
    assert page.status == 400 and page.says("太长了") and len(page.forms[-1]["fields"]["text"]) == 20001


def the_longest_letter_passes_every_step():
    text = "😀" * 19990 + "<&\"'>\t行\n尾"
    page = start().send("/write", text=text, do="next")
    for step in ("/feel", "/who", "/reach"):
        page = page.send(step, do="next", **({"phone": "1" * 40, "times": "晚" * 200, "say_who": "姨" * 200} if step == "/reach" else {}))
    assert text in page.forms[-1]["fields"].get("text", "") or "尾" in page.html
    assert "receipt" in page.send("/check", do="send").ids


def the_other_language_keeps_what_is_written():
    page = start()
    fields = {**next(f for f in page.forms if f["action"] == "/write")["fields"], "text": PLAIN, "do": "stay"}
    english = page.portal.page("/en/write", fields)
    assert english.status == 200 and english.says("You can tell us anything") and english.forms[-1]["fields"]["text"] == PLAIN
    assert 'lang="en"' in english.html and "receipt" in english.send("/en/write", do="send").ids


def words_of_danger_get_help_on_the_very_next_page():
    for desk in house.desks:
        house.kill(f"worker.{desk}")
    assert start().send("/write", text=CRISIS, do="next").says(HELP)
    assert start().send("/write", text=CRISIS, do="send").says(HELP)
    page = start().send("/write", text="我同学最近很难过", about="other", do="next").send("/feel", self_harm="yes", do="next")
    assert page.says(HELP) and page.says("我们看不到你在哪里") and "tel:120" in page.links
    assert "receipt" in page.send("/who", do="send").ids  # the form is never blocked
    for desk in house.desks:
        house.start(f"worker.{desk}")
    house.wait_ready()


def what_could_not_be_kept_is_still_there():
    page = start().send("/write", text=PLAIN, do="next")
    house.kill("router")
    answers = []
    sender = threading.Thread(target=lambda: answers.append(page.send("/feel", mood="1", do="send")))
    sender.start()
    sender.join(1)
    if answers:  # refused at once: the words are there, sending again is the same request
        assert answers[0].status == 503 and answers[0].says("刚才没有收到"), answers[0].words
    house.start("router")
    sender.join()
    house.wait_ready()
    last = answers[0] if "receipt" in answers[0].ids else answers[0].send("/feel", do="send")
    assert "receipt" in last.ids, last.words


def words_are_shown_as_words():
    page = start().send("/write", text=TRICK, do="next").send("/feel", do="next").send("/who", do="next").send("/reach", phone=TRICK[:40], do="next")
    assert "<script>alert" not in page.html and "&lt;script&gt;" in page.html and "{{t portal.title}}" in page.html
    page = page.send("/check", do="back").send("/reach", do="back").send("/who", do="back").send("/feel", do="back")
    assert page.forms[-1]["fields"]["text"] == TRICK


def a_draft_that_is_not_ours_is_begun_anew():
    page = start()
    draft = page.forms[-1]["fields"]["draft"]
    for forged in ("", "x", draft[:-1] + ("A" if draft[-1] != "A" else "B"), "A" * 5000):
        again = page.portal.page("/write", {"draft": forged, "text": PLAIN, "do": "send"})
        assert again.status == 200 and again.says("这一页放久了") and again.forms[-1]["fields"]["text"] == PLAIN, again.words
        assert page.portal.page("/feel", {"draft": forged, "mood": "1", "do": "next"}).says("请再写一次")


def forms_that_are_no_forms_are_refused_kindly():
    p = visitor()
    for body in ("text=%ff%fe", "text=%zz", "text=a&text=b", "text=%00"):
        code, _, text = p.raw("POST", "/write", body, {"Content-Type": "application/x-www-form-urlencoded"})
        assert code == 400 and "12355" in text.decode(), (body, code)
    assert p.raw("POST", "/write", '{"text":"x"}', {"Content-Type": "application/json"})[0] == 415
    code, headers, text = p.raw("POST", "/write", "text=" + "a" * (512 * 1024), {"Content-Type": "application/x-www-form-urlencoded"})
    assert code == 413 and "太长了" in text.decode() and headers["Content-Security-Policy"], code


def an_address_only_a_form_leads_to_shows_the_start():
    for path in ("/write", "/feel", "/check", "/en/who"):
        assert "text" in start(path).forms[-1]["fields"], path
    assert visitor().page("/ticket/say").says("时间到了")
    assert visitor().page("/nothing").status == 404 and visitor().page("/en/nothing").says("There is no such page")


# ---- coming back


def both_lines_may_stand_in_one_field():
    t, r = ticket_of(receipt())
    for ticket, code in ((f"{t}\n{r}", ""), ("", f"编号 {t} 查询码 {r}"), (t.lower(), r.replace(" ", ""))):
        page = visitor().page("/track").send("/track", ticket=ticket, receipt=code)
        assert page.status == 200 and page.says("我的留言"), (ticket, page.words)


def a_code_that_does_not_fit_says_what_is_wrong():
    t, _ = ticket_of(receipt())
    _, other = ticket_of(receipt())
    page = visitor().page("/track").send("/track", ticket=t, receipt="123")
    assert page.status == 400 and page.says("打错了") and page.forms[-1]["fields"]["ticket"] == t
    page = page.send("/track", ticket=t, receipt=other)
    assert page.status == 403 and page.says("对不上") and not page.portal.cookie


def a_reply_stands_on_the_ticket_and_one_writes_back():
    sent = receipt()
    ticket = sent.ids["ticket"]
    page = sent.send("/track")
    until(lambda: house.psych.post(f"/cases/{ticket}/claim")[0] == 200, "the case to be claimed")
    Person.ok(201, house.psych.post(f"/cases/{ticket}/messages", {"text": TRICK}))
    page = page.portal.page("/ticket")
    assert page.says(TRICK) and "<script>alert" not in page.html and page.says("已经答复")
    said = page.send("/ticket/say", text="谢谢你")
    assert said.says("收到了。") and said.says("谢谢你")
    twice = page.send("/ticket/say", text="谢谢你")  # a refresh: the same key
    assert twice.words.count("谢谢你") == 1
    danger = twice.send("/ticket/say", text=CRISIS)
    assert danger.says(HELP) and danger.says("听起来")
    assert danger.portal.page("/ticket").says(HELP) and not danger.portal.page("/ticket").says("听起来")


def wishes_are_answered_on_the_page():
    page = opened()
    assert page.send("/ticket/another").says("我们会换一位")
    assert page.send("/ticket/facts", mood="1", self_harm="no", age_band="14-17").says("记下了")
    assert page.send("/ticket/show_own").says(PLAIN)
    assert page.send("/ticket/complaint", complaint="没有人理我").says("看不到这段话")
    assert page.send("/ticket/erase").says("我们告诉了工作人员")  # a complaint holds the case
    other = opened()
    erased = other.send("/ticket/erase")
    assert erased.says("这里的话会在这个时间删掉") and not erased.says(PLAIN)
    assert erased.send("/ticket/erase_stop").says("好，不删了")
    danger = opened(CRISIS)
    assert danger.send("/ticket/withdraw").says("我们告诉了工作人员")


def words_that_cannot_be_taken_stay_in_their_field():
    page = opened()
    long = page.send("/ticket/say", text="长" * 20001)
    assert long.says("太长了") and long.status == 200
    fields = next(f for f in long.forms if f["action"] == "/ticket/say")["fields"]
    assert len(fields["text"]) == 20001
    empty = page.send("/ticket/complaint", complaint=" ")
    assert empty.says("写一个字也可以")


def a_yes_on_the_ticket_gets_help():
    assert opened().send("/ticket/facts", self_harm="yes").says(HELP)


# ---- leaving


def leaving_ends_the_session_at_once():
    page = opened()
    cookie = page.portal.cookie
    gone = page.send("/exit")
    assert gone.status == 303 and gone.headers["Location"] == EXIT and "cookies" in gone.headers["Clear-Site-Data"]
    assert page.portal.cookie is None
    page.portal.cookie = cookie
    until(lambda: page.portal.page("/ticket").says("时间到了"), "the end of the session")


def the_hidden_first_link_leaves_too():
    page = opened()
    cookie = page.portal.cookie
    assert page.links[0] == "/exit" and page.portal.page("/exit").status == 303
    page.portal.cookie = cookie
    until(lambda: page.portal.page("/ticket").says("时间到了"), "the end of the session")


def a_draft_left_by_the_exit_shows_nothing_again():
    page = start()
    fields = {**next(f for f in page.forms if f["action"] == "/write")["fields"], "text": PLAIN, "do": "send"}
    sent = page.portal.page("/write", fields)
    assert sent.send("/exit").status == 303
    again = page.portal.page("/write", fields)
    assert again.says("请再写一次") and PLAIN not in again.html and "receipt" not in again.ids


def pages_tell_nothing_and_let_nothing_in():
    page = receipt()
    assert page.headers["Referrer-Policy"] == "no-referrer" and page.headers["X-Content-Type-Options"] == "nosniff"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy, policy
    assert f"form-action 'self' {EXIT.rsplit('/', 1)[0]};" in policy, policy
    title = page.html.split("<title>")[1].split("</title>")[0]
    assert title == "我的笔记" and "style=" not in page.html and "onclick" not in page.html
    for link in page.links:
        assert link.startswith(("/", "tel:")) and "?" not in link, link


def a_form_from_another_site_is_refused():
    p = visitor()
    body = urllib.parse.urlencode({"text": PLAIN, "do": "send"})
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}):
        code, _, _ = p.raw("POST", "/write", body, {"Content-Type": "application/x-www-form-urlencoded", **headers})
        assert code == 403, (headers, code)


def pages_are_small():
    for path in ("/", "/track", "/before", "/help"):
        assert len(visitor().page(path).html.encode()) < 7000, path


def a_house_without_people_says_it_is_not_open_with_the_numbers():
    with House(sys.argv[1], demo=False) as new:
        page = Portal(new.portal.port).page("/")
        assert page.says("这里还没有开") and {"tel:110", "tel:120", "tel:12355", "tel:12356"} <= set(page.links), page.words
        code, problem = Portal(new.portal.port).post("/requests", {"text": CRISIS})
        assert code == 503 and problem["type"] == "/problems/not_open" and problem["crisis"] is True and problem["numbers"], problem


def at_night_the_page_says_that_nobody_reads():
    with House(sys.argv[1], config={"hours": {"always": False, "week": Raw('[ "Mon-Sun 00:00-00:01" ]')}}) as night:
        page = Portal(night.portal.port).page("/")
        assert page.says("现在没有人在看") and page.says("最晚会在这个时间答复"), page.words
        assert page.send("/write", text=CRISIS, do="next").says("现在没有人在看这里")


RULES = [v for k, v in list(globals().items()) if callable(v) and getattr(v, "__module__", "") == __name__ and k not in
         ("visitor", "start", "receipt", "ticket_of", "opened")]


def main():
    global house
    with House(sys.argv[1], config={"service": {"exit_url": EXIT}}) as house:
        house.psych = Person(house.console_port).sign_in("psych1")
        return rules(RULES)


if __name__ == "__main__":
    sys.exit(main())
