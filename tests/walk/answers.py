# SPDX-License-Identifier: Apache-2.0
"""docs/PROTOCOL.md, "Answers", held against the hub: every command that it knows stands there, is sent here, and is answered with
the members that are told, no others; and what is told is seen.
"""
import datetime
import json
import os
import re
import sys
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.answers import Shapes  # noqa: E402
from kit.case import ROOT, StationCase, main  # noqa: E402
from kit.lan import redeem  # noqa: E402
from kit.programmes import december  # noqa: E402
from kit.station import until  # noqa: E402

JAPAN = datetime.timezone(datetime.timedelta(hours=9))
VIEWS = ("board", "kiosk", "desk", "rooms", "programme")
# Held where there is a cloud, and a printer: tests/walk/station_link.py, slips.py.
SENT_ELSEWHERE = {"arrive", "slip_seen"}
# Members of what only a cloud says, a film on its way, a forecast that knows its clinic, or a damaged shelf.
SEEN_ELSEWHERE = re.compile(r"(Acceptance|Outside|Standing|Downloads?|Cloud|Slip|slip_seen|arrive)\.(?!enrolled)|Range\.|Event\.behind$|programme\.refused\.")


def known_commands():
    """Those that the sources name."""
    found = {"watch"}
    for name in ("core/wire/commands", "app/daemon/queries", "app/daemon/station", "app/daemon/signage", "app/daemon/devices", "app/daemon/staff"):
        text = (ROOT / f"{name}.cpp").read_text(encoding="utf-8")
        found |= set(re.findall(r'\bcmd [!=]= "(\w+)"', text))
        if name == "core/wire/commands":
            found |= set(re.findall(r'\bif \(name == "(\w+)"', text)) | set(re.findall(r'string_view\{"(\w+)"\}, queue::Verb', text))
    return found


class Answers(StationCase):
    """One day; its parts are sorted by their names."""

    # A printer that is not there: slips that a person has to see to.
    settings = {"queue": '"nowhere"', "lan": '"127.0.0.1:0"'}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shapes, cls.sent = Shapes(ROOT), set()
        for name, role in (("desk", "desk"), ("kiosk", "kiosk"), ("wall", "display"), ("cli", "cli")):
            setattr(cls, name, cls.station.hub(role, name))
            cls.addClassCleanup(getattr(cls, name).close)

    def says(self, hub, cmd, args=None, key=None, shape=None):
        answer = hub.ok(cmd, args or {}, key)
        self.assertEqual(self.shapes.faults(shape or cmd, answer), [], f"{cmd} {args}")
        self.sent.add(cmd)
        return answer

    def refuses(self, reason, hub, cmd, args):
        error = hub.ask(cmd, args)["error"]
        self.assertEqual((error["reason"], self.shapes.faults("Error", error)), (reason, []))
        return error

    def told(self, cmd, shape=None, **args):
        return self.says(self.desk, cmd, args, shape=shape)

    def takes(self, **more):
        return self.told("take", service="naika", print=True, **more)["ticket"]

    def test_1_every_command_stands_there(self):
        self.assertEqual(known_commands(), self.shapes.commands() - {"unchanged"})

    def test_1_control(self):
        """What is missing, too much, of another kind or null is seen."""
        right = {"low": 5, "high": 20}
        for wrong in ({"low": 5}, {**right, "mean": 7}, {**right, "low": "5"}, {**right, "low": -1}, {**right, "low": True}, {**right, "low": None}, [], None):
            self.assertTrue(Shapes(ROOT).faults("Range", wrong), wrong)
        self.assertEqual(Shapes(ROOT).faults("Range", right), [])

    def test_2_a_morning(self):
        self.told("watch", views=list(VIEWS))
        for verb, shape in (("open", "unchanged"), ("close", None), ("close", "unchanged"), ("open", None)):
            self.told(verb, shape, service="shouni")
        one = self.takes(card="0042", name="見本", note="車いす")
        two, three, four, five, six = (self.takes() for _ in range(5))
        self.says(self.kiosk, "take", {"service": "naika"}, key="take-0001")
        self.assertEqual(self.says(self.kiosk, "take", {"service": "naika", "card": "42"}, shape="check_in")["ticket"], one)
        self.told("move", ticket=two, before=one, reason="急患")
        self.told("skip", ticket=two)
        self.told("transfer", ticket=six, to="shouni")
        self.told("amend", ticket=two, note="杖")
        self.told("call", service="naika", room="1", ticket=one)
        self.assertIn("room", self.says(self.kiosk, "check_in", {"ticket": one})["tickets"][0])
        self.told("recall", ticket=one)
        self.told("board")
        self.told("phoned", ticket=three, result="no_answer")
        self.assertEqual(self.refuses("already_called", self.cli, "call", {"service": "naika", "room": "2", "expect": one})["by"], "desk")
        self.told("enter", ticket=one)
        self.told("enter", "unchanged", ticket=one)
        self.told("rooms")
        self.told("finish", ticket=one)
        for verb in ("absent", "back", "hold", "resume"):
            self.told(verb, ticket=three)
        self.told("call", service="naika", room="2", ticket=four)
        self.told("absent", ticket=four)
        self.told("board")
        self.told("cancel", ticket=five)
        self.told("undo")
        self.told("no_show", ticket=five)

    def test_3_what_holds_today(self):
        self.told("cap", service="naika", cap=50)
        self.told("undo")
        self.told("cap", service="naika", cap=50)
        self.told("hours", service="naika", hours="0:00-24:00")
        self.told("remote", service="naika", open=False)
        self.told("remote", "unchanged", service="naika", open=False)
        self.told("walk_ins", service="naika", places=3, every=4)
        shown = self.told("message", pattern="delay", minutes=30)["message"]
        self.told("notice", template="free", lang="ja", fields={"title": "断水", "body": "水が 出ません。"}, minutes=10)
        for query in ("board", "kiosk", "desk", "status"):
            self.told(query)
        self.told("notice_clear")
        self.told("unmessage", message=shown)
        for query in ("queue", "counter"):
            self.told(query, service="naika")

    def test_4_paper(self):
        slip = self.told("prints")["prints"][0]
        self.told("reprint", ticket=slip["ticket"])

    def test_5_the_records(self):
        tickets = [each["ticket"] for service in self.opens for each in self.told("queue", service=service)["tickets"]]
        for ticket in tickets:
            self.told("why", ticket=ticket)
        self.assertTrue(self.told("order", ticket=tickets[0], other=tickets[1])["steps"])
        for at in ("", "0:00"):
            self.told("replay", at=at)
        self.told("statistics")
        self.told("statistics", csv=True)
        self.told("verify")

    def test_6_the_wall(self):
        self.loads_a_programme()
        self.says(self.wall, "report", {"trouble": "no_speaker", "surface": "raster"})
        self.told("status")
        self.told("attend")
        self.says(self.wall, "doubt", {"sha256": "a" * 64})
        for action in ("pause", "resume"):
            self.told("film", action=action)
        self.told("explain", item="soap")
        self.told("explain", item="teeth", at=(datetime.datetime.now(JAPAN) + datetime.timedelta(days=3)).isoformat(timespec="seconds"))
        # Read again and again: it may be seen before it was approved.
        until(lambda: [each for each in self.told("programme")["programmes"] if each["review"]["approved"] and each["review"]["swaps"]], "the programme")
        began = int(datetime.datetime.now().timestamp() * 1000) - 60_000
        turn = {"id": str(uuid.uuid4()), "item": "soap", "sha256": "c" * 64, "kind": "ad", "programme": "2026-12", "version": 1, "from": began,
                "until": began + 15_000, "started": began, "ended": began + 15_000, "called_ms": 0, "reason": "planned"}
        self.says(self.wall, "aired", {"airings": [turn]})
        self.told("airings", **{"from": str(datetime.datetime.now(JAPAN).date() - datetime.timedelta(days=1))})
        self.told("airings", csv=True)

    def loads_a_programme(self):
        """Of today and the days to come, with an item in another's place, approved."""
        today = datetime.datetime.now(JAPAN).date()
        period = {"from": str(today), "to": str(today + datetime.timedelta(days=30))}
        document = dict(december(), period=period, deadline=f"{today + datetime.timedelta(days=1)}T23:59:00+09:00")
        document["items"] = [dict(each, rights=[period]) if "rights" in each else each for each in document["items"]]
        path = os.path.join(self.dir, "programme.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)
        for words in (("keygen",), ("sign", path), ("load", path), ("swap", "teeth", "heart"), ("approve",)):
            self.done("programme", *words)

    def test_7_devices(self):
        offer = self.told("pair", name="タブレット", room="1")
        redeem(self.station.home, offer["code"])
        (device,) = self.told("devices")["devices"]
        self.told("unpair", device=device["device"])

    def test_8_staff(self):
        for service in self.opens:
            self.told("close", service=service)
        self.assertIn("ticket", self.told("close_day"), "who was left")
        self.told("open", service="naika")
        self.assertEqual(self.told("close_day")["state"], "closed")
        self.told("staff")
        self.says(self.cli, "staff_add", {"person": "sato", "name": "佐藤", "pin": "4711"})
        self.says(self.cli, "staff_pin", {"person": "sato", "pin": "4712"})
        self.told("staff")
        given = self.told("login", person="sato", pin="4712")["pass"]
        for _ in range(5):
            self.refuses("pin_wrong", self.desk, "login", {"person": "sato", "pin": "0000"})
        self.assertGreater(self.refuses("pin_locked", self.desk, "login", {"person": "sato", "pin": "4712"})["seconds"], 0)
        self.told("logout")
        self.told("login", **{"pass": given})
        self.told("why", ticket="1")
        self.told("access")
        self.says(self.cli, "staff_remove", {"person": "sato"})

    def test_9_what_is_pushed_and_what_was_not_seen(self):
        for name in VIEWS:
            self.assertEqual(self.shapes.faults(name, self.desk.next_view(name)["data"]), [])
        for frame in self.desk.pushed:
            if "view" in frame:
                self.assertEqual(self.shapes.faults(frame["view"], frame["data"]), [], frame["view"])
        self.assertEqual(self.shapes.commands() - {"unchanged"} - SENT_ELSEWHERE - self.sent, set(), "sent by none of these")
        self.assertEqual(sorted(each for each in self.shapes.unseen() if not SEEN_ELSEWHERE.match(each)), [], "told, and in no answer")


if __name__ == "__main__":
    main(__doc__)
