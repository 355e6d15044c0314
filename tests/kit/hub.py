# SPDX-License-Identifier: Apache-2.0
"""A small WebSocket client for the hub, for walks and faults: see docs/PROTOCOL.md.

    with Hub(home, "desk", "front") as hub:
        hub.ok("take", {"service": "naika"}, key="k1")["number"]

It can also send frames that no honest seat would send (`send_frame`).
"""
import base64
import itertools
import json
import os
import socket
import struct
import threading

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
# Seconds that a test waits at most for what is to come: an answer, a view, a state. Nothing takes as long when all
# is well, however busy the machine is. Where a time is what is tested, it stands there.
PATIENCE = 30.0


class Lost(Exception):
    """The connection ended or stayed silent; what was asked may or may not have happened."""


class Refused(Exception):
    """The hub answered with an error."""

    def __init__(self, error):
        super().__init__(error.get("reason", "?"))
        self.error = error
        self.reason = error.get("reason", "?")


def read_port(home):
    """The port in run/port, or None while there is none."""
    try:
        with open(os.path.join(home, "run", "port"), encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return None


def read_token(home, role):
    with open(os.path.join(home, "run", "token." + role), encoding="ascii") as file:
        return file.read()


class Hub:
    """One connection. Not for several threads at once, except that close() may come from anywhere."""

    def __init__(self, home, role="desk", seat="test", *, port=None, token=None, lang="en", timeout=PATIENCE):
        port = port or read_port(home)
        if port is None:
            raise Lost("no port")
        token = read_token(home, role) if token is None else token
        self.rest = b""
        self.ids = itertools.count(1)
        self.pushed = []  # views and beats that came between answers, oldest first
        self.partial = b""
        try:
            self.socket = socket.create_connection(("127.0.0.1", port), timeout)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.status = self._upgrade(port, token, seat, lang)
        except OSError as error:
            raise Lost(str(error)) from error
        if self.status != 101:
            self.close()
            raise Refused({"reason": f"http_{self.status}"})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        # Both directions at once, so that a reader in another thread wakes up.
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def _upgrade(self, port, token, seat, lang):
        nonce = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((
            f"GET /hub HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {nonce}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n"
            f"X-Machiai-Seat: {seat}\r\nAccept-Language: {lang}\r\n\r\n").encode())
        head = b""
        while b"\r\n\r\n" not in head:
            more = self.socket.recv(4096)
            if not more:
                raise Lost("closed in the handshake")
            head += more
        head, self.rest = head.split(b"\r\n\r\n", 1)
        return int(head.split(b" ", 2)[1])

    # Frames

    def send_frame(self, payload, opcode=TEXT, fin=True):
        """One raw frame. The mask is zero: allowed by RFC 6455, and it leaves the bytes as they are."""
        size = len(payload)
        head = bytes([(0x80 if fin else 0) | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        try:
            self.socket.sendall(head + b"\0\0\0\0" + payload)
        except OSError as error:
            raise Lost(str(error)) from error

    def _exactly(self, size):
        while len(self.rest) < size:
            try:
                more = self.socket.recv(65536)
            except OSError as error:
                raise Lost(str(error) or "silence") from error
            if not more:
                raise Lost("closed")
            self.rest += more
        data, self.rest = self.rest[:size], self.rest[size:]
        return data

    def receive_text(self):
        """The next text message; pings are answered on the way."""
        while True:
            first, second = self._exactly(2)
            size = second & 0x7f
            if size == 126:
                size = struct.unpack(">H", self._exactly(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self._exactly(8))[0]
            payload = self._exactly(size)
            opcode = first & 0x0f
            if opcode == CLOSE:
                raise Lost("closed by the hub")
            if opcode == PING:
                self.send_frame(payload, PONG)
            elif opcode in (0, TEXT, BINARY):
                self.partial += payload
                if first & 0x80:
                    text, self.partial = self.partial, b""
                    return text

    def receive(self):
        return json.loads(self.receive_text())

    # Questions and answers

    def send(self, cmd, args=None, key=None):
        """Sends a command without waiting; gives its id."""
        number = next(self.ids)
        frame = {"id": number, "cmd": cmd, "args": args or {}}
        if key is not None:
            frame["key"] = key
        self.send_frame(json.dumps(frame, ensure_ascii=False).encode())
        return number

    def answer(self, number):
        """The answer with this id; what is pushed in between goes to `pushed`."""
        while True:
            frame = self.receive()
            if "view" in frame or "beat" in frame:
                self.pushed.append(frame)
            elif frame.get("id") in (number, None):
                return frame

    def ask(self, cmd, args=None, key=None):
        return self.answer(self.send(cmd, args, key))

    def ok(self, cmd, args=None, key=None):
        """What stands under "ok"; Refused otherwise."""
        frame = self.ask(cmd, args, key)
        if "ok" not in frame:
            raise Refused(frame.get("error", {}))
        return frame["ok"]

    def next_view(self, name):
        """The next push of this view."""
        while True:
            for at, frame in enumerate(self.pushed):
                if frame.get("view") == name:
                    return self.pushed.pop(at)
            self.pushed.append(self.receive())


class Crowd:
    """Runs one function in several threads and carries their first failure to join()."""

    def __init__(self, work, seats):
        self.failures = []
        self.threads = [threading.Thread(target=self._run, args=(work, seat), daemon=True) for seat in seats]
        for thread in self.threads:
            thread.start()

    def _run(self, work, seat):
        try:
            work(seat)
        except Exception as error:  # told by join()
            self.failures.append(error)

    def join(self, timeout=30):
        for thread in self.threads:
            thread.join(timeout)
            if thread.is_alive():
                raise TimeoutError("a client hangs")
        if self.failures:
            raise self.failures[0]
