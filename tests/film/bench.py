# SPDX-License-Identifier: Apache-2.0
"""Films on the board in figures, beside mpv and VLC where they are installed: python3 tests/film/bench.py --bin build/bin

`--json` prints the figures alone, for tests/bench/run.py.

Processor time at 720p30, pictures lost at 720p30 and 1080p30, the time to a first picture, what stands between two
films, how soon bad files give way, what two thousand films leave behind in memory, and how long a call takes to the glass
while a film plays, while a file never opens and while a decoder is stopped.
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
from film.pretend_hub import turns  # noqa: E402
from film.theatre import Theatre  # noqa: E402
from kit import case  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

NUMBER = ("1770", "560", "110", "110")  # of room 1 on the 1080p board
TICK = os.sysconf("SC_CLK_TCK")
PARTS = ["load", "scenes", "mpv", "vlc", "frames", "cuts", "between", "skips", "first_picture", "start", "glass", "changes"]


def ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def cpu(pids, seconds):
    """Percent of one core, each."""
    before = {pid: ticks(pid) for pid in pids}
    time.sleep(seconds)
    return {pid: (ticks(pid) - before[pid]) / TICK / seconds * 100 for pid in pids}


def memory_mb(pid, kind="Pss:"):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(row.split()[1]) for row in file if row.startswith(kind)) / 1024


def every(seconds, count):
    for _ in range(count):
        time.sleep(seconds)
        yield


def changeovers(seen):
    """From each film's last picture to the first of another one, and the black between; both in ms."""
    gaps, black, last, dark = [], [], None, 0
    for (at, what), (then, _) in zip(seen, seen[1:]):
        if what == "black":
            dark += then - at
        if not what.startswith("film"):
            continue
        film = what.split()[1]
        if last is not None and film != last[1]:
            gaps.append(at - last[0])
            black.append(dark)
        last, dark = (at, film), 0
    return gaps, black


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.media = os.path.join(folder, "media")
        os.mkdir(self.media)
        clips.make(self.media, seconds=3)
        clips.film(os.path.join(self.media, "long.mp4"), 5, "testsrc2", 40, sound=True)
        clips.film(os.path.join(self.media, "large.mp4"), 6, "testsrc2", 30, sound=True, size=(1920, 1080))
        self.rooms = 0
        self.figures = {}
        self.quiet = False

    def say(self, words, **figures):
        self.figures.update(figures)
        if not self.quiet:
            print(words, flush=True)

    def theatre(self, size=(1920, 1080), extra=()):
        self.rooms += 1
        folder = os.path.join(self.folder, str(self.rooms))
        os.mkdir(folder)
        theatre = Theatre(folder, self.media, size=size, extra=extra)
        theatre.glass.start()
        until(lambda: len(theatre.films()) == 2, "the decks", 10)
        return theatre

    def scenes(self, count=5, seconds=12):
        """Each relaxation scene alone on the 1080p board."""
        used = []
        for number in range(count):
            with self.theatre(extra=("--scene", str(number))) as theatre:
                time.sleep(3)
                used.append(cpu([theatre.glass.process.pid], seconds)[theatre.glass.process.pid])
        words = ", ".join(f"{each:.1f}" for each in used)
        self.say(f"each scene alone, 1080p board, {seconds} s: display {words} % of a core", scenes_cpu=used)

    def load(self):
        with self.theatre() as theatre:
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

    def between(self, rounds=6, seconds=3):
        """The same playlist by the board, mpv and VLC: from the last picture of a film to the first of the next one."""
        names = ("red", "blue")
        with self.theatre() as theatre:
            self.say_between("board", theatre.watch(2 * rounds * seconds + 4, lambda: theatre.play(
                *[(name, seconds * 1000) for name in names] * rounds)))
        for player, words in (("mpv", self.MPV), ("vlc", self.vlc_words())):
            if shutil.which(player) is None:
                continue
            with Theatre(self.room(f"{player}-between"), self.media, size=(1056, 594)) as theatre:
                process = self.begin_rival(theatre, words, *names * rounds)
                self.say_between(player, theatre.watch(2 * rounds * seconds + 4, lambda: None))
                process.kill()
                process.wait()

    def say_between(self, player, seen):
        gaps, black = changeovers(seen)
        if not gaps:
            return self.say(f"{player} did not go from film to film")
        return self.say(f"last picture to the next film's first, {player}: median {statistics.median(gaps):.0f} ms, worst "
                        f"{max(gaps):.0f} ms, n {len(gaps)}; black {sum(black):.0f} ms in all",
                        **{f"between {player}": statistics.median(gaps), f"black {player}": sum(black)})

    def skips(self, rounds=5):
        """From the moment of a bad film's turn to the scene that stands in, and the film after it in its time."""
        bad, late, after = ("no-moov", "noise", "nothing", "absent"), {}, []
        for _ in range(rounds):  # a new display each: a file that was found bad is not tried again
            with self.theatre(size=(1280, 720)) as theatre:
                rows = []
                seen = theatre.watch(2 * len(bad) + 4, lambda t=theatre, r=rows: r.extend(
                    t.play(*[turn for name in bad for turn in (("blue", 600), (name, 1400))], ("red", 600))))
                for row, following in zip(rows, rows[1:]):
                    begun, ended = theatre.hub.monotonic(row["at"]), theatre.hub.monotonic(following["at"])
                    shown = [(at, what) for at, what in seen if begun - 5 < at < ended - 5]
                    if row["item"] in bad:
                        late.setdefault(row["item"], []).append(
                            next(at for at, what in shown if what.startswith("other")) - begun)
                    else:
                        after.append(next(at for at, what in shown if what.startswith("film")) - begun)
                told = theatre.log()
                for name in bad:
                    assert f"film: {name} is not shown (" in told, name
        late["cut short"] = [self.cut_short() for _ in range(rounds)]
        words = ", ".join(f"{name} {max(ms):.0f}" for name, ms in late.items())
        self.say(f"a bad film's turn to the scene in its place, worst of {rounds}: {words} ms; the good film after it in "
                 f"{max(after):.0f} ms at most", skip_worst={name: max(ms) for name, ms in late.items()},
                 after_worst=max(after))

    def cut_short(self):
        """From the last picture of a film whose file ends in its middle to the scene, long before its turn does."""
        with self.theatre(size=(1280, 720)) as theatre:
            seen = theatre.watch(9, lambda: theatre.play(("cut", 6000), ("red", 600), lead_ms=1500))
            assert "a scene is shown (film_short)" in theatre.log()
        pictures = [i for i, (_, what) in enumerate(seen) if what.startswith("film 4")]
        assert 5 < len(pictures) < 60, len(pictures)
        (last, _), (then, what) = seen[pictures[-1]:pictures[-1] + 2]
        assert what.startswith("other"), what
        return then - last

    def frames(self, seconds=20):
        """Pictures of a film that were seen on the glass, of those that it has in that time: slow is lost, too."""
        for item, name in (("long", "720p30"), ("large", "1080p30")):
            with self.theatre() as theatre:
                theatre.play((item, 28_000), lead_ms=500)
                time.sleep(3)
                self.say_lost(name, "board", theatre.watch(seconds, lambda: None, strip_only=True), seconds)
            if shutil.which("mpv") is None:
                continue
            with Theatre(self.room(f"mpv-{item}"), self.media, size=(1056, 594)) as theatre:
                player = self.begin_rival(theatre, self.MPV, item)
                time.sleep(3)
                self.say_lost(name, "mpv", theatre.watch(seconds, lambda: None, strip_only=True), seconds)
                player.kill()
                player.wait()

    def say_lost(self, film, player, seen, seconds):
        times = [at for at, what in seen if what.startswith("film")]
        due = round((times[-1] - times[0]) * clips.RATE / 1000) + 1
        lost = max(0, due - len({what for _, what in seen if what.startswith("film")}))
        self.say(f"{film}, {player}: {lost} of {due} pictures that were due not seen in {seconds} s",
                 **{f"lost {film} {player}": lost, f"due {film} {player}": due})

    def changes(self, count=2000, settled=500, each_ms=250):
        """Memory of the display and its decks after many films, beside that after the first few hundred."""
        with self.theatre(size=(1280, 720)) as theatre:
            rows = theatre.play(*[("red", each_ms), ("blue", each_ms)] * (count // 2), lead_ms=1000)
            before, after = (self.resident(theatre, rows, number) for number in (settled, count - 20))
            renewed = theatre.log().count("is replaced")
            self.say(f"memory after {settled} films {before:.1f} MB, after {count} {after:.1f} MB (RSS of display and decks: "
                     f"{after - before:+.1f} MB; processes renewed: {renewed})", grown=after - before, renewed=renewed,
                     changes=count)

    @staticmethod
    def resident(theatre, rows, number):
        """RSS of display and decks in MB, the median of ten films of the same name from that one on."""
        sums = []
        for row in rows[number:number + 20:2]:
            time.sleep(max(0.0, (row["at"] + 100 - theatre.hub.now()) / 1000))
            sums.append(sum(memory_mb(pid, "Rss:") for pid in (theatre.glass.process.pid, *theatre.films())))
        return statistics.median(sums)

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
        rows = turns(theatre.hub.now(), ("long", 1200))
        times.append(time.monotonic() * 1000)
        theatre.hub.push_programme({"now": rows[0], "next": rows[1], "programmes": []})

    def start(self, rounds=9):
        """From the start of the program to a film's first picture on its screen: the display, whose film is due at once,
        and in turn with it mpv and VLC, which open nothing but the film."""
        times, rivals = {}, {"mpv": self.MPV, "VLC": self.vlc_words()}
        with Theatre(self.room("start"), self.media) as board, \
                Theatre(self.room("start-rivals"), self.media, size=(1056, 594)) as bare:
            rows = turns(board.hub.now(), ("long", 3600_000))
            board.hub.push_programme({"now": rows[0], "next": rows[1], "programmes": []})
            for _ in range(rounds):
                times.setdefault("display", []).append(self.until_film(board, self.begin_display))
                for name, words in rivals.items():
                    if shutil.which(name.lower()) is not None:
                        times.setdefault(name, []).append(
                            self.until_film(bare, lambda t, w=words: self.begin_rival(t, w, "long")))
        words = ", ".join(f"{name} {statistics.median(ms):.0f} [{min(ms):.0f}-{max(ms):.0f}]" for name, ms in times.items())
        self.say(f"start of the program to a film's first picture, n {rounds} in turn: {words} ms",
                 start={name: [statistics.median(ms), min(ms), max(ms)] for name, ms in times.items()})

    def begin_display(self, theatre):
        width, height = theatre.size
        with open(theatre.glass.log, "ab") as log:
            return subprocess.Popen([case.program("machiai-display"), "--home", theatre.home, "--size", f"{width}x{height}",
                                     "--media", self.media], env=theatre.glass.env, stdin=subprocess.DEVNULL, stdout=log,
                                    stderr=log)

    @staticmethod
    def until_film(theatre, begin):
        begun = []

        def run():
            begun.append(time.monotonic() * 1000)
            begun.append(begin(theatre))

        seen = theatre.watch(6, run, strip_only=True)
        begun[1].kill()
        begun[1].wait()
        time.sleep(.5)  # its window is gone, and the decks with it
        shown = [at for at, what in seen if what.startswith("film 5")]
        if not shown:
            raise RuntimeError(f"no film of {begun[1].args[0]} was seen: {seen}")
        return shown[0] - begun[0]

    def calls(self, title, theatre, moments=None):
        """From the pushed view to changed pixels of the room's number: at once after each of `moments` has been waited for,
        or forty times."""
        path = os.path.join(theatre.folder, "changes")
        late = []
        with open(path, "w", encoding="ascii") as out:
            glass = subprocess.Popen([case.program("bench-glass"), *NUMBER, "120"], env=theatre.glass.env, stdout=out)
        try:
            until(lambda: os.path.getsize(path) > 0, "bench-glass", 5)
            board = theatre.hub.board
            for i, _ in enumerate(moments or every(.15, 40)):
                board["rooms"][0]["number"] = str(30 + i % 60)
                begun = time.monotonic() * 1000
                theatre.hub.push_board(board)
                late.append(until(lambda since=begun: first_after(path, since), "the number", 5) - begun)
        finally:
            glass.kill()
            glass.wait()
        self.say(f"pushed view to changed number, {title}: median {statistics.median(late):.1f} ms, worst {max(late):.1f} "
              f"ms, n {len(late)}", **{"glass " + title: max(late)})

    def glass(self):
        with self.theatre() as theatre:
            time.sleep(2)
            self.calls("a scene", theatre)
            theatre.play(("long", 30_000), lead_ms=500)
            time.sleep(2)
            self.calls("a film plays", theatre)
        with self.theatre() as theatre:
            self.calls("a fade", theatre, self.fades(theatre))
        with self.theatre() as theatre:
            theatre.play(*[("stuck", 3000)] * 4, lead_ms=200)
            self.calls("files that never open", theatre)
        with self.theatre() as theatre:
            theatre.play(("long", 30_000), lead_ms=500)
            time.sleep(2)
            os.kill(busiest(theatre.films()), signal.SIGSTOP)
            self.calls("a decoder stopped", theatre)

    @staticmethod
    def fades(theatre, count=16):
        """150 ms into each 400 ms in which a picture gives way to a film, or a film to a picture."""
        for row in theatre.play(*[("still", 1500), ("red", 1500)] * (count // 2 + 1))[1:count + 1]:
            time.sleep(max(0.0, theatre.hub.monotonic(row["at"]) / 1000 + .15 - time.monotonic()))
            yield

    def room(self, name):
        folder = os.path.join(self.folder, name)
        os.mkdir(folder)
        os.chmod(folder, 0o777)  # its settings; VLC is somebody else where this is root
        os.chmod(self.folder, 0o711)
        os.chmod(self.media, 0o755)
        return folder

    def begin_rival(self, theatre, words, *items):
        films = [os.path.join(self.media, item + ".mp4") for item in items]
        for film in films:
            os.chmod(film, 0o644)
        return subprocess.Popen([*words, *films], stdin=subprocess.DEVNULL, env=dict(theatre.glass.env, HOME=theatre.folder),
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def rival(self, name, words):
        """The same film alone on a screen of the size of the film's place."""
        with Theatre(self.room(name), self.media, size=(1056, 594)) as theatre:
            player = self.begin_rival(theatre, words, "long")
            time.sleep(4)
            used, seen = cpu([player.pid], 20)[player.pid], theatre.watch(1, lambda: None)
            played = player.poll() is None and any(what.startswith("film") for _, what in seen)
            memory = memory_mb(player.pid) if played else 0
            player.kill()
            player.wait()
        if not played:
            return self.say(f"{name} did not play")
        return self.say(f"{name}, 720p30 at 1056x594: {used:.1f} % of a core, memory (PSS) {memory:.0f} MB", **{name: used})

    MPV = ("mpv", "--vo=x11", "--no-config", "--really-quiet", "--ao=null", "--geometry=1056x594+0+0", "--no-border")

    def mpv(self):
        if shutil.which("mpv") is None:
            return self.say("mpv is not installed")
        return self.rival("mpv", self.MPV)

    def vlc(self):
        if shutil.which("vlc") is None:
            return self.say("vlc is not installed")
        return self.rival("vlc", self.vlc_words())

    @staticmethod
    def vlc_words():
        # As root it does not run; setpriv becomes it, so that the pid is its own.
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        return [*nobody, "vlc", "-I", "dummy", "--vout", "xcb_x11", "--no-audio", "--no-video-title-show", "--zoom=0.825"]


def first_after(path, since):
    with open(path, encoding="ascii") as file:
        stamps = [float(row) for row in file.read().rsplit("\n", 1)[0].splitlines() if row]
    return next((stamp for stamp in stamps if stamp > since), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, default=case.options.bin)
    parser.add_argument("--only", help="one of: " + " ".join(PARTS))
    parser.add_argument("--json", action="store_true", help="print the figures alone")
    args = parser.parse_args()
    case.options.bin = args.bin.resolve()
    folder = work_dir("film-bench")
    try:
        bench = Bench(folder)
        bench.quiet = args.json
        for part in [args.only] if args.only else PARTS:
            getattr(bench, part)()
        if args.json:
            print(json.dumps(bench.figures))
    finally:
        clean(folder)


if __name__ == "__main__":
    main()
