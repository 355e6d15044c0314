# SPDX-License-Identifier: Apache-2.0
"""A patient who booked on the phone holds the card before the kiosk's scanner: one number, here, and the phone says so.
A real station, a real machiai-cloud, PostgreSQL between them; the kiosk speaks as its role."""
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import Commands, main, options  # noqa: E402
from kit.cloud import card  # noqa: E402
from kit.glass import Glass  # noqa: E402
from kit.hub import Refused  # noqa: E402
from kit.linked import EndsEqual, Linked  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

BIRTH = "1980-01-01"


class CheckIn(Commands, EndsEqual, unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("check-in")
        self.addCleanup(clean, self.dir)
        self.linked = Linked(self.dir, options.bin, cards=[card(str(n), BIRTH) for n in range(1001, 1006)])
        self.linked.__enter__()
        self.addCleanup(self.linked.__exit__)
        self.station = self.linked.station
        self.station.start()
        self.done("open", "naika")
        self.linked.until_owner()
        self.kiosk = self.station.hub("kiosk", "kiosk-1")
        self.addCleanup(self.kiosk.close)

    def refused(self, reason, command, args):
        with self.assertRaises(Refused) as caught:
            self.kiosk.ok(command, args)
        self.assertEqual(caught.exception.reason, reason)
        return caught.exception.error

    def booked(self, number):
        ticket = self.linked.book(people=[card(number, BIRTH)])[0]
        until(lambda: "booked" in self.linked.local().values(), "the booking at the clinic", every=0.05)
        return ticket

    def test_the_card_is_here_and_the_phone_says_so(self):
        ticket = self.booked("1001")
        self.assertTrue(self.linked.phone(ticket["token"])["may"]["arrive"])
        first = self.kiosk.ok("check_in", {"card": "1001"}, key="scan-1")
        self.assertEqual((first["number"], first["state"], first["arrived"]), (ticket["number"], "waiting", True))
        self.assertEqual([each["number"] for each in first["tickets"]], [ticket["number"]])
        self.assertNotIn("name", str(first))
        # The same press, a second scan, and a take by somebody who does not know: one number.
        again = self.kiosk.ok("check_in", {"card": "1001"}, key="scan-1")
        self.assertEqual(again, first)
        self.assertFalse(self.kiosk.ok("check_in", {"card": "1001"}, key="scan-2")["arrived"])
        self.assertEqual(self.kiosk.ok("take", {"service": "naika", "card": "1001"}, key="t-1")["number"], first["number"])
        self.assertEqual(list(self.linked.local().values()), ["waiting"])
        until(lambda: not self.linked.phone(ticket["token"])["may"]["arrive"], "the phone to say it", every=0.05)
        self.assertEqual(self.linked.until_equal(), {first["ticket"]: "waiting"})

    def test_a_take_with_a_card_that_booked_is_the_check_in(self):
        ticket = self.booked("1002")
        taken = self.kiosk.ok("take", {"service": "naika", "card": "1002"}, key="t-1")
        self.assertEqual((taken["number"], taken["arrived"]), (ticket["number"], True))
        self.assertEqual(self.kiosk.ok("take", {"service": "naika", "card": "1002"}, key="t-1"), taken)
        # The desk may still give a second one: its people see both.
        with self.station.hub("desk", "front") as desk:
            self.assertNotEqual(desk.ok("take", {"service": "naika", "card": "1002"}, key="d-1")["number"], taken["number"])

    def test_the_desk_takes_in_who_booked_under_the_number_that_was_booked(self):
        ticket = self.booked("1003")
        with self.station.hub("desk", "front") as desk:
            listed = next(each for each in desk.ok("desk")["tickets"] if each["state"] == "booked")
            self.assertEqual(listed["card"], "1003", "by this the desk knows the card that is typed")
            here = desk.ok("check_in", {"ticket": listed["ticket"], "print": True}, key="d-1")
        self.assertEqual((here["number"], here["state"], here["arrived"]), (ticket["number"], "waiting", True))
        self.assertEqual(list(self.linked.local().values()), ["waiting"])

    def test_who_is_not_here_is_not_made_so_by_hold_and_back(self):
        ticket = self.booked("1004")
        name = next(iter(self.linked.local()))
        for there, and_back in (("hold", "resume"), ("absent", "back")):
            self.done(there, name)
            self.assertEqual(self.done(and_back, name)["state"], "booked")
            self.assertEqual(self.linked.until_equal(), {name: "booked"})
        self.assertEqual(self.linked.phone(ticket["token"])["state"], "booked")
        self.assertTrue(self.linked.phone(ticket["token"])["may"]["arrive"])
        self.assertEqual(self.station.cli("call", "naika", "--room", "1")[1]["error"]["reason"], "nobody_waiting")

    def test_a_card_with_several_numbers_hears_of_each(self):
        with self.station.hub("desk", "front") as desk:
            for name in ("0012734", "12734", "１２７３４"):
                desk.ok("take", {"service": "naika", "card": name}, key="d-" + str(len(name.encode())))
        told = self.kiosk.ok("check_in", {"card": "012734"}, key="s-1")
        self.assertEqual([each["ahead"] for each in told["tickets"]], [0, 1, 2])
        # What the desk tells of the same tickets, as far as anything is known.
        desk_told = {t["ticket"]: t["wait"] for t in self.done("queue", "naika")["tickets"]}
        self.assertEqual([each["wait"] for each in told["tickets"]], [desk_told[each["ticket"]] for each in told["tickets"]])
        self.assertEqual(told["wait"], told["tickets"][0]["wait"])

    def test_who_is_not_known_goes_on_and_who_missed_the_call_to_the_reception(self):
        self.refused("not_booked_today", "check_in", {"card": "1003"})
        number = self.kiosk.ok("take", {"service": "naika", "card": "1003"}, key="t-1")
        self.assertEqual(self.kiosk.ok("check_in", {"ticket": number["ticket"]}, key="s-1")["number"], number["number"])
        self.done("call", "naika", "--room", "1")
        self.assertEqual(self.kiosk.ok("check_in", {"card": "1003"}, key="s-2")["state"], "called")
        self.done("absent", number["ticket"])
        error = self.refused("missed_call", "check_in", {"card": "1003"})
        self.assertNotIn("1003", str(error))
        self.refused("missed_call", "take", {"service": "naika", "card": "1003"})
        self.refused("unknown_ticket", "check_in", {"ticket": "naika-20200101-1"})
        for wrong in ({}, {"card": "1", "ticket": "naika/1"}, {"card": 7}):
            self.refused("bad_argument", "check_in", wrong)
        self.assertEqual(self.station.cli("check-in", "1003")[0], 3)
        self.done("back", number["ticket"])
        self.assertEqual(self.done("check-in", "1003")["number"], number["number"])

    def test_who_asks_for_staff_at_the_kiosk_is_seen_at_the_desk_until_somebody_goes(self):
        def waits():
            return [each["part"] for each in self.station.status()["troubles"] if each["reason"] == "patient_waits"]
        self.assertEqual(waits(), [])
        self.kiosk.ok("report", {"trouble": "patient_waits"})
        self.assertEqual(waits(), ["kiosk"])
        self.kiosk.ok("report", {"trouble": ""})
        self.assertEqual(waits(), [])
        self.kiosk.ok("report", {"trouble": "patient_waits"})
        self.refused("forbidden", "attend", {})
        with self.station.hub("desk", "front") as desk:
            desk.ok("attend", {})
            self.assertEqual(waits(), [])
            # A screen's own trouble is not taken away by it.
            desk.ok("report", {"trouble": "no_speaker"})
            desk.ok("attend", {})
            self.assertIn("no_speaker", [each["reason"] for each in self.station.status()["troubles"]])
        # Nor is what the kiosk itself lacks.
        self.kiosk.ok("report", {"trouble": "patient_waits:no_guidance"})
        self.assertEqual(waits(), ["kiosk"])
        with self.station.hub("desk", "front") as desk:
            desk.ok("attend", {})
        self.assertEqual(waits(), [])
        self.assertIn(("seat", "no_guidance"), [(each["part"], each["reason"]) for each in self.station.status()["troubles"]])
        self.kiosk.ok("report", {"trouble": "patient_waits"})
        self.kiosk.close()
        until(lambda: not waits(), "the kiosk to be gone", every=0.02)

    def test_at_the_glass_the_card_shows_the_number_and_its_code_reads_back(self):
        missing = [tool for tool in ("Xvfb", "xdotool", "import", "zbarimg") if shutil.which(tool) is None]
        if missing:
            self.skipTest(f"{missing} are not installed")
        ticket = self.booked("1004")
        glass = Glass(self.station, "kiosk", (1080, 1920), self.dir, "--mute")
        self.addCleanup(glass.close)
        glass.start()
        until(lambda: glass.offers("take-naika"), "the choices")

        def scanned(text):
            """As a scanner types; a busy machine may be too slow for one, and people scan again."""
            window = glass._window()[0]  # without a window manager nobody gives it the keys
            subprocess.run(["xdotool", "windowfocus", "--sync", window], env=glass.env, check=False)
            subprocess.run(["xdotool", "key", "--delay", "4", *text, "Return"], env=glass.env, check=False)
            return glass.offers("another")

        until(lambda: scanned("1004"), "the number page", 30, 1)
        self.assertEqual(list(self.linked.local().values()), ["waiting"])

        def code():
            shot = os.path.join(self.dir, "glass.png")
            subprocess.run(["import", "-window", "root", shot], env=glass.env, check=True)
            read = subprocess.run(["zbarimg", "--nodbus", "-q", "--raw", shot], capture_output=True, text=True, check=False)
            return read.stdout.strip()

        told = until(code, "a code on the glass", every=0.2)
        here = next(iter(self.linked.local()))
        self.assertEqual(told, f"https://127.0.0.1:{self.linked.port}/f/minato#{here}")
        self.assertEqual(here.rsplit("-", 1)[1], ticket["number"])
        # What the scanner makes of it: tests/kiosk/scan_test.cpp.
        again = self.kiosk.ok("check_in", {"ticket": told.split("#")[1]})
        self.assertEqual((again["number"], again["arrived"]), (ticket["number"], False))
        self.assertEqual(list(self.linked.local().values()), ["waiting"], "one number")
        glass.click("home")

        def waits():
            return "patient_waits" in [each["reason"] for each in self.station.status()["troubles"]]

        def asked():
            if glass.offers("take-naika"):
                glass.click("help")
            return waits()
        until(asked, "the desk to know", every=0.5)
        glass.click("home")
        until(lambda: not waits(), "the desk to know that it is over", every=0.05)

        # A card without a code, by touch.
        self.booked("1005")
        until(lambda: glass.offers("card-type"), "the choices", every=0.05)
        glass.click("card-type")
        until(lambda: glass.offers("digit-1"), "the pad", every=0.05)
        for key in ("digit-1", "digit-0", "digit-0", "digit-7", "delete", "digit-5", "card-done"):
            glass.click(key)
        until(lambda: glass.offers("another"), "the number page", every=0.05)
        self.assertEqual(list(self.linked.local().values()), ["waiting", "waiting"])

    def test_a_flood_of_scans_meets_the_guard_of_takes(self):
        reasons = []
        for n in range(40):
            try:
                self.kiosk.ok("check_in", {"card": str(5000 + n)})
            except Refused as refused:
                reasons.append(refused.reason)
        self.assertEqual(set(reasons), {"not_booked_today", "overloaded"})
        self.assertEqual(reasons.count("not_booked_today"), 30)
        self.assertEqual(reasons[-1], "overloaded")
        with self.station.hub("desk", "front") as desk, self.assertRaises(Refused) as caught:
            desk.ok("check_in", {"card": "5000"})
        self.assertEqual(caught.exception.reason, "not_booked_today", "the desk is not the kiosk")


if __name__ == "__main__":
    main(__doc__)
