# SPDX-License-Identifier: Apache-2.0
"""What is another clinic's stays its own: facility b's things asked for on every route, by nobody in particular, by a
patient of a and by the station of a; and everything that the station of a can say on its link."""
import hashlib
import json
import pathlib
import subprocess
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import enrol  # noqa: E402
import link  # noqa: E402
from contract import Live  # noqa: E402
from kit.case import main  # noqa: E402
from kit.cloud import card, first  # noqa: E402
from kit.files import address, lay  # noqa: E402
from kit.station import until  # noqa: E402

SHARED = ("GET /v1/facilities/{facility}", "GET /v1/facilities/{facility}/status",
          "GET /v1/facilities/{facility}/services/{service}/slots", "GET /v1/facilities/{facility}/numbers/{ticket}", "GET /f/{facility}", "GET /t/{token}",
          "GET /openapi.yaml", "GET /healthz")  # everybody's, and the same for everybody


class Foreign(link.Link):
    @classmethod
    def setUpClass(cls):
        cls.begin([*link.clinics("a", cards=[card("100", "1980-01-01")]),
                   *link.clinics("b", 2, services=("naika", "ganka"), cards=[card("200", "1980-01-01")]),
                   *link.clinics("cd", 3)], args=("--smtp", "127.0.0.1:9", "--mail-from", "notice@example.jp"))
        cls.mine = cls.cloud.book("a")[1]["tickets"][0]["token"]
        cls.request = str(uuid.uuid4())
        cls.other = cls.cloud.book("b", key=cls.request)[1]["tickets"][0]["token"]

    def rows_of_b(self):
        """Every row of every table that is b's, as one text a table."""
        tables = self.cloud.sql("SELECT table_name FROM information_schema.columns WHERE column_name = 'facility_id' AND "
                                "table_schema = 'public' ORDER BY 1")
        return {name: self.cloud.sql(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t "
                                     "WHERE facility_id = 2") for (name,) in tables}

    def role(self, name):
        if name != "station of a":
            return {}
        if not hasattr(type(self), "station"):
            type(self).station = self.enrolled("a")
        return dict(zip(("certificate", "key"), self.station))

    # One attack a route; a route without one fails the test.

    def on_bookings(self, who):
        """A card of a is none of b's, and a key of a patient of b tells nobody else his token."""
        answer = self.cloud.book("b", people=[card("100", "1980-01-01")])
        self.assertEqual((answer[0], answer[1]["error"]["reason"]), (403, "not_recognised"))
        body = {"service": "naika", "people": [first("別の 人")]}
        answer = self.cloud.post("/v1/facilities/b/bookings", body, {"Idempotency-Key": self.request}, **who)
        self.assertEqual((answer[0], answer[1]["error"]["reason"]), (422, "key_reused"))
        self.assertNotIn(self.other, json.dumps(answer[1]))

    def mixed(self):
        """Tokens that say b and are a's, and the other way round."""
        return [self.other[:6] + self.mine[6:], self.mine[:6] + self.other[6:]]

    def on_ticket(self, who, path="", method="GET", body=None):
        for token in self.mixed():
            answer = self.cloud.ask(method, f"/v1/tickets/{token}{path}", body, {"Content-Type": "application/json"}, **who)
            self.assertEqual((answer[0], answer[1]["error"]["reason"]), (404, "unknown_ticket"), token)

    def on_cancel(self, who):
        self.on_ticket(who, "/cancel", "POST")

    def on_arrive(self, who):
        self.on_ticket(who, "/arrive", "POST")

    def on_set_notice(self, who):
        self.on_ticket(who, "/notice", "PUT", {"email": "other@example.jp", "near": 3})

    def on_stop_notice(self, who):
        self.on_ticket(who, "/notice", "DELETE")

    def on_live(self, _):
        for token in self.mixed():
            self.assertEqual(Live(self.cloud, "token=" + token, open_=False).refused()[0], 404)
        # Both at once would leave open whose it is.
        self.assertEqual(self.cloud.get(f"/v1/live?facility=b&token={self.mine}")[0], 400)

    def on_enrol(self, who):
        csr = enrol.openssl("req", "-new", "-key", self.key(), "-subj", "/O=machiai-facility-2/CN=x")
        wish = {"facility": "b", "code": self.code("a"), "csr": csr}
        answer = self.cloud.post("/v1/enrol", wish, **who)
        self.assertEqual((answer[0], answer[1]["error"]["reason"]), (403, "enrol_refused"))
        # The name in the request is not asked: who it is comes from the code.
        status, told, _ = self.cloud.post("/v1/enrol", {**wish, "facility": "a"}, **who)
        self.assertEqual(status, 200)
        self.assertIn("machiai-facility-1", enrol.openssl("x509", "-noout", "-subject", text=told["certificate"]))
        if hasattr(type(self), "station"):
            del type(self).station  # a new enrolment has taken its place

    def on_renew(self, who):
        """For b, by nobody and by a's station; what a gets is a's, whatever its request says."""
        csr = enrol.openssl("req", "-new", "-key", self.key(), "-subj", "/O=machiai-facility-2/CN=x")
        for name in ("b", "2", "none", "A"):
            answer = self.cloud.post("/v1/renew", {"facility": name, "csr": csr}, **who)
            self.assertEqual((answer[0], answer[1]["error"]["reason"]),
                             (403, "certificate_unknown") if who else (401, "certificate_missing"), name)
        status, told, _ = self.cloud.post("/v1/renew", {"facility": "a", "csr": csr}, **who)
        self.assertEqual(status, 200 if who else 401)
        if who:
            self.assertIn("machiai-facility-1", enrol.openssl("x509", "-noout", "-subject", text=told["certificate"]))

    def on_link(self, who):
        if not who:
            self.assertEqual(self.upgrade()[0], 401)
            return
        for name in ("b", "2", "a/../b", "B"):
            frames = self.upgrade(*who.values())[2]
            frames.send(enrol.hello(name, "other"))
            self.assertIn(frames.receive()["reason"], ("certificate_unknown", "bad_frame"))

    def on_media(self, who):
        """An address of b's is b's alone, whoever shows which certificate; a's name on it makes it nobody's."""
        name = lay(self.cloud.home, b"a film of b")
        mine = address(self.cloud.home, name, "a")
        theirs = address(self.cloud.home, name, "b").split("sign=")[1]
        for path in (f"/v1/media/{name}", mine.replace("for=a", "for=b"), mine.split("sign=")[0] + "sign=" + theirs):
            answer = self.cloud.get(path, **who)
            self.assertEqual((answer[0], answer[1]["error"]["reason"]), (403, "media_refused"), path)

    ATTACKS = {"POST /v1/facilities/{facility}/bookings": on_bookings, "GET /v1/tickets/{token}": on_ticket,
               "POST /v1/tickets/{token}/cancel": on_cancel, "POST /v1/tickets/{token}/arrive": on_arrive,
               "PUT /v1/tickets/{token}/notice": on_set_notice, "DELETE /v1/tickets/{token}/notice": on_stop_notice,
               "GET /v1/live": on_live, "GET /v1/media/{sha256}": on_media, "GET /v1/link": on_link, "POST /v1/enrol": on_enrol, "POST /v1/renew": on_renew}

    def test_a_every_route_and_role(self):
        routes = subprocess.run([self.cloud.program, "routes"], capture_output=True, text=True, check=True).stdout.splitlines()
        self.assertEqual(set(routes), set(SHARED) | set(self.ATTACKS), "a route that nobody attacks, or that is gone")
        before = self.rows_of_b()
        for route in routes:
            for who in ("anybody", "station of a"):
                with self.subTest(route, who=who):
                    if route in self.ATTACKS:
                        self.ATTACKS[route](self, self.role(who))
                        continue
                    path = route.split()[1].replace("{facility}", "b").replace("{token}", self.mine).replace("{service}", "naika").replace(
                        "{ticket}", f"naika-{self.today().replace('-', '')}-1")
                    told = self.cloud.get(path, **self.role(who))
                    known = self.cloud.get(path)
                    strip = lambda body: {**body, "at": "", "as_of": ""} if isinstance(body, dict) else body
                    self.assertEqual((told[0], strip(told[1])), (known[0], strip(known[1])))
        after = self.rows_of_b()
        # What a wrong card has cost is b's own budget, and meant to be.
        del before["budget"], after["budget"]
        self.assertEqual(before, after)
        self.assertEqual(self.cloud.get(f"/v1/tickets/{self.other}")[1]["state"], "booked")

    def test_b_what_a_station_says(self):
        """Frames about b's services, numbers, tickets and keys: they are a's own or nothing."""
        identity = self.enrolled("a")
        before = self.rows_of_b()
        clinic = link.Clinic(self, "a", identity, "start-1")
        self.assertEqual(clinic.first["kind"], "welcome")
        # The station learns a's bookings alone.
        offer = clinic.next("booking", say="offer")
        self.assertNotIn(self.other, json.dumps(offer))
        said = {"kind": "numbering", "say": "claim", "date": self.today(), "epoch": 0, "generation": 0}
        clinic.frames.send({**said, "service": "ganka"})  # b has it, a has not
        clinic.frames.send({**said, "service": "naika", "facility": "b"})
        self.assertEqual(clinic.next("numbering", say="grant")["service"], "naika")
        clinic.tell(clinic.line("day_opened", self.body(date=self.today(), facility="b")),
                    clinic.line("counter_opened", self.body(service="naika", session="morning")),
                    clinic.line("ownership_taken", self.body(service="naika", epoch=2, high=1)),
                    clinic.line("taken", self.body(**link.ticket(1), kind="return", ahead=0, print=False, facility_id=2),
                                offer["key"]),
                    clinic.line("cancelled", self.body(**link.ticket(1), facility="b")))
        until(lambda: self.cloud.get(f"/v1/tickets/{self.mine}")[1]["state"] == "cancelled", "a's own ticket to be cancelled")
        self.assertEqual(self.cloud.get(f"/v1/tickets/{self.other}")[1]["state"], "booked")
        # A counter that b has and a has not is kept as a's own.
        clinic.tell(clinic.line("counter_opened", self.body(service="ganka", session="morning")))
        self.assertEqual(before, self.rows_of_b())

    def test_c_a_station_that_floods(self):
        """A range of numbers so long that it would fill the disk is refused whole; the clinic's day goes on."""
        identity = self.enrolled("b")
        clinic = link.Clinic(self, "b", identity, "start-1")
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    clinic.line("counter_opened", self.body(service="naika", session="morning")))
        rows = self.cloud.sql("SELECT count(*) FROM number")
        clinic.frames.send({"kind": "events", "events": [clinic.line(
            "voided", self.body(service="naika", series="M", **{"from": 2, "to": 2_000_000_000}, reason="of_before"))]})
        self.assertEqual(clinic.next("refused")["reason"], "bad_event")
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM number"), rows)
        self.assertEqual(self.cloud.book("b")[0], 201)

    def again(self, clinic, identity):
        """The same start on another link."""
        seq = self.recorded(clinic.name)
        return link.Clinic(self, clinic.name, identity, "start-1", seq=seq, lineage=clinic.first["lineage"],
                           proof=hashlib.sha256(str(seq).encode()).hexdigest())

    def recorded(self, name):
        return int(self.cloud.sql(f"SELECT acked FROM seat JOIN facility USING (facility_id) WHERE slug = '{name}'")[0][0])

    def test_d_a_station_that_lies(self):
        """Numbers that nobody can have: refused, not kept, and others are served; the same over and over."""
        identity = self.enrolled("c")
        clinic = link.Clinic(self, "c", identity, "start-1")
        void = {"service": "naika", "series": "M", "reason": "of_before"}
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    clinic.line("counter_opened", self.body(service="naika", session="morning")),
                    *(clinic.line("voided", self.body(**void, **{"from": 2, "to": 3})) for _ in range(2)))
        lies = [("voided", {**void, "from": 0, "to": 3}), ("taken", {"ticket": None, "ahead": 0, "print": False}),
                ("taken", {**link.ticket(0), "ahead": 0, "print": False}), ("called", {"ticket": None, "room": "1"}),
                ("taken", {**link.ticket(60_000_000), "ahead": 0, "print": False}),
                ("ownership_taken", {"service": "naika", "epoch": 3, "high": 60_000_000}),
                ("voided", {**void, "service": "gone", "from": 0, "to": 3}),
                ("voided", {**void, "from": 5, "to": 6, "reason": "x" * 15_000})]
        for kind, body in lies:
            with self.subTest(kind, **body):
                acked = self.recorded("c")
                clinic = self.again(clinic, identity)
                clinic.frames.send({"kind": "events", "events": [clinic.line(kind, self.body(**body))]})
                self.assertEqual(clinic.next("refused")["reason"], "bad_event")
                self.assertEqual(self.recorded("c"), acked)
                self.assertEqual(self.cloud.book("b")[0], 201)
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM event WHERE facility_id = 3"), [["4"]])
        self.assertIsNone(self.cloud.process.poll())

    def test_e_what_an_earlier_program_kept(self):
        """Rows that would be refused now lie in the database: the cloud starts and serves, the station is let in, and
        another can take its place."""
        identity = self.enrolled("d")
        clinic = link.Clinic(self, "d", identity, "start-1")
        void = self.body(service="naika", series="M", reason="of_before", **{"from": 0, "to": 3})
        taken = self.body(ticket=None, kind="return", ahead=0, print=False)
        far = self.body(**link.ticket(60_000_000), kind="return", ahead=0, print=False)
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    clinic.line("counter_opened", self.body(service="naika", session="morning")),
                    *(clinic.line("cloud_seen", self.body(service="naika", generation=1)) for _ in range(3)),
                    clinic.line("taken", self.body(**link.ticket(1), kind="return", ahead=0, print=False)))
        for seq, kind, body in ((3, "voided", void), (4, "taken", taken), (5, "taken", far)):
            self.cloud.sql(f"UPDATE event SET kind = '{kind}', body = '{body}' WHERE facility_id = 4 AND seq = {seq}")
        self.cloud.kill9()
        self.cloud.start()
        clinic = self.again(clinic, identity)
        clinic.tell(clinic.line("called", self.body(**link.ticket(1), room="1")))
        until(lambda: self.cloud.get("/v1/facilities/d/status")[1]["services"][0]["calling"] == "1", "the call to be shown")
        self.assertEqual(self.cloud.book("b")[0], 201)
        done = self.cloud.command("take-over", "d", "--though-linked")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.cloud.get("/healthz")[0], 200)


# The tests of the link and the enrolment are run by their own files.
for name in [name for name in dir(link.Link) if name.startswith("test_")]:
    setattr(Foreign, name, None)

if __name__ == "__main__":
    main(__doc__)
