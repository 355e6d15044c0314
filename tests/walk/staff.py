# SPDX-License-Identifier: Apache-2.0
"""Staff log in at the desk by name and PIN: who may act, whose name stands in the records, who read what."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import StationCase, main, program  # noqa: E402
from kit.station import until  # noqa: E402


class StaffCase(StationCase):
    def put(self, verb, person, pin, *args):
        """The PIN goes in by the standard input, never among the arguments."""
        return subprocess.run([program("machiai"), verb, person, *args, "--home", self.station.home, "--json"],
                              input=pin + "\n", capture_output=True, text=True, timeout=60, check=False)

    def hire(self, person="sato", pin="4711", name="佐藤"):
        self.assertEqual(self.put("staff-add", person, pin, "--name", name).returncode, 0)

    def reason(self, hub, cmd, args=None):
        return hub.ask(cmd, args or {}).get("error", {}).get("reason")

    def what(self):
        return [each["what"] for each in self.done("access")["entries"]]


class Nobody(StaffCase):
    def test_without_staff_nobody_has_to_log_in(self):
        with self.station.hub("desk") as desk:
            self.assertEqual(desk.ok("staff", {}), {"login": False, "people": [], "person": ""})
            self.assertTrue(desk.ok("take", {"service": "naika"})["number"])


class LogIn(StaffCase):
    def setUp(self):
        for each in self.done("staff")["people"]:
            self.done("staff-remove", each["id"])
        self.hire()

    def test_a_desk_acts_only_after_a_log_in_and_in_that_name(self):
        with self.station.hub("desk", "desk-1") as desk, self.station.hub("kiosk", "kiosk-1") as kiosk:
            for cmd, args in (("take", {"service": "naika"}), ("why", {"ticket": "1"}), ("statistics", {}),
                              ("access", {}), ("devices", {}), ("undo", {})):
                self.assertEqual(self.reason(desk, cmd, args), "login_needed", cmd)
            self.assertTrue(kiosk.ok("take", {"service": "naika", "print": False})["number"])
            self.assertEqual(desk.ok("staff", {})["people"], [{"id": "sato", "name": "佐藤"}])
            came = desk.ok("login", {"person": "sato", "pin": "4711"})
            self.assertEqual((came["person"], came["name"]), ("sato", "佐藤"))
            ticket = desk.ok("take", {"service": "naika", "print": False})["ticket"]
            events = desk.ok("why", {"ticket": ticket})["events"]
            self.assertEqual([e["actor"] for e in events], ["sato"])
            desk.ok("logout", {})
            self.assertEqual(self.reason(desk, "undo"), "login_needed")
        self.assertEqual(self.what()[-4:], ["login", "why", "logout", "access"])

    def test_a_kiosk_of_the_same_name_does_not_act_in_that_name(self):
        with self.station.hub("desk", "front") as desk, self.station.hub("kiosk", "front") as kiosk:
            desk.ok("login", {"person": "sato", "pin": "4711"})
            ticket = kiosk.ok("take", {"service": "naika", "print": False})["ticket"]
            self.assertEqual([each["actor"] for each in desk.ok("why", {"ticket": ticket})["events"]], ["kiosk"])
            kiosk.close()
            until(lambda: [(each["role"], each["connected"]) for each in self.done("status")["seats"] if each["seat"] == "front"]
                  == [("desk", True), ("kiosk", False)], "the kiosk to be gone, and it alone")

    def test_a_log_in_is_one_seat_s_and_outlives_the_daemon_by_its_pass(self):
        with self.station.hub("desk", "desk-1") as desk:
            given = desk.ok("login", {"person": "sato", "pin": "4711"})["pass"]
            with self.station.hub("desk", "desk-2") as other:
                self.assertEqual(self.reason(other, "undo"), "login_needed")
        self.station.restart()
        with self.station.hub("desk", "desk-1") as desk:
            self.assertEqual(self.reason(desk, "undo"), "login_needed")
            self.assertEqual(self.reason(desk, "login", {"pass": "0" * 64}), "login_needed")
            self.assertEqual(desk.ok("login", {"pass": given})["person"], "sato")
            self.assertNotEqual(self.reason(desk, "undo"), "login_needed")
        for file in ("data/staff.json", "run/logins.json"):
            with open(os.path.join(self.station.home, file), encoding="utf-8") as kept:
                text = kept.read()
            self.assertNotIn(given, text)
            self.assertNotIn("4711", text)

    def test_wrong_pins_close_that_log_in_for_a_minute(self):
        self.hire("tanaka", "2222", "田中")
        with self.station.hub("desk", "desk-1") as desk:
            for _ in range(5):
                self.assertEqual(self.reason(desk, "login", {"person": "sato", "pin": "0000"}), "pin_wrong")
            locked = desk.ask("login", {"person": "sato", "pin": "4711"})["error"]
            self.assertEqual(locked["reason"], "pin_locked")
            self.assertGreater(locked["seconds"], 30)
            self.assertEqual(desk.ok("login", {"person": "tanaka", "pin": "2222"})["person"], "tanaka")
            self.assertEqual(self.reason(desk, "login", {"person": "nobody", "pin": "2222"}), "unknown_person")
        self.assertGreaterEqual(self.what().count("pin_wrong"), 5)

    def test_who_leaves_or_gets_a_new_pin_is_out_at_once(self):
        self.hire("tanaka", "2222", "田中")
        with self.station.hub("desk", "desk-1") as desk:
            given = desk.ok("login", {"person": "tanaka", "pin": "2222"})["pass"]
            self.assertEqual(self.put("staff-pin", "tanaka", "3333").returncode, 0)
            self.assertEqual(self.reason(desk, "undo"), "login_needed")
            self.assertEqual(self.reason(desk, "login", {"pass": given}), "login_needed")
            self.assertEqual(self.reason(desk, "login", {"person": "tanaka", "pin": "2222"}), "pin_wrong")
            desk.ok("login", {"person": "tanaka", "pin": "3333"})
            self.done("staff-remove", "tanaka")
            self.assertEqual(self.reason(desk, "undo"), "login_needed")

    def test_what_an_entry_needs(self):
        for person, pin, reason in (("desk", "4711", "bad_person"), ("system", "4711", "bad_person"),
                                    ("a b", "4711", "bad_person"), ("x" * 25, "4711", "bad_person"),
                                    ("ito", "12", "bad_pin"), ("ito", "", "bad_pin"), ("sato", "4711", "person_exists")):
            answer = self.put("staff-add", person, pin)
            self.assertEqual((answer.returncode, reason in answer.stdout), (3, True), answer.stdout)
        self.assertIn("unknown_person", self.put("staff-pin", "ito", "4711").stdout)
        self.refused("unknown_person", "staff-remove", "ito")
        self.refused("bad_date", "access", "--from", "2026-13-01")
        with self.station.hub("desk", "desk-1") as desk:
            desk.ok("login", {"person": "sato", "pin": "4711"})
            for cmd in ("staff_add", "staff_pin", "staff_remove"):
                self.assertEqual(self.reason(desk, cmd, {"person": "x", "pin": "1234"}), "forbidden")
        with self.station.hub("kiosk", "kiosk-1") as kiosk:
            for cmd in ("staff", "login", "access"):
                self.assertEqual(self.reason(kiosk, cmd), "forbidden")

    def test_a_broken_list_of_staff_lets_nobody_in(self):
        path = os.path.join(self.station.home, "data", "staff.json")
        with open(path, encoding="utf-8") as file:
            good = file.read()
        self.station.kill9()
        with open(path, "w", encoding="utf-8") as file:
            file.write("{")
        tried = subprocess.run([program("machiaid"), "--home", self.station.home], capture_output=True, text=True,
                               timeout=30, check=False)
        self.assertNotEqual(tried.returncode, 0)
        self.assertIn("staff", tried.stderr)
        with open(path, "w", encoding="utf-8") as file:
            file.write(good)
        self.station.start()


if __name__ == "__main__":
    main(__doc__)
