#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of `./hotline run`: what it prints, what it refuses, that it restarts what dies and leaves nothing behind.

`test_hotline.py ROOT BUILD`: the programs of BUILD on data directories of its own and on ports the kernel gives. Prints TAP.
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys

from running import ROOT, WITH_BUILD, Run, clean, expect, gone, living, readyz, refused, work


# ---- rules

def one_ready_line_says_where_everything_is(state):
    run = state["run"] = Run().ready()
    lines = run.out.splitlines()
    wanted = (f"ready portal=http://127.0.0.1:{run.ports[0]} console=http://127.0.0.1:{run.ports[1]} "
              f"bus=ipc://{run.data}/run/open.sock")
    expect(lines[0] == wanted, f"\"{lines[0]}\" instead of \"{wanted}\"")
    expect(len(lines) == 2 and "psych1" in lines[1] and "listen-12355-demo" in lines[1], f"no demo sign-in: {lines}")
    expect(sorted(living(run.data)) == ["intake", "router", "web", "worker.legal", "worker.psych", "worker.social"],
           f"these run: {living(run.data)}")
    expect(readyz(run.ports[0] + 10) and readyz(run.ports[1] + 10), "the chain is not ready")


def a_second_run_on_the_same_data_directory_is_refused(state):
    run = Run(data=state["run"].data)
    expect(run.status() == 1 and "another ./hotline run uses" in run.err, run.err)


def a_killed_process_is_started_again(state):
    run = state["run"]
    for name in ("worker.psych", "intake", "web", "router"):
        before = living(run.data)[name]
        os.kill(before, signal.SIGKILL)
        run.until(lambda: living(run.data).get(name, before) != before, f"a new {name}")
        run.until(lambda: readyz(run.ports[0] + 10) and readyz(run.ports[1] + 10), f"readiness after {name} died")
    expect("ended by signal 9; starting it again in 100 ms" in run.err, run.err)
    expect("Killed" not in run.err, "bash chatters: " + run.err)


def term_stops_everything(state):
    run = state["run"]
    expect(run.end() == 0, f"status {run.process.returncode}: {run.err}")
    expect(not living(run.data), f"it left {living(run.data)}")
    expect("did not stop in time" not in run.err, run.err)
    clean(run, killed=4)


def ctrl_c_stops_everything_and_the_second_run_keeps_what_was_founded(state):
    data = state["run"].data
    with open(f"{data}/keys/public", "rb") as f:
        keys = f.read()
    run = Run(data=data).ready()
    expect(run.end(signal.SIGINT, whole_group=True) == 0, f"status {run.process.returncode}: {run.err}")
    expect(not living(data), f"it left {living(data)}")
    with open(f"{data}/keys/public", "rb") as f:
        expect(f.read() == keys, "the keys were made anew")
    expect(os.path.exists(f"{data}/log/router.log.1"), "the log was not rotated")
    clean(run)


def nothing_is_left_when_the_script_itself_is_killed(state):
    data = state["run"].data
    run = Run(data=data).ready()
    run.end(signal.SIGKILL)
    expect(gone(data), f"it left {living(data)}")
    run = Run(data=data).ready()
    expect(run.end() == 0, run.err)


def a_desk_that_only_telephones_has_no_portal(state):
    run = Run("--portal", "off", data=state["run"].data).ready()
    expect(run.out.startswith("ready portal=off console="), run.out)
    expect("intake" not in living(run.data), "intake runs")
    expect(run.end() == 0, run.err)
    clean(run)


def what_was_founded_as_a_demo_stays_one(state):
    refused(2, "demo staff with a published password", "--no-demo", data=state["run"].data)
    refused(2, "--no-demo", "--portal", "0.0.0.0:1", "--demo")


def the_demo_has_a_little_to_look_at_and_only_once(state):
    with open(f"{state['run'].data}/demo") as f:
        expect(f.read() == "sent\n", "no demo requests were sent")
    with open(os.path.join(ROOT, "etc/demo/requests.json"), encoding="utf-8") as f:
        desks = [r["desk"] for r in json.load(f)]
    expect(max(desks.count(d) for d in desks) <= 8, "more than eight demo cases for one desk")


def real_work_begins_with_codes_and_a_recovery_sheet(_):
    run = Run("--no-demo").ready()
    lines = run.out.splitlines()
    expect(lines[-1].startswith("ready portal=http://"), run.out)
    expect(sum("One-time sign-in code" in line for line in lines) == 2, run.out)
    expect("Recovery sheet" in run.out and "listen-12355-demo" not in run.out, run.out)
    codes = set(re.findall(r"^ {4}(\S.*)$", run.out, re.M))
    expect(len(codes) == 3, f"not three different codes: {run.out}")
    expect(not os.path.exists(f"{run.data}/demo"), "it is marked as a demo")
    expect(run.end() == 0, run.err)
    for name in os.listdir(f"{run.data}/log"):
        with open(f"{run.data}/log/{name}", encoding="utf-8") as f:
            text = f.read()
        expect(not any(code in text for code in codes), f"a code stands in {name}")
    again = Run(data=run.data).ready()
    expect(again.out.startswith("ready portal=") and again.out.count("\n") == 1, f"the second run printed more: {again.out}")
    expect(again.end() == 0, again.err)


def keys_are_checked_and_turned(state):
    def keys(*words):
        done = subprocess.run([os.path.join(ROOT, "hotline"), "keys", "--data", state["run"].data, *words], capture_output=True, text=True,
                              env=WITH_BUILD)
        return done.returncode, done.stdout + done.stderr

    expect(keys() == (0, "The key files are fine.\n"), keys()[1])
    for what in ("replay", "worker.psych"):
        status, said = keys("--turn", what)
        expect(status == 0 and said.startswith("Turned."), said)
    expect(keys()[0] == 0, keys()[1])
    status, said = keys("--turn", "everything")
    expect(status == 1 and "replay, worker.KIND" in said and "curve.ROOM" in said, said)
    run = Run(data=state["run"].data).ready()
    expect(run.end() == 0, run.err)


def a_taken_port_is_named(_):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen(1)
        port = s.getsockname()[1]
        refused(1, f"127.0.0.1:{port} is taken by another program; choose another place with --portal", "--portal", f"127.0.0.1:{port}")


def a_bad_option_gets_one_sentence(_):
    for status, piece, options in (
            (2, "there is no option --colour of run", ["--colour"]),
            (2, "--config needs a value", ["--config"]),
            (2, "/no/such/file cannot be opened", ["--config", "/no/such/file"]),
            (2, "--portal must be ADDRESS:PORT", ["--portal", "8355"]),
    ):
        refused(status, piece, *options)
    file = os.path.join(work, "bad.conf")
    with open(file, "w") as f:
        f.write("\nduty_desk = 5;\n")
    refused(2, f"{file} line 2: duty_desk must be", "--config", file)
    for words, piece in ((["dance"], "there is no command dance"), ([], "./hotline run"), (["test", "nothing"], "there is no suite nothing")):
        done = subprocess.run([os.path.join(ROOT, "hotline"), *words], capture_output=True, text=True)
        expect(done.returncode == 2 and piece in done.stderr, f"{words}: {done.stderr}")


RULES = [one_ready_line_says_where_everything_is, a_second_run_on_the_same_data_directory_is_refused, a_killed_process_is_started_again,
         term_stops_everything, ctrl_c_stops_everything_and_the_second_run_keeps_what_was_founded,
         nothing_is_left_when_the_script_itself_is_killed, a_desk_that_only_telephones_has_no_portal,
         what_was_founded_as_a_demo_stays_one, the_demo_has_a_little_to_look_at_and_only_once,
         real_work_begins_with_codes_and_a_recovery_sheet, keys_are_checked_and_turned, a_taken_port_is_named, a_bad_option_gets_one_sentence]


def main():
    state, failed = {}, 0
    print(f"1..{len(RULES)}")
    for number, rule in enumerate(RULES, 1):
        try:
            rule(state)
            print(f"ok {number} - {rule.__name__}", flush=True)
        except (AssertionError, OSError, KeyError, subprocess.TimeoutExpired) as e:
            failed += 1
            print(f"not ok {number} - {rule.__name__}\n# " + re.sub(r"\n", "\n# ", f"{type(e).__name__}: {e}"), flush=True)
    run = state.get("run")
    if run and run.process.poll() is None:
        run.end()
    shutil.rmtree(work, ignore_errors=True)
    return 1 if failed else 0


sys.exit(main())
