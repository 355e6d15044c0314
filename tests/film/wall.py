# SPDX-License-Identifier: Apache-2.0
"""From a file to the wall: films are taken in, the programme names them, the daemon's turn shows them; what is damaged
or missing is left out with its reason, and the board goes on."""
import glob
import hashlib
import json
import os
import random
import subprocess
import sys
import time
import unittest
from datetime import datetime, timedelta, timezone

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from film import clips  # noqa: E402
from film.theatre import FILM, Eyes  # noqa: E402
from kit.case import main, program  # noqa: E402
from kit.glass import Glass  # noqa: E402
from kit.station import Station, clean, until, work_dir  # noqa: E402

JAPAN = timezone(timedelta(hours=9))
SIZE = (1280, 720)
TURN_MS = 3000
RED, BLUE = "other a04020", "other 2040a0"  # in the middle, rounded


class Wall(unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("film")
        self.addCleanup(clean, self.dir)
        self.station = Station(os.path.join(self.dir, "home"), program(""), start=False)
        self.station.init()
        self.addCleanup(self.station.kill9)

    def cli(self, *args):
        code, told = self.station.cli(*args)
        self.assertEqual(code, 0, told)
        return told

    def clip(self, name, colour):
        path = os.path.join(self.dir, name + ".mp4")
        clips.ffmpeg("-f", "lavfi", "-i", f"color=c={colour}:s=1280x720:r=30", "-t", "3", "-c:v", "libx264", "-preset",
                     "ultrafast", "-pix_fmt", "yuv420p", "-movflags", "+faststart", path)
        return path

    def air(self, **hashes):
        """A programme of the clinic's own films, from yesterday on, one after the other all day."""
        now = datetime.now(JAPAN)
        days = [(now + timedelta(days=d)).strftime("%Y-%m-%d") for d in (-1, 7)]
        path = os.path.join(self.dir, "programme.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"format": 1, "facility": "minato", "programme": "now", "version": 1,
                       "period": {"from": days[0], "to": days[1]}, "deadline": days[0] + "T00:00:00+09:00",
                       "items": [{"id": name, "kind": "own", "title": name, "sha256": sha256, "seconds": TURN_MS // 1000}
                                 for name, sha256 in hashes.items()],
                       "slots": [{"id": "day", "from": "00:00", "to": "24:00", "items": list(hashes)}]}, file)
        self.cli("programme", "keygen")
        self.cli("programme", "sign", path)
        self.cli("programme", "load", path)

    def plays(self):
        with self.station.hub("desk") as hub:
            return hub.ok("programme")["now"]["item"]

    def colours(self, glass, seconds):
        return {what for _, what in Eyes(glass.env, SIZE, self.dir).watch(seconds, lambda: None)}

    def aired(self):
        return self.cli("airings")["airings"]

    def display(self, *extra):
        glass = Glass(self.station, "display", SIZE, self.dir, *extra)
        self.addCleanup(glass.close)
        return glass.start()

    def test_what_was_taken_in_is_shown_and_nothing_else_before_it_verifies(self):
        red = self.cli("media", "add", self.clip("red", "0xB04030"), "--kind", "own")["sha256"]
        blue_file = self.clip("blue", "0x3050B0")
        with open(blue_file, "rb") as file:
            blue = hashlib.sha256(file.read()).hexdigest()
        self.air(red=red, blue=blue)
        self.station.start()
        # The film that is not here is left out, without a gap.
        until(lambda: self.plays() == "red", "the film that is here", 20)
        glass = self.display()
        until(lambda: RED in self.colours(glass, 2), "the film on the wall", 20)
        # GL is a program here, so the painter draws; the station knows of it.
        seats = until(lambda: [each for each in self.cli("status")["seats"] if "surface" in each], "its surface", 20)
        self.assertEqual([(each["role"], each["surface"]) for each in seats], [("display", "raster")])
        seen = self.colours(glass, 7)
        self.assertEqual(seen & {RED, BLUE, "black"}, {RED}, seen)
        # Another program takes the second one in: it has its turns soon, without a restart.
        taken = self.cli("media", "add", blue_file, "--kind", "own")
        self.assertEqual(taken["sha256"], blue, "a film of the house profile is kept as it is")
        until(lambda: BLUE in self.colours(glass, 4), "the second film on the wall", 60)

    def test_each_play_is_recorded_once_whatever_crashes(self):
        red = self.cli("media", "add", self.clip("red", "0xB04030"), "--kind", "own")["sha256"]
        self.air(red=red)
        self.station.start()
        self.cli("open", "naika")
        ticket = self.cli("take", "naika", "--no-print")["ticket"]
        glass = self.display()
        until(lambda: len(self.aired()) >= 2, "two records", 30)
        self.assertEqual({each["called_ms"] for each in self.aired()}, {0}, "control: no call, no time of it")
        with self.station.hub("desk") as hub:
            hub.ok("call", {"service": "naika", "room": "1", "ticket": ticket}, key="c")
        self.station.restart()
        more = len(self.aired()) + 2
        until(lambda: len(self.aired()) >= more, "records after the daemon was killed", 40)
        glass.kill9()
        glass.start()
        until(lambda: any(each["reason"] == "crash" for each in self.aired()), "the play that was cut short", 30)
        rows = self.aired()
        self.assertEqual(len({each["id"] for each in rows}), len(rows))
        # One screen shows one film at a time; each turn has one record, but for the one in which it was killed.
        rows.sort(key=lambda each: each["started"])
        for one, next_one in zip(rows, rows[1:]):
            self.assertLessEqual(one["ended"], next_one["started"])
        turns = [each["planned_from"] for each in rows if each["reason"] != "crash"]
        self.assertLessEqual(len(turns) - len(set(turns)), 1)
        self.assertEqual({each["outcome"] for each in rows if each["reason"] == "crash"}, {"cut_short"})
        self.assertGreater(max(each["called_ms"] for each in rows), 0)
        self.assertTrue(self.cli("verify")["holds"])
        code, told = self.station.cli("airings", "--by", "date")
        self.assertEqual((code, told["totals"][0]["plays"]), (0, len(told["airings"])))
        self.assertEqual(self.station.cli("airings", "--from", "x")[0], 3)

    def test_no_turn_loses_its_record_to_a_kill_at_any_moment(self):
        """Five kills, each somewhere in a turn that has been on for a second."""
        chance = random.Random(int(time.time()))
        red = self.cli("media", "add", self.clip("red", "0xB04030"), "--kind", "own")["sha256"]
        self.air(red=red)
        self.station.start()
        glass = self.display()
        until(self.aired, "a record", 30)
        unshown = []  # from a kill until films are shown by the plan again
        for victim in chance.sample(["display", "daemon"] * 3, 5):
            with self.subTest(victim=victim):
                into = TURN_MS - time.time() * 1000 % TURN_MS
                time.sleep((into + chance.uniform(1000, TURN_MS - 100)) / 1000)
                killed = time.time() * 1000
                if victim == "display":
                    glass.kill9()
                    glass.start()
                else:
                    self.station.restart()
                until(lambda: any(each["connected"] and each["role"] == "display" for each in self.cli("status")["seats"]),
                      "the display at the hub", 20)
                until(lambda: RED in self.colours(glass, 1), "the film on the wall", 20)
                unshown.append((killed, time.time() * 1000))
                more = len(self.aired()) + 2
                until(lambda n=more: len(self.aired()) >= n, "two more records", 30)
        rows = sorted(self.aired(), key=lambda each: each["planned_from"])
        self.assertEqual(len({each["id"] for each in rows}), len(rows))
        self.assertEqual(unrecorded(rows, unshown), [])
        # Also of what was on at the moment of the kill, beside what the new display shows of the same turn.
        for killed, _ in unshown:
            turn = int(killed // TURN_MS * TURN_MS)
            self.assertTrue([row for row in rows if ms_of(row["planned_from"]) == turn and ms_of(row["started"]) < killed],
                            (killed, rows))
        # Control: any of those that no kill touched is missed when it is lost.
        calm = [row for row in rows[1:-1] if not any(a - TURN_MS < ms_of(row["planned_from"]) < b for a, b in unshown)]
        self.assertGreater(len(calm), 3)
        for lost in calm:
            self.assertEqual(unrecorded([row for row in rows if row is not lost], unshown), [ms_of(lost["planned_from"])])
        self.assertTrue(self.cli("verify")["holds"])

    def test_a_film_that_changed_on_the_disk_is_not_shown(self):
        red = self.cli("media", "add", self.clip("red", "0xB04030"), "--kind", "own")["sha256"]
        blue = self.cli("media", "add", self.clip("blue", "0x3050B0"), "--kind", "own")["sha256"]
        self.air(red=red, blue=blue)
        vault, = glob.glob(os.path.join(self.station.home, "media", "*", blue + ".vault"))
        with open(vault, "r+b") as file:
            file.seek(3000)
            byte = file.read(1)
            file.seek(3000)
            file.write(bytes([byte[0] ^ 1]))
        self.station.start()
        until(lambda: self.plays() == "red", "the film that is whole", 20)
        until(lambda: not os.path.exists(vault), "the quarantine", 20)
        with self.station.hub("desk") as hub:
            self.assertIn("not_ready", hub.ok("explain", {"item": "blue"})["reasons"])
        self.assertIn("vault_bad", self.station.log_text())

    def wall_pixels(self, glass):
        """The film's place without its round corners, as the X server has it."""
        left, top, wide, high = FILM[SIZE]
        return ffmpeg_pixels("-f", "x11grab", "-draw_mouse", "0", "-video_size", f"{wide}x{high - 60}", "-i",
                             f"{glass.env['DISPLAY']}+{left},{top + 30}", env=glass.env)

    def preview_pixels(self, *args):
        _, _, wide, high = FILM[SIZE]
        path = os.path.join(self.dir, "preview.png")
        self.cli("notice", "render", *args, "--size", f"{wide}x{high}", "--out", path)
        return ffmpeg_pixels("-i", path, "-vf", f"crop={wide}:{high - 60}:0:30")

    def test_the_urgent_notice_takes_the_place_of_the_films_with_the_pixels_of_its_preview(self):
        words = ("free", "--field", "title=断水の お知らせ", "--field", "body=いま 水が 出ません。")
        red = self.cli("media", "add", self.clip("red", "0xB04030"), "--kind", "own")["sha256"]
        self.air(red=red)
        self.station.start()
        glass = self.display("--services", "naika")  # one row in the band: the film's place is FILM's
        until(lambda: RED in self.colours(glass, 1), "the film on the wall", 20)
        preview = self.preview_pixels(*words)
        self.cli("notice", "now", *words)
        until(lambda: self.wall_pixels(glass) == preview, "the notice on the wall", 10)
        # Both may be killed: it is a fact of the ledger, and in the display's memory.
        self.station.kill9()
        glass.kill9()
        glass.start()
        until(lambda: self.wall_pixels(glass) == preview, "the notice without the daemon", 20)
        self.station.start()
        until(lambda: any(each["item"].startswith("urgent-") for each in self.aired()), "its cut airing", 30)
        self.assertEqual(self.wall_pixels(glass), preview)
        self.cli("notice", "clear")
        until(lambda: RED in self.colours(glass, 1), "the film again", 20)
        until(lambda: any(each["reason"] == "cleared" for each in self.aired()), "its airing", 20)
        rows = [each for each in self.aired() if each["item"].startswith("urgent-")]
        self.assertEqual({each["kind"] for each in rows}, {"notice"})
        # No film is counted for the time of the notice.
        films = [each for each in self.aired() if each["item"] == "red"]
        for row in rows:
            for film in films:
                self.assertTrue(film["ended"] <= row["started"] or film["started"] >= row["ended"], (film, row))
        # The one that was on gave way, or was within a second of its end, which counts as whole.
        first = min(row["started"] for row in rows)
        last = max((film for film in films if film["ended"] <= first), key=lambda film: film["ended"])
        self.assertIn(last["reason"], ("urgent_notice", "planned"))


def ms_of(iso):
    return round(datetime.fromisoformat(iso).timestamp() * 1000)


def unrecorded(rows, unshown):
    """Turns from the first record to the last without one; what would have begun while nothing was shown had none."""
    begun = {ms_of(each["planned_from"]) for each in rows}
    due = set(range(min(begun), max(begun), TURN_MS))
    return sorted(turn for turn in due - begun if not any(a <= turn < b for a, b in unshown))


def ffmpeg_pixels(*args, env=None):
    return subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *args, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt",
                           "rgb24", "-"], check=True, capture_output=True, timeout=30, env=env).stdout


if __name__ == "__main__":
    main(__doc__)
