# SPDX-License-Identifier: Apache-2.0
"""Films and pictures whose bits were flipped before they are taken in: each is taken in whole or refused with a reason,
and nothing half-made stays on the shelf. `--flips N` (1000), `--workers N` (4), each with a station of its own.
"""
import argparse
import collections
import concurrent.futures
import glob
import json
import os
import random
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import main, program  # noqa: E402
from kit.station import Station, clean, work_dir  # noqa: E402

PATIENCE = 240  # seconds for one file: one takes a second alone, and half a minute where load is 18; a trap would run longer
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-movflags", "+faststart")


def flat(size="1280x720", seconds=1.1, rate=30):
    return ("-f", "lavfi", "-i", f"color=c=0x408060:s={size}:r={rate}:d={seconds}")


# Flat and short, so that the time goes into a thousand files and not into their pictures.
SOURCES = {
    "house.mp4": (*flat(), *X264, "-profile:v", "high"),
    "web.webm": (*flat("64x64", 1.1, 5), "-c:v", "libvpx", "-b:v", "50k"),
    "phone.mkv": (*flat("64x64", 1.1, 5), *X264[:6]),
    "picture.png": ("-f", "lavfi", "-i", "testsrc2=s=96x64", "-frames:v", "1"),
    "picture.jpg": ("-f", "lavfi", "-i", "testsrc2=s=96x64", "-frames:v", "1"),
}
# Most of what is flipped is the house's own form: it is kept as it is, so damage gets furthest.
SHARES = (("house.mp4", 70), ("web.webm", 5), ("phone.mkv", 5), ("picture.png", 10), ("picture.jpg", 10))

options = argparse.Namespace(flips=1000, workers=4)


def flipped(whole, seed):
    """Up to 16 bits, half of the time all in the head, where lengths and formats stand."""
    chance = random.Random(seed)
    damaged = bytearray(whole)
    reach = min(len(whole), 600) if seed % 2 else len(whole)
    for _ in range(1 << seed % 5):
        damaged[chance.randrange(reach)] ^= 1 << chance.randrange(8)
    return bytes(damaged)


class Flips(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("flips")
        cls.addClassCleanup(clean, cls.dir)
        cls.sources = {}
        for name, words in SOURCES.items():
            path = os.path.join(cls.dir, name)
            subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *words, path], check=True, timeout=60)
            with open(path, "rb") as file:
                cls.sources[name] = file.read()

    def plan(self):
        total = sum(share for _, share in SHARES)
        seed = 0
        for name, share in SHARES:
            for _ in range(options.flips * share // total):
                yield name, seed
                seed += 1

    def work(self, worker, jobs):
        """[(name, seed, exit code, reason)] of one station."""
        home = os.path.join(self.dir, f"home-{worker}")
        Station(home, program(""), start=False).init()
        outcomes = []
        for name, seed in jobs:
            path = os.path.join(self.dir, f"{worker}-{name}")
            with open(path, "wb") as file:
                file.write(flipped(self.sources[name], seed))
            done = subprocess.run([program("machiai"), "--home", home, "--json", "media", "add", path, "--seconds", "3"],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False)
            told = json.loads(done.stdout) if done.stdout.strip() else {}
            outcomes.append((name, seed, done.returncode, told.get("error", {}).get("reason", ""),
                             told.get("sha256", "")))
        return home, outcomes

    def test_a_damaged_source_is_taken_in_whole_or_refused_with_a_reason(self):
        jobs = list(self.plan())
        random.Random(1).shuffle(jobs)
        with concurrent.futures.ThreadPoolExecutor(options.workers) as pool:
            shares = [jobs[i::options.workers] for i in range(options.workers)]
            results = list(pool.map(self.work, range(options.workers), shares))
        counted = collections.Counter()
        for home, outcomes in results:
            taken = set()
            for name, seed, code, reason, sha256 in outcomes:
                with self.subTest(name=name, seed=seed):
                    self.assertIn(code, (0, 3), "a crash or a hang")
                    self.assertTrue(reason if code == 3 else sha256)
                    counted[(name.rsplit(".", 1)[1], reason or "taken in")] += 1
                taken |= {sha256} - {""}
            vaults = {os.path.basename(path)[:-len(".vault")]
                      for path in glob.glob(os.path.join(home, "media", "*", "*.vault"))}
            self.assertEqual(vaults, taken, "what is on the shelf is what was taken in")
            self.assertEqual(glob.glob(os.path.join(home, "media", "**", "*.part"), recursive=True), [])
            verify = subprocess.run([program("machiai"), "--home", home, "--json", "media", "verify"], check=False,
                                    capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual((verify.returncode, json.loads(verify.stdout)["holds"]), (0, True))
        for (kind, reason), count in sorted(counted.items()):
            print(f"{kind:4} {reason:24} {count}")
        # The flips are of use: some are noticed, and some are not worth a refusal.
        self.assertTrue(any(reason == "taken in" for _, reason in counted))
        self.assertGreater(sum(n for (_, reason), n in counted.items() if reason != "taken in"), options.flips // 20)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=4)
    _, rest = parser.parse_known_args(namespace=options)
    sys.argv[1:] = rest
    main(__doc__)
