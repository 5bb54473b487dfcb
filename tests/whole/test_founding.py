#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of a founding without demo staff: what it prints and asks, that the portal stays shut until somebody can read, and how the first
people get in and bring in others.

`test_founding.py BUILD`: the programs of BUILD. The questions are answered on a terminal of the test's own. Prints TAP.
"""
import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time

from house import ROOT, House, free_ports, rules, until
from person import Person
from portal import Portal

BUILD = sys.argv[1]
CODE = re.compile(r'sign-in code of "(\w+)"[^\n]*\n +(\S+)')
SHEET = re.compile(r"Recovery sheet\.[^\n]*\n +(\S+)")
CTRL_C, CTRL_D = "\x03", "\x04"
QUESTION = 'or type "no recovery" to go without: '
WORDS = "想找个人说说话，最近总是一个人。"
NUMBERS = ("110", "120", "12355", "12356")
PASSWORDS = {"supervisor": "一句自己记得住的长话", "admin": "correct horse battery staple", "counselor1": "三月的雨落在屋顶上 3"}
ok, refused = Person.ok, Person.refused


class Terminal:
    """A command on a terminal of its own: what it has said, and words typed to it."""

    def __init__(self, command, **more):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0), **more)  # so that Ctrl-C is a signal
        os.close(slave)
        self.said = ""

    def read(self, wait_s=0.05):
        if select.select([self.master], [], [], wait_s)[0]:
            try:
                self.said += os.read(self.master, 65536).decode(errors="replace").replace("\r\n", "\n")
            except OSError:  # the other side has ended
                time.sleep(wait_s)

    def wait_for(self, text):
        def come():
            self.read()
            return text in self.said
        until(come, f"\"{text}\" on the terminal (it says: {self.said})")
        return self

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        """Its exit status; everything it says is read."""
        while self.process.poll() is None:
            self.read()
        self.read()
        os.close(self.master)
        return self.process.returncode


class Founding(House):
    """A house whose founding is watched on a terminal; its programs are not started."""

    def __init__(self, build):
        super().__init__(build, demo=False)
        self.keys_public = os.path.join(self.data, "keys", "public")

    def __enter__(self):
        return self

    def ask(self):
        return Terminal(self.command("web", "--found", "--no-demo")).wait_for(QUESTION)

    def answered(self, line):
        terminal = self.ask()
        terminal.type(line)
        status = terminal.end()
        assert status == 0, (status, terminal.said)
        assert os.path.exists(self.keys_public)
        return terminal.said


# ---- the founding itself

def it_prints_two_codes_and_a_sheet_that_differ(s):
    codes, sheet = dict(CODE.findall(s.house.founded)), SHEET.findall(s.house.founded)
    assert set(codes) == {"admin", "supervisor"} and len(sheet) == 1, s.house.founded
    assert len(set(codes.values()) | set(sheet)) == 3
    for code in [*codes.values(), *sheet]:
        assert len(code.replace("-", "")) == 26, code
    s.codes = codes


def a_recovery_sheet_is_declined_by_typing_it_out(_):
    with Founding(BUILD) as house:
        said = house.answered("no recovery\n")
        assert len(CODE.findall(said)) == 2 and not SHEET.findall(said), said


def anything_else_makes_a_recovery_sheet(_):
    for line in ("\n", "no\n", "NO RECOVERY\n", CTRL_D):
        with Founding(BUILD) as house:
            said = house.answered(line)
            assert len(SHEET.findall(said)) == 1, (line, said)


def an_interrupted_founding_leaves_no_half_house(_):
    with Founding(BUILD) as house:
        terminal = house.ask()
        terminal.type(CTRL_C)
        assert terminal.end() != 0
        assert not os.path.exists(house.keys_public), "keys without people"
        assert len(CODE.findall(house.answered("\n"))) == 2


def a_house_is_founded_once(s):
    with open(os.path.join(s.house.data, "keys", "public"), "rb") as f:
        before = f.read()
    again = subprocess.run(s.house.command("web", "--found", "--no-demo"), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert again.returncode == 1 and "founded already; nothing was changed" in again.stderr, again
    with open(os.path.join(s.house.data, "keys", "public"), "rb") as f:
        assert f.read() == before


def the_script_asks_on_the_terminal_and_the_portal_says_it_is_shut(_):
    portal, console = ports()
    house = House(BUILD, demo=False)
    terminal = Terminal([os.path.join(ROOT, "hotline"), "run", "--no-demo", "--data", house.data, "--portal", f"127.0.0.1:{portal}",
                         "--console", f"127.0.0.1:{console}"], env={**os.environ, "QT_BUILD": BUILD})
    try:
        terminal.wait_for(QUESTION).type("no recovery\n")
        terminal.wait_for(f"ready portal=http://127.0.0.1:{portal} console=http://127.0.0.1:{console}")
        assert len(CODE.findall(terminal.said)) == 2 and not SHEET.findall(terminal.said), terminal.said
        says_it_is_shut(Portal(portal))
        began = time.monotonic()
        terminal.type(CTRL_C)
        assert terminal.end() == 0, terminal.said
        assert time.monotonic() - began < 5, "it took more than 5 s to stop"
    finally:
        if terminal.process.poll() is None:
            os.killpg(terminal.process.pid, signal.SIGKILL)
        house.__exit__(None)


def ports():
    """Two whose ops listeners (port + 10) are free too."""
    while True:
        found = free_ports(2)
        if len({*found, *(p + 10 for p in found)}) == 4 and max(found) < 65000:
            return found


# ---- before and after somebody can read

def says_it_is_shut(portal):
    for path, title in (("/", "这里还没有开"), ("/en", "This place is not open yet")):
        page = portal.page(path)
        assert page.status == 200 and page.says(title), page.html
        assert all(page.says(n) and f"tel:{n}" in page.links for n in NUMBERS), page.html
        assert not [f for f in page.forms if "exit" not in f["action"]], page.forms


def until_somebody_can_read_the_portal_is_shut_and_says_the_numbers(s):
    says_it_is_shut(s.portal)
    service = s.portal.get("/service")
    assert service[0] == 200 and service[1]["open"] is False, service
    answer = s.portal.post("/requests", {"text": WORDS}, key="a-key-of-this-request-01")
    assert refused(503, "not_open", answer)["detail"]


def a_one_time_code_opens_nothing_but_a_new_password(s):
    person = Person(s.house.console_port).sign_in("supervisor", s.codes["supervisor"])
    assert person.me["must_change"] and person.me["roles"] == ["supervisor"], person.me
    assert len(person.me["desks"]) == 3
    for path in ("/cases", "/staff", "/service", "/events"):
        refused(403, "must_change", person.get(path))
    refused(403, "must_change", person.post("/staff", {"user": "x1", "name": "x", "roles": ["counselor"]}))
    refused(400, "bad_password", change(person, s.codes["supervisor"], "短"))
    refused(400, "bad_password", change(person, s.codes["supervisor"], s.codes["supervisor"]))
    refused(403, "wrong_password", change(person, "not the code", PASSWORDS["supervisor"]))
    says_it_is_shut(s.portal)
    s.supervisor = person


def change(person, old, new):
    return person.post("/me/password", {"old": old, "new": new})


def with_the_supervisors_password_the_portal_opens_by_itself(s):
    assert not ok(200, change(s.supervisor, s.codes["supervisor"], PASSWORDS["supervisor"]))["must_change"]
    until(lambda: s.portal.get("/service")[1]["open"], "the open portal")
    page = s.portal.page("/")
    assert page.says("想说什么，都可以说") and [f for f in page.forms if f["action"].endswith("/write")], page.html
    s.first = s.portal.submit(WORDS)


def a_code_is_good_once(s):
    refused(401, "wrong_password", Person(s.house.console_port).try_sign_in("supervisor", s.codes["supervisor"]))
    again = Person(s.house.console_port).sign_in("supervisor", PASSWORDS["supervisor"])
    assert not again.me["must_change"]


def an_admin_without_desk_keys_gives_none_away(s):
    admin = Person(s.house.console_port).sign_in("admin", s.codes["admin"])
    ok(200, change(admin, s.codes["admin"], PASSWORDS["admin"]))
    refused(403, "not_allowed", admin.get("/cases"))
    new = {"user": "counselor1", "name": "咨询员", "roles": ["counselor"], "desks": ["450100.psych"]}
    refused(409, "no_key", admin.post("/staff", new))


def an_invited_counselor_sets_a_password_claims_and_reads(s):
    new = {"user": "counselor1", "name": "咨询员", "roles": ["counselor"], "desks": ["450100.psych"]}
    code = ok(201, s.supervisor.post("/staff", new))["code"]
    invited = {p["user"]: p for p in ok(200, s.supervisor.get("/staff"))["items"]}["counselor1"]
    assert (invited["state"], invited["desks"]) == ("invited", ["450100.psych"]), invited
    person = Person(s.house.console_port).sign_in("counselor1", code)
    assert person.me["must_change"]
    ok(200, change(person, code, PASSWORDS["counselor1"]))
    refused(401, "wrong_password", Person(s.house.console_port).try_sign_in("counselor1", code))
    case = ok(200, person.post("/cases/next"))
    assert (case["ticket"], case["messages"][0]["text"]) == (s.first["ticket"], WORDS), case
    ok(201, person.post(f"/cases/{case['ticket']}/messages", {"text": "我在，慢慢说。"}))
    caller = s.portal.track(s.first["ticket"], s.first["receipt"])
    assert [m["text"] for m in caller.ticket()["messages"]] == ["我在，慢慢说。"]
    s.counselor, s.invitation = person, code


def everybody_gets_in_again_after_a_restart(s):
    for name in ("intake", "web", "router"):
        s.house.restart(name)
    s.house.wait_ready()
    until(lambda: s.portal.get("/service")[1]["open"], "the open portal")
    for user, password in PASSWORDS.items():
        person = Person(s.house.console_port).sign_in(user, password)
        assert not person.me["must_change"], user
    reader = Person(s.house.console_port).sign_in("counselor1", PASSWORDS["counselor1"])
    assert reader.case(s.first["ticket"])["messages"][0]["text"] == WORDS


def no_code_and_no_password_is_left_anywhere(s):
    secrets = [*s.codes.values(), s.invitation, *SHEET.findall(s.house.founded), *PASSWORDS.values()]
    secrets += [code.replace("-", "") for code in secrets]
    for folder, _, names in os.walk(s.house.dir):
        for name in names:
            path = os.path.join(folder, name)
            if not os.path.isfile(path):
                continue
            with open(path, "rb") as f:
                data = f.read()
            for secret in secrets:
                assert secret.encode() not in data, f"a code or password stands in {os.path.relpath(path, s.house.dir)}"


class Stage:
    def __init__(self, house):
        self.house, self.portal = house, Portal(house.portal.port)


RULES = [it_prints_two_codes_and_a_sheet_that_differ, a_recovery_sheet_is_declined_by_typing_it_out, anything_else_makes_a_recovery_sheet,
         an_interrupted_founding_leaves_no_half_house, a_house_is_founded_once,
         until_somebody_can_read_the_portal_is_shut_and_says_the_numbers, a_one_time_code_opens_nothing_but_a_new_password,
         with_the_supervisors_password_the_portal_opens_by_itself, a_code_is_good_once, an_admin_without_desk_keys_gives_none_away,
         an_invited_counselor_sets_a_password_claims_and_reads, everybody_gets_in_again_after_a_restart,
         no_code_and_no_password_is_left_anywhere, the_script_asks_on_the_terminal_and_the_portal_says_it_is_shut]

with House(BUILD, demo=False) as the_house:
    status = rules(RULES, Stage(the_house))
sys.exit(status)
