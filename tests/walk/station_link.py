# SPDX-License-Identifier: Apache-2.0
"""A clinic at its cloud, whole programs on both sides: booked by night, taken over when the counter opens, called at
the desk, seen on the phone; the link cut, the daemon killed; in the end both have the same, and no number twice."""
import datetime
import json
import os
import pathlib
import signal
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cloud"))

from contract import Live  # noqa: E402
from kit import faketime  # noqa: E402
from kit.answers import Shapes  # noqa: E402
from kit.case import ROOT, Commands, main, options  # noqa: E402
from kit.cloud import first  # noqa: E402
from kit.link_end import LinkEnd  # noqa: E402
from kit.linked import EndsEqual, Linked  # noqa: E402
from kit.station import Station, clean, until, work_dir  # noqa: E402

DAY = 86400  # seconds
VISITS = 30  # before a wait is told (core/queue/forecast.hpp)
HALF_OPEN = 30  # seconds within which a link that answers nothing is given up (sync/plan.hpp)
PATIENCE = 20  # seconds that a busy machine may take beyond a bound


def in_japan(minutes):
    """The time of day so many minutes from now; "23:59" at the latest."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9)))
    then = now + datetime.timedelta(minutes=minutes)
    return then.strftime("%H:%M") if then.date() == now.date() else "23:59"


class StationLink(Commands, EndsEqual, unittest.TestCase):
    rules = {"test_g_places_held_for_walk_ins": {"cap": 4, "walk_in_places": 2},
             "test_h_long_line": {"through_by": in_japan(30)}}

    def setUp(self):
        self.dir = work_dir("link")
        self.addCleanup(clean, self.dir)
        self.linked = Linked(self.dir, options.bin, booking=self.rules.get(self._testMethodName))
        self.linked.__enter__()
        self.addCleanup(self.linked.__exit__)
        self.cloud, self.station = self.linked.cloud, self.linked.station
        self.shown = []  # (service, number) as people were told

    def book(self, service="naika", people=None, key=None):
        tickets = self.linked.book(service, people, key)
        self.shown += [(service, each["number"]) for each in tickets]
        return tickets

    def take(self, service="naika"):
        answer = self.done("take", service)
        self.shown.append((service, answer["number"]))
        return answer

    def state_here(self, number, service="naika"):
        return next(each["state"] for each in self.done("queue", service)["tickets"] if each["number"] == number)

    def until_page(self, token, what, **like):
        until(lambda: all(self.linked.phone(token)[name] == value for name, value in like.items()), what, every=0.02)

    def settle(self):
        """Both sides the same; nothing was given twice, and every number that was shown is there."""
        tickets = self.linked.until_equal()
        numbers = self.linked.numbers()
        self.assertEqual(len(numbers), len(set(numbers)))
        self.assertEqual(len(self.shown), len(set(self.shown)), "a number was shown twice")
        code, verified = self.station.verify()
        self.assertEqual((code, verified["holds"]), (0, True), verified)
        return tickets

    def test_a_day(self):
        # By night the cloud gives the numbers; the clinic's machine is off.
        early = self.book(people=[first("見本 一"), first("見本 二")])
        self.assertEqual([each["number"] for each in early], ["1", "2"])
        self.station.start()
        self.linked.until_connected()
        self.linked.until_equal()

        # The counter opens: the clinic claims the series and goes on above.
        self.done("open", "naika")
        self.linked.until_owner()
        self.assertEqual(self.take()["number"], "3")

        # A phone's request is the clinic's to decide while it owns the series.
        later = self.book()[0]
        self.assertEqual(later["number"], "4")
        self.assertEqual(self.take()["number"], "5")
        self.settle()

        # What the hub says of it is as docs/PROTOCOL.md has it.
        shapes = Shapes(ROOT)
        with self.station.hub("desk", "front") as desk:
            for cmd, args in (("arrive", {"ticket": "1"}), ("status", {}), ("desk", {})):
                self.assertEqual(shapes.faults(cmd, desk.ok(cmd, args)), [], cmd)
        self.assertIn("Outside.booked", shapes.seen)

        # A call at the desk is on the phone.
        token = early[0]["token"]
        with Live(self.cloud, "token=" + token) as phone:
            phone.frame("ticket")
            self.assertEqual(self.done("call", "naika", "--room", "1")["number"], "1")
            shown = phone.frame("ticket")
            while shown["state"] != "called":
                shown = phone.frame("ticket")
            self.assertEqual((shown["state"], shown["room"]["id"]), ("called", "1"))
        self.assertEqual(self.linked.phone(token)["state"], "called")
        self.assertEqual(self.linked.press(token, "cancel")[1]["error"]["reason"], "called_already")

        # A phone cancels; the desk has it.
        self.assertEqual(self.linked.press(later["token"], "cancel")[0], 200)
        until(lambda: self.state_here("4") == "cancelled", "the cancel at the desk", every=0.02)
        self.settle()

    def test_b_arrival(self):
        token = self.book()[0]["token"]
        self.station.start()
        self.done("open", "naika")
        self.linked.until_owner()
        until(lambda: self.linked.local(), "the booking at the desk", every=0.02)
        self.take()
        self.assertEqual(self.state_here("1"), "booked", "who has booked is not here yet")
        self.assertEqual(self.done("call", "naika", "--room", "1")["number"], "2", "only who is here is called")
        self.assertEqual(self.linked.press(token, "arrive")[1]["arrival"], "asked")
        until(lambda: self.state_here("1") == "waiting", "the arrival at the desk", every=0.02)
        self.until_page(token, "the arrival on the phone", state="waiting", arrival="confirmed")
        self.settle()

    def test_c_cut_and_killed(self):
        self.station.start()
        self.done("open", "naika")
        self.linked.until_connected()
        self.linked.until_owner()
        tokens = [self.book()[0]["token"] for _ in range(3)]
        self.take()

        # The cloud dies in the middle of it; the reception goes on.
        self.cloud.kill9()
        until(lambda: not self.linked.connected(), "the loss to be noticed", every=0.02)
        self.assertEqual(self.station.status()["cloud"]["reason"], "cloud_away")
        for _ in range(3):
            self.take()
        self.done("arrive", "1")
        self.done("call", "naika", "--room", "1")
        self.station.restart()  # and the daemon is killed as well
        self.take()
        self.done("cancel", "2")
        self.cloud.start()
        self.linked.until_connected()
        self.until_page(tokens[0], "the call", state="called")
        self.until_page(tokens[1], "the cancel", state="cancelled")
        self.settle()

        # The clinic's machine dies; whoever books meanwhile gets a number of the web's own, once.
        self.station.kill9()
        until(lambda: self.cloud.sql("SELECT heard FROM seat") == [["0"]], "the cloud to notice", every=0.02)
        key = str(uuid.uuid4())
        alone = self.book(key=key)[0]
        self.assertEqual(alone["number"], "W1-1")
        self.assertEqual(self.linked.book(key=key)[0], alone, "asked again, answered the same")
        self.station.start()
        self.linked.until_connected()
        until(lambda: self.linked.local().get(next(iter(self.linked.local())).rsplit("-", 1)[0] + "-W1.1"),
              "the booking at the desk", every=0.02)
        self.assertEqual(self.book()[0]["number"], "9", "and the next is the clinic's to decide again")
        self.settle()

    def test_d_forwarded_and_unanswered(self):
        """The clinic hangs: the phone has its number after two seconds all the same, and keeps it."""
        self.station.start()
        self.done("open", "naika")
        self.linked.until_connected()
        self.linked.until_owner()
        self.assertEqual(self.book()[0]["number"], "1")
        os.kill(self.station.pid(), signal.SIGSTOP)
        try:
            stuck = self.book()[0]
        finally:
            os.kill(self.station.pid(), signal.SIGCONT)
        self.assertEqual(stuck["number"], "W1-1")
        self.assertEqual(self.linked.phone(stuck["token"])["number"], "W1-1")
        tickets = self.settle()
        # What the clinic gave late for the same request is void on both sides.
        self.assertEqual(sorted(each.rsplit("-", 1)[1] for each, state in tickets.items() if state == "booked"),
                         ["1", "W1.1"])

    def test_m_a_cloud_that_stands_still(self):
        """Its connection stays open and nothing comes of it: that is noticed, the reception goes on, and all is made up for."""
        self.station.start()
        self.done("open", "naika")
        self.linked.until_connected()
        self.linked.until_owner()
        token = self.book()[0]["token"]
        self.take()
        self.settle()
        os.kill(self.cloud.process.pid, signal.SIGSTOP)
        try:
            self.take()  # said into a connection that takes it, and answers nothing
            until(lambda: not self.linked.connected(), "the silence to be noticed", HALF_OPEN + PATIENCE, 0.05)
            self.assertEqual(self.station.status()["cloud"]["reason"], "cloud_away")
            self.take()
            self.done("arrive", "1")
        finally:
            os.kill(self.cloud.process.pid, signal.SIGCONT)
        self.linked.until_connected(90)
        self.until_page(token, "the arrival that was told meanwhile", state="waiting")
        self.assertEqual(self.book()[0]["number"], "5", "nothing was counted twice")
        self.assertEqual(len(self.settle()), 5)

    def test_e_remote_switch(self):
        self.station.start()
        self.done("open", "naika")
        self.linked.until_connected()
        self.linked.until_owner()
        self.done("remote", "close", "naika")
        site = lambda: self.cloud.get("/v1/facilities/minato")[1]["services"][0]["booking"]  # noqa: E731
        until(lambda: not site()["open"], "the stop on the site", every=0.02)
        self.assertEqual(site()["reason"], "booking_stopped")
        self.assertTrue(site()["message"])
        status, answer, _ = self.cloud.book("minato")
        self.assertEqual((status, answer["error"]["reason"]), (409, "booking_stopped"))
        self.assertEqual(self.cloud.book("minato", service="shouni")[0], 201, "the other counter's goes on")
        self.done("remote", "open", "naika")
        until(lambda: site()["open"], "the site to take bookings again", every=0.02)
        self.assertEqual(self.book()[0]["number"], "1")
        self.settle()

    def test_f_ranges(self):
        """What the clinic expects is what the phone shows, and it goes when the clinic knows no more."""
        self.teach()
        self.station.start()
        self.done("open", "naika")
        self.linked.until_owner()
        token = self.book()[0]["token"]
        for _ in range(3):
            self.take()
        last = self.book()[0]["token"]
        self.done("arrive", "5")
        here = lambda number: next(each["wait"] for each in self.done("queue", "naika")["tickets"]  # noqa: E731
                                   if each["number"] == number)
        self.assertTrue(here("5")["high"] >= here("2")["high"] > 0)
        until(lambda: self.linked.phone(last)["wait"] == here("5"), "the range on the phone", every=0.1)
        self.assertEqual(self.linked.phone(token)["wait"]["low"], here("2")["low"], "on the way: as the next who is here")
        site = lambda: self.cloud.get("/v1/facilities/minato/status")[1]["services"]  # noqa: E731
        until(lambda: site()[0]["wait"] and site()[0]["wait"]["high"] >= here("5")["high"], "the range on the site", every=0.1)
        self.assertIsNone(site()[1]["wait"], "a counter that is not open")
        for number in ("2", "3", "4", "5"):
            self.done("absent", self.done("call", "naika", "--room", "1", "--ticket", number)["ticket"])
        until(lambda: self.linked.phone(last)["wait"] is None, "the range to go with the call", every=0.1)
        self.settle()

    def test_i_why_others_go_first(self):
        """Who is passed by reads why on the phone, in words that are nobody's own; what the staff wrote stays with them."""
        self.station.start()
        self.done("open", "naika")
        self.linked.until_owner()
        token = self.book()[0]["token"]
        self.done("arrive", "1")
        for _ in range(3):
            self.take()
        last = self.book()[0]["token"]
        self.done("arrive", "5")
        why = lambda token: [each["reason"] for each in self.linked.phone(token)["reasons"]]  # noqa: E731
        self.done("move", "4", "--before", "1", "--reason", "urgent")
        self.until_page(token, "the one who passed", ahead=1)
        self.assertEqual((why(token), why(last)), (["urgent"], []), "number 5 stands where it stood")
        self.done("move", "5", "--before", "1", "--reason", "カナリアの 血圧")
        self.until_page(token, "the second who passed", ahead=2)
        self.assertEqual((why(token), why(last)), (["other", "urgent"], ["other"]))
        self.assertEqual([each["message"] for each in self.linked.phone(token)["reasons"]],
                         ["クリニックの都合で 順番が 前後しています。", "急ぎの方を 先に お呼びしています。"])
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM projection WHERE document LIKE '%カナリア%'"), [["0"]])
        # Called, they have gone first; gone, they are nobody's reason any more.
        self.assertEqual(self.done("call", "naika", "--room", "1")["number"], "4")
        self.until_page(token, "the call of the first", ahead=1, calling="4")
        self.assertEqual(why(token), ["urgent", "other"])
        self.done("finish", "4")
        until(lambda: why(token) == ["other"], "the visit of the first to end", every=0.02)
        self.settle()

    def enter_eyes(self):
        known = json.loads(self.cloud.command("facility", "minato").stdout)
        path = os.path.join(self.dir, "minato.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**known, "services": known["services"] + [{"id": "ganka", "number": 9, "prefix": "G", "kinds": ["return"],
                                                                  "booking": known["services"][0]["booking"]}]}, file)
        done = self.cloud.command("facility", "minato", "--put", path)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_j_a_counter_that_the_clinic_does_not_have(self):
        """Phones book there, and nobody here would know of it: the desk is told that there is such a counter."""
        self.station.start()
        self.linked.until_connected()
        until(lambda: self.station.status()["cloud"]["outside"], "what is taken from outside", every=0.05)
        self.assertNotIn("service_only_at_cloud", self.station.troubles())
        self.enter_eyes()
        until(lambda: "service_only_at_cloud" in self.station.troubles(), "the desk to be told", 60, 0.05)
        self.assertNotIn("service_not_at_cloud", self.station.troubles())

    def test_j_a_counter_that_the_cloud_does_not_know(self):
        """The desk says so as long as it is so, and the rest of the day goes on."""
        with open(os.path.join(self.station.home, "clinic.toml"), "a", encoding="utf-8") as file:
            file.write('\n[[service]]\nid = "ganka"\nname = { ja = "眼科", en = "Eyes", reading = "がんか" }\nprefix = "G"\nkinds = ["return"]\n')
        self.station.start()
        self.linked.until_connected()
        until(lambda: "service_not_at_cloud" in self.station.troubles(), "the desk to be told", every=0.05)
        self.done("open", "naika")
        self.done("open", "ganka")
        self.linked.until_owner()
        self.assertEqual(self.take()["number"], "1")
        self.assertIn("K", self.done("take", "ganka")["number"], "the cloud grants it no series")
        self.assertTrue(self.linked.connected())

        self.enter_eyes()
        until(lambda: self.linked.connected() and "service_not_at_cloud" not in self.station.troubles(),
              "the desk to be told that it is mended", 60, 0.05)
        self.assertEqual(self.take()["number"], "2")

    def test_l_whoever_books_after_the_morning_waits_for_nobody_of_it(self):
        """Its people have been seen, or have gone: the answer to a booking counts them as little as the page does."""
        self.station.start()
        self.done("open", "naika")
        self.linked.until_connected()
        self.linked.until_owner()
        early = self.book()[0]
        self.assertEqual(self.take()["number"], "2")
        self.done("arrive", early["number"])
        for number in ("1", "2"):
            self.assertEqual(self.done("call", "naika", "--room", "1")["number"], number)
            self.done("finish", number)
        self.take()
        self.done("cancel", "3")
        self.done("hours", "naika", "")  # a session that is still to come today would keep the numbers here
        self.done("close", "naika")
        until(lambda: self.cloud.sql("SELECT owner FROM counter WHERE service = 'naika'") == [["t"]], "the cloud to give numbers", every=0.05)
        late = self.book(people=[first("夕方"), first("夕方も")])
        self.assertEqual([each["ahead"] for each in late], [0, 1])
        self.until_page(late[0]["token"], "the page to say the same", ahead=0)
        self.settle()

    def test_k_phones_are_told_another_rule_for_missed_calls(self):
        """The desk says so until both keep the same one."""
        self.station.start()
        self.linked.until_connected()
        known = json.loads(self.cloud.command("facility", "minato").stdout)
        path = os.path.join(self.dir, "minato.json")

        def told(times):
            services = [{**each, "absence": {"back": 3, "times": times}} for each in known["services"]]
            with open(path, "w", encoding="utf-8") as file:
                json.dump({**known, "services": services}, file)
            done = self.cloud.command("facility", "minato", "--put", path)
            self.assertEqual(done.returncode, 0, done.stderr)

        self.assertNotIn("absence_differs", self.station.troubles())
        told(5)
        until(lambda: "absence_differs" in self.station.troubles(), "the desk to be told", 60, 0.05)
        told(2)
        until(lambda: self.linked.connected() and "absence_differs" not in self.station.troubles(), "both to be the same", 60, 0.05)

    def teach(self):
        """A day before this one, of visits of five minutes."""
        if faketime.library() is None:
            self.skipTest("libfaketime is not installed")
        clock = faketime.FakeClock(os.path.join(self.dir, "time"), faketime.preload(options.bin))
        clock.move(-DAY)
        plain, self.station.env = self.station.env, dict(self.station.env, **clock.env)
        self.station.start()
        with self.station.hub("desk", "front") as hub:
            hub.ok("open", {"service": "naika"})
            for nth in range(VISITS):
                hub.ok("take", {"service": "naika", "print": False}, f"before{nth}")
                ticket = hub.ok("call", {"service": "naika", "room": "1"}, f"call{nth}")["ticket"]
                clock.move(300)
                hub.ok("finish", {"ticket": ticket}, f"finish{nth}")
            hub.ok("close", {"service": "naika"})
        self.station.kill9()
        self.station.env = plain

    def test_g_places_held_for_walk_ins(self):
        """Four numbers, the last two for those who come themselves: the site counts who came, too."""
        self.station.start()
        self.done("open", "naika")
        self.done("cap", "naika", "4")
        self.linked.until_connected()
        self.linked.until_owner()
        site = lambda: self.cloud.get("/v1/facilities/minato")[1]["services"][0]["booking"]  # noqa: E731
        self.assertEqual(self.take()["number"], "1")
        until(lambda: site()["left"] == 1, "the walk-in to count on the site", every=0.02)
        self.assertEqual(self.book()[0]["number"], "2")
        status, answer, _ = self.cloud.book("minato")
        self.assertEqual((status, answer["error"]["reason"]), (409, "booking_full_remote"))
        self.assertEqual([self.take()["number"] for _ in range(2)], ["3", "4"])
        code, answer = self.station.cli("take", "naika")
        self.assertEqual((code, answer["error"]["reason"]), (3, "cap_reached"))
        until(lambda: site()["reason"] == "booking_full", "all numbers to be given", every=0.02)
        self.settle()

    def test_h_long_line(self):
        """Bookings stop by themselves while who booked now would be through too late, and begin again."""
        self.teach()
        self.station.start()
        self.done("open", "naika")
        self.linked.until_owner()
        site = lambda: self.cloud.get("/v1/facilities/minato")[1]["services"][0]["booking"]  # noqa: E731
        self.book()
        tickets = [self.take()["ticket"] for _ in range(15)]
        until(lambda: not site()["open"], "the line to be too long", every=0.1)
        self.assertEqual(site()["reason"], "booking_paused")
        status, answer, _ = self.cloud.book("minato")
        self.assertEqual((status, answer["error"]["reason"]), (409, "booking_paused"))
        for ticket in tickets:
            self.done("cancel", ticket)
        until(lambda: site()["open"], "the line to be short again", every=0.1)
        self.book()
        self.settle()


class Refused(unittest.TestCase):
    def test_what_the_desk_reads_of_it(self):
        """A reason that has words for the staff is told; with any other the cloud is away, and asked again soon."""
        directory = work_dir("refused")
        self.addCleanup(clean, directory)
        station = Station(os.path.join(directory, "home"), options.bin)
        station.init()
        with LinkEnd(directory) as end:
            end.enrol(station.home)
            for reason, told, times in (("not_recorded", "cloud_away", 2), ("station_copied", "station_copied", 1)):
                with self.subTest(reason):
                    end.refuses, end.refused = reason, 0
                    station.start()
                    try:
                        until(lambda number=times: end.refused >= number, "it to be refused")
                        until(lambda as_=told: station.status()["cloud"]["reason"] == as_, "the desk to say so")
                        self.assertEqual(set(station.troubles()) & {"not_recorded", "cloud_away", "station_copied"},
                                         {told} - {"cloud_away"})  # which is none for a while
                    finally:
                        station.kill9()


if __name__ == "__main__":
    main(__doc__)
