# SPDX-License-Identifier: Apache-2.0
"""A station's download against curl: the same file of half a GiB from the same nginx over TLS, in turn. Ours also compares
the SHA-256 and has the file on the disk before it counts. A part of run.py."""
import getpass
import hashlib
import os
import socket
import statistics
import subprocess
import time

from kit.file_server import make_certificate
from kit.station import until

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


def seconds_of(command, made):
    """What it took; the file is gone again and the disk at rest."""
    subprocess.run(["sync"], check=True)
    began = time.monotonic()
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    took = time.monotonic() - began
    assert os.path.getsize(made) == SIZE
    os.unlink(made)
    return took


def run(bench):
    place = bench.scratch / "download"
    (place / "root").mkdir(parents=True)
    make_certificate(place / "ca.pem", place / "key.pem")
    sha256 = make_file(place / "root" / "film")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (place / "nginx.conf").write_text(NGINX.format(dir=place, port=port, user=getpass.getuser()), encoding="ascii")
    nginx = subprocess.Popen(["nginx", "-p", place, "-c", place / "nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, "nginx", 10)
        url = f"https://127.0.0.1:{port}/film"
        theirs = ["curl", "-sS", "--fail", "--tlsv1.3", "--cacert", place / "ca.pem", "-o", place / "curl", url]
        ours = [bench.bin / "fetch-file", "--url", url, "--sha256", sha256, "--bytes", SIZE, "--ca", place / "ca.pem", "--dir",
                place]
        ratios, speeds = [], []
        for _ in range(bench.rounds):
            curl = seconds_of(theirs, place / "curl")
            own = seconds_of(ours, place / (sha256 + ".part"))
            ratios.append(curl / own)
            speeds.append((SIZE / own / 1e6, SIZE / curl / 1e6))
    finally:
        nginx.terminate()
        nginx.wait()
    own, curl = (statistics.median(each) for each in zip(*speeds))
    bench.row(f"a film of 512 MiB from nginx over TLS, verified and on the disk ({own:.0f} MB/s) : curl ({curl:.0f} MB/s)",
              ">= 0.8", f"{statistics.median(ratios):.2f} [{min(ratios):.2f}-{max(ratios):.2f}]",
              statistics.median(ratios) >= 0.8)
