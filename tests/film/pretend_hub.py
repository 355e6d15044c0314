# SPDX-License-Identifier: Apache-2.0
"""A hub for one display: it pushes what a test gives it and keeps what the display reports. Its clock is the test's:
milliseconds since `EPOCH`, so that a turn can be planned to the millisecond.
"""
import base64
import hashlib
import json
import os
import socket
import struct
import threading
import time

EPOCH = 1764034320000  # of the board in tests/display/fixtures: ten in the morning
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def iso(at_ms):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at_ms // 1000)) + f".{at_ms % 1000:03d}Z"


class PretendHub:
    def __init__(self, home, board):
        self.board = board
        self.programme = None
        self.troubles, self.surfaces = [], []  # in the order they were reported
        self.rev = 0
        self.began = time.monotonic()
        self.lock = threading.Lock()
        self.line = None
        self.listening = socket.create_server(("127.0.0.1", 0))
        os.makedirs(os.path.join(home, "run"), exist_ok=True)
        for name, text in (("port", str(self.listening.getsockname()[1])), ("token.display", "key")):
            with open(os.path.join(home, "run", name), "w", encoding="ascii") as file:
                file.write(text)
        threading.Thread(target=self._serve, daemon=True).start()
        threading.Thread(target=self._beat, daemon=True).start()

    def now(self):
        return EPOCH + int((time.monotonic() - self.began) * 1000)

    def monotonic(self, at_ms):
        """When that is, on the clock of this machine, in ms."""
        return self.began * 1000 + at_ms - EPOCH

    def push_board(self, board):
        self.board = board
        self._push("board", board)

    def push_programme(self, programme):
        self.programme = programme
        self._push("programme", programme)

    def close(self):
        self.listening.close()

    def _push(self, name, data):
        self.rev += 1
        self._send({"view": name, "rev": self.rev, "at": self.now(), "data": data})

    def _send(self, frame):
        data = json.dumps(frame).encode()
        head = bytes([0x81]) + (bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data)))
        with self.lock:
            if self.line is not None:
                try:
                    self.line.sendall(head + data)
                except OSError:
                    self.line = None

    def _beat(self):
        while self.listening.fileno() >= 0:
            time.sleep(1)
            self._send({"beat": self.now()})

    def _serve(self):
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            try:
                self._talk(line)
            except OSError:
                pass

    def _talk(self, line):
        request = b""
        while b"\r\n\r\n" not in request:
            request += line.recv(4096)
        key = next(row.split(b":", 1)[1].strip() for row in request.split(b"\r\n")
                   if row.lower().startswith(b"sec-websocket-key"))
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        line.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        self.line = line
        stream = line.makefile("rb")
        while True:
            head = stream.read(2)
            if len(head) < 2:
                return
            size = head[1] & 0x7F
            if size == 126:
                size = struct.unpack(">H", stream.read(2))[0]
            mask = stream.read(4)
            data = bytes(byte ^ mask[i % 4] for i, byte in enumerate(stream.read(size)))
            if head[0] & 0xF == 1:
                self._hear(json.loads(data))

    def _hear(self, frame):
        self._send({"id": frame["id"], "ok": {}})
        if frame["cmd"] == "report":
            self.troubles.append(frame["args"]["trouble"])
            self.surfaces.append(frame["args"]["surface"])
        if frame["cmd"] == "watch":
            views = frame["args"]["views"]
            self._push("board", self.board)
            if "programme" in views and self.programme:
                self._push("programme", self.programme)


def turns(start_ms, *items):
    """(item, ms) one after the other: the turns with their times."""
    rows, at = [], start_ms
    for item, length in items:
        rows.append({"item": item, "kind": "own", "reason": "planned", "from": iso(at), "until": iso(at + length),
                     "slot": "day", "title": {"ja": item, "en": ""}, "programme": "test", "version": 1, "at": at})
        at += length
    rows.append({**rows[-1], "item": "scene", "reason": "no_slot", "from": iso(at), "until": iso(at + 3600_000), "at": at})
    return rows


class Schedule(threading.Thread):
    """Pushes now and next as the daemon does: up to `late` ms after each change."""

    def __init__(self, hub, rows, late=200):
        super().__init__(daemon=True)
        self.hub, self.rows, self.late = hub, rows, late
        self.tell(0)
        self.start()

    def tell(self, i):
        self.hub.push_programme({"now": self.rows[i], "next": self.rows[min(i + 1, len(self.rows) - 1)],
                                 "programmes": []})

    def run(self):
        for i in range(1, len(self.rows)):
            time.sleep(max(0.0, (self.rows[i]["at"] + self.late - self.hub.now()) / 1000))
            self.tell(i)
