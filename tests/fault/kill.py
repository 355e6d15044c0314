# SPDX-License-Identifier: Apache-2.0
"""kill -9 of the real daemon, again and again on one home, under the load of several seats.

After each kill: every command without an answer is sent again with its key, twice; both answers must agree, and
agree with what was answered before. Every so often, and at the end, the ledger itself is read: no acknowledged
number lost, none given twice, none that nobody asked for, none left out.

The control runs machiaid-mutant, which answers before the commit: the same check must go red.
"""
import argparse
import itertools
import os
import random
import shutil
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from kit import ledger as audit
from kit.hub import Crowd, Lost, Refused
from kit.station import SYNCS, Ended, Station, clean, skip, work_dir

SEATS = ["front", "back", "room-1", "room-2"]
SERVICES = ["naika", "shouni"]


class Record:
    """What the patients and the staff were told, across all kills."""

    def __init__(self):
        self.lock = threading.Lock()
        self.serial = itertools.count(1)
        self.sent = {}  # key -> (cmd, args) of everything ever sent
        self.acknowledged = {}  # key -> the answer
        self.refused = set()
        self.open = {}  # sent, not answered yet
        self.kinds = {}

    def sending(self, seat, cmd, args):
        with self.lock:
            key = f"{seat}.{next(self.serial)}"
            self.sent[key] = self.open[key] = (cmd, args)
            return key

    def answered(self, key, frame):
        with self.lock:
            self.open.pop(key, None)
            if "ok" not in frame:
                self.refused.add(key)
                return
            if frame["ok"].get("unchanged"):
                return
            self.acknowledged.setdefault(key, frame["ok"])
            cmd = self.sent[key][0]
            self.kinds[cmd] = self.kinds.get(cmd, 0) + 1

    def takes(self):
        return {key: (None, int(answer["number"].split("-")[-1]))
                for key, answer in self.acknowledged.items() if self.sent[key][0] == "take"}

    def complaints(self, home):
        issued = {key for key, (cmd, _) in self.sent.items() if cmd == "take"}
        others = [key for key in self.acknowledged if self.sent[key][0] != "take"]
        return audit.complaints(audit.read_copy(home), self.takes(), issued, others)


def next_command(random_source, own):
    """What a seat does next: mostly taking, then whatever staff do with the numbers they gave."""
    service = random_source.choice(SERVICES)
    dice = random_source.random()
    if dice < 0.6 or not own:
        return "take", {"service": service}
    if dice < 0.75:
        return "call", {"service": service, "room": random_source.choice("12")}
    if dice < 0.82:
        return "undo", {}
    verb = random_source.choice(["absent", "hold", "back", "resume", "enter", "finish", "recall", "cancel"])
    # Half of the time someone who was called lately, so that the verb mostly fits.
    return verb, {"ticket": random_source.choice(own[-3:] if random_source.random() < 0.5 else own)}


def work(station, record, seed):
    """A seat's life until the connection is gone."""
    def life(seat):
        own = []
        source = random.Random(f"{seed}/{seat}")
        try:
            with station.hub("desk", seat) as hub:
                while True:
                    cmd, args = next_command(source, own)
                    key = record.sending(seat, cmd, args)
                    frame = hub.ask(cmd, args, key)
                    record.answered(key, frame)
                    if frame.get("error", {}).get("reason") in ("closed", "not_opened"):
                        hub.ok("open", {"service": args["service"]})
                    if cmd in ("take", "call") and "ok" in frame:
                        own.append(frame["ok"]["ticket"])
        except Lost:
            pass
    return life


def ask_again(station, record, source):
    """Every open key twice, and a few answered ones: one key, one answer."""
    wrong = []
    with station.hub("desk", "again") as hub:
        for key, (cmd, args) in list(record.open.items()):
            if cmd != "take":  # a desk action may no longer fit; the ledger tells whether it acted once
                record.open.pop(key)
                continue
            first, second = hub.ask(cmd, args, key), hub.ask(cmd, args, key)
            record.answered(key, first)
            if "ok" in first and first["ok"] != second.get("ok"):
                wrong.append(f"key {key}: {first['ok']['number']}, then {second}")
        known = list(record.takes())
        for key in source.sample(known, min(5, len(known))):
            cmd, args = record.sent[key]
            again = hub.ask(cmd, args, key)
            if again.get("ok", {}).get("number") != record.acknowledged[key]["number"]:
                wrong.append(f"key {key}: was {record.acknowledged[key]['number']}, now {again}")
    return wrong


def kill_once(station, record, seed, at_sync, longest):
    """Loads the station until it is killed: after a random time, or by itself at its Nth sync."""
    crowd = Crowd(work(station, record, seed), SEATS)
    if at_sync:
        station.process.wait(10)
    else:
        time.sleep(random.Random(seed).uniform(0, longest))  # the fault's moment, not a wait for something
        station.kill9()
    crowd.join()


def strace_kill(nth, log):
    return ["strace", "-D", "-f", "-qq", "-o", log, "-e", f"trace={SYNCS}", "-e",
            f"inject={SYNCS}:signal=SIGKILL:when={nth}"]


def open_all(station):
    with station.hub("desk", "opener") as hub:
        for service in SERVICES:
            hub.ok("open", {"service": service})


def verify_holds(station):
    code, answer = station.verify()
    return [] if code == 0 and answer["holds"] else [f"verify: exit {code}, {answer}"]


def run(station, kills, seed, check_every=25):
    """Gives the record and the complaints; stops at the first."""
    record = Record()
    source = random.Random(seed)
    with_strace = shutil.which("strace") is not None
    station.start()
    open_all(station)
    for nth in range(1, kills + 1):
        at_sync = with_strace and nth % 8 == 0
        if at_sync:
            station.wrap = strace_kill(source.randint(3, 30), station.log + ".strace")
            try:
                station.restart()
            except Ended:  # it died while starting: a kill as well
                at_sync = False
                station.wrap = []
                station.start()
            station.wrap = []
        kill_once(station, record, f"{seed}/{nth}", at_sync, 0.06)
        station.start()
        wrong = ask_again(station, record, source)
        if nth % check_every == 0 or nth == kills:
            wrong += verify_holds(station)
            station.kill9()
            wrong += record.complaints(station.home)
            station.start()
        if wrong:
            return record, wrong, nth
    return record, [], kills


def control(station, seed, most=25):
    """answer-first: commands answered while the previous commit is on its way are gone with a kill."""
    if shutil.which("strace") is None:
        skip("strace is not installed")
    record = Record()
    station.daemon_args = ["--weak", "answer-first"]
    station.wrap = ["strace", "-D", "-f", "-qq", "-o", station.log + ".strace", "-e", f"trace={SYNCS}", "-e",
                    f"inject={SYNCS}:delay_enter=20000"]
    for nth in range(1, most + 1):
        station.start()
        open_all(station)
        kill_once(station, record, f"{seed}/{nth}", False, 0.2)
        wrong = record.complaints(station.home)
        if any(text.startswith(("lost", "changed")) for text in wrong):
            return nth, wrong
    return most, []


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bin", required=True)
    options.add_argument("--mutant", required=True)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--control", action="store_true")
    asked = options.parse_args()
    place = work_dir("kill")
    started = time.monotonic()
    station = Station(os.path.join(place, "home"), asked.bin, start=False,
                      daemon=asked.mutant if asked.control else None)
    try:
        with station:
            if asked.control:
                nth, wrong = control(station, asked.seed)
                print(f"control: red after {nth} kills: {wrong[:2]}" if wrong else f"control: GREEN after {nth} kills")
                return 0 if wrong else 1
            record, wrong, nth = run(station, asked.kills, asked.seed)
        lost = len(record.open)
        print(f"{nth} kills, {len(record.sent)} commands sent, {len(record.acknowledged)} acknowledged "
              f"({len(record.takes())} numbers; {dict(sorted(record.kinds.items()))}), {len(record.refused)} refused, "
              f"{lost} open, {len(wrong)} complaints, {time.monotonic() - started:.1f} s, seed {asked.seed}")
        for text in wrong[:20]:
            print("WRONG " + text)
        return 1 if wrong else 0
    finally:
        clean(place)


if __name__ == "__main__":
    sys.exit(main())
