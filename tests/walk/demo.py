# SPDX-License-Identifier: Apache-2.0
"""`make demo` as a newcomer sees it: it comes up, its pictures and slips are there, and nothing of it stays behind."""
import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import ROOT  # noqa: E402
from kit.station import skip, until  # noqa: E402

DEMO = ROOT / "demo"
SEATS = ("display", "kiosk", "desk", "room")
TOOLS = ("Xvfb", "x11vnc", "xdotool", "import", "convert", "cupsd", "ippeveprinter", "dbus-daemon")
PROGRAMS = ("machiaid", "machiai-display", "machiai-kiosk", "machiai-desk", "machiai-room", "machiai-cloud", "cupsd",
            "ippeveprinter", "Xvfb", "x11vnc")
SLOWEST = 90  # seconds until it runs; a loaded machine is no fault of the demo


def heed_hangup():
    """Also where this test itself runs under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


class Run:
    """One run of the demo; what it says is read on the way."""

    def __init__(self, bin_dir, seconds=600, output=subprocess.PIPE):
        self.mark = f"MACHIAI_WALK={uuid.uuid4()}"
        name, value = self.mark.split("=")
        env = {key: text for key, text in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
        self.began = time.time()
        self.lines = []
        self.process = subprocess.Popen([str(ROOT / "tools/demo"), "--bin", str(bin_dir), "--seconds", str(seconds),
                                         "--day", "busy"], env={**env, name: value}, stdout=output,
                                        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
                                        preexec_fn=heed_hangup)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Also a run that failed leaves this machine as it was."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(120)
        for pid in self.carriers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _read(self):
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip("\n"))

    def text(self):
        return "\n".join(self.lines)

    def up(self):
        """Seconds until it ran, as it says itself; None while it does not."""
        told = re.search(r"running after ([\d.]+) s", self.text())
        if told is None and self.process.poll() is not None:
            raise AssertionError(f"the demo ended early:\n{self.text()}")
        return float(told[1]) if told else None

    def programs(self):
        """Names of the running processes that carry this run's mark."""
        return [name for name, _ in self.marked()]

    def marked(self):
        """(name, pid) of what this run started, also of what detached itself; cupsd's children by its printer."""
        port = re.search(r"DEVICE_PORT=(\d+)", read(DEMO / "log/printer.env"))
        device = f"ipp://localhost:{port[1]}/" if port else None
        carriers, found = self.carriers(), []
        for pid in processes():
            words = read(f"/proc/{pid}/cmdline").replace("\0", " ")
            if words and (pid in carriers or (device and device in words)):
                found.append((os.path.basename(words.split()[0]), pid))
        return found

    def carriers(self):
        return {pid for pid in processes() if self.mark in read(f"/proc/{pid}/environ")}

    def end(self, *signals, seconds=120):
        """Its exit code. Every signal after the first comes while it is ending."""
        for nth, each in enumerate(signals):
            self.process.send_signal(each)
            if nth == 0:
                until(lambda: "demo: ending" in self.text() or self.process.poll() is not None, "it to end", every=0.002)
        code = self.process.wait(seconds)
        self.reader.join(5)
        return code


def processes():
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]


def read(path):
    try:
        return pathlib.Path(path).read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def colours(picture):
    return int(subprocess.run(["convert", str(picture), "-format", "%k", "info:"], capture_output=True, text=True,
                              check=True).stdout)


def shown(bin_dir):
    """What the demo's programme has shown so far, counted."""
    told = subprocess.run([bin_dir / "machiai", "airings", "--home", DEMO / "station", "--json"], capture_output=True,
                          text=True, check=False)
    return sum(row["plays"] for row in json.loads(told.stdout)["totals"]) if told.returncode == 0 else 0


def linked(bin_dir):
    told = subprocess.run([bin_dir / "machiai", "status", "--home", DEMO / "station", "--json"], capture_output=True,
                          text=True, check=False)
    return told.returncode == 0 and json.loads(told.stdout)["cloud"].get("connected")


def first_run(bin_dir):
    slips_before = {path.name: path.stat().st_mtime for path in (DEMO / "slips").glob("*.png")}
    with Run(bin_dir) as run:
        seconds = until(run.up, "the demo to run", SLOWEST, every=0.05)
        running = run.programs()
        for program in PROGRAMS:
            expect(program in running, f"{program} is not up: {running}")
        until(lambda: linked(bin_dir), "the clinic to be linked with its cloud", SLOWEST, every=0.2)
        told = until(lambda: re.search(r"patients book at (https://127\.0\.0\.1:\d+)/f/minato", run.text()),
                     "the patients' address", SLOWEST, every=0.05)
        site = urllib.request.urlopen(told[1] + "/v1/facilities/minato/status", timeout=20,
                                      context=ssl.create_default_context(cafile=DEMO / "cloud" / "tls" / "ca.pem"))
        expect(json.load(site)["facility"] == "minato", "the site does not know the clinic")
        until(lambda: shown(bin_dir), "a film or picture of the programme on the display", SLOWEST, every=0.2)
        screen_is_shown(run)
        refused_beside(bin_dir, run)
        until(lambda: all(fresh(DEMO / f"{seat}.png", run) for seat in SEATS), "fresh pictures", SLOWEST, every=0.2)
        until(lambda: "a patient takes a number" in run.text(), "somebody to come to the clinic", SLOWEST, every=0.2)
        until(lambda: new_slips(slips_before), "a slip", SLOWEST, every=0.2)
        code = run.end(signal.SIGINT, signal.SIGINT)
        expect(code == 0, f"the demo ended with {code}:\n{run.text()}")
        expect("starting it again" not in run.text(), f"a program ended by itself:\n{run.text()}")
        nothing_left(run)
    expect("not done" not in run.text(), f"the day's plan asks for what cannot be:\n{run.text()}")
    expect(all(colours(DEMO / f"{seat}.png") > 50 for seat in SEATS), "a picture is blank")
    slips = new_slips(slips_before)
    expect(all(colours(path) >= 2 for path in slips), "a slip is blank")
    return seconds, len(slips)


def fresh(path, run):
    return path.exists() and path.stat().st_mtime >= run.began


def new_slips(before):
    return [path for path in (DEMO / "slips").glob("*.png") if before.get(path.name) != path.stat().st_mtime]


def screen_is_shown(run):
    """At the address that was said, and at no other."""
    told = re.search(r"with any VNC viewer at 127\.0\.0\.1:(\d+)", run.text())
    expect(told, f"no address of the screen:\n{run.text()}")
    port = int(told[1])
    until(lambda: listening(port), "x11vnc to listen", SLOWEST, every=0.1)
    with socket.create_connection(("127.0.0.1", port), 20) as viewer:
        greeting = viewer.recv(4)
    expect(greeting == b"RFB ", f"a VNC viewer is greeted with {greeting}")
    expect(listening(port) == {"127.0.0.1"}, f"the screen is shown on {listening(port)}")


def listening(port):
    """The addresses on which somebody listens at this port, as the kernel's tables have them."""
    found = set()
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for row in read(f"/proc/net/{table}").splitlines()[1:]:
            _, local, _, state, *_ = row.split()
            address, number = local.split(":")
            if state == "0A" and int(number, 16) == port:
                words = [bytes.fromhex(address[at:at + 8])[::-1] for at in range(0, len(address), 8)]
                found.add(socket.inet_ntop(family, b"".join(words)))
    return found


def refused_beside(bin_dir, first):
    """A second demo says one sentence and touches nothing of the first."""
    running = {each for each in first.marked() if each[0] in PROGRAMS}
    with Run(bin_dir, 5) as second:
        code = second.end()
    expect(code == 1 and second.lines == ["demo: a demo of this folder is running already; end it with Ctrl-C first"],
           f"a second demo ended with {code}:\n{second.text()}")
    expect(running <= set(first.marked()), f"gone beside a second demo: {running - set(first.marked())}")


def terminal_closed(bin_dir):
    """No signal comes: make led the session and kept it to itself."""
    master, slave = os.openpty()
    with Run(bin_dir, output=slave) as run:
        os.close(slave)
        text = b""
        while b"running after" not in text:
            text += os.read(master, 4096)
        os.close(master)
        expect(run.process.wait(120) == 0, "it did not end in good order")
        nothing_left(run)


def nothing_left(run):
    # A process that is just ending may be seen for a moment.
    try:
        until(lambda: not run.marked(), "all it started to be gone", 5, every=0.1)
    except TimeoutError:
        raise AssertionError(f"left behind: {run.marked()}") from None


def second_run(bin_dir):
    """Its terminal is closed."""
    with Run(bin_dir) as run:
        seconds = until(run.up, "the demo to run again", SLOWEST, every=0.05)
        code = run.end(signal.SIGHUP)
        expect(code == 0, f"the second run ended with {code}:\n{run.text()}")
        nothing_left(run)
    return seconds


def killed_run(bin_dir):
    """Killed outright, nothing of it lives on beside the next one."""
    with Run(bin_dir) as run:
        until(run.up, "the demo to run", SLOWEST, every=0.05)
        run.process.kill()
        run.process.wait(20)
        with Run(bin_dir) as again:
            until(again.up, "the demo to run after one that was killed", SLOWEST, every=0.05)
            expect(not run.carriers(), f"of the killed one there is still {run.programs()}")
            expect("no cloud" not in again.text(), again.text())
            code = again.end(signal.SIGINT)
            expect(code == 0, f"the run after a killed one ended with {code}:\n{again.text()}")
            nothing_left(again)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=lambda text: pathlib.Path(text).resolve(), default=ROOT / "build/bin")
    bin_dir = parser.parse_args().bin
    missing = [tool for tool in TOOLS if shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin") is None]
    if missing:
        skip("missing: " + " ".join(missing))
    seconds, slips = first_run(bin_dir)
    print(f"first run: up after {seconds:.1f} s, {slips} slips")
    print(f"second run: up after {second_run(bin_dir):.1f} s (wanted: less than 10)")
    killed_run(bin_dir)
    terminal_closed(bin_dir)


if __name__ == "__main__":
    main()
