# SPDX-License-Identifier: Apache-2.0
"""kill -9 of the real daemon as soon as a slip lies in the queue of a real cupsd, while the disk is slow: every slip's
number is in the ledger, for nothing is printed before it is durable.

One number without a slip keeps the disk busy; the next is to be printed. The control runs machiaid-mutant, which prints
before the commit: then a slip must be found whose number nobody has.
"""
import argparse
import glob
import os
import shutil
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from kit import ledger as audit
from kit.case import edit_settings
from kit.hub import Lost
from kit.slips import Printer
from kit.station import SYNCS, Station, clean, skip, until, work_dir

SLOW_DISK = f"inject={SYNCS}:delay_enter=500000"  # microseconds


class Taker(threading.Thread):
    """One seat's take; `number` is None until it is answered, and stays so when the daemon is killed first."""

    def __init__(self, hub, print_it):
        super().__init__()
        self.hub, self.print_it, self.number = hub, print_it, None
        self.start()

    def run(self):
        try:
            self.number = self.hub.ok("take", {"service": "naika", "print": self.print_it})["number"]
        except Lost:
            pass


def round_of(place, nth, asked, printer):
    """(slips in the queue when it was killed, numbers in the ledger): numbers begin at 1."""
    station = Station(os.path.join(place, f"home-{nth}"), asked.bin, start=False, daemon=asked.mutant if asked.control else None,
                      daemon_args=["--weak", "print-first"] if asked.control else [])
    station.init()
    edit_settings(station.home, **printer.settings)
    station.wrap = ["strace", "-D", "-f", "-qq", "-o", station.log + ".strace", "-e", f"trace={SYNCS}", "-e", SLOW_DISK]
    jobs = os.path.join(printer.dir, "req", "d*")
    before = len(glob.glob(jobs))
    station.start(60)
    try:
        with station.hub("desk", "opener") as opener:
            opener.ok("open", {"service": "naika"})
            with station.hub("desk", "busy") as busy, station.hub("desk", "front") as front:
                takers = [Taker(busy, False), Taker(front, True)]
                until(lambda: len(glob.glob(jobs)) > before, "a slip in the queue", 30)
                station.kill9()
                for taker in takers:
                    taker.join()
    finally:
        station.kill9()
    return len(glob.glob(jobs)) - before, len(list(audit.read_copy(station.home).taken()))


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bin", required=True)
    options.add_argument("--mutant", required=True)
    options.add_argument("--rounds", type=int, default=4)
    options.add_argument("--control", action="store_true")
    asked = options.parse_args()
    for tool in ("strace", "cupsd", "ippeveprinter", "dbus-daemon"):
        if shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin") is None:
            skip(f"{tool} is not installed")
    place = work_dir("paper")
    os.chmod(place, 0o711)
    printer = Printer(os.path.join(place, "p"))
    try:
        for nth in range(1, (10 if asked.control else asked.rounds) + 1):
            slips, numbers = round_of(place, nth, asked, printer)
            # Which of the two came first is not known: a number for each slip and one more, or somebody's paper is void.
            if numbers < slips + 1:
                print(f"{'control: red' if asked.control else 'WRONG'} in round {nth}: {slips} slip(s), {numbers} number(s)")
                return 0 if asked.control else 1
        print("control: GREEN" if asked.control else f"{asked.rounds} kills with a slip in the queue: each has its number")
        return 1 if asked.control else 0
    finally:
        printer.stop()
        clean(place)


sys.exit(main())
