# SPDX-License-Identifier: Apache-2.0
"""A desk's action, answered on loopback, to the room seat's view over TLS.

    room.py --bin build/bin [--count 500]

Prints one JSON line; limits are told, not asserted. n actions at a pace of people, one paired device watching.
"""
import argparse
import json
import os
import queue
import re
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from kit.hub import Lost
from kit.lan import Device, redeem
from kit.station import Station, clean, work_dir


def watch(hub, seen):
    """Reads views until the line ends; tells (people waiting, instant)."""
    try:
        while True:
            text = hub.receive_text()
            now = time.monotonic()
            waiting = re.search(rb'"waiting":(\d+),"absent"', text)
            if waiting:
                seen.put((int(waiting[1]), now))
    except Lost:
        pass


def measure(station, count):
    code = station.cli("pair", "--name", "bench", "--room", "1")[1]["code"]
    seen, from_press, from_answer = queue.Queue(), [], []
    with Device(station.home, redeem(station.home, code)).hub() as room, station.hub("desk", "bench") as desk:
        room.ok("watch", {"views": ["rooms"]})
        threading.Thread(target=watch, args=(room, seen), daemon=True).start()
        for nth in range(1, count + 1):
            time.sleep(0.02)
            pressed = time.monotonic()
            desk.ok("take", {"service": "naika", "print": False})
            answered = time.monotonic()
            while (view := seen.get(timeout=10))[0] < nth:
                pass
            from_press.append((view[1] - pressed) * 1000)
            from_answer.append(max(0.0, view[1] - answered) * 1000)
    return from_press, from_answer


def spread(times):
    times = sorted(times)
    return {"p50_ms": round(times[len(times) // 2], 2), "p99_ms": round(times[int(len(times) * 0.99)], 2),
            "max_ms": round(times[-1], 2)}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bin", required=True)
    options.add_argument("--count", type=int, default=500)
    asked = options.parse_args()
    place = work_dir("bench-room")
    try:
        with Station(os.path.join(place, "home"), asked.bin, daemon_args=["--lan", "127.0.0.1:0"]) as station:
            station.cli("open", "naika")
            from_press, from_answer = measure(station, asked.count)
        print(json.dumps({"n": asked.count, "limit": "p99 <= 30 ms", "press_to_room_view": spread(from_press),
                          "answer_to_room_view": spread(from_answer)}))
    finally:
        clean(place)


main()
