# SPDX-License-Identifier: Apache-2.0
"""A provider makes a programme, the clinic approves it or lets the deadline pass, a stranger meddles: by the CLI."""
import csv
import io
import json
import os
import subprocess
import sys
import uuid
from datetime import datetime, timedelta, timezone

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit import faketime  # noqa: E402
from kit.case import main, options, program  # noqa: E402
from kit.programmes import AFTER, ProgrammeCase, december  # noqa: E402
from kit.station import Station  # noqa: E402

JAPAN = timezone(timedelta(hours=9))


class Programme(ProgrammeCase):
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
        self.refused("same_item", "swap", "teeth", "teeth")
        self.done("swap", "closure", "heart")
        self.assertEqual(self.done("swap", "closure", "closure")["swaps"], [])
        self.done("swap", "teeth", "heart", "--slot", "day")
        self.done("approve")
        items = {turn["item"] for turn in self.done("day", "2026-12-07")["turns"]}
        self.assertLessEqual({"heart", "closure"}, items)
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
        for time in ("tomorrow", "2026-12-07T10:0"):
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
        for args in (("explain", "teeth", "--at", "2026-12-07T10:00"), ("explain", "teeth")):
            self.refused("unknown_item", *args, at="2026-12-07 10:00:00")
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

if __name__ == "__main__":
    main(__doc__)
