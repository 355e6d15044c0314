# SPDX-License-Identifier: Apache-2.0
"""clinic.toml is changed while the day's numbers are out: the station starts, and no number changes or goes."""
import datetime
import os
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit import faketime  # noqa: E402
from kit.case import Commands, main, options  # noqa: E402
from kit.station import Station, clean, until, work_dir  # noqa: E402

SHOUNI = re.compile(r'\[\[service\]\]\nid = "shouni".*?(?=\[\[)', re.DOTALL)
ROOM_2 = re.compile(r'\[\[room\]\]\nid = "2".*?(?=\[\[|\Z)', re.DOTALL)


class Settings(Commands, unittest.TestCase):
    def setUp(self):
        work = work_dir("walk")
        self.addCleanup(clean, work)
        self.station = Station(os.path.join(work, "home"), options.bin)
        self.station.init()
        self.station.start()
        self.addCleanup(self.station.kill9)
        self.done("open", "shouni")

    def tomorrow_at_ten(self):
        today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9)))
        self.station.kill9()
        self.station.env.update(faketime.pretending(f"{today + datetime.timedelta(days=1):%Y-%m-%d} 10:00:00"))
        self.station.start()

    def change(self, pattern, text=""):
        path = pathlib.Path(self.station.home, "clinic.toml")
        changed, count = re.subn(pattern, text, path.read_text(encoding="utf-8"))
        self.assertEqual(count, 1)
        path.write_text(changed, encoding="utf-8")

    def numbers(self, service):
        return [each["number"] for each in self.done("queue", service)["tickets"] if each["state"] != "done"]

    def services(self, view):
        with self.station.hub("desk") as hub:
            hub.ok("watch", {"views": [view]})
            return [each["id"] for each in hub.next_view(view)["data"]["services"]]

    def test_a_counter_that_is_taken_out_is_called_to_its_end(self):
        taken = [self.done("take", "shouni", "--no-print")["number"] for _ in range(2)]
        self.done("call", "shouni", "--room", "2")
        self.change(SHOUNI)
        self.change(ROOM_2)
        self.station.restart()
        self.assertEqual(self.numbers("shouni"), taken)
        self.assertIn("shouni", self.services("desk"))
        board = self.done("board")
        self.assertIn(("2", taken[0]), [(each["id"], each["number"]) for each in board["rooms"]])
        for verb in (("take", "shouni"), ("open", "shouni")):
            self.assertEqual(self.station.cli(*verb)[1]["error"]["reason"], "service_retired", verb)
        self.assertEqual(self.station.cli("call", "shouni", "--room", "2")[1]["error"]["reason"], "unknown_room")
        self.assertEqual(self.done("call", "shouni", "--room", "1")["number"], taken[1])
        for number in taken:
            self.done("finish", number)
        self.assertNotIn("shouni", self.services("desk"))
        self.assertNotIn("2", [each["id"] for each in self.done("board")["rooms"]])
        self.done("verify")

    def test_tomorrow_it_is_gone_and_yesterday_can_be_read(self):
        number = self.done("take", "shouni", "--no-print")["ticket"]
        self.change(SHOUNI)
        self.tomorrow_at_ten()
        # The first tick ends the day that was left open.
        until(lambda: "shouni" not in self.services("kiosk"), "the new day's counters")
        self.done("open", "naika")
        self.assertEqual(self.done("take", "naika", "--no-print")["number"], "1")
        self.assertIn("shouni", number)
        self.done("verify")

    def test_other_letters_wait_for_another_day(self):
        number = self.done("take", "shouni", "--no-print")["number"]
        self.assertTrue(number.startswith("S-"), number)
        self.change('prefix = "S"', 'prefix = "P"')
        for _ in range(2):
            self.station.restart()
            self.assertIn(number, self.numbers("shouni"))
        self.assertTrue(self.done("take", "shouni", "--no-print")["number"].startswith("S-"))
        self.assertIn("today's numbers are out", self.station.log_text())
        self.tomorrow_at_ten()
        self.done("open", "shouni")
        self.assertEqual(self.done("take", "shouni", "--no-print")["number"], "P-1")


if __name__ == "__main__":
    main(__doc__)
