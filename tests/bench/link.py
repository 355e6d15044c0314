# SPDX-License-Identifier: Apache-2.0
"""What the way through the cloud takes: a booking until the desk has it, a call until the phone shows it, and a record
of 72 hours offline until it is up."""
import itertools
import os
import sys
import threading
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [ROOT, os.path.join(ROOT, "cloud")]

import cloud as cloud_bench  # noqa: E402
from contract import Live  # noqa: E402
from kit import faketime  # noqa: E402
from kit.linked import SERVICES, Linked  # noqa: E402
from kit.station import until  # noqa: E402

BOOKINGS = 200
CALLS = 100
OFFLINE, DAYS = 1800, 3  # tickets of 72 hours


def ninety_nine(values):
    return sorted(values)[max(0, int(len(values) * 0.99) - 1)]


def text(values):
    ordered = sorted(values)
    return f"p50 {ordered[len(ordered) // 2]:.0f} ms, p99 {ninety_nine(values):.0f} ms"


class Watcher(threading.Thread):
    """When each number was first seen in the desk's view."""

    def __init__(self, station):
        super().__init__(daemon=True)
        self.seen, self.over = {}, False
        self.hub = station.hub("desk", "bench")
        self.hub.ok("watch", {"views": ["desk"]})
        self.start()

    def run(self):
        while not self.over:
            for ticket in self.hub.next_view("desk")["data"]["tickets"]:
                self.seen.setdefault(ticket["number"], time.monotonic())


def phone_to_desk(linked):
    """From the press on the phone, TLS and all, until the desk's push with that number is read."""
    watcher = Watcher(linked.station)
    took = []
    for _ in range(BOOKINGS):
        began = time.monotonic()
        number = linked.book()[0]["number"]
        took.append((until(lambda n=number: watcher.seen.get(n), "the desk", 20, 0.001) - began) * 1000)
    watcher.over = True
    return took


def desk_to_phone(linked):
    """From the call at the desk until the ticket's page is told."""
    took = []
    token = linked.book()[0]
    with Live(linked.cloud, "token=" + token["token"]) as phone, linked.station.hub("desk", "front") as desk:
        phone.frame("ticket")
        for _ in range(CALLS):
            began = time.monotonic()
            desk.ok("call", {"service": "naika", "room": "1", "ticket": "naika/" + token["number"]})
            while phone.frame("ticket")["state"] != "called":
                pass
            took.append((time.monotonic() - began) * 1000)
            desk.ok("back", {"ticket": "naika/" + token["number"]})
            while phone.frame("ticket")["state"] != "waiting":
                pass
    return took


def call_to_viewers(bench, linked):
    """From the call at the desk, through the station's link, to all who look at the clinic's page on another node."""
    ticket = "naika/" + linked.book()[0]["number"]
    with linked.station.hub("desk", "calls") as desk:
        calls = itertools.cycle([("call", {"service": "naika", "room": "1", "ticket": ticket}), ("back", {"ticket": ticket})])
        cloud_bench.beside_redis(bench, linked.cloud, "call", place="minato", publish=lambda: desk.ok(*next(calls)))


def catch_up(linked, clock):
    """Seconds until what was recorded on three dates offline is the same on both sides."""
    linked.cloud.stop()
    until(lambda: not linked.connected(), "the loss to be noticed", 30, 0.02)
    for day in range(DAYS):
        if day > 0:
            clock.move(24 * 3600)
            linked.station.restart()
        for service in SERVICES:
            linked.station.cli("open", service)
        with linked.station.hub("desk", "bench") as desk:
            for at in range(OFFLINE // DAYS):
                desk.ok("take", {"service": SERVICES[at % 2], "print": False}, key=f"offline-{day}-{at}")
    linked.cloud.start()
    linked.until_connected()
    began = time.monotonic()
    linked.until_equal(120)
    return time.monotonic() - began


def run(bench):
    print("link", flush=True)
    with Linked(bench.scratch / "link", bench.bin) as linked:
        linked.station.start()
        for service in ("naika", "shouni"):
            linked.station.cli("open", service)
        linked.until_connected()
        linked.until_owner()
        took = phone_to_desk(linked)
        bench.row("a booking on the phone is at the desk", "p99 <= 300 ms", text(took), ninety_nine(took) <= 300)
        took = desk_to_phone(linked)
        bench.row("a call at the desk is on the phone", "p99 <= 300 ms", text(took), ninety_nine(took) <= 300)
        call_to_viewers(bench, linked)
    three_days(bench)


def three_days(bench):
    if faketime.library() is None:
        return print("72 hours: passed over, libfaketime is not installed", flush=True)
    linked = Linked(bench.scratch / "days", bench.bin)
    clock = faketime.FakeClock(str(bench.scratch / "days.time"), faketime.preload(bench.bin))
    clock.move(0)
    for side in (linked.cloud, linked.station):
        side.env = dict(side.env, **clock.env)
    with linked:
        linked.station.start()
        linked.until_connected()
        seconds = catch_up(linked, clock)
        dates = linked.cloud.sql("SELECT count(*) FROM number WHERE facility_id = 1 GROUP BY date")
        assert [int(count) for count, in dates] == [OFFLINE // DAYS] * DAYS, dates
        return bench.row(f"{OFFLINE} tickets of {DAYS} dates offline are up and the same on both sides", "<= 60 s", f"{seconds:.1f} s",
                         seconds <= 60)
