# SPDX-License-Identifier: Apache-2.0
"""A station's download against curl: the same file of half a GiB from the same nginx over TLS, in turn. Ours also compares
the SHA-256 and has the file on the disk before it counts. A part of run.py."""
import getpass
import hashlib
import json
import os
import socket
import statistics
import subprocess
import time

from kit.file_server import make_certificate
from kit.link_end import enrol
from kit.station import Station, until

SIZE = 512 << 20
NGINX = """user {user}; worker_processes 1; daemon off; pid {dir}/pid; error_log {dir}/error.log;
events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/f;
uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s; sendfile on;
server {{ listen 127.0.0.1:{port} ssl; ssl_protocols TLSv1.3; ssl_certificate {dir}/ca.pem;
ssl_certificate_key {dir}/key.pem; root {dir}/root; }} }}
"""


def make_file(path):
    """Its SHA-256; the bytes repeat every MiB, which neither side can know."""
    piece, digest = os.urandom(1 << 20), hashlib.sha256()
    with open(path, "wb") as file:
        for _ in range(SIZE >> 20):
            file.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def seconds_of(made, *commands):
    """What they took, one after another; the file is gone again and the disk at rest."""
    subprocess.run(["sync"], check=True)
    began = time.monotonic()
    for command in commands:
        subprocess.run([str(word) for word in command], check=True, capture_output=True)
    took = time.monotonic() - began
    assert os.path.getsize(made) == SIZE
    os.unlink(made)
    return took


class Nginx:
    """Serves PLACE/root over TLS; PLACE/ca.pem is its certificate and its authority."""

    def __init__(self, place):
        self.place = place
        (place / "root").mkdir(parents=True)
        make_certificate(place / "ca.pem", place / "key.pem")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (place / "nginx.conf").write_text(NGINX.format(dir=place, port=self.port, user=getpass.getuser()), encoding="ascii")

    def __enter__(self):
        self.process = subprocess.Popen(["nginx", "-p", self.place, "-c", self.place / "nginx.conf"],
                                        stderr=subprocess.DEVNULL)
        until(lambda: socket.socket().connect_ex(("127.0.0.1", self.port)) == 0, "nginx", 10)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def url(self, name):
        return f"https://127.0.0.1:{self.port}/{name}"


def run(bench):
    with Nginx(bench.scratch / "download") as nginx:
        sha256 = make_file(nginx.place / "root" / "film")
        beside_curl(bench, nginx, sha256)
        reception(bench, nginx, sha256)


def beside_curl(bench, nginx, sha256):
    place = nginx.place
    theirs = ["curl", "-sS", "--fail", "--tlsv1.3", "--cacert", place / "ca.pem", "-o", place / "curl", nginx.url("film")]
    ours = [bench.bin / "fetch-file", "--url", nginx.url("film"), "--sha256", sha256, "--bytes", SIZE, "--ca",
            place / "ca.pem", "--dir", place]
    ratios, as_sure, speeds = [], [], []
    for _ in range(bench.rounds):
        curl = seconds_of(place / "curl", theirs)
        own = seconds_of(place / (sha256 + ".part"), ours)
        sure = seconds_of(place / "curl", theirs, ["sha256sum", place / "curl"], ["sync", place / "curl"])
        ratios.append(curl / own)
        as_sure.append(sure / own)
        speeds.append((SIZE / own / 1e6, SIZE / curl / 1e6, SIZE / sure / 1e6))
    own, curl, sure = (statistics.median(each) for each in zip(*speeds))
    for rival, limit, values in ((f"curl, which does neither ({curl:.0f})", 0.8, ratios),
                                 (f"curl, then sha256sum and sync ({sure:.0f})", 1.0, as_sure)):
        middle = statistics.median(values)
        bench.row(f"a film of 512 MiB from nginx over TLS, verified and on the disk ({own:.0f} MB/s) : {rival}", f">= {limit}",
                  f"{middle:.2f} [{min(values):.2f}-{max(values):.2f}]", middle >= limit)


def manifest(station, nginx, sha256):
    """Of one film of today and a programme that needs it."""
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600))
    document = {"format": 1, "facility": "minato", "programme": "bench", "version": 1, "period": {"from": today, "to": today},
                "deadline": f"{today}T23:59:00+09:00",
                "items": [{"id": "film", "kind": "own", "title": "film", "sha256": sha256, "seconds": 60}],
                "slots": [{"id": "day", "from": "00:00", "to": "24:00", "items": ["film"]}]}
    path = nginx.place / "root" / "programme"
    path.write_text(json.dumps(document), encoding="utf-8")
    for verb in (("keygen",), ("sign", str(path))):
        assert station.cli("programme", *verb)[0] == 0
    text = path.read_bytes()
    now = int(time.time() * 1000)
    return {"at": now, "urls_until": now + 86_400_000, "programmes": [
        {"programme": "bench", "version": 1,
         "file": {"sha256": hashlib.sha256(text).hexdigest(), "bytes": len(text), "url": nginx.url("programme")}}],
        "films": [{"title": "film", "kind": "own", "millis": 60_000, "width": 1280, "height": 720,
                   "file": {"sha256": sha256, "bytes": SIZE, "url": nginx.url("film")}}]}


def reception(bench, nginx, sha256):
    """Numbers given out while a film comes as fast as it can and is encrypted."""
    with Station(bench.scratch / "receives", bench.bin, start=False) as station:
        enrol(station.home, nginx.place / "ca.pem", nginx.place / "key.pem", 9)
        station.start()
        station.cli("open", "naika")
        quiet = bench.hub_bench(station, "--seconds", 5, "--pause-ms", 10)
        with open(os.path.join(station.home, "cloud", "manifest.json"), "w", encoding="utf-8") as file:
            json.dump(manifest(station, nginx, sha256), file)
        station.restart()
        busy = bench.hub_bench(station, "--seconds", 5, "--pause-ms", 10)
        until(lambda: (station.status()["cloud"]["downloads"] or {}).get("here") == 2, "the film", 60)
    bench.row(f"tap to durable answer while a film of 512 MiB comes and is encrypted, n {busy['done']}, p50 {busy['p50_ms']:.1f} "
              f"ms; without: p50 {quiet['p50_ms']:.1f}, p99 {quiet['p99_ms']:.1f} ms", "p99 <= 50 ms",
              f"{busy['p99_ms']:.1f} ms (worst {busy['max_ms']:.0f})", busy["p99_ms"] <= 50)
