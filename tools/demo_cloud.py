# SPDX-License-Identifier: Apache-2.0
"""The demo's cloud: a private PostgreSQL cluster and machiai-cloud on loopback, and the clinic enrolled with it.

The clinic does without: whatever does not work here is said, and the demo goes on.
"""
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time

PATIENCE = 40.0  # seconds; the first start makes the database cluster


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cloud:
    def __init__(self, demo, say):
        self.demo = demo
        self.say = say
        self.home = demo.dir / "cloud"
        self.mails = demo.dir / "mails"
        self.program = demo.bin / "machiai-cloud"
        self.port = 0
        self.began = 0.0

    def launch(self):
        """Starts it without waiting: the cluster comes up while the printer and the screen do."""
        if not self.program.exists():
            return self.say("no cloud: machiai-cloud is not built")
        if not (self.home / "facilities.json").exists():
            made = self.demo.whole(self.program, "init", "--home", self.home, "--example")
            if made.returncode != 0:
                return self.say(f"no cloud: {made.stderr.strip()}")
        self.forget_last_run()
        self.port = self.known_port() or free_port()
        self.began = time.monotonic()
        mail = free_port()
        self.demo.launch("mail", [sys.executable, pathlib.Path(__file__).with_name("demo_mail.py"), mail, self.mails])
        self.demo.launch("cloud", [self.program, "serve", "--home", self.home, "--listen", f"127.0.0.1:{self.port}", "--smtp",
                                   f"127.0.0.1:{mail}", "--mail-from", "machiai@clinic.example"])
        return None

    def forget_last_run(self):
        for name in ("port", "ca"):
            (self.home / "run" / name).unlink(missing_ok=True)

    def known_port(self):
        """The station that is enrolled looks for its cloud where it was."""
        try:
            link = json.loads((self.demo.home / "cloud" / "link.json").read_text())["link"]
            return int(re.search(r":(\d+)/", link)[1])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def wait(self):
        """Whether it serves; a cloud that cannot is given up in words."""
        if "cloud" not in self.demo.children:
            return False
        while time.monotonic() - self.began < PATIENCE:
            if self.demo.children["cloud"].poll() is not None:
                break
            if (self.home / "run" / "port").exists() and (self.home / "run" / "ca").exists():
                return True
            time.sleep(0.02)
        self.demo.drop("cloud")
        self.demo.drop("mail")
        self.say("no cloud: its database does not start (demo/log/cloud.log); the clinic goes on without it")
        return False

    def enrol(self):
        """The clinic becomes this cloud's station, by a one-time code as at its first set-up."""
        if not self.wait() or self.known_port():
            return
        code = subprocess.run([self.program, "enrol-code", "minato", "--home", self.home], capture_output=True, text=True,
                              check=False).stdout.strip()
        done = self.demo.machiai("enrol", "--cloud", f"https://127.0.0.1:{self.port}", "--code", code, "--ca",
                                 self.home / "tls" / "ca.pem")
        self.say(f"the clinic enrolled with the code {code}" if done.returncode == 0
                 else f"the clinic is not enrolled: {done.stdout.strip()}")

    def tell(self):
        if "cloud" not in self.demo.children:
            return
        at = f"https://127.0.0.1:{self.port}"
        ca = os.path.relpath(self.home / "tls" / "ca.pem")
        self.say(f"patients book at {at}/f/minato (their browsers must trust {ca})")
        self.say(f"e-mail notices to patients lie in {os.path.relpath(self.mails)}; none is sent on")
        self.say("the clinic's console is not built yet; until then: machiai status, machiai remote, and the desk")
        self.say(f"the API: {at}/openapi.yaml, {at}/v1/facilities/minato/status")
