# SPDX-License-Identifier: Apache-2.0
"""A clinic whose counter gave numbers before it was enrolled, as the first day goes, while phones booked the same ones:
the series has one owner, what is on paper stays, and nobody who booked is lost."""
import pathlib
import sys
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import link  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import facility, first  # noqa: E402
from kit.linked import EndsEqual, Linked  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402


class ByHand(link.Link):
    @classmethod
    def setUpClass(cls):
        cls.begin([facility("a", 1)])

    def counter(self):
        return self.cloud.sql("SELECT owner, epoch, granting FROM counter WHERE facility_id = 1")[0]

    def page(self, ticket):
        told = self.cloud.get("/v1/tickets/" + ticket["token"])[1]
        return told["number"], told["state"]

    def of(self, clinic, kind, n, **more):
        return clinic.line(kind, self.body(**link.ticket(n), **more))

    def test_late_a_claim_that_overtakes_what_it_did_alone(self):
        key = str(uuid.uuid4())
        booked = [self.cloud.book("a", key=key, people=[first("見本 一"), first("見本 二")])[1]["tickets"],
                  self.cloud.book("a")[1]["tickets"]]
        one, two, three = booked[0] + booked[1]
        self.assertEqual(self.cloud.post(f"/v1/tickets/{two['token']}/cancel")[0], 200)
        clinic = link.Clinic(self, "a", self.enrolled("a"), "start-1")
        clinic.frames.send({"kind": "numbering", "say": "claim", "service": "naika", "date": self.today(), "epoch": 1,
                            "generation": 0})
        self.assertEqual(clinic.next("numbering", say="grant")["epoch"], 2)
        alone = [clinic.line("day_opened", self.body(date=self.today())),
                 clinic.line("ownership_taken", self.body(service="naika", epoch=1, high=0)),
                 clinic.line("counter_opened", self.body(service="naika", session="morning")),
                 self.taken(clinic, 1), self.taken(clinic, 2),
                 clinic.line("ownership_released", self.body(service="naika", epoch=2))]
        clinic.tell(*alone)
        self.assertEqual(self.counter(), ["f", "1", "2"], "nobody owns it twice")
        clinic.tell(clinic.line("ownership_taken", self.body(service="naika", epoch=2, high=3)))
        self.assertEqual(self.counter(), ["f", "2", "0"])

        # Who booked one of its numbers is told another, which goes down; who had cancelled it has none.
        self.assertEqual([self.page(each) for each in (one, two, three)],
                         [("W1-1", "booked"), (None, "cancelled"), ("3", "booked")])
        again = self.cloud.book("a", key=key, people=[first("見本 一"), first("見本 二")])[1]["tickets"]
        self.assertEqual([(each["token"], each["number"]) for each in again], [(one["token"], "W1-1"), (two["token"], "2")])
        clinic.said.clear()
        offer = clinic.next("booking", say="offer", series="W1", n=1)
        self.assertEqual((offer["name"], clinic.next("booking", say="offer", series="M")["n"]), ("見本 一", 3))
        counted = self.cloud.sql("SELECT given, live FROM counter")
        self.assertEqual(counted, [["5", "4"]], "two at the kiosk, three on the phone of whom one has cancelled")

        # What becomes of the kiosk's patients is theirs.
        clinic.tell(self.taken(clinic, 1, offer["key"], "W1", accepted=int(time.time() * 1000) - 60_000),
                    self.of(clinic, "cancelled", 2), self.of(clinic, "undone", 2, group=clinic.seq, what="cancelled"),
                    self.of(clinic, "called", 1, room="1"))
        until(lambda: self.cloud.sql("SELECT 1 FROM projection WHERE document LIKE '%\"called\"%'"), "the call to be public")
        self.assertEqual([self.page(each) for each in (one, two)], [("W1-1", "booked"), (None, "cancelled")])


# The tests of the link itself are run by their own file.
for each in [each for each in dir(link.Link) if each.startswith("test_")]:
    setattr(ByHand, each, None)
del link.Link


class Station(EndsEqual, unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("late")
        self.addCleanup(clean, self.dir)
        self.linked = Linked(self.dir, options.bin)
        self.cloud, self.station = self.linked.cloud, self.linked.station
        self.addCleanup(self.linked.__exit__)

    def done(self, *args):
        code, told = self.station.cli(*args)
        self.assertEqual(code, 0, told)
        return told

    def test_a_first_day(self):
        self.cloud.start()
        web = [self.linked.book(people=[first(f"見本 {n}")])[0] for n in range(2)]
        self.station.init()
        self.station.start()
        self.done("open", "naika")
        paper = [self.done("take", "naika")["number"] for _ in range(3)]
        self.assertEqual([each["number"] for each in web] + paper, ["1", "2", "1", "2", "3"])
        self.station.stop()
        self.linked.enrol()
        self.station.start()
        self.linked.until_connected()
        self.linked.until_owner()
        self.linked.until_equal()
        line = [(each["number"], each["origin"], each["name"]) for each in self.done("queue", "naika")["tickets"]]
        phones = [self.linked.phone(each["token"])["number"] for each in web]
        self.assertEqual(line[:2], [(number, "web", f"見本 {n}") for n, number in enumerate(phones)], "they asked first")
        self.assertEqual([each[0] for each in line[2:]], paper)
        # From here on every number is one person's.
        more = [self.linked.book()[0]["number"], self.done("take", "naika")["number"]]
        self.assertEqual(len({*phones, *paper, *more}), 7, (phones, paper, more))
        self.assertTrue(self.done("verify")["holds"])


if __name__ == "__main__":
    main(__doc__)
