# SPDX-License-Identifier: Apache-2.0
"""Places kept between bookings for those who walk in (docs/held-places.md), whole programs on both sides: booked on the
phone, told with the places in front, taken at the reception, explained, undone."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import Commands, main, options  # noqa: E402
from kit.linked import EndsEqual, Linked  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402



class HeldPlaces(Commands, EndsEqual, unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("held-places")
        self.addCleanup(clean, self.dir)
        self.linked = Linked(self.dir, options.bin, booking={"walk_in_every": 3, "draw_seconds": 0})
        self.linked.__enter__()
        self.addCleanup(self.linked.__exit__)
        self.cloud, self.station = self.linked.cloud, self.linked.station

    def opened(self):
        self.station.start()
        self.done("open", "naika")
        self.linked.until_owner()

    def ahead(self, ticket):
        return self.linked.phone(ticket["token"])["ahead"]

    def until_ahead(self, tickets, counts):
        try:
            until(lambda: [self.ahead(each) for each in tickets] == counts, f"{counts} ahead", every=0.05)
        except TimeoutError as error:
            raise AssertionError(f"{error}: {[self.ahead(each) for each in tickets]}") from None

    def line(self):
        tickets = self.done("queue", "naika")["tickets"]
        return [each["number"] for each in tickets if each["state"] in ("waiting", "booked")]

    def test_a_a_walk_in_stands_at_the_kept_place(self):
        booked = [self.linked.book()[0] for _ in range(3)]  # by night: the cloud gives the numbers
        self.assertEqual([each["ahead"] for each in booked], [0, 1, 3])
        self.assertEqual([self.ahead(each) for each in booked], [0, 1, 3])
        self.opened()
        until(lambda: self.line() == ["1", "2", "3"], "the night's bookings", every=0.05)
        booked += [self.linked.book()[0] for _ in range(3)]  # asked of the clinic
        for number in range(1, 7):
            self.done("arrive", f"naika/{number}")
        self.until_ahead(booked, [0, 1, 3, 4, 6, 7])
        walk_in = self.done("take", "naika")
        self.assertEqual((walk_in["number"], walk_in["ahead"]), ("7", 5), "the place behind 2 may still be taken")
        self.assertEqual(self.line(), ["1", "2", "3", "4", "7", "5", "6"])
        why = self.done("why", "naika/7")
        self.assertEqual(why["reason"], "walk_in_place")
        self.assertEqual((why["events"][0]["reason"], why["events"][0]["behind"]), ("walk_in_place", "4"))
        board = self.done("board")
        self.assertEqual([(each["number"], each["reason"]) for each in board["next"]][4:], [("7", "walk_in_place")])
        until(lambda: self.linked.phone(booked[5]["token"])["reasons"], "the reason on the phone", every=0.05)
        reason = self.linked.phone(booked[5]["token"])["reasons"][0]
        self.assertEqual(reason["reason"], "walk_in_place")
        self.assertIn("来院枠", reason["message"])
        self.until_ahead(booked, [0, 1, 3, 4, 6, 7])
        self.done("undo")
        self.assertEqual(self.line(), ["1", "2", "3", "4", "5", "6"])
        self.until_ahead(booked, [0, 1, 3, 4, 6, 7])
        self.assertEqual(self.done("take", "naika")["number"], "8")
        self.assertEqual(self.line(), ["1", "2", "3", "4", "8", "5", "6"])
        # A place is gone once those in front of it have been called; what phones say falls, and falls alike.
        self.done("call", "naika", "--room", "1")
        self.until_ahead(booked[2:], [1, 2, 4, 5])
        self.linked.until_equal()
        self.assertEqual(self.done("verify").get("trouble", ""), "")

    def test_b_given_up_and_kept_again_for_today(self):
        self.opened()
        booked = [self.linked.book()[0] for _ in range(3)]
        self.until_ahead(booked, [0, 0, 1])  # nobody is here yet; one may walk in
        code, answer = self.station.cli("walk-ins", "naika", "-1", "--every", "1")
        self.assertEqual((code, answer["error"]["reason"]), (3, "bad_every"))
        self.done("walk-ins", "naika", "-1", "--every", "0")
        self.assertEqual(self.done("counter", "naika")["every"], 0)
        self.until_ahead(booked, [0, 0, 0])
        outside = lambda: self.station.status()["cloud"]["outside"]["services"][0]  # noqa: E731
        until(lambda: (outside()["every"], outside()["every_rule"]) == (0, 3), "the cloud to know", every=0.05)
        self.done("undo")
        self.assertEqual(self.done("counter", "naika")["every"], -1)
        self.until_ahead(booked, [0, 0, 1])
        self.done("walk-ins", "naika", "-1", "--every", "2")
        booked += [self.linked.book()[0] for _ in range(2)]
        self.until_ahead(booked, [0, 0, 1, 1, 2])
        self.station.kill9()
        self.station.start()
        self.assertEqual(self.done("counter", "naika")["every"], 2)
        self.linked.until_connected()
        self.until_ahead(booked, [0, 0, 1, 1, 2])
        self.linked.until_equal()


if __name__ == "__main__":
    main(__doc__)
