# SPDX-License-Identifier: Apache-2.0
"""packaging/cluster under load: the primary, a node and etcd are killed. No acknowledged booking is lost, no number is
given twice or left out, a repeated key gives the same number, and the service comes back by itself."""
import os
import pathlib
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import main, options  # noqa: E402
from kit.cloud import facility  # noqa: E402
from kit.cluster import PACKAGING, ClusterCloud, Load, losses, packaged  # noqa: E402
from kit.station import clean, skip, until, work_dir  # noqa: E402

PLACES = ["a", "b", "c"]
LOST = "lost"
BACK_WITHIN = 30  # seconds after the primary was killed, as promised


class Failover(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cluster")
        cls.addClassCleanup(clean, cls.dir)
        cls.told = {place: {} for place in PLACES}  # of all cases
        cls.cloud = ClusterCloud(cls.dir, options.bin, [facility(each, n + 1) for n, each in enumerate([*PLACES, LOST])])
        cls.addClassCleanup(cls.cloud.stop)
        cls.cloud.start()
        until(cls.cloud.whole, "a synchronous standby", 60, 0.2)

    def numbers(self, place):
        number = [*PLACES, LOST].index(place) + 1
        return self.cloud.sql(f"SELECT key, n FROM number WHERE facility_id = {number} ORDER BY n")

    def check(self, load):
        """Nothing that was told has changed, and asking again tells the same."""
        load.stop()
        for place in PLACES:
            self.told[place].update(load.told(place))
            self.assertEqual(losses(self.told[place], self.numbers(place)), [])
            for key, number in list(load.told(place).items())[-5:]:
                status, body, _ = self.cloud.book(place, key=key)
                self.assertEqual((status, body["tickets"][0]["number"]), (201, number))
        # Whoever got no number was told so, and when to come again.
        self.assertEqual([each for each in load.others() if each.startswith(("4", "5")) and each != "503 not_recorded"], [])
        return load

    def tell(self, what, load):
        others = ", ".join(f"{count} x {each}" for each, count in sorted(load.others().items())) or "none"
        print(f"\n  {what}: {load.acknowledged()} acknowledged and kept; longest without one {load.longest_gap():.1f} s; "
              f"other answers: {others}", flush=True)

    def test_1_primary_killed(self):
        primary = self.cloud.cluster.primary()
        load = Load(self.cloud, PLACES, 6)
        load.more(60, "bookings")
        self.cloud.kill9(primary)
        until(lambda: self.cloud.cluster.primary() not in (None, primary), "another primary", 120, 0.1)
        load.more(60, "bookings after it")
        self.tell(f"primary {primary} killed", self.check(load))
        self.assertLessEqual(load.longest_gap(), BACK_WITHIN, "the service was away for longer")
        self.cloud.start()
        until(self.cloud.whole, "the old primary to follow the new", 120, 0.2)

    def test_2_node_killed(self):
        load = Load(self.cloud, PLACES, 6)
        load.more(60, "bookings")
        self.cloud.kill9("node1")
        load.more(60, "bookings of the other node")
        self.cloud.start()
        load.more(60, "bookings of both")
        self.tell("node killed", self.check(load))

    def test_3_etcd_lost(self):
        """Without etcd nobody knows who is primary: nobody is, until it is back."""
        load = Load(self.cloud, PLACES, 6)
        load.more(60, "bookings")
        self.cloud.kill9("etcd")
        until(lambda: self.cloud.cluster.primary() is None, "the primary to step down", 120, 0.1)
        until(lambda: load.others()["503 not_recorded"] > 0, "the nodes to say so", 120, 0.1)
        self.cloud.start()
        load.more(60, "bookings after it")
        self.tell("etcd lost", self.check(load))
        until(self.cloud.whole, "a synchronous standby", 120, 0.2)

    def test_4_a_loss_would_be_seen(self):
        """The same check on the same cluster, where replication does not wait: what had not been sent is missed."""
        cluster = self.cloud.cluster
        primary = cluster.primary()
        status, _ = cluster.http(primary + "-api", "/config", method="PATCH",
                                 body={"synchronous_mode": False, "synchronous_mode_strict": False})
        self.assertEqual(status, 200)
        until(lambda: not cluster.synchronous(), "replication without waiting", 60, 0.2)
        kept = self.cloud.book(LOST)[1]["tickets"][0]["number"]
        senders = [pid for pid in children(cluster.postmaster(primary)) if b"walsender" in command(pid)]
        self.assertGreaterEqual(len(senders), 1)
        for pid in senders:
            os.kill(pid, signal.SIGSTOP)
        load = Load(self.cloud, [LOST], 1)
        load.more(5, "bookings that stay on one disk")
        self.cloud.kill9(primary)
        for pid in senders:
            os.kill(pid, signal.SIGKILL)
        load.stop()
        until(lambda: cluster.primary() not in (None, primary), "another primary", 120, 0.1)
        found = losses(load.told(LOST), self.numbers(LOST))
        self.assertIn(f"acknowledged {int(kept) + 1} is not there", found)
        print(f"\n  without synchronous replication: {len(found)} of {load.acknowledged()} acknowledged are lost, and seen",
              flush=True)


class Planted(unittest.TestCase):
    def test_the_check_sees_each_kind(self):
        told = {"k1": "1", "k2": "2", "k3": "3"}
        rows = [["k1", "1"], ["k2", "2"], ["k3", "3"]]
        self.assertEqual(losses(told, rows), [])
        for planted, seen in ((rows[:2], "acknowledged 3 is not there"),
                              ([rows[0], rows[2]], "number 2 is missing"),
                              ([rows[0], ["k2", "3"], ["k3", "2"]], "acknowledged 2 is now 3"),
                              (rows + [["k4", "3"]], "number 3 was given twice"),
                              (rows + [["k1", "4"]], "key k1 has the numbers 1 and 4")):
            self.assertIn(seen, losses(told, planted))


class Commands(unittest.TestCase):
    """What `up`, `down` and `status` say when there is nothing to do or to do it with."""

    def run_it(self, verb, *args, **env):
        run = subprocess.run([f"{PACKAGING}/{verb}", *args], capture_output=True, text=True, timeout=60, check=False,
                             env=dict(os.environ, **env))
        return run.returncode, run.stderr

    def test_nothing_there(self):
        for verb in ("down", "status"):
            code, said = self.run_it(verb, "--home", "/nonexistent/cluster")
            self.assertEqual((code, "no cluster in" in said), (2, True), said)

    def test_a_missing_program_is_named(self):
        code, said = self.run_it("up", "--home", "/nonexistent/cluster", "--bin", "/nonexistent")
        self.assertEqual((code, "machiai-cloud (/nonexistent/machiai-cloud; see --bin)" in said), (2, True), said)


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(each) for each in file.read().split()]


def command(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read()


if __name__ == "__main__":
    if gone := packaged.Cluster("/nonexistent").missing("/bin/true"):
        skip("missing: " + ", ".join(gone))
    main(__doc__)
