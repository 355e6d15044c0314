# SPDX-License-Identifier: Apache-2.0
"""Films from a node to a station: curl's speed from the node beside curl's from nginx, with the same file, certificate and
core in the same run; and what others feel of it. A part of run.py."""
import os
import pathlib
import statistics
import subprocess
import threading
import time

from kit.cloud import Cloud, facility
from kit.files import address, stored

import cloud as cloud_bench

SIZE = 512 << 20
READS = 400


def fetch(url, ca):
    """MB/s, as curl tells."""
    run = subprocess.run(["curl", "-sS", "--cacert", ca, "-o", "/dev/null", "-w", "%{speed_download} %{size_download}", url],
                         capture_output=True, text=True, check=True)
    speed, size = run.stdout.split()
    assert int(size) == SIZE, run.stdout
    return float(speed) / 1e6


def make(cloud):
    """A file of random bytes in the store, made without holding it in memory."""
    part = pathlib.Path(cloud.home) / "part"
    with open(part, "wb") as file:
        for _ in range(SIZE >> 20):
            file.write(os.urandom(1 << 20))
    name = subprocess.run(["sha256sum", part], capture_output=True, text=True, check=True).stdout.split()[0]
    os.makedirs(os.path.dirname(stored(cloud.home, name)), exist_ok=True)
    os.rename(part, stored(cloud.home, name))
    return name


def against_nginx(bench, cloud, name):
    nginx = cloud_bench.Nginx(bench.scratch, os.path.join(cloud.home, "tls"), b"")
    ca = os.path.join(cloud.home, "tls", "ca.pem")
    try:
        os.link(stored(cloud.home, name), nginx.dir / "root" / name)
        mine, theirs = f"https://127.0.0.1:{cloud.port()}" + address(cloud.home, name, "f1"), f"https://127.0.0.1:{nginx.port}/{name}"
        cloud_bench.pin([cloud.process.pid], 0)
        cloud_bench.pin(nginx.pids(), 0)
        fetch(mine, ca), fetch(theirs, ca)
        pairs = [(fetch(mine, ca), fetch(theirs, ca)) for _ in range(bench.rounds)]
    finally:
        cloud_bench.pin([cloud.process.pid], None)
        nginx.stop()
    ratios = [a / b for a, b in pairs]
    ours, others = (statistics.median(column) for column in zip(*pairs))
    bench.row(f"a film of {SIZE >> 20} MiB by curl over TLS from a node ({ours:.0f} MB/s) : from nginx ({others:.0f} MB/s), each on one core",
              ">= 0.8", cloud_bench.spread(ratios), statistics.median(ratios) >= 0.8)


def reads(cloud, count):
    """Milliseconds of each of so many status reads on one connection."""
    connection, times = cloud.connect(), []
    try:
        for _ in range(count):
            since = time.monotonic()
            status, _, _ = cloud.ask("GET", "/v1/facilities/f1/status", connection=connection)
            assert status == 200
            times.append((time.monotonic() - since) * 1000)
    finally:
        connection.close()
    return sorted(times)


def beside(bench, cloud, name):
    """Four who fetch as fast as they can, and one who only looks at the line."""
    url, ca = f"https://127.0.0.1:{cloud.port()}" + address(cloud.home, name, "f1"), os.path.join(cloud.home, "tls", "ca.pem")
    alone = reads(cloud, READS)
    over = threading.Event()

    def fetch_on():
        while not over.is_set():
            fetch(url, ca)

    threads = [threading.Thread(target=fetch_on, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    beside_them = reads(cloud, READS)
    over.set()
    for thread in threads:
        thread.join()
    p99 = beside_them[int(READS * 0.99) - 1]
    bench.row(f"a status read beside four downloads at full speed, n {READS}, p50 {beside_them[READS // 2]:.1f} ms (alone "
              f"{alone[READS // 2]:.1f}), p99", "<= 50 ms", f"{p99:.1f} ms", p99 <= 50)
    memory = cloud_bench.rss(cloud.process.pid) / 1024
    bench.row("the node's memory (RSS) after it", "<= 60 MB", f"{memory:.0f} MB", memory <= 60)


def run(bench):
    with Cloud(str(bench.scratch / "files"), bench.bin, facilities=[facility("f1", 1)]) as cloud:
        name = make(cloud)
        against_nginx(bench, cloud, name)
        beside(bench, cloud, name)
