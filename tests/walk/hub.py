# SPDX-License-Identifier: Apache-2.0
"""What the hub keeps to its seats: who is connected, and which command a key belongs to."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import StationCase, main  # noqa: E402
from kit.hub import Refused  # noqa: E402
from kit.station import until  # noqa: E402


class Seats(StationCase):
    def connected(self):
        with self.station.hub("cli", "watch") as hub:
            return {each["seat"]: each["connected"] for each in hub.ok("status")["seats"]}

    def test_a_seat_is_here_as_long_as_one_of_its_connections_is(self):
        """It came again by a new line before the old one was found to be dead."""
        old, new = self.station.hub("desk", "front"), self.station.hub("desk", "front")
        old.close()
        with self.station.hub("desk", "other"):
            pass
        until(lambda: self.connected()["other"] is False, "the other seat to leave, and the old line with it")
        self.assertTrue(self.connected()["front"])
        new.close()
        until(lambda: self.connected()["front"] is False, "the seat to leave")


class Keys(StationCase):
    def setUp(self):
        self.hub = self.station.hub("desk", "front")
        self.addCleanup(self.hub.close)

    def reused(self, cmd, args, key):
        with self.assertRaises(Refused) as refused:
            self.hub.ok(cmd, args, key)
        self.assertEqual(refused.exception.reason, "key_reused")

    def test_a_key_belongs_to_a_command_that_changed_nothing(self):
        said = self.hub.ok("open", {"service": "naika"}, "open-1")
        self.assertTrue(said["unchanged"])
        self.reused("close", {"service": "naika"}, "open-1")
        self.hub.ok("close", {"service": "naika"})
        self.assertEqual(self.hub.ok("open", {"service": "naika"}, "open-1"), said, "the same answer, and no effect")
        self.assertFalse(self.hub.ok("queue", {"service": "naika"})["open"])
        self.hub.ok("open", {"service": "naika"}, "open-2")

    def test_the_oldest_of_them_are_forgotten(self):
        for nth in range(300):
            self.hub.ok("open", {"service": "shouni"}, f"shouni-{nth}")
        self.reused("close", {"service": "shouni"}, "shouni-299")
        self.hub.ok("close", {"service": "shouni"}, "shouni-0")
        self.hub.ok("open", {"service": "shouni"})

    def test_a_key_of_what_was_refused_is_free(self):
        with self.assertRaises(Refused):
            self.hub.ok("cancel", {"ticket": "naika/99"}, "free")
        self.assertTrue(self.hub.ok("take", {"service": "naika"}, "free")["ticket"])


if __name__ == "__main__":
    main(__doc__)
