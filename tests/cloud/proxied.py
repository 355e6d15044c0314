# SPDX-License-Identifier: Apache-2.0
"""Behind a proxy that passes TLS through: limits count the caller whom the PROXY header names, not the proxy, and
nobody else can name one."""
import json
import os
import pathlib
import socket
import ssl
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud, facility  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"


def header(caller=None):
    """PROXY protocol, version 2; without a caller the proxy speaks for itself."""
    if caller is None:
        return SIGNATURE + b"\x20\x00\x00\x00"
    family = socket.AF_INET6 if ":" in caller else socket.AF_INET
    packed = socket.inet_pton(family, caller)
    rest = packed + packed + b"\x12\x34\x01\xbb" + b"\x04\x00\x01\x00"  # and one field more, as proxies add
    return SIGNATURE + b"\x21" + (b"\x21" if ":" in caller else b"\x11") + len(rest).to_bytes(2, "big") + rest


class Proxied(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        cls.behind = Cloud(os.path.join(cls.dir, "behind"), options.bin, facilities=[facility("a", 1)],
                           args=["--proxied-by", "127.0.0.1"])
        cls.behind.serves = lambda: cls.asks(header())[0] == 200
        cls.behind.start()
        cls.addClassCleanup(cls.behind.__exit__)

    @classmethod
    def line(cls, first, source="127.0.0.1"):
        raw = socket.create_connection(("127.0.0.1", cls.behind.port()), 20, source_address=(source, 0))
        try:
            raw.sendall(first)
            return cls.behind.context().wrap_socket(raw, server_hostname="127.0.0.1")
        except OSError:
            raw.close()
            raise

    @classmethod
    def asks(cls, first, more="", line=None):
        """(status, reason) of GET /healthz; (0, "") when the connection is ended without one."""
        try:
            with line or cls.line(first) as line:
                line.sendall(f"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n".encode())
                got = b""
                while data := line.recv(65536):
                    got += data
        except OSError:
            return 0, ""
        if not got:
            return 0, ""
        head, _, body = got.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(body).get("error", {}).get("reason", "")

    def test_the_caller_is_counted(self):
        """One caller behind the proxy asks too much; another and the proxy's own checks go on."""
        until(lambda: self.asks(header("203.0.113.7"))[0] == 429, "the limit", 60, 0)
        self.assertEqual(self.asks(header("203.0.113.7")), (429, "too_many_requests"))
        self.assertEqual(self.asks(header("203.0.113.7"), "X-Forwarded-For: 127.0.0.1\r\n")[0], 429)
        self.assertEqual(self.asks(header("203.0.113.8"))[0], 200)
        self.assertEqual(self.asks(header())[0], 200)
        until(lambda: self.asks(header("2001:db8::7"))[0] == 429, "the limit", 60, 0)
        self.assertEqual(self.asks(header("2001:db8::9:1"))[0], 429, "a network of 64 bits is one caller")
        self.assertEqual(self.asks(header("2001:db8:0:1::7"))[0], 200)

    def test_places_of_one_caller(self):
        """Three hundred places for one address; the next is let go, others come in."""
        lines = [self.line(header("198.51.100.1")) for _ in range(300)]
        self.addCleanup(lambda: [line.close() for line in lines])
        self.assertEqual(self.asks(header("198.51.100.1"))[0], 0)
        self.assertEqual(self.asks(header("198.51.100.2"))[0], 200)

    def test_viewers_are_places_too(self):
        """Who watches has a place until he goes: three hundred of one address, and one more when one has gone."""
        ask = ("GET /v1/live?facility=a HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").encode()
        lines = []
        self.addCleanup(lambda: [line.close() for line in lines])
        for _ in range(300):
            lines.append(self.line(header("198.51.100.3")))
            lines[-1].sendall(ask)
            self.assertTrue(lines[-1].recv(4096).startswith(b"HTTP/1.1 101"))
        self.assertEqual(self.asks(header("198.51.100.3"))[0], 0)
        self.assertEqual(self.asks(header("198.51.100.4"))[0], 200)
        lines.pop().close()
        until(lambda: self.asks(header("198.51.100.3"))[0] == 200, "the place to be free again", 20, 0.05)

    def test_headers_that_are_none(self):
        """From the proxy nothing but a whole header begins a connection."""
        good = header("203.0.113.20")
        for wrong in (b"", b"PROXY TCP4 203.0.113.9 203.0.113.9 1 2\r\n", SIGNATURE + b"\x22\x11\x00\x0c" + bytes(12),
                      SIGNATURE + b"\x21\x11\x00\x04" + bytes(4), SIGNATURE + b"\x21\x31\x00\x0c" + bytes(12),
                      SIGNATURE + b"\x21\x11\xff\xff", good[:12] + b"\x31" + good[13:]):
            self.assertEqual(self.asks(wrong)[0], 0, wrong)
        self.assertEqual(self.asks(good)[0], 200)

    def test_nobody_else_names_a_caller(self):
        """Another address of this machine is not the proxy: its header is no TLS, and without one it is served."""
        with self.assertRaises((ssl.SSLError, OSError)):
            self.line(header("203.0.113.9"), source="127.0.0.2")
        self.assertEqual(self.asks(b"", line=self.line(b"", source="127.0.0.2"))[0], 200)

    def test_addresses_that_are_none(self):
        run = self.behind.command("serve", "--proxied-by", "nowhere")
        self.assertEqual(run.returncode, 2, run.stderr)


if __name__ == "__main__":
    main(__doc__)
