# SPDX-License-Identifier: Apache-2.0
"""The notice by e-mail against a real mail server: one mail at N ahead, whatever fails on the way, and the address gone
with it."""
import json
import os
import pathlib
import re
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

DEBIAN = "/usr/bin/python3"
try:
    import aiosmtpd  # noqa: F401
except ImportError:
    if os.path.realpath(sys.executable) == os.path.realpath(DEBIAN):
        raise SystemExit(77) from None
    os.execv(DEBIAN, [DEBIAN, *sys.argv])  # python3-aiosmtpd belongs to Debian's own interpreter

import enrol  # noqa: E402
import link  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud, facility, first  # noqa: E402
from kit.linked import Linked  # noqa: E402
from kit.sink import Sink  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

JSON = {"Content-Type": "application/json"}
LANGS = {"ja": "まもなく順番です", "easy": "もうすぐ", "en": "nearly your turn", "zh": "即将轮到您", "ko": "곧 순서입니다", "vi": "Sắp đến lượt",
         "pt": "quase na sua vez"}
PAUSES = [10, 60, 300, 300]
INJECTIONS = ["a@b.jp\r\nBcc: c@d.jp", "a@b.jp\nRCPT TO:<c@d.jp>", "a@b.jp>\r\nDATA", "a\0@b.jp", "<a@b.jp>", "a@b.jp,c@d.jp",
              "a b@c.jp", "\"a b\"@c.jp", "a@b", "a@", "@b.jp", "a@b..jp", "a..b@c.jp", ".a@b.jp", "a@-b.jp", "a@b-.jp", "a@[127.0.0.1]",
              "あ@b.jp", "a@ｂ.jp", "a@b.jp ", "a@b@c.jp", "a" * 65 + "@b.jp", "a@" + "b" * 64 + ".jp", "a@" + "b." * 126 + "jp", "", 7,
              None, ["a@b.jp"], {"a": 1}]


class Notice(link.Link):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        cls.sink = Sink().start()
        cls.addClassCleanup(cls.sink.stop)
        rooms = [{"id": "1", "name": {"ja": "診察室1"}}]
        cls.places = [facility(name, n + 1, rooms=rooms) for n, name in enumerate("abcdefghij")]
        cls.places[0]["name"] = {"ja": "とても ながい なまえの みなとこどもとおとなのクリニック", "en": "Minato Clinic"}
        cls.cloud = Cloud(os.path.join(cls.dir, "home"), options.bin, facilities=cls.places, args=cls.sink.args).start()
        cls.addClassCleanup(cls.cloud.__exit__)
        cls.serial = 0

    def setUp(self):
        self.sink.mails.clear()
        self.sink.rcpt = self.sink.data = "250 OK"
        self.sink.before_answer = None

    # Who asks, and what the clinic says

    def booked(self, place, wish=None, cloud=None, **more):
        body = {"notice": wish} if wish else {}
        status, told, _ = (cloud or self.cloud).book(place, body=body, people=[first("見本 花子", "00-0000-0000")], **more)
        self.assertEqual(status, 201, told)
        return told["tickets"][0]["token"]

    def put(self, token, email="patient@example.jp", near=3, cloud=None, **more):
        return (cloud or self.cloud).ask("PUT", f"/v1/tickets/{token}/notice", {"email": email, "near": near, **more}, JSON)

    def row(self, address_of, cloud=None):
        """The row of a ticket's notice: state, address, attempts, next_try, lease_until."""
        token = self.secret(address_of)
        names = ("state", "address", "attempts", "next_try", "lease_until")
        rows = (cloud or self.cloud).sql(f"SELECT {', '.join(names)} FROM notice WHERE token = '{token}'")
        return dict(zip(names, rows[0])) if rows else None

    @staticmethod
    def secret(token):
        import base64
        return "\\x" + base64.urlsafe_b64decode(token + "=")[4:].hex()

    def turn(self, token, **columns):
        sets = ", ".join(f"{name} = {value}" for name, value in columns.items())
        self.cloud.sql(f"UPDATE notice SET {sets} WHERE token = '{self.secret(token)}'")

    def word(self, number, ahead, state="waiting", counter="open", cloud=None):
        """The clinic's last word of its day: facility `number` has tickets 1.. with so many ahead."""
        cloud = cloud or self.cloud
        rows = cloud.sql(f"SELECT n, date FROM ticket WHERE facility_id = {number} ORDER BY n")
        day = time.strftime("%Y%m%d", time.gmtime(int(rows[0][1]) * 86400))
        tickets = {f"naika-{day}-{n}": {"state": state, **({"ahead": ahead, "expected": ahead} if state == "waiting" else {})} for n, _ in rows}
        document = json.dumps({"services": {"naika": {"state": counter}}, "tickets": tickets, "messages": []})
        cloud.sql(f"INSERT INTO projection VALUES ({number}, {rows[0][1]}, '{document}', {int(time.time() * 1000)}) ON CONFLICT "
                  "(facility_id) DO UPDATE SET document = excluded.document, as_of = excluded.as_of, date = excluded.date")
        cloud.sql(f"SELECT pg_notify('machiai', '{number}')")

    def until_state(self, token, state, cloud=None):
        until(lambda: self.row(token, cloud)["state"] == state, f"the notice to be {state}", 30, 0.05)
        return self.row(token, cloud)

    def until_tried(self, token, times, cloud=None):
        """The row once so many tries have come to nothing; it may have been tried again meanwhile."""
        def tried():
            row = self.row(token, cloud)
            return row if int(row["attempts"]) >= times and row["lease_until"] == "0" else None
        return until(tried, f"try {times}", 30, 0.05)

    # The way it should go

    def test_a_once_at_n_ahead(self):
        wish = {"email": "one@example.jp", "near": 3, "lang": "ja"}
        tokens = [self.booked("a", wish if n == 5 else None) for n in range(6)]
        early = tokens[1]
        self.assertEqual(self.put(early, "two@example.jp", 20)[0], 200)
        clinic = link.Clinic(self, "a", self.enrolled("a"), "start-1")
        offers = [clinic.next("booking", say="offer", n=n) for n in range(1, 7)]
        clinic.frames.send({"kind": "numbering", "say": "claim", "service": "naika", "date": self.today(), "epoch": 0,
                            "generation": 0})
        clinic.next("numbering", say="grant")
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    clinic.line("ownership_taken", self.body(service="naika", epoch=2, high=6)),
                    *[self.taken(clinic, n + 1, offers[n]["key"]) for n in range(6)])
        shows = lambda token, ahead: until(lambda: self.cloud.get("/v1/tickets/" + token)[1]["ahead"] == ahead, "the page")
        shows(tokens[5], 5)
        # Before the counter opens nobody is sent for, however few are ahead.
        self.assertEqual(self.row(early)["state"], "set")
        clinic.tell(clinic.line("counter_opened", self.body(service="naika", session="morning")))
        self.until_state(early, "sent")
        clinic.tell(clinic.line("called", self.body(**link.ticket(1), room="1")))
        shows(tokens[5], 4)
        self.assertEqual(self.row(tokens[5])["state"], "set")
        # A place given up at the cloud goes down to the clinic, and what it says then is counted.
        self.assertEqual(self.cloud.post(f"/v1/tickets/{early}/cancel")[0], 200)
        clinic.next("cancel")
        self.assertEqual(self.sink.to("one@example.jp"), [])
        clinic.tell(clinic.line("cancelled", self.body(**link.ticket(2))))
        gone = self.until_state(tokens[5], "sent")
        self.assertEqual((gone["address"], gone["attempts"]), ("", "1"))
        for n in (3, 4):
            clinic.tell(clinic.line("finished", self.body(**link.ticket(n - 2 if n == 3 else 3))),
                        clinic.line("called", self.body(**link.ticket(n), room="1")))
        shows(tokens[5], 1)
        self.assertEqual((self.row(tokens[5])["attempts"], len(self.sink.to("one@example.jp"))), ("1", 1))
        sent = {"state": "sent", "near": 3}
        until(lambda: self.cloud.get("/v1/tickets/" + tokens[5])[1]["notice"] == sent, "the page to say so", 30, 0.05)
        self.assertEqual(self.put(tokens[5])[1]["error"]["reason"], "notice_sent")
        self.right(self.sink.to("one@example.jp")[0], tokens[5])

    def right(self, mail, token):
        """By RFC 5322, and with nothing in it that it need not have."""
        self.assertEqual((mail.sender, mail.address), ("notice@machiai.example", "one@example.jp"))
        mail.raw.decode("ascii")
        lines = mail.raw.split(b"\r\n")
        self.assertTrue(all(len(line) <= 76 and b"\n" not in line and b"\r" not in line for line in lines), lines)
        name = self.places[0]["name"]["ja"]
        self.assertEqual(mail.subject, f"【{name}】まもなく順番です（6番）")
        self.assertEqual(mail.sender_name, name)
        self.assertEqual(mail.message["From"].addresses[0].addr_spec, "notice@machiai.example")
        self.assertRegex(mail.id, r"^<[0-9a-f]{32}@machiai\.example>$")
        self.assertEqual(mail.message["Auto-Submitted"], "auto-generated")
        self.assertEqual(mail.message["Content-Language"], "ja")
        self.assertLess(abs(mail.message["Date"].datetime.timestamp() - time.time()), 600)
        self.assertIn("お呼びする順番が前の方は、あと3人です", mail.text)
        self.assertRegex(mail.text, rf"https://127\.0\.0\.1:\d+/t/{token}\?lang=ja")
        for word in ("見本", "00-0000-0000　", "内科", "naika", "one@example.jp"):
            self.assertNotIn(word, mail.text)

    def test_b_seven_languages(self):
        tokens = {lang: self.booked("b") for lang in LANGS}
        self.word(2, 2)
        for lang, token in tokens.items():
            self.assertEqual(self.put(token, f"{lang}@example.jp", lang=lang)[0], 200)
        for n, (lang, words) in enumerate(LANGS.items()):
            self.until_state(tokens[lang], "sent")
            mail = self.sink.to(f"{lang}@example.jp")[0]
            self.assertIn(words, mail.subject)
            self.assertIn(str(n + 1), mail.subject)
            self.assertIn("2", mail.text)
            self.assertNotRegex(mail.subject + mail.text, r"[{}]")
            self.assertIn(f"/t/{tokens[lang]}?lang={lang}", mail.text)
            self.assertTrue(all(len(line) <= 76 for line in mail.raw.split(b"\r\n")))

    # Faults on the way

    def test_c_server_away_and_back(self):
        token = self.booked("c")
        self.word(3, 1)
        self.sink.stop()
        self.addCleanup(lambda: self.sink.controller or self.sink.start())
        self.put(token)
        tries = 0
        while tries < len(PAUSES):
            before = time.time()
            if tries > 0:
                self.turn(token, next_try=0)
            row = self.until_tried(token, tries + 1)
            tries = int(row["attempts"])
            pause = PAUSES[min(tries, len(PAUSES)) - 1]
            self.assertEqual(row["state"], "due")
            self.assertTrue(before + pause - 1 <= int(row["next_try"]) / 1000 <= time.time() + pause, row)
        self.assertEqual(self.cloud.get("/v1/tickets/" + token)[1]["notice"]["state"], "waiting")
        self.sink.start()
        self.turn(token, next_try=0)
        self.until_state(token, "sent")
        self.assertEqual(len(self.sink.mails), 1)

    def test_d_refused_for_now_and_for_good(self):
        token, other = self.booked("d"), self.booked("d")
        self.word(4, 0)
        self.sink.rcpt = "451 4.7.1 patient@example.jp: later"
        self.put(token)
        self.assertEqual(self.until_tried(token, 1)["address"], "patient@example.jp")
        self.sink.data, self.sink.rcpt = "452 full", "250 OK"
        tries = int(self.row(token)["attempts"])
        self.turn(token, next_try=0)
        self.until_tried(token, tries + 1)
        self.sink.data = "250 OK"
        self.turn(token, next_try=0)
        self.until_state(token, "sent")
        for part, answer in (("rcpt", "550 5.1.1 patient@example.jp: nobody"), ("data", "554 no")):
            setattr(self.sink, part, answer)
            self.assertEqual(self.put(other)[0], 200)
            self.assertEqual(self.until_state(other, "failed")["address"], "")
            until(lambda: self.cloud.get("/v1/tickets/" + other)[1]["notice"]["state"] == "failed", "the page to say so", 30, 0.05)
            setattr(self.sink, part, "250 OK")
        # Another address may be tried.
        self.assertEqual(self.put(other, "right@example.jp")[0], 200)
        self.until_state(other, "sent")
        self.assertEqual([mail.address for mail in self.sink.mails], ["patient@example.jp", "right@example.jp"])
        # What servers say of an address is in no log either.
        self.assertNotIn("example.jp", self.cloud.log_text())
        self.assertIn("RCPT: 550", self.cloud.log_text())

    def test_e_killed_after_the_servers_yes(self):
        """The server has it, the node died before it could write that down: sent again, as the same mail."""
        token, other = self.booked("e"), self.booked("e")
        self.word(5, 1)
        killed = threading.Event()

        def kill(_mail):
            if not killed.is_set():
                self.cloud.kill9()
                killed.set()

        self.sink.before_answer = kill
        self.put(token)
        self.assertTrue(killed.wait(30))
        self.cloud.start()
        self.assertEqual(self.row(token)["state"], "due")
        self.turn(token, lease_until=0)
        self.until_state(token, "sent")
        self.put(other)
        self.until_state(other, "sent")
        first_id, again, third = (mail.id for mail in self.sink.mails)
        self.assertEqual(first_id, again)
        self.assertNotEqual(first_id, third)

    def second(self, name, *args):
        fd = os.open(os.path.join(self.cloud.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
        self.addCleanup(os.close, fd)
        url = f"host=/proc/{os.getpid()}/fd/{fd} user=machiai dbname=postgres"
        node = Cloud(os.path.join(self.dir, name), options.bin, database=url, args=args, env=self.cloud.env).start()
        self.addCleanup(node.__exit__)
        return node

    def test_f_two_nodes(self):
        node = self.second("second", *self.sink.args)
        tokens = [self.booked("f") for _ in range(24)]
        self.word(6, 9)
        for n, token in enumerate(tokens):
            self.assertEqual(self.put(token, f"p{n}@example.jp", cloud=(self.cloud, node)[n % 2])[0], 200)
        self.word(6, 2)
        self.cloud.sql("UPDATE notice SET state = 'due' WHERE facility_id = 6")
        for token in tokens:
            self.until_state(token, "sent")
        self.assertEqual(sorted(mail.address for mail in self.sink.mails), sorted(f"p{n}@example.jp" for n in range(24)))
        # What keeps the other node away is the lease: without it both send, and the mail is known by its id.
        held, go = threading.Event(), threading.Event()
        self.sink.before_answer = lambda _: (held.set(), go.wait(0.2) or go.set())
        token = self.booked("f")
        self.word(6, 2)
        self.sink.mails.clear()
        self.put(token)
        self.assertTrue(held.wait(30))
        self.until_state(token, "sent")
        self.assertEqual(len(self.sink.mails), 1)
        # While it is on its way it can neither be changed nor stopped.
        self.turn(token, state="'due'", address="'again@example.jp'", lease_until=int(time.time() + 60) * 1000)
        for told in (self.put(token), self.cloud.ask("DELETE", f"/v1/tickets/{token}/notice")):
            self.assertEqual((told[0], told[1]["error"]["reason"]), (409, "notice_sending"))
        self.turn(token, lease_until=0, next_try=0)
        self.until_state(token, "sent")
        self.assertEqual(len({mail.id for mail in self.sink.mails}), 1)
        self.assertEqual(len(self.sink.mails), 2)

    # Too late, and given up

    def test_g_called_before_it_went(self):
        token = self.booked("g")
        self.word(7, 1)
        self.sink.rcpt = "451 later"
        self.put(token)
        self.until_tried(token, 1)
        self.word(7, 0, "called")
        self.sink.rcpt = "250 OK"
        state = lambda of: self.cloud.get("/v1/tickets/" + of)[1]["state"]
        until(lambda: state(token) == "called", "the page", 30, 0.05)
        self.turn(token, next_try=0)
        until(lambda: int(self.row(token)["next_try"]) > 0, "that somebody looked", 30, 0.05)
        self.assertEqual(self.put(token)[1]["error"]["reason"], "called_already")
        self.assertEqual((self.row(token)["state"], self.sink.mails), ("due", []))
        self.word(7, 0, "in_room")
        self.turn(token, next_try=0)
        self.assertEqual(self.until_state(token, "over")["address"], "")
        self.assertEqual(self.sink.mails, [])
        until(lambda: self.cloud.get("/v1/tickets/" + token)[1]["notice"] is None, "the page to say nothing of it", 30, 0.05)
        # The same without the call is sent: a call that was taken back.
        other = self.booked("g")
        self.word(7, 0, "waiting", counter="before")
        until(lambda: state(other) == "waiting", "the page", 30, 0.05)
        self.assertEqual(self.put(other)[0], 200)
        self.word(7, 0, "called")
        self.turn(other, state="'due'")
        until(lambda: int(self.row(other)["next_try"]) > 0, "that somebody looked", 30, 0.05)
        self.assertEqual(self.sink.mails, [])
        self.word(7, 0)
        self.turn(other, next_try=0)
        self.until_state(other, "sent")

    def test_h_addresses_go(self):
        """With the mail, the cancelling, the stopping and the day."""
        cancelled, stopped, kept = (self.booked("h", {"email": "patient@example.jp", "near": 3}) for _ in range(3))
        self.assertEqual(self.cloud.post(f"/v1/tickets/{cancelled}/cancel")[0], 200)
        self.assertEqual((self.row(cancelled)["state"], self.row(cancelled)["address"]), ("over", ""))
        self.assertEqual(self.cloud.ask("DELETE", f"/v1/tickets/{stopped}/notice")[0], 200)
        self.assertIsNone(self.row(stopped))
        old = self.booked("h", {"email": "old@example.jp", "near": 3})
        self.turn(old, date="date - 1")
        self.cloud.stop()
        self.cloud.start()
        until(lambda: self.row(old) is None, "yesterday's to be deleted", 30, 0.05)
        self.assertEqual(self.row(kept)["address"], "patient@example.jp")
        told = json.dumps(self.cloud.get("/v1/tickets/" + kept)[1])
        self.assertNotIn("example.jp", told + self.cloud.log_text())

    def test_i_injections_and_foreign_tokens(self):
        token, other = self.booked("i"), self.booked("j")
        for email in INJECTIONS:
            status, told, _ = self.put(token, email)
            self.assertEqual((status, told["error"]["reason"]), (400, "bad_email"), email)
            told = self.cloud.book("i", body={"notice": {"email": email, "near": 3}})
            self.assertEqual((told[0], told[1]["error"]["reason"]), (400, "bad_email"), email)
        for near in (0, 21, -1, 2 ** 70, "3", 3.5, True, None, [3]):
            self.assertEqual(self.put(token, near=near)[1]["error"]["reason"], "bad_near", near)
        for body in (b"", b"[]", b"7", b"{", b'"x"', b"\xff"):
            self.assertEqual(self.cloud.ask("PUT", f"/v1/tickets/{token}/notice", body, JSON)[0], 400, body)
        self.assertEqual(self.cloud.sql("SELECT 1 FROM notice WHERE facility_id = 9"), [])
        # Nothing but the whole token sets or stops one.
        self.assertEqual(self.put(other)[0], 200)
        flipped = other[:-2] + ("A" if other[-2] != "A" else "B") + other[-1]
        mixed = token[:6] + other[6:]
        for wrong in (flipped, mixed, "A" * 27, other[:-1], other + "A"):
            self.assertEqual(self.put(wrong)[1]["error"]["reason"], "unknown_ticket", wrong)
            self.assertEqual(self.cloud.ask("DELETE", f"/v1/tickets/{wrong}/notice")[0], 404)
        self.assertEqual(self.cloud.get("/v1/tickets/" + other)[1]["notice"], {"state": "waiting", "near": 3})
        # Addresses that are none of the usual, and right.
        for email in ("a.b+c@d-e.example.jp", "o'x_{y}=z@example.jp", "x@" + "b" * 63 + ".jp"):
            self.assertEqual(self.put(token, email)[0], 200, email)

    def test_j_not_offered(self):
        node = self.second("third")
        token = self.booked("j")
        self.assertTrue(self.cloud.get("/v1/facilities/j")[1]["options"]["mail"])
        self.assertFalse(node.get("/v1/facilities/j")[1]["options"]["mail"])
        self.assertFalse(node.get("/v1/tickets/" + token)[1]["may"]["notice"])
        for told in (self.put(token, cloud=node), node.book("j", body={"notice": {"email": "a@example.jp", "near": 3}})):
            self.assertEqual((told[0], told[1]["error"]["reason"]), (409, "mail_off"))
            self.assertTrue(told[1]["error"]["message"])
        for args in (("--smtp", "127.0.0.1:25"), ("--mail-from", "a@example.jp"), ("--smtp", "x", "--mail-from", "a@example.jp"),
                     ("--smtp", "127.0.0.1:25", "--mail-from", "a@example.jp\r\nX: y"), ("--smtp-tls",)):
            run = self.cloud.command("serve", *args)
            self.assertEqual(run.returncode, 2, (args, run.stderr))

    def test_k_tls(self):
        import ssl
        key, pem = self.path("sink.key"), self.path("sink.pem")
        enrol.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout",
                      key, "-out", pem, "-subj", "/CN=sink", "-addext", "subjectAltName=IP:127.0.0.1")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem, key)
        secure = Sink(tls_context=context, require_starttls=True).start()
        self.addCleanup(secure.stop)
        env = {"SSL_CERT_FILE": pem}
        with Cloud(self.path("tls"), options.bin, facilities=self.places[:1], args=(*secure.args, "--smtp-tls"), env=env) as cloud:
            token = self.booked("a", cloud=cloud)
            self.word(1, 1, cloud=cloud)
            self.put(token, cloud=cloud)
            self.until_state(token, "sent", cloud)
            self.assertEqual([mail.tls for mail in secure.mails], [True])
            # A server whose certificate nobody vouches for, and one without TLS, get nothing.
            for wrong, more, why in ((secure, {"SSL_CERT_FILE": "/dev/null"}, "TLS: 0"), (self.sink, {}, "STARTTLS: 454")):
                cloud.stop()
                cloud.args = [*wrong.args, "--smtp-tls"]
                cloud.env = dict(os.environ, **env, **{}) | more
                cloud.start()
                other = self.booked("a", cloud=cloud)
                self.word(1, 1, cloud=cloud)
                self.put(other, cloud=cloud)
                self.until_tried(other, 1, cloud)
                self.assertIn(why, cloud.log_text())
        self.assertEqual((len(secure.mails), self.sink.mails), (1, []))

    def test_z_no_address_in_the_log(self):
        self.assertIsNone(re.search(r"@example\.jp", self.cloud.log_text()))


class WithTheClinic(unittest.TestCase):
    """A real machine of a clinic: booked by night, called at the desk, and the place given up on a phone counts."""

    def test_whole(self):
        self.dir = work_dir("notice")
        self.addCleanup(clean, self.dir)
        sink = Sink().start()
        self.addCleanup(sink.stop)
        linked = Linked(self.dir, options.bin)
        linked.cloud.args += sink.args
        linked.__enter__()
        self.addCleanup(linked.__exit__)
        cli = lambda *words: self.assertEqual(linked.station.cli(*words)[0], 0, words)
        tokens = [linked.book()[0]["token"] for _ in range(4)]
        status, told, _ = linked.cloud.book("minato", body={"notice": {"email": "last@example.jp", "near": 2, "lang": "en"}})
        self.assertEqual(status, 201, told)
        last = told["tickets"][0]["token"]
        linked.station.start()
        linked.until_connected()
        cli("open", "naika")
        linked.until_owner()
        linked.until_equal()
        # Nobody is here yet, so nobody would be called first; but who has booked is expected, and counts.
        until(lambda: linked.cloud.get("/v1/facilities/minato/status")[1]["services"][0]["state"] == "open", "the counter", 30, 0.02)
        self.assertEqual((linked.phone(last)["ahead"], linked.phone(last)["notice"]["state"]), (0, "waiting"))
        for n in (5, 1, 2, 3, 4):
            cli("arrive", str(n))
        ahead = lambda count: until(lambda: linked.phone(last)["ahead"] == count, f"{count} ahead", 30, 0.02)
        ahead(4)
        cli("call", "naika", "--room", "1")
        ahead(3)
        self.assertEqual(linked.phone(last)["notice"]["state"], "waiting")
        self.assertEqual(linked.press(tokens[2], "cancel")[0], 200)
        until(lambda: linked.phone(last)["notice"]["state"] == "sent", "the notice", 30, 0.05)
        for _ in range(2):
            cli("call", "naika", "--room", "1")
        linked.until_equal()
        self.assertEqual(len(sink.mails), 1)
        self.assertIn("People before you in the line: 2", sink.mails[0].text)
        self.assertEqual(linked.cloud.sql("SELECT state FROM notice WHERE address = ''"), [["sent"]])


# The tests of the link itself are run by their own file.
for name in [name for name in dir(link.Link) if name.startswith("test_") and name not in vars(Notice)]:
    setattr(Notice, name, None)
del link.Link

if __name__ == "__main__":
    main(__doc__)
