# SPDX-License-Identifier: Apache-2.0
"""What one node and its database spend on each thing that is asked of them: the figures of docs/scale.md.

    scale.py --bin build/bin [--seconds 4]

CPU time of the processes, not wall time: it moves little with what else the machine does.
"""
import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/cloud")]

from contract import Live  # noqa: E402
from kit.cloud import Cloud, facility, first  # noqa: E402
import link  # noqa: E402
from cloud import CLINICS, HERE, wrk  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK")


def spent(pid):
    """CPU seconds of a process; none when it is gone, as psql's server is after its question."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


class Meter:
    """CPU of the node and of all of PostgreSQL, bytes of WAL, commits, between two looks."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.before = self.look()

    def look(self):
        master = self.cloud.postmaster()
        children = pathlib.Path(f"/proc/{master}/task/{master}/children").read_text().split()
        wal, commits = self.cloud.sql("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0'), "
                                      "(SELECT sum(xact_commit) FROM pg_stat_database)")[0]
        return {"node": spent(self.cloud.process.pid), "database": sum(spent(pid) for pid in [master, *children]),
                "wal": float(wal), "commits": float(commits)}

    def each(self, count):
        now = self.look()
        return {name: (now[name] - self.before[name]) / count for name in now}


def tell(what, cost):
    print(f"{what:58} node {cost['node'] * 1e6:8.1f} us  database {cost['database'] * 1e6:8.1f} us  WAL {cost['wal']:8.0f} B  "
          f"commits {cost['commits']:.2f}", flush=True)


def asked(cloud, what, path, seconds, *more):
    meter = Meter(cloud)
    rate = wrk(f"https://127.0.0.1:{cloud.port()}{path}", *more, seconds=seconds)
    tell(f"{what} ({rate:.0f}/s)", meter.each(rate * seconds))


def handshake_bytes(cloud):
    """Bytes both ways until the first request may be sent, and tickets after it."""
    raw_in, raw_out = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = cloud.context()
    tls = context.wrap_bio(raw_in, raw_out, server_hostname="localhost")
    line = socket.create_connection(("127.0.0.1", cloud.port()))
    sent = got = 0
    while True:
        try:
            tls.do_handshake()
            break
        except ssl.SSLWantReadError:
            data = raw_out.read()
            sent += len(data)
            line.sendall(data)
            data = line.recv(65536)
            got += len(data)
            raw_in.write(data)
    data = raw_out.read()
    sent += len(data)
    line.sendall(data)
    line.settimeout(0.5)
    got += len(line.recv(65536))
    line.close()
    return sent, got


def sizes(cloud, token):
    for path in ("/v1/facilities/f1", "/v1/facilities/f1/status", f"/v1/tickets/{token}"):
        line = http.client.HTTPSConnection("127.0.0.1", cloud.port(), context=cloud.context())
        line.request("GET", path)
        answer = line.getresponse()
        body = answer.read()
        head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 17
        print(f"bytes of {path.replace(token, 'TOKEN')}: {len(body)} and {head} of headers")
    print("bytes of a TLS handshake, to and from the node: %d, %d" % handshake_bytes(cloud))


def live(cloud, viewers, changes):
    """Frames to viewers of one clinic who watch over TLS."""
    lines = [Live(cloud, "facility=f1") for _ in range(viewers)]
    size = 0
    for line in lines:
        size = len(json.dumps(line.frame("status"), ensure_ascii=False).encode())

    over = threading.Event()

    def drain(line):
        line.socket.settimeout(0.2)
        while not over.is_set():
            try:
                line.socket.recv(65536)
            except TimeoutError:
                pass

    threads = [threading.Thread(target=drain, args=(line,), daemon=True) for line in lines]
    for thread in threads:
        thread.start()
    meter = Meter(cloud)
    for _ in range(changes):
        assert cloud.book("f1")[0] == 201
        time.sleep(0.25)
    cost = meter.each(viewers * changes)
    tell(f"a change to one of {viewers} viewers over TLS, with its share", cost)
    print(f"bytes of a status frame: {size}")
    # The readers end before their sockets do: a number of a closed one is soon another's.
    over.set()
    for thread in threads:
        thread.join()
    for line in lines:
        line.socket.close()


def day_loads(cloud, notices):
    """Reading a clinic's day again after a notice, for one viewer."""
    with Live(cloud, "facility=f2") as line:
        line.frame("status")
        meter = Meter(cloud)
        for _ in range(notices):
            cloud.sql("SELECT pg_notify('machiai', '2')")
            time.sleep(0.12)
        count = cloud.sql("SELECT count(*) FROM ticket WHERE facility_id = 2")[0][0]
        tell(f"a notice: reading a day of {count} tickets", meter.each(notices))
        print("  (with the notice's own psql connection)")


def notices(cloud, seconds):
    """What NOTIFY within a transaction costs: PostgreSQL commits such transactions one after the other."""
    cloud.sql("CREATE SCHEMA IF NOT EXISTS bench; DROP TABLE IF EXISTS bench.counter; CREATE TABLE bench.counter (clinic int "
              "PRIMARY KEY, n int NOT NULL); INSERT INTO bench.counter SELECT g, 0 FROM generate_series(1, 1000) g")
    change = "\\set c random(1, 1000)\nBEGIN;\nUPDATE bench.counter SET n = n + 1 WHERE clinic = :c;\n"
    rates = []
    for script in (change + "COMMIT;\n", change + "SELECT pg_notify('bench', ':c');\nCOMMIT;\n"):
        path = os.path.join(tempfile.gettempdir(), f"machiai-scale-{os.getpid()}.sql")
        pathlib.Path(path).write_text(script, encoding="ascii")
        fd = os.open(os.path.join(cloud.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
        try:
            run = subprocess.run(["pgbench", "-h", f"/proc/self/fd/{fd}", "-U", "machiai", "-n", "-c", "64", "-j", "1", "-T",
                                  str(seconds), "-f", path, "postgres"], pass_fds=[fd], capture_output=True, text=True, check=True)
        finally:
            os.close(fd)
            os.unlink(path)
        rates.append(float(re.search(r"tps = ([\d.]+)", run.stdout)[1]))
    print("durable transactions a second, 64 clients: %.0f; with a notice each: %.0f" % tuple(rates))


class Case(link.Link):
    """Links as tests/cloud plays them."""

    def runTest(self):
        """Nothing: only its helpers are used."""

    def today(self):
        return self.cloud.get("/v1/facilities/f1/status")[1]["date"]


def links(cloud, directory, count, seconds):
    """What a clinic's idle link costs."""
    Case.dir, Case.cloud, Case.serial = directory, cloud, 0
    case = Case()
    clinics = [link.Clinic(case, f"f{n + 1}", case.enrolled(f"f{n + 1}"), f"start-{n}") for n in range(count)]
    for clinic in clinics:
        clinic.tell(clinic.line("day_opened", case.body(date=case.today())),
                    clinic.line("counter_opened", case.body(service="naika", session="morning")))
    meter = Meter(cloud)
    time.sleep(seconds)
    tell(f"an idle link, a second ({count} links)", meter.each(count * seconds))
    meter = Meter(cloud)
    for n in range(50):
        clinics[0].tell(clinics[0].line("counter_opened", case.body(service="naika", session="morning")))
    tell("an event that comes up, with its projection", meter.each(50))
    for clinic in clinics:
        clinic.frames.socket.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", default=str(ROOT / "build/bin"))
    parser.add_argument("--seconds", type=int, default=4)
    options = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="machiai-scale-")
    try:
        with Cloud(os.path.join(directory, "home"), options.bin,
                   facilities=[facility(f"f{n}", n) for n in range(1, CLINICS + 1)]) as cloud:
            measure(cloud, directory, options.seconds)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def measure(cloud, directory, seconds):
    meter = Meter(cloud)
    time.sleep(10)
    tell("nothing, a second", meter.each(10))
    links(cloud, directory, 20, 20)
    token = cloud.book("f1", people=[first()])[1]["tickets"][0]["token"]
    status = "/v1/facilities/f1/status"
    asked(cloud, "status, connection kept", status, seconds)
    asked(cloud, "status, a new TLS connection each", status, seconds, "-H", "Connection: close")
    asked(cloud, "ticket page, connection kept", f"/v1/tickets/{token}", seconds)
    cloud.sql("CHECKPOINT")
    size = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    before, rows = int(cloud.sql(size)[0][0]), int(cloud.sql("SELECT count(*) FROM ticket")[0][0])
    asked(cloud, "booking, 64 clients", "/", seconds, "-s", str(HERE / "bookings.lua"))
    rows = int(cloud.sql("SELECT count(*) FROM ticket")[0][0]) - rows
    print(f"bytes that a booking takes in the database, indexes included: {(int(cloud.sql(size)[0][0]) - before) / rows:.0f}")
    sizes(cloud, token)
    live(cloud, 200, 20)
    day_loads(cloud, 50)
    notices(cloud, seconds)


if __name__ == "__main__":
    main()
