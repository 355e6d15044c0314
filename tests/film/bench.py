# SPDX-License-Identifier: Apache-2.0
"""Films on the board in figures, beside mpv and VLC where they are installed: python3 tests/film/bench.py --bin build/bin

`--json` prints the figures alone, for tests/bench/run.py.

Processor time at 720p30, the time to a first picture, what stands between two films, and how long a call takes to the
glass while a film plays, while a file never opens and while a decoder is stopped.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from film import clips  # noqa: E402
from film.glass import busiest  # noqa: E402
from film.theatre import Theatre  # noqa: E402
from kit import case  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

NUMBER = ("1770", "560", "110", "110")  # of room 1 on the 1080p board
TICK = os.sysconf("SC_CLK_TCK")


def ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def cpu(pids, seconds):
    """Percent of one core, each."""
    before = {pid: ticks(pid) for pid in pids}
    time.sleep(seconds)
    return {pid: (ticks(pid) - before[pid]) / TICK / seconds * 100 for pid in pids}


def memory_mb(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(row.split()[1]) for row in file if row.startswith("Pss:")) / 1024


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.media = os.path.join(folder, "media")
        os.mkdir(self.media)
        clips.make(self.media, seconds=3)
        clips.film(os.path.join(self.media, "long.mp4"), 5, "testsrc2", 40, sound=True)
        self.rooms = 0
        self.figures = {}
        self.quiet = False

    def say(self, words, **figures):
        self.figures.update(figures)
        if not self.quiet:
            print(words, flush=True)

    def theatre(self, size=(1920, 1080)):
        self.rooms += 1
        folder = os.path.join(self.folder, str(self.rooms))
        os.mkdir(folder)
        theatre = Theatre(folder, self.media, size=size)
        theatre.glass.start()
        until(lambda: len(theatre.films()) == 2, "the decks", 10)
        return theatre

    def load(self):
        with self.theatre() as theatre:
            scene = cpu([theatre.glass.process.pid], 10)[theatre.glass.process.pid]
            self.say(f"scene alone, 1080p board: display {scene:.1f} % of a core", scene_cpu=scene)
            theatre.play(("long", 35_000), lead_ms=1000)
            time.sleep(4)
            pids = [theatre.glass.process.pid, *theatre.films()]
            used = cpu(pids, 20)
            decks = [used[pid] for pid in pids[1:]]
            self.say(f"720p30 on the 1080p board: display {used[pids[0]]:.1f} %, deck {max(decks):.1f} % (other "
                  f"{min(decks):.1f} %), together {sum(used.values()):.1f} % of a core; memory (PSS) display "
                  f"{memory_mb(pids[0]):.0f} MB, decks {' + '.join(f'{memory_mb(p):.0f}' for p in pids[1:])} MB",
                     cpu=sum(used.values()))

    def cuts(self, rounds=10):
        """From the moment of the cut to the new film's first picture on the glass, and anything between."""
        with self.theatre() as theatre:
            rows = []
            seen = theatre.watch(2 * rounds + 4, lambda: rows.extend(
                theatre.play(*[("red", 1000), ("blue", 1000)] * rounds)))
            films = [(at, what) for at, what in seen if what.startswith("film")]
            gaps = []
            for row in rows[:-1]:
                cut = theatre.hub.monotonic(row["at"])
                name = "film 1" if row["item"] == "red" else "film 2"
                gaps.append(next(at for at, what in films if at > cut - 100 and what.startswith(name)) - cut)
            first, last = films[0][0], films[-1][0]
            black = sum(what == "black" for at, what in seen if at > first)
            other = sum(what.startswith("other") for at, what in seen if first < at < last)
            self.say(f"cut to the next film's first picture: median {statistics.median(gaps):.0f} ms, worst {max(gaps):.0f} "
                  f"ms, n {len(gaps)}; black pictures {black}, pictures of anything else {other}",
                     cut_median=statistics.median(gaps), cut_worst=max(gaps), cuts=len(gaps), black=black, other=other)

    def first_picture(self, rounds=8):
        """A turn that nobody could prepare: from the hub's word to the picture."""
        times = []
        with self.theatre(size=(1280, 720)) as theatre:
            for _ in range(rounds):
                seen = theatre.watch(2, lambda: self.at_once(theatre, times))
                times[-1] = next(at for at, what in seen if what.startswith("film 5")) - times[-1]
        self.say(f"word of the hub to the first picture, unprepared: median {statistics.median(times):.0f} ms, worst "
              f"{max(times):.0f} ms, n {len(times)}", first_median=statistics.median(times), first_worst=max(times))

    @staticmethod
    def at_once(theatre, times):
        from film.pretend_hub import turns
        rows = turns(theatre.hub.now(), ("long", 1200))
        times.append(time.monotonic() * 1000)
        theatre.hub.push_programme({"now": rows[0], "next": rows[1], "programmes": []})

    def calls(self, title, theatre, count=40):
        """From the pushed view to changed pixels of the room's number."""
        path = os.path.join(theatre.folder, "changes")
        late = []
        with open(path, "w", encoding="ascii") as out:
            glass = subprocess.Popen([case.program("bench-glass"), *NUMBER, "120"], env=theatre.glass.env, stdout=out)
        try:
            until(lambda: os.path.getsize(path) > 0, "bench-glass", 5)
            board = theatre.hub.board
            for i in range(count):
                board["rooms"][0]["number"] = str(30 + i % 60)
                begun = time.monotonic() * 1000
                theatre.hub.push_board(board)
                late.append(until(lambda since=begun: first_after(path, since), "the number", 5) - begun)
                time.sleep(.15)
        finally:
            glass.kill()
            glass.wait()
        self.say(f"pushed view to changed number, {title}: median {statistics.median(late):.1f} ms, worst {max(late):.1f} "
              f"ms, n {count}", **{"glass " + title: max(late)})

    def glass(self):
        with self.theatre() as theatre:
            time.sleep(2)
            self.calls("a scene", theatre)
            theatre.play(("long", 30_000), lead_ms=500)
            time.sleep(2)
            self.calls("a film plays", theatre)
        with self.theatre() as theatre:
            theatre.play(*[("stuck", 3000)] * 4, lead_ms=200)
            self.calls("files that never open", theatre)
        with self.theatre() as theatre:
            theatre.play(("long", 30_000), lead_ms=500)
            time.sleep(2)
            os.kill(busiest(theatre.films()), signal.SIGSTOP)
            self.calls("a decoder stopped", theatre)

    def rival(self, name, words):
        """The same film alone on a screen of the size of the film's place."""
        folder = os.path.join(self.folder, name)
        os.mkdir(folder)
        os.chmod(folder, 0o777)  # its settings; VLC is somebody else where this is root
        os.chmod(self.folder, 0o711)
        os.chmod(self.media, 0o755)
        os.chmod(os.path.join(self.media, "long.mp4"), 0o644)
        with Theatre(folder, self.media, size=(1056, 594)) as theatre:
            player = subprocess.Popen([*words, os.path.join(self.media, "long.mp4")], stdin=subprocess.DEVNULL,
                                      env=dict(theatre.glass.env, HOME=folder), stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
            time.sleep(4)
            used, seen = cpu([player.pid], 20)[player.pid], theatre.watch(1, lambda: None)
            played = player.poll() is None and any(what.startswith("film") for _, what in seen)
            memory = memory_mb(player.pid) if played else 0
            player.kill()
            player.wait()
        if not played:
            return self.say(f"{name} did not play")
        return self.say(f"{name}, 720p30 at 1056x594: {used:.1f} % of a core, memory (PSS) {memory:.0f} MB", **{name: used})

    def mpv(self):
        if shutil.which("mpv") is None:
            return self.say("mpv is not installed")
        return self.rival("mpv", ["mpv", "--vo=x11", "--no-config", "--really-quiet", "--ao=null",
                                  "--geometry=1056x594+0+0", "--no-border"])

    def vlc(self):
        if shutil.which("vlc") is None:
            return self.say("vlc is not installed")
        # As root it does not run; setpriv becomes it, so that the pid is its own.
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        return self.rival("vlc", [*nobody, "vlc", "-I", "dummy", "--vout", "xcb_x11", "--no-audio", "--no-video-title-show",
                                  "--zoom=0.825"])


def first_after(path, since):
    with open(path, encoding="ascii") as file:
        stamps = [float(row) for row in file.read().rsplit("\n", 1)[0].splitlines() if row]
    return next((stamp for stamp in stamps if stamp > since), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, default=case.options.bin)
    parser.add_argument("--only", help="one of: load mpv vlc cuts first_picture glass")
    parser.add_argument("--json", action="store_true", help="print the figures alone")
    args = parser.parse_args()
    case.options.bin = args.bin.resolve()
    folder = work_dir("film-bench")
    try:
        bench = Bench(folder)
        bench.quiet = args.json
        for part in [args.only] if args.only else ["load", "mpv", "vlc", "cuts", "first_picture", "glass"]:
            getattr(bench, part)()
        if args.json:
            print(json.dumps(bench.figures))
    finally:
        clean(folder)


if __name__ == "__main__":
    main()
