# SPDX-License-Identifier: Apache-2.0
"""A pretended time for one process, by libfaketime itself.

Not by the `faketime` command: that one ends with "sem_open: File exists" when a killed process of the same pid has left
its shared memory behind, and a machine that kills many of them soon has some. `forget(pid)` takes such a rest away.
"""
import os
import time

LIBRARIES = [f"/usr/lib/{triple}/faketime/libfaketimeMT.so.1"
             for triple in ("x86_64-linux-gnu", "aarch64-linux-gnu", "riscv64-linux-gnu")]


def library():
    """The library's path, or None where it is not installed."""
    return next((path for path in LIBRARIES if os.path.exists(path)), None)


def preload(bin_dir):
    """What a daemon is started with, timers first (tests/fault/true_timers.c); None without libfaketime."""
    timers = os.path.join(os.path.abspath(bin_dir), "..", "tests", "libtrue_timers.so")
    return library() and f"{os.path.normpath(timers)}:{library()}"


def pretending(text):
    """Environment of a process that starts at "2026-11-24 23:59:50" of Japan; its clock runs on from there."""
    return {"LD_PRELOAD": library(), "FAKETIME": "@" + text, "TZ": "Asia/Tokyo", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1"}


def forget(pid):
    for name in (f"faketime_shm_{pid}", f"sem.faketime_sem_{pid}"):
        try:
            os.unlink("/dev/shm/" + name)
        except OSError:
            pass


class FakeClock:
    """A wall clock for one process; it runs, and it can be set at any moment."""

    def __init__(self, path, preload):
        self.path = path
        self.env = {"LD_PRELOAD": preload, "FAKETIME_TIMESTAMP_FILE": path, "FAKETIME_NO_CACHE": "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}
        self.offset = 0.0

    def set(self, seconds):
        self.move(seconds - time.time() - self.offset)

    def move(self, seconds):
        self.offset += seconds
        # Replaced whole: it is read at each look at the clock.
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write(f"{self.offset:+.3f}s\n")
        os.replace(self.path + ".new", self.path)

    def now(self):
        return time.time() + self.offset
