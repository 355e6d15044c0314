# SPDX-License-Identifier: Apache-2.0
"""What phones are told of a clinic that does not speak: not yet today, not for a while, or of somebody who is not in the
line where they booked. Nothing is made up, and no state goes back."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import Commands, main, options  # noqa: E402
from kit.linked import EndsEqual, Linked  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

MINUTE = 60_000


class Silence(Commands, EndsEqual, unittest.TestCase):
    apart = {"test_b_clinic_that_has_not_spoken_today": "what the cloud knows was made a day old, the machine's record was not"}

    def setUp(self):
        self.dir = work_dir("silence")
        self.addCleanup(clean, self.dir)
        self.linked = Linked(self.dir, options.bin).__enter__()
        self.addCleanup(self.linked.__exit__)
        self.cloud, self.station = self.linked.cloud, self.linked.station

    def begin(self, booked):
        """A clinic that is open, and whose patients who booked have come."""
        self.station.start()
        self.done("open", "naika")
        self.done("open", "shouni")
        self.linked.until_connected()
        self.linked.until_owner()
        self.tokens = [self.linked.book()[0]["token"] for _ in range(booked)]
        for ticket in self.linked.until_equal():
            self.done("arrive", ticket)
        self.linked.until_equal()

    def pages(self, *members):
        return [tuple(self.linked.phone(token)[name] for name in members) for token in self.tokens]

    def become(self, *members, of):
        until(lambda: self.pages(*members) == of, f"the pages to tell {of}", every=0.05)

    def line(self):
        return self.cloud.get("/v1/facilities/minato/status")[1]["services"][0]

    def aged(self, change):
        """What the cloud knows is older, as it would be; a booking elsewhere makes the nodes look."""
        self.cloud.sql("UPDATE projection SET " + change)
        self.linked.book("shouni")

    def test_a_clinic_that_is_silent(self):
        self.begin(3)
        self.assertEqual(self.done("call", "naika", "--room", "1")["number"], "1")
        self.become("state", "ahead", of=[("called", None), ("waiting", 0), ("waiting", 1)])
        self.station.kill9()
        until(lambda: self.cloud.sql("SELECT heard FROM seat") == [["0"]], "the cloud to notice", every=0.02)
        self.aged(f"as_of = as_of - {11 * MINUTE}")
        # What changes by itself is left out; who was called has been called.
        self.become("state", "ahead", of=[("called", None), ("waiting", None), ("waiting", None)])
        self.assertEqual((self.line()["state"], self.line()["waiting"], self.line()["calling"]), ("open", None, None))
        status, told = self.linked.press(self.tokens[0], "cancel")
        self.assertEqual((status, told["error"]["reason"]), (409, "called_already"))
        self.assertEqual(self.linked.press(self.tokens[1], "cancel")[0], 200)
        self.station.start()
        self.linked.until_connected()
        self.linked.until_equal()
        self.become("state", of=[("called",), ("cancelled",), ("waiting",)])

    def test_b_clinic_that_has_not_spoken_today(self):
        self.begin(0)
        self.linked.until_equal()
        self.station.stop()
        # Last night: the line is the cloud's again, and today is what was booked.
        self.cloud.sql("UPDATE counter SET owner = true")
        self.aged(f"date = date - 1, as_of = as_of - {24 * 60 * MINUTE}")
        self.tokens = [self.linked.book()[0]["token"] for _ in range(3)]
        self.become("ahead", "as_of", of=[(0, None), (1, None), (2, None)])
        until(lambda: self.line()["waiting"] == 3, "the line to be what was booked", every=0.05)
        self.assertEqual(self.line()["state"], "before")
        self.assertIsNone(self.cloud.get("/v1/facilities/minato/status")[1]["as_of"])

    def test_c_who_is_elsewhere(self):
        self.begin(3)
        today = self.done("queue", "naika")["tickets"]
        self.done("absent", today[0]["ticket"], "--last")
        self.done("hold", today[1]["ticket"])
        self.assertEqual(self.done("take", "shouni")["number"], self.done("call", "shouni", "--room", "2")["number"])
        self.done("transfer", today[2]["ticket"], "--to", "shouni")
        self.become("state", "ahead", "calling", of=[("absent", None, None), ("hold", None, None), ("waiting", 0, "S-1")])


if __name__ == "__main__":
    main(__doc__)
