# SPDX-License-Identifier: Apache-2.0
"""Films on the board, looked at from outside: no black between two of them, bad files skipped with a reason, and the
board stays the board whatever a decoder does."""
import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from film import clips  # noqa: E402
from film.theatre import FILM, Theatre  # noqa: E402
from kit.case import main  # noqa: E402
from kit.glass import changed  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

RED, BLUE, STILL = "film 1", "film 2", "film 3"


def films_of(seen):
    """The films in the order in which they came, without the frames."""
    names = [what.rsplit(" ", 1)[0] if what.startswith("film") else what.split(" ")[0] for _, what in seen]
    return [name for i, name in enumerate(names) if i == 0 or names[i - 1] != name]


class Glass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("film")
        cls.addClassCleanup(clean, cls.dir)
        cls.media = os.path.join(cls.dir, "media")
        os.mkdir(cls.media)
        clips.make(cls.media)

    def theatre(self, decks=2, env=None, **more):
        folder = os.path.join(self.dir, self.id().rsplit(".", 1)[1])
        os.mkdir(folder)
        theatre = Theatre(folder, self.media, **more)
        self.addCleanup(theatre.__exit__)
        theatre.glass.env.update(env or {})
        theatre.glass.start()
        until(lambda: len(theatre.films()) == decks, "the decks", 10)
        return theatre

    def test_films_follow_each_other_without_a_black_picture_and_in_time(self):
        theatre = self.theatre()
        rows = []
        seen = theatre.watch(6, lambda: rows.extend(
            theatre.play(("red", 1000), ("blue", 1000), ("still", 700), ("red", 700))))
        self.assertEqual(films_of(seen), ["other", RED, BLUE, STILL, RED, "other"])
        # A cut that waited for its file to open would begin at a later picture of the turn, or not at all.
        shown = {what for _, what in seen}
        self.assertTrue({RED + " 0", RED + " 1"} & shown and {BLUE + " 0", BLUE + " 1"} & shown, sorted(shown))

    def test_the_decks_of_a_shelf_with_films_are_there_before_any_programme(self):
        for name, on_the_shelf, decks in (("full", ["film"], 2), ("empty", [], 0)):
            folder = os.path.join(self.dir, "shelf-" + name)
            os.makedirs(os.path.join(folder, "home", "media"))
            for film in on_the_shelf:
                open(os.path.join(folder, "home", "media", film), "wb").close()
            theatre = Theatre(folder)
            self.addCleanup(theatre.__exit__)
            theatre.glass.start()
            # The board is confirmed and the voice is there: what begins by itself has begun.
            until(lambda t=theatre: t.hub.troubles, "its report", 10)
            until(lambda t=theatre, n=decks: len(t.films()) == n, f"{decks} decks", 10)

    def test_a_film_fills_its_place_on_an_upright_screen(self):
        size = (1080, 1920)
        theatre = self.theatre(size=size)
        theatre.play(("red", 20_000), lead_ms=300)
        until(lambda: any(what.startswith(RED) for _, what in theatre.watch(1, lambda: None)), "the film", 10)
        x, y, width, height = FILM[size]
        grey = sorted(set(theatre.glass.part((x, y + 30, width, height - 60))))
        red = theatre.glass.part((x + width // 2, y + height // 2, 1, 1))[0]
        self.assertLessEqual(max(abs(each - red) for each in grey), 3, "from edge to edge it is the film's colour")
        # Control: a pixel beside it is not.
        for box in ((x - 1, y + 30, 1, 1), (x + width, y + 30, 1, 1)):
            self.assertGreater(abs(theatre.glass.part(box)[0] - red), 50)

    def test_a_graphics_surface_shows_what_the_painter_shows(self):
        """GL is a program here: it is taken when it is asked for, and left alone when it is not."""
        seen = {}
        for wish, told in (("raster", "raster"), ("gpu", "gpu"), ("auto", "raster")):
            folder = os.path.join(self.dir, "surface-" + wish)
            os.mkdir(folder)
            theatre = Theatre(folder, self.media, extra=("--surface", wish))
            self.addCleanup(theatre.__exit__)
            theatre.glass.start()
            until(lambda t=theatre, w=told: w in t.hub.surfaces[-1:], f"{told} surface", 20)
            theatre.play(("still", 60_000), lead_ms=1500)
            until(lambda t=theatre: STILL in {what[:6] for _, what in t.watch(1, lambda: None, strip_only=True)}, "it", 20)
            time.sleep(1)  # it has come in
            rest = theatre.glass.part((0, 0, 1280, 420))
            board = theatre.hub.board
            board["calls"].insert(0, {**board["calls"][0], "call": 413, "number": "31", "at": theatre.hub.now()})
            theatre.hub.push_board(board)
            time.sleep(1)  # the stage has its width
            seen[wish] = rest, theatre.glass.part((0, 0, 540, 420))
            self.assertEqual(theatre.hub.surfaces[-1], told)
        for i, what in enumerate(("at rest", "with a call on stage")):
            # An edge between two pixels may be of either.
            self.assertLess(changed(seen["raster"][i], seen["gpu"][i], beyond=3), .003, what)
        # Control: a call does move the picture.
        self.assertGreater(changed(seen["gpu"][0][:540 * 420], seen["gpu"][1], beyond=3), .05)

    def test_what_is_no_film_comes_and_goes_softly(self):
        theatre = self.theatre()
        x, y, width, height = FILM[(1280, 720)]
        point = (x + width // 2, y + height - 8, 1, 1)

        def through(*plan):
            theatre.play(*plan, lead_ms=1500)
            levels, end = [], time.monotonic() + 1.5 + sum(ms for _, ms in plan) / 1000
            while time.monotonic() < end:
                levels.append(theatre.glass.part(point)[0])
            return [level for i, level in enumerate(levels) if i == 0 or level != levels[i - 1]]

        # A busy machine looks at the glass too seldom to see every step; a cut has none, however often it is looked at.
        seen = []
        while len(seen) < 5 and (not seen or seen[-1] <= 6):
            seen.append(len(through(("still", 3000), ("red", 2000))))
        self.assertGreater(seen[-1], 6, f"steps on the way from the scene to the picture, to the film, to the scene: {seen}")

    def test_a_film_runs_as_fast_as_it_was_made(self):
        """With and without sound of its own; here nobody hears it, and so no sound card keeps the time."""
        theatre = self.theatre()
        seen = theatre.watch(9, lambda: theatre.play(("red", 3500), ("blue", 3500), lead_ms=1000))
        for film in (RED, BLUE):
            pictures = [(at, int(what.rsplit(" ", 1)[1])) for at, what in seen if what.startswith(film)]
            (first, begin), (last, end) = pictures[0], pictures[-1]
            self.assertAlmostEqual((end - begin) * 1000 / clips.RATE / (last - first), 1, delta=.03, msg=film)

    def test_every_bad_file_gives_way_to_a_scene_and_tells_why(self):
        theatre = self.theatre()
        bad = [("no-moov", "film_unplayable"), ("noise", "film_unplayable"), ("nothing", "film_empty"),
               ("absent", "film_missing"), ("stuck", "film_slow")]
        plan = [turn for name, _ in bad for turn in (("blue", 500), (name, 1200 if name == "stuck" else 700))]
        seen = theatre.watch(10, lambda: theatre.play(*plan, ("red", 500)))
        self.assertEqual(films_of(seen), ["other"] + [BLUE, "other"] * len(bad) + [RED, "other"])
        for name, reason in bad:
            self.assertIn(f"film: {name} is not shown ({reason})", theatre.log())
        self.assertEqual(len(theatre.films()), 2)

    def between_good_films(self, names, each_ms, good_ms):
        """Plays each between two turns of the blue film: nothing black, and the blue one in every turn of its own. What
        the log says of films."""
        theatre = self.theatre()
        rows = []
        plan = [turn for name in names for turn in ((name, each_ms), ("blue", good_ms))]
        seen = theatre.watch((each_ms + good_ms) * len(names) / 1000 + 3, lambda: rows.extend(theatre.play(*plan)))
        self.assertNotIn("black", {what for _, what in seen})
        turns = [theatre.hub.monotonic(row["at"]) for row in rows] + [seen[-1][0] + 1]
        for row, begun, ended in zip(rows, turns, turns[1:]):
            if row["item"] == "blue":
                shown = {what.rsplit(" ", 1)[0] for at, what in seen if begun <= at < ended}
                self.assertIn(BLUE, shown, f"after {rows[rows.index(row) - 1]['item']}")
        self.assertTrue(theatre.glass.alive())
        until(lambda: len(theatre.films()) == 2, "two decks", 5)
        return theatre.log()

    def test_films_with_flipped_bits_never_make_the_wall_black(self):
        names = clips.flip(os.path.join(self.media, "red.mp4"), self.media, 16)
        log = self.between_good_films(names, 900, 500)
        refused = [name for name in names if f"film: {name} is not shown (" in log]
        # Some bits matter and some do not; otherwise nothing was tried.
        self.assertTrue(0 < len(refused) < len(names), refused)

    def test_films_that_no_import_lets_in_never_make_the_wall_black(self):
        log = self.between_good_films(clips.make_odd(self.media), 2500, 800)
        self.assertIn("film: sound-alone is not shown (film_without_pictures)", log)

    def test_a_decoder_that_dies_or_hangs_takes_nothing_along(self):
        theatre = self.theatre()

        def harm():
            rows = theatre.play(("red", 1500), ("blue", 4200), lead_ms=1000)
            time.sleep(max(0.0, (rows[0]["at"] + 700 - theatre.hub.now()) / 1000))
            os.kill(busiest(theatre.films()), signal.SIGKILL)
            time.sleep(max(0.0, (rows[1]["at"] + 300 - theatre.hub.now()) / 1000))
            os.kill(busiest(theatre.films()), signal.SIGSTOP)

        seen = theatre.watch(8, harm)
        # Killed: a scene at once. Stopped: its last picture for the watchdog's time, then a scene.
        self.assertEqual(films_of(seen), ["other", RED, "other", BLUE, "other"])
        self.assertTrue(theatre.glass.alive())
        self.assertIn("red is not shown (film_crashed)", theatre.log())
        self.assertIn("blue is not shown (film_stalled)", theatre.log())
        until(lambda: len(theatre.films()) == 2, "new decks", 5)

    def films_by_turns(self, *extra):
        """Which processes there were after each of six films, and what was seen."""
        theatre = self.theatre(extra=extra)
        before = set(theatre.films())
        seen = theatre.watch(7, lambda: theatre.play(*[("red", 900), ("blue", 900)] * 3))
        until(lambda: len(theatre.films()) == 2, "two decks", 5)
        return before, set(theatre.films()), films_of(seen), theatre.log()

    def test_a_film_process_that_has_grown_is_renewed_between_two_films(self):
        before, after, seen, log = self.films_by_turns("--film-memory", "1")
        self.assertEqual(seen, ["other"] + [RED, BLUE] * 3 + ["other"])
        self.assertFalse(before & after, "each process has been renewed")
        self.assertIn("is replaced", log)

    def test_a_film_process_within_its_memory_stays(self):
        """Control of the one above."""
        before, after, seen, log = self.films_by_turns()
        self.assertEqual(seen, ["other"] + [RED, BLUE] * 3 + ["other"])
        self.assertEqual(before, after)
        self.assertNotIn("is replaced", log)

    def test_the_watcher_tells_black_from_a_film(self):
        """Control: without it "no black picture" would say nothing."""
        theatre = self.theatre()
        seen = theatre.watch(4, lambda: theatre.play(("red", 700), ("dark", 700), ("blue", 700), lead_ms=1000))
        self.assertEqual(films_of(seen), ["other", RED, "black", BLUE, "other"])

    def test_without_a_decoder_the_board_goes_on_and_says_so(self):
        theatre = self.theatre(env={"QT_MEDIA_BACKEND": "none"}, decks=0)
        until(lambda: "no films on this machine (no_decoder)" in theatre.log(), "a word in the log", 10)
        seen = theatre.watch(2, lambda: theatre.play(("red", 1000), lead_ms=500))
        self.assertEqual(films_of(seen), ["other"])

    def test_with_a_decoder_the_same_turn_is_a_film(self):
        """Control of the one above."""
        theatre = self.theatre()
        seen = theatre.watch(3, lambda: theatre.play(("red", 1000), lead_ms=500))
        self.assertEqual(films_of(seen), ["other", RED, "other"])
        self.assertNotIn("no_decoder", theatre.log())

    def test_a_film_cut_short_gives_way_in_the_middle_of_its_turn_and_a_whole_one_does_not(self):
        theatre = self.theatre()
        seen = theatre.watch(10, lambda: theatre.play(("cut", 3500), ("red", 3500), lead_ms=1000))
        self.assertEqual(films_of(seen), ["other", "film 4", "other", RED, "other"])
        self.assertEqual(theatre.log().count("a scene is shown (film_short)"), 1)


def busiest(pids):
    """The process that has used the most of the processor in the last moments."""
    def ticks(pid):
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])
    before = {pid: ticks(pid) for pid in pids}
    time.sleep(.2)
    return max(pids, key=lambda pid: ticks(pid) - before[pid])


if __name__ == "__main__":
    main(__doc__)
