#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Majordomo peers written from the RFCs against the real router's open socket: both dialects, MMI, Titanic, leases, give-back, poison,
bad frames, and frames compared byte for byte. `test_router_py.py BUILD`. Prints TAP.
"""
import re
import sys
import threading
import uuid

import zmq

from bus_house import RouterHouse, gather, until
from house import rules
from peer_mdp import (Client, Disconnected, ReqClient, Worker, mmi, titanic_close, titanic_reply, titanic_request, titanic_wait)

house = RouterHouse(sys.argv[1])
found, rule = gather()


def same(got, wanted, what=""):
    assert got == wanted, f"{what}: got {got!r}, wanted {wanted!r}"


def end():
    return house.endpoint("open")


def served(service):
    """A name nobody else uses, so rules cannot disturb each other."""
    return f"{service}-{uuid.uuid4().hex[:8]}"


def known(service):
    with Client(end()) as c:
        until(lambda: mmi(c, service) == "200", f"a worker of {service}")


def gone(service):
    with Client(end()) as c:
        until(lambda: mmi(c, service) == "404", f"no worker of {service}")


class Served:
    """A worker that answers from a thread until it is told to stop."""

    def __init__(self, service, dialect="0.2", answer=lambda body: body):
        self.worker, self.stop = Worker(end(), service, dialect, beat=0.1), False
        self.answer, self.done = answer, 0
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        known(service)

    def _serve(self):
        while not self.stop:
            try:
                address, body = self.worker.receive(0.3)
            except (TimeoutError, Disconnected):
                continue
            self.worker.reply(address, *self.answer(body))
            self.done += 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop = True
        self.thread.join()
        self.worker.disconnect()
        self.worker.close()


def held(worker, patience=10.0):
    """The next request a worker gets, heartbeats left aside."""
    return worker.receive(patience)


def told_to_go(worker):
    """Waits for DISCONNECT without beating, as a silent worker would."""
    def gone_now():
        name, _ = worker.command(10)
        return name == "DISCONNECT"
    until(gone_now, "DISCONNECT")


def all_well():
    """Others are unaffected: a round trip through a fresh client and worker."""
    service = served("well")
    with Served(service), Client(end()) as c:
        same(c.request(service, "still", "here"), [b"still", b"here"])


@rule
def clients_and_workers_of_both_dialects_reach_each_other():
    for wd in ("0.1", "0.2"):
        service = served("echo")
        with Served(service, wd, lambda body: [b"ok"] + body):
            for client in (Client(end(), "0.1"), Client(end(), "0.2"), ReqClient(end())):
                with client:
                    same(client.request(service, b"a\0b", "", "倾听"), [b"ok", b"a\0b", b"", "倾听".encode()])


@rule
def frames_of_clients_are_byte_for_byte_those_of_the_rfcs():
    service = served("gold").encode()
    with Served(service.decode()), Client(end(), "0.2") as two, Client(end(), "0.1") as one:
        two.send_raw(b"MDPC02", b"\x01", service, b"x", b"")
        same(two.receive_raw(), [b"MDPC02", b"\x03", service, b"x", b""])
        one.send_raw(b"", b"MDPC01", service, b"x", b"")
        same(one.receive_raw(), [b"", b"MDPC01", service, b"x", b""])
        two.send_raw(b"MDPC02", b"\x01", b"mmi.service", service)
        same(two.receive_raw(), [b"MDPC02", b"\x03", b"mmi.service", b"200"])
        one.send_raw(b"", b"MDPC01", b"mmi.service", b"nobody")
        same(one.receive_raw(), [b"", b"MDPC01", b"mmi.service", b"404"])


@rule
def frames_of_workers_are_byte_for_byte_those_of_the_rfcs():
    heads = {"0.1": ([b"", b"MDPW01"], b"\x02", b"\x03", b"\x04", b"\x05"), "0.2": ([b"MDPW02"], b"\x02", b"\x04", b"\x05", b"\x06")}
    for dialect, (head, request, reply, beat, bye) in heads.items():
        service = served("gold").encode()
        with Worker(end(), service, dialect, ready=False) as w, Client(end()) as c:
            w.send_raw(*head, b"\x01", service)
            same(w.receive_raw(), head + [beat])
            c.send(service, b"one", b"", b"two")
            frames = w.receive_raw()
            while frames == head + [beat]:
                frames = w.receive_raw()
            token = frames[len(head) + 1]
            assert re.fullmatch(rb"[0-9a-f]{32}", token), f"the address is a lease token of 32 hex characters: {token}"
            same(frames, head + [request, token, b"", b"one", b"", b"two"])
            w.send_raw(*head, reply, token, b"", b"done")
            same(c.receive(), (service.decode(), [b"done"], True))
            w.send_raw(*head, reply, b"f" * 32, b"", b"forged")
            frames = w.receive_raw()
            while frames == head + [beat]:
                frames = w.receive_raw()
            same(frames, head + [bye])


@rule
def mmi_knows_its_services_and_nothing_else():
    service = served("mmi")
    with Client(end(), "0.1") as one, Client(end(), "0.2") as two:
        for c in (one, two):
            same(mmi(c, service), "404")
            same(mmi(c, "intake.submit"), "200")
            same(mmi(c, "titanic.request"), "200")
            same(mmi(c, "order.claim"), "404")
            same(mmi(c, "desk.psych"), "404")
            same(mmi(c, "", "mmi.discover"), "501")
        with Served(service):
            same(mmi(one, service), "200")
        gone(service)


@rule
def titanic_keeps_a_request_until_a_worker_comes_and_its_reply_until_it_is_closed():
    service = served("tsp")
    with Client(end()) as c, Client(end(), "0.1") as other:
        code, number = titanic_request(c, service, b"keep", b"this")
        same(code, "200")
        assert re.fullmatch("[0-9a-f]{32}", number), f"an id is 32 hex characters: {number}"
        same(titanic_reply(c, number), ("300", []))
        with Served(service, "0.1", lambda body: [b"kept"] + body):
            same(titanic_wait(other, number), ("200", [b"kept", b"keep", b"this"]))
        same(titanic_reply(c, number), ("200", [b"kept", b"keep", b"this"]))
        same(titanic_close(c, number), "200")
        same(titanic_reply(c, number)[0], "400")
        same(titanic_close(c, number), "200")
        same(titanic_reply(c, "no id")[0], "400")
        same(titanic_request(c, "desk.psych", b"x")[0], "400")
        same(c.request("titanic.more", b"x"), [b"501"])


@rule
def a_titanic_request_outlives_a_killed_router():
    service = served("tsp")
    with Client(end()) as c:
        number = titanic_request(c, service, b"through the night")[1]
    house.restart("router")
    with Served(service), Client(end()) as c:
        same(titanic_wait(c, number), ("200", [b"through the night"]))


@rule
def an_unsealed_request_is_refused_and_leaves_nothing():
    with Client(end()) as c:
        for body in ([b"please help"], [b'{"text":"please help"}'], [b"[]"], [b"{"], [b""], [b'{"a":1}', b"x", b"y", b"z"]):
            answer = c.request("intake.submit", *body)
            same(answer[0], b"400", repr(body))
        same(house.count("SELECT count(*) FROM cases"), 0)


@rule
def what_belongs_to_other_roles_is_refused():
    with Client(end()) as c:
        same(c.request("order.claim", b"{}")[0], b"403")
        same(c.request("intake.open", b"{}")[0], b"403")
        same(c.request("desk.psych", b"{}")[0], b"404")
        same(c.request(served("nobody"), b"x")[0], b"404")


@rule
def reserved_names_cannot_be_registered_on_the_open_socket():
    for dialect in ("0.1", "0.2"):
        for name in ("mmi.service", "desk.psych", "titanic.reply", "intake.submit", "order.next"):
            with Worker(end(), name, dialect) as w:
                same(w.command()[0], "DISCONNECT", name)


@rule
def answers_to_one_client_leave_in_the_order_of_its_requests():
    service = served("slow")
    with Worker(end(), service) as w, Client(end()) as c:
        known(service)
        c.send(service, "first")
        c.send("mmi.service", service)
        c.send("intake.submit", "second is wrong")
        c.send(service, "third")
        address, body = held(w)
        same(body, [b"first"])
        w.reply(address, b"1")
        address, body = held(w)
        same(body, [b"third"])
        w.reply(address, b"3")
        got = [c.receive() for _ in range(4)]
        same([s for s, _, _ in got], [service, "mmi.service", "intake.submit", service])
        same([got[0][1], got[1][1], got[2][1][0], got[3][1]], [[b"1"], [b"200"], b"400", [b"3"]])


@rule
def progress_renews_the_lease_and_reaches_a_client_that_knows_it():
    service = served("long")
    with Worker(end(), service) as w, Client(end()) as c, Client(end(), "0.1") as plain:
        known(service)
        for client, parts in ((c, 12), (plain, 0)):
            client.send(service, "work")
            address, _ = held(w)
            beats = 0
            while beats < 12:  # twice the length of a lease, told by the router's own heartbeats
                same(w.command()[0], "HEARTBEAT")
                beats += 1
                w.partial(address, f"part {beats}")
            w.reply(address, "whole")
            for beat in range(parts):
                same(client.receive(), (service, [f"part {beat + 1}".encode()], False))
            same(client.receive(), (service, [b"whole"], True))


@rule
def a_request_given_back_goes_to_another_worker():
    service = served("back")
    with Worker(end(), service) as first, Client(end()) as c:
        known(service)
        c.send(service, "carry me")
        held(first)
        with Worker(end(), service, "0.1") as second:
            first.disconnect()
            address, body = held(second)
            same(body, [b"carry me"])
            second.reply(address, "carried")
        same(c.receive(), (service, [b"carried"], True))


@rule
def a_worker_that_dies_gives_its_request_back():
    service = served("dies")
    first = Worker(end(), service)
    with Worker(end(), served("other")), Client(end()) as c:
        known(service)
        c.send(service, "carry me")
        held(first)
        first.close(0)
        with Worker(end(), service) as second:
            address, body = held(second)
            same(body, [b"carry me"])
            second.reply(address, "carried")
        same(c.receive(), (service, [b"carried"], True))


@rule
def a_late_answer_is_recorded_and_has_no_effect():
    service = served("late")
    before = house.count("SELECT count(*) FROM audit WHERE act = 'late_answer'")
    with Worker(end(), service) as slow, Client(end()) as c:
        known(service)
        c.send(service, "carry me")
        late, _ = held(slow)
        told_to_go(slow)
        with Worker(end(), service) as second:
            address, _ = held(second)
            slow.reply(late, "too late")
            told_to_go(slow)
            second.reply(address, "in time")
        same(c.receive(), (service, [b"in time"], True))
        house.until_count(before + 1, "SELECT count(*) FROM audit WHERE act = 'late_answer'")
        slow.reply(late, "again")
        told_to_go(slow)
        same(house.count("SELECT count(*) FROM audit WHERE act = 'late_answer'"), before + 1)


@rule
def a_poisonous_request_is_parked_and_its_client_told():
    service = served("poison")
    with Client(end()) as c:
        w = Worker(end(), service)
        known(service)
        c.send(service, "poison")
        for _ in range(3):
            held(w)
            w.close(0)
            w = Worker(end(), service)
        named, body, final = c.receive(10)
        same((named, body[0], final), (service, b"503", True))
        same(house.count("SELECT count(*) FROM jobs WHERE service = ? AND state = 'parked' AND attempts = 3", service), 1)
        c.send(service, "wholesome")
        address, body = held(w)
        same(body, [b"wholesome"])
        w.reply(address, "done")
        same(c.receive(), (service, [b"done"], True))
        w.close()


@rule
def an_idle_worker_that_is_silent_is_forgotten():
    service = served("mute")
    with Worker(end(), service) as w:
        known(service)
        told_to_go(w)
    gone(service)


@rule
def a_worker_that_registers_again_keeps_no_old_request():
    service = served("twice")
    with Worker(end(), service) as w, Client(end()) as c:
        known(service)
        c.send(service, "one")
        old, _ = held(w)
        w.ready()
        address, body = held(w)
        same(body, [b"one"])
        assert old != address, "the same lease came twice"
        w.reply(address, "done")
        same(c.receive(), (service, [b"done"], True))


GARBAGE = [
    [b""], [b"\0"], [b"MDPC02"], [b"MDPC02", b"\x01"], [b"MDPC02", b"\x09", b"echo", b"x"], [b"MDPC03", b"\x01", b"echo", b"x"],
    [b"", b"MDPC01"], [b"", b"MDPC02", b"\x01", b"echo", b"x"], [b"MDPC01", b"echo", b"x"], [b"MDPC02", b"\x01", b"", b"x"],
    [b"MDPC02", b"\x01", b"a" * 300, b"x"], [b"MDPC02", b"\x01", b"sp ace", b"x"], [b"MDPC02", b"\x01", b"nul\0", b"x"],
    [b"MDPW02", b"\x01"], [b"MDPW02", b"\x03", b"x"], [b"MDPW02", b"\x04", b"x", b"y", b"z"], [b"MDPW02", b"\xff"], [b"MDPW02", b"\x02", b"t", b"", b"x"],
    [b"", b"MDPW01", b"\x03", b"t"], [b"", b"", b"MDPC01", b"echo", b"x"],
]


@rule
def frames_that_mean_nothing_change_nothing_and_hurt_nobody():
    cases, jobs = (house.count(f"SELECT count(*) FROM {t}") for t in ("cases", "jobs"))
    for frames in GARBAGE:
        with Client(end()) as c:
            c.send_raw(*frames)
            c.socket.poll(0)
    all_well()
    same((house.count("SELECT count(*) FROM cases"), house.count("SELECT count(*) FROM jobs")), (cases, jobs + 1))


@rule
def a_frame_or_a_message_too_big_is_dropped_and_hurts_nobody():
    with Client(end()) as big, Client(end()) as many, Client(end()) as heavy:
        big.send("intake.submit", b"{}", b"x" * (300 * 1024))
        many.send("intake.submit", *([b"x"] * 40))
        many.send("intake.submit", *([b""] * 20000))
        heavy.send("intake.submit", b"{}", *([b"x" * (250 * 1024)] * 6))
        all_well()
        same(many.request("mmi.service", "nobody"), [b"404"])


@rule
def a_peer_that_sends_only_noise_is_ignored_in_the_end():
    with Client(end()) as c:
        for _ in range(40):
            c.send_raw(b"noise")
        c.send("mmi.service", "nobody")
        all_well()
        same(c.socket.poll(0), 0)
    lines = house.said("router").count("frames_refused")
    assert lines < 60, f"{lines} lines about bad frames: a flood must not fill the log"


@rule
def a_second_client_with_the_same_identity_does_not_get_the_answers_of_the_first():
    service = served("twin")
    with Worker(end(), service) as w:
        known(service)
        first, second = (zmq.Context.instance().socket(zmq.DEALER) for _ in range(2))
        try:
            for s in (first, second):
                s.setsockopt(zmq.IDENTITY, b"twin")
            first.connect(end())
            first.send_multipart([b"MDPC02", b"\x01", service.encode(), b"mine"])
            address, _ = held(w)
            second.connect(end())
            second.send_multipart([b"MDPC02", b"\x01", b"mmi.service", b"nobody"])
            w.reply(address, "yours")
            same(first.poll(5000), zmq.POLLIN)
            same(first.recv_multipart()[-1], b"yours")
            same(second.poll(0), 0)
        finally:
            first.close(0)
            second.close(0)


@rule
def a_router_that_stops_tells_those_who_wait_and_leaves_in_time():
    service = served("stop")
    with Worker(end(), service) as w, Client(end()) as c:
        known(service)
        c.send(service, "wait for me")
        held(w)
        same(house.kill("router", 15), 0)
        same(c.receive()[1][0], b"503")
    assert "drain_late" not in house.said("router"), "the router did not drain by itself"
    house.start("router")
    all_well()


with house:
    status = rules(found)
sys.exit(status)
