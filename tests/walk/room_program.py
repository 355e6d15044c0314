# SPDX-License-Identifier: Apache-2.0
"""An examination room's seat as a program of its own: paired by touch over TLS with a real daemon, a second one beside
it, the daemon killed and come back, another station in its place, revoked."""
import json
import os
import pathlib
import shutil
import stat
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import StationCase, edit_settings, main  # noqa: E402
from kit.case import options as walk_options  # noqa: E402
from kit.glass import Glass  # noqa: E402
from kit.lan import lan_port  # noqa: E402
from kit.station import Station, skip, until  # noqa: E402

TOOLS = ("Xvfb", "xdotool")
ACTIONS = ("recall", "absent", "hold", "finish")


class RoomProgram(StationCase):
    settings = {"settle_seconds": "3600", "lan": '"127.0.0.1:0"'}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The same port after a restart, as in a clinic.
        cls.port = lan_port(cls.station.home)
        cls.station.daemon_args = ["--lan", f"127.0.0.1:{cls.port}"]

    def seat(self, name, size=(1280, 800), *more):
        """A seat with a key folder of its own."""
        folder = pathlib.Path(self.dir) / name
        folder.mkdir(exist_ok=True)
        seat = Glass(self.station, "room", size, str(folder), "--home", str(folder / "key"), *more)
        seat.key = folder / "key" / "key.json"
        self.addCleanup(seat.close)
        return seat.start()

    def offer(self, room):
        return self.done("pair", "--name", f"診察室{room}のタブレット", "--room", room)

    def paired(self, name, room, size=(1280, 800)):
        offer = self.offer(room)
        seat = self.seat(name, size, "--pair", f"127.0.0.1:{self.port}", "--code", offer["code"], "--check",
                         offer["check"])
        until(seat.key.exists, "the key")
        self.gone(seat, "go")
        return seat

    def gone(self, seat, name):
        until(lambda: not seat.offers(name), f"{name} to go")

    def becomes(self, ticket, state):
        until(lambda: self.state(ticket)["state"] == state, f"{ticket} to be {state}")

    def press_until(self, seat, key, ticket, state):
        """Presses until it is so: the seat takes no press while an answer is awaited, or right after a call."""
        until(lambda: self.state(ticket)["state"] == state or seat.press(key), f"{key} to bring {state}", every=0.2)

    def inside(self, room):
        return [t["ticket"] for t in self.done("queue", "naika")["tickets"]
                if t["room"] == room and t["state"] in ("called", "in_room")]

    def tearDown(self):
        if not self.station.alive():
            self.station.start()
        for device in self.done("devices")["devices"]:
            self.done("unpair", device["device"])
        for ticket in self.done("queue", "naika")["tickets"]:
            if ticket["state"] not in ("done", "cancelled", "void", "no_show"):
                self.done("cancel", ticket["ticket"])

    def touch(self, seat, text):
        for key in text:
            seat.click("key-" + key)

    # Pairing

    def test_a_seat_is_paired_by_touch_after_a_look_at_the_signs(self):
        seat = self.seat("by-touch")
        self.touch(seat, f"127.0.0.1:{self.port}")
        seat.click("go")
        code = self.offer("1")["code"]
        wrong = "000000" if code != "000000" else "000001"
        for tried in (wrong, code):
            self.touch(seat, tried)
            seat.click("go")
            until(lambda: seat.offers("same"), "the signs")
            # Nobody is let in before they are compared.
            self.assertEqual(self.done("devices")["devices"], [])
            seat.click("same")
            self.gone(seat, "same")
            if tried == wrong:
                until(lambda: seat.offers("field-code"), "the refusal")
                self.assertFalse(seat.key.exists())
        until(seat.key.exists, "the key")
        self.assertEqual(stat.S_IMODE(os.stat(seat.key).st_mode), 0o600)
        kept = json.loads(seat.key.read_text(encoding="utf-8"))
        (device,) = self.done("devices")["devices"]
        self.assertEqual((kept["device"], kept["room"]), (device["device"], device["room"]))
        ticket = self.take("naika", "--name", "ハナコ")
        seat.click("call-next")
        self.becomes(ticket, "called")
        for file in seat.key.parent.iterdir():
            self.assertNotIn("ハナコ", file.read_text(encoding="utf-8"))
        with open(seat.log, encoding="utf-8") as log:
            self.assertNotIn(kept["secret"], log.read())

    def test_other_signs_than_the_desk_shows_end_the_pairing_before_the_code_is_told(self):
        offer = self.offer("1")
        other = "0000 0000 0000 0000 0000"
        seat = self.seat("other-signs", (1280, 800), "--pair", f"127.0.0.1:{self.port}", "--code", offer["code"],
                         "--check", other)
        until(lambda: seat.offers("go"), "the refusal")
        self.assertEqual(self.done("devices")["devices"], [])
        self.assertFalse(seat.key.exists())
        # The code was told to nobody: it still works.
        seat.close()
        again = self.seat("right-signs", (1280, 800), "--pair", f"127.0.0.1:{self.port}", "--code", offer["code"],
                          "--check", offer["check"].replace(" ", "").lower())
        until(again.key.exists, "the key")

    # A morning

    def test_a_patient_is_called_again_missed_held_finished_and_each_is_taken_back(self):
        seat = self.paired("morning", "1")
        one, two, three = (self.take() for _ in range(3))
        seat.click("call-next")
        self.becomes(one, "called")
        seat.click("recall")
        until(lambda: self.done("board")["calls"][0]["again"], "the call to sound again")
        for verb, state in (("absent", "absent"), ("hold", "hold"), ("finish", "done")):
            seat.click(verb)
            self.becomes(one, state)
            seat.click("undo")
            self.becomes(one, "called")
        # By keys: the next one, who was inside is finished; a press on a key that is out does nothing.
        self.press_until(seat, "space", two, "called")
        self.assertEqual(self.state(one)["state"], "done")
        self.press_until(seat, "F6", two, "done")
        until(lambda: not any(seat.offers(each) for each in ACTIONS), "an empty room")
        seat.press("F4")
        until(lambda: seat.offers("call-next"), "the next")
        self.press_until(seat, "Return", three, "called")
        self.assertEqual(self.inside("1"), [three])

    def test_two_seats_at_once_never_call_the_same_patient(self):
        left = self.paired("left", "1")
        right = self.paired("right", "2", (800, 1280))
        tickets = [self.take() for _ in range(6)]
        for _ in range(3):
            before = {room: self.inside(room) for room in "12"}
            for seat in (left, right):
                until(lambda s=seat: s.offers("call-next"), "somebody to call")
            left.press("F1")
            right.press("F1")
            until(lambda b=before: self.calls_of(b, left, right), "both seats to have called", every=0.2)
        called = [t for t in tickets if self.state(t)["state"] != "waiting"]
        self.assertEqual(called, tickets[:len(called)])
        self.assertEqual(len(called), 6)
        both = self.inside("1") + self.inside("2")
        self.assertEqual(len(set(both)), 2)

    def calls_of(self, before, left, right):
        """Who lost the race was told so, and presses again for the next one."""
        waiting = [(room, seat) for room, seat in (("1", left), ("2", right)) if self.inside(room) == before[room]]
        for _, seat in waiting:
            seat.press("F1")
        return not waiting

    # Faults

    def test_the_daemon_is_killed_and_the_seat_comes_back_by_itself(self):
        seat = self.paired("killed", "1")
        one, two = self.take(), self.take()
        seat.click("call-next")
        self.becomes(one, "called")
        self.station.kill9()
        until(lambda: seat.offers("pair-anew"), "the loss to be told")
        self.assertFalse(any(seat.offers(each) for each in (*ACTIONS, "call-next", "undo")))
        seat.press("space")
        self.station.start()
        until(lambda: seat.offers("finish"), "the seat to come back")
        self.assertEqual((self.inside("1"), self.state(two)["state"]), ([one], "waiting"))
        # The seat itself may die too: its key is all it needs.
        seat.kill9()
        at = seat.extra.index("--pair")
        del seat.extra[at:at + 6]
        seat.start()
        seat.click("call-next")
        self.becomes(two, "called")

    def test_another_station_at_the_same_address_is_not_believed(self):
        seat = self.paired("deceived", "1")
        ticket = self.take()
        until(lambda: seat.offers("call-next"), "somebody to call")
        self.station.kill9()
        other = Station(os.path.join(self.dir, "other-home"), walk_options.bin)
        other.init()
        edit_settings(other.home, lan=f'"127.0.0.1:{self.port}"')
        other.start()
        try:
            other.cli("open", "naika")
            theirs = other.cli("take", "naika")[1]["ticket"]
            until(lambda: seat.offers("pair-anew"), "the loss to be told")
            # The glass changes when it has heard the other machine: it says that this is not its station.
            until(lambda: self.heard(seat), "the stranger to be told from the station", every=0.3)
            self.assertFalse(seat.offers("call-next"))
            self.assertTrue(seat.key.exists())
            self.assertEqual(other.cli("queue", "naika")[1]["tickets"][0]["ticket"], theirs)
        finally:
            other.kill9()
        self.station.start()
        seat.click("call-next")
        self.becomes(ticket, "called")

    def heard(self, seat):
        """The words below "not connected" stand in three rows then, instead of two."""
        return sum(value < 96 for value in seat.part((512, 340, 700, 34))) > 50

    def test_a_revoked_seat_is_out_at_once_and_the_other_stays(self):
        seat = self.paired("revoked", "1")
        stays = self.paired("stays", "2")
        ticket = self.take()
        until(lambda: seat.offers("call-next"), "somebody to call")
        mine = json.loads(seat.key.read_text(encoding="utf-8"))["device"]
        self.done("unpair", mine)
        until(lambda: seat.offers("field-address"), "the pairing page")
        self.assertFalse(seat.key.exists())
        self.assertFalse(seat.offers("call-next"))
        stays.click("call-next")
        self.becomes(ticket, "called")
        self.assertEqual(self.inside("2"), [ticket])
        # It may be paired anew, at the address it knows.
        self.touch(seat, self.offer("1")["code"])
        seat.click("go")
        seat.click("same")
        until(seat.key.exists, "a new key")


if __name__ == "__main__":
    if not all(shutil.which(tool) for tool in TOOLS):
        skip("needs " + " ".join(TOOLS))
    main(__doc__)
