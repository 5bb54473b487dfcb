# SPDX-License-Identifier: Apache-2.0
"""What we are compared with, from Debian's packages where they are there. Each acknowledges after fsync; its configuration is printed.

A peer has: name, package, bar (how many times as fast we must be; None: only shown), ready() — there and started —, run(count), stop().
"""
import os
import shutil
import socket
import subprocess
import tempfile
import time

PACKAGES = ["beanstalkd", "postgresql", "redis-server", "nginx-light"]
# A package brings a service of its own up: that one is not measured and only takes processor time.
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}


def install():
    """All of them, without their services."""
    policy, mine = "/usr/sbin/policy-rc.d", False
    if not os.path.exists(policy):
        with open(policy, "w", encoding="utf-8") as f:
            f.write("#!/bin/sh\nexit 101\n")
        os.chmod(policy, 0o755)
        mine = True
    try:
        for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
            subprocess.run(["apt-get", "-q", *command], env={**os.environ, **QUIET}, stdout=subprocess.DEVNULL, check=True)
    finally:
        if mine:
            os.unlink(policy)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until_open(port, process):
    end = time.monotonic() + 10
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


class Peer:
    name = program = configuration = ""
    bar = None

    def __init__(self, bench):
        self.bench, self.process, self.port = bench, None, free_port()
        self.dir = None

    def there(self):
        return shutil.which(self.program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")

    def place(self):
        """A folder on the disk that is measured, that other users may enter."""
        self.dir = tempfile.mkdtemp(prefix="qt-peer-", dir="/var/tmp")
        os.chmod(self.dir, 0o755)
        return self.dir

    def start(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return until_open(self.port, self.process)

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(20)
            self.process = None
        if self.dir:
            shutil.rmtree(self.dir, ignore_errors=True)
            self.dir = None

    def load(self, count, *shape):
        return self.bench.tool("http_load", "--port", self.port, "--connections", 64, "--count", count, *shape)


class Beanstalkd(Peer):
    name, program, bar = "beanstalkd", "beanstalkd", 2
    configuration = "beanstalkd -b DIR -f 0 (fsync at every put); 64 connections, puts of 1 KiB"

    def ready(self):
        program = self.there()
        return bool(program) and self.start(program, "-l", "127.0.0.1", "-p", str(self.port), "-b", self.place(), "-f", "0")

    def run(self, count):
        return self.load(count, "--put", 1024)


class Redis(Peer):
    name, program = "Redis", "redis-server"
    configuration = "redis-server --appendonly yes --appendfsync always --save ''; 64 connections, SETs of 1 KiB (no index, no row but the value)"

    def ready(self):
        program = self.there()
        return bool(program) and self.start(program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.place(), "--appendonly",
                                            "yes", "--appendfsync", "always", "--save", "")

    def run(self, count):
        return self.load(count, "--set", 1024)


SCHEMA = """
CREATE TABLE cases (id bigserial PRIMARY KEY, uid bytea NOT NULL, site int, desk int, state text, risk int, channel text, region text,
  age_band text, messages int, opened_at bigint, oldest_at bigint, reply_by bigint, due_at bigint, screen_until bigint, changed_at bigint,
  caller_hash bytea, mac bytea);
CREATE INDEX ON cases (desk, state, risk, id) WHERE state NOT IN ('closed', 'archived');
CREATE INDEX ON cases (screen_until) WHERE screen_until IS NOT NULL;
CREATE TABLE bodies (id bigserial PRIMARY KEY, blob bytea NOT NULL);
CREATE TABLE messages (case_id bigint, n int, kind text, key_id bytea, at bigint, body bigint, PRIMARY KEY (case_id, n));
CREATE TABLE wraps (case_id bigint, target text, desk int, generation int, epoch bigint, blob bytea, PRIMARY KEY (case_id, target, desk));
CREATE TABLE jobs (id bigserial PRIMARY KEY, service text, state text, case_id bigint, bundle bytea, made_at bigint);
CREATE INDEX ON jobs (service, id) WHERE state = 'ready';
CREATE INDEX ON jobs (case_id) WHERE state <> 'done';
CREATE TABLE contacts (id bigserial PRIMARY KEY, site int, channel text, type text, case_id bigint, facts text, made_at bigint);
CREATE INDEX ON contacts (case_id);
CREATE INDEX ON contacts (site, id);
CREATE TABLE events (seq bigserial PRIMARY KEY, at bigint, site int, desk int, case_id bigint, kind text);
CREATE INDEX ON events (case_id, seq);
CREATE TABLE answers (id bigserial PRIMARY KEY, short bigint, key bytea, digest bytea, at bigint, status int, body text);
CREATE INDEX ON answers (at, short);
CREATE FUNCTION submit(seed bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  c bigint; b bigint; now_ms bigint := extract(epoch FROM clock_timestamp()) * 1000; d int := 1 + seed % 3;
  h bytea := sha256(int8send(seed)); w bytea := decode(repeat('5a', 122), 'hex');
BEGIN
  INSERT INTO cases (uid, site, desk, state, risk, channel, region, age_band, messages, opened_at, oldest_at, reply_by, due_at, screen_until,
    changed_at, caller_hash, mac) VALUES (substr(h, 1, 16), 1, d, 'screening', 0, 'web_form', '450103', '14-17', 1, now_ms, now_ms,
    now_ms + 600000, now_ms + 86400000, now_ms + 60000, now_ms, h, substr(h, 1, 16)) RETURNING id INTO c;
  INSERT INTO bodies (blob) VALUES (decode(repeat('5a', 1329), 'hex')) RETURNING id INTO b;
  INSERT INTO messages VALUES (c, 0, 'message', substr(h, 1, 8), now_ms, b);
  INSERT INTO wraps VALUES (c, 'caller', 0, 0, 0, substr(w, 1, 73)), (c, 'desk', 1, 1, 1, w), (c, 'desk', 2, 1, 1, w), (c, 'desk', 3, 1, 1, w);
  INSERT INTO jobs (service, state, case_id, bundle, made_at) VALUES ('desk.psych', 'ready', c, substr(w, 1, 86), now_ms);
  INSERT INTO contacts (site, channel, type, case_id, facts, made_at) VALUES (1, 'web_form', 'message', c, repeat('x', 140), now_ms);
  INSERT INTO events (at, site, desk, case_id, kind) VALUES (now_ms, 1, d, c, 'submitted');
  INSERT INTO answers (short, key, digest, at, status, body) VALUES (seed, h, h, now_ms, 201, repeat('x', 140));
  RETURN c;
END $$;
"""


class Postgres(Peer):
    name, bar = "PostgreSQL", 1
    configuration = ("fsync on, synchronous_commit on, full_page_writes on, shared_buffers 256 MB; the same rows and indexes in one function "
                     "call, pgbench -M prepared -c 64 -j 1")

    def tool(self, name):
        for version in sorted(os.listdir("/usr/lib/postgresql"), reverse=True) if os.path.isdir("/usr/lib/postgresql") else []:
            path = f"/usr/lib/postgresql/{version}/bin/{name}"
            if os.path.exists(path):
                return path
        return None

    def as_owner(self, *command, given=None):
        """PostgreSQL does not run as root."""
        command = ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command
        return subprocess.run(command, input=given, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/", check=False)

    def ready(self):
        if not all(map(self.tool, ("initdb", "pg_ctl", "pgbench"))):
            return False
        place = self.place()
        if os.geteuid() == 0:
            shutil.chown(place, "postgres", "postgres")
        options = (f"-c port={self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={place} -c fsync=on "
                   "-c synchronous_commit=on -c full_page_writes=on -c shared_buffers=256MB -c max_connections=100")
        made = self.as_owner(self.tool("initdb"), "-D", f"{place}/data", "-A", "trust", "-E", "UTF8", "--no-locale")
        begun = made.returncode == 0 and self.as_owner(self.tool("pg_ctl"), "-D", f"{place}/data", "-w", "-l", f"{place}/log", "-o", options,
                                                       "start").returncode == 0
        if not begun:
            raise RuntimeError(f"PostgreSQL did not start: {made.stdout[-300:]}")
        with open(f"{place}/submit.sql", "w", encoding="utf-8") as f:
            f.write("\\set seed random(1, 9000000000000000)\nSELECT submit(:seed);\n")
        schema = self.as_owner("psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", place, "-p", str(self.port), "-d", "postgres", given=SCHEMA)
        if schema.returncode:
            raise RuntimeError(f"PostgreSQL refused the schema: {schema.stdout[-300:]}")
        return True

    def run(self, count):
        each = max(1, count // 64)
        done = self.as_owner(self.tool("pgbench"), "-n", "-M", "prepared", "-c", "64", "-j", "1", "-t", str(each), "-f",
                             f"{self.dir}/submit.sql", "-h", self.dir, "-p", str(self.port), "postgres")
        rates = [line.split()[2] for line in done.stdout.splitlines() if line.startswith("tps = ")]
        if not rates:
            raise RuntimeError(f"pgbench: {done.stdout[-300:]}")
        return {"rate": float(rates[-1])}

    def stop(self):
        if self.dir and os.path.exists(f"{self.dir}/data/postmaster.pid"):
            self.as_owner(self.tool("pg_ctl"), "-D", f"{self.dir}/data", "-m", "immediate", "-w", "stop")
        super().stop()


class Nginx(Peer):
    name, program = "nginx", "nginx"
    configuration = "worker_processes 1 (ours is one process too), access_log off, sendfile, open_file_cache, keep-alive"

    def ready(self, body):
        program = self.there()
        if not program:
            return False
        place = self.place()
        os.mkdir(f"{place}/www")
        with open(f"{place}/www/index.html", "wb") as f:
            f.write(body)
        with open(f"{place}/nginx.conf", "w", encoding="utf-8") as f:
            f.write(f"daemon off; worker_processes 1; pid {place}/pid; error_log {place}/error.log;\n"
                    "events { worker_connections 1024; }\n"
                    f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=10;\n"
                    f"client_body_temp_path {place}/b; proxy_temp_path {place}/p; fastcgi_temp_path {place}/f; uwsgi_temp_path {place}/u;\n"
                    f"scgi_temp_path {place}/s; default_type text/html;\n"
                    f"server {{ listen 127.0.0.1:{self.port}; root {place}/www; }} }}\n")
        return self.start(program, "-c", f"{place}/nginx.conf", "-e", f"{place}/error.log")


def stores(bench):
    return [Beanstalkd(bench), Postgres(bench), Redis(bench)]
