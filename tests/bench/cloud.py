# SPDX-License-Identifier: Apache-2.0
"""The cloud's figures, each beside its rival in the same run: pgbench on the same cluster, nginx with the same bytes
and certificate on the same core, redis in the same harness. A part of run.py."""
import json
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import tempfile

from kit.cloud import Cloud, facility
from kit.station import until

HERE = pathlib.Path(__file__).resolve().parent
CLINICS = 100
SECONDS = 4
VIEWERS = 10_000
PGBENCH = "\\set c random(1, 100)\nUPDATE bench.counter SET n = n + 1 WHERE clinic = :c RETURNING n;\n"
NGINX = """user {user}; worker_processes 1; daemon off; pid {dir}/pid; error_log {dir}/error.log;
events {{ worker_connections 4096; }}
http {{ access_log off; client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/f;
uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s; keepalive_requests 100000000; sendfile on;
server {{ listen 127.0.0.1:{port} ssl; ssl_protocols TLSv1.3; ssl_certificate {tls}/server.pem;
ssl_certificate_key {tls}/server.key; root {dir}/root; default_type application/json; }} }}
"""


def wrk(url, *more, clients=64, seconds=SECONDS):
    run = subprocess.run(["wrk", "-t1", f"-c{clients}", f"-d{seconds}", *more, url], capture_output=True, text=True, check=True)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", run.stdout)
    assert failed is None, run.stdout
    return float(re.search(r"Requests/sec:\s*([\d.]+)", run.stdout)[1])


def pgbench(cloud, clients):
    """Durable gap-free counter numbers a second, over 100 clinics."""
    cloud.sql("CREATE SCHEMA IF NOT EXISTS bench; DROP TABLE IF EXISTS bench.counter; CREATE TABLE bench.counter (clinic int "
              "PRIMARY KEY, n int NOT NULL); INSERT INTO bench.counter SELECT g, 0 FROM generate_series(1, 100) g")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(PGBENCH)
        script.flush()
        fd = os.open(os.path.join(cloud.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
        try:
            run = subprocess.run(["pgbench", "-h", f"/proc/self/fd/{fd}", "-U", "machiai", "-n", "-M", "prepared", "-c", str(clients),
                                  "-j", "1", "-T", str(SECONDS), "-f", script.name, "postgres"], pass_fds=[fd],
                                 capture_output=True, text=True, check=True)
        finally:
            os.close(fd)
    return float(re.search(r"tps = ([\d.]+)", run.stdout)[1])


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Nginx:
    def __init__(self, scratch, tls, body):
        self.dir, self.port = pathlib.Path(scratch) / "nginx", free_port()
        (self.dir / "root").mkdir(parents=True)
        (self.dir / "root" / "status").write_bytes(body)
        user = "root" if os.geteuid() == 0 else "nobody"
        conf = self.dir / "conf"
        conf.write_text(NGINX.format(dir=self.dir, port=self.port, tls=tls, user=user))
        self.process = subprocess.Popen(["nginx", "-c", conf, "-p", self.dir], stderr=subprocess.DEVNULL)
        until(self.answers, "nginx")

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def pids(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


def pin(pids, core):
    """All threads of these processes on one core."""
    for pid in pids:
        for task in os.listdir(f"/proc/{pid}/task"):
            os.sched_setaffinity(int(task), {core} if core is not None else set(range(os.cpu_count())))


def bookings(bench, cloud):
    """Against pgbench with the 8 clients of the limit's own measure (9,600/s there), and with as many as ours has."""
    rates = []
    url = f"https://127.0.0.1:{cloud.port()}/"
    wrk(url, "-s", str(HERE / "bookings.lua"), seconds=2)
    for _ in range(bench.rounds):
        rates.append((wrk(url, "-s", str(HERE / "bookings.lua")), pgbench(cloud, 8), pgbench(cloud, 64)))
    gaps = cloud.sql("SELECT count(*) FROM (SELECT facility_id, count(*) AS n, max(n) AS top FROM number GROUP BY 1) x "
                     "WHERE n <> top")[0][0]
    ours, few, many = (statistics.median(column) for column in zip(*rates))
    for theirs, column, what in ((few, 1, "8 clients"), (many, 2, "64 clients")):
        ratios = [each[0] / each[column] for each in rates]
        bench.row(f"bookings/s acknowledged over TLS, 64 clients, {CLINICS} clinics ({ours:.0f}; clinics with a gap: {gaps}) : "
                  f"pgbench's counter numbers, {what} ({theirs:.0f})", ">= 0.6", spread(ratios),
                  statistics.median(ratios) >= 0.6 and gaps == "0")


def spread(values):
    return f"{statistics.median(values):.2f} [{min(values):.2f}-{max(values):.2f}]"


def against_nginx(bench, cloud):
    body = cloud.get("/v1/facilities/f1/status")[1]
    nginx = Nginx(bench.scratch, os.path.join(cloud.home, "tls"), json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())
    try:
        core = 0
        pin([cloud.process.pid], core)
        pin(nginx.pids(), core)
        mine, theirs = f"https://127.0.0.1:{cloud.port()}/v1/facilities/f1/status", f"https://127.0.0.1:{nginx.port}/status"
        for what, limit, more in (("cached status reads/s over TLS on one core", 0.5, ()),
                                  ("new TLS 1.3 handshakes/s", 0.8, ("-H", "Connection: close"))):
            pairs = [(wrk(mine, *more), wrk(theirs, *more)) for _ in range(bench.rounds)]
            ratios = [a / b for a, b in pairs]
            ours, others = (statistics.median(column) for column in zip(*pairs))
            bench.row(f"{what} ({ours:.0f}) : nginx's with the same bytes and certificate ({others:.0f})", f">= {limit}",
                      spread(ratios), statistics.median(ratios) >= limit)
    finally:
        pin([cloud.process.pid], None)
        nginx.stop()


def fan_out(bench, kind, port, pid=None, viewers=VIEWERS, place="f1", publish=None):
    """What bench-fanout told, and the server's growth in bytes a viewer; without `publish` a message is a booking."""
    before = rss(pid) if pid else 0
    child = subprocess.Popen([bench.bin / "bench-fanout", kind, str(port), str(viewers), "8", place,
                              *(["told"] if publish else [])], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
    while (line := child.stdout.readline()) == "publish\n":
        publish()
    told = json.loads(line)
    told["kb_each"] = (rss(pid) - before) / viewers if pid else 0
    child.communicate("")
    return told


def rss(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1])


def live(bench, cloud):
    ours = beside_redis(bench, cloud, "booking")
    bench.row("memory of a plain viewer", "<= 12 kB", f"{ours['kb_each']:.1f} kB", ours["kb_each"] <= 12)
    secure = fan_out(bench, "wss", cloud.port(), cloud.process.pid, most_viewers())
    bench.row(f"over TLS: last viewer {secure['last_ms']:.0f} ms, memory each", "<= 30 kB", f"{secure['kb_each']:.1f} kB",
              secure["kb_each"] <= 30 and secure["missed"] == 0)


def beside_redis(bench, cloud, what, **more):
    """A message to the last of all viewers of another node of the same cloud, which speaks plainly as redis does."""
    viewers, redis_port = most_viewers(), free_port()
    fd = os.open(os.path.join(cloud.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
    redis = subprocess.Popen(["redis-server", "--port", str(redis_port), "--save", "", "--bind", "127.0.0.1", "--maxclients",
                              str(viewers + 100)], stdout=subprocess.DEVNULL, cwd=bench.scratch)
    try:
        url = f"host=/proc/{os.getpid()}/fd/{fd} user=machiai dbname=postgres"
        with Cloud(str(bench.scratch / f"plain-{what}"), bench.bin, database=url, args=("--plain",), plain=True) as plain:
            ratios, ours, theirs = [], None, None
            for _ in range(max(1, bench.rounds // 2)):
                theirs = fan_out(bench, "redis", redis_port, viewers=viewers)
                ours = fan_out(bench, "ws", plain.port(), plain.process.pid, viewers, **more)
                ratios.append(ours["last_ms"] / theirs["last_ms"])
    finally:
        redis.terminate()
        redis.wait(10)
        os.close(fd)
    met = statistics.median(ratios) <= 1.5 and ours["missed"] == 0
    bench.row(f"{what} to the last of {viewers} live viewers, plain WebSocket ({ours['last_ms']:.0f} ms) : redis pub/sub's "
              f"last subscriber ({theirs['last_ms']:.0f} ms)", "<= 1.5", spread(ratios), met)
    return ours


def most_viewers():
    return min(VIEWERS, max_files() - 500)


def max_files():
    return int(re.search(r"Max open files\s+\d+\s+(\d+)", pathlib.Path("/proc/self/limits").read_text())[1])


def run(bench):
    facilities = [facility(f"f{n}", n) for n in range(1, CLINICS + 1)]
    with Cloud(str(bench.scratch / "cloud"), bench.bin, facilities=facilities) as cloud:
        bookings(bench, cloud)
        against_nginx(bench, cloud)
        live(bench, cloud)
