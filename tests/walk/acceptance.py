# SPDX-License-Identifier: Apache-2.0
"""What is taken from outside, seen and set at the desk: a real station, a real machiai-cloud, PostgreSQL between them."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import main, options  # noqa: E402
from kit.linked import Linked  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

PATIENCE = 20  # seconds


class Acceptance(unittest.TestCase):
    rules = {"cap": 6, "walk_in_places": 1}

    def setUp(self):
        self.dir = work_dir("acceptance")
        self.addCleanup(clean, self.dir)
        self.linked = Linked(self.dir, options.bin, booking=self.rules)
        self.linked.__enter__()
        self.addCleanup(self.linked.__exit__)
        self.cloud, self.station = self.linked.cloud, self.linked.station

    def done(self, verb, *args):
        code, answer = self.station.cli(verb, *args)
        self.assertEqual(code, 0, f"{verb} {args}: {answer}")
        return answer

    def opened(self):
        self.station.start()
        self.done("open", "naika")
        self.done("cap", "naika", str(self.rules["cap"]))
        self.linked.until_owner()

    def site(self):
        """What the phone's page says of bookings."""
        return self.cloud.get("/v1/facilities/minato")[1]["services"][0]["booking"]

    def until_left(self, left):
        until(lambda: self.site()["left"] == left, f"{left} places left outside", PATIENCE, 0.02)

    def refused(self):
        status, answer, _ = self.cloud.book("minato")
        self.assertEqual(status, 409, answer)
        return answer["error"]["reason"]

    def test_a_places_held_at_the_desk(self):
        self.opened()
        self.until_left(5)
        self.linked.book()
        self.assertEqual(self.done("walk-ins", "naika", "5")["places"], 5)
        self.until_left(0)
        self.assertEqual(self.refused(), "booking_full_remote")
        self.assertEqual(self.done("take", "naika")["number"], "2", "who comes still gets a number")
        self.assertEqual(self.done("queue", "naika")["walk_ins"], 5)
        self.assertEqual(self.done("counter", "naika")["walk_ins"], 5)
        self.assertEqual([each["walk_ins"] for each in self.station.status()["services"]], [5, -1])
        # The other counter goes by its rule, and so does this one when the desk takes it back.
        self.assertEqual(self.cloud.book("minato", service="shouni")[0], 201)
        self.assertTrue(self.done("walk-ins", "naika", "5").get("unchanged"))
        self.done("walk-ins", "naika", "-1")
        self.until_left(3)
        self.assertEqual(self.linked.book()[0]["number"], "3")
        self.done("walk-ins", "naika", "0")
        self.until_left(3)
        self.linked.book()
        self.linked.book()
        self.assertEqual(self.done("take", "naika")["number"], "6")
        self.assertEqual(self.refused(), "booking_full")
        self.linked.until_equal()

    def test_b_held_without_a_link_and_kept(self):
        """What was set while the cloud was away counts from when it has come up, and outlives every restart."""
        self.opened()
        self.until_left(5)
        self.cloud.kill9()
        self.done("walk-ins", "naika", "6")
        self.station.kill9()
        self.station.start()
        self.assertEqual(self.done("counter", "naika")["walk_ins"], 6)
        self.cloud.start()
        self.linked.until_connected()
        self.until_left(0)
        self.assertEqual(self.refused(), "booking_full_remote")
        self.cloud.kill9()
        self.cloud.start()
        self.assertEqual(self.refused(), "booking_full_remote")
        rows = self.cloud.sql("SELECT service, walk_ins FROM counter WHERE facility_id = 1 ORDER BY 1")
        self.assertEqual([tuple(each) for each in rows if each[0] == "naika"], [("naika", "6")])

    def test_c_not_a_number_of_places(self):
        self.station.start()
        for places in ("-2", "201", "1000000000"):
            code, answer = self.station.cli("walk-ins", "naika", places)
            self.assertEqual((code, answer["error"]["reason"]), (3, "bad_walk_ins"))
            self.assertTrue(answer["error"]["message"])
        self.assertEqual(self.done("counter", "naika")["walk_ins"], -1)


if __name__ == "__main__":
    main(__doc__)
