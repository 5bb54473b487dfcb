#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The bus on tcp with CURVE: our own rooms connect with the keys of their key files and nothing else configured; foreign peers by a key of
the configuration; an unknown key, and a right key in a wrong role, are refused. `test_curve.py BUILD`. Prints TAP.
"""
import os
import subprocess
import sys

import zmq
from zmq.utils import z85 as z85_text

from bus_house import RouterHouse, gather, until
from drive import Caller, Counselor, Figures, reply_to
from house import Raw, free_ports, rules
from peer_mdp import Client, Worker, mmi

BUILD = sys.argv[1]
ROLES = ("intake", "web", "worker", "open", "hints")
found, rule = gather()
figures = Figures()
foreign, stranger, web_key = (zmq.curve_keypair() for _ in range(3))
ends = {role: f"tcp://127.0.0.1:{port}" for role, port in zip(ROLES, free_ports(len(ROLES)))}


def keys(*rows):
    return Raw("( " + ", ".join(f'{{ public = "{public.decode()}"; role = "{role}"; }}' for public, role in rows) + " )")


house = RouterHouse(BUILD, {"bus": {**ends, "keys": keys((foreign[0], "open"), (web_key[0], "web"))}}, ends)
house.wanted = ("router", "worker", "intake", "web")


def same(got, wanted, what=""):
    assert got == wanted, f"{what}: got {got!r}, wanted {wanted!r}"


def z85(name):
    """The newest public half of that name in keys/public, as libzmq writes it."""
    with open(os.path.join(house.data, "keys", "public"), encoding="utf-8") as f:
        rows = [line.split() for line in f if line.startswith(name + " ")]
    return z85_text.encode(bytes.fromhex(max(rows, key=lambda r: int(r[1]))[2]))


def peer(role, pair):
    return Client(house.endpoint(role), curve=(pair[0], pair[1], z85("curve:router")))


def silent(client):
    """Nothing that is sent arrives: the handshake fails, again and again."""
    client.send("mmi.service", "intake.service")
    before = house.said("router").count("curve_refused")
    until(lambda: house.said("router").count("curve_refused") > before or client.socket.poll(0), "a refusal")
    same(client.socket.poll(0), 0, "an answer to a key that was refused")


@rule
def the_whole_house_works_with_the_keys_of_its_key_files():
    done, second = {}, []
    caller = Caller(house.portal.port, figures)
    answer = caller.submit("班里的同学总是笑我，我不想去上学了。", desk="psych")
    counselor = Counselor(house.console_port, "psych1", figures, done, second)
    until(counselor.serve_one, "a case")
    same([m["text"] for m in caller.back(answer["ticket"], answer["receipt"])["messages"]], [reply_to(answer["ticket"])])
    person = house.sign_in("psych1")
    same(person.get("/api/v1/me")[0], 200)


@rule
def the_endpoints_are_tcp_and_nothing_lies_in_run():
    same([f for f in os.listdir(os.path.join(house.data, "run")) if f.endswith(".sock")], [])


@rule
def a_right_key_in_its_role_works():
    with peer("open", foreign) as c:
        same(mmi(c, "intake.submit"), "200")
        same(c.request("order.claim", b"{}")[0], b"403")
    with peer("web", web_key) as c:
        same(mmi(c, "order.claim"), "200")


@rule
def an_unknown_key_is_refused():
    for role in ("intake", "web", "worker", "open"):
        with peer(role, stranger) as c:
            silent(c)


@rule
def a_right_key_in_a_wrong_role_is_refused():
    for role, pair in (("web", foreign), ("intake", foreign), ("worker", foreign), ("open", web_key), ("intake", web_key)):
        with peer(role, pair) as c:
            silent(c)


@rule
def no_key_at_all_is_refused():
    with Client(house.endpoint("open")) as c:
        c.send("mmi.service", "intake.submit")
        with peer("open", foreign) as other:  # a whole round trip later there is still nothing
            for _ in range(20):
                same(mmi(other, "intake.submit"), "200")
        same(c.socket.poll(0), 0)


@rule
def hints_are_for_the_front_ends_only():
    heard = {}
    for name, pair in (("web", web_key), ("open", foreign)):
        s = zmq.Context.instance().socket(zmq.SUB)
        s.curve_publickey, s.curve_secretkey, s.curve_serverkey = pair[0], pair[1], z85("curve:router")
        s.setsockopt(zmq.SUBSCRIBE, b"")
        s.setsockopt(zmq.LINGER, 0)
        s.connect(house.endpoint("hints"))
        heard[name] = s
    caller = Caller(house.portal.port, figures)

    def told():
        caller.submit("想问问转学的事。")
        return heard["web"].poll(50)
    until(told, "a hint")
    same(heard["open"].poll(0), 0)
    for s in heard.values():
        s.close()


@rule
def a_worker_of_a_foreign_service_works_over_tcp():
    with Worker(house.endpoint("open"), "echo", curve=(foreign[0], foreign[1], z85("curve:router")), beat=0.1) as w, peer("open", foreign) as c:
        until(lambda: mmi(c, "echo") == "200", "the worker")
        c.send("echo", "there and back")
        address, body = w.receive()
        w.reply(address, *body)
        same(c.receive(), ("echo", [b"there and back"], True))


@rule
def a_turned_key_replaces_the_one_before():
    done = subprocess.run([os.path.join(BUILD, "keys", "keys"), "--config", house.config, "--data", house.data, "--turn", "curve.worker.psych"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    same(done.returncode, 0, done.stdout)
    with open(os.path.join(house.data, "keys", "public"), encoding="utf-8") as f:
        same(sum(line.startswith("curve:worker.psych ") for line in f), 2)
    house.restart("router")
    house.restart("worker.psych")
    house.wait_ready()
    with peer("web", web_key) as c:
        until(lambda: b'"psych":2' in b"".join(c.request("intake.service", b"{}")).replace(b" ", b""), "the worker with its new key")


with house:
    status = rules(found)
sys.exit(status)
