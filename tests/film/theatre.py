# SPDX-License-Identifier: Apache-2.0
"""A display on an X server of its own with a pretended hub, and somebody who watches the film's place."""
import json
import os
import subprocess

from kit.case import ROOT, program
from kit.glass import Glass
from kit.station import until
from film.pretend_hub import PretendHub, Schedule, turns

FILM = {(1056, 594): (0, 0, 1056, 594), (1920, 1080): (24, 24, 1056, 594), (1280, 720): (16, 16, 704, 396), (1080, 1920): (24, 24, 1032, 580)}


def fixture_board():
    path = ROOT / "tests/display/fixtures/board-landscape.json"
    with open(path, encoding="utf-8") as file:
        return json.load(file)["data"]


class Eyes:
    """Somebody who watches the film's place of a display of this size."""

    def __init__(self, env, size, folder):
        self.env, self.size, self.folder = env, size, folder

    def watch(self, seconds, during, strip_only=False):
        """What stood in the film's place, [(ms, words)], while `during` ran and `seconds` went by. Of the strip alone
        it is read at a fraction of the cost."""
        path = os.path.join(self.folder, "seen")
        x, y, width, height = FILM[self.size]
        place = (x, y, width, height // 20 if strip_only else height)
        with open(path, "w", encoding="ascii") as out:
            watcher = subprocess.Popen([program("film-watch"), *map(str, place), str(seconds)],
                                       env=self.env, stdout=out)
            try:
                until(lambda: os.path.getsize(path) > 0, "the watcher", 5)
                during()
                watcher.wait(timeout=seconds + 10)
            finally:
                watcher.kill()
                watcher.wait()
        with open(path, encoding="ascii") as seen:
            rows = [line.split(" ", 1) for line in seen.read().splitlines()[1:]]
        return [(float(at), what) for at, what in rows]


class Theatre:
    def __init__(self, folder, media=None, size=(1280, 720), extra=()):
        """Without `media` the display has the shelf of its home alone."""
        self.home = os.path.join(folder, "home")
        self.bin = program("")
        self.size = size
        os.makedirs(self.home, exist_ok=True)
        self.hub = PretendHub(self.home, fixture_board())
        self.glass = Glass(self, "display", size, folder, *(("--media", media) if media else ()), *extra)
        self.folder = folder

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.glass.close()
        self.hub.close()

    def log(self):
        with open(self.glass.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def films(self):
        """The processes that decode: {pid: command line}."""
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
                    parent = int(file.read().rsplit(")", 1)[1].split()[1])
                with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
                    words = file.read().split("\0")
            except OSError:
                continue
            if parent == self.glass.process.pid and words[0].endswith("machiai-film"):
                found[int(pid)] = words
        return found

    def watch(self, seconds, during, strip_only=False):
        return Eyes(self.glass.env, self.size, self.folder).watch(seconds, during, strip_only)

    def play(self, *items, lead_ms=1500):
        """Plans a scene and then the turns [(item, ms)]; the rows tell when each begins, the scene's left out."""
        rows = turns(self.hub.now(), ("scene", lead_ms), *items)
        Schedule(self.hub, rows)
        return rows[1:]
