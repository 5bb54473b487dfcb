# SPDX-License-Identifier: Apache-2.0
"""One caller at the portal, as far as HTTP goes: the JSON API with its Bearer token, and pages with forms and one cookie. A request is
one connection unless said, so that a killed intake costs nothing but a new attempt. Python's standard library only.
"""
import html.parser
import http.client
import json
import urllib.parse
import uuid

from house import PATIENCE_S


def status(answer, wanted, what=""):
    """The body of an answer that must have this status."""
    assert answer[0] == wanted, f"{what}: status {answer[0]}, wanted {wanted}: {json.dumps(answer[1], ensure_ascii=False)[:500]}"
    return answer[1]


def refused(answer, wanted, code, part=""):
    """The sentence of a refusal: a problem document of that code, and in its sentence that part."""
    problem = status(answer, wanted, code)
    assert problem["type"] == f"/problems/{code}" and problem["status"] == wanted and problem["title"], problem
    assert part in problem["detail"], f"{problem['detail']!r} does not say {part!r}"
    return problem


class Portal:
    def __init__(self, port):
        self.port, self.token, self.cookie = port, None, None

    def raw(self, method, path, body=None, headers=None, timeout=PATIENCE_S):
        """(status, headers, bytes)"""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            c.request(method, path, body, headers or {})
            r = c.getresponse()
            return r.status, r.headers, r.read()
        finally:
            c.close()

    def call(self, method, path, body=None, headers=None, raw=None):
        """(status, JSON)"""
        h = dict(headers or {})
        if self.token:
            h.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None:
            raw = json.dumps(body, ensure_ascii=False).encode()
        if raw is not None:
            h.setdefault("Content-Type", "application/json")
        code, _, text = self.raw(method, "/api/v1" + path, raw, h)
        return code, json.loads(text) if text else None

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def post(self, path, body=None, key=None, **more):
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, {} if body is None and "raw" not in more else body, headers=headers, **more)

    def submit(self, text, key=None, **facts):
        """The answer of a request that must be taken."""
        return status(self.post("/requests", {"text": text, **facts}, key), 201, "submit")

    def track(self, ticket, receipt):
        """A caller of their own who has come back."""
        answer = status(self.post("/track", {"ticket": ticket, "receipt": receipt}), 200, "track")
        back = Portal(self.port)
        back.token = answer["token"]
        return back

    def ticket(self):
        return status(self.get("/ticket"), 200, "ticket")

    def stream(self, path):
        return Stream(self.port, "/api/v1" + path, self.token)

    # ---- pages

    def page(self, path, fields=None):
        """GET, or POST of a form. A Page; the cookie is kept as a browser would."""
        headers = {"Cookie": f"qtc={self.cookie}"} if self.cookie else {}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(fields)
        code, got, text = self.raw("GET" if fields is None else "POST", path, body, headers)
        for cookie in got.get_all("Set-Cookie") or []:
            if cookie.startswith("qtc="):
                self.cookie = cookie.split(";")[0][4:] or None
        return Page(self, code, got, text.decode())


class Stream:
    """Server-sent events, read as they come."""

    def __init__(self, port, path, token):
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        self.line.request("GET", path, headers={"Authorization": f"Bearer {token}", "Accept": "text/event-stream"})
        self.answer = self.line.getresponse()
        assert self.answer.status == 200 and self.answer.headers["Content-Type"] == "text/event-stream", self.answer.status

    def next(self, event=None):
        """The next event (of that name): event, data, id."""
        block = {}
        for raw in self.answer:
            line = raw.decode().rstrip("\n")
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                block[name] = json.loads(value) if name == "data" else value
            elif block:
                if event in (None, block["event"]):
                    return block
                block = {}
        raise AssertionError(f"the stream ended without {event or 'an event'}")

    def close(self):
        self.answer.close()
        self.line.close()


class Page(html.parser.HTMLParser):
    """An answer of the portal for people: its words, its forms with what they would send."""

    def __init__(self, portal, code, headers, text):
        super().__init__()
        self.portal, self.status, self.headers, self.html = portal, code, headers, text
        self.forms, self.words, self.links, self.ids = [], [], [], {}
        self._area = self._id = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self._id = a.get("id")
        if tag == "form":
            self.forms.append({"action": a["action"], "fields": {}})
        elif tag == "a":
            self.links.append(a.get("href"))
        elif self.forms and a.get("name") and tag in ("input", "textarea"):
            kind = a.get("type", "text")
            if kind != "radio" or "checked" in a:
                self.forms[-1]["fields"][a["name"]] = a.get("value", "")
            if tag == "textarea":
                self._area = a["name"]

    def handle_endtag(self, tag):
        self._id = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data):
        if self._area:
            had = self.forms[-1]["fields"][self._area]
            self.forms[-1]["fields"][self._area] = had + data if had else data.removeprefix("\n")  # as HTML says of a textarea
        elif data.strip():
            self.words.append(data.strip())
        if self._id:
            self.ids[self._id] = self.ids.get(self._id, "") + data

    def send(self, action, **fields):
        """Sends the form of that action with what stands in it and these fields."""
        form = next(f for f in self.forms if f["action"] == action)
        return self.portal.page(action, {**form["fields"], **fields})

    def says(self, text):
        return text in " ".join(self.words)


def new_key():
    return str(uuid.uuid4())
