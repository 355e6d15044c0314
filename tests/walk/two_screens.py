# SPDX-License-Identifier: Apache-2.0
"""Two monitors on one machine, one lying and one standing: a board on each, and one that is unplugged and comes back.
One X server's screen is parted into two monitors by RandR, as a graphics card with two sockets shows them."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import StationCase, main  # noqa: E402
from kit.glass import Glass, changed  # noqa: E402
from kit.station import clean, skip, until, work_dir  # noqa: E402

LYING, STANDING = (0, 0, 1920, 1080), (1920, 0, 1080, 1920)
NUMBER = {LYING: (1770, 560, 110, 110), STANDING: (2840, 935, 120, 110)}  # of room 1


class TwoScreens(StationCase):
    def setUp(self):
        self.dir = work_dir("two-screens")
        self.addCleanup(clean, self.dir)
        self.glass = Glass(self.station, "display", (3000, 1920), self.dir, "--monitors", "all")
        self.addCleanup(self.glass.close)
        self.plug("lying", LYING, "screen")
        self.plug("standing", STANDING)
        if "Monitors: 2" not in self.xrandr("--listmonitors"):
            skip("this X server has no monitors of its own")
        self.glass.start()

    def xrandr(self, *words):
        return subprocess.run(["xrandr", *words], env=self.glass.env, capture_output=True, text=True, check=True).stdout

    def plug(self, name, place, output="none"):
        x, y, width, height = place
        self.xrandr("--setmonitor", name, f"{width}/{width // 4}x{height}/{height // 4}+{x}+{y}", output)

    def windows(self):
        """Where the boards' windows are: {(x, y, width, height)}."""
        found = set()
        for window in self.glass._window():
            told = self.glass._tool("xwininfo", "-id", window)
            rows = dict(row.strip().split(":", 1) for row in told.splitlines() if ":" in row)
            found.add(tuple(int(rows[name]) for name in
                            ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")))
        return found

    def expect_windows(self, *places):
        until(lambda: self.windows() == set(places), f"windows at {places}, seen {self.windows()}")

    def calls_are_seen_on(self, *places):
        before = {place: self.glass.part(NUMBER[place]) for place in places}
        ticket = self.take("naika")
        self.done("call", "naika", "--room", "1", "--ticket", ticket)
        for place, old in before.items():
            until(lambda p=place, o=old: changed(o, self.glass.part(NUMBER[p])) > .02, f"the call on {place}")

    def test_each_monitor_has_a_board_in_its_own_format(self):
        self.expect_windows(LYING, STANDING)
        self.calls_are_seen_on(LYING, STANDING)

    def test_a_monitor_that_is_unplugged_and_comes_back(self):
        self.expect_windows(LYING, STANDING)
        self.xrandr("--delmonitor", "standing")
        self.expect_windows(LYING)
        self.calls_are_seen_on(LYING)
        self.plug("standing", STANDING)
        self.expect_windows(LYING, STANDING)
        self.calls_are_seen_on(LYING, STANDING)


if __name__ == "__main__":
    main(__doc__)
