# SPDX-License-Identifier: Apache-2.0
"""A whole house for a test: founded in a directory of its own, on ports the kernel gives, with the lowest lawful password costs.

    with House(build) as house:
        status, answer = house.portal.post("/api/v1/requests", {"text": "…"})

Nothing sleeps for a fixed time: what has to come is asked for until it is there, or PATIENCE_S is over. `rules(…)` runs functions as
TAP: a function's name is the rule it shows. Tests in other languages start `house.py serve BUILD`: see serve() at the end.
"""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATIENCE_S = 20
PASSWORD = "listen-12355-demo"  # of the demo staff, as published
LOW_COSTS = {
    "keys": {"password_memory": "8KiB", "password_passes": 1, "receipt_memory": "8KiB", "receipt_passes": 1},
    "bus": {"worker_sockets": 2, "retry": "50ms"},
}


def until(ask, what, patience_s=PATIENCE_S):
    """The first true answer of ask()."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come within {patience_s} s")


def free_ports(count):
    held = [socket.socket() for _ in range(count)]
    for s in held:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def libconfig(tree, indent=""):
    """A dict as the text of a configuration file."""
    lines = []
    for name, value in tree.items():
        if isinstance(value, dict):
            lines.append(f"{indent}{name} :\n{indent}{{\n{libconfig(value, indent + '  ')}{indent}}};\n")
        else:
            lines.append(f"{indent}{name} = {value if isinstance(value, Raw) else json.dumps(value, ensure_ascii=False)};\n")
    return "".join(lines)


class Raw(str):
    """A value already in the words of libconfig."""


def merged(*trees):
    out = {}
    for tree in trees:
        for name, value in tree.items():
            out[name] = merged(out.get(name, {}), value) if isinstance(value, dict) else value
    return out


class Door:
    """One HTTP listener; a connection for each request unless one is kept."""

    def __init__(self, port):
        self.port = port
        self.headers = {}

    def raw(self, method, path, body=None, headers=None):
        """(status, headers, bytes)"""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            c.request(method, path, body=body, headers={**self.headers, **(headers or {})})
            answer = c.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            c.close()

    def call(self, method, path, body=None, headers=None):
        """(status, JSON)"""
        headers = dict(headers or {})
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, (bytes, str)) else json.dumps(body, ensure_ascii=False)
            body = body.encode() if isinstance(body, str) else body
        status, _, text = self.raw(method, path, body, headers)
        return status, json.loads(text) if text else None

    def get(self, path, headers=None):
        return self.call("GET", path, None, headers)

    def post(self, path, body=None, headers=None):
        return self.call("POST", path, {} if body is None else body, headers)


class Console(Door):
    """A person signed in at the console."""

    def __init__(self, port, user, password=PASSWORD):
        super().__init__(port)
        status, headers, text = self.raw("POST", "/api/v1/session", json.dumps({"user": user, "password": password}).encode(),
                                         {"Content-Type": "application/json"})
        assert status == 201, f"{user} could not sign in: {status} {text[:200]}"
        self.headers = {"Cookie": headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": json.loads(text)["csrf"]}


class House:
    def __init__(self, build, config=None, desks=("psych", "legal", "social"), programs=("router", "worker", "intake", "web"), demo=True):
        self.build, self.desks, self.wanted, self.demo = build, desks, programs, demo
        self.dir = tempfile.mkdtemp(prefix="qt-")
        self.data = os.path.join(self.dir, "d")
        portal, console, portal_ops, console_ops = free_ports(4)
        own = {"etc_dir": os.path.join(ROOT, "etc"), "portal": {"listen": f"127.0.0.1:{portal}", "ops_port": portal_ops},
               "console": {"listen": f"127.0.0.1:{console}", "ops_port": console_ops}}
        self.config = os.path.join(self.dir, "house.conf")
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(libconfig(merged(own, LOW_COSTS, config or {})))
        self.portal, self.ops = Door(portal), Door(portal_ops)
        self.console_port, self.console_ops = console, Door(console_ops)
        self.running = {}

    def __enter__(self):
        try:
            self.found()
            self.start_all()
        except BaseException:
            self.stop()
            print(self.said(), file=sys.stderr)
            raise
        return self

    def __exit__(self, kind, *_):
        self.stop()
        if kind:
            print(self.said(), file=sys.stderr)
        shutil.rmtree(self.dir, ignore_errors=True)

    # ---- programs

    def command(self, program, *options):
        return [os.path.join(self.build, program, program), "--config", self.config, "--data", self.data, *options]

    def found(self):
        done = subprocess.run(self.command("web", "--found", "--demo" if self.demo else "--no-demo"), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert done.returncode == 0, done.stdout
        self.founded = done.stdout

    def start(self, name):
        """name: router, intake, web, or worker.psych …"""
        program, _, desk = name.partition(".")
        options = ["--demo"] if self.demo else []
        options += ["--desk", desk] if desk else []
        ready = os.path.join(self.data, "run", f"{name}.ready")
        if os.path.exists(ready):
            os.unlink(ready)
        with open(os.path.join(self.dir, f"{name}.log"), "ab") as log:
            self.running[name] = subprocess.Popen(self.command(program, *options), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(lambda: os.path.exists(ready) or self.running[name].poll() is not None, f"{name} to be ready")
        assert self.running[name].poll() is None, f"{name} ended with {self.running[name].returncode}"

    def start_all(self):
        for program in self.wanted:
            for name in [f"worker.{d}" for d in self.desks] if program == "worker" else [program]:
                self.start(name)
        if "worker" in self.wanted:
            self.wait_ready()

    def wait_ready(self):
        if "intake" in self.running:
            until(lambda: self.asked(self.ops) and self.service_heard(), "the portal's whole chain")
        if "web" in self.running:
            until(lambda: self.asked(self.console_ops), "the console's whole chain")

    def service_heard(self):
        """The portal itself has heard of the desks."""
        try:
            return self.portal.get("/api/v1/service")[1].get("open") or not self.demo
        except OSError:
            return False

    @staticmethod
    def asked(ops):
        try:
            return ops.raw("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def kill(self, name, sign=signal.SIGKILL):
        process = self.running.pop(name)
        process.send_signal(sign)
        return process.wait(PATIENCE_S)

    def restart(self, name):
        self.kill(name)
        self.start(name)

    def stop(self):
        """Ends everything as an operator would; gives {name: exit status}."""
        order = sorted(self.running, key=lambda n: n == "router")  # the router last
        ended = {}
        for name in order:
            try:
                ended[name] = self.kill(name, signal.SIGTERM)
            except subprocess.TimeoutExpired:
                ended[name] = "still running"
        return ended

    def said(self, name=None):
        """What the programs have logged."""
        texts = []
        for file in sorted(os.listdir(self.dir)):
            if file.endswith(".log") and (not name or file == f"{name}.log"):
                with open(os.path.join(self.dir, file), encoding="utf-8", errors="replace") as f:
                    texts.append(f"== {file}\n{f.read()}")
        return "\n".join(texts)

    # ---- people

    def sign_in(self, user):
        return Console(self.console_port, user)

    def track(self, ticket, receipt):
        """A portal door that carries the caller's token."""
        status, answer = self.portal.post("/api/v1/track", {"ticket": ticket, "receipt": receipt})
        assert status == 200, (status, answer)
        door = Door(self.portal.port)
        door.headers = {"Authorization": "Bearer " + answer["token"]}
        return door


def rules(functions, *args):
    """Runs each function as one TAP test; gives the exit status."""
    failed = 0
    print(f"1..{len(functions)}", flush=True)
    for number, rule in enumerate(functions, 1):
        try:
            rule(*args)
            print(f"ok {number} - {rule.__name__}", flush=True)
        except Exception:  # any failure is one "not ok"; the next rule is still shown
            failed += 1
            print(f"not ok {number} - {rule.__name__}", flush=True)
            for line in traceback.format_exc().splitlines():
                print(f"# {line}", flush=True)
    return 1 if failed else 0


def serve(build, *words):
    """`house.py serve BUILD [--no-demo] [CONFIG]`, CONFIG being JSON: one line of JSON says where everything is. Then every line of input,
    such as {"restart": "web"}, {"kill": "intake"} or {"start": "intake"}, is done and answered with a line; the house ends with its input.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    config = [json.loads(w) for w in words if w.startswith("{")]
    with House(build, config[0] if config else None, demo="--no-demo" not in words) as house:
        acts = {"restart": house.restart, "kill": house.kill, "start": house.start}
        print(json.dumps({"portal": f"http://127.0.0.1:{house.portal.port}", "console": f"http://127.0.0.1:{house.console_port}",
                          "data": house.data, "founded": house.founded}), flush=True)
        for line in sys.stdin:
            for act, name in json.loads(line).items():
                acts[act](name)
            print(json.dumps({"done": True}), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] != ["serve"] or len(sys.argv) < 3:
        sys.exit("house.py serve BUILD [--no-demo] [CONFIG as JSON] keeps a house until its input ends.")
    serve(*sys.argv[2:])
