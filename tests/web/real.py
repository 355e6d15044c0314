# SPDX-License-Identifier: Apache-2.0
"""The pages in Chromium against a real machiai-cloud, which the stand-in of the other tests only resembles: a family
books and cancels, a first visit comes, a slot is taken and given up, what is wrong is refused in words."""
import datetime
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import ROOT, main, options  # noqa: E402
from kit.cloud import ALWAYS, Cloud, card, facility, service  # noqa: E402
from kit.station import clean, work_dir  # noqa: E402

SLOTS = [{"opens": "9:00", "closes": "17:00", "minutes": 30, "places": 4, "days_ahead": 14}]


class Real(unittest.TestCase):
    def test_pages(self):
        here = work_dir("cloud")
        self.addCleanup(clean, here)
        minato = facility("minato", 1, cards=[card("1001", "1980-01-01"), card("1002", "1980-01-02")])
        minato["services"] = [{**service("naika", 1), "slots": SLOTS}]
        # Bookings of another date alone, so that what is said before they open is seen.
        to_come = (datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).isoweekday() + 2) % 7
        later = {**facility("later", 2), "services": [service("naika", 1, draw_seconds=45, windows=[
            {"weekdays": [to_come], "opens": "0:00", "closes": "24:00"}])]}
        with Cloud(os.path.join(here, "home"), options.bin, facilities=[minato, later], provider=ALWAYS) as cloud:
            env = dict(os.environ, MACHIAI_BASE=f"https://127.0.0.1:{cloud.port()}", MACHIAI_FACILITY="minato", MACHIAI_LATER="later",
                       MACHIAI_CARDS="1001=1980-01-01 1002=1980-01-02")
            ran = subprocess.run([str(ROOT / "tests/web/run"), "real"], env=env, capture_output=True, text=True, timeout=600,
                                 check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout[-6000:] + ran.stderr[-2000:])
        self.assertIn("# skipped 0", ran.stdout)


if __name__ == "__main__":
    main(__doc__)
