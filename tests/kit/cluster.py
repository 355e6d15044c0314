# SPDX-License-Identifier: Apache-2.0
"""The scaled-out cloud of packaging/cluster for a test, a load of bookings on it, and what must hold of them after."""
import collections
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid

from kit.cloud import ALWAYS, Cloud
from kit.station import until

PACKAGING = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", "packaging", "cluster"))
sys.path.insert(0, PACKAGING)

import cluster as packaged  # noqa: E402
import processes  # noqa: E402


class ClusterCloud(Cloud):
    """Asks through HAProxy. Ends with the process that made it, however that ends."""

    def __init__(self, directory, bin_dir, facilities, *, provider=None):  # pylint: disable=super-init-not-called
        os.chmod(directory, 0o711)  # PostgreSQL's user walks through
        self.cluster = packaged.Cluster(os.path.join(directory, "cluster"))
        self.home = self.cluster.path("node1")
        self.plain = False
        self.bin = str(bin_dir)
        self.facilities = os.path.join(directory, "facilities.json")
        with open(self.facilities, "w", encoding="utf-8") as file:
            json.dump({"provider": provider or ALWAYS, "facilities": facilities}, file)
        self.watcher = subprocess.Popen(["sh", "-c", f"cat >/dev/null; exec {PACKAGING}/down --home {self.cluster.home}"],
                                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)

    def start(self, seconds=180.0):
        """Starts what does not run."""
        run = subprocess.run([PACKAGING + "/up", "--home", self.cluster.home, "--bin", self.bin, "--facilities",
                              self.facilities], capture_output=True, text=True, timeout=seconds, check=False)
        assert run.returncode == 0, run.stderr
        self.cluster = packaged.Cluster(self.cluster.home)
        return self

    def stop(self, seconds=120.0):
        self.watcher.stdin.close()
        return self.watcher.wait(seconds)

    def __exit__(self, *_):
        self.stop()

    def port(self):
        return self.cluster.port("service")

    def sql(self, text):
        return until(lambda: self.cluster.psql(text) is not None and [self.cluster.psql(text)], "the primary", 60, 0.2)[0]

    def log_text(self):
        return "\n".join(self.cluster.last_words(name) for name in self.cluster.parts())

    def kill9(self, *names):
        """The part, and a member's PostgreSQL with it."""
        for name in names:
            pids = [processes.running(self.cluster.run_dir, name)]
            if name in self.cluster.layout["members"]:
                pids.append(self.cluster.postmaster(name))
            for pid in filter(None, pids):
                os.kill(pid, signal.SIGKILL)

    def whole(self):
        """Every member streams and one of them is a synchronous standby."""
        rows = self.cluster.status()
        streaming = self.cluster.psql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'",
                                      user="postgres", database="postgres")
        return (all(row["well"] for row in rows) and any("synchronous" in row["says"] for row in rows)
                and streaming == [[str(len(self.cluster.layout["members"]) - 1)]])


class Booker(threading.Thread):
    """Books without a pause; a press whose answer was no number is repeated with its key."""

    def __init__(self, cloud, place):
        super().__init__(daemon=True)
        self.cloud, self.place, self.over = cloud, place, threading.Event()
        self.acknowledged, self.times, self.others = {}, [], collections.Counter()
        self.start()

    def run(self):
        while not self.over.is_set():
            self.once(str(uuid.uuid4()))

    def once(self, key):
        while not self.over.is_set():
            try:
                status, body, headers = self.cloud.book(self.place, key=key, timeout=30)
            except TimeoutError:
                self.others["no answer in 30 s"] += 1
                continue
            except (OSError, ValueError, EOFError):
                self.others["no connection"] += 1
                self.over.wait(0.1)
                continue
            except Exception as error:  # half an answer: the node was killed
                self.others[type(error).__name__] += 1
                continue
            if status == 201:
                self.acknowledged[key] = body["tickets"][0]
                self.times.append(time.monotonic())
                return
            self.others[f"{status} {body['error']['reason']}{'' if 'Retry-After' in headers else ' without Retry-After'}"] += 1
            self.over.wait(0.2)


class Load:
    """Bookers on the facilities in turn."""

    def __init__(self, cloud, places, count):
        self.bookers = [Booker(cloud, places[n % len(places)]) for n in range(count)]

    def acknowledged(self):
        return sum(len(booker.acknowledged) for booker in self.bookers)

    def more(self, count, what, seconds=120):
        """Waits for so many more."""
        before = self.acknowledged()
        until(lambda: self.acknowledged() >= before + count, what, seconds, 0.05)

    def stop(self):
        for booker in self.bookers:
            booker.over.set()
        for booker in self.bookers:
            booker.join(60)
        return self

    def told(self, place):
        """Key -> number, of every acknowledged booking."""
        return {key: ticket["number"] for booker in self.bookers if booker.place == place
                for key, ticket in booker.acknowledged.items()}

    def others(self):
        return sum((booker.others for booker in self.bookers), collections.Counter())

    def longest_gap(self):
        """Seconds without an acknowledgement for anybody."""
        times = sorted(moment for booker in self.bookers for moment in booker.times)
        return max((later - earlier for earlier, later in zip(times, times[1:])), default=0.0)


def losses(told, rows):
    """What is wrong with the database's numbers (rows of key and n, by n) against the acknowledged ones."""
    found = []
    numbers = [int(n) for _, n in rows]
    twice = [n for n, count in collections.Counter(numbers).items() if count > 1]
    found += [f"number {n} was given twice" for n in twice]
    found += [f"number {n} is missing" for n in sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))]
    kept = {}
    for key, n in rows:
        if key in kept:
            found.append(f"key {key} has the numbers {kept[key]} and {n}")
        kept[key] = n
    for key, number in told.items():
        if key not in kept:
            found.append(f"acknowledged {number} is not there")
        elif kept[key] != number:
            found.append(f"acknowledged {number} is now {kept[key]}")
    return found
