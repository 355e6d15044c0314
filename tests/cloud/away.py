# SPDX-License-Identifier: Apache-2.0
"""A clinic that would rather give no number than one of another series while its machine cannot be asked: phones are told
so, and whatever the machine gives late for them is void on both sides."""
import datetime
import os
import pathlib
import signal
import sys
import threading
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import main, options  # noqa: E402
from kit.cloud import first  # noqa: E402
from kit.linked import EndsEqual, Linked  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402


JAPAN = datetime.timezone(datetime.timedelta(hours=9))


class Away(EndsEqual, unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("away")
        self.addCleanup(clean, self.dir)
        self.linked = Linked(self.dir, options.bin, booking={"when_away": "refuse"}).__enter__()
        self.addCleanup(self.linked.__exit__)
        self.cloud, self.station = self.linked.cloud, self.linked.station

    def refused(self, **more):
        status, told, _ = self.cloud.book("minato", **more)
        self.assertEqual((status, told["error"]["reason"]), (409, "clinic_unreachable"), told)
        self.assertTrue(told["error"]["message"])

    def site(self):
        return self.cloud.get("/v1/facilities/minato")[1]["services"][0]["booking"]

    def take(self):
        code, told = self.station.cli("take", "naika")
        self.assertEqual(code, 0, told)
        return told["number"]

    def test_a_morning(self):
        # By night the cloud gives the numbers, and nobody has to be asked.
        self.assertEqual(self.linked.book()[0]["number"], "1")
        self.station.start()
        self.assertEqual(self.station.cli("open", "naika")[0], 0)
        self.linked.until_connected()
        self.linked.until_owner()
        self.assertEqual(self.linked.book()[0]["number"], "2")
        self.linked.until_equal()

        # It hangs: a family is refused, all of them, and what it gives late is nobody's.
        key, family = str(uuid.uuid4()), [first("見本 一"), first("見本 二")]
        os.kill(self.station.pid(), signal.SIGSTOP)
        try:
            self.refused(key=key, people=family)
        finally:
            os.kill(self.station.pid(), signal.SIGCONT)
        tickets = self.linked.until_equal()
        self.assertEqual(sorted(each.rsplit("-", 1)[1] for each, state in tickets.items() if state == "booked"), ["1", "2"])
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM person"), [["2"]], "who was refused is forgotten")
        self.assertEqual(self.cloud.sql("SELECT DISTINCT series FROM number"), [["M"]])
        # Asked again, the same family has numbers.
        again = [each["number"] for each in self.linked.book(key=key, people=family)]
        self.assertEqual(len(set(again) - {"1", "2"}), 2, again)
        self.linked.until_equal()

        # It is off: so it is said at once, also on the site.
        self.station.kill9()
        until(lambda: self.cloud.sql("SELECT heard FROM seat") == [["0"]], "the cloud to notice", 20, 0.02)
        self.refused()
        until(lambda: self.site()["reason"] == "clinic_unreachable", "the site to say so", 60, 0.1)
        self.assertFalse(self.site()["open"])
        self.station.start()
        self.linked.until_connected()
        until(lambda: self.site()["open"], "the site to take bookings again", 30, 0.05)
        given = [int(self.linked.book()[0]["number"]), int(self.take())]
        self.assertEqual(given[1], given[0] + 1)
        self.linked.until_equal()
        self.assertEqual(self.cloud.sql("SELECT DISTINCT series FROM number"), [["M"]])

    def test_b_pressed_twice_while_it_hangs(self):
        """The same request, and the same again before it was answered: both are refused together, none is told of tickets."""
        self.station.start()
        self.assertEqual(self.station.cli("open", "naika")[0], 0)
        self.linked.until_connected()
        self.linked.until_owner()
        key, answers = str(uuid.uuid4()), []
        callers = [threading.Thread(target=lambda: answers.append(self.cloud.book("minato", key=key))) for _ in range(2)]
        asking = lambda: self.cloud.sql("SELECT 1 FROM ticket WHERE state = 'asking'")  # noqa: E731
        os.kill(self.station.pid(), signal.SIGSTOP)
        try:
            for caller in callers:
                caller.start()
            until(asking, "the clinic to be asked")
            # Both have seen that it did not answer, and wait to say so; the next breath waits as well.
            with self.cloud.holding("SELECT 1 FROM counter FOR UPDATE"):
                until(lambda: self.cloud.standing() > 2, "both to give up", 20)
            for caller in callers:
                caller.join(30)
        finally:
            os.kill(self.station.pid(), signal.SIGCONT)
        self.assertEqual([(status, told.get("error", told).get("reason")) for status, told, _ in answers],
                         [(409, "clinic_unreachable")] * 2)

    def drawn(self, *end):
        """A clinic that gives its numbers, and six that were in the draw of a window that has just begun; `end`: before it is held."""
        now = datetime.datetime.now(JAPAN)
        seconds = now.second + 25
        windows = [{"opens": now.strftime("%H:%M"), "closes": "24:00"}]
        place = os.path.join(self.dir, "drawn")
        linked = self.linked = Linked(place, options.bin, booking={"when_away": "refuse", "draw_seconds": seconds,
                                                                  "windows": windows}).__enter__()
        self.addCleanup(linked.__exit__)
        linked.station.start()
        self.assertEqual(linked.station.cli("open", "naika")[0], 0)
        linked.until_connected()
        linked.until_owner()
        told = [linked.cloud.book("minato", people=people)
                for people in ([first()], [first("見本 一"), first("見本 二")], [first()], [first()], [first()])]
        self.assertEqual({status for status, *_ in told}, {202}, told)
        return linked, [ticket["token"] for _, answer, _ in told for ticket in answer["tickets"]]

    def held(self, linked, tokens, seconds=60):
        until(lambda: all(linked.phone(token)["state"] != "drawing" for token in tokens), "the draw", seconds, 0.05)
        return [linked.phone(token) for token in tokens]

    def test_c_a_draw_while_it_is_away(self):
        linked, tokens = self.drawn()
        linked.station.kill9()
        until(lambda: linked.cloud.sql("SELECT heard FROM seat") == [["0"]], "the cloud to notice", 20, 0.02)
        pages = self.held(linked, tokens)
        self.assertEqual({(page["state"], page["number"]) for page in pages}, {("not_drawn", None)})
        self.assertEqual(linked.cloud.sql("SELECT count(*) FROM person"), [["0"]], "who was refused is forgotten")
        self.assertEqual(linked.cloud.sql("SELECT given, live FROM counter WHERE service = 'naika'"), [["0", "0"]])
        linked.station.start()
        linked.until_connected()
        until(lambda: linked.local() == linked.remote() == {} and linked.waiting_rows() == [], "both sides to know of nobody", 40, 0.05)
        self.assertEqual(linked.numbers(), [])

    def test_d_a_draw_while_it_is_there(self):
        """The clinic gives them numbers of its own series, in the order of the draw; what it does not answer is refused."""
        linked, tokens = self.drawn()
        pages = self.held(linked, tokens)
        self.assertEqual({page["state"] for page in pages}, {"booked"})
        self.assertEqual(sorted(page["number"] for page in pages), list("123456"))
        self.assertEqual(abs(int(pages[1]["number"]) - int(pages[2]["number"])), 1, "a family is drawn as one")
        linked.until_equal()
        self.assertEqual({series for _, series, _ in linked.numbers()}, {"M"})
        self.assertEqual(linked.cloud.sql("SELECT given, live FROM counter WHERE service = 'naika'"), [["6", "6"]])

    def test_e_a_draw_that_it_does_not_answer(self):
        linked, tokens = self.drawn()
        # So late that its link still stands when it goes on: it reads what it was asked, and answers too late.
        until(lambda: linked.cloud.sql("SELECT draw_until < 1000 * extract(epoch FROM now()) + 3000 FROM counter "
                                       "WHERE service = 'naika'") == [["t"]], "the draw to be near", 60, 0.05)
        os.kill(linked.station.pid(), signal.SIGSTOP)
        try:
            until(lambda: (page := linked.phone(tokens[0]))["state"] == "drawing" and not page["may"]["cancel"],
                  "a page that offers no cancel while the clinic is asked", 60, 0.05)
            pages = self.held(linked, tokens)
            self.assertEqual({(page["state"], page["number"]) for page in pages}, {("not_drawn", None)})
            self.assertEqual([page["family"] for page in pages], [[]] * len(pages), "strangers are no family")
        finally:
            os.kill(linked.station.pid(), signal.SIGCONT)
        # Before its numbers have come up, and before it has heard that they are void, both are the same for a moment too.
        until(lambda: len(late := linked.local()) == len(tokens) and "booked" not in late.values(),
              "what it gave too late to be void", 40, 0.05)
        linked.until_equal()
        self.assertEqual(linked.cloud.sql("SELECT DISTINCT series FROM number WHERE reason IS NULL"), [])
        self.assertEqual(linked.cloud.sql("SELECT count(*) FROM person"), [["0"]])

    def test_b_a_choice_that_is_none(self):
        known = self.cloud.command("facility", "minato").stdout.replace('"refuse"', '"perhaps"')
        path = os.path.join(self.dir, "minato.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(known)
        done = self.cloud.command("facility", "minato", "--put", path)
        self.assertEqual((done.returncode, "when_away" in done.stderr), (2, True), done.stderr)


if __name__ == "__main__":
    main(__doc__)
