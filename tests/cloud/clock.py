# SPDX-License-Identifier: Apache-2.0
"""Nodes whose clocks step, or differ by an hour or a day: no number is given twice or left out, a key keeps its answer,
a ticket its page, and a spent budget is not filled by setting a clock back."""
import os
import pathlib
import sys
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from contract import Live  # noqa: E402
from kit import faketime  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud, card, facility  # noqa: E402
from kit.linked import Linked  # noqa: E402
from kit.station import clean, skip, until, work_dir  # noqa: E402

HOUR, DAY = 3600, 24 * 3600
NOON = 3 * HOUR  # of Japan, in UTC


class Clocks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        cls.database = Cloud(os.path.join(cls.dir, "home"), options.bin, facilities=[
            facility("a", 1), facility("days", 2), facility("guessed", 3, cards=[card("100", "1980-01-01")])]).start()
        cls.addClassCleanup(cls.database.__exit__)
        fd = os.open(os.path.join(cls.database.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
        cls.addClassCleanup(os.close, fd)
        url = f"host=/proc/{os.getpid()}/fd/{fd} user=machiai dbname=postgres"
        cls.nodes, cls.clocks = [], []
        for name in ("one", "two"):
            clock = faketime.FakeClock(os.path.join(cls.dir, name + ".time"), faketime.preload(options.bin))
            clock.set(time.time() // DAY * DAY + NOON)
            node = Cloud(os.path.join(cls.dir, name), options.bin, database=url, env=clock.env)
            # Both have the key of the cards that the first home made.
            with open(os.path.join(cls.database.home, "keys", "card"), "rb") as key, \
                    open(os.path.join(node.home, "keys", "card"), "wb") as copy:
                copy.write(key.read())
            cls.nodes.append(node.start())
            cls.addClassCleanup(node.__exit__)
            cls.clocks.append(clock)

    def setUp(self):
        for clock in self.clocks:
            clock.set(time.time() // DAY * DAY + NOON)

    def number(self, node, place, key=None):
        status, body, _ = self.nodes[node].book(place, key=key)
        self.assertEqual(status, 201, body)
        return int(body["tickets"][0]["number"]), body["tickets"][0]["token"]

    def test_steps(self):
        """Back and forth by an hour, in the middle of the morning."""
        key = str(uuid.uuid4())
        given = [self.number(0, "a", key)]
        for step in (-HOUR, HOUR, HOUR, -2 * HOUR, 5, -5):
            self.clocks[0].move(step)
            given.append(self.number(0, "a"))
            self.assertEqual(self.number(0, "a", key), given[0])
        first = given[0][0]
        self.assertEqual([n for n, _ in given], list(range(first, first + len(given))))
        for number, token in given:
            status, ticket, _ = self.nodes[0].get(f"/v1/tickets/{token}")
            self.assertEqual((status, ticket["number"]), (200, str(number)))

    def test_a_status_after_a_step_back(self):
        """Nobody watches, the clock goes back ten minutes: what is booked then stands in the status all the same."""
        def last():
            return self.nodes[0].get("/v1/facilities/a/status")[1]["services"][0]["last_number"]
        before, _ = self.number(0, "a")
        until(lambda: last() == str(before), "the status to have it", 10, 0.05)
        self.clocks[0].move(-600)
        after, _ = self.number(0, "a")
        until(lambda: last() == str(after), f"the status to have {after} after the step, it has {last()}", 8, 0.1)

    def test_two_clocks(self):
        """Two nodes an hour and a half apart: one series, without a gap."""
        self.clocks[1].move(-1.5 * HOUR)
        given = [self.number(n % 2, "a") for n in range(12)]
        first = given[0][0]
        self.assertEqual([n for n, _ in given], list(range(first, first + 12)))
        for number, token in given:
            for node in self.nodes:
                until(lambda o=node, t=token, n=number: o.get(f"/v1/tickets/{t}")[1].get("number") == str(n), "each to know it")

    def test_a_day_ahead(self):
        """A node that thinks it is tomorrow gives tomorrow's numbers and touches none of today's."""
        today = [self.number(0, "days"), self.number(1, "days")]
        self.clocks[1].move(DAY)
        tomorrow = [self.number(1, "days"), self.number(1, "days")]
        today.append(self.number(0, "days"))
        self.clocks[1].move(-DAY)
        today.append(self.number(1, "days"))
        self.assertEqual([n for n, _ in today], [1, 2, 3, 4])
        self.assertEqual([n for n, _ in tomorrow], [1, 2])
        dates = self.database.sql("SELECT date - min(date) OVER (), n FROM number WHERE facility_id = 2 ORDER BY 1, 2")
        self.assertEqual(dates, [["0", "1"], ["0", "2"], ["0", "3"], ["0", "4"], ["1", "1"], ["1", "2"]])
        # Its tickets are shown when their day has come.
        self.assertEqual(self.nodes[0].get(f"/v1/tickets/{tomorrow[0][1]}")[0], 404)
        self.clocks[0].move(DAY)
        self.assertEqual(self.nodes[0].get(f"/v1/tickets/{tomorrow[0][1]}")[1]["number"], "1")

    def test_a_ticket_of_yesterday(self):
        """Its page stays, and promises nothing: nobody is ahead of it, and there is nothing to cancel."""
        number, token = self.number(0, "days")
        page = self.nodes[0].get(f"/v1/tickets/{token}")[1]
        self.assertTrue(page["may"]["cancel"])
        self.clocks[0].move(DAY)
        page = self.nodes[0].get(f"/v1/tickets/{token}")[1]
        self.assertEqual((page["number"], page["ahead"]), (str(number), None))
        self.assertEqual(page["may"], {"cancel": False, "arrive": False, "notice": False})
        for what in ("cancel", "arrive"):
            status, told, _ = self.nodes[0].post(f"/v1/tickets/{token}/{what}")
            self.assertEqual((status, told["error"]["reason"]), (409, "not_today"), what)
        with Live(self.nodes[0], f"token={token}") as live:
            self.assertEqual(live.frame("ticket")["number"], str(number))

    def test_a_spent_budget_stays_spent(self):
        def guess(node):
            status, body, _ = self.nodes[node].book("guessed", people=[card("100", "1999-09-09")])
            return status, body["error"]["reason"]

        self.assertEqual([guess(0) for _ in range(30)], [(403, "not_recognised")] * 30)
        for node, step in ((0, 0), (0, -3 * HOUR), (1, -DAY), (1, DAY - 5)):
            self.clocks[node].move(step)
            self.assertEqual(guess(node), (429, "check_resting"), (node, step))


class Yesterday(unittest.TestCase):
    def test_pages_keep_what_the_clinic_said_last(self):
        """Also when it has opened the next date: who was called, was away or had gone in is not "not here yet" again."""
        directory = work_dir("cloud")
        self.addCleanup(clean, directory)
        clock = faketime.FakeClock(os.path.join(directory, "time"), faketime.preload(options.bin))
        clock.set(time.time() // DAY * DAY + NOON)
        linked = Linked(directory, options.bin)
        station = linked.station
        for each in (linked.cloud, station):
            each.env.update(clock.env)
        self.addCleanup(linked.__exit__)
        linked.__enter__()
        station.start()
        linked.until_connected()
        tokens = {}
        for state in ("booked", "waiting", "called", "absent", "hold", "in_room", "done"):
            tokens[state] = linked.book()[0]["token"]
        said = lambda *words: self.assertEqual(station.cli(*words)[0], 0, words)  # noqa: E731
        said("open", "naika")
        linked.until_owner()
        name = {state: "naika/" + linked.phone(token)["number"] for state, token in tokens.items()}
        for state in list(name)[1:]:
            said("arrive", name[state])
        for state, room, then in (("done", "2", "finish"), ("absent", "2", "absent"), ("in_room", "2", "enter"), ("called", "1", None)):
            said("call", "naika", "--room", room, "--ticket", name[state])
            if state == "done":
                said("enter", name[state])
            if then:
                said(then, name[state])
        said("hold", name["hold"])
        pages = lambda: {state: linked.phone(token)["state"] for state, token in tokens.items()}  # noqa: E731
        until(lambda: pages() == {state: state for state in tokens}, "the clinic's word of all", 20, 0.1)
        station.stop()
        clock.move(DAY - 4 * HOUR)  # the next day at eight
        self.assertEqual(pages(), {state: state for state in tokens})

        def kept():
            told = pages()
            # Who was called so long ago has gone in by now, as the clinic has it.
            return {**told, "called": "called"} if told["called"] == "in_room" else told

        of = lambda what: linked.cloud.sql(f"SELECT {what} FROM projection")  # noqa: E731
        day, heard = of("date"), of("as_of")
        station.start()
        linked.until_connected()
        until(lambda: of("as_of") != heard, "its first word of the morning", 20, 0.1)
        self.assertEqual((of("date"), kept()), (day, {state: state for state in tokens}), "before it opens")
        said("open", "naika")
        until(lambda: of("date") != day, "its word of the next date", 20, 0.1)
        self.assertEqual(kept(), {state: state for state in tokens})
        page = linked.phone(tokens["called"])
        self.assertEqual((page["room"], page["ahead"], page["wait"], page["calling"]), (None,) * 4)
        self.assertEqual(set(page["may"].values()), {False})
        said("close", "naika")
        self.assertEqual(kept(), {state: state for state in tokens}, "and keep it with its next words")


if __name__ == "__main__":
    if faketime.library() is None:
        skip("libfaketime is not installed")
    main(__doc__)
