# SPDX-License-Identifier: Apache-2.0
"""How long nobody gets a number when the primary dies under load. A part of run.py."""
from kit.cloud import facility
from kit.cluster import ClusterCloud, Load, losses
from kit.station import until

LIMIT = 30
ROUNDS = 3


def run(bench):
    directory = bench.scratch / "cluster"
    directory.mkdir()
    gaps, kept, lost = [], 0, 0
    cloud = ClusterCloud(str(directory), bench.bin, [facility("a", 1)])
    try:
        cloud.start()
        for _ in range(ROUNDS):
            until(cloud.whole, "a synchronous standby", 120, 0.2)
            primary = cloud.cluster.primary()
            load = Load(cloud, ["a"], 6)
            load.more(60, "bookings")
            cloud.kill9(primary)
            until(lambda p=primary: cloud.cluster.primary() not in (None, p), "another primary", 120, 0.05)
            load.more(60, "bookings after it")
            told = load.stop().told("a")
            rows = cloud.sql("SELECT key, n FROM number WHERE facility_id = 1 ORDER BY n")
            gaps.append(load.longest_gap())
            kept += len(told)
            lost += len(losses(told, rows))
            cloud.start()
    finally:
        cloud.stop()
    times = ", ".join(f"{gap:.1f}" for gap in gaps)
    bench.row(f"primary and its Patroni killed under load, {ROUNDS} times ({kept} acknowledged, {lost} lost): until the next "
              "acknowledged booking", f"<= {LIMIT} s", f"{times} s", max(gaps) <= LIMIT and lost == 0)
