# SPDX-License-Identifier: Apache-2.0
"""A station fetches programmes and films that its cloud tells of, the real daemon and the real files: they arrive and
are shown; cut, killed, lied to, without room, and with a stranger's programme the screen and the reception go on."""
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
import unittest
from datetime import datetime, timedelta, timezone

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from fault import disks  # noqa: E402
from kit import faketime  # noqa: E402
from kit import file_server as lies  # noqa: E402
from kit.case import main, options, program  # noqa: E402
from kit.file_server import Files  # noqa: E402
from kit.link_end import LinkEnd  # noqa: E402
from kit.station import PATIENCE, Station, clean, until, work_dir  # noqa: E402

JAPAN = timezone(timedelta(hours=9))
FOUR_DAYS = 96 * 3_600_000  # ms


def film(seed, size=50_000):
    return random.Random(seed).randbytes(size)


class Download(unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("download")
        self.addCleanup(clean, self.dir)
        self.home = os.path.join(self.dir, "home")
        self.files = Files(self.dir).__enter__()
        self.addCleanup(self.files.__exit__)
        self.end = LinkEnd(self.dir, self.files.ca, self.files.key).__enter__()
        self.addCleanup(self.end.__exit__)
        self.station = Station(self.home, options.bin)
        self.station.init()
        self.end.enrol(self.home)
        self.machiai("programme", "keygen")
        self.addCleanup(self.end_station)

    def end_station(self):
        if self.station.process is not None:
            self.station.kill9()

    def machiai(self, *args, home=None):
        ran = subprocess.run([program("machiai"), *args, "--home", home or self.home, "--json"], stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(ran.returncode, 0, f"{args}: {ran.stdout} {ran.stderr}")
        return json.loads(ran.stdout)

    def words(self, verb):
        return subprocess.run([program("machiai"), verb, "--home", self.home], capture_output=True, text=True, timeout=60,
                              check=True).stdout

    def programme(self, films, version=1, starts=0, name="autumn", signer=None):
        """A signed one that shows these films all day: {item: content}."""
        day = datetime.now(JAPAN).date() + timedelta(days=starts)
        right = [{"from": str(day), "to": str(day + timedelta(days=6))}]
        items = [{"id": item, "kind": "provided", "title": item, "seconds": 60, "rights": right,
                  "sha256": self.files.told(content)["sha256"]} for item, content in films.items()]
        document = {"format": 1, "facility": "minato", "programme": name, "version": version,
                    "period": right[0], "deadline": (datetime.now(JAPAN) + timedelta(hours=1)).isoformat(timespec="seconds"),
                    "items": items, "slots": [{"id": "day", "from": "00:00", "to": "24:00", "items": list(films)}]}
        path = os.path.join(self.dir, "programme.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False)
        self.machiai("programme", "sign", path, home=signer)
        with open(path, "rb") as file:
            return {"programme": name, "version": version, "file": self.files.told(file.read())}

    def manifest(self, programmes, films):
        now = int(time.time() * 1000)
        return {"at": now, "urls_until": now + FOUR_DAYS, "programmes": programmes, "films": [
            {"title": item, "kind": "provided", "millis": 60_000, "width": 1280, "height": 720,
             "file": self.files.told(content)} for item, content in films.items()]}

    def tells(self, films, programmes=None):
        self.end.says("manifest", self.manifest([self.programme(films)] if programmes is None else programmes, films))

    def progress(self):
        return self.station.status()["cloud"]["downloads"]

    def until_here(self, count, seconds=PATIENCE):
        def here():
            told = self.progress()
            return told and told["here"] == told["files"] == count
        until(here, f"{count} files to be here", seconds, 0.02)

    def until_waits(self, reason, seconds=PATIENCE):
        until(lambda: (self.progress() or {}).get("waits") == reason, reason, seconds, 0.02)

    def states(self):
        return {each["title"]: each["state"] for each in self.machiai("media")["films"]}

    def asked(self, content):
        """Requests for this file, as they came."""
        sha256 = self.files.told(content)["sha256"]
        return [request for request in self.files.requests if request.sha256 == sha256]

    def parts(self):
        return glob.glob(os.path.join(self.home, "media", "incoming", "*"))

    def take(self):
        self.station.cli("open", "naika")
        code, answer = self.station.cli("take", "naika")
        self.assertEqual(code, 0, answer)

    def test_a_programme_and_its_films_arrive_and_are_shown(self):
        films = {"teeth": film(1), "heart": film(2, 900_000)}
        self.station.start()
        self.assertIsNone(self.progress())
        self.tells(films)
        self.until_here(3)
        self.machiai("programme", "approve")
        with self.station.hub("display", "d") as screen:
            screen.ok("watch", {"views": ["programme"]})
            shown = screen.next_view("programme")["data"]
            while shown["now"]["reason"] != "planned":
                shown = screen.next_view("programme")["data"]
        self.assertIn(shown["now"]["item"], films)
        self.assertEqual(self.states(), {"teeth": "ready", "heart": "ready"})
        self.assertTrue(self.machiai("media", "verify")["holds"])
        ends = {each["until"][:10] for each in self.machiai("media")["films"]}
        self.assertEqual(ends, {str(datetime.now(JAPAN).date() + timedelta(days=7))}, "the keys end with the right")
        self.assertEqual(self.parts(), [])
        told = self.progress()
        self.assertEqual((told["now"], told["waits"], told["missing_soon"], told["refused"]), (None, "", 0, []))
        # Told again, and after a restart, nothing is fetched twice.
        asked = len(self.files.requests)
        self.tells(films, programmes=self.end_manifest()["programmes"])
        self.station.restart()
        self.until_here(3)
        self.assertEqual(len(self.files.requests), asked)

    def end_manifest(self):
        return json.loads(self.end.documents["manifest"][1])

    def test_killed_in_the_middle_it_goes_on_from_there(self):
        whole = film(3, 4_000_000)
        there, over = threading.Event(), threading.Event()
        self.addCleanup(over.set)

        def stands_still(request):
            if request.content != whole:
                return None
            return lambda out: (out(request.head() + request.body[:3_000_000]), there.set(), over.wait(60))
        self.files.lie = stands_still
        self.tells({"teeth": whole})
        self.station.start()
        self.assertTrue(there.wait(30))
        part = os.path.join(self.home, "media", "incoming", self.files.told(whole)["sha256"] + ".part")
        until(lambda: os.path.exists(part) and os.path.getsize(part) == 3_000_000, "three million bytes")
        until(lambda: self.progress()["now"]["percent"] == 75, "the status to tell of it")
        missing = self.machiai("media")["missing"][0]
        self.assertEqual((missing["arrived"], missing["bytes"]), (3_000_000, 4_000_000))
        self.assertIn("3.0 of 4.0 MB have come", self.words("media"))
        self.assertIn('fetched: 1 of 2 files, 75 % of provided "teeth", 1 needed within a day', self.words("status"))
        self.take()  # nobody waits for a film
        self.station.kill9()
        self.files.lie = None
        self.end.__exit__()  # nor is the cloud needed: what was told is in a file
        self.station.start()
        self.until_here(2)
        self.assertEqual([request.start for request in self.asked(whole)], [None, 3_000_000])
        self.assertEqual(self.states(), {"teeth": "ready"})

    def test_killed_again_and_again_it_gets_there(self):
        films = {item: film(seed, 2_000_000) for seed, item in enumerate(("teeth", "heart", "soap"), 20)}

        def slowly(request):
            def tell(out):
                out(request.head())
                for at in range(0, len(request.body), 16_384):
                    out(request.body[at:at + 16_384])
                    self.slow_sent += 16_384
                    time.sleep(0.002)
            return tell
        self.slow_sent = 0
        self.files.lie = slowly
        self.tells(films)
        dice = random.Random(20)
        have = {}
        for _ in range(12):
            self.station.start()
            enough = self.slow_sent + dice.randrange(900_000)
            until(lambda: self.slow_sent >= enough or self.progress() and self.progress()["files"] == self.progress()["here"] == 4,
                  "some of it", every=0.001)
            self.station.kill9()
            have = {os.path.basename(path)[:64]: os.path.getsize(path) for path in self.parts()}
            asked = len(self.files.requests)
            self.station.start()
            until(lambda: len(self.files.requests) > asked or self.progress() and self.progress()["here"] == 4, "the next request")
            first = self.files.requests[asked:asked + 1]
            self.assertEqual([request.start or 0 for request in first], [have.get(request.sha256, 0) for request in first])
            self.station.kill9()
        self.files.lie = None
        self.station.start()
        self.until_here(4)
        until(lambda: self.states() == dict.fromkeys(films, "ready"), "all films", every=0.1)
        self.assertTrue(self.machiai("media", "verify")["holds"])
        self.assertEqual(self.parts(), [])

    def test_broken_lines_cost_seconds_and_no_byte(self):
        whole = film(4, 2_000_000)
        dice = random.Random(4)

        def breaks(request):
            rest = len(request.body)
            return lies.cut_after(dice.randrange(200_000, 900_000))(request) if rest > 600_000 else None
        self.files.lie = breaks
        self.tells({"teeth": whole})
        self.station.start()
        self.until_here(2)
        starts = [request.start or 0 for request in self.asked(whole)]
        self.assertEqual(starts, sorted(set(starts)))
        self.assertGreater(len(starts), 2)

    def test_a_lie_gets_nowhere_and_holds_up_nobody(self):
        bad, good = film(5), film(6)

        def swapped(request):
            return lies.wrong_bytes(request) if request.content == bad else None
        self.files.lie = swapped
        self.tells({"bad": bad, "good": good})
        self.station.start()
        until(lambda: self.states() == {"good": "ready"}, "the good one", every=0.1)
        self.until_waits("hash_differs")
        self.assertEqual(self.progress()["missing_soon"], 1)
        self.assertEqual(self.parts(), [])
        self.files.lie = None
        self.until_here(3)
        self.assertEqual(self.states(), {"bad": "ready", "good": "ready"})

    def test_a_stranger_s_programme_is_refused_once_and_taken_when_he_is_trusted(self):
        stranger = os.path.join(self.dir, "stranger")
        self.machiai("init", "--example", home=stranger)
        self.machiai("programme", "keygen", home=stranger)
        told = self.programme({"teeth": film(7)}, signer=stranger)
        self.tells({"teeth": film(7)}, programmes=[told])
        self.station.start()
        until(lambda: self.progress() and self.progress()["refused"], "the refusal")
        refused = {"programme": "autumn", "version": 1, "reason": "untrusted_key"}
        self.assertEqual(self.progress()["refused"], [refused])
        # Its films are nobody's: the manifest alone fills no disk.
        self.assertEqual(self.asked(film(7)), [])
        own = self.programme({"heart": film(8)}, name="winter", starts=30)
        self.tells({"teeth": film(7), "heart": film(8)}, programmes=[told, own])
        self.until_here(2)
        self.assertEqual(self.progress()["refused"], [refused])
        self.assertEqual(self.station.log_text().count("untrusted_key"), 1)
        self.machiai("programme", "trust", os.path.join(stranger, "keys", "provider.pub"))
        self.until_here(4)
        self.assertEqual(len(self.files.requests), 4, "what had been refused was not fetched again")
        self.assertEqual(self.states(), {"teeth": "ready", "heart": "ready"})

    def test_an_address_that_has_ended_waits_for_the_next_manifest(self):
        self.files.lie = lies.answered("HTTP/1.1 403 Forbidden\r\ncontent-length: 0")
        self.tells({"teeth": film(9)})
        self.station.start()
        self.until_waits("address_ended")
        self.files.lie = None
        asked = len(self.files.requests)
        self.take()
        self.assertEqual(self.progress()["waits"], "address_ended")
        self.assertEqual(len(self.files.requests), asked)
        self.tells({"teeth": film(9)})
        self.until_here(2)

    def test_without_a_way_out_it_waits_and_comes_back(self):
        films = {"teeth": film(10)}
        self.files.context.maximum_version = lies.ssl.TLSVersion.TLSv1_2  # as good as somebody else
        self.tells(films)
        self.end.context = self.files.context
        manifest = self.end_manifest()
        with open(os.path.join(self.home, "cloud", "manifest.json"), "w", encoding="utf-8") as file:
            json.dump(manifest, file)
        self.station.start()
        self.until_waits("files_away")
        self.take()
        self.files.context.maximum_version = lies.ssl.TLSVersion.MAXIMUM_SUPPORTED
        self.until_here(2)

    def test_what_begins_later_waits_for_its_hours(self):
        now = datetime.now(JAPAN)
        closed = [(now + timedelta(hours=hours)).strftime("%H:%M") for hours in (3, 4)]
        with open(os.path.join(self.home, "clinic.toml"), "a", encoding="utf-8") as file:
            file.write(f'\n[cloud]\ndownload_from = "{closed[0]}"\ndownload_until = "{closed[1]}"\n')
        soon, later = {"teeth": film(11)}, {"heart": film(12)}
        self.tells({**soon, **later}, programmes=[self.programme(soon), self.programme(later, name="winter", starts=8)])
        self.station.start()
        self.until_waits("fetch_hours")
        self.assertEqual(self.states(), {"teeth": "ready"})
        self.assertEqual(self.asked(film(12)), [])
        self.assertEqual(self.progress()["missing_soon"], 0)

    def test_a_film_that_has_not_come_by_the_end_of_the_hours_goes_on_in_the_next(self):
        if not faketime.library():
            self.skipTest("libfaketime is not here")
        clock = faketime.FakeClock(os.path.join(self.dir, "time"), faketime.preload(options.bin))
        clock.move(0)
        self.station.env.update(clock.env)
        now = datetime.now(JAPAN)
        hours = [(now + timedelta(hours=hours)).strftime("%H:%M") for hours in (-1, 1)]
        with open(os.path.join(self.home, "clinic.toml"), "a", encoding="utf-8") as file:
            file.write(f'\n[cloud]\ndownload_from = "{hours[0]}"\ndownload_until = "{hours[1]}"\n')
        whole = film(18, 6_000_000)
        there, on = threading.Event(), threading.Event()
        self.addCleanup(on.set)
        self.files.lie = lambda request: request.content == whole and (
            lambda out: (out(request.head() + request.body[:2_000_000]), there.set(), on.wait(60),
                         out(request.body[2_000_000:]))) or None
        self.tells({"teeth": whole}, programmes=[self.programme({"teeth": whole}, starts=8)])
        self.station.start()
        self.assertTrue(there.wait(30))
        until(lambda: os.path.getsize(self.parts()[0]) == 2_000_000, "two million bytes")
        clock.move(2 * 3600)
        on.set()
        self.until_waits("fetch_hours")
        came = os.path.getsize(self.parts()[0])
        self.assertIn(came, range(2_000_000, 4_500_000))
        self.files.lie = None
        clock.move(22 * 3600)
        self.until_here(2)
        self.assertEqual([request.start for request in self.asked(whole)], [None, came])

    def test_somebody_is_told_when_what_is_needed_today_does_not_come(self):
        if not faketime.library():
            self.skipTest("libfaketime is not here")
        clock = faketime.FakeClock(os.path.join(self.dir, "time"), faketime.preload(options.bin))
        clock.move(0)
        self.station.env.update(clock.env)
        trouble = {"part": "cloud", "level": "warn", "reason": "films_missing"}
        self.files.lie = lambda request: lies.wrong_bytes(request) if request.content == film(17) else None
        self.tells({"teeth": film(17)})
        self.station.start()
        self.until_waits("hash_differs")
        self.assertNotIn(trouble, self.station.status()["troubles"], "it may still come")
        with self.station.hub("desk", "front") as desk:
            desk.ok("watch", {"views": ["desk"]})
            clock.move(11 * 60)
            while "films_missing" not in [each["reason"] for each in desk.next_view("desk")["data"]["troubles"]]:
                pass
            self.assertIn(trouble, self.station.status()["troubles"])
            self.files.lie = None
            clock.move(31 * 60)
            while "films_missing" in [each["reason"] for each in desk.next_view("desk")["data"]["troubles"]]:
                pass
        self.until_here(2)

    def test_it_ends_at_once_while_something_comes(self):
        over = threading.Event()
        self.addCleanup(over.set)
        drip = lies.drip(over)
        self.files.lie = lambda request: drip(request) if request.content == film(13) else None
        self.tells({"teeth": film(13)})
        self.station.start()
        until(lambda: self.asked(film(13)), "the film's request")
        self.assertEqual(self.station.stop(5), 0)

    def test_a_disk_without_room_for_films_has_room_for_numbers(self):
        if os.geteuid() != 0:
            self.skipTest("needs root for a small disk")
        small = os.path.join(self.dir, "small")
        os.makedirs(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", small], check=False).returncode != 0:
            self.skipTest("no small disk here")
        self.addCleanup(lambda: until(lambda: subprocess.run(["umount", small], capture_output=True,
                                                             check=False).returncode == 0, "umount"))
        self.addCleanup(self.end_station)
        shutil.copytree(self.home, os.path.join(small, "home"))
        self.tells({"teeth": film(14)})
        self.station = Station(os.path.join(small, "home"), options.bin, log=os.path.join(self.dir, "small.log")).start()
        self.until_waits("media_reserve")
        self.assertEqual((self.progress()["here"], self.progress()["files"]), (1, 2), "the programme is small")
        self.take()
        self.assertEqual(self.asked(film(14)), [])

    def test_a_disk_that_fills_up_in_the_middle_of_a_film_takes_no_number_along(self):
        why = disks.missing(("fallocate",))
        if why:
            self.skipTest(why)
        small, whole = os.path.join(self.dir, "small"), film(16, 4_000_000)
        disk = disks.small_disk(os.path.join(self.dir, "disk.img"), small, 1_500)  # the ledger's reserve is 1 GiB of it
        disk.__enter__()
        self.addCleanup(disk.__exit__)
        self.addCleanup(self.end_station)
        shutil.copytree(self.home, os.path.join(small, "home"))
        there, full = threading.Event(), threading.Event()

        def stands_still(request):
            if request.content != whole or there.is_set():
                return None
            return lambda out: (out(request.head() + request.body[:3_000_000]), there.set(), full.wait(60),
                                out(request.body[3_000_000:]))
        self.files.lie = stands_still
        self.tells({"teeth": whole})
        self.home = os.path.join(small, "home")
        self.station = Station(self.home, options.bin, log=os.path.join(self.dir, "small.log")).start()
        self.assertTrue(there.wait(30))
        until(lambda: [os.path.getsize(part) for part in self.parts()] == [3_000_000], "three million bytes")
        self.take()
        filler = os.path.join(small, "filler")
        free = os.statvfs(small)
        subprocess.run(["fallocate", "-l", str(free.f_bavail * free.f_frsize - (1 << 20)), filler], check=True)
        disks.fill(filler + ".2")
        full.set()
        until(lambda: (self.progress() or {}).get("waits") in ("media_reserve", "media_disk_full", "disk_full"), "no room")
        self.assertEqual((self.progress()["here"], self.states()), (1, {}))
        until(lambda: self.parts() == [], "what had come to be given back to the ledger")
        for _ in range(20):
            self.take()  # on the ballast
        self.assertTrue(self.station.verify()[1]["holds"])
        # And after a crash with not a byte to write.
        self.station.restart()
        self.assertTrue(self.station.verify()[1]["holds"])
        for path in (filler, filler + ".2"):
            os.unlink(path)
        self.until_here(2, 60)
        self.assertEqual([request.start for request in self.asked(whole)], [None, None])
        until(lambda: self.states() == {"teeth": "ready"}, "the film", every=0.1)
        self.assertTrue(self.machiai("media", "verify")["holds"])
        self.assertTrue(self.station.verify()[1]["holds"])
        self.assertEqual(self.parts(), [])

    def test_what_is_brought_by_hand_stays_as_it_was(self):
        path = os.path.join(self.dir, "hand.png")
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "color=c=teal:s=1280x720",
                        "-frames:v", "1", path], check=True, timeout=60)
        self.station.start()
        by_hand = self.machiai("media", "add", path, "--title", "by hand")["sha256"]
        self.tells({"teeth": film(15)})
        self.until_here(2)
        self.tells({}, programmes=[])
        until(lambda: self.progress()["files"] == 0, "the empty manifest")
        until(lambda: self.states() == {"by hand": "ready", "teeth": "ready"}, "both, for the cloud takes nothing away", every=0.1)
        self.assertEqual(self.machiai("programme")["programmes"][0]["programme"], "autumn")
        self.assertIn(by_hand, {each["sha256"] for each in self.machiai("media")["films"]})

    def test_a_manifest_that_is_none_changes_nothing(self):
        self.tells({"teeth": film(16)})
        self.station.start()
        self.until_here(2)
        manifest = self.end_manifest()
        manifest["films"][0]["file"]["url"] = "http://127.0.0.1/"
        self.end.says("manifest", manifest)
        until(lambda: "was not told right" in self.station.log_text(), "the word of it")
        self.assertEqual(self.progress()["files"], 2)


if __name__ == "__main__":
    main(__doc__)
