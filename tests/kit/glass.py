# SPDX-License-Identifier: Apache-2.0
"""Seats as people have them: each program on an X server of its own, looked at by pixels and touched by clicks.

    kiosk = Glass(station, "kiosk", (1080, 1920), folder)
    kiosk.start(); kiosk.click("take-naika"); kiosk.part((0, 0, 300, 100))

Each X server is as large as its window, so that what --layout tells is where to click.
"""
import json
import os
import select
import signal
import subprocess

from kit.station import PATIENCE, until


class Glass:
    def __init__(self, station, seat, size, folder, *extra):
        self.seat = seat
        self.size = size
        self.station = station
        self.layout_file = os.path.join(folder, seat + ".layout.json")
        self.log = os.path.join(folder, seat + ".log")
        self.extra = list(extra)
        if seat != "display":
            self.extra += ["--layout", self.layout_file]
        self.process = None
        self.screen, number = self._open_screen()
        self.env = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "XDG_RUNTIME_DIR": folder}
        self.env.pop("WAYLAND_DISPLAY", None)

    def _open_screen(self):
        """Xvfb picks a free number and says so once it is ready."""
        reader, writer = os.pipe()
        width, height = self.size
        server = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24",
                                   "-nolisten", "tcp", "-noreset"], pass_fds=[writer], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writer)
        number = ""
        # The number and its line end come in two pieces; a server whose pipe closes in between dies.
        while not number.endswith("\n") and select.select([reader], [], [], PATIENCE)[0]:
            piece = os.read(reader, 16).decode()
            if not piece:
                break
            number += piece
        os.close(reader)
        if not number.strip():
            server.kill()
            server.wait()
            raise RuntimeError("Xvfb does not start")
        return server, number.strip()

    # The program

    def start(self):
        if os.path.exists(self.layout_file):
            os.remove(self.layout_file)
        width, height = self.size
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(self.station.bin, "machiai-" + self.seat), "--home", self.station.home, "--size",
                 f"{width}x{height}", *self.extra], env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(self._window, f"the window of the {self.seat}", every=0.05)
        return self

    def _window(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"machiai-{self.seat} ended with {self.process.returncode}")
        return self._tool("xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)).split()

    def alive(self):
        return self.process.poll() is None

    def kill9(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def close(self):
        self.kill9()
        self.screen.terminate()
        self.screen.wait()

    # Looking and touching

    def _tool(self, *command):
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=False).stdout

    def part(self, box):
        """Grey bytes of x, y, width, height of the screen."""
        x, y, width, height = box
        shot = subprocess.run(["import", "-window", "root", "-crop", f"{width}x{height}+{x}+{y}", "-depth", "8",
                               "gray:-"], env=self.env, capture_output=True, check=True).stdout
        if len(shot) != width * height:
            raise RuntimeError(f"{len(shot)} bytes of {width}x{height}")
        return shot

    def layout(self):
        try:
            with open(self.layout_file, encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return {}

    def offers(self, name):
        return name in self.layout()

    def click(self, name, seconds=PATIENCE):
        """A real press in the middle of what the program says is `name`, once it is there."""
        x, y, width, height = until(lambda: self.layout().get(name), f"{name} on the {self.seat}", seconds)
        self._tool("xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "click", "1")

    def press(self, *keys):
        """Keys by their X names, one after the other."""
        for key in keys:
            self._tool("xdotool", "key", "--clearmodifiers", key)

    def type(self, words):
        self._tool("xdotool", "type", "--delay", "20", words)


def changed(before, after, beyond=24):
    """Fraction of the bytes that differ by more than `beyond`."""
    if len(before) != len(after):
        raise ValueError("pictures of different size")
    return sum(abs(a - b) > beyond for a, b in zip(before, after)) / len(before)
