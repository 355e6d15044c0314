# SPDX-License-Identifier: Apache-2.0
"""Programs with a window on a machine that lacks something: a screen, the station's directory, fonts, a voice. What they
cannot do without they say to a person, and end; of what else is missing the desk hears. Their help needs no screen."""
import argparse
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.station import Station, clean, until, work_dir  # noqa: E402

PROGRAMS = ("machiai-display", "machiai-kiosk", "machiai-desk", "machiai-room")
folder = "."


def run(program, *arguments, display=None, offscreen=False):
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    env = {name: value for name, value in os.environ.items() if name not in left_out}
    if display is not None:
        env["DISPLAY"] = display
    if offscreen:
        env["QT_QPA_PLATFORM"] = "offscreen"
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

    def test_a_home_that_is_not_there_is_told(self):
        for program in PROGRAMS[:3]:
            with self.subTest(program=program), tempfile.TemporaryDirectory() as place:
                missing = os.path.join(place, "station")
                ended = run(program, "--home", missing, offscreen=True)
                self.assertEqual(ended.returncode, 2, ended.stderr)
                self.assertIn(f"--home: there is no directory {missing}", ended.stderr)

    def test_a_seat_s_name_that_is_none_is_told(self):
        for program in ("machiai-desk", "machiai-kiosk", "machiai-display"):
            for name in ("", "front desk", "受付", "x" * 33):
                with self.subTest(program=program, name=name), tempfile.TemporaryDirectory() as home:
                    ended = run(program, "--home", home, "--seat", name, offscreen=True)
                    self.assertEqual((ended.returncode, ended.stdout), (2, ""))
                    self.assertIn("--seat", ended.stderr)

    def test_missing_fonts_and_voice_are_told_at_the_desk(self):
        place = work_dir("lacking")
        self.addCleanup(clean, place)
        fonts = os.path.join(place, "fonts.conf")
        with open(fonts, "w", encoding="utf-8") as file:
            file.write('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig/>')
        env = {**os.environ, "PATH": place, "FONTCONFIG_FILE": fonts, "QT_QPA_PLATFORM": "offscreen"}
        with Station(os.path.join(place, "home"), folder) as station:
            for role, lacking in (("desk", {"no_font"}), ("kiosk", {"no_font", "no_guidance"}), ("display", {"no_font", "no_voice"})):
                with self.subTest(role):
                    seat = subprocess.Popen([os.path.join(folder, f"machiai-{role}"), "--home", station.home], env=env,
                                            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    try:
                        until(lambda: lacking <= {each["reason"] for each in station.status()["troubles"]}, lacking, 30)
                    finally:
                        seat.kill()
                        seat.wait()
                    until(lambda: not lacking & {each["reason"] for each in station.status()["troubles"]}, "the seat to be gone")

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
