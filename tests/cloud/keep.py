# SPDX-License-Identifier: Apache-2.0
"""What of patients is forgotten, and when, by a clock that is moved: nothing before its day, everything with it, in batches, and
never what the numbers need."""
import os
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit import faketime  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import ALWAYS, Cloud, card, facility, first, service  # noqa: E402
from kit.station import clean, skip, until, work_dir  # noqa: E402

DAY = 24 * 3600
NOON = 3 * 3600  # of Japan, in UTC
BATCH = 1000


class Keep(unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("cloud")
        self.addCleanup(clean, self.dir)
        self.clock = faketime.FakeClock(os.path.join(self.dir, "time"), faketime.preload(options.bin))
        self.today = int(time.time()) // DAY * DAY + NOON
        self.clock.set(self.today)
        self.cloud = Cloud(os.path.join(self.dir, "home"), options.bin, env=self.clock.env, provider=ALWAYS, facilities=[
            facility("a", 1, checks=True, cards=[card("1000", "1980-01-01"), card("1001", "1980-01-02")]),
            facility("b", 2, cards=[card("2000", "1980-01-01")]),
            {**facility("c", 3, checks=True, cards=[card("1000", "1980-01-01"), card("1001", "1980-01-02")]),
             "services": [service("naika", 1, windows=[{"opens": "12:00", "closes": "24:00"}], draw_seconds=600, cap=1)]}]).start()
        self.addCleanup(self.cloud.__exit__)

    def count(self, what):
        return int(self.cloud.sql(f"SELECT count(*) FROM {what}")[0][0])

    def left(self):
        return {name: self.count(what) for name, what in (
            ("people", "person"), ("hashes", "ticket WHERE card IS NOT NULL"), ("answers", "request"), ("cards", "card"),
            ("numbers", "number"), ("tickets", "ticket"))}

    def day(self, days):
        """The clock so many days on, once the node has looked at what is past by it."""
        # Something that goes on that very day, so that its going says that it looked.
        date = self.today // DAY + days - 1
        self.cloud.sql(f"INSERT INTO notice (facility_id, date, token, id, address, lang, near) VALUES (1, {date}, '', '', '', 'ja', 1)")
        self.clock.set(self.today + days * DAY)
        until(lambda: self.count("notice WHERE token = ''") == 0, f"day {days} to be looked at", 30, 0.05)

    def books(self):
        self.assertEqual(self.cloud.book("a", people=[card("1000", "1980-01-01")])[0], 201)
        self.assertEqual(self.cloud.book("a", people=[first("見本 花子")])[0], 201)

    def done(self, *args):
        run = self.cloud.command(*args)
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_a_week(self):
        self.books()
        all_of_it = {"people": 2, "hashes": 1, "answers": 2, "cards": 5, "numbers": 2, "tickets": 2}
        self.assertEqual(self.left(), all_of_it)
        self.day(6)
        self.assertEqual(self.left(), all_of_it)
        self.day(7)
        self.assertEqual(self.left(), {**all_of_it, "people": 0, "hashes": 0})
        self.day(8)
        self.assertEqual(self.left(), {**all_of_it, "people": 0, "hashes": 0, "answers": 0})

    def test_b_as_the_provider_chooses(self):
        """Longer for those who book from then on; shorter for all."""
        self.books()
        self.done("provider", "--keep-people", "14")
        until(lambda: self.cloud.book("a", people=[first("見本 花子")]) and self.count("person WHERE delete_on = date + 14") >= 2, "it to hold", 20, 0.05)
        early = self.count("person WHERE delete_on = date + 7")
        late = self.count("person") - early
        self.day(7)
        self.assertEqual((self.count("person"), late >= 2), (late, True))
        self.done("provider", "--keep-people", "8")
        self.day(8)
        self.assertEqual(self.count("person"), 0)
        for args in (("--keep-people", "0"), ("--keep-people", "367"), ("--keep-cards", "-1"), ("--keep-people", "x")):
            self.assertEqual(self.cloud.command("provider", *args).returncode, 2, args)

    def test_c_cards_of_a_contract_that_is_over(self):
        ends = time.strftime("%Y-%m-%d", time.gmtime(self.today + DAY))
        self.done("contract", "b", "--ends", ends)
        self.done("provider", "--keep-cards", "2")
        self.day(2)
        self.assertEqual(self.count("card WHERE facility_id < 3"), 3)
        self.day(3)
        self.assertEqual((self.count("card WHERE facility_id = 2"), self.count("card WHERE facility_id = 1")), (0, 2))

    def test_c_who_was_not_drawn(self):
        """At once: nobody will call them."""
        for number, birth in (("1000", "1980-01-01"), ("1001", "1980-01-02")):
            self.assertEqual(self.cloud.book("c", people=[card(number, birth)])[0], 202)
        self.cloud.sql("INSERT INTO notice (facility_id, date, token, id, address, lang, near) SELECT facility_id, date, token, "
                       "'', 'patient@example.jp', 'ja', 1 FROM ticket")
        self.clock.set(self.today + 3600)
        until(lambda: self.count("ticket WHERE state = 'drawing'") == 0, "the draw", 30, 0.05)
        self.assertEqual(self.cloud.sql("SELECT t.state, t.card IS NOT NULL, p.token IS NOT NULL, n.address <> '' FROM ticket t LEFT "
                                        "JOIN person p USING (facility_id, date, token) JOIN notice n USING (facility_id, date, "
                                        "token) ORDER BY 1"), [["booked", "t", "t", "t"], ["not_drawn", "f", "f", "f"]])

    def test_d_many_at_once(self):
        """More than a batch, and while another node has the turn nothing is done twice or left."""
        date, many = self.today // DAY, 3 * BATCH + 1
        self.cloud.sql("INSERT INTO person (facility_id, date, token, card, birth, name, phone, delete_on) SELECT 1, "
                       f"{date}, int4send(g), '', '', 'x', '', {date + 7} FROM generate_series(1, {many}) AS g")
        self.clock.set(self.today + 8 * DAY)
        seen = set()
        until(lambda: seen.add(self.count("person")) or self.count("person") == 0, "all of them to go", 60, 0.01)
        self.assertLessEqual({many - self.count("person")} & seen, {0, many})
        self.assertTrue(seen <= {many, many - BATCH, many - 2 * BATCH, many - 3 * BATCH, 0}, seen)


if __name__ == "__main__":
    if faketime.library() is None:
        skip("libfaketime is not installed")
    main(__doc__)
