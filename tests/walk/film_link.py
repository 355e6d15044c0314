# SPDX-License-Identifier: Apache-2.0
"""From the provider's desk to the waiting room's screen, whole programs on both sides: films and a signed programme are
entered at a real cloud, the station fetches them over the link's authority, the clinic approves, and the film is shown;
the cloud is killed in between, and a newer version follows."""
import json
import os
import subprocess
import sys
import unittest
from datetime import datetime, timedelta, timezone

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import main, options, program  # noqa: E402
from kit.linked import EndsEqual, Linked  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

JAPAN = timezone(timedelta(hours=9))
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-profile:v", "high", "-movflags", "+faststart")


class FilmLink(EndsEqual, unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("film-link")
        self.addCleanup(clean, self.dir)
        self.linked = Linked(self.dir, options.bin)
        self.linked.__enter__()
        self.addCleanup(self.linked.__exit__)
        self.cloud, self.station = self.linked.cloud, self.linked.station
        self.provider = os.path.join(self.dir, "provider")
        self.machiai("init", "--example", home=self.provider)
        self.machiai("programme", "keygen", home=self.provider)
        self.machiai("programme", "trust", os.path.join(self.provider, "keys", "provider.pub"))

    def machiai(self, *args, home=None):
        ran = subprocess.run([program("machiai"), *args, "--home", home or self.station.home, "--json"],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(ran.returncode, 0, f"{args}: {ran.stdout} {ran.stderr}")
        return json.loads(ran.stdout)

    def at_the_cloud(self, *args):
        ran = self.cloud.command(*args)
        self.assertEqual(ran.returncode, 0, f"{args}: {ran.stdout} {ran.stderr}")
        return ran.stdout

    def film(self, hue):
        """Entered at the cloud; its SHA-256."""
        path = os.path.join(self.dir, f"film-{hue}.mp4")
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i",
                        f"testsrc2=s=1280x720:r=30:d=1.2,hue=h={hue}", *X264, path], check=True, timeout=60)
        return json.loads(self.at_the_cloud("media", "add", path, "--title", f"film {hue}", "--kind", "provided",
                                            "--json"))["sha256"]

    def programme(self, version, films):
        """Signed by the provider and entered at the cloud: {item: SHA-256}."""
        today = datetime.now(JAPAN).date()
        right = [{"from": str(today), "to": str(today + timedelta(days=6))}]
        document = {"format": 1, "facility": "minato", "programme": "autumn", "version": version, "period": right[0],
                    "deadline": (datetime.now(JAPAN) + timedelta(hours=1)).isoformat(timespec="seconds"),
                    "items": [{"id": item, "kind": "provided", "title": item, "seconds": 3, "rights": right, "sha256": sha256}
                              for item, sha256 in films.items()],
                    "slots": [{"id": "day", "from": "00:00", "to": "24:00", "items": list(films)}]}
        path = os.path.join(self.dir, f"programme-{version}.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False)
        self.machiai("programme", "sign", path, home=self.provider)
        self.at_the_cloud("programme", "minato", path)

    def until_here(self, count):
        def here():
            told = self.station.status()["cloud"]["downloads"]
            return told and told["here"] == told["files"] == count
        until(here, f"{count} files to be here", 40, 0.02)

    def until_shown(self, items):
        """The screen's turn is one of these."""
        with self.station.hub("display", "wall") as screen:
            screen.ok("watch", {"views": ["programme"]})
            while True:
                now = screen.next_view("programme")["data"]["now"]
                if now["reason"] == "planned" and now["item"] in items:
                    return now

    def test_from_the_provider_to_the_screen(self):
        films = {"teeth": self.film(0), "heart": self.film(90)}
        self.station.start()
        self.linked.until_connected()
        # Entered while the link stands: the station hears of it without asking.
        self.programme(1, films)
        self.until_here(3)
        self.machiai("programme", "approve", "--by", "sato")
        self.until_shown(films)
        titles = {each["title"]: each["state"] for each in self.machiai("media")["films"]}
        self.assertEqual(titles, {"film 0": "ready", "film 90": "ready"})
        # A newer version while the station is off, and the cloud is killed and started in between.
        self.station.kill9()
        more = {**films, "soap": self.film(180)}
        self.programme(2, more)
        self.cloud.kill9()
        self.cloud.start()
        self.station.start()
        self.until_here(4)
        self.machiai("programme", "approve", "--by", "sato")
        self.until_shown(more)
        # Without the cloud it goes on.
        self.cloud.kill9()
        self.station.restart()
        self.until_shown(more)
        self.assertTrue(self.machiai("media", "verify")["holds"])


if __name__ == "__main__":
    main(__doc__)
