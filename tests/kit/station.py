# SPDX-License-Identifier: Apache-2.0
"""A real station for a test: a home directory, machiaid on it, and the machiai command line.

    with Station(home, bin_dir) as station:
        station.cli("open", "naika")
        with station.hub("desk") as hub: ...

The daemon's output goes to `station.log`, outside the home.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from kit import faketime
from kit.hub import PATIENCE, Hub, Lost, Refused, read_port

EXIT_REFUSED = 3
# How the daemon's files get to the disk, as strace names it: the ledger's log by io_uring (core/store/direct_wal) or, on a
# machine without, as all else.
SYNCS = "io_uring_enter,fdatasync,fsync"


def until(condition, what, seconds=PATIENCE, every=0.004):
    """Polls until the condition gives something true; a bounded wait for an event, never a guess."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(every)


class Ended(Exception):
    """The daemon ended by itself."""

    def __init__(self, code, log):
        super().__init__(f"machiaid ended with {code}: {log.strip()[-400:]}")
        self.code = code


class Station:
    def __init__(self, home, bin_dir, *, daemon=None, daemon_args=(), wrap=(), env=None, log=None, start=True):
        """`daemon`: another program than BIN/machiaid. `wrap`: a command in front of it; it must become the
        daemon or stay out of its parentage (strace -D), so that the pid is the daemon's."""
        self.home = os.path.abspath(home)
        self.bin = os.path.abspath(bin_dir)
        self.daemon = daemon or os.path.join(self.bin, "machiaid")
        self.daemon_args = list(daemon_args)
        self.wrap = list(wrap)
        self.env = dict(os.environ, **(env or {}))
        self.log = log or self.home.rstrip("/") + ".log"
        self.process = None
        self.starts_with = start

    def __enter__(self):
        if not os.path.exists(os.path.join(self.home, "clinic.toml")):
            self.init()
        if self.starts_with:
            self.start()
        return self

    def __exit__(self, *_):
        self.kill9()

    def init(self):
        code, _ = self.cli("init", "--example")
        if code != 0:
            raise RuntimeError(f"init: exit {code}")

    # The daemon

    def launch(self):
        """Starts the daemon without waiting for it."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.wrap, self.daemon, "--home", self.home, *self.daemon_args],
                                            env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def start(self, seconds=PATIENCE):
        """Starts the daemon and waits until it answers. Raises Ended when it gives up."""
        self.launch()
        until(self.serves, "machiaid to serve", seconds)
        return self

    def serves(self):
        """Whether it answers; the port a killed daemon left behind leads nowhere, or to one with other tokens."""
        if self.process.poll() is not None:
            raise Ended(self.process.returncode, self.log_text())
        if read_port(self.home) is None:
            return False
        try:
            with self.hub("cli", "probe") as hub:
                hub.ok("status")
            return True
        except (Lost, Refused):
            return False

    def pid(self):
        return self.process.pid

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def kill9(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            faketime.forget(self.process.pid)

    def stop(self, seconds=PATIENCE):
        """Ends the daemon in good order; gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def restart(self):
        self.kill9()
        return self.start()

    def log_text(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def rss_kib(self):
        with open(f"/proc/{self.pid()}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))

    # Clients

    def hub(self, role="desk", seat="test", **more):
        return Hub(self.home, role, seat, **more)

    def cli(self, verb, *args, lang="en"):
        """Runs `machiai VERB ARGS`; gives (exit code, answer as a dict or None)."""
        run = subprocess.run([os.path.join(self.bin, "machiai"), verb, *args, "--home", self.home, "--json",
                              "--lang", lang], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             timeout=60, check=False, env=self.env)
        try:
            return run.returncode, json.loads(run.stdout)
        except ValueError:
            return run.returncode, None

    def status(self):
        with self.hub("cli", "probe") as hub:
            return hub.ok("status")

    def troubles(self):
        """Reasons of all troubles that status names."""
        return [trouble["reason"] for trouble in self.status()["troubles"]]

    def verify(self):
        """Exit code and answer of `machiai verify`."""
        return self.cli("verify")


def work_dir(name):
    """A fresh directory below TMPDIR, or below $MACHIAI_TEST_DIR where a test host gives one."""
    return tempfile.mkdtemp(prefix=f"machiai-{name}-", dir=os.environ.get("MACHIAI_TEST_DIR"))


def clean(path):
    shutil.rmtree(path, ignore_errors=True)


def skip(reason):
    """Tells ctest that this machine cannot run the test (SKIP_RETURN_CODE 77)."""
    print("SKIP " + reason)
    sys.exit(77)
