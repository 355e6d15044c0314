# SPDX-License-Identifier: Apache-2.0
"""Programs with a window where no screen can be reached: they say so to a person, and end. Their help needs none."""
import argparse
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAMS = ("machiai-display", "machiai-kiosk", "machiai-desk", "machiai-room")
folder = "."


def run(program, *arguments, display=None):
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    env = {name: value for name, value in os.environ.items() if name not in left_out}
    if display is not None:
        env["DISPLAY"] = display
    return subprocess.run([os.path.join(folder, program), *arguments], env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60, check=False)


class NoScreen(unittest.TestCase):
    def test_a_missing_screen_is_told_in_words(self):
        for program in PROGRAMS:
            for display in (None, ":4711"):
                with self.subTest(program=program, display=display), tempfile.TemporaryDirectory() as home:
                    ended = run(program, "--home", home, display=display)
                    self.assertEqual(ended.returncode, 3, ended.stderr)
                    self.assertIn("画面につながりません", ended.stderr)
                    self.assertIn(f"No screen can be reached (DISPLAY={display or ''})", ended.stderr)
                    self.assertNotIn("plugin", ended.stderr)

    def test_the_help_and_the_version_need_no_screen(self):
        for program in PROGRAMS:
            for argument in ("--help", "--version"):
                with self.subTest(program=program, argument=argument):
                    ended = run(program, argument)
                    self.assertEqual(ended.returncode, 0, ended.stderr)
                    self.assertIn("Usage" if argument == "--help" else program, ended.stdout)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    options, rest = parser.parse_known_args()
    folder = options.bin
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
