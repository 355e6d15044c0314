# SPDX-License-Identifier: Apache-2.0
"""The link from its far end: a clinic's machine, played by hand, takes the series over, adopts what was booked, and
what it calls is what the phones show."""
import hashlib
import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import enrol  # noqa: E402
from contract import Live  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud, facility, first, service  # noqa: E402
from kit.station import until  # noqa: E402

ROOMS = [{"id": "1", "name": {"ja": "診察室1"}}]


class Clinic:
    """One start of a clinic's machine."""

    def __init__(self, case, name, identity, nonce, seq=0, lineage=0, proof=""):
        self.case, self.name, self.seq, self.said = case, name, seq, []
        status, _, self.frames = case.upgrade(*identity)
        case.assertEqual(status, 101)
        self.frames.send({"kind": "hello", "version": 1, "facility": name, "station": 0, "lineage": lineage, "nonce": nonce,
                          "seq": seq, "proof_seq": seq if proof else 0, "proof": proof})
        self.first = self.frames.receive()
        if self.first["kind"] == "welcome":
            self.frames.send({"kind": "ready", "lineage": self.first["lineage"]})

    def next(self, kind, **like):
        """The next frame of this kind with these fields; the others are kept."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for at, frame in enumerate(self.said):
                if frame["kind"] == kind and all(frame.get(name) == value for name, value in like.items()):
                    return self.said.pop(at)
            self.said.append(self.frames.receive())
        raise TimeoutError((kind, like))

    def line(self, kind, body, key=""):
        self.seq += 1
        now = int(time.time() * 1000)
        return {"seq": self.seq, "group": self.seq, "epoch": 1, "request": 0, "at": now, "date": self.case.today(),
                "event": kind, "actor": "desk", "seat": "front", "key": key, "body": body,
                "hash": hashlib.sha256(str(self.seq).encode()).hexdigest()}

    def tell(self, *lines):
        self.frames.send({"kind": "events", "events": list(lines)})
        return self.next("ack", seq=lines[-1]["seq"])


def ticket(n, series="M", **more):
    return {"ticket": {"service": "naika", "series": series, "n": n}, **more}


def clinics(names, number=1, **more):
    """One a letter, numbered from here on, each with a room."""
    return [facility(name, number + at, rooms=ROOMS, **more) for at, name in enumerate(names)]


class Link(enrol.Enrol):
    @classmethod
    def setUpClass(cls):
        cls.begin([*clinics("abcdefghi"),
                   # Their counters stand the other way round than their names.
                   *clinics("jkl", 10, services=("shouni", "naika")),
                   {**facility("m", 13, rooms=ROOMS), "services": [service("naika", 1, cap=2)]}, *clinics("nopq", 14)])

    def start(self, *args, **more):
        """A start of the machine once the one before is known to be gone."""
        tries = []

        def once():
            tries.append(Clinic(self, *args, **more))
            return tries[-1].first.get("reason") != "station_busy"

        until(once, "the earlier start to be gone", 40, 0.2)
        return tries[-1]

    def today(self):
        return self.cloud.get("/v1/facilities/a/status")[1]["date"]

    def body(self, **fields):
        return json.dumps(fields, ensure_ascii=False)

    def taken(self, clinic, n, key="", series="M", **more):
        return clinic.line("taken", self.body(**ticket(n, series), kind="return", ahead=0, print=False, **more), key)

    def documents(self, clinic, name, breaths):
        """Those of the name that come until so many more breaths have come."""
        seen = []
        while breaths > 0:
            frame = clinic.frames.receive()
            breaths -= frame["kind"] == "numbering" and frame["say"] == "state"
            seen += [frame] if frame["kind"] == "document" and frame["name"] == name else []
        return seen

    def test_f_contract_told_when_it_changes(self):
        clinic = Clinic(self, "e", self.enrolled("e"), "start-1")

        def told(breaths):
            return [json.loads(each["body"])["contract"] for each in self.documents(clinic, "contract", breaths)]

        at_first = told(3)
        self.assertEqual([(each["signage"], each["ended"], each["suspensions"]) for each in at_first], [(True, None, [])])
        of_e = "facility SET profile = jsonb_set(profile::jsonb, '{contract}', '%s')::text WHERE slug = 'e'"
        self.cloud.sql("UPDATE " + of_e % '{"signage": false, "ended": "2099-01-01"}')
        self.cloud.sql("NOTIFY machiai, 'profiles'")
        changed = told(3)
        self.assertEqual([(each["signage"], each["ended"]) for each in changed], [(False, "2099-01-01")])
        self.cloud.sql("NOTIFY machiai, 'profiles'")  # read once more, nothing new
        self.assertEqual(told(3), [])

    def test_e_acceptance_told_when_it_changes(self):
        """Once on each link, and then only what is new: breaths that find nothing new carry none."""
        clinic = Clinic(self, "d", self.enrolled("d"), "start-1")

        def told(seen):
            return [json.loads(each["body"])["services"][0] for each in seen]

        def documents(breaths):
            return told(self.documents(clinic, "acceptance", breaths))

        at_first = documents(3)
        self.assertEqual([(each["service"], each["open"], each["booked"]) for each in at_first], [("naika", True, 0)])
        status, answer, _ = self.cloud.book("d")
        self.assertEqual(status, 201)
        self.assertEqual(told([clinic.next("document", name="acceptance")])[0]["booked"], 1)
        # A day that has changed in something else says nothing new.
        self.assertEqual(self.cloud.post(f"/v1/tickets/{answer['tickets'][0]['token']}/arrive")[0], 200)
        self.assertEqual(documents(3), [])
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    clinic.line("walk_ins_set", self.body(service="naika", places=7)))
        self.assertEqual(told([clinic.next("document", name="acceptance")])[0]["walk_ins"], 7)
        self.assertEqual(documents(3), [])

    def ends(self, clinic, reason):
        """It is told why, then nothing more; what is asked of the facility waits for it no longer."""
        self.assertEqual(clinic.next("refused")["reason"], reason)
        with self.assertRaises((EOFError, OSError)):
            while True:
                clinic.frames.receive()
        number = "abcdefg".index(clinic.name) + 1
        until(lambda: self.cloud.sql(f"SELECT heard FROM seat WHERE facility_id = {number}") == [["0"]], "the seat to be free")

    def test_g_a_link_ends_with_its_certificate(self):
        """A machine that is gone or stolen: the clinic enrols another one, and the first is heard no longer."""
        clinic = Clinic(self, "f", self.enrolled("f"), "start-1")
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())))
        late = self.upgrade(*self.enrolled("f"))[2]
        self.ends(clinic, "certificate_revoked")
        # A connection that has not said who it is yet.
        self.enrolled("f")
        late.send(enrol.hello("f", "start-2"))
        self.assertEqual(late.receive(), {"kind": "refused", "reason": "certificate_revoked", "prove": 0})

    def test_h_a_link_ends_when_its_certificate_does(self):
        end = time.time() + 15
        days = ("20250101000000Z", time.strftime("%Y%m%d%H%M%SZ", time.gmtime(end)))
        identity = self.signed(subject="/O=machiai-facility-7/CN=x", days=days)
        serial, print_ = (enrol.openssl("x509", "-noout", *what, "-in", identity[0]).strip().split("=")[1].replace(":", "")
                          for what in (["-serial"], ["-fingerprint", "-sha256"]))
        self.cloud.sql("INSERT INTO certificate (facility_id, serial, station, fingerprint, not_after) VALUES (7, "
                       f"'{serial}', 'made', '\\x{print_}', {int(end * 1000)})")
        clinic = Clinic(self, "g", identity, "start-1")
        self.assertEqual(clinic.first["kind"], "welcome")
        self.ends(clinic, "certificate_expired")

    def test_i_rules_that_change_under_a_link(self):
        clinic = Clinic(self, "h", self.enrolled("h"), "start-1")
        self.assertTrue(json.loads(clinic.next("document", name="acceptance")["body"])["services"][0]["open"])
        done = self.cloud.command("facility", "h", "--on", self.today(), "--windows", "none")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(json.loads(clinic.next("document", name="acceptance")["body"])["services"][0]["open"])
        # Other rooms: this link ends, and the next one knows them.
        path = os.path.join(self.dir, "h.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**json.loads(done.stdout), "rooms": [{"id": "9", "name": {"ja": "診察室9"}}]}, file)
        done = self.cloud.command("facility", "h", "--put", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        with self.assertRaises((EOFError, OSError)):
            while True:
                clinic.frames.receive()
        again = self.start("h", self.enrolled("h"), "start-2", lineage=1)
        again.tell(again.line("day_opened", self.body(date=self.today())),
                   again.line("counter_opened", self.body(service="naika", session="morning")),
                   self.taken(again, 1, "k1"), again.line("called", self.body(**ticket(1), room="9")))
        room = "SELECT document::json->'tickets'->'naika-%s-1'->'room'->>'id' FROM projection WHERE facility_id = 8"
        self.assertEqual(self.cloud.sql(room % self.today().replace("-", "")), [["9"]])

    def test_j_a_counter_that_the_cloud_does_not_know(self):
        """It is no reason to hear nothing of the others; when it is entered, what it has given is known."""
        clinic = Clinic(self, "i", self.enrolled("i"), "start-1")
        other = {"service": "ganka", "series": "M", "n": 1}
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    clinic.line("counter_opened", self.body(service="ganka", session="morning")),
                    clinic.line("taken", self.body(ticket=other, kind="return", ahead=0, print=False, name="カナリア 花子"), "k1"),
                    clinic.line("counter_opened", self.body(service="naika", session="morning")), self.taken(clinic, 1, "k2"))
        shown = lambda: [(each["id"], each["state"], each["waiting"])  # noqa: E731
                         for each in self.cloud.get("/v1/facilities/i/status")[1]["services"]]
        until(lambda: shown() == [("naika", "open", 1)], "the counter that is known on the site", 20, 0.05)
        self.assertEqual(self.cloud.sql("SELECT service, n FROM number WHERE facility_id = 9"), [["naika", "1"]])
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM event WHERE facility_id = 9 AND body LIKE '%カナリア%'"), [["0"]])

        known = json.loads(self.cloud.command("facility", "i").stdout)
        path = os.path.join(self.dir, "i.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**known, "services": known["services"] + [{**known["services"][0], "id": "ganka", "number": 2, "prefix": "G"}]}, file)
        done = self.cloud.command("facility", "i", "--put", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        with self.assertRaises((EOFError, OSError)):
            while True:
                clinic.frames.receive()
        self.start("i", self.enrolled("i"), "start-2", lineage=1, seq=5, proof=hashlib.sha256(b"5").hexdigest())
        until(lambda: len(services := self.cloud.get("/v1/facilities/i/status")[1]["services"]) == 2 and
              services[1]["waiting"] == 1, "the other counter on the site", 20, 0.05)
        self.assertEqual(self.cloud.book("i", service="ganka")[1]["tickets"][0]["number"], "G-2", "1 was given at the clinic")

    def counters_free(self, number):
        return self.cloud.sql(f"SELECT service FROM counter WHERE facility_id = {number} ORDER BY 1 FOR UPDATE SKIP LOCKED")

    def test_k_a_breath_locks_counters_as_bookings_do(self):
        clinic = Clinic(self, "j", self.enrolled("j"), "start-1")
        clinic.next("numbering", say="state", service="naika")
        with self.cloud.holding("SELECT 1 FROM counter WHERE facility_id = 10 AND service = 'naika' FOR UPDATE"):
            until(self.cloud.standing, "the next breath to want it")
            self.assertEqual(self.counters_free(10), [["shouni"]], "what comes later waits for what comes first")

    def test_k_events_lock_counters_as_bookings_do(self):
        clinic = Clinic(self, "k", self.enrolled("k"), "start-1")
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    *(clinic.line("counter_opened", self.body(service=each, session="morning")) for each in ("shouni", "naika")))
        mine = [clinic.line("taken", self.body(ticket={"service": each, "series": "M", "n": 1}, kind="return", ahead=0, print=False),
                            "k-" + each) for each in ("shouni", "naika")]
        kept = lambda: self.cloud.sql("SELECT 1 FROM seat WHERE facility_id = 11 FOR UPDATE SKIP LOCKED") == []  # noqa: E731
        with self.cloud.holding("SELECT 1 FROM counter WHERE facility_id = 11 AND service = 'naika' FOR UPDATE"):
            clinic.frames.send({"kind": "events", "events": mine})
            until(lambda: self.cloud.standing() and kept(), "the events to want it")
            self.assertEqual(self.counters_free(11), [["shouni"]], "what comes later waits for what comes first")
        clinic.next("ack", seq=mine[-1]["seq"])

    def test_k_whoever_would_wait_for_ever_asks_again(self):
        """Somebody locks in another order: what PostgreSQL ends of ours is done once more, on the same connection."""
        clinic = Clinic(self, "l", self.enrolled("l"), "start-1")
        clinic.next("numbering", say="state", service="naika")
        ours = "SELECT pid FROM pg_stat_activity WHERE application_name = 'machiai-cloud node' ORDER BY 1"
        before = self.cloud.sql(ours)
        lock = "SELECT 1 FROM counter WHERE facility_id = 12 AND service = '%s' FOR UPDATE"
        with self.cloud.holding("SET LOCAL deadlock_timeout = '20s'", lock % "shouni") as say:
            until(self.cloud.standing, "the next breath to want it")
            say(lock % "naika")  # it has been ended then
        clinic.said.clear()
        clinic.next("numbering", say="state", service="shouni")
        self.assertIn("two transactions waited for each other", self.cloud.log_text())
        self.assertEqual(self.cloud.sql(ours), before)

    def test_l_a_number_that_was_taken_back_counts_for_no_cap(self):
        clinic = Clinic(self, "m", self.enrolled("m"), "start-1")
        left = lambda: self.cloud.get("/v1/facilities/m/status")[1]["services"][0]["booking"]["left"]  # noqa: E731
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    clinic.line("counter_opened", self.body(service="naika", session="morning")))
        taken = self.taken(clinic, 1)
        clinic.tell(taken)
        until(lambda: left() == 1, "one of two")
        clinic.tell(clinic.line("undone", self.body(group=taken["group"], what="taken", **ticket(1))))
        until(lambda: left() == 2, "nobody has it")

    def test_a_morning(self):
        booked = [self.cloud.book("a", people=[first(f"見本 {n}")])[1]["tickets"][0] for n in range(2)]
        clinic = Clinic(self, "a", self.enrolled("a"), "start-1")
        self.assertLess(abs(clinic.first.pop("at") / 1000 - time.time()), 60, "the cloud's clock")
        self.assertEqual(clinic.first, {"kind": "welcome", "lineage": 1, "acked": 0})
        state = clinic.next("numbering", say="state")
        self.assertEqual((state["owner"], state["high"], state["settled"]), (True, 2, False))
        offers = [clinic.next("booking", say="offer", n=n) for n in (1, 2)]
        self.assertEqual([(o["series"], o["what"], o["name"], o["service"]) for o in offers],
                         [("M", "live", "見本 0", "naika"), ("M", "live", "見本 1", "naika")])
        self.assertTrue(all(o["key"].startswith("web-") for o in offers))

        # The clinic's day begins: it asks for the series and has it once its event is up.
        clinic.frames.send({"kind": "numbering", "say": "claim", "service": "naika", "date": self.today(), "epoch": 0,
                            "generation": 0})
        grant = clinic.next("numbering", say="grant")
        self.assertEqual((grant["epoch"], grant["high"]), (2, 2))
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    clinic.line("counter_opened", self.body(service="naika", session="morning")),
                    clinic.line("ownership_taken", self.body(service="naika", epoch=2, high=2)),
                    self.taken(clinic, 1, offers[0]["key"]), self.taken(clinic, 2, offers[1]["key"]),
                    self.taken(clinic, 3, "kiosk-1", name="カナリア 花子", card="CANARY-9"))
        with Live(self.cloud, "token=" + booked[0]["token"]) as phone:
            phone.frame("ticket")
            clinic.tell(clinic.line("called", self.body(**ticket(1), room="1")))
            while (shown := phone.frame("ticket"))["state"] != "called":
                pass  # what the frames before say may be told after the first one
            self.assertEqual(shown["room"]["name"]["ja"], "診察室1")
        status = self.cloud.get("/v1/facilities/a/status")[1]
        line = status["services"][0]
        self.assertEqual((line["state"], line["calling"], line["waiting"], status["stale"]), ("open", "1", 2, False))
        second = self.cloud.get("/v1/tickets/" + booked[1]["token"])[1]
        self.assertEqual((second["state"], second["ahead"], second["calling"]), ("waiting", 0, "1"))
        # And by the code of the slip, for anybody.
        slips = [self.cloud.get(f"/v1/facilities/a/numbers/naika-{self.today().replace('-', '')}-{n}")[1] for n in (1, 2, 3, 4)]
        self.assertEqual([(each["state"], each["ahead"], each["room"] and each["room"]["id"]) for each in slips],
                         [("called", None, "1"), ("waiting", 0, None), ("waiting", 1, None), ("unknown", None, None)])
        self.assertNotIn("カナリア", json.dumps(slips, ensure_ascii=False))
        self.assertEqual(self.cloud.post("/v1/tickets/" + booked[0]["token"] + "/cancel")[1]["error"]["reason"],
                         "called_already")
        self.assertEqual(clinic.next("numbering", say="state", settled=True)["owner"], False)

        # While the clinic gives the main numbers the web's own series goes on, and comes down.
        third = self.cloud.book("a")[1]["tickets"][0]
        self.assertEqual(third["number"], "W1-1")
        offer = clinic.next("booking", say="offer", series="W1")
        clinic.tell(self.taken(clinic, 1, offer["key"], "W1"))
        until(lambda: self.cloud.get("/v1/tickets/" + third["token"])[1]["ahead"] == 2, "its place in the line")

        # A cancel goes down until the clinic's record has it.
        self.assertEqual(self.cloud.post("/v1/tickets/" + booked[1]["token"] + "/cancel")[0], 200)
        self.assertEqual(clinic.next("cancel")["key"], offers[1]["key"])
        clinic.tell(clinic.line("cancelled", self.body(**ticket(2))))
        self.assertEqual(self.cloud.get("/v1/tickets/" + booked[1]["token"])[1]["state"], "cancelled")
        until(lambda: self.cloud.get("/v1/facilities/a/status")[1]["services"][0]["waiting"] == 2, "the line to move up")
        clinic.tell(clinic.line("finished", self.body(**ticket(1))))
        until(lambda: self.cloud.get("/v1/tickets/" + booked[0]["token"])[1]["state"] == "done", "the visit to end")

        # Both have the same numbers; what the reception wrote down stayed there.
        rows = self.cloud.sql("SELECT series, n, adopted FROM number WHERE facility_id = 1 ORDER BY 1, 2")
        self.assertEqual(rows, [["M", "1", "t"], ["M", "2", "t"], ["M", "3", "t"], ["W1", "1", "t"]])
        events = "\n".join(row[0] for row in self.cloud.sql("SELECT body FROM event WHERE facility_id = 1"))
        self.assertNotIn("カナリア", events)
        self.assertNotIn("CANARY", events)

    def test_b_events_come_in_order_and_once(self):
        identity = self.enrolled("b")
        clinic = Clinic(self, "b", identity, "start-1")
        lines = [clinic.line("day_opened", self.body(date=self.today())),
                 clinic.line("counter_opened", self.body(service="naika", session="morning")), self.taken(clinic, 1, "k1")]
        clinic.frames.send({"kind": "events", "events": lines[2:]})
        self.assertEqual(clinic.next("ack")["seq"], 0, "a gap is not closed over")
        clinic.tell(*lines)
        for _ in range(3):
            clinic.tell(*lines)
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM event WHERE facility_id = 2"), [["3"]])
        self.assertEqual(self.cloud.sql("SELECT given, live FROM counter WHERE facility_id = 2 AND service = 'naika'"),
                         [["1", "1"]])

        # Of two machines with one identity one is served; one whose record is shorter is none of ours.
        other = Clinic(self, "b", identity, "start-2", lineage=1)
        self.assertEqual(other.first["reason"], "station_busy")
        clinic.tell(self.taken(clinic, 2, "k2"))  # the one that is served has not noticed
        clinic.frames.socket.close()
        copied = self.start("b", identity, "start-3", seq=4)
        self.assertEqual(copied.first["reason"], "station_copied")
        forked = self.start("b", identity, "start-4", lineage=1, seq=4, proof="0" * 64)
        self.assertEqual(forked.first["reason"], "record_forked")
        last = hashlib.sha256(b"4").hexdigest()
        again = self.start("b", identity, "start-5", lineage=1, seq=4, proof=last)
        self.assertEqual((again.first["kind"], again.first["acked"]), ("welcome", 4))
        again.tell(again.line("called", self.body(**ticket(1), room="1")))
        until(lambda: self.cloud.get("/v1/facilities/b/status")[1]["services"][0]["calling"] == "1",
              "the call: the day is folded on from what came up before")

    def test_d_another_node_hears(self):
        """The station is linked to one node; who watches on another sees the call."""
        fd = os.open(os.path.join(self.cloud.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
        self.addCleanup(os.close, fd)
        url = f"host=/proc/{os.getpid()}/fd/{fd} user=machiai dbname=postgres"
        with Cloud(os.path.join(self.dir, "second"), options.bin, database=url) as second:
            clinic = Clinic(self, "c", self.enrolled("c"), "start-1")
            with Live(second, "facility=c") as page:
                page.frame("status")
                clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                            clinic.line("counter_opened", self.body(service="naika", session="morning")),
                            self.taken(clinic, 1, "kiosk-1"), clinic.line("called", self.body(**ticket(1), room="1")))
                while page.frame("status")["services"][0].get("calling") != "1":
                    pass
            clinic.frames.socket.close()

    def test_h_a_database_that_stands_still(self):
        """It is nobody's fault at the clinic: the link ends without a word, and is soon opened again."""
        clinic = Clinic(self, "n", self.enrolled("n"), "start-1")
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())))
        other = self.upgrade(*self.enrolled("o"))[2]
        with self.cloud.holding("LOCK TABLE seat IN EXCLUSIVE MODE"):
            clinic.frames.send({"kind": "events", "events": [clinic.line("counter_opened", self.body(service="naika", session="morning"))]})
            other.send(enrol.hello("o", "start-1"))
            for frames in (clinic.frames, other):
                with self.assertRaises(EOFError):
                    while True:
                        self.assertNotEqual(frames.receive()["kind"], "refused")

    def test_i_a_projection_that_failed_is_made_again(self):
        """With the next breath, not when the clinic next says something."""
        clinic = Clinic(self, "p", self.enrolled("p"), "start-1")
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    clinic.line("counter_opened", self.body(service="naika", session="morning")))
        until(lambda: self.state_of("p") == "open", "the counter to be shown")
        self.cloud.sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'no'; END$$; "
                       "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON projection FOR EACH ROW WHEN (NEW.facility_id = 16) "
                       "EXECUTE FUNCTION refuse()")
        before = self.cloud.log_text().count("refused a statement")
        clinic.tell(clinic.line("counter_closed", self.body(service="naika")))
        until(lambda: self.cloud.log_text().count("refused a statement") > before, "the projection to fail")
        self.cloud.sql("DROP TRIGGER refuse ON projection; DROP FUNCTION refuse")
        until(lambda: self.state_of("p") == "closed", "the counter to be shown", 9)

    def state_of(self, name):
        return self.cloud.get(f"/v1/facilities/{name}/status")[1]["services"][0]["state"]

    def queued(self, line):
        """What the cloud has sent and nobody has read, and what is sent to it and not read, as the kernel counts them."""
        mine, theirs = (f":{each:04X}" for each in (line.getsockname()[1], self.cloud.port()))
        queues = {}
        with open("/proc/net/tcp", encoding="ascii") as file:
            for row in (each.split() for each in file.readlines()[1:]):
                queues[row[1][-5:], row[2][-5:]] = [int(each, 16) for each in row[4].split(":")]
        return queues[theirs, mine][0], queues[theirs, mine][1] + queues[mine, theirs][0]

    def test_m_a_station_that_reads_nothing(self):
        """What it is told last waits for it, and the node does not: it has others to serve."""
        frames = self.upgrade(*self.enrolled("o"), receives=2048)[2]
        frames.send(enrol.hello("o", "start-1"))
        self.assertEqual(frames.receive()["kind"], "welcome")
        kept = [0]
        while kept[-1] == 0 or len(set(kept[-4:])) > 1:  # the kernel takes no more of what is answered
            for each in range(60):
                frames.send({"kind": "ping", "id": each})
            until(lambda: self.queued(frames.socket)[1] == 0, "the pings to be read")
            kept.append(self.queued(frames.socket)[0])
        other = Clinic(self, "q", self.enrolled("q"), "start-1")
        frames.send(b"{")

        def breath():
            """Seconds of the processor until another clinic's next breath."""
            other.next("numbering", say="state")
            with open(f"/proc/{self.cloud.process.pid}/stat", encoding="ascii") as file:
                return sum(int(each) for each in file.read().split()[13:15]) / os.sysconf("SC_CLK_TCK")

        other.frames.send({"kind": "ping", "id": 1})
        other.next("pong", id=1)
        other.said.clear()  # breaths that are over
        begun = breath()
        self.assertLess(breath() - begun, 0.5)

    def test_c_frames_that_are_none(self):
        identity = self.enrolled("b")
        for frame in (b"{", b"[]", {"kind": "events", "events": []}, {"kind": "hello", "version": 9},
                      {"kind": "numbering", "say": "claim"}):
            _, _, frames = self.upgrade(*identity)
            frames.send(frame)
            self.assertEqual(frames.receive()["kind"], "refused")
            with self.assertRaises((EOFError, OSError)):
                while True:
                    frames.receive()
        self.assertEqual(self.cloud.get("/healthz")[0], 200)


# The tests of the enrolment itself are run by their own file.
for name in [name for name in dir(enrol.Enrol) if name.startswith("test_")]:
    setattr(Link, name, None)
del enrol.Enrol

if __name__ == "__main__":
    main(__doc__)
