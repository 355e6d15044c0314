# SPDX-License-Identifier: Apache-2.0
"""Debian's Chromium without a screen, spoken to over its DevTools pipe.

    with Browser(dir, pin=spki, width=1280, height=800) as page:
        page.open("https://localhost:8443/")
        page.until("document.title === '診察室1'")
"""
import base64
import hashlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import time

from kit.hub import PATIENCE


HEADLESS = "/usr/lib/chromium/chromium-headless-shell"  # the same pages for half of the processor's time


def program():
    return HEADLESS if os.path.exists(HEADLESS) else shutil.which("chromium")


def pin(home):
    """What the browser is told to trust: the public key of this home's server, and no other."""
    key = subprocess.run(["openssl", "x509", "-in", os.path.join(home, "tls", "server.pem"), "-pubkey", "-noout"],
                         check=True, capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=key, check=True,
                         capture_output=True).stdout
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


class Browser:
    def __init__(self, directory, *, pin, lang="ja", width=1280, height=800):
        """`pin`: SHA-256 of the one public key that is trusted although no authority of this machine knows it."""
        self.ids = itertools.count(1)
        self.rest = b""
        self.complaints = []  # what the page wrote to its console as a warning or an error
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        self.answers, self.orders = ours_in, ours_out
        # The pipe's ends must be descriptors 3 and 4.
        shell = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self.process = subprocess.Popen(
            ["sh", "-c", shell, "sh", program(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
             "--remote-debugging-pipe", f"--user-data-dir={directory}", f"--lang={lang}", f"--accept-lang={lang}",
             f"--ignore-certificate-errors-spki-list={pin}", "about:blank"],
            pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True, env=dict(os.environ, LANG="C.UTF-8"))
        os.close(theirs_in)
        os.close(theirs_out)
        target = self._target()
        self.session = self._ask("Target.attachToTarget", {"targetId": target, "flatten": True}, None)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(domain + ".enable")
        self.size(width, height)

    def _target(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for each in self._ask("Target.getTargets", {}, None)["targetInfos"]:
                if each["type"] == "page":
                    return each["targetId"]
            time.sleep(0.02)
        raise TimeoutError("the browser shows no page")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # It has children of its own; they are one session.
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.answers)
        os.close(self.orders)

    def _ask(self, method, params, session):
        number = next(self.ids)
        order = {"id": number, "method": method, "params": params}
        if session:
            order["sessionId"] = session
        data = json.dumps(order).encode() + b"\0"
        while data:
            data = data[os.write(self.orders, data):]
        while True:
            frame = self._read()
            if frame.get("id") == number:
                if "error" in frame:
                    raise RuntimeError(f"{method}: {frame['error']}")
                return frame["result"]
            self._note(frame)

    def _read(self):
        while b"\0" not in self.rest:
            more = os.read(self.answers, 1 << 16)
            if not more:
                raise RuntimeError("the browser ended")
            self.rest += more
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def _note(self, frame):
        params = frame.get("params", {})
        if frame.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(params["exceptionDetails"].get("exception", {}).get("description", "exception"))
        if frame.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.complaints.append(params["entry"]["text"] + " " + params["entry"].get("url", ""))

    def ask(self, method, **params):
        return self._ask(method, params, self.session)

    def size(self, width, height):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                 mobile=width < 600)

    def open(self, url):
        self.ask("Page.navigate", url=url)

    def run(self, script):
        """The value of an expression in the page."""
        result = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"].get("exception", {}).get("description", script))
        return result["result"].get("value")

    def until(self, condition, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while not self.run(f"Boolean({condition})"):
            if time.monotonic() > end:
                raise TimeoutError(f"waited for {condition}; the page says: " + self.run("document.body.innerText"))
            time.sleep(0.02)

    def text(self, selector):
        return self.run(f"document.querySelector({json.dumps(selector)}).textContent")

    def touch(self, selector):
        """A press where the element is, as a finger does it; what covers it gets the press instead."""
        box = self.run(f"(e => {{ e.scrollIntoView({{block: 'nearest'}}); const b = e.getBoundingClientRect();"
                       f" return [b.x + b.width / 2, b.y + b.height / 2] }})(document.querySelector({json.dumps(selector)}))")
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def key(self, key, code, text=""):
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=code, text=text if kind == "keyDown" else "",
                     windowsVirtualKeyCode={"Enter": 13, "Space": 32, "Tab": 9}.get(code, 0))

    def type(self, text):
        self.ask("Input.insertText", text=text)

    def picture(self, path):
        data = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=False)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
