#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A receipt printer on a port: fake9100.py PORT DIR

Understands what machiai-escpos says and burns it: every cut leaves DIR/out/NNNN.pbm. DIR/behave is how it is today:
  ok     prints, answers
  slow   as ok, each band of a picture 0.3 s later
  mute   prints, never answers (a unit without a back channel)
  hang   takes connections and reads nothing
  deaf   reads everything, does nothing
  empty  no paper: keeps what comes in its buffer and prints it once there is paper
  door   the same, with the door open
  busy   somebody else is printing: connections are closed at once
  half   breaks the connection in the middle of a picture, once, then is as ok
DIR/taken has a line for each picture it began with, DIR/said what it was told besides pictures.
"""
import os
import select
import socket
import struct
import sys
import time

PORT, DIR = int(sys.argv[1]), sys.argv[2]
FORGET = bytes([0x10, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8])


def behave():
    try:
        with open(os.path.join(DIR, "behave")) as file:
            return file.read().strip() or "ok"
    except OSError:
        return "ok"


def note(name, line):
    with open(os.path.join(DIR, name), "a") as file:
        file.write(line + "\n")


class Head:
    """The paper: rows burnt since the last cut."""

    def __init__(self):
        self.width, self.rows = 0, []

    def burn(self, width, data):
        self.width = max(self.width, width * 8)
        self.rows += [data[at:at + width] for at in range(0, len(data), width)]

    def cut(self):
        if not self.rows:
            return note("said", "cut of nothing")
        number = len(os.listdir(os.path.join(DIR, "out"))) + 1
        name = os.path.join(DIR, "out", f"{number:04}.pbm")
        with open(name + ".part", "wb") as file:
            file.write(b"P4\n%d %d\n" % (self.width, len(self.rows)) + b"".join(self.rows))
        os.rename(name + ".part", name)
        self.width, self.rows = 0, []


class Device:
    def __init__(self):
        self.head = Head()
        self.cut_off = b""
        self.buffer = b""  # outlives a connection, as in a real one

    def now_status(self, what, state):
        byte = 0x12
        if what == 1:
            byte |= 0x08 if state in ("empty", "door") else 0
        if what == 2:
            byte |= {"empty": 0x20, "door": 0x04}.get(state, 0)
        if what == 4:
            byte |= 0x60 if state == "empty" else 0
        return bytes([byte])

    def realtime(self, data, send, state):
        """Commands obeyed the moment they arrive, wherever they stand. Pictures hold none by chance: a real device
        has the same weakness, and so the head of a picture is looked at first."""
        data, self.cut_off = self.cut_off + data, b""
        for length in range(min(len(data), len(FORGET) - 1), 0, -1):  # a command may come in two pieces
            if data[-length:] in (FORGET[:length], b"\x10\x04"[:length]):
                data, self.cut_off = data[:-length], data[-length:]
                break
        out, at = b"", 0
        while at < len(data):
            if data[at:at + len(FORGET)] == FORGET:
                note("said", "forget")
                self.buffer, out, self.head = b"", b"", Head()
                at += len(FORGET)
            elif data[at:at + 2] == b"\x10\x04" and at + 2 < len(data) and data[at + 2] in (1, 2, 3, 4) \
                    and not self.in_picture(self.buffer + out):
                if state not in ("mute", "deaf"):
                    send(self.now_status(data[at + 2], state))
                at += 3
            else:
                out += data[at:at + 1]
                at += 1
        return out

    @staticmethod
    def in_picture(data):
        at = 0
        while True:
            at = data.find(b"\x1dv0", at)
            if at < 0 or len(data) < at + 8:
                return False
            width, rows = struct.unpack("<HH", data[at + 4:at + 8])
            at += 8 + width * rows
            if at > len(data):
                return True

    def obey(self, send, state):
        """Everything complete in the buffer, in order. True when this is the moment to break off."""
        while self.buffer:
            data = self.buffer
            if data[:2] == b"\x1b@":
                used = 2
            elif data[:3] == b"\x1dv0":
                if len(data) < 8:
                    return False
                width, rows = struct.unpack("<HH", data[4:8])
                used = 8 + width * rows
                if state == "half" and len(data) > 8:
                    return True
                if len(data) < used:
                    return False
                if not self.head.rows:
                    note("taken", state)
                if state == "slow":
                    time.sleep(0.3)
                self.head.burn(width, data[8:used])
            elif data[:2] == b"\x1dV":
                if len(data) < 4:
                    return False
                self.head.cut()
                used = 4
            elif data[:2] == b"\x1dr":
                if len(data) < 3:
                    return False
                if state != "mute":
                    send(b"\x00")
                used = 3
            elif len(data) < 2:
                return False
            else:
                note("said", "garbage " + data[:8].hex())
                used = 1
            self.buffer = data[used:]
        return False

    def serve(self, connection):
        def send(answer):
            try:
                connection.sendall(answer)
            except OSError:
                pass

        while True:
            state = behave()
            if state == "hang":
                time.sleep(0.05)
                continue
            if state not in ("empty", "door", "deaf") and self.obey(send, state):
                note("said", "broke off")
                with open(os.path.join(DIR, "behave"), "w") as file:
                    file.write("ok\n")
                self.buffer, self.head = b"", Head()
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            if not select.select([connection], [], [], 0.05)[0]:
                continue
            try:
                data = connection.recv(4096)
            except OSError:
                return
            if not data:
                return
            data = self.realtime(data, send, state)
            if state != "deaf":
                self.buffer += data


def main():
    listener = socket.create_server(("127.0.0.1", PORT), backlog=1)
    device = Device()
    while True:
        while not select.select([listener], [], [], 0.05)[0]:
            if behave() in ("ok", "slow", "mute"):
                device.obey(lambda answer: None, behave())  # paper is in again, nobody is connected
        connection, _ = listener.accept()
        with connection:
            if behave() != "busy":
                device.serve(connection)


main()
