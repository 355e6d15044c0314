# SPDX-License-Identifier: Apache-2.0
"""machiai-forecast as people use it: on files this test makes itself."""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

HEADER = "Session,Month,DayOfWeek,AM_PM,Visit.No,StartTime,PayTime,ServTime"
METHOD = ("mae_minutes", "coverage80", "median_width80_minutes", "late_over_10_share")
program = pathlib.Path("machiai-forecast")


def clock(seconds):
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def made_up(sessions, seed=1):
    """Half-days of a doctor who is quicker on some days and hurries towards noon."""
    dice = random.Random(seed)
    lines = [HEADER]
    for session in range(1, sessions + 1):
        at, day = 9 * 3600, dice.lognormvariate(0, 0.2)
        for patient in range(dice.randint(10, 20)):
            first = dice.random() < 0.4
            length = int((900 if first else 500) * day * (1 - 0.025 * patient) * dice.lognormvariate(0, 0.4))
            lines.append(f"{session},May,Monday,morning,{1 if first else 4},{clock(at)},,{length}")
            at += length
    return lines


class Program(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="machiai-forecast-")
        self.addCleanup(scratch.cleanup)
        self.file = pathlib.Path(scratch.name, "visits.csv")

    def run_on(self, lines, *flags):
        self.file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return self.run_with(self.file, *flags)

    def run_with(self, *arguments):
        return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)

    def answer(self, lines, *flags):
        done = self.run_on(lines, *flags)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def test_prints_each_method_over_the_same_forecasts(self):
        answer = self.answer(made_up(120))
        for method in (answer, answer["fixed"], answer["rolling5"]):
            for field in METHOD:
                self.assertGreater(method[field], 0, field)
        self.assertEqual(answer["sessions"], 120)
        self.assertGreater(answer["n_withheld"], 0)
        self.assertLess(answer["mae_minutes"], answer["fixed"]["mae_minutes"])
        self.assertLess(answer["mae_minutes"], answer["rolling5"]["mae_minutes"])
        self.assertTrue(0.77 <= answer["coverage80"] <= 0.83, answer["coverage80"])

    def test_json_is_the_default(self):
        lines = made_up(5)
        self.assertEqual(self.answer(lines), self.answer(lines, "--json"))

    def test_tells_of_every_session_when_asked(self):
        lines = made_up(6)
        answer = self.answer(lines, "--per-session")
        each = answer.pop("per_session")
        self.assertEqual([one["session"] for one in each], ["1", "2", "3", "4", "5", "6"])
        self.assertEqual(sum(one["n_forecasts"] for one in each), answer["n_forecasts"])
        self.assertIsNone(each[0]["mae_minutes"], "nothing is known in the first session")
        self.assertEqual(answer, self.answer(lines))

    def test_later_sessions_change_nothing_before(self):
        early, late = made_up(8), made_up(20, seed=2)[1:]
        late = [f"later {line}" for line in late]
        first = self.answer(early, "--per-session")["per_session"]
        self.assertEqual(self.answer(early + late, "--per-session")["per_session"][:8], first)

    def test_a_file_without_patients_is_no_accuracy(self):
        answer = self.answer([HEADER])
        self.assertEqual((answer["sessions"], answer["n_forecasts"]), (0, 0))
        self.assertIsNone(answer["mae_minutes"])

    def test_refuses_with_the_line(self):
        lines = made_up(3)
        lines[4] = lines[4].replace(",morning,", ",morning,x")
        done = self.run_on(lines)
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("line 5: Visit.No is not a number from 1", done.stderr)

    def test_refuses_a_file_without_the_columns(self):
        done = self.run_on(["Session,AM_PM,Visit.No,StartTime", "1,morning,1,9:00:00"])
        self.assertEqual(done.returncode, 3)
        self.assertIn("no column ServTime", done.stderr)

    def test_refuses_what_it_cannot_open(self):
        for path in (self.file, self.file.parent):
            done = self.run_with(path)
            self.assertEqual((done.returncode, done.stdout), (3, ""), path)
            self.assertTrue(done.stderr.startswith("machiai-forecast: "), done.stderr)

    def test_wrong_usage_is_2_and_help_is_0(self):
        self.assertEqual(self.run_with().returncode, 2)
        self.assertEqual(self.run_with("a", "b").returncode, 2)
        self.assertEqual(self.run_with("--what").returncode, 2)
        self.assertEqual(self.run_with("--help").returncode, 0)
        self.assertIn("machiai-forecast", self.run_with("--version").stdout)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path("build/bin"))
    known, rest = parser.parse_known_args()
    program = known.bin.resolve() / "machiai-forecast"
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
