# SPDX-License-Identifier: Apache-2.0
"""The cloud's end of a station's link, as small as it can be: it lets in whoever comes, acknowledges what is recorded,
and says documents. A station is enrolled with it by files alone, without a cloud.

    with LinkEnd(dir) as end:
        end.enrol(home)
        end.says("manifest", {...})    # now, and on each link from now on
"""
import base64
import hashlib
import json
import os
import socket
import ssl
import struct
import threading

from kit.file_server import make_certificate

TEXT, CLOSE = 1, 8


class LinkEnd:
    def __init__(self, directory, certificate=None, key=None):
        self.certificate = certificate or os.path.join(directory, "link-ca.pem")
        self.key = key or os.path.join(directory, "link-key.pem")
        if certificate is None:
            make_certificate(self.certificate, self.key)
        self.documents = {}
        self.refuses = None  # a reason: then nobody is let in
        self.refused = 0
        self.lines = []  # links that stand now
        self.links = 0   # that ever stood
        self.lock = threading.Lock()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, self.key)
        self.listener = None

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def enrol(self, home, facility="minato"):
        enrol(home, self.certificate, self.key, self.listener.getsockname()[1], facility)

    def says(self, name, body):
        with self.lock:
            self.documents[name] = (len(self.documents) + 1, json.dumps(body, ensure_ascii=False))
            for line in self.lines:
                self.document(line, name)

    def document(self, line, name):
        version, body = self.documents[name]
        send(line, {"kind": "document", "name": name, "version": version, "body": body})

    def accept(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(plain,), daemon=True).start()

    def serve(self, plain):
        line = None
        try:
            with self.context.wrap_socket(plain, server_side=True) as line:
                shake_hands(line)
                while True:
                    self.hear(line, receive(line))
        except (OSError, ValueError, EOFError):
            pass
        finally:
            with self.lock:
                if line in self.lines:
                    self.lines.remove(line)
            plain.close()

    def hear(self, line, frame):
        with self.lock:
            if frame["kind"] == "hello" and self.refuses:
                send(line, {"kind": "refused", "reason": self.refuses, "prove": 0})
                self.refused += 1
            elif frame["kind"] == "hello":
                send(line, {"kind": "welcome", "lineage": frame["lineage"] + 1, "acked": frame["seq"]})
            elif frame["kind"] == "ready":
                self.lines.append(line)
                self.links += 1
                for name in self.documents:
                    self.document(line, name)
            elif frame["kind"] == "events":
                send(line, {"kind": "ack", "seq": frame["events"][-1]["seq"]})
            elif frame["kind"] == "ping":
                send(line, {"kind": "pong", "id": frame["id"]})


def enrol(home, certificate, key, port, facility="minato"):
    """What an enrolment leaves in HOME/cloud; the certificate is the authority and the station's own at once."""
    cloud = os.path.join(home, "cloud")
    os.makedirs(cloud, mode=0o700, exist_ok=True)
    texts = {}
    for name, path in (("ca", certificate), ("key", key)):
        with open(path, encoding="ascii") as file:
            texts[name] = file.read()
    link = {"facility": facility, "link": f"wss://127.0.0.1:{port}/v1/link", "station": 0, "lineage": 0}
    for name, text in (("ca.pem", texts["ca"]), ("pair.pem", texts["key"] + texts["ca"]), ("link.json", json.dumps(link))):
        with open(os.path.join(cloud, name), "w", encoding="ascii") as file:
            file.write(text)


def shake_hands(line):
    text = b""
    while b"\r\n\r\n" not in text:
        got = line.recv(4096)
        if not got:
            raise EOFError
        text += got
    headers = dict(each.lower().split(": ", 1) for each in text.decode().split("\r\n")[1:] if ": " in each)
    names = {name.lower(): value for name, _, value in (each.partition(": ") for each in text.decode().split("\r\n")[1:])}
    assert headers["upgrade"] == "websocket"
    digest = hashlib.sha1((names["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    line.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n")


def send(line, frame):
    data = json.dumps(frame, ensure_ascii=False).encode()
    head = bytes([0x80 | TEXT]) + (bytes([len(data)]) if len(data) < 126 else
                                   b"\x7e" + struct.pack(">H", len(data)) if len(data) < 1 << 16 else
                                   b"\x7f" + struct.pack(">Q", len(data)))
    line.sendall(head + data)


def exactly(line, size):
    data = b""
    while len(data) < size:
        got = line.recv(size - len(data))
        if not got:
            raise EOFError
        data += got
    return data


def receive(line):
    """The next frame's JSON; a station masks what it sends and sends each frame in one piece."""
    first, second = exactly(line, 2)
    size = second & 0x7f
    if size >= 126:
        size = int.from_bytes(exactly(line, 2 if size == 126 else 8), "big")
    mask = exactly(line, 4)
    data = bytes(byte ^ mask[at % 4] for at, byte in enumerate(exactly(line, size)))
    if first & 0xf == CLOSE:
        raise EOFError
    return json.loads(data)
