# SPDX-License-Identifier: Apache-2.0
"""The forecast's record of itself, as the daemon keeps it: two small days in a clock of their own, and what patients were
told on the second held against what came, counted here by hand. The record must be that count once the third day
opens, and after a restart.
"""
import os
import statistics
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../fault"))
from clock import FakeStation, japan  # noqa: E402
from kit import faketime  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.station import clean, skip, until, work_dir  # noqa: E402

# Minutes after the opening at which somebody comes, and at which the room calls the next. Fractions keep every wait away
# from the ends of a range, which are whole minutes.
FIRST_DAY = ([0.2 * i for i in range(16)], [4 + 5.3 * i for i in range(16)])
SECOND_DAY = ([2.1 * i for i in range(14)], [3.4, 9.9, 12.6, 21.3, 24.2, 30.7, 52.4, 55.6, 61.3, 66.2, 70.9, 76.3, 80.4])


def rounded(value):
    return int(value + 0.5)


class Accuracy(unittest.TestCase):
    def setUp(self):
        folder = work_dir("accuracy")
        self.addCleanup(clean, folder)
        self.station = FakeStation(os.path.join(folder, "home"), options, faketime.preload(options.bin))
        self.station.init()
        self.addCleanup(self.station.kill9)

    def test_the_record_is_what_came_of_what_was_told(self):
        self.station.clock.set(japan("2026-11-24 08:00:00"))
        self.station.start()
        self.assertFalse([told for _, told, _ in self.day("2026-11-24", *FIRST_DAY) if told], "too little is known yet")
        came = [(told, wait) for _, told, wait in self.day("2026-11-25", *SECOND_DAY) if told and wait is not None]
        self.assertGreater(len(came), 8, "ranges were told")
        errors = [abs(wait - (told["low"] + told["high"]) / 2) for told, wait in came]
        inside = sum(told["low"] <= wait <= told["high"] for told, wait in came)
        late = sum(wait - (told["low"] + told["high"]) / 2 > 10 for told, wait in came)
        self.assertTrue(0 < inside < len(came), "some held and some did not, or the count proves little")
        expected = {"n": len(came), "days": 1, "inside_percent": rounded(100 * inside / len(came)),
                    "median_error": rounded(statistics.median(errors)), "late_percent": rounded(100 * late / len(came))}
        self.assertEqual(self.record()["n"], 0, "the second day is not over")
        self.station.clock.set(japan("2026-11-26 09:00:00"))
        self.station.cli("open", "naika")
        until(lambda: self.record()["n"], "the record of the day that ended", 20, 0.05)
        self.assertEqual(self.record(), expected)
        self.station.kill9()
        self.station.start()
        until(lambda: self.record()["n"], "the record to be read again", 20, 0.05)
        self.assertEqual(self.record(), expected)

    def test_a_card_with_several_numbers_hears_of_each(self):
        self.station.clock.set(japan("2026-11-24 08:00:00"))
        self.station.start()
        self.day("2026-11-24", *FIRST_DAY)
        self.station.clock.set(japan("2026-11-25 09:00:00"))
        with self.station.hub("desk", "front") as desk, self.station.hub("kiosk", "kiosk-1") as kiosk:
            desk.ok("open", {"service": "naika"})
            for serial in range(12):
                card = {2: "0012734", 9: "12734"}.get(serial, "")
                desk.ok("take", {"service": "naika", "print": False, "card": card}, key=f"k-{serial}")
            desk.ok("call", {"service": "naika", "room": "1"}, key="k-call")
            told = kiosk.ok("check_in", {"card": "１２７３４"}, key="k-here")["tickets"]
            waits = {each["ticket"]: each["wait"] for each in desk.ok("desk")["tickets"]}
        self.assertEqual([each["ahead"] for each in told], [1, 8])
        self.assertTrue(all(each["wait"] for each in told), told)
        self.assertLess(told[0]["wait"]["high"], told[1]["wait"]["high"])
        self.assertEqual([each["wait"] for each in told], [waits[each["ticket"]] for each in told])

    def record(self):
        with self.station.hub("desk", "front") as desk:
            return desk.ok("desk")["accuracy"]

    def day(self, date, comes, calls):
        """Per patient: the ticket, what was told, minutes until the first call that stood; None for who was not called."""
        opening = japan(date + " 09:00:00")
        given, first = {}, {}
        with self.station.hub("desk", "front") as desk:
            self.station.clock.set(opening)
            desk.ok("open", {"service": "naika"})
            plan = sorted([(at, "take") for at in comes] + [(at, "call") for at in calls])
            for serial, (at, what) in enumerate(plan):
                self.station.clock.set(opening + at * 60)
                if what == "take":
                    answer = desk.ok("take", {"service": "naika", "print": False}, key=f"{date}-{serial}")
                    given[answer["ticket"]] = (at, answer["wait"])
                    continue
                called = desk.ok("call", {"service": "naika", "room": "1"}, key=f"{date}-{serial}")["ticket"]
                if serial % 5 == 4:  # a call taken back was none
                    desk.ok("undo", key=f"{date}-{serial}-undo")
                    continue
                first.setdefault(called, at)
                if serial % 7 == 3:  # who does not answer has waited all the same
                    desk.ok("absent", {"ticket": called}, key=f"{date}-{serial}-absent")
            self.station.clock.set(opening + 3 * 3600)
            desk.ok("close_day", key=date + "-close")
        return [(ticket, told, first[ticket] - at if ticket in first else None) for ticket, (at, told) in given.items()]


if __name__ == "__main__":
    if "--bin" in sys.argv and faketime.library() is None:
        skip("libfaketime is not installed")
    main(__doc__)
