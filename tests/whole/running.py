# SPDX-License-Identifier: Apache-2.0
"""One ./hotline run, for the tests of the script: started with the programs of BUILD on a data directory and ports of its own, asked what
it has said, which processes live, and ended. Its callers are called `test_… ROOT BUILD`.
"""
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT, BUILD = sys.argv[1:3]
PATIENCE_S = 60
work = tempfile.mkdtemp(prefix="qt-hot-")
WITH_BUILD = {**os.environ, "QT_BUILD": BUILD}


def free_ports():
    """Two ports whose ops listeners (port + 10) are free too."""
    while True:
        held = [socket.socket() for _ in range(2)]
        for s in held:
            s.bind(("127.0.0.1", 0))
        ports = [s.getsockname()[1] for s in held]
        for s in held:
            s.close()
        wanted = ports + [p + 10 for p in ports]
        if len(set(wanted)) == 4 and max(wanted) < 65000 and all(port_is_free(p) for p in wanted):
            return ports


def port_is_free(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) != 0


class Run:
    """One ./hotline run; its lines so far in .out and .err."""

    def __init__(self, *options, data=None, ports=None, before=(), env=None):
        """before: a command that runs the script. env: without QT_BUILD the script builds first, as for a person."""
        self.data = data or tempfile.mkdtemp(dir=work)
        self.ports = ports or free_ports()
        self.out_path, self.err_path = tempfile.mktemp(dir=work), tempfile.mktemp(dir=work)
        command = [*before, os.path.join(ROOT, "hotline"), "run", "--data", self.data]
        if not any(o.startswith("--portal") for o in options):
            command += ["--portal", f"127.0.0.1:{self.ports[0]}"]
        if "--console" not in options:
            command += ["--console", f"127.0.0.1:{self.ports[1]}"]
        command += options
        with open(self.out_path, "w") as out, open(self.err_path, "w") as err:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True,
                                            env=env or WITH_BUILD)

    @property
    def out(self):
        with open(self.out_path, encoding="utf-8") as f:
            return f.read()

    @property
    def err(self):
        with open(self.err_path, encoding="utf-8") as f:
            return f.read()

    def until(self, done, what):
        end = time.monotonic() + PATIENCE_S
        while not done():
            if time.monotonic() > end or self.process.poll() is not None and not done():
                raise AssertionError(f"{what} did not come: {self.out}{self.err}")
            time.sleep(0.02)

    def ready(self):
        self.until(lambda: "\nready " in "\n" + self.out and self.out.endswith("\n"), "the ready line")
        return self

    def end(self, how=signal.SIGTERM, whole_group=False):
        (os.killpg if whole_group else os.kill)(self.process.pid, how)
        return self.process.wait(PATIENCE_S)

    def status(self):
        return self.process.wait(PATIENCE_S)


def living(data):
    """Processes that have the data directory on their command line: {program name: pid}."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                words = f.read().decode(errors="replace").split("\0")
        except OSError:
            continue
        if data in words and int(pid) != os.getpid() and not words[0].endswith("bash"):
            programs = [os.path.basename(w) for w in words[:2] if w.startswith(BUILD)]
            name = programs[0] if programs else words[0]
            found[name + ("." + words[words.index("--desk") + 1] if "--desk" in words else "")] = int(pid)
    return found


def gone(data):
    end = time.monotonic() + PATIENCE_S
    while living(data) and time.monotonic() < end:
        time.sleep(0.02)
    return not living(data)


def readyz(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as s:
            s.sendall(f"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
            return re.match(rb"HTTP/1.\d 200", s.recv(64)) is not None
    except OSError:
        return False


def expect(true, sentence):
    if not true:
        raise AssertionError(sentence)


def refused(status, piece, *options, data=None):
    run = Run(*options, data=data)
    expect(run.status() == status, f"status {run.process.returncode}, not {status}: {run.err}")
    expect(piece in run.err, f"the sentence lacks \"{piece}\": {run.err}")
    expect(run.out == "", f"it printed {run.out}")
    expect(gone(run.data), f"it left {living(run.data)}")


def clean(run, killed=0):
    """Nobody ended but whom we killed, and everybody left with status 0."""
    expect(run.err.count(" ended ") == killed and "left with status" not in run.err, f"not a clean end: {run.err}")
