# SPDX-License-Identifier: Apache-2.0
"""Callers that mean harm: what they send is refused in words, nothing personal is told or logged, and the others are
served meanwhile."""
import json
import os
import pathlib
import random
import socket
import ssl
import statistics
import sys
import threading
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from contract import Live  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud, card, facility, first, service  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

EVIL = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; DROP TABLE ticket; --", "{0}{{7*7}}%s%n",
        "=1+1", "../../etc/passwd", "\\x00\\u0000", "{\"a\":1}", "NULL", "{\"evil\",NULL}", "\\\"\\", "𠮷野家 Ｆｏｏ"]
CANARIES = ["カナリア太郎", "000-4242-4242", "1949-07-31", "CANARY-77"]


UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
           "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}

class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        cards = [card(str(n), "1980-01-01") for n in range(100, 200)]
        cls.cloud = Cloud(os.path.join(cls.dir, "home"), options.bin, facilities=[
            facility("a", 1, cards=cards + [card("CANARY-77", "1949-07-31")]), facility("b", 2),
            facility("guessed", 3, cards=cards), facility("html", 4), facility("burst", 5),
            {**facility("stormed", 6), "services": [service("naika", 1, cap=40)]}]).start()
        cls.addClassCleanup(cls.cloud.__exit__)

    def tearDown(self):
        """Whatever it was: the next honest caller is served."""
        self.assertEqual(self.cloud.get("/healthz")[0], 200)

    def reason(self, answer):
        return answer[1]["error"]["reason"]

    def line(self, tls=True):
        raw = socket.create_connection(("127.0.0.1", self.cloud.port()), 20)
        line = self.cloud.context().wrap_socket(raw, server_hostname="127.0.0.1") if tls else raw
        self.addCleanup(line.close)
        return line

    def say(self, data, line=None):
        """What comes back for these bytes, until the end."""
        line = line or self.line()
        got = b""
        try:
            line.sendall(data)
            while True:
                more = line.recv(65536)
                if not more:
                    return got
                got += more
        except OSError:
            return got

    # Requests that are none

    def test_malformed(self):
        for data in (b"\0" * 64 + b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
                     b"POST /v1/enrol HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
                     b"POST /v1/enrol HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"GET / HTTP/1.1\r\nA: " + b"a" * 20000 + b"\r\n\r\n",
                     b"POST /v1/enrol HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
                     b"GET / HTTP/1.1\r\n folded: x\r\n\r\n"):
            answer = self.say(data)
            self.assertTrue(answer.startswith(b"HTTP/1.1 4"), (data[:40], answer[:100]))
            self.assertIn(b"Connection: close", answer)
        self.say(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", self.line(tls=False))

    def test_whose_host_it_is(self):
        """RFC 9112, 3.2: by version 1.1 a caller names it exactly once; the target may name it as well."""
        for version, hosts, status in (("1.1", 0, 400), ("1.1", 2, 400), ("1.0", 2, 400), ("1.0", 0, 200), ("1.1", 1, 200)):
            answer = self.say(f"GET /v1/facilities/a HTTP/{version}\r\n".encode() + b"Host: x\r\n" * hosts + b"Connection: close\r\n\r\n")
            self.assertTrue(answer.startswith(f"HTTP/1.1 {status} ".encode()), (version, hosts, answer[:100]))
        for target, status in (("https://x/v1/facilities/a", 200), ("HTTP://x:80/v1/facilities/a?n=1", 200), ("https://x/v1/nothing", 404),
                               ("https://x?n=1", 404), ("ftp://x/v1/facilities/a", 404)):
            answer = self.say(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            self.assertTrue(answer.startswith(f"HTTP/1.1 {status} ".encode()), (target, answer[:100]))

    def test_chunks_that_never_come(self):
        """A chunk's line or a trailer without end is refused after some kilobytes, not kept."""
        head = b"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        for begun in (b"1;a=", b"0\r\nA: "):
            answer = self.say(head + begun + b"x" * 30_000)
            self.assertTrue(answer.startswith(b"HTTP/1.1 413"), (begun, answer[:100]))
            self.assertIn(b"too_large", answer)

    def test_paths(self):
        for path in ("/", "//", "/v1", "/v1/", "/v1/facilities/", "/v1/facilities/a/", "/v1/facilities//status", "/..", "/f/../t",
                     "/%00", "/v1/facilities/" + "a" * 3000, "/assets/../../etc/passwd"):
            status, _, _ = self.cloud.get(path)
            self.assertEqual(status, 404, path)
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "BREW"):
            answer = self.cloud.ask(method, "/v1/facilities/a")
            self.assertEqual((answer[0], self.reason(answer), answer[2]["Allow"]), (405, "bad_method", "GET"))

    def test_bodies(self):
        random.seed(20261126)
        good = json.dumps({"service": "naika", "people": [first()]}).encode()
        bodies = [b"", b"null", b"[]", b"1", b"\"x\"", b"{", b"\xff\xfe", b"[" * 5000, b"{\"people\":" * 200 + b"1", good[:-1],
                  b"{\"service\":{},\"people\":[1]}", b"{\"service\":[\"naika\"],\"people\":{}}",
                  b"{\"service\":\"naika\",\"people\":[null]}", b"{\"service\":\"naika\",\"people\":[[]]}",
                  b"{\"service\":\"naika\",\"people\":[{\"name\":1,\"phone\":true}]}",
                  b"{\"service\":\"naika\",\"people\":[{\"card\":{},\"birth\":[]}]}"]
        for _ in range(150):
            changed = bytearray(good)
            for _ in range(random.randint(1, 4)):
                changed[random.randrange(len(changed))] = random.randrange(256)
            bodies.append(bytes(changed))
        for body in bodies:
            status, told, _ = self.cloud.post("/v1/facilities/a/bookings", body, {"Idempotency-Key": str(uuid.uuid4())})
            self.assertIn(status, (201, 400, 404), (body[:60], told))
        self.assertEqual(self.cloud.post("/v1/facilities/a/bookings", b"{" + b" " * 70_000)[0], 413)

    def test_who_asks_before_sending(self):
        """RFC 9110, 10.1.1: told to go on at once, or refused before the body is on its way."""
        head = ("POST /v1/facilities/a/bookings HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
                f"Idempotency-Key: {uuid.uuid4()}\r\nExpect: 100-Continue\r\nContent-Length: %d\r\n\r\n")
        body = json.dumps({"service": "naika", "people": [first()]}).encode()
        line = self.line()
        line.sendall((head % len(body)).encode())
        self.assertEqual(line.recv(65536), b"HTTP/1.1 100 Continue\r\n\r\n")
        self.assertTrue(self.say(body, line).startswith(b"HTTP/1.1 201 "))
        self.assertTrue(self.say((head % 10_000_000).encode()).startswith(b"HTTP/1.1 413 "))

    def test_slowloris(self):
        """Two hundred callers that never finish; others are served at once, and the slow ones are let go."""
        slow = [self.line(tls=False) for _ in range(120)] + [self.line() for _ in range(80)]
        for line in slow[120:]:
            line.sendall(b"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nX-")
        for _ in range(5):
            began = time.monotonic()
            self.assertEqual(self.cloud.book("b")[0], 201)
            self.assertLess(time.monotonic() - began, 8)

        def gone(line):
            line.setblocking(False)
            try:
                return line.recv(4096) == b""
            except (BlockingIOError, InterruptedError):
                return False
            except OSError as error:
                return "want" not in str(error).lower() and "did not complete" not in str(error)

        until(lambda: all(gone(line) for line in slow), "the slow ones to be let go", 30, 0.5)

    # Other people's things

    def test_foreign_facilities(self):
        """A ticket opens by its own token alone: no other facility's name, id or half of a token helps."""
        mine = self.cloud.book("a")[1]["tickets"][0]["token"]
        other = self.cloud.book("b")[1]["tickets"][0]["token"]
        mixed = [other[:6] + mine[6:], mine[:6] + other[6:], mine[:-1] + ("A" if mine[-1] != "A" else "E"), mine.lower(),
                 mine + "A", mine[:-1], mine[:26] + "B", "AAAB" + mine[4:]]
        refusal = self.cloud.get("/v1/tickets/" + "A" * 27)[1]
        for token in mixed:
            if token == mine:
                continue
            for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/arrive")):
                answer = self.cloud.ask(method, f"/v1/tickets/{token}{path}")
                self.assertEqual((answer[0], answer[1]), (404, refusal), token)
            self.assertEqual(self.cloud.get(f"/v1/live?token={token}", UPGRADE)[0], 404)
        old = self.cloud.get("/v1/live?facility=a", {**UPGRADE, "Sec-WebSocket-Version": "8"})
        self.assertEqual((old[0], old[2]["Sec-WebSocket-Version"]), (426, "13"))
        for wrong in ("c", "0", "-1", "99", "a%00", "a'", "A", "01"):
            for path in ("", "/status"):
                self.assertEqual(self.cloud.get(f"/v1/facilities/{wrong}{path}")[0], 404)
            self.assertEqual(self.cloud.book(wrong)[0], 404)
        self.assertEqual(self.cloud.get(f"/v1/tickets/{mine}")[1]["state"], "booked")

    def test_a_viewer_that_talks(self):
        """There is nothing that it could say: a little is passed over, then it is told nothing more."""
        empty = b"\x81\x80\0\0\0\0"
        with Live(self.cloud, "facility=a") as live:
            live.frame("status")
            live.socket.sendall(empty * 64 + b"\x89\x80\0\0\0\0")
            self.assertEqual(live.exactly(2), b"\x8a\0", "a pong")
            live.socket.sendall(empty)
            with self.assertRaises((ssl.SSLEOFError, ConnectionResetError)):
                live.whole()

    def test_enumeration(self):
        """A thousand guesses hit nothing, and unknown, foreign and malformed take alike."""
        mine = self.cloud.book("a")[1]["tickets"][0]["token"]
        line = self.cloud.connect()
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        random.seed(7)
        for _ in range(1000):
            guess = mine[:6] + "".join(random.choices(letters, k=20)) + "AEIMQUYcgkosw048"[random.randrange(16)]
            self.assertEqual(self.cloud.get(f"/v1/tickets/{guess}", connection=line)[0], 404)

        def median(token):
            times = []
            for _ in range(60):
                began = time.monotonic()
                self.cloud.get(f"/v1/tickets/{token()}", connection=line)
                times.append(time.monotonic() - began)
            return statistics.median(times)

        body = lambda: "".join(random.choices(letters, k=20)) + "A"
        unknown, foreign = median(lambda: mine[:6] + body()), median(lambda: "AAACL" + mine[5] + body())
        # Printed, not asserted: machines are shared.
        print(f"unknown {unknown * 1000:.2f} ms, foreign {foreign * 1000:.2f} ms", end=" ")

    def test_guessing_cards(self):
        """Thirty wrong pairs an hour for the whole clinic, from wherever; nothing says which of the two was wrong."""
        answers = []
        for n in range(60):
            known = str(100 + n) if n % 2 else str(5000 + n)
            answers.append(self.cloud.book("guessed", people=[card(known, f"19{n % 60 + 20}-05-05")],
                                           headers={"X-Forwarded-For": f"198.51.100.{n}"}))
        told = [(answer[0], self.reason(answer)) for answer in answers]
        self.assertEqual(told[:30], [(403, "not_recognised")] * 30)
        self.assertEqual(set(told[30:]), {(429, "check_resting")})
        self.assertEqual(len({json.dumps(answer[1]) for answer in answers[:30]}), 1)
        self.assertEqual(answers[-1][2]["Retry-After"], "120", "as long as it takes to forget one failure")
        right = self.cloud.book("guessed", people=[card("100", "1980-01-01")])
        self.assertEqual(self.reason(right), "check_resting", "a right pair must not stand out while the check rests")
        self.assertEqual(self.cloud.book("guessed")[0], 201, "first visits go on")
        self.assertEqual(self.cloud.book("a", people=[card("150", "1980-01-01")])[0], 201, "other clinics go on")
        self.cloud.sql("UPDATE budget SET forgotten_at = 0 WHERE facility_id = 3")
        self.assertEqual(self.cloud.book("guessed", people=[card("100", "1980-01-01")])[0], 201)

    def test_burst_of_one_caller(self):
        """Sixty bookings a minute of one address; then it is told when to come again, and others book meanwhile."""
        answers = [self.cloud.book("burst", headers={"X-Forwarded-For": "198.51.100.200"}) for _ in range(140)]
        taken = [answer for answer in answers if answer[0] == 201]
        # Two minutes may have been touched.
        self.assertLessEqual(len(taken), 120)
        refused = [answer for answer in answers if answer[0] != 201]
        self.assertEqual({(answer[0], self.reason(answer)) for answer in refused}, {(429, "too_many_requests")})
        self.assertTrue(all("Retry-After" in answer[2] for answer in refused))
        self.assertEqual(self.cloud.book("burst", headers={"X-Forwarded-For": "198.51.100.201"})[0], 201)
        numbers = self.cloud.sql("SELECT count(*), max(n) FROM number WHERE facility_id = 5")
        self.assertEqual(numbers, [[str(len(taken) + 1)] * 2])

    def test_burst_on_one_clinic(self):
        """Two hundred callers at once for forty places: forty get one, the others are told so; another clinic's patients
        are served meanwhile."""
        answers, others, over = [], [], threading.Event()

        def storm(n):
            answers.append(self.cloud.book("stormed", headers={"X-Forwarded-For": f"203.0.113.{n}"}, timeout=60))

        def calm():
            while not over.is_set():
                others.append(self.cloud.book("b")[0])

        neighbour = threading.Thread(target=calm, daemon=True)
        neighbour.start()
        threads = [threading.Thread(target=storm, args=(n,), daemon=True) for n in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(90)
        over.set()
        neighbour.join(30)
        numbers = sorted(int(body["tickets"][0]["number"]) for status, body, _ in answers if status == 201)
        self.assertEqual(numbers, list(range(1, 41)))
        refused = {(status, body["error"]["reason"]) for status, body, _ in answers if status != 201}
        self.assertEqual((len(answers), refused), (200, {(409, "booking_full")}))
        self.assertEqual((set(others), len(others) > 1), ({201}, True))

    def test_evil_texts(self):
        """Texts of any kind are refused or kept as they are; none comes back to the public."""
        for text in EVIL:
            answer = self.cloud.book("html", people=[first(text)])
            self.assertEqual(answer[0], 201, text)
            kept = self.cloud.sql(f"SELECT name FROM person WHERE facility_id = 4 AND name = $x${text}$x$")
            self.assertEqual(kept, [[text]])
            token = answer[1]["tickets"][0]["token"]
            for path in (f"/v1/tickets/{token}", "/v1/facilities/html/status", "/v1/facilities/html"):
                self.assertNotIn(text, json.dumps(self.cloud.get(path)[1], ensure_ascii=False))
            for field in ("service", "kind"):
                body = {"service": "naika", "people": [first()], field: text}
                status, told, _ = self.cloud.post("/v1/facilities/html/bookings", body, {"Idempotency-Key": str(uuid.uuid4())})
                self.assertIn(status, (400, 404))
                self.assertNotIn(text, json.dumps(told, ensure_ascii=False))
        for text in ("a\u0000b", "a\u202eb", "a\nb", "\u200b", "x" * 41):
            self.assertEqual(self.cloud.book("html", people=[first(text)])[0], 400, repr(text))

    def test_nothing_personal_is_told(self):
        """Canaries in every personal field are in one table with a day of deletion, and nowhere else: no log, no error,
        no public answer, no URL."""
        told = [self.cloud.book("a", people=[{**first(CANARIES[0], CANARIES[1]), "birth": CANARIES[2]},
                                             card(CANARIES[3], CANARIES[2])]),
                self.cloud.book("a", people=[card(CANARIES[3], "1949-07-30")]),
                self.cloud.book("a", people=[card(CANARIES[3], CANARIES[2])]),
                self.cloud.book("a", people=[{**first(CANARIES[0], CANARIES[1]), "birth": "x"}])]
        self.assertEqual([answer[0] for answer in told], [201, 403, 409, 400])
        answers = json.dumps([answer[1] for answer in told], ensure_ascii=False)
        for ticket in told[0][1]["tickets"]:
            answers += json.dumps(self.cloud.get("/v1/tickets/" + ticket["token"])[1], ensure_ascii=False)
        tables = [row[0] for row in self.cloud.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        self.assertIn("person", tables)
        for table in tables:
            rows = "\n".join("\x1f".join(row) for row in self.cloud.sql(f"SELECT * FROM {table}"))
            for canary in CANARIES:
                if table == "person":
                    self.assertIn(canary, rows)
                elif not (table == "facility" and canary == CANARIES[3]):
                    self.assertNotIn(canary, rows, table)
        undated = self.cloud.sql("SELECT count(*) FROM person WHERE delete_on IS NULL OR delete_on > date + 31")
        self.assertEqual(undated, [["0"]])
        with open(os.path.join(self.cloud.home, "postgres", "log"), encoding="utf-8", errors="replace") as file:
            answers += file.read()
        answers += self.cloud.log_text()
        for canary in CANARIES:
            self.assertNotIn(canary, answers)

    def test_replay(self):
        """A recorded request that is sent again a hundred times, also over several connections, has one effect."""
        key = str(uuid.uuid4())
        told = [self.cloud.book("b", key=key)[1] for _ in range(100)]
        self.assertTrue(all(each == told[0] for each in told))
        self.assertEqual(self.cloud.sql(f"SELECT count(*) FROM ticket WHERE request = '{key}'"), [["1"]])


if __name__ == "__main__":
    main(__doc__)
