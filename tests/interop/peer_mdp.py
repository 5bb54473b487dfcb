#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A Majordomo peer written from the RFCs alone (7/MDP 0.1, 18/MDP 0.2, 8/MMI, 9/TSP), knowing nothing of our code.

As a library (Debian's python3-zmq: run with /usr/bin/python3):
  Client(endpoint, dialect)           dialect "0.1" or "0.2"; a DEALER; request() / send() / receive()
  ReqClient(endpoint)                 a REQ socket, as RFC 7 pictures the client of MDP 0.1
  Worker(endpoint, service, dialect)  receive() gives (address, body); reply(), partial(), heartbeat(), disconnect()
  mmi(), titanic_request(), titanic_reply(), titanic_close()   with any of the clients
As a program, for tests in other languages:
  peer_mdp.py client ENDPOINT DIALECT SERVICE BODY...      prints the reply's frames, one line of JSON text each
  peer_mdp.py worker ENDPOINT DIALECT SERVICE [COUNT]      answers COUNT requests (default: all) with their own body
  peer_mdp.py self-test                                    client and worker against a broker of thirty lines
Timeouts are in seconds; a peer that hears nothing raises TimeoutError.
"""
import json
import shutil
import sys
import tempfile
import threading
import time

import zmq

EMPTY = b""
CLIENT_HEADER = {"0.1": b"MDPC01", "0.2": b"MDPC02"}
WORKER_HEADER = {"0.1": b"MDPW01", "0.2": b"MDPW02"}
# RFC 18, client commands. MDP 0.1 has none.
C_REQUEST, C_PARTIAL, C_FINAL = b"\x01", b"\x02", b"\x03"
WORKER_COMMANDS = {
    "0.1": {"READY": b"\x01", "REQUEST": b"\x02", "REPLY": b"\x03", "HEARTBEAT": b"\x04", "DISCONNECT": b"\x05"},
    "0.2": {"READY": b"\x01", "REQUEST": b"\x02", "PARTIAL": b"\x03", "REPLY": b"\x04", "HEARTBEAT": b"\x05",
            "DISCONNECT": b"\x06"},
}


class ProtocolError(Exception):
    """The other side sent frames the RFC does not know."""


class Disconnected(Exception):
    """The broker told this worker to go (DISCONNECT)."""


def as_bytes(value):
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def expect(condition, what, frames):
    if not condition:
        raise ProtocolError(f"{what}: {frames!r}")


class Peer:
    """One connected socket with a poll; the context is pyzmq's own."""

    def __init__(self, kind, endpoint, curve=None):
        self.socket = zmq.Context.instance().socket(kind)
        self.socket.setsockopt(zmq.LINGER, 1000)
        self.socket.setsockopt(zmq.IPV6, 1)
        if curve:  # (public, secret, server public), Z85
            self.socket.curve_publickey, self.socket.curve_secretkey, self.socket.curve_serverkey = map(as_bytes, curve)
        self.socket.connect(endpoint)

    def send_raw(self, *frames):
        """Any frames at all, for tests of bad input."""
        self.socket.send_multipart([as_bytes(f) for f in frames])

    def receive_raw(self, timeout=5.0):
        if not self.socket.poll(int(timeout * 1000), zmq.POLLIN):
            raise TimeoutError(f"nothing came within {timeout} s")
        return self.socket.recv_multipart()

    def close(self, linger_ms=1000):
        self.socket.close(linger_ms)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()


class Client(Peer):
    """MDP has no correlation: replies come in the order of the requests, and each names its service."""

    def __init__(self, endpoint, dialect="0.2", curve=None):
        super().__init__(zmq.DEALER, endpoint, curve)
        self.dialect = dialect

    def send(self, service, *body):
        frames = [CLIENT_HEADER[self.dialect]] + ([C_REQUEST] if self.dialect == "0.2" else [])
        frames += [as_bytes(service)] + [as_bytes(b) for b in body]
        self.socket.send_multipart(([EMPTY] if self.dialect == "0.1" else []) + frames)

    def receive(self, timeout=5.0):
        """Gives (service, body frames, final). MDP 0.1 knows final replies only."""
        frames = self.receive_raw(timeout)
        rest = list(frames)
        if self.dialect == "0.1":
            expect(rest and rest.pop(0) == EMPTY, "a 0.1 reply begins with an empty frame", frames)
        expect(rest and rest.pop(0) == CLIENT_HEADER[self.dialect], "the header of the client's dialect", frames)
        command = rest.pop(0) if self.dialect == "0.2" and rest else C_FINAL
        expect(command in (C_PARTIAL, C_FINAL), "a reply is PARTIAL or FINAL", frames)
        expect(len(rest) >= 2, "a reply has a service and a body", frames)
        return rest[0].decode(), rest[1:], command == C_FINAL

    def request(self, service, *body, timeout=5.0):
        """Sends and waits; gives the frames of all PARTIAL replies and the FINAL one, in order."""
        self.send(service, *body)
        got, final = [], False
        while not final:
            named, frames, final = self.receive(timeout)
            expect(named == service, f"the reply is for {service}", [named] + frames)
            got += frames
        return got


class ReqClient(Peer):
    """REQ adds and removes the empty frame of MDP 0.1 by itself."""

    dialect = "0.1"

    def __init__(self, endpoint, curve=None):
        super().__init__(zmq.REQ, endpoint, curve)

    def request(self, service, *body, timeout=5.0):
        self.socket.send_multipart([CLIENT_HEADER["0.1"], as_bytes(service)] + [as_bytes(b) for b in body])
        frames = self.receive_raw(timeout)
        expect(len(frames) >= 3 and frames[0] == CLIENT_HEADER["0.1"], "a 0.1 reply", frames)
        expect(frames[1] == as_bytes(service), f"the reply is for {service}", frames)
        return frames[2:]


class Worker(Peer):
    """READY is sent at once. receive() beats while it waits, as the RFC asks of an idle worker."""

    def __init__(self, endpoint, service, dialect="0.2", curve=None, ready=True, beat=1.0):
        super().__init__(zmq.DEALER, endpoint, curve)
        self.dialect, self.service, self.beat = dialect, service, beat
        self.heard_at = time.monotonic()
        self.beats_heard = 0
        if ready:
            self.ready()

    def say(self, command, *frames):
        head = [EMPTY] if self.dialect == "0.1" else []
        head += [WORKER_HEADER[self.dialect], WORKER_COMMANDS[self.dialect][command]]
        self.socket.send_multipart(head + [as_bytes(f) for f in frames])

    def ready(self):
        self.say("READY", self.service)

    def heartbeat(self):
        self.say("HEARTBEAT")

    def disconnect(self):
        """Also how a request that is held is given back."""
        self.say("DISCONNECT")

    def partial(self, address, *body):
        self.say("PARTIAL", address, EMPTY, *body)

    def reply(self, address, *body):
        self.say("REPLY", address, EMPTY, *body)

    def command(self, timeout=5.0):
        """The next command, whatever it is: (name, frames behind the command)."""
        frames = self.receive_raw(timeout)
        self.heard_at = time.monotonic()
        rest = list(frames)
        if self.dialect == "0.1":
            expect(rest and rest.pop(0) == EMPTY, "a 0.1 command begins with an empty frame", frames)
        expect(rest and rest.pop(0) == WORKER_HEADER[self.dialect], "the header of the worker's dialect", frames)
        names = {code: name for name, code in WORKER_COMMANDS[self.dialect].items()}
        expect(rest and rest[0] in names, "a known command", frames)
        return names[rest[0]], rest[1:]

    def receive(self, timeout=5.0):
        """The next request as (address, body frames); raises Disconnected when told to go."""
        until = time.monotonic() + timeout
        while True:
            try:
                name, rest = self.command(max(0.0, min(self.beat, until - time.monotonic())))
            except TimeoutError:
                if time.monotonic() >= until:
                    raise
                self.heartbeat()
                continue
            if name == "DISCONNECT":
                raise Disconnected()
            if name == "HEARTBEAT":
                expect(not rest, "a heartbeat is alone", rest)
                self.beats_heard += 1
                continue
            expect(name == "REQUEST" and len(rest) >= 3 and rest[1] == EMPTY, "a request", [name] + rest)
            return rest[0], rest[2:]

    def serve(self, answer, count=None, timeout=5.0):
        """Answers requests with the frames answer(body) gives, until count is reached."""
        done = 0
        while count is None or done < count:
            address, body = self.receive(timeout)
            self.reply(address, *answer(body))
            done += 1


def mmi(client, service, about="mmi.service", timeout=5.0):
    """8/MMI: "200" when a worker serves it, "404" when not, "501" for what the broker does not know."""
    return client.request(about, service, timeout=timeout)[0].decode()


def titanic_request(client, service, *body, timeout=5.0):
    """9/TSP: gives (status, id); id is None when refused."""
    reply = client.request("titanic.request", service, *body, timeout=timeout)
    return reply[0].decode(), reply[1].decode() if len(reply) > 1 else None


def titanic_reply(client, request_id, timeout=5.0):
    """(status, body frames): "200" with the reply, "300" not yet, "400" unknown."""
    reply = client.request("titanic.reply", request_id, timeout=timeout)
    return reply[0].decode(), reply[1:]


def titanic_close(client, request_id, timeout=5.0):
    return client.request("titanic.close", request_id, timeout=timeout)[0].decode()


def titanic_wait(client, request_id, timeout=10.0):
    """Asks until there is a reply."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        status, body = titanic_reply(client, request_id)
        if status != "300":
            return status, body
        time.sleep(0.05)
    raise TimeoutError(f"titanic had no reply within {timeout} s")


def small_broker(socket, stop):
    """Enough of a broker for the self-test: one worker a service, no heartbeats, both dialects, no state kept."""
    workers, waiting = {}, {}
    while not stop.is_set():
        if not socket.poll(50):
            continue
        sender, *frames = socket.recv_multipart()
        empty = [frames.pop(0)] if frames[0] == EMPTY else []
        dialect = "0.1" if empty else "0.2"
        if frames[0] == CLIENT_HEADER[dialect]:
            service, *body = frames[1 if empty else 2:]
            if service == b"mmi.service":
                status = b"200" if body[0] in workers else b"404"
                head = [] if empty else [C_FINAL]
                socket.send_multipart([sender] + empty + [CLIENT_HEADER[dialect]] + head + [service, status])
                continue
            worker, wd = workers[service]
            waiting[sender] = (dialect, service)
            socket.send_multipart([worker] + ([EMPTY] if wd == "0.1" else []) +
                                  [WORKER_HEADER[wd], WORKER_COMMANDS[wd]["REQUEST"], sender, EMPTY] + body)
        elif frames[1] == WORKER_COMMANDS[dialect]["READY"]:
            workers[frames[2]] = (sender, dialect)
        elif frames[1] in (WORKER_COMMANDS[dialect]["REPLY"], WORKER_COMMANDS[dialect].get("PARTIAL")):
            client, _, *body = frames[2:]
            cd, service = waiting[client]
            final = frames[1] == WORKER_COMMANDS[dialect]["REPLY"]
            head = [] if cd == "0.1" else [C_FINAL if final else C_PARTIAL]
            socket.send_multipart([client] + ([EMPTY] if cd == "0.1" else []) + [CLIENT_HEADER[cd]] + head +
                                  [service] + body)


def self_test():
    directory = tempfile.mkdtemp()
    endpoint = f"ipc://{directory}/s"
    router = zmq.Context.instance().socket(zmq.ROUTER)
    router.bind(endpoint)
    stop = threading.Event()
    broker = threading.Thread(target=small_broker, args=(router, stop))
    broker.start()
    passed = 0
    try:
        for wd in ("0.1", "0.2"):
            with Worker(endpoint, f"echo-{wd}", wd) as worker:
                server = threading.Thread(target=worker.serve, args=(lambda body: [b"200"] + body, 3))
                server.start()
                for client in (Client(endpoint, "0.1"), Client(endpoint, "0.2"), ReqClient(endpoint)):
                    with client:
                        while mmi(client, f"echo-{wd}") != "200":
                            time.sleep(0.01)
                        assert mmi(client, "nobody") == "404"
                        assert client.request(f"echo-{wd}", b"a\0b", "") == [b"200", b"a\0b", b""]
                        passed += 1
                server.join()
        with Worker(endpoint, "parts", "0.2") as worker, Client(endpoint, "0.2") as client:
            while mmi(client, "parts") != "200":
                time.sleep(0.01)
            client.send("parts", "x")
            address, _ = worker.receive()
            worker.partial(address, "one")
            worker.reply(address, "two")
            assert [client.receive(), client.receive()] == [("parts", [b"one"], False), ("parts", [b"two"], True)]
            passed += 1
    finally:
        stop.set()
        broker.join()
        router.close(0)
        shutil.rmtree(directory)
    print(f"{passed} passed")


def main(args):
    if args[:1] == ["client"] and len(args) >= 5:
        with Client(args[1], args[2]) as client:
            for frame in client.request(args[3], *args[4:]):
                print(json.dumps(frame.decode(errors="backslashreplace"), ensure_ascii=False))
    elif args[:1] == ["worker"] and len(args) in (4, 5):
        with Worker(args[1], args[3], args[2]) as worker:
            worker.serve(lambda body: body, int(args[4]) if len(args) == 5 else None, timeout=3600)
    elif args == ["self-test"]:
        self_test()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
