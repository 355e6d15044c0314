# SPDX-License-Identifier: Apache-2.0
"""Devices of the clinic's network: pairing, revoking, what a room's seat may do, and what the TLS port refuses."""
import hashlib
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import StationCase, main  # noqa: E402
from kit.hub import Lost, Refused, read_token  # noqa: E402
from kit.lan import Device, LanHub, ask, lan_port, redeem, trusting, try_code  # noqa: E402
from kit.station import until  # noqa: E402


class LanCase(StationCase):
    settings = {"settle_seconds": "3600", "lan": '"127.0.0.1:0"'}

    @property
    def home(self):
        return self.station.home

    def code(self, room="1", name="タブレット"):
        return self.done("pair", "--name", name, "--room", room)["code"]

    def device(self, room="1"):
        return Device(self.home, redeem(self.home, self.code(room)))

    def wrong(self, code):
        return "000000" if code != "000000" else "000001"


class Pairing(LanCase):
    def test_a_code_lets_one_device_in_and_only_its_digest_is_kept(self):
        code = self.code()
        self.assertRegex(code, r"^\d{6}$")
        device = Device(self.home, redeem(self.home, code))
        listed = {each["device"]: each for each in self.done("devices")["devices"]}
        self.assertEqual((listed[device.id]["room"], listed[device.id]["name"]), ("1", "タブレット"))
        with open(os.path.join(self.home, "data", "devices.json"), encoding="utf-8") as file:
            kept = file.read()
        self.assertNotIn(device.credential.split(".")[1], kept)
        self.assertEqual(device.me(), 200)
        # Used up: a second try is refused like a wrong one.
        self.assertEqual(self.refusal(code), self.refusal(self.wrong(code)))

    def test_a_code_comes_with_the_signs_of_the_authority_that_is_served(self):
        told = self.done("pair", "--name", "x", "--room", "1")["check"]
        served = ask(self.home, "GET", "/ca.pem")[2].decode()
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(served)).hexdigest().upper()
        self.assertEqual(told, " ".join(digest[at:at + 4] for at in range(0, 20, 4)))

    def refusal(self, code):
        status, _, body = try_code(self.home, code)
        return status, body

    def test_a_device_is_known_after_a_crash_that_follows_the_answer(self):
        device = self.device()
        self.station.restart()
        self.assertEqual(device.me(), 200)

    def test_the_cookie_is_for_this_host_over_tls_and_out_of_reach_for_scripts(self):
        _, headers, body = try_code(self.home, self.code())
        cookie = headers["Set-Cookie"]
        for rule in ("__Host-machiai=", "; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"):
            self.assertIn(rule, cookie)
        self.assertNotIn(cookie.split(".")[1].split(";")[0], body.decode())

    def test_what_a_pairing_needs(self):
        self.refused("unknown_room", "pair", "--name", "x", "--room", "9")
        self.refused("name_too_long", "pair", "--name", "x" * 41, "--room", "1")
        self.refused("unknown_device", "unpair", "room-00000000")
        with self.station.hub("room") as hub:
            for cmd in ("pair", "devices", "unpair"):
                self.assertEqual(hub.ask(cmd, {})["error"]["reason"], "forbidden")

    def test_odd_requests_to_pair_are_refused_and_use_no_code(self):
        code = self.code()
        good = json.dumps({"code": code}).encode()
        self.assertEqual(try_code(self.home, good, **{"Content-Type": "text/plain"})[0], 403)
        self.assertEqual(try_code(self.home, good, Origin="https://elsewhere.example")[0], 403)
        for body in (b"", b"{", b"[]", b'{"code":7}', b'{"code":"' + b"1" * 40 + b'"}'):
            self.assertEqual(try_code(self.home, body)[0], 400, body)
        self.assertEqual(ask(self.home, "GET", "/pair")[0], 404)
        self.assertEqual(try_code(self.home, good)[0], 200)


class WrongCodes(LanCase):
    def test_five_wrong_tries_void_a_code_and_twenty_make_pairing_rest(self):
        code = self.code()
        for _ in range(5):
            answer = try_code(self.home, self.wrong(code))
            self.assertEqual(answer[0], 403)
        # No oracle: the right code of before gets the very same answer.
        right = try_code(self.home, code)
        self.assertEqual((right[0], right[2]), (answer[0], answer[2]))
        fresh = self.code()
        for _ in range(14):
            try_code(self.home, "999999x")
        self.refused("pairing_rests", "pair", "--name", "x", "--room", "1")
        resting = try_code(self.home, fresh)
        self.assertEqual((resting[0], resting[2]), (answer[0], answer[2]))
        self.assertEqual(self.done("devices")["devices"], [])


class Revoking(LanCase):
    def test_a_revoked_device_is_out_at_once_and_for_ever(self):
        device, other = self.device(), self.device("2")
        with device.hub() as hub, other.hub() as stays:
            hub.ok("watch", {"views": ["rooms"]})
            self.assertTrue(self.connected(device))
            self.done("unpair", device.id)
            with self.assertRaises(Lost):
                for _ in range(100):
                    hub.receive()
            stays.ok("rooms")
        self.assertEqual(device.me(), 401)
        with self.assertRaises(Refused) as refused:
            device.hub()
        self.assertEqual(refused.exception.reason, "http_401")
        self.station.restart()
        self.assertEqual((device.me(), other.me()), (401, 200))

    def connected(self, device):
        return next(each for each in self.done("devices")["devices"] if each["device"] == device.id)["connected"]


class Limits(LanCase):
    def tearDown(self):
        for ticket in self.done("queue", "naika")["tickets"]:
            if ticket["state"] not in ("done", "cancelled", "void"):
                self.done("cancel", ticket["ticket"])

    def test_a_device_acts_for_its_own_room_alone(self):
        device = self.device("1")
        mine, other, third = self.take(), self.take(), self.take()
        self.done("call", "naika", "--room", "1")
        self.done("call", "naika", "--room", "2")
        with device.hub() as hub:
            def reason(cmd, **args):
                return hub.ask(cmd, args).get("error", {}).get("reason")

            for verb in ("recall", "enter", "absent", "hold", "resume", "back", "finish", "move", "skip"):
                self.assertEqual(reason(verb, ticket=other, before=""), "forbidden", verb)
            self.assertEqual(reason("call", service="naika", room="2"), "forbidden")
            self.assertEqual(reason("call", service="naika"), "forbidden")
            self.assertEqual(reason("recall", ticket="naika-20200101-1"), "forbidden")
            for verb in ("take", "cancel", "desk", "queue", "why", "open", "close", "transfer", "amend"):
                self.assertEqual(reason(verb, ticket=mine, service="naika"), "forbidden", verb)
            for view in ("desk", "kiosk"):
                self.assertEqual(reason("watch", views=[view]), "forbidden")
            self.assertEqual(self.state(other)["state"], "called")
            # Its own patient, and those who wait.
            self.assertEqual(hub.ok("recall", {"ticket": mine})["room"], "1")
            self.assertEqual(hub.ok("finish", {"ticket": mine}, key="f1")["state"], "done")
            self.assertEqual(hub.ok("finish", {"ticket": mine}, key="f1")["state"], "done")
            self.assertEqual(hub.ok("hold", {"ticket": third})["state"], "hold")
            self.assertEqual(hub.ok("resume", {"ticket": third})["state"], "waiting")
            self.assertEqual(hub.ok("call", {"service": "naika", "room": "1"})["ticket"], third)
            self.assertEqual(hub.ok("undo")["undone"], "called")

    def test_a_device_sees_its_own_room_alone(self):
        device = self.device("1")
        self.take("naika", "--name", "ハナコ")
        self.done("call", "naika", "--room", "2")
        with device.hub() as hub, self.station.hub("desk") as desk:
            hub.ok("watch", {"views": ["rooms", "board"]})
            desk.ok("watch", {"views": ["rooms"]})
            seen = hub.next_view("rooms")["data"]
            self.assertEqual([room["room"] for room in seen["rooms"]], ["1"])
            self.assertNotIn("ハナコ", json.dumps([seen, hub.ok("rooms")], ensure_ascii=False))
            self.assertIn("ハナコ", json.dumps(desk.next_view("rooms"), ensure_ascii=False))

    def test_who_loses_the_race_hears_where_the_patient_went(self):
        device = self.device("1")
        first = self.take()
        self.take()
        with device.hub() as hub:
            self.done("call", "naika", "--room", "2")
            error = hub.ask("call", {"service": "naika", "room": "1", "expect": first})["error"]
        self.assertEqual((error["reason"], error["room"]), ("already_called", "2"))
        self.assertEqual(error["next"], self.line()[0])


class Port(LanCase):
    def test_only_tls_13_with_the_stations_certificate(self):
        port = lan_port(self.home)
        old = trusting(self.home)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_2
        foreign = os.path.join(self.dir, "foreign")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=Machiai station CA", "-keyout", foreign + ".key", "-out", foreign + ".pem"],
                       check=True, capture_output=True)
        other = ssl.create_default_context(cafile=foreign + ".pem")
        for context, error in ((old, ssl.SSLError), (other, ssl.SSLCertVerificationError)):
            with socket.create_connection(("127.0.0.1", port), 10) as plain, self.assertRaises(error):
                context.wrap_socket(plain, server_hostname="localhost")
        with socket.create_connection(("127.0.0.1", port), 10) as plain:
            with trusting(self.home).wrap_socket(plain, server_hostname="localhost") as line:
                self.assertEqual(line.version(), "TLSv1.3")

    def test_plain_http_is_told_what_to_do(self):
        with socket.create_connection(("127.0.0.1", lan_port(self.home)), 10) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while more := plain.recv(4096):
                answer += more
        self.assertIn(b" 400 ", answer)
        self.assertIn("https://", answer.decode())

    def test_tokens_of_this_machine_open_nothing_here(self):
        for role in ("desk", "cli", "room"):
            with self.assertRaises(Refused) as refused:
                LanHub(self.home, token=read_token(self.home, role), port=lan_port(self.home))
            self.assertEqual(refused.exception.reason, "http_401")

    def test_the_page_of_another_site_cannot_use_the_cookie(self):
        device = self.device()
        cookie = f"Cookie: a=b; __Host-machiai={device.credential}\r\n"
        ours = f"Origin: https://localhost:{lan_port(self.home)}\r\n"
        for origin in ("", "Origin: https://elsewhere.example\r\n", "Origin: null\r\n"):
            with self.assertRaises(Refused):
                LanHub(self.home, token="", port=lan_port(self.home), head=cookie + origin)
        LanHub(self.home, token="", port=lan_port(self.home), head=cookie + ours).close()

    def test_the_page_and_its_headers(self):
        status, headers, body = ask(self.home, "GET", "/")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn("default-src 'self'", headers["Content-Security-Policy"])
        self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
        self.assertEqual((headers["Cache-Control"], headers["X-Content-Type-Options"]), ("no-store", "nosniff"))
        for path in re.findall(r'(?:href|src)="(/[^"]+)"', body.decode()):
            self.assertEqual(ask(self.home, "GET", path)[0], 200, path)
        head = ask(self.home, "HEAD", "/")
        self.assertEqual((head[0], int(head[1]["Content-Length"]), head[2]), (200, len(body), b""))
        with open(os.path.join(self.home, "tls", "ca.pem"), "rb") as file:
            self.assertEqual(ask(self.home, "GET", "/ca.pem")[2], file.read())
        self.assertEqual(ask(self.home, "GET", "/me")[0], 401)

    def test_nothing_else_is_served(self):
        for path in ("/../clinic.toml", "/%2e%2e/tls/ca.key", "//etc/passwd", "/icons/../room.js", "/tls/ca.key", "/hub",
                     "/index.html", "/room.js/", "/icons/", "\\..\\clinic.toml", "/" + "x" * 4000):
            self.assertEqual(ask(self.home, "GET", path)[0], 404, path)
        for method in ("PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "POST"):
            self.assertEqual(ask(self.home, method, "/")[0], 405, method)

    def test_a_host_that_is_no_host_does_not_reach_the_headers(self):
        policy = ask(self.home, "GET", "/", headers={"Host": "x; script-src *"})[1]["Content-Security-Policy"]
        self.assertNotIn("script-src", policy)


class Hostile(LanCase):
    def tls(self, source="127.0.0.1"):
        plain = socket.create_connection(("127.0.0.1", lan_port(self.home)), 10, (source, 0))
        return trusting(self.home).wrap_socket(plain, server_hostname="localhost")

    def ends(self, line):
        line.settimeout(10)
        try:
            return line.recv(4096) == b""
        except OSError as error:
            return not isinstance(error, TimeoutError)

    def test_too_large_and_too_slow_requests_end(self):
        for data in (b"GET / HTTP/1.1\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
                     b"POST /pair HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + b"1" * 100_000,
                     b"POST /pair HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n1",
                     b"\x00" * 64):
            with self.tls() as line:
                try:
                    line.sendall(data)
                except OSError:
                    continue
                self.assertTrue(self.ends(line), data[:40])
        with socket.create_connection(("127.0.0.1", lan_port(self.home)), 10) as silent, self.tls() as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nX: ")
            self.assertTrue(self.ends(silent))
            self.assertTrue(self.ends(slow))

    def test_a_full_network_leaves_the_reception_its_places(self):
        paired = self.device()
        inside = paired.hub(source="127.0.0.3")
        silent = [socket.create_connection(("127.0.0.1", lan_port(self.home)), 10) for _ in range(60)]
        began = time.monotonic()
        self.take()
        self.assertLess(time.monotonic() - began, 5)
        inside.ok("rooms")
        # One address holds a quarter of the places; another still comes in.
        paired.hub(source="127.0.0.2").close()
        with self.assertRaises(OSError):
            self.tls()
        for each in silent:
            each.close()
        until(self.comes_in, "a place after they are gone")
        inside.close()

    def comes_in(self):
        try:
            self.tls().close()
            return True
        except OSError:
            return False

    def test_the_log_holds_no_secret_and_no_code(self):
        code = self.code()
        device = Device(self.home, redeem(self.home, code))
        try_code(self.home, "123123")
        log = self.station.log_text()
        for text in (code, device.credential.split(".")[1], "123123"):
            self.assertNotIn(text, log)


class Off(LanCase):
    settings = {"lan": '""'}

    def test_without_the_setting_nothing_listens_and_nobody_is_paired(self):
        self.assertFalse(os.path.exists(os.path.join(self.home, "run", "lan-port")))
        self.assertFalse(os.path.exists(os.path.join(self.home, "tls")))
        self.refused("lan_off", "pair", "--name", "x", "--room", "1")


class Shut(LanCase):
    settings = {}

    def test_a_network_that_cannot_be_opened_does_not_stop_the_reception(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.station.daemon_args = ["--lan", f"127.0.0.1:{taken.getsockname()[1]}"]
            self.station.restart()
            self.take()
            self.assertEqual(self.done("devices")["trouble"], "port_in_use")
            self.refused("port_in_use", "pair", "--name", "x", "--room", "1")


if __name__ == "__main__":
    main(__doc__)
