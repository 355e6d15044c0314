# SPDX-License-Identifier: Apache-2.0
"""A pretended time for one process, by libfaketime itself.

Not by the `faketime` command: that one ends with "sem_open: File exists" when a killed process of the same pid has left
its shared memory behind, and a machine that kills many of them soon has some. `forget(pid)` takes such a rest away.
"""
import os

LIBRARIES = [f"/usr/lib/{triple}/faketime/libfaketimeMT.so.1"
             for triple in ("x86_64-linux-gnu", "aarch64-linux-gnu", "riscv64-linux-gnu")]


def library():
    """The library's path, or None where it is not installed."""
    return next((path for path in LIBRARIES if os.path.exists(path)), None)


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
