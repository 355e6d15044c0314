# SPDX-License-Identifier: Apache-2.0
"""From `make demo` to a running waiting room, once everything has been built, as somebody at a terminal sees it."""
import os
import pathlib
import re
import signal
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def start_and_end(build):
    """Seconds from the word to the demo's own "running", and what of it the demo counts; ended by Ctrl-C."""
    began, said = time.monotonic(), []
    process = subprocess.Popen(["make", "demo", f"BUILD={build}"], cwd=ROOT, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        for line in process.stdout:
            said.append(line)
            if told := re.search(r"running after ([\d.]+) s", line):
                return time.monotonic() - began, float(told[1])
        raise RuntimeError("the demo did not run:\n" + "".join(said))
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=120)


def run(bench):
    start_and_end(bench.build)
    rounds = [start_and_end(bench.build) for _ in range(bench.rounds)]
    whole, own = (statistics.median(column) for column in zip(*rounds))
    slowest = max(seconds for seconds, _ in rounds)
    bench.row(f"`make demo`, second start until it runs (of it the demo itself {own:.1f} s), n {len(rounds)}", "<= 10 s",
              f"{whole:.1f} s (slowest {slowest:.1f})", whole <= 10)
