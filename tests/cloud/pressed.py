# SPDX-License-Identifier: Apache-2.0
"""What is pressed on a phone against what the clinic says at that moment: in the end both sides and the page have the same,
and the page never says more than the clinic knows."""
import os
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import link  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud, card, facility, first, service  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

ROOMS = [{"id": "1", "name": {"ja": "診察室1"}}]


class Pressed(link.Link):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("pressed")
        cls.addClassCleanup(clean, cls.dir)
        cls.cloud = Cloud(os.path.join(cls.dir, "home"), options.bin, args=("--smtp", "127.0.0.1:1", "--mail-from", "m@example.jp"),
                          facilities=[*(facility(name, n + 1, rooms=ROOMS) for n, name in enumerate("abcdef")),
                                      {**facility("g", 7, cards=[card("1001", "1980-01-01")]), "services": [service("naika", 1, when_away="refuse")]},
                                      facility("h", 8, rooms=ROOMS)]).start()
        cls.addClassCleanup(cls.cloud.__exit__)
        cls.serial = 0

    def morning(self, place, people=1, **body):
        """A clinic whose counter is open and that has taken in what these people booked; their tokens."""
        status, told, _ = self.cloud.book(place, people=[first(f"見本 {n}") for n in range(people)], body=body)
        self.assertEqual(status, 201, told)
        clinic = link.Clinic(self, place, self.enrolled(place), "start-1")
        keys = [clinic.next("booking", say="offer", n=n + 1)["key"] for n in range(people)]
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    clinic.line("counter_opened", self.body(service="naika", session="morning")),
                    *(self.taken(clinic, n + 1, key, accepted=int(time.time() * 1000) - 60_000) for n, key in enumerate(keys)))
        return clinic, [each["token"] for each in told["tickets"]]

    def page(self, token):
        return self.cloud.get("/v1/tickets/" + token)[1]

    def becomes(self, token, state):
        until(lambda: self.page(token)["state"] == state, state, 20, 0.02)
        return self.page(token)

    def press(self, token, what):
        status, told, _ = self.cloud.post(f"/v1/tickets/{token}/{what}")
        return status, told["error"]["reason"] if "error" in told else told["state"]

    def of(self, clinic, kind, n=1, **more):
        return clinic.line(kind, self.body(**link.ticket(n), **more))

    def test_a_cancel_waits_for_the_word_that_is_on_its_way(self):
        clinic, (token,) = self.morning("a")
        until(lambda: self.cloud.sql("SELECT 1 FROM projection WHERE facility_id = 1 AND document LIKE '%-1\"%'"), "its word")
        told = []
        press = threading.Thread(target=lambda: told.append(self.press(token, "cancel")))
        with self.cloud.holding("SELECT 1 FROM projection WHERE facility_id = 1 FOR UPDATE"):
            clinic.tell(self.of(clinic, "called", room="1"))
            until(self.cloud.standing, "the call to be made public")
            press.start()
            until(lambda: told or self.cloud.standing() > 1, "the cancel")
        press.join(20)
        self.assertEqual(told, [(409, "called_already")])
        self.assertEqual(self.becomes(token, "called")["arrival"], "confirmed")

    def test_b_a_cancel_that_the_clinic_has_called_over_is_taken_back(self):
        clinic, (token,) = self.morning("b")
        clinic.tell(self.of(clinic, "called", room="1"))
        absent = self.of(clinic, "absent", before=None)
        clinic.tell(absent)
        self.becomes(token, "absent")
        self.assertEqual(self.press(token, "cancel"), (200, "cancelled"))
        self.assertEqual(clinic.next("cancel")["service"], "naika")
        # At the reception somebody takes the absence back meanwhile: the patient is called.
        clinic.tell(clinic.line("undone", self.body(group=absent["group"], what="absent", **link.ticket(1))))
        self.assertTrue(self.becomes(token, "called")["room"])
        self.assertEqual(self.press(token, "cancel"), (409, "called_already"))
        clinic.said.clear()
        clinic.next("numbering", say="state")
        clinic.next("numbering", say="state")
        self.assertEqual([each for each in clinic.said if each["kind"] == "cancel"], [], "nothing is asked of it any more")

    def test_c_a_call_that_is_undone_says_nothing_of_the_arrival(self):
        clinic, (token,) = self.morning("c")
        call = self.of(clinic, "called", room="1")
        clinic.tell(call)
        self.assertEqual(self.becomes(token, "called")["arrival"], "confirmed")
        clinic.tell(clinic.line("undone", self.body(group=call["group"], what="called", **link.ticket(1))))
        page = self.becomes(token, "booked")
        self.assertEqual((page["arrival"], page["may"]["arrive"]), ("none", True))
        self.assertEqual(self.press(token, "arrive"), (200, "booked"))
        clinic.next("arrive")
        clinic.tell(self.of(clinic, "arrived"))
        self.assertEqual(self.becomes(token, "waiting")["arrival"], "confirmed")
        # Once it is here, a call that is undone changes nothing of that.
        call = self.of(clinic, "called", room="1")
        clinic.tell(call)
        self.becomes(token, "called")
        clinic.tell(clinic.line("undone", self.body(group=call["group"], what="called", **link.ticket(1))))
        self.assertEqual(self.becomes(token, "waiting")["arrival"], "confirmed")

    def test_d_who_missed_the_call_tells_the_reception(self):
        clinic, (token,) = self.morning("d")
        clinic.tell(self.of(clinic, "called", room="1"))
        clinic.tell(self.of(clinic, "absent", before=None))
        self.assertEqual(self.becomes(token, "absent")["arrival"], "none")
        self.assertEqual(self.press(token, "arrive"), (409, "missed_call"))
        clinic.tell(self.of(clinic, "held"))
        self.becomes(token, "hold")
        self.assertEqual(self.press(token, "arrive"), (409, "on_hold"))
        self.assertEqual(self.page(token)["arrival"], "none")

    def test_d_who_is_expected_again_after_a_call_may_say_that_they_are_here(self):
        clinic, (token,) = self.morning("h")
        clinic.tell(self.of(clinic, "called", room="1"))
        self.assertFalse(self.becomes(token, "called")["may"]["arrive"])
        self.assertEqual(self.press(token, "arrive"), (200, "called"))
        clinic.tell(self.of(clinic, "put_back"))
        self.assertTrue(self.becomes(token, "booked")["may"]["arrive"])
        self.assertEqual(self.press(token, "arrive")[0], 200)
        self.assertEqual(self.page(token)["arrival"], "asked")
        clinic.next("arrive")
        clinic.tell(self.of(clinic, "arrived"))
        self.assertEqual(self.becomes(token, "waiting")["arrival"], "confirmed")

    def test_e_a_familys_notice_is_the_next_ones(self):
        clinic, tokens = self.morning("e", 4, notice={"email": "family@example.jp", "near": 1})
        notices = lambda: [each["notice"] and each["notice"]["near"] for each in map(self.page, tokens)]  # noqa: E731
        self.assertEqual(notices(), [1, None, None, None])
        self.assertEqual(self.press(tokens[0], "cancel"), (200, "cancelled"))
        self.assertEqual(notices(), [None, 1, None, None])
        # Or the reception cancels.
        clinic.tell(self.of(clinic, "cancelled", 1), self.of(clinic, "cancelled", 2))
        self.becomes(tokens[1], "cancelled")
        self.assertEqual(notices(), [None, None, 1, None])
        for each in tokens[2:]:
            self.press(each, "cancel")
        self.assertEqual(notices(), [None] * 4)
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM notice WHERE address <> ''"), [["0"]])

    def test_f_how_old_the_clinics_word_is(self):
        """A machine that hangs keeps its line: what it said last gets older."""
        clinic, _ = self.morning("f")
        said = lambda: (self.cloud.get("/v1/facilities/f/status")[1]["as_of"],  # noqa: E731
                        self.cloud.sql("SELECT heard FROM seat WHERE facility_id = 6"))
        until(lambda: said()[0], "its word", 20, 0.05)
        clinic.said.clear()
        clinic.next("numbering", say="state")
        before = said()
        ping = clinic.next("ping")  # it is asked whether it is there
        clinic.next("numbering", say="state")
        self.assertEqual(said(), before)
        clinic.frames.send({"kind": "pong", "id": ping["id"]})
        until(lambda: said()[0] > before[0], "its answer", 10, 0.05)
        clinic.next("numbering", say="state")
        until(lambda: said()[1] > before[1], "its seat", 10, 0.05)

    def test_g_who_is_refused_is_forgotten(self):
        clinic = link.Clinic(self, "g", self.enrolled("g"), "start-1")
        clinic.frames.send({"kind": "numbering", "say": "claim", "service": "naika", "date": self.today(), "epoch": 0,
                            "generation": 0})
        clinic.next("numbering", say="grant")
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    clinic.line("counter_opened", self.body(service="naika", session="morning")),
                    clinic.line("ownership_taken", self.body(service="naika", epoch=2, high=0)))
        status, told, _ = self.cloud.book("g", people=[card("1001", "1980-01-01")],
                                          body={"notice": {"email": "patient@example.jp", "near": 3}})
        self.assertEqual((status, told["error"]["reason"]), (409, "clinic_unreachable"), "it does not answer")
        self.assertEqual(self.cloud.sql("SELECT t.state, t.card IS NULL, n.address, p.token IS NULL FROM ticket t JOIN notice n USING "
                                        "(facility_id, date, token) LEFT JOIN person p USING (facility_id, date, token) WHERE "
                                        "t.facility_id = 7"), [["void", "t", "", "t"]])


# The tests of the link itself are run by their own file.
for each in [each for each in dir(link.Link) if each.startswith("test_")]:
    if each not in vars(Pressed):
        setattr(Pressed, each, None)

if __name__ == "__main__":
    main(__doc__)
