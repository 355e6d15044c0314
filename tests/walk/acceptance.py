# SPDX-License-Identifier: Apache-2.0
"""What is taken from outside, seen and set at the desk: a real station, a real machiai-cloud, PostgreSQL between them."""
import datetime
import os
import pathlib
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit import faketime  # noqa: E402
from kit.case import Commands, main, options  # noqa: E402
from kit.glass import Glass  # noqa: E402
from kit.linked import EndsEqual, Linked  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

DAY = 86400  # seconds
JAPAN = datetime.timezone(datetime.timedelta(hours=9))


def shut_window():
    """A window of one hour of the day that this is not; whether it is over."""
    over = datetime.datetime.now(JAPAN).hour >= 12
    return ({"opens": "1:00", "closes": "2:00"} if over else {"opens": "22:00", "closes": "23:00"}), over


def tomorrow():
    return (datetime.datetime.now(JAPAN).date() + datetime.timedelta(days=1)).isoformat()


class Acceptance(Commands, EndsEqual, unittest.TestCase):
    rules = {"cap": 6, "walk_in_places": 1}
    others = {"test_e_windows": {"windows": [shut_window()[0]], "through_by": "23:30"}}

    def setUp(self):
        self.dir = work_dir("acceptance")
        self.addCleanup(clean, self.dir)
        self.linked = Linked(self.dir, options.bin, booking={**self.rules, **self.others.get(self._testMethodName, {})})
        self.linked.__enter__()
        self.addCleanup(self.linked.__exit__)
        self.cloud, self.station = self.linked.cloud, self.linked.station

    def opened(self):
        self.station.start()
        self.done("open", "naika")
        self.done("cap", "naika", str(self.rules["cap"]))
        self.linked.until_owner()

    def site(self):
        """What the phone's page says of bookings."""
        return self.cloud.get("/v1/facilities/minato")[1]["services"][0]["booking"]

    def until_left(self, left):
        until(lambda: self.site()["left"] == left, f"{left} places left outside", every=0.02)

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
        until(lambda: self.site()["reason"] == "booking_full", "all numbers to be given", every=0.02)
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

    def outside(self, service="naika"):
        """What the station knows of the service, with whether it is so now and since when."""
        told = self.station.status()["cloud"]["outside"]
        if told is None:
            return {}
        return next({**each, "current": told["current"], "at": told["at"]} for each in told["services"]
                    if each["service"] == service)

    def until_told(self, **like):
        try:
            return until(lambda: (told := self.outside()) and all(told[k] == v for k, v in like.items()) and told,
                         f"the station to be told {like}", every=0.05)
        except TimeoutError as error:
            raise AssertionError(f"{error}, it knows {self.outside()}") from None

    def test_d_told_down_the_link(self):
        self.opened()
        told = self.until_told(current=True, open=True, reason="", windows=["0:00-24:00"], cap=6, walk_ins=1)
        self.assertEqual((told["walk_ins_rule"], told["through_by"], told["booked"], told["given"]), (1, "", 0, 0))
        self.linked.book()
        token = self.linked.book()[0]["token"]
        self.done("take", "naika")
        self.until_told(given=3, booked=2)
        self.assertEqual(self.linked.press(token, "cancel")[0], 200)
        self.until_told(given=3, booked=1)  # a number that was given stays given
        self.done("remote", "close", "naika")
        self.until_told(open=False, reason="booking_stopped", opens_at="0:00", opens_on=tomorrow())
        self.done("remote", "open", "naika")
        self.until_told(open=True, opens_at="")
        self.done("walk-ins", "naika", "3")
        self.until_told(open=False, reason="booking_full_remote", walk_ins=3, walk_ins_rule=1, opens_on=tomorrow())
        self.assertTrue(self.outside("shouni")["open"], "the other counter's")
        with self.station.hub("desk", "front") as hub:
            desk = hub.ok("desk")["outside"]
        self.assertEqual((desk["current"], desk["services"][0]["reason"]), (True, "booking_full_remote"))
        words = subprocess.run([os.path.join(self.station.bin, "machiai"), "status", "--home", self.station.home],
                               capture_output=True, text=True, check=True).stdout
        self.assertIn(f"outside naika: booking_full_remote, opens {tomorrow()} 0:00, 1 booked, 3 given of 6, "
                      "3 held for walk-ins 0:00-24:00\n", words)

    def test_e_windows(self):
        window, over = shut_window()
        self.opened()
        told = self.until_told(current=True)
        self.assertEqual(told["windows"], [f"{window['opens']}-{window['closes']}"])
        self.assertEqual((told["open"], told["reason"]), (False, "booking_closed" if over else "booking_not_open"))
        self.assertEqual((told["opens_at"], told["opens_on"]), (window["opens"], tomorrow() if over else ""))
        self.assertEqual(told["through_by"], "23:30")

    def test_f_without_a_link_its_age(self):
        if faketime.library() is None:
            self.skipTest("libfaketime is not installed")
        clock = faketime.FakeClock(os.path.join(self.dir, "time"), faketime.preload(options.bin))
        self.station.env = dict(self.station.env, **clock.env)
        before = int(time.time() * 1000)
        self.opened()
        told = self.until_told(current=True)
        self.cloud.kill9()
        left = self.until_told(current=False)
        self.assertTrue(before <= told["at"] <= left["at"] <= int(time.time() * 1000))
        self.assertEqual({**left, "current": True, "at": told["at"]}, told, "what was known is kept")
        words = subprocess.run([os.path.join(self.station.bin, "machiai"), "status", "--home", self.station.home],
                               capture_output=True, text=True, check=True).stdout
        seen = datetime.datetime.fromtimestamp(left["at"] / 1000, JAPAN)
        self.assertIn(f"(as of {seen.hour}:{seen.minute:02})", words)
        # A restart without a cloud knows it still.
        until(lambda: os.path.exists(os.path.join(self.station.home, "cloud", "acceptance.json")), "the file")
        self.station.restart()
        self.assertEqual(self.outside(), left)
        self.cloud.start()
        self.linked.until_connected()
        self.until_told(current=True)
        # On another date it says nothing any more.
        clock.move(DAY)
        until(lambda: self.outside() == {}, "yesterday's to be left out")

    def test_g_at_the_glass(self):
        if shutil.which("Xvfb") is None or shutil.which("xdotool") is None:
            self.skipTest("Xvfb and xdotool are not installed")
        self.opened()
        self.until_told(current=True)
        desk = Glass(self.station, "desk", (1280, 800), self.dir)
        self.addCleanup(desk.close)
        desk.start()
        desk.click("session")
        until(lambda: desk.offers("walk-ins-more-naika"), "the counters")
        held = lambda: self.done("counter", "naika")["walk_ins"]  # noqa: E731
        desk.click("walk-ins-more-naika")
        until(lambda: held() == 2, "a second place to be held")
        desk.press("Escape")
        until(lambda: not desk.offers("walk-ins-more-naika"), "the sheet to close")
        desk.click("session")
        until(lambda: desk.offers("walk-ins-more-naika"), "the counters")
        # By keys alone, once there is nothing to undo: past close, limit, hours, pause and one place less to one place more.
        until(lambda: not desk.offers("undo-here"), "the undo to end")
        desk.press(*["Tab"] * 6, "Return")
        until(lambda: held() == 3, "a third place to be held")
        self.until_told(walk_ins=3)
        until(lambda: self.site()["left"] == 3, "the site to hold them", every=0.02)
        for places in (2, -1):  # one is what the rules say: nothing of today is left
            desk.click("walk-ins-less-naika")
            until(lambda: held() == places, f"{places} places to be held")  # noqa: B023
        desk.click("remote-close-naika")
        self.until_told(reason="booking_stopped")
        desk.click("remote-open-naika")
        self.until_told(open=True)

    def test_c_not_a_number_of_places(self):
        self.station.start()
        for places in ("-2", "201", "1000000000"):
            code, answer = self.station.cli("walk-ins", "naika", places)
            self.assertEqual((code, answer["error"]["reason"]), (3, "bad_walk_ins"))
            self.assertTrue(answer["error"]["message"])
        self.assertEqual(self.done("counter", "naika")["walk_ins"], -1)


if __name__ == "__main__":
    main(__doc__)
