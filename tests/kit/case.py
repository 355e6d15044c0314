# SPDX-License-Identifier: Apache-2.0
"""What walks share: a test case with a station of its own, and a main() that knows where the programs are.

A walk reads as sentences: one method, one promise. `--bin DIR` comes from ctest.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import unittest

from kit.station import Station, clean, work_dir

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
options = argparse.Namespace(bin=ROOT / "build/bin")


def program(name):
    return os.path.join(options.bin, name)


def edit_settings(home, **values):
    """Sets `key = value` lines of clinic.toml; every key must be there already."""
    path = pathlib.Path(home) / "clinic.toml"
    text = path.read_text(encoding="utf-8")
    for key, value in values.items():
        text, count = re.subn(rf"(?m)^{key} = \S+", lambda _, k=key, v=value: f"{k} = {v}", text)
        if count == 0:
            raise KeyError(key)
    path.write_text(text, encoding="utf-8")


class Commands:
    """What a test case with a `station` says to it."""

    def done(self, verb, *args):
        """The answer of a command that must be done."""
        code, answer = self.station.cli(verb, *args)
        self.assertEqual(code, 0, f"{verb} {args}: {answer}")
        return answer


class StationCase(Commands, unittest.TestCase):
    """A fresh home and a running daemon for each class; both counters open."""

    settings = {}  # lines of clinic.toml that differ
    opens = ("naika", "shouni")

    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("walk")
        cls.addClassCleanup(clean, cls.dir)
        cls.station = Station(os.path.join(cls.dir, "home"), options.bin)
        cls.station.init()
        edit_settings(cls.station.home, **cls.settings)
        cls.station.start()
        cls.addClassCleanup(cls.station.kill9)
        for service in cls.opens:
            cls.station.cli("open", service)

    def refused(self, reason, verb, *args):
        """Exit code 3 and a whole error with this reason."""
        code, answer = self.station.cli(verb, *args)
        self.assertEqual(code, 3, f"{verb} {args}: {answer}")
        self.assertEqual(answer["error"]["reason"], reason)
        for field in ("code", "message"):
            self.assertTrue(answer["error"][field], field)
        return answer["error"]

    def take(self, service="naika", *args):
        return self.done("take", service, *args)["ticket"]

    def line(self, service="naika", state="waiting"):
        """Tickets in this state, in the order `queue` gives."""
        return [t["ticket"] for t in self.done("queue", service)["tickets"] if t["state"] == state]

    def state(self, ticket):
        service = ticket.rsplit("-", 2)[0]
        return next(t for t in self.done("queue", service)["tickets"] if t["ticket"] == ticket)

    def raw(self, *args, **more):
        """machiai with exactly these arguments."""
        return subprocess.run([program("machiai"), *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=False, **more)


def main(description):
    parser = argparse.ArgumentParser(description=description, add_help=False)
    parser.add_argument("--bin", type=pathlib.Path, default=options.bin)
    known, rest = parser.parse_known_args(namespace=options)
    options.bin = known.bin.resolve()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
