# SPDX-License-Identifier: Apache-2.0
"""Disks that fill up, fail, turn read-only or become slow under the real daemon.

What must hold each time: a number is given durably or refused with a reason; what was refused has not happened;
the queue and the board are still served; the ledger verifies; once the disk is well again, so is the reception.
"""
import argparse
import contextlib
import glob
import os
import pathlib
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import disks
from kit import ledger as audit
from kit.hub import Lost
from kit.station import EXIT_REFUSED, SYNCS, Ended, Station, clean, skip, until, work_dir

TAKES_ON_BALLAST = 1000  # promised: 200; also with a printer, whose journal writes four times as much
QUICK_SECONDS = 0.3  # an answer that waits for no disk
# The first syncs are of the port's file and of the directory of a new journal: their errors cost nobody a number.
NOT_OF_THE_LEDGER = 3
# Bytes: less than a log on the disk (core/store/log_image), more than some numbers need.
ROOM_FOR_SOME = 900 << 10


class Wrong(Exception):
    """A promise that did not hold."""


class NotHere(Exception):
    """What this machine cannot do."""


def expect(condition, what):
    if not condition:
        raise Wrong(what)


class Patients:
    """Takes numbers and remembers what was said."""

    def __init__(self):
        self.acknowledged, self.issued, self.refused = {}, set(), {}

    def take(self, hub, key=None):
        """The number, or the reason of the refusal."""
        key = key or f"p{len(self.issued) + 1}"
        self.issued.add(key)
        person = {"name": "待合 花子", "card": "0012345"}
        frame = hub.ask("take", {"service": "naika", **person}, key)
        if "ok" not in frame:
            self.refused[key] = frame["error"]["reason"]
            return frame["error"]["reason"]
        number = int(frame["ok"]["number"])
        self.acknowledged[key] = (None, number)
        self.refused.pop(key, None)
        return number

    def check(self, station, where):
        """Verified by machiai, and read by ourselves."""
        code, answer = station.verify()
        expect(code == 0 and answer["holds"], f"{where}: verify: exit {code}, {answer}")
        wrong = audit.complaints(audit.read_copy(station.home), self.acknowledged, self.issued)
        expect(not wrong, f"{where}: {wrong[:5]}")


def open_naika(station):
    with station.hub("desk", "opener") as hub:
        hub.ok("open", {"service": "naika"})


def still_served(station, where):
    for args in (("queue", "naika"), ("board",), ("status",)):
        code, answer = station.cli(*args)
        expect(code == 0 and answer, f"{where}: {args[0]} is not served: exit {code}")


def full_disk(asked, place):
    """Full to the last byte: the ballast carries 200 more, then an honest refusal, then it goes on."""
    mount = os.path.join(place, "m")
    with disks.small_disk(os.path.join(place, "full.img"), mount, 32):
        with Station(os.path.join(mount, "home"), asked.bin, log=os.path.join(place, "full.log")) as station:
            return fill_and_free(station, os.path.join(mount, "filler"))


def fill_and_free(station, filler):
    patients = Patients()
    open_naika(station)
    with station.hub("desk", "front") as hub:
        for _ in range(20):
            expect(isinstance(patients.take(hub), int), "refused on a healthy disk")
        disks.fill(filler)
        given = 0
        while isinstance(patients.take(hub), int):
            given += 1
            if given == TAKES_ON_BALLAST:
                expect("disk_low" in station.troubles(), f"status is silent about a full disk: {station.troubles()}")
                disks.fill(filler + ".2")
        expect(given >= TAKES_ON_BALLAST, f"the ballast carried only {given} numbers")
        expect(set(patients.refused.values()) == {"disk_full"}, f"refused with {set(patients.refused.values())}")
        code, answer = station.cli("take", "naika")
        expect(code == EXIT_REFUSED and answer["error"]["reason"] == "disk_full", f"take: exit {code}, {answer}")
        still_served(station, "full disk")
        expect("disk_full" in station.troubles(), f"status on a full disk: {station.troubles()}")
        patients.check(station, "full disk")
    full_restart(station, patients, filler)
    refused = list(patients.refused)
    for path in glob.glob(filler + "*"):
        os.unlink(path)
    with station.hub("desk", "front") as hub:
        for key in refused:
            expect(isinstance(patients.take(hub, key), int), "refused although there is room again")
        for _ in range(20):
            patients.take(hub)
    until(lambda: not {"disk_full", "disk_low"} & set(station.troubles()), "the trouble to go")
    ballast = os.path.join(station.home, "data", "ballast")
    until(lambda: os.path.exists(ballast) and os.path.getsize(ballast), "the ballast to be back")
    patients.check(station, "after freeing")
    start_on_full(station, patients, filler)
    return f"{given} numbers after the disk was full, then disk_full; all {len(patients.acknowledged)} there"


def full_restart(station, patients, filler):
    """A restart with not one block left and the ballast gone still serves what there is, and says so."""
    station.kill9()
    disks.fill(f"{filler}.3")
    station.start()
    still_served(station, "restart on a full disk")
    expect("disk_low" in station.troubles(), f"status after a restart on a full disk: {station.troubles()}")
    patients.check(station, "restart on a full disk")


def start_on_full(station, patients, filler):
    """The disk filled up while the station was off: it starts, and its ballast carries the first numbers."""
    expect(station.stop() == 0, "stop")
    disks.fill(filler)
    station.start()
    with station.hub("desk", "front") as hub:
        for _ in range(20):
            expect(isinstance(patients.take(hub), int), "refused after a start on a full disk, with a ballast")
    expect("disk_low" in station.troubles(), f"status after a start on a full disk: {station.troubles()}")
    patients.check(station, "start on a full disk")


def cramped(asked, place):
    """Room for some numbers and not for a log's whole length, and io_uring that refuses now and then: what was said stays."""
    mount = os.path.join(place, "m")
    patients = Patients()
    with disks.small_disk(os.path.join(place, "cramped.img"), mount, 32):
        station = Station(os.path.join(mount, "home"), asked.bin, log=os.path.join(place, "cramped.log"))
        with station:
            open_naika(station)
            for refused in ("1..2", "1..4", "3+3"):
                expect(station.stop() == 0, "stop")
                os.unlink(os.path.join(station.home, "data", "ballast"))
                filler = os.path.join(mount, "filler")
                disks.fill(filler)
                os.truncate(filler, os.path.getsize(filler) - ROOM_FOR_SOME)
                station.wrap = strace(station, f"io_uring_enter:error=EAGAIN:when={refused}")
                station.start()
                with station.hub("desk", "front") as hub:
                    for _ in range(10):
                        expect(isinstance(patients.take(hub), int), f"refused {refused}: {patients.refused}")
                expect(injected(station) > 0, f"{refused}: nothing was injected")
                station.kill9()
                station.wrap = []
                os.unlink(filler)
                station.start()
                patients.check(station, f"a cramped disk, io_uring refused {refused}")
                until(lambda: os.path.exists(os.path.join(station.home, "data", "ballast")), "the ballast to be back")
    return f"all {len(patients.acknowledged)} there after kills"


def strace(station, *inject):
    return ["strace", "-D", "-f", "-qq", "-o", station.log + ".strace", "-e", f"trace={SYNCS},io_uring_setup",
            *[part for each in inject for part in ("-e", "inject=" + each)]]


def injected(station):
    """Errors that strace has put in since the daemon's start."""
    with open(station.log + ".strace", encoding="utf-8", errors="replace") as file:
        return sum("INJECTED" in line for line in file)


def failing_plain_sync(asked, place):
    """The same on a machine without io_uring."""
    return failing_sync(asked, place, "io_uring_setup:error=ENOSYS")


def no_such_way(asked, place):
    """io_uring refuses, from its first request, its third, or once: nobody is refused a number, and none is lost."""
    given = 0
    for nth, when in enumerate(("1+", "3+", "3")):
        station = Station(os.path.join(place, f"way-{nth}"), asked.bin, start=False)
        patients = Patients()
        for error in ("EPERM", "EAGAIN"):
            station.wrap = strace(station, f"io_uring_enter:error={error}:when={when}")
            with station:
                station.start()
                open_naika(station)
                with station.hub("desk", "front") as hub:
                    for _ in range(20):
                        said = patients.take(hub)
                        expect(isinstance(said, int), f"{error} when={when}: refused with {said}")
                expect(injected(station) > 0, f"{error} when={when}: nothing was injected")
                station.kill9()
        with station:
            station.wrap = []
            station.start()
            patients.check(station, f"io_uring that refuses, when={when}")
        given += len(patients.acknowledged)
    return f"{given} numbers given, none refused"


def failing_sync(asked, place, *plain):
    """EIO at the Nth sync, N = 1..: refused means nothing happened, also when the daemon is killed right then."""
    station = Station(os.path.join(place, "eio"), asked.bin, start=False)
    patients = Patients()
    refusals = starts_refused = 0
    with station:
        station.start()
        open_naika(station)
        for nth in range(1, asked.syncs + 1):
            station.kill9()
            station.wrap = strace(station, f"{SYNCS}:error=EIO:when={nth}", *plain)
            try:
                station.start()
                refusals += take_some(station, patients, nth)
            except Ended as ended:
                expect(ended.code == EXIT_REFUSED, f"N={nth}: {ended}")
                starts_refused += 1
            station.wrap = []
            kill_and_check(station, patients, nth)
        patients.check(station, "EIO sweep")
    expect(refusals >= asked.syncs - NOT_OF_THE_LEDGER, f"only {refusals} refusals: the injected errors did not arrive")
    return (f"{asked.syncs} errors injected: {refusals} numbers refused, {starts_refused} starts refused, "
            f"{len(patients.acknowledged)} given")


def take_some(station, patients, nth):
    """Takes until one is refused; says how many were refused. strace counts per thread and kind of sync, and two threads
    commit in turn: the Nth sync of one of them may be a later take."""
    with station.hub("desk", "front") as hub:
        for _ in range(4 * (nth + 2)):
            said = patients.take(hub)
            if isinstance(said, int):
                continue
            expect(said == "storage", f"N={nth}: refused with {said}")
            expect("storage" in station.troubles(), f"N={nth}: status is silent: {station.troubles()}")
            if nth % 2:  # every other time the daemon dies before it can write again
                return 1
            said = patients.take(hub)
            if said == "storage" and injected(station) > 1:  # the other thread's Nth sync came right behind
                said = patients.take(hub)
            expect(isinstance(said, int), f"N={nth}: does not go on after {injected(station)} errors: {said}")
            expect("storage" not in station.troubles(), f"N={nth}: the trouble stays")
            return 1
    return 0


def kill_and_check(station, patients, nth):
    station.kill9()
    given = {key: n for _, _, _, n, key in audit.read_copy(station.home).taken()}
    ghosts = {key: given[key] for key in patients.refused if key in given}
    expect(not ghosts, f"N={nth}: refused, yet in the ledger after a kill: {ghosts}")
    station.start()
    with station.hub("desk", "front") as hub:
        for key in list(patients.refused):
            number = patients.take(hub, key)
            expect(isinstance(number, int) and patients.take(hub, key) == number, f"N={nth}: retry of {key}: {number}")


def read_only(asked, place):
    """An error makes ext4 read-only under the open daemon, as a dying disk does."""
    mount, image = os.path.join(place, "ro"), os.path.join(place, "ro.img")
    patients = Patients()
    station = Station(os.path.join(mount, "home"), asked.bin, log=os.path.join(place, "ro.log"), start=False)
    with disks.small_disk(image, mount, 16, "errors=remount-ro") as disk:
        trigger = f"/sys/fs/ext4/{os.path.basename(disk.loop)}/trigger_fs_error"
        if not os.path.exists(trigger):
            raise NotHere("this kernel has no trigger_fs_error")
        with station:
            station.start()
            open_naika(station)
            with station.hub("desk", "front") as hub:
                for _ in range(10):
                    patients.take(hub)
                with open(trigger, "w", encoding="ascii") as file:
                    file.write("1")
                seq = station.status()["seq"]
                reasons = {patients.take(hub) for _ in range(3)}
                expect(reasons <= {"storage", "storage_read_only"}, f"read-only disk: {reasons}")
                expect(station.cli("take", "naika")[0] == EXIT_REFUSED, "take on a read-only disk")
                expect({"storage", "storage_read_only"} & set(station.troubles()), f"status: {station.troubles()}")
                expect(station.status()["seq"] == seq, "something changed on a read-only disk")
                still_served(station, "read-only disk")
    disks.run("e2fsck", "-p", "-f", image)
    with disks.Mounted(image, mount):
        with station:
            if not station.alive():
                station.start()
            with station.hub("desk", "front") as hub:
                for key in list(patients.refused):
                    expect(isinstance(patients.take(hub, key), int), "refused after the repair")
            patients.check(station, "after the repair")
    return f"refused with {sorted(reasons)}; whole after repair, mount and restart"


def slow_sync(asked, place):
    """A sync of 2 s: one patient waits for the number, nobody else waits for anything."""
    station = Station(os.path.join(place, "slow"), asked.bin, start=False)
    patients = Patients()
    with station:
        station.start()
        open_naika(station)
        station.kill9()
        station.wrap = strace(station, f"{SYNCS}:delay_enter=2000000:when=1")
        station.start()
        with station.hub("desk", "front") as hub, station.hub("desk", "other") as other:
            started = time.monotonic()
            done = threading.Event()
            taker = threading.Thread(target=lambda: ([patients.take(hub) for _ in range(4)], done.set()))
            taker.start()
            slowest = asked_meanwhile = 0
            while not done.is_set():
                for cmd, args in (("board", {}), ("status", {}), ("queue", {"service": "naika"})):
                    before = time.monotonic()
                    other.ok(cmd, args)
                    slowest = max(slowest, time.monotonic() - before)
                    asked_meanwhile += 1
                done.wait(0.02)
            taker.join()
            took = time.monotonic() - started
        expect(took >= 1.9, f"the sync was not delayed: {took:.2f} s")
        expect(slowest < QUICK_SECONDS, f"a query waited {slowest:.2f} s for the disk")
        expect(len(patients.acknowledged) == 4, f"refused: {patients.refused}")
        patients.check(station, "slow sync")
    return f"{asked_meanwhile} queries during a sync of {took:.1f} s, slowest {slowest * 1000:.0f} ms"


def told_early(asked, place):
    """The sync hangs and then fails: nobody was told before of what it was to make durable."""
    with Station(os.path.join(place, "early"), asked.bin) as station:
        open_naika(station)
        with station.hub("desk", "a") as one, station.hub("desk", "b") as other:
            for _ in range(3):
                one.ok("take", {"service": "naika"})
            with failing(station, f"{SYNCS}:error=EIO:delay_enter=1000000"):
                for cmd, a, b in (("cancel", {"ticket": "2"}, {"ticket": "2"}),
                                  ("call", {"service": "naika", "room": "1", "expect": "1"},
                                   {"service": "naika", "room": "2", "expect": "1"})):
                    asked_of = [(hub, hub.send(cmd, args, f"{cmd}-{nth}")) for nth, (hub, args) in enumerate(((one, a), (other, b)))]
                    said = [hub.answer(number) for hub, number in asked_of]
                    reasons = [frame.get("error", {}).get("reason") for frame in said]
                    expect(reasons == ["storage"] * 2, f"{cmd}: told {said} of what is not on the disk")
            for nth in (0, 1):
                again = one.ask("cancel", {"ticket": "3"}, f"cancel-{nth}")
                expect("ok" in again, f"the key of a command that was lost is held: {again}")
            one.ok("undo")
            states = {each["number"]: each["state"] for each in one.ok("queue", {"service": "naika"})["tickets"]}
            expect(states == {"1": "waiting", "2": "waiting", "3": "waiting"}, f"what failed has happened: {states}")
        expect(station.verify()[0] == 0, "verify")
    return "two commands and the two that rested on them were refused together"


@contextlib.contextmanager
def failing(station, inject):
    """strace on the running daemon, from when it sees all threads."""
    tracer = subprocess.Popen(["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={SYNCS}", "-e", "inject=" + inject,
                               "-p", str(station.pid())])
    tasks = f"/proc/{station.pid()}/task"

    def traced():
        each = [pathlib.Path(tasks, task, "status").read_text(encoding="ascii") for task in os.listdir(tasks)]
        return all("TracerPid:\t0\n" not in text for text in each)

    try:
        until(traced, "strace to hold the daemon")
        yield
    finally:
        tracer.terminate()
        tracer.wait(10)


PARTS = {"full": full_disk, "cramped": cramped, "eio": failing_sync, "eio-plain": failing_plain_sync, "no-way": no_such_way, "early": told_early, "readonly": read_only, "slow": slow_sync}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bin", required=True)
    options.add_argument("--mutant")
    options.add_argument("--syncs", type=int, default=24)
    options.add_argument("--part", choices=sorted(PARTS), action="append")
    asked = options.parse_args()
    if reason := disks.missing(["strace", "e2fsck"]):
        skip(reason)
    failed, skipped = 0, []
    for name in asked.part or PARTS:
        place = work_dir("disk")
        began = time.monotonic()
        try:
            said = PARTS[name](asked, place)
            print(f"{name}: {said} ({time.monotonic() - began:.1f} s)", flush=True)
        except NotHere as reason:
            skipped.append(f"{name}: {reason}")
        except (Wrong, Ended, Lost, TimeoutError) as error:
            failed = 1
            print(f"{name}: WRONG {type(error).__name__}: {error} ({time.monotonic() - began:.1f} s)", flush=True)
        finally:
            clean(place)
    if skipped and not failed:
        skip("; ".join(skipped))
    return failed


if __name__ == "__main__":
    sys.exit(main())
