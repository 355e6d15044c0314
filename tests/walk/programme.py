# SPDX-License-Identifier: Apache-2.0
"""A provider makes a programme, the clinic approves it or lets the deadline pass, a stranger meddles: by the CLI."""
import copy
import csv
import io
import json
import os
import re
import subprocess
import sys
import unittest
import uuid
from datetime import datetime, timedelta, timezone

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit import faketime  # noqa: E402
from kit import schema as json_schema  # noqa: E402
from kit.case import ROOT, main, options, program  # noqa: E402
from kit.station import Station, clean, work_dir  # noqa: E402

JAPAN = timezone(timedelta(hours=9))
BEFORE, AFTER = "2026-11-20 09:00:00", "2026-11-29 09:00:00"  # of the deadline


def december():
    right = [{"from": "2026-12-01", "to": "2026-12-31"}]
    return {
        "format": 1, "facility": "minato", "programme": "2026-12", "version": 1,
        "period": {"from": "2026-12-01", "to": "2026-12-31"}, "deadline": "2026-11-28T18:00:00+09:00",
        "items": [
            {"id": "teeth", "kind": "provided", "title": "歯をみがこう", "sha256": "a" * 64, "seconds": 120,
             "rights": right},
            {"id": "heart", "kind": "provided", "title": "心臓のはなし", "sha256": "d" * 64, "seconds": 60,
             "rights": right},
            {"id": "closure", "kind": "notice", "title": "年末年始のお休み", "sha256": "b" * 64, "seconds": 20},
            {"id": "soap", "kind": "ad", "title": "せっけん", "sha256": "c" * 64, "seconds": 15, "sponsor": "せっけん社",
             "rights": right}],
        "slots": [{"id": "day", "from": "08:30", "to": "24:00", "items": ["teeth", "closure"], "ad_share": 10,
                   "ads": ["soap"]}]}


class Programme(unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("walk")
        self.addCleanup(clean, self.dir)
        self.home = os.path.join(self.dir, "home")
        self.run_cli("init", "--example")
        self.done("keygen")

    def run_cli(self, *args, at=BEFORE, home=None):
        command = [program("machiai"), *args, "--home", home or self.home, "--json"]
        time = faketime.pretending(at) if at else {"TZ": "Asia/Tokyo"}
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
                              env=dict(os.environ, **time))

    def done(self, *args, **more):
        ran = self.run_cli("programme", *args, **more)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return json.loads(ran.stdout)

    def refused(self, reason, *args, **more):
        ran = self.run_cli("programme", *args, **more)
        self.assertEqual(ran.returncode, 3, ran.stdout + ran.stderr)
        error = json.loads(ran.stdout)["error"]
        self.assertEqual(error["reason"], reason)
        self.assertTrue(error["message"])

    def write(self, document, name="programme.json"):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False)
        return path

    def load(self, document, **more):
        path = self.write(document)
        self.done("sign", path)
        return self.done("load", path, **more)

    def kinds(self, date="2026-12-07"):
        return {turn["kind"] for turn in self.done("day", date)["turns"]}

    def test_an_approved_programme_plays_and_says_why(self):
        self.load(december())
        self.assertEqual(self.done()["programmes"][0]["state"], "waiting")
        self.done("approve", "--by", "sato")
        self.assertEqual(self.done(at=AFTER)["programmes"][0]["state"], "approved")
        now = self.done("at", "2026-12-07T08:30:05+09:00")
        self.assertEqual((now["item"], now["kind"], now["reason"]), ("teeth", "provided", "planned"))
        self.assertEqual(now["until"], "2026-12-07T08:32:00.000+09:00")
        self.assertEqual(self.done("at", "2026-12-06T23:30:05Z"), now)
        self.assertEqual(self.kinds(), {"provided", "ad", "notice", "relaxation"})
        self.assertEqual(self.done("explain", "soap", "--at", "2026-12-07T08:30:05")["reasons"], ["other_turn"])
        self.assertEqual(self.done("explain", "soap", "--at", "2026-12-07T03:00")["words"]["ja"], "番組の枠がない 時間です。")
        self.assertEqual(self.done("at", "2027-01-01T10:00")["reason"], "outside_period")

    def test_after_the_deadline_nothing_of_the_provider_s_is_aired(self):
        self.load(december())
        self.refused("deadline_passed", "approve", at=AFTER)
        self.refused("deadline_passed", "swap", "teeth", "heart", at=AFTER)
        self.assertEqual(self.kinds(), {"notice", "relaxation"})
        reasons = {turn["reason"] for turn in self.done("day", "2026-12-07")["turns"]}
        self.assertIn("not_approved", reasons)
        self.assertEqual(self.done(at=AFTER)["programmes"][0]["state"], "not_approved")

    def station_at(self, time):
        """The daemon, in a time of its own."""
        preload = faketime.preload(options.bin)
        if preload is None:
            self.skipTest("no libfaketime here")
        env = {**os.environ, **faketime.pretending(time), "LD_PRELOAD": preload}
        station = Station(self.home, program(""), env=env, start=False)
        self.addCleanup(lambda: station.alive() and station.kill9())
        return station.start()

    def test_a_clock_that_was_set_back_approves_nothing(self):
        self.load(december())
        station = self.station_at(AFTER)
        with station.hub("desk", "front") as hub:
            hub.ok("open", {"service": "naika"})
        station.kill9()
        # The reception was opened on the 29th: whoever says now that it is the 20th knows nothing of the deadline.
        self.refused("clock_unsure", "approve")
        self.refused("clock_unsure", "swap", "teeth", "heart")
        self.assertEqual(self.done()["now"]["reason"], "clock_unsure")
        self.refused("deadline_passed", "approve", at=AFTER)
        self.assertEqual(self.kinds(), {"notice", "relaxation"})

    def test_a_clock_ahead_of_what_is_recorded_approves(self):
        """Control of the one above."""
        self.load(december())
        station = self.station_at("2026-11-19 09:00:00")
        with station.hub("desk", "front") as hub:
            hub.ok("open", {"service": "naika"})
        station.kill9()
        self.done("approve")
        self.assertEqual(self.kinds(), {"provided", "ad", "notice", "relaxation"})

    def test_what_was_shown_is_told_by_period_and_sponsor(self):
        self.load(december())
        self.done("approve")
        station = self.station_at("2026-12-08 12:00:00")
        plays = [("soap", "ad", 7, 10), ("soap", "ad", 8, 9), ("teeth", "provided", 8, 10)]
        began = {day: int(datetime(2026, 12, day, tzinfo=JAPAN).timestamp() * 1000) for day in (7, 8)}
        records = [{"id": str(uuid.UUID(int=n + 1)), "item": item, "sha256": "c" * 64, "kind": kind, "programme": "2026-12", "version": 1,
                    "from": began[day] + hour * 3_600_000, "until": began[day] + hour * 3_600_000 + 15_000,
                    "started": began[day] + hour * 3_600_000, "ended": began[day] + hour * 3_600_000 + 15_000,
                    "called_ms": 0, "reason": "planned"} for n, (item, kind, day, hour) in enumerate(plays)]
        with station.hub("display", "wall") as hub:
            self.assertEqual(hub.ok("aired", {"airings": records})["kept"], 3)
        period = ("--from", "2026-12-07", "--to", "2026-12-08")

        def shown(*args):
            ran = self.run_cli("airings", *args, at="2026-12-08 12:00:00")
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
            return json.loads(ran.stdout)

        def table(*args):
            return list(csv.DictReader(io.StringIO(shown("--csv", *args)["csv"])))

        self.assertEqual([each["item"] for each in shown(*period)["airings"]], ["soap", "soap", "teeth"])
        self.assertEqual(sorted(each["item"] for each in shown()["airings"]), ["soap", "teeth"], "today, unasked")
        sponsored = shown(*period, "--sponsor", "せっけん社", "--by", "sponsor")
        self.assertEqual([(each["name"], each["plays"], each["shown_ms"]) for each in sponsored["totals"]],
                         [("せっけん社", 2, 30_000)])
        rows = table(*period, "--sponsor", "せっけん社")
        self.assertEqual([(row["item"], row["sponsor"], row["outcome"]) for row in rows], [("soap", "せっけん社", "whole")] * 2)
        self.assertEqual([row["item"] for row in table("--from", "2026-12-07", "--to", "2026-12-07")], ["soap"])
        self.assertEqual(table(*period, "--sponsor", "nobody"), [])
        self.assertEqual(len(table(*period)), 3)
        self.assertEqual([each["name"] for each in shown(*period, "--by", "date")["totals"]], ["2026-12-07", "2026-12-08"])

    def test_the_clinic_swaps_before_it_approves(self):
        self.load(december())
        for by, reason in (("a\u202eb", "bad_text"), ("a\x01", "bad_text"), ("長" * 20_000, "name_too_long")):
            self.refused(reason, "approve", "--by", by)
        self.refused("unknown_item", "swap", "teeth", "ghost")
        self.refused("unknown_slot", "swap", "teeth", "heart", "--slot", "ghost")
        self.done("swap", "teeth", "heart", "--slot", "day")
        self.done("approve")
        items = {turn["item"] for turn in self.done("day", "2026-12-07")["turns"]}
        self.assertIn("heart", items)
        self.assertNotIn("teeth", items)
        self.refused("approved_already", "swap", "teeth", "closure")

    def test_a_new_version_needs_an_approval_of_its_own(self):
        self.load(december())
        self.done("approve")
        second = dict(december(), version=2)
        second["items"][0]["title"] = "新しい題"
        self.load(second)
        self.assertEqual(self.done("at", "2026-12-07T10:00")["version"], 1)
        self.done("approve")
        self.assertEqual(self.done("at", "2026-12-07T10:00")["version"], 2)

    def test_what_does_not_come_from_the_provider_for_this_clinic_now_is_refused(self):
        path = self.write(december())
        self.refused("not_signed", "load", path)
        self.done("sign", path)
        with open(path, encoding="utf-8") as file:
            good = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(good.replace('"seconds": 120', '"seconds": 121'))
        self.refused("bad_signature", "load", path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(good[:len(good) // 2])
        self.refused("bad_programme", "load", path)
        other = os.path.join(self.dir, "other")
        self.run_cli("init", "--example", home=other)
        self.done("keygen", home=other)
        with open(path, "w", encoding="utf-8") as file:
            file.write(good)
        self.refused("untrusted_key", "load", path, home=other)
        self.done("trust", os.path.join(self.home, "keys", "provider.pub"), home=other)
        self.done("load", path, home=other)
        foreign = self.write(dict(december(), facility="elsewhere"))
        self.done("sign", foreign)
        self.refused("foreign", "load", foreign)
        self.load(december())
        self.refused("replayed", "load", self.signed(december()))
        self.refused("expired", "load", self.signed(dict(december(), version=2)), at="2027-01-01 00:00:01")
        self.refused("no_such_file", "load", os.path.join(self.dir, "nothing.json"))
        pipe = os.path.join(self.dir, "pipe")
        os.mkfifo(pipe)
        for strange in (pipe, "/dev/zero", self.dir):
            for verb in ("load", "check", "sign", "trust"):
                self.refused("not_a_file", verb, strange)
        with open(path, "w", encoding="utf-8") as file:
            file.truncate(32 << 20)
        self.refused("file_too_large", "load", path)
        for time in ("tomorrow", "", "2026-12-07T10:0"):
            self.refused("bad_time", "at", time)
            self.refused("bad_time", "--at", time)
            self.refused("bad_time", "explain", "soap", "--at", time)
        self.refused("unknown_programme", "approve", "2027-01")

    def test_the_daemon_tells_every_screen_what_plays_as_soon_as_it_is_decided(self):
        today = datetime.now(timezone(timedelta(hours=9))).date()
        right = [{"from": str(today), "to": str(today + timedelta(days=2))}]
        document = dict(december(), period=right[0], deadline=f"{today + timedelta(days=1)}T23:59:00+09:00")
        document["items"] = [dict(each, rights=right) if "rights" in each else each for each in document["items"]]
        document["slots"][0].update({"from": "00:00", "items": ["teeth"], "ad_share": 0})
        document["items"][0].update({"seconds": 10, "sha256": self.picture(seconds=10, until=right[0]["to"])})
        with Station(self.home, os.path.dirname(program("machiaid"))) as station, station.hub("display", "d") as screen:
            screen.ok("watch", {"views": ["programme"]})
            self.assertEqual(screen.next_view("programme")["data"]["now"]["reason"], "outside_period")
            self.load(document, at=None)
            self.assertEqual(self.next_reason(screen, "not_approved")["kind"], "relaxation")
            self.done("approve", at=None)
            shown = self.next_reason(screen, "planned")
            self.assertEqual((shown["item"], shown["title"]["ja"]), ("teeth", "歯をみがこう"))
            # A file that someone meddled with is left out, and the last good one of its programme stays.
            path = os.path.join(self.home, "data/programme/2026-12.v1.json")
            with open(path, encoding="utf-8") as file:
                good = file.read()
            with open(path, "w", encoding="utf-8") as file:
                file.write(good.replace('"seconds": 10,', '"seconds": 9,'))
            self.next_reason(screen, "outside_period")
            with open(path, "w", encoding="utf-8") as file:
                file.write(good)
            self.next_reason(screen, "planned")
            with station.hub("kiosk", "k") as kiosk:
                self.assertEqual(kiosk.ask("explain", {"item": "teeth"})["error"]["reason"], "forbidden")
            with station.hub("desk", "r") as desk:
                self.assertEqual(desk.ok("explain", {"item": "soap"})["reasons"], ["not_ready"])

    def today_s(self, teeth):
        """A programme of today, always in its slot: teeth lies on the shelf, heart does not."""
        today = datetime.now(JAPAN).date()
        right = {"from": str(today), "to": str(today + timedelta(days=2))}
        document = dict(december(), period=right, deadline=f"{today + timedelta(days=1)}T23:59:00+09:00")
        document["items"] = [dict(each, rights=[right]) if "rights" in each else each for each in document["items"]]
        document["slots"][0].update({"from": "00:00", "items": ["teeth", "heart"], "ad_share": 0})
        document["items"][0].update({"seconds": 10, "sha256": teeth})
        return document

    def told(self, *args):
        ran = self.run_cli(*args, at=None)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return json.loads(ran.stdout)

    def test_the_command_line_says_what_the_wall_says(self):
        today = datetime.now(JAPAN).date()
        self.load(self.today_s(self.picture(10, str(today + timedelta(days=2)))), at=None)
        self.done("approve", at=None)
        plans = {}
        with Station(self.home, os.path.dirname(program("machiaid"))) as station, station.hub("desk", "front") as desk:
            desk.ok("watch", {"views": ["programme"]})
            self.next_reason(desk, "planned")

            def same():
                plans.update({item: self.told("explain", item)["reasons"] for item in ("teeth", "heart", "soap")})
                self.assertEqual(plans, {item: desk.ok("explain", {"item": item})["reasons"] for item in plans})
                now = self.told("programme")["now"]
                self.assertEqual((now["item"], now["reason"]), tuple(desk.ok("programme")["now"][k] for k in ("item", "reason")))
                return now

            self.assertEqual((same()["item"], plans["heart"]), ("teeth", ["not_ready"]))
            self.assertEqual(plans["teeth"], ["airing"])
            desk.ok("film", {"action": "pause"})
            self.assertEqual(same()["reason"], "paused")
            self.assertEqual(plans["teeth"][0], "paused")
            desk.ok("hours", {"service": "naika", "hours": ""})
            same()
            with_daemon = dict(plans)
            self.assertTrue(self.told("explain", "heart")["running"])
            # What is planned, whatever is here: the documents alone.
            planned = self.done("at", f"{today}T12:00:00")
            self.assertEqual((planned["reason"], planned["here"]), ("planned", planned["item"] == "teeth"))
            self.assertFalse(self.done("explain", "heart", "--at", f"{today}T12:00:00")["here"])
        # The same without the daemon, by what it left behind.
        self.assertEqual({item: self.told("explain", item)["reasons"] for item in plans}, with_daemon)
        self.assertFalse(self.told("programme")["running"])
        self.assertEqual(self.told("programme")["now"]["reason"], "paused")

    def test_what_no_programme_knows_is_refused(self):
        self.load(december())
        for args in (("explain", "ghost", "--at", "2026-12-07T10:00"), ("explain", "ghost")):
            self.refused("unknown_item", *args, at="2026-12-07 10:00:00")

    def test_approvals_that_cannot_be_read_leave_the_clinic_s_own_on_the_wall(self):
        today = datetime.now(JAPAN).date()
        picture = self.picture(3, str(today + timedelta(days=2)))
        document = self.today_s(picture)
        document["slots"][0]["items"] = ["teeth", "closure"]
        for item in (document["items"][0], document["items"][2]):
            item.update({"seconds": 3, "sha256": picture})
        self.load(document, at=None)
        self.done("approve", at=None)
        reviews = os.path.join(self.home, "data/programme/reviews.json")
        with open(reviews, encoding="utf-8") as file:
            good = file.read()

        def damage(text):
            with open(reviews, "w", encoding="utf-8") as file:
                file.write(text)

        def next_troubles(hub, wanted):
            while not wanted({each["reason"] for each in hub.next_view("desk")["data"]["troubles"]}):
                pass

        def next_turn(hub, item, reason):
            shown = None
            while shown != (item, reason):
                now = hub.next_view("programme")["data"]["now"]
                shown = (now["item"], now["reason"])

        bin_dir = os.path.dirname(program("machiaid"))
        with Station(self.home, bin_dir) as station, station.hub("desk", "front") as desk, station.hub("display", "d") as screen:
            screen.ok("watch", {"views": ["programme"]})
            desk.ok("watch", {"views": ["desk"]})
            next_turn(screen, "teeth", "planned")
            damage(good[:20])
            next_troubles(desk, lambda told: "bad_reviews" in told)
            # What was decided before in this run is still decided.
            next_turn(screen, "closure", "planned")
            next_turn(screen, "teeth", "planned")
            self.refused("bad_reviews", "approve", at=None)
            self.assertEqual([each["reason"] for each in self.told("programme")["refused"]], ["bad_reviews"])
            damage(good)
            next_troubles(desk, lambda told: "bad_reviews" not in told)
        damage("")
        with Station(self.home, bin_dir) as station, station.hub("display", "d") as screen:
            screen.ok("watch", {"views": ["programme"]})
            next_turn(screen, "scene", "not_approved")
            next_turn(screen, "closure", "planned")
            self.assertIn({"part": "film", "level": "warn", "reason": "bad_reviews"}, self.told("status")["troubles"])

    def test_a_film_of_today_that_is_not_here_is_told_without_any_cloud(self):
        today = datetime.now(JAPAN).date()
        missing = {"part": "film", "level": "warn", "reason": "films_not_here"}
        self.load(self.today_s("e" * 64), at=None)
        with Station(self.home, os.path.dirname(program("machiaid"))) as station, station.hub("desk", "front") as desk:
            def next_troubles(wanted):
                while True:
                    troubles = desk.next_view("desk")["data"]["troubles"]
                    if wanted(troubles):
                        return

            desk.ok("watch", {"views": ["desk", "programme"]})
            # What is not approved is not waited for.
            self.next_reason(desk, "not_approved")
            self.assertNotIn(missing, desk.ok("desk")["troubles"])
            self.done("approve", at=None)
            next_troubles(lambda troubles: missing in troubles)
            self.assertIn(missing, self.told("status")["troubles"])
            # With every film here nothing is missing.
            second = self.today_s(self.picture(10, str(today + timedelta(days=2))))
            second.update(version=2)
            second["slots"][0]["items"] = ["teeth"]
            self.load(second, at=None)
            self.done("approve", at=None)
            next_troubles(lambda troubles: missing not in troubles)

    def picture(self, seconds, until):
        """On the shelf of this station; without its bytes nothing of the provider's is aired, approved or not."""
        path = os.path.join(self.dir, "teeth.png")
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "color=c=teal:s=1280x720",
                        "-frames:v", "1", path], check=True, timeout=60)
        ran = self.run_cli("media", "add", path, "--kind", "provided", "--seconds", str(seconds), "--until", until, at=None)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return json.loads(ran.stdout)["sha256"]

    def next_reason(self, screen, reason):
        while True:
            now = screen.next_view("programme")["data"]["now"]
            if now["reason"] == reason:
                return now

    def signed(self, document):
        path = self.write(document)
        self.done("sign", path)
        return path

    def test_a_draft_s_mistakes_are_told_with_their_places(self):
        draft = december()
        draft["items"][0]["rights"] = []
        draft["slots"][0]["items"].append("ghost")
        ran = self.run_cli("programme", "check", "--draft", self.write(draft))
        self.assertEqual(ran.returncode, 3)
        faults = {(f["where"], f["reason"]) for f in json.loads(ran.stdout)["faults"]}
        self.assertEqual(faults, {("items/0/rights", "no_right"), ("slots/0/items/2", "unknown_item")})
        self.refused("bad_programme", "load", self.signed(draft))

    def test_the_schema_names_what_the_reader_knows(self):
        with open(ROOT / "docs/programme.schema.json", encoding="utf-8") as file:
            schema = json.load(file)
        parts = {(): schema, ("period",): schema["properties"]["period"], ("items", 0): schema["$defs"]["item"],
                 ("items", 0, "rights", 0): schema["$defs"]["right"], ("slots", 0): schema["$defs"]["slot"]}
        for way, part in parts.items():
            for name in part["required"]:
                self.assertTrue(self.draft_refused(way, lambda o, n=name: o.pop(n)), f"{way} {name} may be missing")
            self.assertTrue(self.draft_refused(way, lambda o: o.update(surprise=1)), f"{way} takes anything")
            for name in set(part["properties"]) - {"signature"}:
                self.assertFalse(self.draft_refused(way, lambda o, n=name: o.setdefault(n, self.example(n))),
                                 f"{way} does not know {name}")

    def test_the_schema_refuses_what_the_reader_refuses(self):
        """Documents of a stranger, each with one change: both say the same."""
        with open(ROOT / "docs/programme.schema.json", encoding="utf-8") as file:
            schema = json.load(file)
        item, ad, slot, right = ("items", 0), ("items", 3), ("slots", 0), ("items", 0, "rights", 0)
        changes = [(way, name, value) for way, name, values in (
            (item, "seconds", (2, 3, 14400, 14401, "9", True)), (item, "kind", ("film", "relaxation")),
            (item, "sha256", ("a" * 63, "A" * 64)), (item, "id", ("", "a b", "x" * 49)), (item, "rights", ([],)),
            (item, "title", ("x" * 81, 7)), (ad, "sponsor", (None, "x" * 81)), (ad, "rights", (None, [])),
            (slot, "from", ("8:30", "24:00", "24:30", "25:00", "0830", "8:60")), (slot, "to", ("24:00", "24:01")),
            (slot, "days", ([], ["mon"], ["Mon"])), (slot, "when", ("open", "never")), (slot, "ad_share", (0, 100, 101, -1)),
            (slot, "items", (["teeth"], [{"item": "teeth", "weight": 0}], [{"item": "teeth", "weight": 100}], "teeth")),
            (right, "hours", (["9:00-12:00"], ["9:00-24:00"], ["9:00-24:30"], ["9-12"])), (right, "from", ("2026-12-1", "soon")),
            ((), "version", (0, 1, "1")), ((), "format", (1, 2)), ((), "facility", ("minato", "../x"))) for value in values]
        for way, name, value in changes:
            draft = copy.deepcopy(december())
            place = draft
            for step in way:
                place = place[step]
            if value is None:
                place.pop(name)
            else:
                place[name] = value
            if name == "id" or (name, value) == ("from", "24:00"):
                continue  # what else the document says of it would be wrong, too
            with self.subTest(way=way, name=name, value=value):
                refused = self.run_cli("programme", "check", "--draft", self.write(draft)).returncode != 0
                self.assertEqual(bool(json_schema.faults(schema, schema, draft)), refused)

    def test_the_example_of_the_manual_goes_all_the_way(self):
        text = (ROOT / "docs/PROGRAMME.md").read_text(encoding="utf-8")
        example = json.loads(re.search(r"```json\n(.*?)```", text, re.S).group(1))
        schema = json.loads((ROOT / "docs/programme.schema.json").read_text(encoding="utf-8"))
        self.assertEqual(json_schema.faults(schema, schema, example), [])
        self.load(example)
        self.done("approve")
        self.assertEqual(self.kinds(), {"provided", "ad", "notice", "relaxation"})
        self.assertEqual({turn["slot"] for turn in self.done("day", "2026-12-28")["turns"]}, {"", "evening"})
        twice = dict(example, version=2, exceptions=example["exceptions"] * 2)
        ran = self.run_cli("programme", "check", "--draft", self.write(twice))
        self.assertEqual([tuple(f.values()) for f in json.loads(ran.stdout)["faults"]], [("exceptions/1/date", "twice")])
        # What `at` and `explain` may say stands there, and nothing else.
        plan = (ROOT / "core/programme/plan.cpp").read_text(encoding="utf-8")
        names = set(re.findall(r'"(\w+)"', re.search(r"std::array<std::string_view, \d+> names\{(.*?)\};", plan, re.S).group(1)))
        words = (ROOT / "core/wire/phrases_films.cpp").read_text(encoding="utf-8")
        explained = set(re.findall(r'"why_(\w+)"', words))
        at, explain = (set(re.findall(r"^\| `(\w+)` \|", part, re.M)) for part in text.split("`reasons` of `explain`"))
        self.assertEqual(at, names)
        self.assertEqual(explain, explained - names)

    def example(self, name):
        return {"issued": "2026-11-01T09:00:00+09:00", "exceptions": [], "substitute": [], "title_en": "Teeth",
                "sponsor": "x", "days": ["mon"], "hours": ["09:00-12:00"], "when": "open", "order": "weighted"}.get(name)

    def draft_refused(self, way, change):
        draft = copy.deepcopy(december())
        place = draft
        for step in way:
            place = place[step]
        change(place)
        return self.run_cli("programme", "check", "--draft", self.write(draft)).returncode != 0


if __name__ == "__main__":
    main(__doc__)
