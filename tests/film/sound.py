# SPDX-License-Identifier: Apache-2.0
"""How loud a film is: lower while somebody is called, silent in quiet hours."""
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from film.theatre import Theatre  # noqa: E402
from kit.case import main, program  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402


class Sound(unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("film-sound")
        self.addCleanup(clean, self.dir)

    def test_a_call_lowers_the_film_by_12_db_and_quiet_hours_silence_it(self):
        theatre, said = self.theatre_of_ears("call")
        board = theatre.hub.board
        until(lambda: "volume 1.000" in said(), "a film at its loudness", 10)
        new = {**board["calls"][0], "call": 900, "number": "25", "at": theatre.hub.now()}
        theatre.hub.push_board({**board, "calls": [new, *board["calls"]]})
        until(lambda: said()[-1] == "volume 0.251", "a lower film", 10)
        until(lambda: said()[-1] == "volume 1.000", "a film as before", 40)
        # It goes down and comes back in steps that nobody hears as a jump.
        levels = [float(line.split()[1]) for line in said()]
        self.assertLessEqual(max(abs(b - a) for a, b in zip(levels, levels[1:])), .121)
        _, said = self.theatre_of_ears("night", "--quiet", "0:00-23:59")
        until(lambda: said() and said()[-1] == "volume 0.000", "a silent film", 10)

    def theatre_of_ears(self, name, *extra):
        """A display whose decks only write down how loud they are told to be, once each."""
        folder = os.path.join(self.dir, "ears-" + name)
        os.mkdir(folder)
        shutil.copy(program("machiai-display"), folder)
        words = os.path.join(folder, "words")
        with open(os.path.join(folder, "machiai-film"), "w", encoding="ascii") as film:
            film.write(f"#!/bin/sh\necho ready\nexec cat >> {words}.$$\n")
        os.chmod(os.path.join(folder, "machiai-film"), 0o755)
        theatre = Theatre(folder, folder, extra=extra)
        theatre.bin = folder
        self.addCleanup(theatre.__exit__)
        theatre.glass.start()

        def said():
            """Of the first deck."""
            files = sorted(entry for entry in os.listdir(folder) if entry.startswith("words."))
            if not files:
                return []
            with open(os.path.join(folder, files[0]), encoding="ascii") as file:
                return [line.strip() for line in file if line.startswith("volume")]
        return theatre, said


if __name__ == "__main__":
    main(__doc__)
