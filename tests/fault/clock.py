# SPDX-License-Identifier: Apache-2.0
"""Clocks that step, run wild, or cross midnight under the real daemon (libfaketime; the machine's clock is never
touched).

Whatever the clock does: no number is given twice, the order stays, the ledger verifies, a key keeps its answer, and
status says "clock_unsure" where the clock went back behind what is already recorded.
"""
import argparse
import calendar
import os
import random
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from kit import faketime
from kit import ledger as audit
from kit.case import edit_settings
from kit.hub import Crowd, Lost, Refused
from kit.station import Ended, Station, clean, skip, until, work_dir

DAY = 86400
JAPAN = 9 * 3600
CLOSED = ("closed", "not_opened")  # within its hours or not


class Wrong(Exception):
    """A promise that did not hold."""


def expect(condition, what):
    if not condition:
        raise Wrong(what)


def japan(text):
    """Seconds since 1970 of "2026-11-24 23:59:50" in Japan."""
    return calendar.timegm(time.strptime(text, "%Y-%m-%d %H:%M:%S")) - JAPAN


class FakeStation(Station):
    """The daemon alone lives in the fake time; the command line and the test do not."""

    def __init__(self, home, asked, library):
        super().__init__(home, asked.bin, start=False)
        self.clock = faketime.FakeClock(home + ".time", library)
        self.plain_env = self.env

    def launch(self):
        self.env = dict(self.plain_env, **self.clock.env)
        super().launch()
        self.env = self.plain_env

    def take(self, hub, key):
        frame = hub.ask("take", {"service": "naika"}, key)
        return frame["ok"]["ticket"] if "ok" in frame else frame["error"]["reason"]

    def naika(self):
        with self.hub("cli", "look") as hub:
            return hub.ok("queue", {"service": "naika"})

    def order(self):
        return [ticket["ticket"] for ticket in self.naika()["tickets"] if ticket["state"] == "waiting"]

    def check(self, given):
        """Verified; every ticket id given to one key alone; every key still there."""
        code, answer = self.verify()
        expect(code == 0 and answer["holds"], f"verify: exit {code}, {answer}")
        expect(len(set(given.values())) == len(given), "a ticket id was given twice")
        numbers = {key: (None, int(ticket.split("-")[-1])) for key, ticket in given.items()}
        wrong = audit.complaints(audit.read_copy(self.home), numbers, set(given))
        expect(not wrong, wrong[:5])


def take_some(station, given, count, reopen=False):
    with station.hub("desk", "front") as hub:
        for _ in range(count):
            key = f"t{len(given) + 1}"
            ticket = station.take(hub, key)
            if ticket in CLOSED and reopen:
                hub.ok("open", {"service": "naika"})
                ticket = station.take(hub, key)
            expect(ticket.startswith("naika-"), f"take {key}: {ticket} at {time.ctime(station.clock.now())}")
            given[key] = ticket


def begin(station, when):
    station.clock.set(japan(when))
    station.start()
    with station.hub("desk", "front") as hub:
        hub.ok("open", {"service": "naika"})


def ticks(station):
    """Waits until the daemon's tick (1 s) has surely seen the clock: two of its beats."""
    with station.hub("desk", "ticks") as hub:
        for _ in range(2):
            while "beat" not in hub.receive():
                pass


ALARM = """
import ctypes, os, select
libc = ctypes.CDLL(None)
fd = libc.timerfd_create(1, 0)  # CLOCK_MONOTONIC
libc.timerfd_settime(fd, 1, ctypes.byref((ctypes.c_long * 4)(0, 0, 0, 1)), None)  # absolute, 1 ns after boot
print(len(select.select([fd], [], [], 0.2)[0]))
"""


def timers(station):
    """The tests' own footing: a deadline of the past is due at once, also with the clock a day back; with libfaketime
    alone it is not, and a loop that is late by a moment would sleep for a day. A day before the machine's boot: the
    moved deadline must still be to come."""
    due = []
    for library in (station.clock.env["LD_PRELOAD"], faketime.library()):
        station.clock.set(time.time() - time.monotonic() - DAY)
        alarm = subprocess.run([sys.executable, "-c", ALARM], env={**os.environ, **station.clock.env, "LD_PRELOAD": library},
                               capture_output=True, text=True, check=True)
        due.append(int(alarm.stdout))
    expect(due == [1, 0], f"due with true timers, with libfaketime alone: {due}")
    return "due at once before boot; not with libfaketime alone"


def steps_back(station):
    """The clock goes back while a counter is open: the day goes on under its date, and status says so."""
    given = {}
    begin(station, "2026-11-24 10:00:00")
    take_some(station, given, 5)
    for name, seconds in (("90 s", 90), ("one day", DAY), ("five days", 5 * DAY), ("20 years", 20 * 365 * DAY), ("1970", None)):
        station.clock.set(japan("2026-11-24 10:00:00") - seconds if seconds else japan("1970-01-01 10:00:00"))
        before = station.order()
        ticks(station)
        expect("clock_unsure" in station.troubles(), f"{name} back: status says {station.troubles()}")
        take_some(station, given, 3)
        expect(station.order()[:len(before)] == before, f"{name} back: the order changed")
        expect(all(ticket.startswith("naika-20261124-") for ticket in given.values()), f"{name} back: {given}")
        expect("clock_unsure" in station.troubles(), f"{name} back: status forgets after the first number")
        station.restart()
        expect("clock_unsure" in station.troubles(), f"{name} back: status forgets with a restart")
        take_some(station, given, 2)
        station.check(given)
    station.clock.set(japan("2026-11-24 11:00:00"))
    take_some(station, given, 3)
    expect("clock_unsure" not in station.troubles(), "the clock is right again, status still complains")
    expect([int(ticket.split("-")[-1]) for ticket in given.values()] == list(range(1, len(given) + 1)), "not 1..n")
    station.check(given)
    return f"{len(given)} numbers over 5 steps back and restarts, one date, 1..{len(given)}"


def wild_years(station):
    """Far ahead, to the ends of 32 bits and past them, and back: each number once, whatever its date."""
    given = {}
    begin(station, "2026-11-24 09:00:00")
    take_some(station, given, 3)
    for when in ("2038-01-19 12:14:00", "2106-02-07 15:28:00", "1970-01-01 09:00:05", "2026-11-25 09:00:00",
                 "2026-11-27 09:00:00"):
        station.clock.set(japan(when))
        ticks(station)
        take_some(station, given, 3, reopen=True)
        station.restart()
        take_some(station, given, 3, reopen=True)
        station.check(given)
    # Across the last second of a signed 32-bit clock, under way.
    station.clock.set(japan("2038-01-19 12:14:05"))
    take_some(station, given, 2, reopen=True)
    until(lambda: station.clock.now() > 2**31 + 1, "2038-01-19 03:14:09 UTC")
    take_some(station, given, 2, reopen=True)
    station.check(given)
    dates = sorted({ticket.split("-")[1] for ticket in given.values()})
    return f"{len(given)} numbers under {len(dates)} dates: {' '.join(dates)}"


def jitter(station):
    """Forty small steps within a day, some back: one date, 1..n, the order is the order of taking."""
    given = {}
    source = random.Random(5)
    begin(station, "2026-11-24 12:00:00")
    for _ in range(40):
        station.clock.move(source.choice([-1800, -60, -1.5, -0.2, 0.3, 2, 90, 1200]))
        take_some(station, given, 1)
    expect(station.order() == list(given.values()), "the order is not that of taking")
    expect(station.order()[-1] == "naika-20261124-40", station.order()[-1])
    station.check(given)
    return f"{len(given)} numbers over 40 steps"


def midnight(station):
    """An open counter keeps its business date past midnight; the next day begins with its own open, at 1."""
    given = {}
    begin(station, "2026-11-24 23:59:57")
    take_some(station, given, 3)
    until(lambda: station.clock.now() > japan("2026-11-25 00:00:01"), "midnight")
    take_some(station, given, 3)
    expect(list(given.values())[-1] == "naika-20261124-6", f"after midnight: {list(given.values())[-1]}")
    with station.hub("desk", "front") as hub:
        hub.ok("close", {"service": "naika"})
        expect(station.take(hub, "late") in CLOSED, "a closed counter gave a number")
        station.clock.set(japan("2026-11-25 08:00:00"))
        hub.ok("open", {"service": "naika"})
        take_some(station, given, 2)
        expect(list(given.values())[-2:] == ["naika-20261125-1", "naika-20261125-2"], list(given.values())[-2:])
        again = station.take(hub, "t2")
        expect(again == given["t2"], f"yesterday's key: was {given['t2']}, now {again}")
    station.check(given)
    return "one date past midnight, the next day from 1, yesterday's key keeps its ticket"


def past_four(station):
    """A day nobody closed ends at 4:00, also when the daemon was off at that hour; its numbers stay."""
    given = {}
    begin(station, "2026-11-24 18:00:00")
    take_some(station, given, 3)
    station.clock.set(japan("2026-11-25 03:59:58"))
    take_some(station, given, 1)
    expect(given["t4"] == "naika-20261124-4", f"before four: {given['t4']}")
    until(lambda: not station.naika()["open"], "the tick to close the day at 4:00")
    with station.hub("desk", "front") as hub:
        expect(station.take(hub, "early") in CLOSED, "yesterday's counter gave a number after 4:00")
        hub.ok("open", {"service": "naika"})
    take_some(station, given, 2)
    expect(given["t5"] == "naika-20261125-1", f"after four: {given['t5']}")
    station.kill9()
    station.clock.set(japan("2026-11-26 08:30:00"))
    station.start()
    until(lambda: not station.naika()["open"], "the start to close the day before")
    with station.hub("desk", "front") as hub:
        hub.ok("open", {"service": "naika"})
    take_some(station, given, 2)
    expect(given["t7"] == "naika-20261126-1", f"next day: {given['t7']}")
    station.check(given)
    return "closed at 4:00 by the tick and by a start; three dates, each from 1"


def killed_around(station):
    """kill -9 again and again while the day rolls over: opened once, closed once, no number twice."""
    given, source = {}, random.Random(11)
    begin(station, "2026-11-24 23:00:00")
    take_some(station, given, 2)
    for nth in range(20):
        # Every third time it is about to become four o'clock.
        if nth % 3 == 0:
            date = time.gmtime(station.clock.now() + JAPAN + (DAY if nth else 0))
            station.clock.set(calendar.timegm((*date[:3], 3, 59, 59)) - JAPAN + source.random())

        def takes(seat):
            try:
                with station.hub("desk", seat) as hub:
                    while True:
                        if station.take(hub, f"{seat}.{nth}") in CLOSED:
                            hub.ok("open", {"service": "naika"})
                        hub.ok("status")
            except (Lost, Refused):
                pass
        crowd = Crowd(takes, ["a", "b"])
        time.sleep(source.uniform(0, 1.2) if nth % 3 == 0 else 0.05)  # the moment of the kill
        station.kill9()
        crowd.join()
        station.start()
        with station.hub("desk", "front") as hub:
            for seat in ("a", "b"):
                ticket = station.take(hub, f"{seat}.{nth}")
                if ticket in CLOSED:
                    hub.ok("open", {"service": "naika"})
                    ticket = station.take(hub, f"{seat}.{nth}")
                given[f"{seat}.{nth}"] = ticket
    station.check(given)
    ledger = audit.read_copy(station.home)
    for kind in ("day_opened", "day_closed"):
        dates = [event.body["date"] for event in ledger.events if event.kind == kind]
        expect(len(dates) == len(set(dates)), f"{kind} twice: {dates}")
    return f"20 kills, {len(dates)} days closed once each, {len(given)} numbers"


def pushed(wall, beats=10):
    """The next board that is shown; beats alone are not waited for without end."""
    for _ in range(100 * beats):
        frame = wall.receive()
        if frame.get("view") == "board":
            return frame["data"]
        beats -= "beat" in frame
        expect(beats > 0, "nothing is pushed")


def a_day_passes(station):
    """Nobody does anything from one day to the next: the screens that watch are shown the new one all the same."""
    begin(station, "2026-11-28 11:00:00")
    take_some(station, {}, 3)
    with station.hub("desk", "front") as hub:
        called = hub.ok("call", {"service": "naika", "room": "1"})
        hub.ok("finish", {"ticket": called["ticket"]})
        hub.ok("close", {"service": "naika"})
        hub.ok("message", {"pattern": "delay", "minutes": 20, "show_minutes": 45})
    with station.hub("display", "wall") as wall:
        wall.send("watch", {"views": ["board"]})
        shown = pushed(wall)
        expect((len(shown["calls"]), len(shown["messages"])) == (1, 1), f"on that day: {shown}")
        for when, calls, messages in (("2026-11-28 12:00:00", 1, 0), ("2026-11-30 08:25:00", 0, 0)):
            station.clock.set(japan(when))
            for _ in range(4):  # what was shown before the clock went on may be on its way still
                shown = pushed(wall)
                if (len(shown["calls"]), len(shown["messages"])) == (calls, messages):
                    break
            else:
                raise Wrong(f"{when}: {shown}")
    return "a message that ends and a day that is over go from the board without anybody's doing"


def slips_of_another_day(station):
    """A slip that did not come out is the desk's task on its day; on the next one the same number is another's."""
    edit_settings(station.home, server='"127.0.0.1:1"', queue='"none"')
    begin(station, "2026-11-28 11:00:00")
    with station.hub("desk", "front") as hub:
        hub.ok("take", {"service": "naika"})
        station.clock.set(japan("2026-11-28 11:05:00"))
        until(lambda: [each["state"] for each in hub.ok("desk")["prints"]] == ["failed"], "the slip to be given up", 60, 0.2)
        hub.ok("close", {"service": "naika"})
        station.clock.set(japan("2026-11-30 08:25:00"))
        hub.ok("open", {"service": "naika"})
        hub.ok("take", {"service": "naika", "print": False})
        expect(hub.ok("desk")["prints"] == [], f"a task of another day: {hub.ok('desk')['prints']}")
    return "a slip that failed is a task on its own day alone"


PARTS = {"timers": timers, "passing": a_day_passes, "slips": slips_of_another_day, "back": steps_back, "years": wild_years, "jitter": jitter, "midnight": midnight, "four": past_four,
         "kill": killed_around}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bin", required=True)
    options.add_argument("--mutant")
    options.add_argument("--part", choices=sorted(PARTS), action="append")
    asked = options.parse_args()
    library = faketime.preload(asked.bin)
    if library is None:
        skip("libfaketime is not installed")
    failed = 0
    for name in asked.part or PARTS:
        place = work_dir("clock")
        began = time.monotonic()
        try:
            with FakeStation(os.path.join(place, "home"), asked, library) as station:
                print(f"{name}: {PARTS[name](station)} ({time.monotonic() - began:.1f} s)", flush=True)
        except (Wrong, Ended, Lost, Refused, TimeoutError) as error:
            failed = 1
            print(f"{name}: WRONG {type(error).__name__}: {error} ({time.monotonic() - began:.1f} s)", flush=True)
        finally:
            clean(place)
    return failed


if __name__ == "__main__":
    sys.exit(main())
