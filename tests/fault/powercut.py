# SPDX-License-Identifier: Apache-2.0
"""Power cuts: the real machiaid works on a disk that logs each write; the disk is then built again as a cut at
many moments would leave it - with all writes so far, or with a random part of those not yet flushed.

Each such disk must mount without fsck, hold every number that was acknowledged before the cut, no gap, and a whole
chain; on some of them machiaid itself is started again, verifies, and answers repeated keys with the same numbers.

The controls run machiaid-mutant with synchronous=NORMAL, or with a log that is written without a flush: acknowledged
numbers must get lost. `--plain` cuts the power of a machine without io_uring.
"""
import argparse
import os
import random
import sqlite3
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import disks
from kit import ledger as audit
from kit.station import Ended, Station, clean, skip, work_dir

MEGABYTES = 20
TAKES = 300  # enough for the WAL to be checkpointed into the database once


class Recording:
    """What was asked and acknowledged, and where the log stood then."""

    def __init__(self):
        self.base = 0  # first entry after the disk was ready
        self.acknowledged = []  # (entries, key, n)
        self.issued = set()
        self.entries = []

    def before(self, at):
        return {key: (None, n) for entries, key, n in self.acknowledged if entries <= at}


def day(station, recording, entries, takes):
    """A small clinic day: mostly numbers, some calls in between."""
    with station.hub("desk", "front") as hub:
        hub.ok("open", {"service": "naika"})
        for serial in range(1, takes + 1):
            key = f"cut-{serial}"
            recording.issued.add(key)
            number = hub.ok("take", {"service": "naika"}, key)["number"]
            recording.acknowledged.append((entries(), key, int(number)))
            if serial % 5 == 0:
                hub.ask("call", {"service": "naika", "room": "1"}, f"call-{serial}")
            if serial % 20 == 0:
                hub.ask("undo", {}, f"undo-{serial}")


def record(place, asked, daemon_args, takes):
    recording = Recording()
    mount = os.path.join(place, "m")
    with disks.LoggingDisk(place, MEGABYTES) as disk:
        with disks.Mounted(disk.exported, mount, "commit=5", make=True):
            station = Station(os.path.join(mount, "home"), asked.bin, log=os.path.join(place, "daemon.log"),
                              daemon=asked.mutant if daemon_args else None, daemon_args=daemon_args, start=False)
            if asked.plain:
                station.wrap = ["strace", "-D", "-f", "-qq", "-o", os.path.join(place, "strace"), "-e", "trace=io_uring_setup",
                                "-e", "inject=io_uring_setup:error=ENOSYS"]
            with station:
                os.sync()
                recording.base = disk.entries()
                station.start()
                day(station, recording, disk.entries, takes)
                station.stop()
        os.sync()
    recording.entries = disks.read_log(disk.log)
    return recording


def cut_points(recording, cuts, source):
    """(entry, keeps all?) of each cut, in order: half with all writes, half with a part of the unflushed ones."""
    last = len(recording.entries)
    places = range(recording.base, last + 1)
    whole = min(cuts // 2, len(places))
    points = [(at, True) for at in source.sample(places, whole)]
    points += [(source.choice(places), False) for _ in range(cuts - whole)]
    return sorted(points)


def control_points(recording, cuts, source):
    """Cuts right where something was acknowledged come first: a commit that is not synced is not there."""
    acknowledged = sorted({at for at, _, _ in recording.acknowledged})
    points = [(at, True) for at in acknowledged[:cuts // 2]]
    return sorted(points + cut_points(recording, cuts - len(points), source))


def check_ledger(home, recording, at):
    path = os.path.join(home, "data", "ledger.db")
    must = recording.before(at)
    if not os.path.exists(path):
        return [f"lost: no ledger, {len(must)} acknowledged"] if must else []
    try:
        return audit.complaints(audit.read_copy(home), must, recording.issued)
    except sqlite3.DatabaseError as error:
        return [f"corrupt: {error}"]


def check_station(home, recording, at, asked, place):
    """The real daemon on the disk after the cut: starts, verifies, and knows its keys."""
    wrong = []
    try:
        with Station(home, asked.bin, log=os.path.join(place, "after.log")) as station:
            code, answer = station.verify()
            if code != 0 or not answer["holds"]:
                wrong.append(f"verify: exit {code}, {answer}")
            must = list(recording.before(at).items())
            with station.hub("desk", "front") as hub:
                for key, (_, n) in must[-3:]:
                    frame = hub.ask("take", {"service": "naika"}, key)
                    if frame.get("ok", {}).get("number") != str(n):
                        wrong.append(f"key {key}: was {n}, now {frame}")
    except (Ended, TimeoutError) as error:
        wrong.append(f"does not start: {error}")
    return wrong


def replay(place, recording, points, asked, station_every):
    """{cut: complaints} of the cuts that are wrong; how many cuts had a daemon started on them."""
    source = random.Random(asked.seed)
    disk = disks.Replay(recording.entries, MEGABYTES << 20)
    image, mount = os.path.join(place, "cut.img"), os.path.join(place, "m")
    red, started = {}, 0
    for nth, (at, whole) in enumerate(points):
        disk.advance(at)
        with open(image, "wb") as file:
            file.write(disk.image(lambda: whole or source.random() < 0.5))
        try:
            with disks.Mounted(image, mount):
                home = os.path.join(mount, "home")
                wrong = check_ledger(home, recording, at)
                if station_every and nth % station_every == 0:
                    started += 1
                    wrong += check_station(home, recording, at, asked, place)
        except RuntimeError as error:
            wrong = [f"does not mount: {error}"]
        if wrong:
            red[(at, whole)] = wrong
    return red, started


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bin", required=True)
    options.add_argument("--mutant", required=True)
    options.add_argument("--cuts", type=int, default=100)
    options.add_argument("--takes", type=int, default=TAKES)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--control", choices=("sync-normal", "unflushed"))
    options.add_argument("--plain", action="store_true")
    asked = options.parse_args()
    if reason := disks.missing(["qemu-storage-daemon", "strace"], fuse=True):
        skip(reason)
    place = work_dir("powercut")
    try:
        begun = time.monotonic()
        takes = 60 if asked.control else asked.takes
        recording = record(place, asked, ["--weak", asked.control] if asked.control else [], takes)
        recorded = time.monotonic() - begun
        source = random.Random(asked.seed)
        points = control_points(recording, 40, source) if asked.control else cut_points(recording, asked.cuts, source)
        red, started = replay(place, recording, points, asked, 0 if asked.control else 10)
        print(f"{len(points)} cuts of {len(recording.entries) - recording.base} log entries, "
              f"{len(recording.acknowledged)} acknowledged numbers, machiaid started on {started} of them, "
              f"{len(red)} red, recording {recorded:.1f} s, all {time.monotonic() - begun:.1f} s, seed {asked.seed}")
        for (at, whole), wrong in list(red.items())[:8]:
            print(f"RED cut at {at} ({'all' if whole else 'part of the'} writes): {len(wrong)}: {wrong[:3]}")
        if asked.control:
            lost = [wrong for wrong in red.values() if any(text.startswith("lost") for text in wrong)]
            print(f"control: {len(lost)} of {len(points)} cuts lost acknowledged numbers")
            return 0 if lost else 1
        return 1 if red else 0
    finally:
        clean(place)


if __name__ == "__main__":
    sys.exit(main())
