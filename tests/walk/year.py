# SPDX-License-Identifier: Apache-2.0
"""A whole year of a clinic through the real daemon: arrivals, two rooms, absences, tests, cancellations, the end of
every day. The daemon lives in a clock of its own (libfaketime), so a day passes in the time its commands take.

Beside it this script counts what it did; at the end `verify` must hold and the statistics must be that count.

The printer that is set up is at nobody's address. On some days everybody asks for a slip: each of them fails in its own
time, the desk marks some as seen all the same and has others printed again.

    year.py --bin BIN [--days 250] [--patients 200] [--json]   exits 1 when a count differs
    year.py --bin BIN --days 3 --control [patient|slip]        leaves one out of the recount: must differ
"""
import argparse
import collections
import heapq
import json
import os
import random
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../fault"))
from clock import DAY, FakeStation, japan  # noqa: E402
from kit import faketime  # noqa: E402
from kit.case import edit_settings  # noqa: E402
from kit.station import clean, skip, until, work_dir  # noqa: E402

FIRST_DAY = "2027-01-04"  # a Monday
SERVICES = ("naika", "shouni")
SLIPS_EVERY = 25  # days; the printer's worker looks once in some seconds of the real time
# Minutes of a visit by kind: mean and spread. 200 patients fill two rooms for a long day.
VISIT = {"return": (3.4, 1.2), "first": (6.0, 2.0)}


class Count:
    """What was done on one date."""

    def __init__(self):
        self.numbers = collections.Counter()  # (service, what)
        self.waits = collections.defaultdict(list)
        self.visits = collections.Counter()   # room
        self.minutes = collections.Counter()  # room, with a patient
        self.slips = collections.Counter()    # asked, printed, print_failed, reprinted


class Year:
    def __init__(self, station, days, patients):
        self.station, self.days, self.patients = station, days, patients
        self.chance = random.Random(20270104)
        self.counts = {}
        self.commands = 0
        self.told = [0, 0]  # forecasts told, and those that held

    def run(self):
        date = japan(FIRST_DAY + " 00:00:00")
        done = 0
        with self.station.hub("desk", "desk-1") as self.hub:
            while done < self.days:
                if time.gmtime(date + 9 * 3600).tm_wday != 6:  # Sundays are free
                    self.on_paper = done % SLIPS_EVERY == 0
                    self.day(date)
                    done += 1
                date += DAY
        return date

    def at(self, seconds):
        self.station.clock.set(seconds)
        self.now = seconds

    def ask(self, command, **arguments):
        self.commands += 1
        return self.hub.ask(command, arguments, f"y{self.commands}")

    def day(self, date):
        self.date, self.tickets, self.agenda, self.planned = date, {}, [], 0
        self.count = self.counts[time.strftime("%Y-%m-%d", time.gmtime(date + 9 * 3600))] = Count()
        self.at(date + 8.5 * 3600)
        for service in SERVICES:
            assert "ok" in self.ask("open", service=service)
        for _ in range(self.patients):
            # Two thirds in the morning, most of them early.
            early = self.chance.random() < 0.65
            minute = self.chance.triangular(0, 210, 20) if early else 330 + self.chance.triangular(0, 200, 60)
            self.plan(minute, self.arrive)
        for room, service in zip("12", SERVICES):
            self.plan(5 + self.chance.random(), self.call, room, service)
        while self.agenda:
            minute, _, what, arguments = heapq.heappop(self.agenda)
            self.at(date + 8.5 * 3600 + minute * 60)
            what(minute, *arguments)
        self.at(self.now + 600)
        self.settle_slips()
        self.end_of_day()

    def plan(self, minute, what, *arguments):
        self.planned += 1
        heapq.heappush(self.agenda, (minute, self.planned, what, arguments))

    def arrive(self, minute):
        service = "naika" if self.chance.random() < 0.5 else "shouni"
        kind = "first" if self.chance.random() < 0.2 else "return"
        leaves = self.chance.random() < 0.02
        # Whether a slip that waits is withdrawn with its number is a matter of moments.
        on_paper = self.on_paper and not leaves
        answer = self.ask("take", service=service, kind=kind, print=on_paper)["ok"]
        self.count.numbers[service, "taken"] += 1
        self.count.slips["asked"] += on_paper
        self.tickets[answer["ticket"]] = {"service": service, "kind": kind, "at": self.now, "state": "waiting",
                                          "wait": answer["wait"], "called": False}
        if leaves:
            self.plan(minute + 10, self.cancel, answer["ticket"])

    def cancel(self, _, name):
        if self.tickets[name]["state"] == "waiting":
            assert "ok" in self.ask("cancel", ticket=name)
            self.count.numbers[self.tickets[name]["service"], "cancelled"] += 1
            self.tickets[name]["state"] = "cancelled"

    def call(self, minute, room, service):
        self.leave(room)
        if minute > 620:
            return
        answer = self.ask("call", service=service, room=room)
        if "error" in answer:
            assert answer["error"]["reason"] == "nobody_waiting", answer
            self.plan(minute + 1, self.call, room, service)
            return
        name = answer["ok"]["ticket"]
        ticket = self.tickets[name]
        if not ticket["called"]:
            ticket["called"] = True
            wait = (self.now - ticket["at"]) / 60
            self.count.waits[service].append(wait)
            if ticket["wait"]:
                self.told[0] += 1
                self.told[1] += ticket["wait"]["low"] <= wait <= ticket["wait"]["high"]
        ticket["state"], ticket["room"], ticket["since"] = "inside", room, self.now
        fate = self.chance.random()
        if fate < 0.04:
            self.plan(minute + 0.7, self.absent, name, room, service)
            return
        self.count.visits[room] += 1
        if fate < 0.09:
            self.plan(minute + 2, self.hold, name, room, service)
            return
        mean, spread = VISIT[ticket["kind"]]
        self.plan(minute + max(0.8, self.chance.gauss(mean, spread)), self.call, room, service)

    def leave(self, room):
        """Who is in the room has finished when the next is called; without a next, by the room's own press."""
        for name, ticket in self.tickets.items():
            if ticket["state"] == "inside" and ticket["room"] == room:
                assert "ok" in self.ask("finish", ticket=name)
                ticket["state"] = "done"
                self.count.minutes[room] += (self.now - ticket["since"]) / 60
                self.count.numbers[ticket["service"], "done"] += 1

    def absent(self, minute, name, room, service):
        assert "ok" in self.ask("absent", ticket=name)
        self.tickets[name]["state"] = "absent"
        self.count.numbers[service, "absences"] += 1
        if self.chance.random() < 0.7:
            self.plan(minute + 8, self.back, name, "back")
        self.plan(minute + 0.1, self.call, room, service)

    def hold(self, minute, name, room, service):
        assert "ok" in self.ask("hold", ticket=name, reason="検査")
        self.count.minutes[room] += (self.now - self.tickets[name]["since"]) / 60
        self.tickets[name]["state"] = "hold"
        self.plan(minute + 12, self.back, name, "resume")
        self.plan(minute + 0.1, self.call, room, service)

    def back(self, _, name, verb):
        assert "ok" in self.ask(verb, ticket=name)
        self.tickets[name]["state"] = "waiting"

    def slips_over(self):
        """The day's slips once none of them is on its way any more."""
        def looked():
            rows = self.hub.ok("prints")["prints"]
            return rows if all(row["state"] == "failed" for row in rows if row["print"] not in self.seen) else None

        rows = until(looked, "the fate of the day's slips", 60, 0.1) if self.count.slips["asked"] else []
        assert len(rows) == self.count.slips["asked"], (len(rows), self.count.slips)
        return rows

    def settle_slips(self):
        """A fifth was seen, by whatever way it came out; another fifth is asked for again, and half of those are seen."""
        self.seen, known = set(), set()
        for again in (True, False):
            for row in [row for row in self.slips_over() if row["print"] not in known]:
                known.add(row["print"])
                fate = self.chance.random()
                if fate < (0.2 if again else 0.5):
                    assert "ok" in self.ask("slip_seen", print=row["print"])
                    self.seen.add(row["print"])
                    self.count.slips["printed"] += 1
                    continue
                self.count.slips["print_failed"] += 1
                if again and fate < 0.4:
                    assert "ok" in self.ask("reprint", ticket=row["ticket"])
                    self.count.slips["asked"] += 1
                    self.count.slips["reprinted"] += 1
            self.at(self.now + 600)

    def end_of_day(self):
        assert "ok" in self.ask("close_day")
        for ticket in self.tickets.values():
            if ticket["state"] in ("waiting", "absent", "hold"):
                self.count.numbers[ticket["service"], "no_show"] += 1
            if ticket["state"] == "inside":
                self.count.numbers[ticket["service"], "done"] += 1


def ninth_of_ten(values):
    """The smallest value that nine of ten do not exceed."""
    return sorted(values)[int(0.9 * (len(values) - 1) + 0.5)]


def differences(count, told):
    """What the daemon's numbers of a date say otherwise than the recount."""
    for service in told["services"]:
        name = service["service"]
        for what in ("taken", "done", "cancelled", "no_show", "absences"):
            if service[what] != count.numbers[name, what]:
                yield f"{told['date']} {name} {what}: {service[what]} instead of {count.numbers[name, what]}"
        waits = count.waits[name]
        if service["wait"]["n"] != len(waits):
            yield f"{told['date']} {name} waits: {service['wait']['n']} instead of {len(waits)}"
        elif waits and abs(service["wait"]["median"] - statistics.median_high(waits)) > 0.1 and \
                abs(service["wait"]["median"] - statistics.median_low(waits)) > 0.1:
            yield f"{told['date']} {name} median: {service['wait']['median']}, {statistics.median(waits):.1f}"
        elif waits and abs(service["wait"]["ninth_of_ten"] - ninth_of_ten(waits)) > 0.1:
            yield f"{told['date']} {name} nine of ten: {service['wait']['ninth_of_ten']} instead of {ninth_of_ten(waits):.1f}"
    for room in told["rooms"]:
        if room["visits"] != count.visits[room["room"]]:
            yield f"{told['date']} room {room['room']}: {room['visits']} instead of {count.visits[room['room']]}"
        if abs(room["minutes"] - count.minutes[room["room"]]) > 0.1:
            yield f"{told['date']} room {room['room']} minutes: {room['minutes']} instead of {count.minutes[room['room']]:.1f}"
    for what in ("printed", "print_failed", "reprinted"):
        if told[what] != count.slips[what]:
            yield f"{told['date']} slips {what}: {told[what]} instead of {count.slips[what]}"


def compare(station, year, asked):
    faults = []
    first = next(iter(year.counts.values()))
    if asked.control == "patient":
        first.numbers["naika", "taken"] -= 1
    elif asked.control == "slip":
        first.slips["reprinted"] -= 1
    dates = list(year.counts)
    began = time.monotonic()
    for start in range(0, len(dates), 300):
        part = dates[start:start + 300]
        with station.hub("desk", "desk-1") as hub:
            told = hub.ok("statistics", {"from": part[0], "to": part[-1]})
        for day in told["days"]:
            faults += differences(year.counts[day["date"]], day)
        if [day["date"] for day in told["days"]] != part:
            faults.append("dates are missing from the statistics")
    return faults, time.monotonic() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--days", type=int, default=250)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--control", nargs="?", const="patient", choices=("patient", "slip"))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    library = faketime.preload(asked.bin)
    if library is None:
        skip("libfaketime is not installed")
    folder = work_dir("year")
    home = os.path.join(folder, "home")
    with FakeStation(home, asked, library) as station:
        edit_settings(home, server=f'"{home}/run/nobody.sock"', queue='"Ticket"')
        station.clock.set(japan(FIRST_DAY + " 08:00:00"))
        station.start()
        year = Year(station, asked.days, asked.patients)
        began = time.monotonic()
        year.run()
        took = time.monotonic() - began
        faults, counted = compare(station, year, asked)
        verified, answer = station.cli("verify")
    clean(folder)
    tickets = sum(count.numbers[service, "taken"] for count in year.counts.values() for service in SERVICES)
    result = {"days": asked.days, "tickets": tickets, "commands": year.commands, "seconds": round(took, 1),
              "slips": sum(count.slips["asked"] for count in year.counts.values()),
              "statistics_seconds": round(counted, 1), "verify": verified == 0, "faults": faults[:5],
              "forecasts_told": year.told[0],
              "held_percent": round(100 * year.told[1] / year.told[0], 1) if year.told[0] else None}
    print(json.dumps(result) if asked.json else "\n".join(f"{key}: {value}" for key, value in result.items()))
    if asked.control:
        return 0 if faults else 1
    return 1 if faults or verified != 0 else 0


sys.exit(main())
