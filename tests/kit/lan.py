# SPDX-License-Identifier: Apache-2.0
"""A device of the clinic's network, for walks and faults: HTTPS and the hub's WebSocket over TLS 1.3.

    code = station.cli("pair", "--name", "tablet", "--room", "1")[1]["code"]
    tablet = Device(home, redeem(home, code))
    with tablet.hub() as hub: hub.ok("rooms")
"""
import http.client
import json
import os
import socket
import ssl

from kit.hub import PATIENCE, Hub, Lost


def lan_port(home):
    with open(os.path.join(home, "run", "lan-port"), encoding="ascii") as file:
        return int(file.read())


def trusting(home):
    """Trusts the station's CA and nobody else."""
    context = ssl.create_default_context(cafile=os.path.join(home, "tls", "ca.pem"))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def ask(home, method, path, body=None, headers=None, context=None):
    """One request; gives (status, headers, body)."""
    line = http.client.HTTPSConnection("localhost", lan_port(home), timeout=PATIENCE, context=context or trusting(home))
    try:
        line.request(method, path, body, headers or {})
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        line.close()


def try_code(home, code, **headers):
    body = code if isinstance(code, bytes) else json.dumps({"code": code}).encode()
    return ask(home, "POST", "/pair", body, {"Content-Type": "application/json", **headers})


def redeem(home, code):
    """Pairs; gives the credential as a bearer token has it."""
    status, headers, body = try_code(home, code)
    if status != 200:
        raise Lost(f"not paired: {status} {body[:200]}")
    return headers["Set-Cookie"].split(";")[0].split("=", 1)[1]


class Device:
    def __init__(self, home, credential):
        self.home, self.credential = home, credential
        self.id = credential.split(".")[0]

    def hub(self, **more):
        return LanHub(self.home, token=self.credential, port=lan_port(self.home), **more)

    def me(self):
        return ask(self.home, "GET", "/me", headers={"Authorization": "Bearer " + self.credential})[0]


class LanHub(Hub):
    """The hub's WebSocket over TLS. `head`: other lines than the bearer token in the upgrade."""

    def __init__(self, home, *, head=None, path="/hub", source="127.0.0.1", **more):
        self.context, self.head, self.path, self.source = trusting(home), head, path, source
        super().__init__(home, **more)

    def _upgrade(self, port, token, seat, lang):
        # The plain connection of the base class becomes a TLS one.
        self.socket.close()
        plain = socket.create_connection(("127.0.0.1", port), PATIENCE, (self.source, 0))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = self.context.wrap_socket(plain, server_hostname="localhost")
        shown = f"Authorization: Bearer {token}\r\n" if self.head is None else self.head
        self.socket.sendall((
            f"GET {self.path} HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n{shown}"
            f"Accept-Language: {lang}\r\n\r\n").encode())
        got = b""
        while b"\r\n\r\n" not in got:
            more = self.socket.recv(4096)
            if not more:
                raise Lost("closed in the handshake")
            got += more
        got, self.rest = got.split(b"\r\n\r\n", 1)
        return int(got.split(b" ", 2)[1])
