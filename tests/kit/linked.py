# SPDX-License-Identifier: Apache-2.0
"""A real machiai-cloud and a real station enrolled with it, and how what both know is compared.

    with Linked(dir, bin_dir) as linked:
        token = linked.book()["token"]
        linked.until_equal()
"""
import json
import os
import socket
import subprocess
import uuid

from kit.cloud import Cloud, facility, first
from kit.station import PATIENCE, Station, until

SERVICES = ("naika", "shouni")
ROOMS = [{"id": "1", "name": {"ja": "診察室1"}}, {"id": "2", "name": {"ja": "診察室2"}}]


def free_port():
    """A port that nobody has now; the station's link remembers the address, so a restart must find the same."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class EndsEqual:
    """A test case with a `linked`, stands before TestCase: whatever was done, clinic and cloud have the same in the end."""

    apart = {}  # test -> why it cannot

    def tearDown(self):
        if self.linked.station.process is not None and self._testMethodName not in self.apart:
            self.linked.settle()
        super().tearDown()


class Linked:
    def __init__(self, directory, bin_dir, *, booking=None, **facility_more):
        """`booking`: rules of every service that differ."""
        self.port = free_port()
        minato = facility("minato", 1, services=SERVICES, rooms=ROOMS, **facility_more)
        for each in minato["services"]:
            each["booking"].update(booking or {})
        self.cloud = Cloud(os.path.join(directory, "cloud"), bin_dir, args=("--listen", f"127.0.0.1:{self.port}"),
                           facilities=[minato])
        self.station = Station(os.path.join(directory, "home"), bin_dir)
        self.bin = os.path.abspath(bin_dir)

    def __enter__(self):
        self.cloud.start()
        self.station.init()
        self.enrol()
        return self

    def __exit__(self, *_):
        self.station.kill9() if self.station.process else None
        self.cloud.__exit__()

    def enrol(self):
        code = self.cloud.command("enrol-code", "minato").stdout.strip()
        done = subprocess.run([os.path.join(self.bin, "machiai"), "enrol", "--home", self.station.home, "--json", "--cloud",
                               f"https://127.0.0.1:{self.port}", "--code", code, "--ca",
                               os.path.join(self.cloud.home, "tls", "ca.pem")], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    # The patient's phone

    def book(self, service="naika", people=None, key=None):
        """Tickets as they were answered."""
        status, answer, _ = self.cloud.book("minato", key=key or str(uuid.uuid4()), service=service,
                                            people=people or [first()])
        assert status == 201, (status, answer)
        return answer["tickets"]

    def phone(self, token):
        """The ticket's page."""
        status, page, _ = self.cloud.get("/v1/tickets/" + token)
        assert status == 200, page
        return page

    def press(self, token, what):
        status, page, _ = self.cloud.post(f"/v1/tickets/{token}/{what}")
        return status, page

    # Both sides

    def local(self):
        """Ticket id -> state, as the clinic has it."""
        told = {}
        for service in self.station.status()["services"]:
            code, answer = self.station.cli("queue", service["id"])
            assert code == 0, answer
            told.update({each["ticket"]: each["state"] for each in answer["tickets"]})
        return told

    def remote(self):
        """Ticket id -> state, as the cloud folds the clinic's events."""
        rows = self.cloud.sql("SELECT document FROM projection WHERE facility_id = 1")
        tickets = json.loads(rows[0][0])["tickets"] if rows else {}
        return {name: each["state"] for name, each in tickets.items()}

    def waiting_rows(self):
        """Numbers and tickets of the cloud that the clinic's record does not have yet."""
        numbers = self.cloud.sql("SELECT service, series, n FROM number WHERE facility_id = 1 AND NOT adopted")
        asked = self.cloud.sql("SELECT service, state FROM ticket WHERE facility_id = 1 AND n IS NULL "
                               "AND state NOT IN ('not_drawn', 'cancelled') AND NOT (state = 'void' AND told = 'void')")
        told = self.cloud.sql("SELECT service, series, n FROM ticket WHERE facility_id = 1 AND state = 'cancelled' "
                              "AND n IS NOT NULL AND told IS DISTINCT FROM 'cancelled'")
        return numbers + asked + told

    def until_equal(self, seconds=40):
        """Waits until both sides are quiet and the same; gives the tickets."""
        def equal():
            if self.waiting_rows():
                return None
            local = self.local()  # after them, or it may be as it was before they were settled, as what is public still is
            return [local] if local == self.remote() else None  # of nobody is the same too
        try:
            return until(equal, "local == cloud", seconds, 0.05)[0]
        except TimeoutError as error:
            raise AssertionError(f"{error}\nlocal  {self.local()}\ncloud  {self.remote()}\n"
                                 f"open   {self.waiting_rows()}\n{self.station.log_text()[-1500:]}") from None

    def settle(self):
        """Whoever is off is started; then both sides have the same, and no number is there twice."""
        if self.cloud.process.poll() is not None:
            self.cloud.start()
        if not self.station.alive():
            self.station.start()
        self.until_connected(90)
        tickets = self.until_equal()
        numbers = self.numbers()
        assert len(numbers) == len(set(numbers)), numbers
        return tickets

    def numbers(self):
        """Every number that is somebody's or explained: (service, series, n), one row each on the cloud's side."""
        return [tuple(row) for row in self.cloud.sql("SELECT service, series, n FROM number WHERE facility_id = 1 "
                                                     "ORDER BY 1, 2, n")]

    def connected(self):
        told = self.station.status()["cloud"]
        return told["connected"]

    def until_connected(self, seconds=60):
        until(self.connected, "the link to be up", seconds, 0.05)

    def until_owner(self, service="naika", seconds=PATIENCE):
        def owner():
            return next(each["owner"] for each in self.station.status()["services"] if each["id"] == service)
        until(owner, "the clinic to give the numbers", seconds, 0.02)
