# SPDX-License-Identifier: Apache-2.0
"""A person at the console's JSON API, for whole tests: signing in, writes with version and idempotency key, and event
streams.

    psych = Person(house.console_port).sign_in("psych1")
    case = psych.ok(200, psych.post("/cases/next"))
"""
import http.client
import json
import socket
import threading
import time

from house import PASSWORD, PATIENCE_S


class Answer(tuple):
    """(status, body); the headers beside, by lower-case name."""
    headers = {}


class Person:
    def __init__(self, port):
        self.port, self.cookie, self.csrf, self.me, self.line = port, None, None, None, None

    def sign_in(self, user, password=PASSWORD, **more):
        answer = self.try_sign_in(user, password, **more)
        assert answer[0] == 201, f"{user} could not sign in: {answer}"
        return self

    def try_sign_in(self, user, password=PASSWORD, **more):
        answer = self.call("POST", "/session", {"user": user, "password": password, **more})
        if answer[0] == 201:
            self.csrf, self.me = answer[1]["csrf"], answer[1]["me"]
        return answer

    def call(self, method, path, body=None, headers=None, raw=None):
        """(status, JSON or text). path: below /api/v1, or whole."""
        h = {"Cookie": f"qt={self.cookie}"} if self.cookie else {}
        if method not in ("GET", "HEAD") and self.csrf:
            h["X-CSRF-Token"] = self.csrf
        if body is not None:
            raw = json.dumps(body, ensure_ascii=False).encode()
            h["Content-Type"] = "application/json"
        h.update(headers or {})
        h = {k: v for k, v in h.items() if v is not None}
        whole = path.startswith(("/api/", "/assets/")) or path in ("/", "/healthz", "/favicon.svg")
        return self.send(method, path if whole else "/api/v1" + path, raw, h)

    def send(self, method, path, data, headers, again=True):
        if not self.line:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            self.line.request(method, path, data, headers)
            r = self.line.getresponse()
            text = r.read()
        except (OSError, http.client.HTTPException):
            self.line.close()
            self.line = None
            if not again:
                raise
            return self.send(method, path, data, headers, False)
        for name, value in r.getheaders():
            if name.lower() == "set-cookie":
                self.cookie = value.split(";")[0].partition("=")[2] or None
        try:
            body = json.loads(text) if text else None
        except ValueError:
            body = text.decode(errors="replace")
        answer = Answer((r.status, body))
        answer.headers = {k.lower(): v for k, v in r.getheaders()}
        return answer

    def get(self, path, headers=None):
        return self.call("GET", path, headers=headers)

    def post(self, path, body=None, version=None, key=None, headers=None):
        h = dict(headers or {})
        if version is not None:
            h["If-Match"] = version if version == "*" else f'"{version}"'
        if key:
            h["Idempotency-Key"] = key
        return self.call("POST", path, {} if body is None else body, h)

    def put(self, path, body):
        return self.call("PUT", path, body)

    def patch(self, path, body):
        return self.call("PATCH", path, body)

    def delete(self, path):
        return self.call("DELETE", path)

    def case(self, ticket):
        return self.ok(200, self.get(f"/cases/{ticket}"))

    def list(self, view, **filters):
        query = "&".join(f"{k}={v}" for k, v in {"view": view, **filters}.items())
        return self.ok(200, self.get(f"/cases?{query}"))

    def tickets(self, view, **filters):
        return [row["ticket"] for row in self.list(view, **filters)["items"]]

    @staticmethod
    def ok(status, answer):
        """The body of an answer that must have this status."""
        said = json.dumps(answer[1], ensure_ascii=False)[:500]
        assert answer[0] == status, f"status {answer[0]}, wanted {status}: {said}"
        return answer[1]

    @staticmethod
    def refused(status, code, answer):
        """The problem document of a refusal."""
        problem = Person.ok(status, answer)
        assert problem["type"] == f"/problems/{code}", f"problem {problem}, wanted {code}"
        return problem

    def events(self, last=None):
        return Events(self.port, self.cookie, last)


class Events:
    """A stream of server-sent events, read by a thread; each is (event, data, id)."""

    def __init__(self, port, cookie, last=None):
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        headers = {"Cookie": f"qt={cookie}", "Accept": "text/event-stream"}
        if last:
            headers["Last-Event-ID"] = last
        self.line.request("GET", "/api/v1/events", headers=headers)
        self.socket = self.line.sock
        self.answer = self.line.getresponse()
        self.status, self.seen, self.ended, self.news = self.answer.status, [], False, threading.Condition()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        block = {}
        try:
            for raw in self.answer:
                line = raw.decode().rstrip("\n")
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    block[name] = value
                elif block:
                    self.take(block)
                    block = {}
        except (OSError, ValueError, http.client.HTTPException, AttributeError):
            pass
        with self.news:
            self.ended = True
            self.news.notify_all()

    def take(self, block):
        with self.news:
            self.seen.append((block.get("event"), json.loads(block["data"]), block.get("id")))
            self.news.notify_all()

    def wait(self, fits, what="an event", patience_s=PATIENCE_S):
        """The first event, of those that came or will come, that fits."""
        end, at = time.monotonic() + patience_s, 0
        with self.news:
            while True:
                for event in self.seen[at:]:
                    if fits(*event[:2]):
                        return event
                at = len(self.seen)
                if self.ended or not self.news.wait(max(0.001, end - time.monotonic())):
                    raise AssertionError(f"{what} did not come; {[(e, d.get('kind')) for e, d, _ in self.seen]} did")

    def wait_end(self, patience_s=PATIENCE_S):
        with self.news:
            assert self.news.wait_for(lambda: self.ended, patience_s), "the stream did not end"

    def last_id(self):
        return next((i for _, _, i in reversed(self.seen) if i), None)

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join(PATIENCE_S)
