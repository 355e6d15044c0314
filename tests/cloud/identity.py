# SPDX-License-Identifier: Apache-2.0
"""A clinic's machine that is there twice, or whose clock is an hour back: one of two is served and the other is told, no
number is given twice, and what was said meanwhile is in the line in the end."""
import os
import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit import faketime  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.linked import EndsEqual, Linked  # noqa: E402
from kit.station import Station, clean, skip, until, work_dir  # noqa: E402

HOUR = 3600


class Identity(EndsEqual, unittest.TestCase):
    apart = {"test_e_put_back_from_a_backup": "the station is refused for good"}

    def setUp(self):
        self.dir = work_dir("identity")
        self.addCleanup(clean, self.dir)
        self.linked = Linked(self.dir, options.bin)
        self.cloud, self.station = self.linked.cloud, self.linked.station
        self.clock = faketime.FakeClock(os.path.join(self.dir, "time"), faketime.preload(options.bin))
        self.clock.move(0)
        self.station.env = dict(self.station.env, **self.clock.env)
        self.linked.__enter__()
        self.addCleanup(self.linked.__exit__)
        self.addCleanup(self.station.kill9)

    def done(self, station, verb, *args):
        code, answer = station.cli(verb, *args)
        self.assertEqual(code, 0, f"{verb} {args}: {answer}")
        return answer

    def lineage(self):
        return int(self.cloud.sql("SELECT lineage FROM seat")[0][0])

    def refused(self, station, verb, *args):
        code, answer = station.cli(verb, *args)
        self.assertEqual(code, 3, f"{verb} {args}: {answer}")
        return answer["error"]["reason"]

    def open(self):
        self.station.start()
        self.done(self.station, "open", "naika")
        self.linked.until_connected()
        self.linked.until_owner()

    def reason(self, station):
        return station.status()["cloud"]["reason"]

    def settle(self):
        tickets = self.linked.until_equal()
        numbers = self.linked.numbers()
        self.assertEqual(len(numbers), len(set(numbers)))
        code, verified = self.linked.station.verify()
        self.assertEqual((code, verified["holds"]), (0, True), verified)
        return tickets

    def copied(self):
        """The home in a second machine, as it lies on the disk of one that is off."""
        path = os.path.join(self.dir, "copy")
        shutil.copytree(self.station.home, path)
        copy = Station(path, options.bin)
        self.addCleanup(copy.kill9)
        return copy

    def test_a_a_copy_beside_the_original(self):
        self.open()
        self.assertEqual(self.linked.book()[0]["number"], "1")
        self.settle()
        self.station.stop()
        copy = self.copied()
        self.station.start()
        self.linked.until_connected()
        copy.start()
        until(lambda: "station_copied" in copy.troubles(), "the copy to be told", 60, 0.05)
        # From then on two counters gave the same numbers.
        self.assertEqual(self.refused(copy, "take", "naika"), "station_copied")
        self.assertEqual(self.linked.book()[0]["number"], "2", "the original gives the numbers")
        self.assertEqual(self.done(self.station, "take", "naika")["number"], "3")
        self.assertTrue(self.linked.connected())
        # Nor when the original is off: what it gave since would be given again.
        self.settle()
        self.station.kill9()
        copy.restart()
        until(lambda: self.reason(copy) == "station_copied", "the copy to be told again", 60, 0.05)
        # Nor does a start without a cloud make it forget; who was received here is still called.
        self.cloud.kill9()
        copy.restart()
        self.assertEqual(self.refused(copy, "take", "naika"), "station_copied")
        self.assertIn("station_copied", copy.troubles())
        self.done(copy, "arrive", "1")
        self.done(copy, "call", "naika", "--room", "1")
        self.cloud.start()
        self.station.start()
        self.linked.until_connected()
        self.assertEqual(self.done(self.station, "take", "naika")["number"], "4")
        self.settle()

    def test_b_a_copy_that_was_first(self):
        """It takes the place, and the original is told: its numbers since would be nobody's."""
        self.open()
        self.done(self.station, "take", "naika")
        self.settle()
        self.station.stop()
        copy = self.copied()
        copy.start()
        until(lambda: copy.status()["cloud"]["connected"], "the copy to be served", 60, 0.05)
        self.assertEqual(self.done(copy, "take", "naika")["number"], "2")
        until(lambda: self.cloud.sql("SELECT max(n) FROM number") == [["2"]], "its number at the cloud", 20, 0.05)
        self.station.start()
        until(lambda: "station_copied" in self.station.troubles(), "the original to be told", 60, 0.05)
        self.assertTrue(copy.status()["cloud"]["connected"])
        self.assertEqual(self.refused(self.station, "take", "naika"), "station_copied")
        self.assertEqual(self.done(copy, "take", "naika")["number"], "3")
        self.linked.station = copy
        self.settle()

    def test_c_the_stations_clock_an_hour_back(self):
        """The day that is open goes on: phones are heard, at the counter numbers are given, and the desk is told."""
        self.open()
        token = self.linked.book()[0]["token"]
        self.assertEqual(self.done(self.station, "take", "naika")["number"], "2")
        self.settle()
        self.clock.move(-HOUR)
        until(lambda: "clock_unsure" in self.station.troubles(), "the desk to be told", 20, 0.02)
        given = [self.linked.book()[0]["number"], self.done(self.station, "take", "naika")["number"],
                 self.linked.book()[0]["number"], self.done(self.station, "take", "naika")["number"]]
        self.assertEqual(given, ["3", "4", "5", "6"])
        self.assertEqual(self.linked.press(token, "arrive")[0], 200)
        until(lambda: self.linked.local().get(self.ticket("1")) == "waiting", "the arrival at the desk", 20, 0.02)
        # Nor does a link that begins now, or one more start, make a difference.
        self.station.restart()
        self.linked.until_connected()
        self.assertIn("clock_unsure", self.station.troubles())
        self.assertEqual(self.linked.book()[0]["number"], "7")
        self.settle()
        self.clock.move(HOUR)
        until(lambda: "clock_unsure" not in self.station.troubles(), "the clock to be right", 20, 0.02)
        self.assertEqual(self.linked.book()[0]["number"], "8")
        self.assertEqual({each.rsplit("-", 1)[1] for each in self.settle()}, {str(n) for n in range(1, 9)})

    def test_c_the_stations_clock_a_day_ahead(self):
        """No date is ended by a clock that the cloud contradicts, and what phones ask for is written to its own."""
        self.open()
        before = self.linked.book()[0]["number"]
        self.assertEqual(self.done(self.station, "take", "naika")["number"], "2")
        date = self.station.status()["date"]
        # With the counter closed as with it open: only who presses "open" there begins the wrong date.
        for counter, step in (("open", 24 * HOUR), ("close", 24 * HOUR), ("close", HOUR)):
            with self.subTest(counter=counter, step=step):
                self.done(self.station, counter, "naika")
                self.clock.move(step)
                until(lambda: "clock_unsure" in self.station.troubles(), "the desk to be told", 20, 0.02)
                asked = [self.linked.book()[0]["number"] for _ in range(3)]
                until(lambda: not self.linked.waiting_rows(), "what was asked for to be in the record", 40, 0.02)
                self.clock.move(-step)
                until(lambda: "clock_unsure" not in self.station.troubles(), "the clock to be right", 20, 0.02)
                self.assertEqual(self.station.status()["date"], date)
                self.done(self.station, "open", "naika")
                self.linked.until_owner()
                self.assertNotIn(self.done(self.station, "take", "naika")["number"], [before, *asked])
                self.settle()
        self.assertTrue(all(ticket.startswith("naika-" + date.replace("-", "")) for ticket in self.linked.local()))

    def test_d_the_only_one_is_never_stopped(self):
        """Restarts, answers that are lost, a cloud that dies while it says welcome, and a certificate that was made anew."""
        self.open()
        given = 0
        for n in range(6):
            before = self.lineage()
            if n % 2:
                self.cloud.kill9()
            self.station.kill9()
            self.station.start()
            if n % 2:
                self.cloud.start()
            if n >= 4:  # killed again at about the moment of its welcome, before it is known to have arrived
                until(lambda b=before: self.lineage() > b, "a welcome", 60, 0.001)
            else:
                self.linked.until_connected()
            given += 1
            self.assertEqual(self.done(self.station, "take", "naika")["number"], str(given))
        self.linked.until_connected()
        self.station.kill9()
        self.linked.enrol()
        self.station.start()
        self.linked.until_connected()
        self.assertEqual(self.done(self.station, "take", "naika")["number"], str(given + 1))
        self.assertEqual(set(self.station.troubles()) & {"station_copied", "station_busy", "record_forked"}, set())
        self.settle()

    def test_e_put_back_from_a_backup(self):
        """Its record lacks what the cloud has: what it gave meanwhile would be given again."""
        self.open()
        self.done(self.station, "take", "naika")
        self.settle()
        self.station.stop()
        backup = os.path.join(self.dir, "backup")
        shutil.copytree(self.station.home, backup)
        self.station.start()
        self.linked.until_connected()
        self.done(self.station, "take", "naika")
        self.settle()
        lineage = os.path.join(self.station.home, "cloud", "link.json")
        shutil.copy(lineage, os.path.join(backup, "cloud", "link.json"))
        self.station.stop()
        shutil.rmtree(self.station.home)
        shutil.move(backup, self.station.home)
        self.station.start()
        until(lambda: "record_forked" in self.station.troubles(), "it to be told", 60, 0.05)
        self.assertEqual(self.refused(self.station, "take", "naika"), "record_forked")
        # What was told in its record's place is mended by a take-over alone, with a home of its own.
        told = self.cloud.command("take-over", "minato", "--though-linked")
        self.assertEqual(told.returncode, 0, told.stderr)
        until(lambda: "station_replaced" in self.station.troubles(), "it to be told", 60, 0.05)
        self.assertEqual(self.refused(self.station, "take", "naika"), "station_replaced")

    def ticket(self, number):
        day = self.cloud.get("/v1/facilities/minato/status")[1]["date"]
        return f"naika-{day.replace('-', '')}-{number}"


if __name__ == "__main__":
    if faketime.library() is None:
        skip("libfaketime is not installed")
    main(__doc__)
