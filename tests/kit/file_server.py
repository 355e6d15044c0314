# SPDX-License-Identifier: Apache-2.0
"""A TLS server of files with ranges (RFC 9110, section 14), which can lie in every way that a station must survive.

    with Files(dir) as files:
        sha256, url = files.put(b"...")
        files.lie = cut_after(1000)     # of the next answers, until it is None again

A lie is called with the request; it gives None for "answer as it should be", or a function that writes the answer.
"""
import hashlib
import os
import random
import socket
import ssl
import subprocess
import threading

PIECE = 64 * 1024


class Request:
    def __init__(self, target, headers, content):
        self.target, self.headers, self.content = target, headers, content
        self.sha256 = hashlib.sha256(content).hexdigest() if content is not None else ""
        wanted = headers.get("range", "")
        fits = headers.get("if-range", self.etag) == self.etag
        self.start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted and fits else None

    @property
    def etag(self):
        return f'"{self.sha256}"'

    def head(self, status=None, **fields):
        """Of a right answer; `fields` (content_range="...") change or drop (None) what it says."""
        start, size = self.start or 0, len(self.content)
        lines = {"content_length": size - start, "content_type": "application/octet-stream", "etag": self.etag,
                 "accept_ranges": "bytes", "connection": "close"}
        if self.start is not None:
            lines["content_range"] = f"bytes {start}-{size - 1}/{size}"
        lines.update(fields)
        status = status or ("206 Partial Content" if self.start is not None else "200 OK")
        text = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items() if value is not None)
        return f"HTTP/1.1 {status}\r\n{text}\r\n".encode()

    @property
    def body(self):
        return self.content[self.start or 0:]


class Files:
    def __init__(self, directory):
        self.directory = directory
        self.ca = os.path.join(directory, "files-ca.pem")
        self.key = os.path.join(directory, "files-key.pem")
        make_certificate(self.ca, self.key)
        self.contents = {}  # target: bytes
        self.requests = []  # as they came
        self.sent = 0       # bytes of bodies
        self.lie = None
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.ca, self.key)
        self.lock = threading.Lock()
        self.listener = None
        self.over = threading.Event()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.listener.close()

    @property
    def port(self):
        return self.listener.getsockname()[1]

    def put(self, content, name=None):
        """SHA-256 and address of the content, served from now on."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = f"/v1/media/{name or sha256}?for=minato&sign=00"
        self.contents[target] = content
        return sha256, f"https://127.0.0.1:{self.port}{target}"

    def told(self, content, **more):
        """The same as a manifest tells of a file."""
        sha256, url = self.put(content, more.pop("name", None))
        return {"sha256": sha256, "bytes": len(content), "url": url}

    def accept(self):
        while not self.over.is_set():
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(plain,), daemon=True).start()

    def serve(self, plain):
        plain.settimeout(30)
        try:
            with self.context.wrap_socket(plain, server_side=True) as line:
                request = self.read(line)
                if request is not None:
                    self.answer(line, request)
        except (OSError, ValueError, Cut):
            pass
        finally:
            plain.close()

    def read(self, line):
        text = b""
        while b"\r\n\r\n" not in text:
            got = line.recv(PIECE)
            if not got or len(text) > PIECE:
                return None
            text += got
        first, *rest = text.split(b"\r\n\r\n")[0].decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
        target = first.split(" ")[1]
        request = Request(target, headers, self.contents.get(target))
        with self.lock:
            self.requests.append(request)
        return request

    def answer(self, line, request):
        told = self.lie(request) if self.lie is not None else None
        if told is not None:
            return told(lambda data: self.send(line, data, False))
        if request.content is None:
            return self.send(line, b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", False)
        self.send(line, request.head(), False)
        self.send(line, request.body, True)

    def send(self, line, data, counts):
        for at in range(0, len(data), PIECE):
            if self.over.is_set():
                raise Cut
            line.sendall(data[at:at + PIECE])
            if counts:
                with self.lock:
                    self.sent += len(data[at:at + PIECE])


class Cut(Exception):
    """The connection ends here."""


def make_certificate(certificate, key):
    """Signed by itself, for 127.0.0.1: whoever trusts it trusts this server alone."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "30", "-subj", "/CN=Files", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
                    certificate], check=True, capture_output=True)


# Lies

def answered(text, body=b""):
    """Another answer altogether."""
    return lambda request: lambda out: out(text.encode() + b"\r\n\r\n" + body)


def headed(status=None, body=None, **fields):
    """The right answer with another status, body, or fields."""
    return lambda request: lambda out: (out(request.head(status, **fields)), out(request.body if body is None else body))


def cut_after(size):
    """The connection breaks after so many bytes of the answer."""
    def lie(request):
        return lambda out: out((request.head() + request.body)[:size])
    return lie


def cut_at_random(seed):
    """Each connection breaks somewhere, now and then already in the head."""
    dice = random.Random(seed)

    def lie(request):
        whole = request.head() + request.body
        return lambda out: out(whole[:dice.choice((dice.randrange(len(whole) + 1), dice.randrange(400)))])
    return lie


def wrong_bytes(request):
    """As many as there should be, and one of them another."""
    def tell(out):
        body = bytearray(request.body)
        body[len(body) // 2] ^= 1
        out(request.head())
        out(bytes(body))
    return tell


def whole_instead(request):
    """The whole with 200, whatever was asked for."""
    return lambda out: (out(request.head("200 OK", content_length=len(request.content), content_range=None)),
                        out(request.content))


def from_the_start(request):
    """206, of the first bytes instead of those that were asked for."""
    size = len(request.body)
    if request.start is None:
        return None
    return lambda out: (out(request.head(content_range=f"bytes 0-{size - 1}/{len(request.content)}")),
                        out(request.content[:size]))


def endless(request):
    """No length, and no end."""
    def tell(out):
        out(request.head(content_length=None))
        while True:
            out(b"\0" * PIECE)
    return tell


def drip(over, every=0.02):
    """A byte now and then, until `over` is set."""
    def lie(request):
        def tell(out):
            out(request.head())
            for at in range(len(request.body)):
                out(request.body[at:at + 1])
                if over.wait(every):
                    raise Cut
        return tell
    return lie
