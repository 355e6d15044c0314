# SPDX-License-Identifier: Apache-2.0
"""What the way through the cloud takes: a booking until the desk has it, a call until the phone shows it, and a record
of 72 hours offline until it is up."""
import os
import sys
import threading
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [ROOT, os.path.join(ROOT, "cloud")]

from contract import Live  # noqa: E402
from kit.linked import Linked  # noqa: E402
from kit.station import until  # noqa: E402

BOOKINGS = 200
CALLS = 100
OFFLINE = 1800  # tickets of 72 hours


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


def catch_up(linked):
    """Seconds until what was recorded offline is the same on both sides."""
    linked.cloud.stop()
    until(lambda: not linked.connected(), "the loss to be noticed", 30, 0.02)
    with linked.station.hub("desk", "bench") as desk:
        for at in range(OFFLINE):
            desk.ok("take", {"service": "shouni", "print": False}, key=f"offline-{at}")
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
        seconds = catch_up(linked)
        bench.row(f"{OFFLINE} tickets of 72 hours offline are up", "<= 60 s", f"{seconds:.1f} s", seconds <= 60)
