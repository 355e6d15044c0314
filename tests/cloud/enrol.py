# SPDX-License-Identifier: Apache-2.0
"""A station is enrolled by a one-time code, and the link takes its certificate and no other: twelve wrong ones."""
import datetime
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud, facility  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402


def openssl(*args, text=None):
    run = subprocess.run(["openssl", *args], input=text, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def hello(place, nonce):
    return {"kind": "hello", "version": 1, "facility": place, "station": 0, "lineage": 0, "nonce": nonce, "seq": 0,
            "proof_seq": 0, "proof": ""}


class Frames:
    """A small WebSocket of a station."""

    def __init__(self, raw, rest):
        self.socket, self.rest = raw, rest

    def exactly(self, size):
        while len(self.rest) < size:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError
            self.rest += more
        data, self.rest = self.rest[:size], self.rest[size:]
        return data

    def receive(self):
        """The next message, of as many frames as it has."""
        message = b""
        while True:
            first, second = self.exactly(2)
            size = second & 127
            if size >= 126:
                size = int.from_bytes(self.exactly(2 if size == 126 else 8), "big")
            payload = self.exactly(size)
            if first & 15 == 8:
                raise EOFError
            if first & 15 in (0, 1):
                message += payload
                if first & 128:
                    return json.loads(message)

    def send(self, frame):
        payload = frame if isinstance(frame, bytes) else json.dumps(frame).encode()
        size = bytes([128 | len(payload)]) if len(payload) < 126 else bytes([128 | 126]) + len(payload).to_bytes(2, "big")
        self.socket.sendall(b"\x81" + size + b"\0\0\0\0" + payload)


class Enrol(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.begin([facility("a", 1), facility("b", 2)])

    @classmethod
    def begin(cls, facilities, **more):
        """A directory for the class and a cloud in it."""
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        cls.cloud = Cloud(os.path.join(cls.dir, "home"), options.bin, facilities=facilities, **more).start()
        cls.addClassCleanup(cls.cloud.__exit__)
        cls.serial = 0

    def path(self, name):
        return os.path.join(self.dir, name)

    def key(self):
        type(self).serial += 1
        path = self.path(f"key-{self.serial}")
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
        return path

    def code(self, place="a"):
        run = self.cloud.command("enrol-code", place)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout.strip()

    def enrol(self, key, code, place="a", csr=None):
        csr = csr or openssl("req", "-new", "-key", key, "-subj", "/CN=station")
        return self.cloud.post("/v1/enrol", {"facility": place, "code": code, "csr": csr})

    def enrolled(self, place="a"):
        """(certificate file, key file)"""
        key = self.key()
        status, told, _ = self.enrol(key, self.code(place), place)
        self.assertEqual(status, 200, told)
        self.assertTrue(told["link"].startswith("wss://") and told["link"].endswith("/v1/link"))
        return self.keep(told["certificate"], key)

    def keep(self, certificate, key):
        path = key + ".pem"
        with open(path, "w", encoding="ascii") as file:
            file.write(certificate)
        return path, key

    def upgrade(self, certificate=None, key=None, receives=None):
        """(status, body, frames); `receives`: so many bytes wait at most for somebody to read them here."""
        raw = socket.socket()
        self.addCleanup(raw.close)
        if receives:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        raw.settimeout(20)
        raw.connect(("127.0.0.1", self.cloud.port()))
        line = self.cloud.context(certificate, key).wrap_socket(raw, server_hostname="127.0.0.1")
        self.addCleanup(line.close)
        line.sendall(b"GET /v1/link HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        head = b""
        while b"\r\n\r\n" not in head:
            more = line.recv(4096)
            if not more:
                raise EOFError("closed without an answer")
            head += more
        head, rest = head.split(b"\r\n\r\n", 1)
        status = int(head.split()[1])
        return status, (json.loads(rest) if status != 101 else None), Frames(line, rest)

    def refused(self, status, reason, certificate, key):
        told = self.upgrade(certificate, key)
        self.assertEqual((told[0], told[1]["error"]["reason"]), (status, reason))
        # Without an upgrade it is refused as well, and nothing else is told.
        answer = self.cloud.get("/v1/link", certificate=certificate, key=key)
        self.assertEqual((answer[0], answer[1]["error"]["reason"]), (status, reason))

    # Codes

    def test_1_codes(self):
        key, code = self.key(), self.code()
        for wrong in ("", "AAAAAAAAAA", code[:-1] + "0", code + "A"):
            self.assertEqual(self.enrol(key, wrong)[1]["error"]["reason"], "enrol_refused")
        self.assertEqual(self.enrol(key, code, "b")[1], self.enrol(key, code, "none")[1], "no facility can be told apart")
        self.assertEqual(self.enrol(key, code, csr="-----BEGIN CERTIFICATE REQUEST-----")[1]["error"]["reason"], "bad_csr")
        rsa = openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=x")
        self.assertEqual(self.enrol(key, code, csr=rsa)[1]["error"]["reason"], "bad_csr")
        typed = code.replace("-", " ").lower()
        self.assertEqual(self.enrol(key, typed)[0], 200, "a mistake before has not used the code up")
        self.assertEqual(self.enrol(key, code)[0], 403, "a code works once")
        old = self.code()
        self.cloud.sql("UPDATE code SET until = 1 WHERE used_at IS NULL")
        self.assertEqual(self.enrol(key, old)[0], 403, "a code lives an hour")
        taken = self.code()
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.enrol(key, taken)[0])) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answers), [200] + [403] * 5, "six at once: one is enrolled")
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM code WHERE encode(hash, 'escape') LIKE '%" + code[:5] + "%'"),
                         [["0"]], "no code stands in the database")

    # The link

    def test_2_link(self):
        certificate, key = self.enrolled()
        status, _, frames = self.upgrade(certificate, key)
        self.assertEqual(status, 101)
        frames.send(hello("a", "link"))
        self.assertEqual(frames.receive()["kind"], "welcome")
        frames.send({"kind": "ping", "id": 7})
        pong = frames.receive()
        self.assertLess(abs(pong.pop("at") / 1000 - time.time()), 60, "the cloud's clock")
        self.assertEqual(pong, {"kind": "pong", "id": 7})
        self.assertEqual(self.cloud.get("/v1/link", certificate=certificate, key=key)[0], 426)
        # Frames that cannot be read end the link in words; the cloud goes on.
        frames.send(b"{")
        self.assertEqual(frames.receive()["reason"], "bad_frame")
        with self.assertRaises(EOFError):
            frames.receive()

    def test_3_the_newer_connection_is_served(self):
        certificate, key = self.enrolled()
        self.cloud.sql("DELETE FROM seat")
        older = self.upgrade(certificate, key)[2]
        older.send(hello("a", "start"))
        self.assertEqual(older.receive()["kind"], "welcome")
        newer = self.upgrade(certificate, key)[2]
        newer.send(hello("a", "start"))
        self.assertEqual(newer.receive()["kind"], "welcome")
        with self.assertRaises((EOFError, OSError)):
            older.receive()

    def test_4_hello_of_another_facility(self):
        frames = self.upgrade(*self.enrolled())[2]
        frames.send(hello("b", "other"))
        self.assertEqual(frames.receive()["reason"], "certificate_unknown")

    # Certificates

    def signed(self, *, subject="/O=machiai-facility-1/CN=x", ca=None, days=("20250101000000Z", "20350101000000Z"),
               use="clientAuth", more=""):
        """A certificate made outside, by the cloud's own CA unless another is given: what a thief of the CA's key, or
        a careless administrator, could make."""
        key = self.key()
        ca = ca or (os.path.join(self.cloud.home, "tls", "ca.pem"), os.path.join(self.cloud.home, "tls", "ca.key"))
        folder = key + ".ca"
        os.mkdir(folder)
        pathlib.Path(folder, "index").write_text("")
        pathlib.Path(folder, "serial").write_text(os.urandom(8).hex())
        pathlib.Path(folder, "conf").write_text(
            f"[ca]\ndefault_ca=c\n[c]\nnew_certs_dir={folder}\ndatabase={folder}/index\nserial={folder}/serial\n"
            f"default_md=sha256\npolicy=p\nx509_extensions=e\nunique_subject=no\n[p]\nO=optional\nCN=supplied\n"
            f"[e]\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage={use}\n{more}\n")
        request = folder + "/csr"
        openssl("req", "-new", "-key", key, "-subj", subject, "-out", request)
        out = key + ".pem"
        openssl("ca", "-batch", "-config", folder + "/conf", "-in", request, "-cert", ca[0], "-keyfile", ca[1], "-out", out,
                "-notext", "-startdate", days[0], "-enddate", days[1])
        return out, key

    def foreign_ca(self, name="Foreign CA"):
        key = self.key()
        openssl("req", "-x509", "-key", key, "-subj", f"/CN={name}", "-days", "30", "-out", key + ".ca.pem")
        return key + ".ca.pem", key

    def test_5_twelve_wrong_certificates(self):
        good = self.enrolled()
        soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)).strftime("%Y%m%d%H%M%SZ")
        unknown = "certificate_unknown"
        cases = [
            ("none", 401, "certificate_missing", (None, None)),
            ("self-signed", 403, unknown, self.self_signed()),
            ("of another authority", 403, unknown, self.signed(ca=self.foreign_ca())),
            ("of another authority with our name", 403, unknown, self.signed(ca=self.foreign_ca("Machiai cloud CA"))),
            ("expired", 403, "certificate_expired", self.signed(days=("20240101000000Z", "20250101000000Z"))),
            ("not yet valid", 403, "certificate_early", self.signed(days=(soon, "20350101000000Z"))),
            ("of our authority, never given out", 403, unknown, self.signed()),
            ("of our authority, for a server", 403, unknown, self.signed(use="serverAuth")),
            ("of our authority, for no facility", 403, unknown, self.signed(subject="/O=other/CN=x")),
            ("of a facility that is not there", 403, unknown, self.signed(subject="/O=machiai-facility-99/CN=x")),
            ("the server's own", 403, unknown, (os.path.join(self.cloud.home, "tls", "server.pem"),
                                                os.path.join(self.cloud.home, "tls", "server.key"))),
        ]
        for what, status, reason, (certificate, key) in cases:
            with self.subTest(what):
                self.refused(status, reason, certificate, key)
        with self.subTest("revoked"):
            self.enrolled()  # a new enrolment takes the place of the old
            self.refused(403, "certificate_revoked", *good)
        with self.subTest("somebody else's, without its key"), self.assertRaises((ssl.SSLError, OSError)):
            self.upgrade(good[0], self.key())

    def self_signed(self):
        key = self.key()
        openssl("req", "-x509", "-key", key, "-subj", "/O=machiai-facility-1/CN=x", "-days", "30", "-out", key + ".pem")
        return key + ".pem", key

    def test_6_old_tls(self):
        context = ssl.create_default_context(cafile=os.path.join(self.cloud.home, "tls", "ca.pem"))
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with socket.create_connection(("127.0.0.1", self.cloud.port()), 20) as raw, self.assertRaises(ssl.SSLError):
            context.wrap_socket(raw, server_hostname="127.0.0.1")


if __name__ == "__main__":
    main(__doc__)
