# SPDX-License-Identifier: Apache-2.0
"""The database or the program is killed in the middle of bookings: nothing that was acknowledged is lost, nothing is
given twice, and both come back by themselves."""
import os
import pathlib
import signal
import socket
import sys
import threading
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import ROOT, main, options  # noqa: E402
from kit.cloud import Cloud, facility, first  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(each) for each in file.read().split()]


class Booker(threading.Thread):
    """Books without a pause; a press whose answer got lost is repeated with its key."""

    def __init__(self, cloud):
        super().__init__(daemon=True)
        self.cloud, self.acknowledged, self.over = cloud, {}, threading.Event()
        self.start()

    def run(self):
        while not self.over.is_set():
            key = str(uuid.uuid4())
            while not self.over.is_set():
                try:
                    status, body, _ = self.cloud.book("a", key=key, timeout=5)
                except Exception:  # the program is away
                    self.over.wait(0.05)
                    continue
                if status == 201:
                    self.acknowledged[key] = body["tickets"][0]
                    break



class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        cls.cloud = Cloud(os.path.join(cls.dir, "home"), options.bin, facilities=[facility("a", 1), facility("b", 2), facility("c", 3)],
                          args=("--smtp", "127.0.0.1:9", "--mail-from", "notice@example.jp")).start()
        cls.addClassCleanup(cls.cloud.__exit__)

    def held(self, bookers):
        """Every acknowledged number is in the database under its key, and each number once, without a gap."""
        rows = self.cloud.sql("SELECT key, n FROM number WHERE facility_id = 1 ORDER BY n")
        self.assertEqual([int(n) for _, n in rows], list(range(1, len(rows) + 1)))
        kept = {key: n for key, n in rows}
        self.assertEqual(len(kept), len(rows))
        told = {key: ticket for booker in bookers for key, ticket in booker.acknowledged.items()}
        self.assertEqual({key: kept.get(key) for key in told}, {key: ticket["number"] for key, ticket in told.items()})
        for key, ticket in list(told.items())[-5:]:
            again = self.cloud.book("a", key=key)
            self.assertEqual(again[1]["tickets"][0], ticket)
        return len(told)

    def finish(self, bookers):
        for booker in bookers:
            booker.over.set()
        for booker in bookers:
            booker.join(30)

    def test_database_killed(self):
        bookers = [Booker(self.cloud) for _ in range(4)]
        for _ in range(3):
            before = sum(len(booker.acknowledged) for booker in bookers)
            until(lambda b=before: sum(len(booker.acknowledged) for booker in bookers) > b + 20, "bookings", 40)
            dead = self.cloud.postmaster()
            os.kill(dead, signal.SIGKILL)
            until(lambda d=dead: self.cloud.postmaster() not in (None, d), "another database", 40)
        before = sum(len(booker.acknowledged) for booker in bookers)
        until(lambda: sum(len(booker.acknowledged) for booker in bookers) > before + 20, "bookings after it", 40)
        self.finish(bookers)
        self.assertGreater(self.held(bookers), 80)

    def test_program_killed(self):
        bookers = [Booker(self.cloud) for _ in range(4)]
        for _ in range(2):
            before = sum(len(booker.acknowledged) for booker in bookers)
            until(lambda b=before: sum(len(booker.acknowledged) for booker in bookers) > b + 20, "bookings", 40)
            database = self.cloud.postmaster()
            self.cloud.kill9()
            until(lambda d=database: not os.path.exists(f"/proc/{d}"), "the database to end with its program", 40)
            self.cloud.start()
        self.finish(bookers)
        self.assertGreater(self.held(bookers), 40)

    def test_database_away(self):
        """Where the database stays away nothing is acknowledged, and it is said so."""
        ticket = self.cloud.book("a")[1]["tickets"][0]
        token = ticket["token"]
        pid = self.cloud.postmaster()
        # A directory in its way: the database cannot start again.
        data = os.path.join(self.cloud.home, "postgres", "data")
        os.rename(data, data + ".away")
        os.kill(pid, signal.SIGKILL)
        until(lambda: self.cloud.get("/healthz")[0] == 503, "healthz to say so", 40)
        answers = {}

        def ask(name, path, body=None, headers=None, method="POST"):
            answers[name] = self.cloud.ask(method, path, body, {"Content-Type": "application/json", **(headers or {})}, timeout=30)

        body = {"service": "naika", "people": [{"name": "見本", "phone": "00-0000-0000"}]}
        threads = [threading.Thread(target=ask, args=each) for each in (
            ("book", "/v1/facilities/a/bookings", body, {"Idempotency-Key": "k" * 20}),
            ("cancel", f"/v1/tickets/{token}/cancel"), ("arrive", f"/v1/tickets/{token}/arrive"),
            ("notice", f"/v1/tickets/{token}/notice", {"email": "patient@example.jp", "near": 3}, None, "PUT"),
            ("no notice", f"/v1/tickets/{token}/notice", None, None, "DELETE"))]
        threads += [threading.Thread(target=ask, args=(path, path, None, None, "GET")) for path in (
            "/v1/facilities/a", "/v1/facilities/a/status", "/v1/facilities/a/services/naika/slots", f"/v1/tickets/{token}",
            "/v1/facilities/a/numbers/naika-20261126-1")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(40)
        self.assertEqual(len(answers), len(threads), "each of them is answered in time")
        for name, (status, told, fields) in answers.items():
            self.assertEqual((name, status, told["error"]["reason"]), (name, 503, "not_recorded"))
            self.assertIn("Retry-After", fields)
        os.rename(data + ".away", data)
        until(lambda: self.cloud.get("/healthz")[0] == 200, "the database to come back", 40)
        again = self.cloud.book("a", key="k" * 20)[1]["tickets"][0]
        self.assertEqual(int(again["number"]), int(ticket["number"]) + 1)

    def test_database_stands_still(self):
        """A database that takes a booking and does not answer: the caller hears so in time, and his key finds out."""
        before = int(self.cloud.book("b")[1]["tickets"][0]["number"])
        still = children(self.cloud.postmaster())
        for pid in still:
            os.kill(pid, signal.SIGSTOP)
        try:
            status, told, fields = self.cloud.book("b", key="s" * 20, timeout=25)
            healthy = self.cloud.get("/healthz")
        finally:
            for pid in still:
                os.kill(pid, signal.SIGCONT)
        self.assertEqual((status, told["error"]["reason"]), (503, "not_recorded"))
        self.assertIn("Retry-After", fields)
        self.assertEqual(healthy[0], 503, "a proxy is to take another node")
        until(lambda: self.cloud.get("/healthz")[0] == 200, "the database to go on", 20)
        again = self.cloud.book("b", key="s" * 20)
        self.assertEqual((again[0], int(again[1]["tickets"][0]["number"])), (201, before + 1))
        rows = self.cloud.sql(f"SELECT n FROM number WHERE facility_id = 2 AND key = '{'s' * 20}'")
        self.assertEqual(rows, [[str(before + 1)]])

    def test_ends_beside_a_database_that_stands_still(self):
        before = int(self.cloud.book("b")[1]["tickets"][0]["number"])
        postmaster = self.cloud.postmaster()
        still = [*children(postmaster), postmaster]
        for pid in still:
            os.kill(pid, signal.SIGSTOP)
        try:
            until(lambda: self.cloud.get("/healthz")[0] == 503, "its work to stand still", 30)
            self.cloud.process.send_signal(signal.SIGTERM)
            self.assertEqual(self.cloud.process.wait(45), 0)
        finally:
            for pid in still:
                if os.path.exists(f"/proc/{pid}"):
                    os.kill(pid, signal.SIGCONT)
            if self.cloud.process.poll() is None:
                self.cloud.kill9()
            until(lambda: not os.path.exists(f"/proc/{postmaster}"), "the database to end", 40)
            self.cloud.start()
        self.assertEqual(int(self.cloud.book("b")[1]["tickets"][0]["number"]), before + 1)

    def test_a_database_that_never_greets(self):
        """Its machine hangs, or the network swallows what it says: it is given up, as one that is away."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"host=127.0.0.1 port={silent.getsockname()[1]} user=machiai password='it\\'s' dbname=postgres"
            cloud = Cloud(os.path.join(self.dir, "other"), options.bin, database=url)
            self.assertEqual(cloud.command("migrate").returncode, 4)

    def test_given_up_and_recorded_late(self):
        """A booking whose caller was told that nobody knows may be recorded afterwards: once, and his key finds it."""
        before = int(self.cloud.book("c")[1]["tickets"][0]["number"])
        told = {}

        def ask(name, key):
            told[name] = self.cloud.book("c", key=key, timeout=20)

        asked = {"one": "t" * 20, "the same, impatient": "t" * 20, "another": "u" * 20}
        callers = [threading.Thread(target=ask, args=each) for each in asked.items()]
        with self.cloud.holding("LOCK TABLE number IN SHARE MODE"):
            callers[0].start()
            until(self.cloud.standing, "his booking to stand still", 20)
            # Whoever comes now waits for the next batch, and is answered within twelve seconds as well.
            for caller in callers[1:]:
                caller.start()
            for caller in callers:
                caller.join(40)
            self.assertEqual({name: (each[0], each[1]["error"]["reason"]) for name, each in told.items()},
                             dict.fromkeys(asked, (503, "not_recorded")))
            self.assertEqual(self.cloud.sql("SELECT count(*) FROM number WHERE facility_id = 3"), [[str(before)]])
        rows = lambda: self.cloud.sql("SELECT n, key FROM number WHERE facility_id = 3 ORDER BY n")  # noqa: E731
        until(lambda: [str(before + 1), "t" * 20] in rows(), "what was given up to be recorded, though nobody asks again", 20)
        other = self.cloud.book("c", key="u" * 20)[1]["tickets"][0]
        after = self.cloud.book("c")[1]["tickets"][0]
        self.assertEqual([int(each["number"]) for each in (other, after)], [before + 2, before + 3], "numbers of their own")
        found = [self.cloud.book("c", key="t" * 20) for _ in range(2)]
        self.assertEqual([each[0] for each in found], [201, 201])
        self.assertEqual(found[0][1], found[1][1], "the same booking, however often he asks")
        (ticket,) = found[0][1]["tickets"]
        self.assertEqual(int(ticket["number"]), before + 1)
        self.assertEqual(self.cloud.get(f"/v1/tickets/{ticket['token']}")[1]["number"], ticket["number"])
        status, refused, _ = self.cloud.book("c", key="t" * 20, people=[first("別の 人")])
        self.assertEqual((status, refused["error"]["reason"]), (422, "key_reused"))
        self.assertEqual([int(n) for n, _ in rows()], list(range(1, before + 4)), "no number twice, none left out")
        self.assertEqual([key for _, key in rows() if key in asked.values()], ["t" * 20, "u" * 20])
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM ticket WHERE facility_id = 3"), [[str(before + 3)]])

    def test_the_same_port_at_every_start(self):
        """Stations, slips and phones hold it in their addresses."""
        port = self.cloud.port()
        self.cloud.stop()
        self.cloud.start()
        self.assertEqual(self.cloud.port(), port)
        self.cloud.stop()
        with socket.create_server(("127.0.0.1", port)):
            self.cloud.start()
            self.assertNotEqual(self.cloud.port(), port)
            self.assertIn(f"port {port}, which stations and phones know, is in use", self.cloud.log_text())
            self.cloud.stop()
        self.cloud.start()
        self.assertEqual(self.cloud.port(), port, "it is free again")

    def test_exit_codes(self):
        run = self.cloud.command("serve")
        self.assertEqual(run.returncode, 3, "a second program on one home")
        self.assertEqual(self.cloud.command("enrol-code", "nobody").returncode, 3)
        self.assertEqual(self.cloud.command("enrol-code").returncode, 2)
        self.assertEqual(self.cloud.command("init").returncode, 3)
        self.assertEqual(self.cloud.stop(), 0)
        self.assertEqual(self.cloud.command("enrol-code", "a").returncode, 4)
        migrations = len(list((ROOT / "cloud/store/migrations").glob("[0-9]*.sql")))
        self.assertEqual(self.cloud.command("migrate").stdout, f"{migrations}\n")
        self.assertEqual(self.cloud.command("serve", "--listen", "nowhere").returncode, 2)
        run = self.cloud.command("serve", "--listen", "192.0.2.1:0")
        self.assertEqual(run.returncode, 2, "an address of another machine")
        self.assertNotIn("port_in_use", run.stdout + run.stderr)
        self.cloud.start()


if __name__ == "__main__":
    main(__doc__)
