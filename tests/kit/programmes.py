# SPDX-License-Identifier: Apache-2.0
"""A station's programme by the command line, in a time of the test's own."""
import json
import os
import subprocess
import unittest

from kit import faketime
from kit.case import program
from kit.station import clean, work_dir

BEFORE, AFTER = "2026-11-20 09:00:00", "2026-11-29 09:00:00"  # of the deadline


def december():
    right = [{"from": "2026-12-01", "to": "2026-12-31"}]
    return {
        "format": 1, "facility": "minato", "programme": "2026-12", "version": 1,
        "period": {"from": "2026-12-01", "to": "2026-12-31"}, "deadline": "2026-11-28T18:00:00+09:00",
        "items": [
            {"id": "teeth", "kind": "provided", "title": "歯をみがこう", "sha256": "a" * 64, "seconds": 120,
             "rights": right},
            {"id": "heart", "kind": "provided", "title": "心臓のはなし", "sha256": "d" * 64, "seconds": 60,
             "rights": right},
            {"id": "closure", "kind": "notice", "title": "年末年始のお休み", "sha256": "b" * 64, "seconds": 20},
            {"id": "soap", "kind": "ad", "title": "せっけん", "sha256": "c" * 64, "seconds": 15, "sponsor": "せっけん社",
             "rights": right}],
        "slots": [{"id": "day", "from": "08:30", "to": "24:00", "items": ["teeth", "closure"], "ad_share": 10,
                   "ads": ["soap"]}]}


class ProgrammeCase(unittest.TestCase):
    """A home with a provider's key, and no daemon."""

    def setUp(self):
        self.dir = work_dir("walk")
        self.addCleanup(clean, self.dir)
        self.home = os.path.join(self.dir, "home")
        self.run_cli("init", "--example")
        self.done("keygen")

    def run_cli(self, *args, at=BEFORE, home=None):
        command = [program("machiai"), *args, "--home", home or self.home, "--json"]
        time = faketime.pretending(at) if at else {"TZ": "Asia/Tokyo"}
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
                              env=dict(os.environ, **time))

    def done(self, *args, **more):
        ran = self.run_cli("programme", *args, **more)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return json.loads(ran.stdout)

    def refused(self, reason, *args, **more):
        ran = self.run_cli("programme", *args, **more)
        self.assertEqual(ran.returncode, 3, ran.stdout + ran.stderr)
        error = json.loads(ran.stdout)["error"]
        self.assertEqual(error["reason"], reason)
        self.assertTrue(error["message"])

    def write(self, document, name="programme.json"):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False)
        return path

    def load(self, document, **more):
        path = self.write(document)
        self.done("sign", path)
        return self.done("load", path, **more)

    def kinds(self, date="2026-12-07"):
        return {turn["kind"] for turn in self.done("day", date)["turns"]}

    def signed(self, document):
        path = self.write(document)
        self.done("sign", path)
        return path
