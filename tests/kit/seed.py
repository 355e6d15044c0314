# SPDX-License-Identifier: Apache-2.0
"""The database of a cloud's first day, made by the program itself once for each build and copied for each test: to make
one anew takes seconds. What it becomes with a clinic's data in it is each test's own."""
import fcntl
import os
import shutil
import signal
import subprocess

from kit.station import until


def make(program, place):
    """PLACE: PostgreSQL's folder as `serve` leaves it in a home without facilities."""
    home = place + ".making"
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([program, "init", "--home", home], check=True, capture_output=True)
    with open(home + ".log", "wb") as log:
        served = subprocess.Popen([program, "serve", "--home", home, "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL,
                                  stdout=log, stderr=log)
    try:
        until(lambda: os.path.exists(os.path.join(home, "run", "port")), "a database to copy", 60)
    finally:
        served.send_signal(signal.SIGTERM)
        served.wait(60)
    os.rename(os.path.join(home, "postgres"), place)
    shutil.rmtree(home)


def sow(program, home):
    """Puts a copy into HOME, unless it has a database. Another program makes another one: its migrations may differ."""
    made = os.path.join(home, "postgres")
    if os.path.exists(made):
        return
    folder = os.path.join(os.path.dirname(program), "..", "seeds")
    place = os.path.join(folder, f"{os.stat(program).st_mtime_ns:x}")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(place):
            for earlier in os.scandir(folder):
                if earlier.is_dir():
                    shutil.rmtree(earlier)
            make(program, place)
    subprocess.run(["cp", "-a", place, made], check=True)
