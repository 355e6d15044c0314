# SPDX-License-Identifier: Apache-2.0
"""The forecast's record of itself, as the daemon keeps it: two small days in a clock of their own, and what patients were
told on the second held against what came, counted here by hand. The record must be that count once the third day
opens, and after a restart. A record that counted in any of the wrong ways below would be another one.
"""
import itertools
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
SECOND_DAY = ([2.1 * i for i in range(14)], [3.4, 9.9, 12.6, 21.3, 24.2, 30.7, 52.4, 55.6, 61.3, 66.2, 70.9, 76.3, 80.4,
                                                       84.1, 86.7])
# Which of a day's calls, from 1, are taken back at once, and which nobody answers: so that each wrong way to count gives
# another record.
TAKEN_BACK, MISSED = (3, 7, 11), (2, 9)


def rounded(value):
    return int(value + 0.5)


class Visit:
    """What a patient was told, and the minutes after the number at which they were called."""

    def __init__(self, at, told):
        self.at, self.told = at, told
        self.stood, self.every = [], []  # calls that were not taken back, and all

    def first(self):
        return self.stood[0]


def middle(told):
    return (told["low"] + told["high"]) / 2


def record_of(came, late=lambda told, wait: wait - middle(told) > 10):
    """The desk's record of (range that was told, wait that came)."""
    errors = [abs(wait - middle(told)) for told, wait in came]
    share = lambda count: rounded(100 * count / len(came))  # noqa: E731
    return {"n": len(came), "days": 1, "inside_percent": share(sum(t["low"] <= wait <= t["high"] for t, wait in came)),
            "median_error": rounded(statistics.median(errors)), "late_percent": share(sum(late(*each) for each in came))}


def wrong_records(told):
    came = [(each.told, each.first()) for each in told if each.stood]
    end = max(each.first() for each in told if each.stood)
    yield "a call that was taken back", record_of([(each.told, each.every[0]) for each in told if each.every])
    yield "the last call of who was missed", record_of([(each.told, each.stood[-1]) for each in told if each.stood])
    yield "who was never called", record_of([(each.told, each.first() if each.stood else end) for each in told])
    yield "late from the range's end on", record_of(came, lambda t, wait: wait > t["high"])
    yield "early as late", record_of(came, lambda t, wait: abs(wait - middle(t)) > 10)
    yield "one patient too few", record_of(came[:-1])
    yield "the range's end as what was told", record_of([({"low": t["high"], "high": t["high"]}, w) for t, w in came])


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
        self.assertFalse([each for each in self.day("2026-11-24", *FIRST_DAY) if each.told], "too little is known yet")
        told = [each for each in self.day("2026-11-25", *SECOND_DAY) if each.told]
        expected = record_of([(each.told, each.first()) for each in told if each.stood])
        self.assertGreater(expected["n"], 8, "ranges were told")
        self.assertTrue(0 < expected["inside_percent"] < 100, "some held and some did not, or the count proves little")
        self.assertTrue(0 < expected["late_percent"] < 100, "some were late and some were not")
        for way, wrong in wrong_records(told):
            self.assertNotEqual(wrong, expected, f"a record that counts {way} would pass for the true one")
        self.assertEqual(self.record()["n"], 0, "the second day is not over")
        self.station.clock.set(japan("2026-11-26 09:00:00"))
        self.station.cli("open", "naika")
        until(lambda: self.record()["n"], "the record of the day that ended", every=0.05)
        self.assertEqual(self.record(), expected)
        self.station.kill9()
        self.station.start()
        until(lambda: self.record()["n"], "the record to be read again", every=0.05)
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
            asked = itertools.count()

            def as_at_the_desk():
                """While numbers pour in the forecast may be a moment behind them, and behind the call."""
                here = kiosk.ok("check_in", {"card": "１２７３４"}, key=f"k-here-{next(asked)}")["tickets"]
                waits = {each["ticket"]: each["wait"] for each in desk.ok("desk")["tickets"]}
                return here if all(each["wait"] and each["wait"] == waits[each["ticket"]] for each in here) else None
            told = until(as_at_the_desk, "a wait for each, the desk's", every=0.4)
        self.assertEqual([each["ahead"] for each in told], [1, 8])
        self.assertLess(told[0]["wait"]["high"], told[1]["wait"]["high"])

    def record(self):
        with self.station.hub("desk", "front") as desk:
            return desk.ok("desk")["accuracy"]

    def day(self, date, comes, calls):
        """The visits, in the order of the numbers."""
        opening = japan(date + " 09:00:00")
        given = {}
        with self.station.hub("desk", "front") as desk:
            self.station.clock.set(opening)
            desk.ok("open", {"service": "naika"})
            plan = sorted([(at, "take") for at in comes] + [(at, "call") for at in calls])
            turn = 0
            for serial, (at, what) in enumerate(plan):
                self.station.clock.set(opening + at * 60)
                if what == "take":
                    answer = desk.ok("take", {"service": "naika", "print": False}, key=f"{date}-{serial}")
                    given[answer["ticket"]] = Visit(at, answer["wait"])
                    continue
                called = desk.ok("call", {"service": "naika", "room": "1"}, key=f"{date}-{serial}")["ticket"]
                visit, turn = given[called], turn + 1
                visit.every.append(at - visit.at)
                if turn in TAKEN_BACK:  # a call taken back was none
                    desk.ok("undo", key=f"{date}-{serial}-undo")
                    continue
                visit.stood.append(at - visit.at)
                if turn in MISSED:  # who does not answer has waited all the same, and is called again
                    desk.ok("absent", {"ticket": called}, key=f"{date}-{serial}-absent")
                    desk.ok("back", {"ticket": called}, key=f"{date}-{serial}-back")
            self.station.clock.set(opening + 3 * 3600)
            desk.ok("close_day", key=date + "-close")
        return list(given.values())


if __name__ == "__main__":
    if "--bin" in sys.argv and faketime.library() is None:
        skip("libfaketime is not installed")
    main(__doc__)
