# SPDX-License-Identifier: Apache-2.0
"""Films and pictures are taken in, kept, verified and given up, by the CLI; whatever is wrong with them is said.

The clips are made here by ffmpeg, as small as they can be.
"""
import glob
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fault"))

import disks  # noqa: E402
from kit.case import main, program  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

LAST_DAY, LATER = "2099-12-20 23:59:59", "2099-12-21 00:00:00"
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
HOUSE = (*X264, "-profile:v", "high", "-movflags", "+faststart")


def source(what, seconds=1.2, size="320x180", rate=30):
    return ("-f", "lavfi", "-i", f"{what}=s={size}:r={rate}:d={seconds}")


def tone(seconds=1.2, volume=1.0):
    return ("-f", "lavfi", "-i", f"sine=f=440:d={seconds},volume={volume}")


CLIPS = {
    "film.mp4": (*source("testsrc2", size="480x360", rate=25), *tone(), *X264),
    "house.mp4": (*source("testsrc2", size="1280x720"), *HOUSE),
    "quiet.mp4": (*source("testsrc2", 4, "1280x720"), *tone(4, 0.02), *HOUSE, "-c:a", "aac", "-ar", "48000"),
    "silent.mkv": (*source("testsrc2"), "-f", "lavfi", "-i", "anullsrc", "-shortest", *X264),
    "tall.mp4": (*source("testsrc2", size="180x320"), *X264),
    "picture.png": (*source("testsrc2", size="800x600"), "-frames:v", "1"),
    "picture.jpg": (*source("testsrc2", size="1920x1280"), "-frames:v", "1"),
    "long.mp4": (*source("testsrc2", 120, rate=10), *X264),
    "flashes.mp4": (*source("color", 2), "-vf", "negate=enable='lt(mod(n,4),2)'", *X264),
    "song.m4a": (*tone(),),
    "short.mp4": (*source("testsrc2", 0.3), *X264),
    "fast.mp4": (*source("testsrc2", rate=240), *X264),
    "8k.mp4": (*source("color", 2, "7680x4320", 1), *X264),
    "8k.png": (*source("color", size="7680x4320"), "-frames:v", "1"),
    "ages.mp4": (*source("color", 2, rate=1), "-vf", "setpts=PTS*90000", "-vsync", "vfr", *X264),
}


def make_clips(where):
    for name, words in CLIPS.items():
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *words, os.path.join(where, name)], check=True,
                       timeout=60)
    whole = read(os.path.join(where, "house.mp4"))
    index_last = os.path.join(where, "last.mp4")
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", os.path.join(where, "house.mp4"), "-c", "copy", index_last],
                   check=True, timeout=60)
    write(os.path.join(where, "cut.mp4"), whole[:len(whole) * 6 // 10])
    write(os.path.join(where, "cut-last.mp4"), read(index_last)[:100_000])
    write(os.path.join(where, "empty.mp4"), b"")
    write(os.path.join(where, "letter.mp4"), "これは映像ではありません。\n".encode() * 100)
    film = os.path.join(where, "film.mp4")
    write(os.path.join(where, "list.m3u8"), f"#EXTM3U\n#EXTINF:1,\n{film}\n#EXT-X-ENDLIST\n".encode())
    write(os.path.join(where, "list.mp4"), f"ffconcat version 1.0\nfile '{film}'\n".encode())


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def flip(path, at, bit=1):
    data = bytearray(read(path))
    data[at] ^= bit
    write(path, data)


class Media(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clips = work_dir("clips")
        cls.addClassCleanup(clean, cls.clips)
        make_clips(cls.clips)

    def setUp(self):
        self.dir = work_dir("walk")
        self.addCleanup(clean, self.dir)
        self.home = os.path.join(self.dir, "home")
        self.machiai("init", "--example")

    def machiai(self, *args, at=None):
        """Now, or in another time; the files' times are real."""
        command = [*(("faketime", at) if at else ()), program("machiai"), *args, "--home", self.home, "--json"]
        env = dict(os.environ, TZ="Asia/Tokyo", NO_FAKE_STAT="1")
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100, check=False,
                              env=env)

    def done(self, *args, **more):
        ran = self.machiai("media", *args, **more)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return json.loads(ran.stdout)

    def refused(self, reason, *args, **more):
        ran = self.machiai("media", *args, **more)
        self.assertEqual(ran.returncode, 3, f"{args}: {ran.stdout} {ran.stderr}")
        error = json.loads(ran.stdout)["error"]
        self.assertEqual(error["reason"], reason, args)
        self.assertTrue(error["message"])
        return error

    def clip(self, name):
        return os.path.join(self.clips, name)

    def add(self, name, *args, **more):
        return self.done("add", self.clip(name), *args, **more)

    def vault(self, sha256):
        return os.path.join(self.home, "media", sha256[:2], sha256 + ".vault")

    def films(self, **more):
        return self.done(**more)["films"]

    def states(self, **more):
        return {film["title"]: film["state"] for film in self.films(**more)}

    def assert_nothing_left(self):
        left = [f for f in glob.glob(os.path.join(self.home, "media", "**"), recursive=True) if os.path.isfile(f)]
        self.assertEqual([f for f in left if os.path.basename(f) not in ("lock", "verified.json")], [])

    def test_a_film_is_converted_kept_and_verified(self):
        film = self.add("film.mp4", "--title", "はみがき", "--kind", "notice")
        self.assertEqual((film["state"], film["converted"], film["width"], film["height"]), ("ready", True, 1280, 720))
        self.assertAlmostEqual(film["loudness"], -23, delta=1)
        self.assertIsNone(film["until"])
        self.assertEqual(self.states(), {"はみがき": "ready"})
        self.assertNotIn(b"ftyp", read(self.vault(film["sha256"])))
        answer = self.done("verify")
        self.assertTrue(answer["holds"])
        self.assertEqual(answer["films"][0]["sha256"], film["sha256"])
        words = subprocess.run([program("machiai"), "media", "--home", self.home], capture_output=True, text=True,
                               check=True).stdout
        self.assertIn("はみがき", words)
        self.assertRegex(words, r"(?m)^0\.\d of 20\.0 GB$")  # as clinic.toml says it

    def test_what_is_of_the_house_profile_stays_as_it_is_byte_for_byte(self):
        film = self.add("house.mp4")
        self.assertFalse(film["converted"])
        self.assertEqual(film["sha256"], hashlib.sha256(read(self.clip("house.mp4"))).hexdigest())
        again = self.add("house.mp4", "--title", "もう一度")
        self.assertEqual(again["sha256"], film["sha256"])
        self.assertEqual(self.states(), {"もう一度": "ready"})

    def test_sound_is_evened_out_and_silence_left_out(self):
        quiet = self.add("quiet.mp4")
        self.assertTrue(quiet["converted"])
        self.assertAlmostEqual(quiet["loudness"], -23, delta=1.5)
        self.assertIsNone(self.add("silent.mkv")["loudness"])
        self.assertEqual(self.add("tall.mp4")["width"], 1280)

    def test_pictures_become_films_of_the_seconds_asked_for(self):
        png = self.add("picture.png", "--seconds", "4")
        self.assertEqual((png["seconds"], png["width"]), (4, 1280))
        jpg = self.add("picture.jpg", "--seconds", "3")
        self.assertEqual((jpg["seconds"], jpg["width"]), (3, 1920))

    def test_bad_files_are_refused_with_the_reason_and_leave_nothing(self):
        reasons = {"empty.mp4": "media_empty", "letter.mp4": "media_unreadable", "cut.mp4": "media_damaged",
                   "cut-last.mp4": "media_unreadable", "song.m4a": "no_video", "short.mp4": "media_too_short",
                   "fast.mp4": "too_many_frames", "8k.mp4": "picture_too_big", "8k.png": "picture_too_big",
                   "ages.mp4": "media_too_long", "flashes.mp4": "media_flashes", "list.m3u8": "media_unreadable",
                   "list.mp4": "media_unreadable", "nothing.mp4": "no_such_file", ".": "media_unreadable"}
        for name, reason in reasons.items():
            self.refused(reason, "add", self.clip(name))
        pipe = os.path.join(self.dir, "pipe.mp4")
        os.mkfifo(pipe)
        self.refused("media_unreadable", "add", pipe)
        self.refused("bad_date", "add", self.clip("house.mp4"), "--until", "soon")
        self.refused("right_ended", "add", self.clip("house.mp4"), "--until", "2020-12-09")
        self.refused("needs_until", "add", self.clip("house.mp4"), "--kind", "ad")
        self.refused("bad_text", "add", self.clip("house.mp4"), "--title", "a\u202eb")
        self.assert_nothing_left()
        japanese = self.machiai("media", "add", self.clip("empty.mp4"), "--lang", "ja")
        self.assertIn("0バイト", japanese.stdout)

    def test_flipped_bits_of_a_source_are_refused_or_do_no_harm(self):
        dice = random.Random(5)
        for name in ("house.mp4", "film.mp4"):
            whole = read(self.clip(name))
            for _ in range(6):
                path = os.path.join(self.dir, "flipped.mp4")
                write(path, whole)
                flip(path, dice.randrange(len(whole)), 1 << dice.randrange(8))
                ran = self.machiai("media", "add", path)
                self.assertIn(ran.returncode, (0, 3), ran.stderr)
                if ran.returncode == 3:
                    self.assertIn(json.loads(ran.stdout)["error"]["reason"],
                                  ("media_damaged", "media_unreadable", "no_video", "picture_too_big", "media_too_long",
                                   "media_too_short", "picture_too_small", "too_many_frames"))
        self.assertTrue(self.done("verify")["holds"])

    def test_names_are_names(self):
        for name in ("-vf.mp4", "a b;$(id)'\".mp4", "100%03d.png", "concat:x|y.mp4", "名前.mp4"):
            path = os.path.join(self.dir, name)
            os.symlink(self.clip("picture.png" if name.endswith("png") else "house.mp4"), path)
            ran = self.machiai("media", "add", "--seconds", "3", path)
            self.assertEqual(ran.returncode, 0, f"{name}: {ran.stdout}{ran.stderr}")

    def test_damage_on_the_disk_is_found_quarantined_and_mended(self):
        film = self.add("house.mp4", "--title", "歯")
        flip(self.vault(film["sha256"]), 70_000)
        ran = self.machiai("media", "verify")
        self.assertEqual(ran.returncode, 3)
        self.assertFalse(json.loads(ran.stdout)["holds"])
        self.assertFalse(os.path.exists(self.vault(film["sha256"])))
        bad = self.films()[0]
        self.assertEqual((bad["title"], bad["state"], bad["reason"]), ("歯", "bad", "vault_bad"))
        self.add("house.mp4", "--title", "歯")
        self.assertEqual(self.states(), {"歯": "ready"})
        self.assertTrue(self.done("verify", film["sha256"][:8])["holds"])

    def test_another_station_s_key_opens_nothing_and_destroys_nothing(self):
        film = self.add("house.mp4")
        os.remove(os.path.join(self.home, "keys", "station.key"))
        self.assertEqual(self.machiai("media", "verify").returncode, 3)
        self.assertEqual((self.films()[0]["state"], self.films()[0]["reason"]), ("locked", "foreign_key"))
        self.assertTrue(os.path.exists(self.vault(film["sha256"])))

    def test_a_film_ends_with_its_right(self):
        film = self.add("house.mp4", "--title", "年末", "--kind", "provided", "--until", "2099-12-20")
        self.assertEqual(film["until"], "2099-12-21T00:00:00.000+09:00")
        self.assertEqual(self.states(at=LAST_DAY), {"年末": "ready"})
        self.assertEqual(self.states(at=LATER), {"年末": "ended"})
        self.assertEqual(self.done("sweep", at=LAST_DAY)["ended"], 0)
        self.assertEqual(self.done("sweep", at=LATER)["ended"], 1)
        self.assertEqual(self.films(at=LATER), [])
        self.assert_nothing_left()

    def test_a_programme_says_what_is_needed_and_until_when(self):
        sha256 = hashlib.sha256(read(self.clip("house.mp4"))).hexdigest()
        document = {
            "format": 1, "facility": "minato", "programme": "2099-12", "version": 1,
            "period": {"from": "2099-12-01", "to": "2099-12-31"}, "deadline": "2099-11-28T18:00:00+09:00",
            "items": [{"id": "teeth", "kind": "provided", "title": "歯", "sha256": sha256, "seconds": 3,
                       "rights": [{"from": "2099-12-01", "to": "2099-12-20"}]}],
            "slots": [{"id": "day", "from": "08:30", "to": "24:00", "items": ["teeth"]}]}
        path = os.path.join(self.dir, "programme.json")
        write(path, json.dumps(document).encode())
        for verb in (("keygen",), ("sign", path), ("load", path)):
            ran = self.machiai("programme", *verb)
            self.assertEqual(ran.returncode, 0, ran.stdout)
        need = [{"programme": "2099-12", "item": "teeth"}]
        self.assertEqual(self.done()["missing"], [{"sha256": sha256, "needed_by": need}])
        film = self.add("house.mp4", "--kind", "provided")
        self.assertEqual(film["until"], "2099-12-21T00:00:00.000+09:00")
        answer = self.done()
        self.assertEqual((answer["missing"], answer["films"][0]["needed_by"]), ([], need))
        self.refused("media_needed", "remove", sha256[:10])
        self.done("remove", sha256[:10], "--force")
        self.refused("missing_media", "remove", sha256[:10])
        self.refused("missing_media", "remove", sha256[:5])

    def test_a_killed_import_leaves_no_plain_film_and_no_ffmpeg(self):
        command = [program("machiai"), "media", "add", self.clip("long.mp4"), "--home", self.home]
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   text=True)
        for line in running.stderr:
            if line.startswith("converting"):
                break
        self.assertTrue(self.users(), "nothing converts")
        running.send_signal(signal.SIGKILL)
        running.wait(10)
        running.stderr.close()
        until(lambda: not self.users(), "ffmpeg to end")
        self.assert_nothing_left()
        self.assertEqual(self.films(), [])

    def users(self):
        """Processes that hold a file below our home's media."""
        found = set()
        for link in glob.glob("/proc/[0-9]*/fd/*"):
            try:
                if os.readlink(link).startswith(os.path.join(self.home, "media", "work-")):
                    found.add(link.split("/")[2])
            except OSError:
                continue
        return found

    def test_without_ffmpeg_it_says_so(self):
        empty = os.path.join(self.dir, "bin")
        os.mkdir(empty)
        ran = subprocess.run([program("machiai"), "media", "add", self.clip("house.mp4"), "--home", self.home, "--json"],
                             capture_output=True, text=True, check=False, env={"PATH": empty})
        self.assertEqual(json.loads(ran.stdout)["error"]["reason"], "no_program")

    @unittest.skipIf(disks.missing(), "needs root and loop devices")
    def test_a_full_disk_in_mid_import_refuses_and_leaves_the_shelf_whole(self):
        kept = self.add("picture.png", "--seconds", "3", "--title", "写真")
        full = os.path.join(self.dir, "full")
        os.rename(os.path.join(self.home, "media"), full)
        place = os.path.join(self.home, "media")
        with disks.small_disk(os.path.join(self.dir, "disk.img"), place, 3):
            subprocess.run(["cp", "-a", full + "/.", place], check=True)
            self.refused("media_disk_full", "add", self.clip("quiet.mp4"))  # ffmpeg meets the end
            spare = os.statvfs(place)
            with open(os.path.join(place, "filler"), "wb") as file:
                file.write(bytes(max(0, spare.f_bavail * spare.f_bsize - 300_000)))
            self.refused("media_disk_full", "add", self.clip("house.mp4"))  # before a byte is written
            os.remove(os.path.join(place, "filler"))
            self.assertEqual(self.states(), {"写真": "ready"})
            self.assertTrue(self.done("verify")["holds"])
            self.assertEqual(glob.glob(os.path.join(place, "**", "*.part"), recursive=True), [])
            self.assertTrue(os.path.exists(self.vault(kept["sha256"])))
        # Control: where there is room the same files are taken.
        os.rmdir(place)
        os.rename(full, place)
        for clip in ("quiet.mp4", "house.mp4"):
            self.add(clip)

    @unittest.skipIf(disks.missing(), "needs root and loop devices")
    def test_films_leave_the_ledger_its_reserve(self):
        place = os.path.join(self.dir, "small")
        with disks.small_disk(os.path.join(self.dir, "disk.img"), place, 1050):
            self.home = os.path.join(place, "home")
            self.machiai("init", "--example")
            self.assertEqual(self.done()["room"], 0)
            self.refused("media_reserve", "add", self.clip("house.mp4"))


if __name__ == "__main__":
    main(__doc__)
