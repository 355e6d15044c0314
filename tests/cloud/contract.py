# SPDX-License-Identifier: Apache-2.0
"""docs/openapi.yaml against the program: every path and status of the document is seen and its body validated, every
answer that is seen stands in the document, and both have the same routes."""
import base64
import contextlib
import datetime
import http.client
import itertools
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import yaml  # noqa: E402

from kit.case import ROOT, main, options  # noqa: E402
from kit.cloud import ALWAYS, Cloud, card, facility, first, service  # noqa: E402
from kit.files import address, lay  # noqa: E402
from kit.schema import faults, resolve  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

DOCUMENT = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text(encoding="utf-8"))
# Only seen where the database is away, the certificate is old, a mail is on its way or many fetch files: tests/cloud/faults.py,
# enrol.py, notice.py and media.py.
ELSEWHERE = {("GET", "/healthz", "503"), ("POST", "/v1/enrol", "503"), ("POST", "/v1/renew", "503"), ("POST", "/v1/tickets/{token}/cancel", "503"),
             ("POST", "/v1/tickets/{token}/arrive", "503"), ("PUT", "/v1/tickets/{token}/notice", "503"),
             ("DELETE", "/v1/tickets/{token}/notice", "503"), ("DELETE", "/v1/tickets/{token}/notice", "409"), ("GET", "/v1/link", "403"), ("GET", "/v1/link", "426"),
             *(("GET", path, "503") for path in ("/v1/facilities/{facility}", "/v1/facilities/{facility}/status", "/v1/live", "/v1/tickets/{token}",
               "/v1/facilities/{facility}/numbers/{ticket}", "/v1/facilities/{facility}/services/{service}/slots")), ("GET", "/v1/link", "101"), ("GET", "/v1/media/{sha256}", "503")}
JAPAN = datetime.timezone(datetime.timedelta(hours=9))
JSON = {"Content-Type": "application/json"}


def ahead(days):
    return (datetime.datetime.now(JAPAN) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000+09:00")


def pattern_of(path):
    """The document's path for a real one."""
    parts = path.split("?")[0].split("/")
    for pattern in DOCUMENT["paths"]:
        wanted = pattern.split("/")
        if len(wanted) == len(parts) and all(w == p or w.startswith("{") for w, p in zip(wanted, parts)):
            return pattern
    return None


class Contract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        cls.seen = set()
        minutes = 24 * 60
        cls.cloud = Cloud(os.path.join(cls.dir, "home"), options.bin, provider=ALWAYS, facilities=[
            facility("open", 1, services=("naika", "ganka"), address={"text": "見本県"},
                     cards=[card(str(1000 + n), "1980-01-01") for n in range(9)]),
            {**facility("full", 2), "services": [service("naika", 1, cap=1)]},
            {**facility("drawn", 3), "services": [service("naika", 1, draw_seconds=minutes * 60)]},
            facility("signage", 4, services=(), contract={"queue": False}),
            {**facility("dayoff", 5), "services": [service("naika", 1, windows=[])]},
            facility("limits", 6, contract={"suspensions": [{"from": ahead(1), "until": ahead(2), "reason": "改装"}]}), facility("later", 8, contract={"begins": "2099-01-01"}),
            facility("quiet", 9),
            {**facility("timed", 7), "services": [{**service("naika", 1), "slots": [
                {"opens": "0:00", "closes": "24:00", "minutes": 60, "places": 1, "days_ahead": 2}]}]},
        ], args=("--smtp", "127.0.0.1:9", "--mail-from", "notice@example.jp"))
        cls.cloud.start()
        cls.addClassCleanup(cls.cloud.__exit__)

    def ask(self, method, path, expect, reason=None, body=None, headers=None, **client):
        status, answer, fields = self.cloud.ask(method, path, body, headers, **client)
        self.assertEqual(status, expect, answer)
        self.check(method, path, status, answer, fields)
        if reason:
            self.assertEqual(answer["error"]["reason"], reason)
        return answer

    def check(self, method, path, status, answer, fields):
        pattern = pattern_of(path)
        self.assertIsNotNone(pattern, path)
        operation = DOCUMENT["paths"][pattern][method.lower()]
        self.assertIn(str(status), operation["responses"], f"{method} {pattern} answers {status} ({answer})")
        self.seen.add((method, pattern, str(status)))
        told = resolve(DOCUMENT, operation["responses"][str(status)])
        for name, header in told.get("headers", {}).items():
            if header.get("required") is False:
                continue
            self.assertIn(name, fields, f"{method} {pattern} {status}")
        content = told.get("content", {})
        if not content:
            return self.assertFalse(answer)
        kind = fields["Content-Type"].split(";")[0]
        self.assertIn(kind, content)
        if kind == "application/json":
            self.assertEqual(faults(DOCUMENT, content[kind]["schema"], answer), [])
        return None

    def post(self, path, expect, reason=None, body=None, **headers):
        return self.ask("POST", path, expect, reason, body, {"Content-Type": "application/json", **headers})

    def book(self, place, expect, reason=None, key=None, **body):
        key = key or str(uuid.uuid4())
        return self.post(f"/v1/facilities/{place}/bookings", expect, reason,
                         {"service": "naika", "people": [first()], **body}, **{"Idempotency-Key": key})

    def test_1_routes(self):
        told = subprocess.run([self.cloud.program, "routes"], capture_output=True, text=True, check=True).stdout
        documented = {f"{method.upper()} {path}" for path, operations in DOCUMENT["paths"].items()
                      for method in operations if method != "parameters"}
        self.assertEqual(set(told.splitlines()), documented)

    def test_2_facility_and_status(self):
        for path in ("/v1/facilities/open", "/v1/facilities/1", "/v1/facilities/signage", "/v1/facilities/drawn",
                     "/v1/facilities/open/status", "/v1/facilities/dayoff/status"):
            self.ask("GET", path, 200)
        for path in ("/v1/facilities/open", "/v1/facilities/open/status"):
            etag = self.cloud.get(path)[2]["ETag"]
            self.ask("GET", path, 304, headers={"If-None-Match": etag})
        self.assertEqual([(each["slots"][0]["reason"], each["slots"][0]["opens"]) for each in self.ask(
            "GET", "/v1/facilities/timed/services/naika/slots?days=5", 200)["days"][2:]],
                         [("", None), ("slot_too_far", ahead(1)[:10]), ("slot_too_far", ahead(2)[:10])])
        for path in ("/v1/facilities/timed/services/naika/slots?days=2", "/v1/facilities/7/services/1/slots"):
            told = self.ask("GET", path, 200)
            self.assertTrue(told["days"][1]["slots"])
        etag = self.cloud.get(path)[2]["ETag"]
        self.ask("GET", path, 304, headers={"If-None-Match": etag})
        for query in ("days=0", "days=15", "days=x", "from=2000-01-01", "from=tomorrow"):
            self.ask("GET", f"{path}?{query}", 400, "bad_argument")
        self.ask("GET", "/v1/facilities/timed/services/none/slots", 404, "unknown_service")
        self.ask("GET", "/v1/facilities/none/services/naika/slots", 404, "unknown_facility")
        self.ask("GET", "/v1/facilities/none", 404, "unknown_facility")
        self.ask("GET", "/v1/facilities/none/status", 404, "unknown_facility")
        draws = [self.ask("GET", f"/v1/facilities/{place}", 200)["services"][0]["draw_seconds"] for place in ("drawn", "open")]
        self.assertEqual(draws, [24 * 60 * 60, 0])
        page = self.ask("GET", "/v1/facilities/later", 200)
        self.assertEqual((page["state"], page["state_until"]), ("not_begun", "2099-01-01T00:00:00.000+09:00"))
        self.assertEqual(page["state_message"], "このクリニックの ご案内は まだ はじまっていません。")
        self.assertEqual(page["services"][0]["booking"]["reason"], "not_begun")
        told = self.ask("GET", "/v1/facilities/limits", 200)
        self.assertEqual(([(each["reason"], each["words"]) for each in told["announcements"]], told["state"]),
                         ([("suspension_ahead", "")], "ok"))
        page = self.ask("GET", "/v1/facilities/dayoff", 200)
        self.assertEqual(page["services"][0]["booking"]["reason"], "booking_day_off")

    def test_3_bookings(self):
        key = str(uuid.uuid4())
        told = self.book("open", 201, key=key)
        self.assertEqual(self.book("open", 201, key=key), told)
        self.book("open", 422, "key_reused", key=key, kind="first")
        family = self.book("open", 201, people=[card("1001", "1980-01-01"), card("1002", "1980-01-01"), first()])
        self.assertEqual([int(each["number"]) for each in family["tickets"]], [2, 3, 4])
        self.book("open", 403, "not_recognised", people=[card("1003", "1980-01-02")])
        self.book("open", 409, "booked_already", people=[card("1001", "1980-01-01")])
        self.book("full", 201)
        self.book("full", 409, "booking_full")
        self.book("dayoff", 409, "booking_day_off")
        days = self.ask("GET", "/v1/facilities/timed/services/naika/slots", 200)["days"]
        slot = days[1]["slots"][9]["slot"]
        told = self.book("timed", 201, slot=slot)
        self.assertEqual((told["slot"], told["tickets"][0]["ahead"]), (slot, None))
        ticket = self.ask("GET", "/v1/tickets/" + told["tickets"][0]["token"], 200)
        self.assertEqual((ticket["slot"], ticket["date"]), (slot, days[1]["date"]))
        self.book("timed", 409, "slot_full", slot=slot)
        self.book("timed", 409, "slot_too_far", slot=days[3]["slots"][0]["slot"])
        self.book("open", 409, "slot_unknown", slot=slot)
        self.book("timed", 400, "bad_slot", slot="soon")
        drawing = self.book("drawn", 202)
        self.assertIsNone(drawing["tickets"][0]["number"])
        self.book("signage", 503, "signage_only")
        self.book("later", 503, "not_begun")
        self.book("none", 404, "unknown_facility")
        self.book("open", 404, "unknown_service", service="geka")

    def test_4_wrong_bookings(self):
        for reason, body in (("bad_people", {"people": []}), ("bad_people", {"people": [first()] * 7}),
                             ("bad_card", {"people": [card("'; --", "1980-01-01")]}),
                             ("bad_birth", {"people": [card("1001", "1980-02-30")]}),
                             ("bad_birth", {"people": [card("1001", "2980-01-01")]}),
                             ("bad_birth", {"people": [{**first(), "birth": 5}]}), ("bad_birth", {"people": [{**first(), "birth": None}]}),
                             ("bad_name", {"people": [first("")]}), ("bad_phone", {"people": [first(phone="x")]}),
                             ("bad_text", {"people": [first("a\u202eb")]}), ("unknown_kind", {"kind": "other"})):
            self.book("open", 400, reason, **body)
        self.book("open", 400, "bad_key", key="short")
        path = "/v1/facilities/open/bookings"
        self.post(path, 400, "bad_body", body=b"{", **{"Idempotency-Key": str(uuid.uuid4())})
        self.ask("POST", path, 415, "not_json", body=b"{}", headers={"Idempotency-Key": str(uuid.uuid4())})
        self.ask("POST", path, 400, "bad_body", body=b"[]", headers={"Idempotency-Key": str(uuid.uuid4()),
                                                                     "Content-Type": "Application/JSON ;charset=utf-8"})
        self.post(path, 413, "too_large", body=b" " * 70000)

    def test_5_tickets(self):
        told = self.book("open", 201, service="ganka", people=[first(), first()])
        token = told["tickets"][0]["token"]
        ticket = self.ask("GET", f"/v1/tickets/{token}", 200)
        self.assertEqual((ticket["number"], ticket["ahead"], len(ticket["family"])), ("G-1", 0, 1))
        etag = self.cloud.get(f"/v1/tickets/{token}")[2]["ETag"]
        self.ask("GET", f"/v1/tickets/{token}", 304, headers={"If-None-Match": etag})
        self.assertEqual(self.post(f"/v1/tickets/{token}/arrive", 200)["arrival"], "asked")
        self.assertEqual(self.post(f"/v1/tickets/{token}/cancel", 200)["state"], "cancelled")
        self.assertEqual(self.post(f"/v1/tickets/{token}/cancel", 200)["state"], "cancelled")
        self.post(f"/v1/tickets/{token}/arrive", 409, "ticket_over")
        other = self.ask("GET", "/v1/tickets/" + told["tickets"][1]["token"], 200)
        self.assertEqual(other["ahead"], 0)
        # "Called" comes from the clinic: as its last word, which the link writes.
        word = json.dumps({"tickets": {f"ganka-{other['date'].replace('-', '')}-2": {"state": "called"}}})
        self.cloud.sql(f"INSERT INTO projection SELECT 1, date, '{word}', 0 FROM ticket WHERE n = 2 AND service = 'ganka'")
        self.post("/v1/tickets/" + told["tickets"][1]["token"] + "/cancel", 409, "called_already")
        self.cloud.sql("DELETE FROM projection")
        wrong = "A" * 27
        self.ask("GET", f"/v1/tickets/{wrong}", 404, "unknown_ticket")
        self.post(f"/v1/tickets/{wrong}/cancel", 404, "unknown_ticket")
        self.post(f"/v1/tickets/{wrong}/arrive", 404, "unknown_ticket")
        self.ask("GET", f"/t/{token}", 200)
        self.ask("GET", "/f/open", 200)
        self.ask("GET", "/f/none", 404)
        self.assertEqual(self.cloud.get("/f/open/")[0], 200)
        for path in (f"/t/{token}", "/f/open", "/openapi.yaml"):
            etag = self.cloud.get(path)[2]["ETag"]
            self.ask("GET", path, 304, headers={"If-None-Match": etag})
        etag = self.cloud.get("/f/open")[2]["ETag"]
        self.ask("GET", "/f/none", 404, headers={"If-None-Match": etag})

    def test_4_languages(self):
        def words(accepted):
            return self.cloud.get("/v1/facilities/none", {"Accept-Language": accepted})[1]["error"]["message"]

        for english in ("en", "EN-us", "fr, en;q=0.5", "de,en,ja"):
            self.assertEqual(words(english), words("en"), english)
        for japanese in ("ja", "enm", "fr", "JA, en", "", ",;,"):
            self.assertEqual(words(japanese), words("ja"), japanese)
        self.assertNotEqual(words("en"), words("ja"))

    def test_5b_notices(self):
        wish = {"email": "patient@example.jp", "near": 3, "lang": "ja"}
        told = self.book("open", 201, notice=wish, people=[first(), first()])
        token, other = (each["token"] for each in told["tickets"])
        path = f"/v1/tickets/{token}/notice"
        self.assertEqual(self.ask("GET", f"/v1/tickets/{token}", 200)["notice"], {"state": "waiting", "near": 3})
        self.assertIsNone(self.ask("GET", f"/v1/tickets/{other}", 200)["notice"])
        self.assertEqual(self.ask("PUT", path, 200, body={**wish, "near": 5}, headers=JSON)["notice"]["near"], 5)
        for reason, part in (("bad_email", {"email": "nobody"}), ("bad_near", {"near": 0}), ("bad_body", {"lang": "xx"})):
            self.ask("PUT", path, 400, reason, {**wish, **part}, JSON)
            self.book("open", 400, reason, notice={**wish, **part})
        self.ask("PUT", path, 415, "not_json", wish)
        self.ask("PUT", path, 413, "too_large", b" " * 70000, JSON)
        self.assertIsNone(self.ask("DELETE", path, 200)["notice"])
        self.assertIsNone(self.ask("DELETE", path, 200)["notice"])
        self.post(f"/v1/tickets/{token}/cancel", 200)
        self.ask("PUT", path, 409, "ticket_over", wish, JSON)
        unknown = "/v1/tickets/" + "A" * 27 + "/notice"
        self.ask("PUT", unknown, 404, "unknown_ticket", wish, JSON)
        self.ask("DELETE", unknown, 404, "unknown_ticket")

    def say(self, tickets, messages=()):
        """The clinic's last word of its day, as the link writes it; true once it is what phones are told."""
        days = (datetime.datetime.now(JAPAN).date() - datetime.date(1970, 1, 1)).days
        now = int(datetime.datetime.now().timestamp() * 1000)
        word = json.dumps({"services": {"naika": {"state": "open"}}, "tickets": tickets, "messages": list(messages)})
        self.cloud.sql(f"INSERT INTO projection VALUES (1, {days}, '{word}', {now}) ON CONFLICT (facility_id) DO UPDATE SET "
                       "document = excluded.document, as_of = excluded.as_of, date = excluded.date")
        self.cloud.sql("SELECT pg_notify('machiai', '1')")
        until(lambda: self.cloud.get("/v1/facilities/open/status")[1]["messages"] == list(messages), "the clinic's word")

    def test_5c_numbers(self):
        """What a slip's code leads to: where its number stands, as the board shows it."""
        day = f"{datetime.datetime.now(JAPAN):%Y%m%d}"
        room = {"id": "1", "name": {"ja": "診察室1", "en": "Room 1", "reading": "しんさつしつ、いち"}}
        token = self.book("open", 201)["tickets"][0]["token"]
        late = {"id": "1", "pattern": "delay", "text": "診察が 20分ほど おくれています", "minutes": 20, "until": ahead(1)}
        self.addCleanup(self.cloud.sql, "DELETE FROM projection")
        self.say({f"naika-{day}-36": {"state": "waiting", "ahead": 11, "expected": 12, "wait": {"low": 45, "high": 75}, "reasons": ["test"]},
                  f"naika-{day}-35": {"state": "called", "wait": None, "room": room}, f"naika-{day}-34": {"state": "cancelled", "wait": None},
                  f"naika-{day}-33": {"state": "no_show", "wait": None}, f"ganka-{day}-K.3": {"state": "absent", "wait": None},
                  f"naika-{day}-W1.7": {"state": "booked", "ahead": 2, "wait": None}}, [late])
        path = "/v1/facilities/open/numbers/"
        told = self.ask("GET", path + f"naika-{day}-36", 200)
        self.assertEqual((told["number"], told["state"], told["ahead"], told["wait"], told["room"], told["stale"], told["service"]["id"]),
                         ("36", "waiting", 11, {"low": 45, "high": 75}, None, False, "naika"))
        told = self.ask("GET", path + f"naika-{day}-35", 200)
        self.assertEqual((told["state"], told["room"], told["ahead"]), ("called", room, None))
        for name, state, number in (("naika-{}-34", "over", "34"), ("naika-{}-33", "over", "33"), ("ganka-{}-K.3", "absent", "GK-3"),
                                    ("naika-{}-W1.7", "booked", "W1-7"), ("naika-{}-99", "unknown", "99")):
            told = self.ask("GET", path + name.format(day), 200)
            self.assertEqual((told["state"], told["number"], told["ticket"]), (state, number, name.format(day)))
        etag = self.cloud.get(path + f"naika-{day}-99")[2]["ETag"]
        self.ask("GET", path + f"naika-{day}-99", 304, headers={"If-None-Match": etag})
        for name in ("naika-{}-036", "naika-{}-0", "naika-{}-M.36", "naika-{}-X.36", "naika-{}-W.7.1", "naika-{}-", "naika-{}-36x", "geka-{}-36",
                     "naika-20200101-36", "36", "naika-{}-99999999999"):
            self.ask("GET", path + name.format(day), 404, "unknown_ticket")
        self.ask("GET", f"/v1/facilities/none/numbers/naika-{day}-36", 404, "unknown_facility")
        # The patient's own page says what the clinic says to everybody.
        self.assertEqual(self.ask("GET", f"/v1/tickets/{token}", 200)["messages"], [late])
        with Live(self.cloud, f"facility=open&number=naika-{day}-36") as live:
            schemas = DOCUMENT["components"]["schemas"]
            self.assertEqual(live.whole()["kind"], "number")
            self.say({f"naika-{day}-36": {"state": "called", "wait": None, "room": room}})
            told = live.frame("number")
            self.assertEqual((faults(DOCUMENT, schemas["Number"], told), told["state"], told["room"]), ([], "called", room))
        for query, status in ((f"facility=open&number=naika-{day}-036", 404), (f"token={token}&number=naika-{day}-36", 400)):
            answer = Live(self.cloud, query, open_=False).refused()
            self.assertEqual(answer[0], status, query)
            self.check("GET", "/v1/live", *answer)

    def test_6_live(self):
        self.ask("GET", "/v1/live", 400, "bad_argument")
        self.ask("GET", "/v1/live?facility=open", 426, "needs_websocket")
        token = self.book("open", 201)["tickets"][0]["token"]
        with Live(self.cloud, "token=" + token) as ticket, Live(self.cloud, "facility=open") as status:
            self.seen.add(("GET", "/v1/live", "101"))
            schemas = DOCUMENT["components"]["schemas"]
            self.assertEqual(faults(DOCUMENT, schemas["Ticket"], ticket.frame("ticket")), [])
            waiting = status.frame("status")["services"][0]["waiting"]
            self.post(f"/v1/tickets/{token}/cancel", 200)
            self.assertEqual(ticket.frame("ticket")["state"], "cancelled")
            now = status.frame("status")
            self.assertEqual(faults(DOCUMENT, schemas["Status"], now), [])
            self.assertEqual(now["services"][0]["waiting"], waiting - 1)
        for query in ("token=" + "A" * 27, "facility=none"):
            answer = Live(self.cloud, query, open_=False).refused()
            self.assertEqual(answer[0], 404)
            self.check("GET", "/v1/live", 404, answer[1], answer[2])

    def test_6_live_begins_with_what_is(self):
        """The first frame waits for no change: it is what GET gives, and what GET gives stays so until the next frame."""
        token = self.book("quiet", 201)["tickets"][0]["token"]
        pages = {"status": ("facility=quiet", "/v1/facilities/quiet/status"), "ticket": ("token=" + token, "/v1/tickets/" + token)}
        until(lambda: self.cloud.get(pages["status"][1])[1]["services"][0]["waiting"] == 1, "the booking in the line")
        for lang in ("ja", "en"):
            for kind, (query, path) in pages.items():
                now, fields = self.cloud.get(path, {"Accept-Language": lang})[1:]
                with Live(self.cloud, query, lang=lang) as live:
                    told = live.whole()
                self.assertEqual((set(told), told["kind"], told.get("data")), ({"kind", "at", "data"}, kind, now))
                self.ask("GET", path, 304, headers={"If-None-Match": fields["ETag"], "Accept-Language": lang})
        # Nothing had changed for any of them. Then something does: one frame, and another ETag with the same content.
        etags = {kind: self.cloud.get(path)[2]["ETag"] for kind, (_, path) in pages.items()}
        watching = {kind: Live(self.cloud, query) for kind, (query, _) in pages.items()}
        self.addCleanup(lambda: [each.socket.close() for each in watching.values()])
        at_first = {kind: live.whole()["data"] for kind, live in watching.items()}
        self.post(f"/v1/tickets/{token}/cancel", 200)
        for kind, (query, path) in pages.items():
            told = watching[kind].frame(kind)
            self.assertNotEqual(told, at_first[kind])
            now, fields = self.cloud.get(path)[1:]
            self.assertEqual((now, fields["ETag"] == etags[kind]), (told, False))
            with Live(self.cloud, query) as late:
                self.assertEqual(late.whole()["data"], told, "who comes later begins with what is now")

    def test_7_enrol_and_link(self):
        code = self.cloud.command("enrol-code", "open").stdout.strip()
        key = os.path.join(self.dir, "station.key")
        csr = subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                              "-keyout", key, "-subj", "/CN=x"], capture_output=True, text=True, check=True).stdout
        wish = {"facility": "open", "code": code, "csr": csr}
        self.post("/v1/enrol", 403, "enrol_refused", {**wish, "code": "AAAAA-AAAAA"})
        self.post("/v1/enrol", 400, "bad_csr", {**wish, "csr": "nothing"})
        self.post("/v1/enrol", 400, "bad_body", {})
        for number in ("1", -1, 65536, 0.5, None):
            self.post("/v1/enrol", 400, "bad_body", {**wish, "station_number": number})
        self.post("/v1/enrol", 409, "station_replaced", {**wish, "station_number": 1})
        told = self.post("/v1/enrol", 200, body=wish)
        self.assertIn("BEGIN CERTIFICATE", told["certificate"])
        self.post("/v1/enrol", 403, "enrol_refused", wish)
        self.ask("POST", "/v1/enrol", 415, "not_json", body=b"{}")
        self.post("/v1/enrol", 413, "too_large", body=b" " * 70000)
        self.ask("GET", "/v1/link", 401, "certificate_missing")
        self.post("/v1/renew", 401, "certificate_missing", {"facility": "open", "csr": csr})
        with open(key + ".pem", "w", encoding="ascii") as file:
            file.write(told["certificate"])
        shown = {"certificate": key + ".pem", "key": key}
        for status, reason, body in ((400, "bad_body", {}), (400, "bad_csr", {"facility": "open", "csr": ""}),
                                     (403, "certificate_unknown", {"facility": "full", "csr": csr}),
                                     (413, "too_large", b" " * 70000), (200, None, {"facility": "open", "csr": csr})):
            self.ask("POST", "/v1/renew", status, reason, body, JSON, **shown)
        self.ask("POST", "/v1/renew", 415, "not_json", b"{}", **shown)

    def test_7_media(self):
        data = os.urandom(5000)
        path = address(self.cloud.home, lay(self.cloud.home, data), "open")
        self.assertEqual(self.ask_bytes(path, 200), data)
        self.assertEqual(self.ask_bytes(path, 206, {"Range": "bytes=10-19"}), data[10:20])
        self.ask("GET", path, 304, headers={"If-None-Match": "*"})
        self.ask("GET", path, 416, "range_beyond", headers={"Range": "bytes=5000-"})
        self.ask("GET", path + "0", 403, "media_refused")
        self.ask("GET", address(self.cloud.home, "0" * 64, "open"), 404, "content_missing")

    def ask_bytes(self, path, expect, headers=None):
        told = self.ask("GET", path, expect, headers=headers)
        self.assertIsInstance(told, bytes)
        return told

    def test_8_service(self):
        self.ask("GET", "/healthz", 200)
        served = self.ask("GET", "/openapi.yaml", 200)
        self.assertEqual(served, (ROOT / "docs/openapi.yaml").read_bytes())

    def test_9_limits(self):
        """A caller behind the proxy that asks too much is told so, on each route; others are served."""
        busy = {"X-Forwarded-For": "203.0.113.7"}
        until(lambda: self.cloud.get("/healthz", busy)[0] == 429, "the limit", 30, 0)
        # Who has a network of IPv6 has one caller's share, whichever of its addresses asks.
        network = ({"X-Forwarded-For": f"2001:db8:7::{n:x}"} for n in itertools.count(1))
        until(lambda: self.cloud.get("/healthz", next(network))[0] == 429, "the network's limit", 30, 0)
        self.assertEqual(self.cloud.get("/healthz", {"X-Forwarded-For": "2001:db8:8::1"})[0], 200, "others are served")
        token = "A" * 27
        for method, path in (("GET", "/v1/facilities/open"), ("GET", "/v1/facilities/open/status"),
                             ("GET", "/v1/facilities/timed/services/naika/slots"), ("GET", "/v1/facilities/open/numbers/none"),
                             ("GET", f"/v1/tickets/{token}"), ("POST", f"/v1/tickets/{token}/cancel"),
                             ("GET", "/v1/media/" + "0" * 64),
                             ("POST", f"/v1/tickets/{token}/arrive"), ("DELETE", f"/v1/tickets/{token}/notice"),
                             ("GET", "/v1/live?facility=open"), ("GET", "/v1/link"), ("GET", "/f/open"), ("GET", f"/t/{token}"),
                             ("GET", "/openapi.yaml"), ("GET", "/healthz")):
            self.ask(method, path, 429, "too_many_requests", headers=busy)
        for path, body in (("/v1/facilities/limits/bookings", {}), ("/v1/enrol", {}), ("/v1/renew", {})):
            until(lambda p=path, b=body: self.cloud.post(p, b, busy)[0] == 429, "the limit", 30, 0)
            self.post(path, 429, "too_many_requests", body, **busy)
        self.ask("PUT", f"/v1/tickets/{token}/notice", 429, "too_many_requests", {}, {**busy, **JSON})
        self.assertEqual(self.cloud.get("/healthz", {"X-Forwarded-For": "203.0.113.8"})[0], 200)

    def test_9b_who_is_counted(self):
        """The proxy's word is the last one, on a line of its own or not, with a port or not; a caller's own words before it
        neither free it nor are held against somebody else."""
        def status(*lines):
            asked = http.client.HTTPSConnection("127.0.0.1", self.cloud.port(), timeout=20, context=self.cloud.context())
            with contextlib.closing(asked):
                asked.putrequest("GET", "/healthz")
                for line in lines:
                    asked.putheader("X-Forwarded-For", line)
                asked.endheaders()
                return asked.getresponse().status

        for n, said in enumerate((["198.51.100.{n}", "192.0.2.1"], ["198.51.100.{n}, 192.0.2.2"], ["192.0.2.3:{n}"],
                                  ["[2001:db8:9::1]:{n}"], ["nonsense-{n}"], ["198.51.100.{n},"])):
            serial = itertools.count(1)
            until(lambda said=said, serial=serial: status(*[line.format(n=next(serial)) for line in said]) == 429, f"the limit of {said}", 30, 0)
            self.assertEqual(status(f"198.51.100.{n + 1}"), 200, "whom it named is served")
        self.assertEqual(status("192.0.2.3"), 429)
        self.assertEqual(status("2001:db8:9::2"), 429)

    def test_z_every_status_was_seen(self):
        documented = {(method.upper(), path, status) for path, operations in DOCUMENT["paths"].items()
                      for method, operation in operations.items() if method != "parameters"
                      for status in operation["responses"]}
        self.assertEqual(documented - self.seen - ELSEWHERE, set())


class Live:
    """One WebSocket of /v1/live."""

    def __init__(self, cloud, query, open_=True, lang="ja"):
        raw = socket.create_connection(("127.0.0.1", cloud.port()), 20)
        self.socket = cloud.context().wrap_socket(raw, server_hostname="127.0.0.1")
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET /v1/live?{query} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                             f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                             f"Accept-Language: {lang}\r\n\r\n").encode())
        self.rest = b""
        while b"\r\n\r\n" not in self.rest:
            self.rest += self.socket.recv(4096)
        self.head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        if open_:
            assert b" 101 " in self.head.split(b"\r\n")[0], self.head

    def refused(self):
        lines = self.head.decode().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines[1:])
        while len(self.rest) < int(fields["Content-Length"]):
            self.rest += self.socket.recv(4096)
        self.socket.close()
        return int(lines[0].split()[1]), json.loads(self.rest), fields

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def exactly(self, size):
        while len(self.rest) < size:
            more = self.socket.recv(65536)
            if not more:
                raise ssl.SSLEOFError("closed")
            self.rest += more
        data, self.rest = self.rest[:size], self.rest[size:]
        return data

    def whole(self):
        """The next frame."""
        size = self.exactly(2)[1]
        if size == 126:
            size = int.from_bytes(self.exactly(2), "big")
        elif size == 127:
            size = int.from_bytes(self.exactly(8), "big")
        return json.loads(self.exactly(size))

    def frame(self, kind):
        """The data of the next frame of this kind."""
        while (told := self.whole())["kind"] != kind:
            pass
        return told["data"]


if __name__ == "__main__":
    main(__doc__)
