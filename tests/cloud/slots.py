# SPDX-License-Identifier: Apache-2.0
"""Slot booking: times of today and of days to come, places that are never exceeded, on two nodes whose clocks stand at
noon; and the day of the slots on the clinic's machine."""
import datetime
import json
import os
import pathlib
import sys
import threading
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from bookings import crowd  # noqa: E402
from contract import Live  # noqa: E402
from kit import faketime  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import ALWAYS, Cloud, card, facility, first, service  # noqa: E402
from kit.linked import ROOMS, SERVICES, Linked  # noqa: E402
from kit.station import clean, skip, until, work_dir  # noqa: E402

DAY = 24 * 3600
NOON = 3 * 3600  # of Japan, in UTC
TODAY = datetime.datetime.fromtimestamp(time.time() // DAY * DAY + NOON, datetime.timezone.utc).date()
MORNING = {"opens": "9:00", "closes": "12:00", "minutes": 30, "places": 2, "days_ahead": 5}
LATE = {"opens": "15:00", "closes": "18:00", "minutes": 60, "places": 5, "days_ahead": 1, "closes_before": 240}

BURST = {**MORNING, "minutes": 15, "places": 5}


def day(ahead):
    return (TODAY + datetime.timedelta(days=ahead)).isoformat()


def slot(ahead, at):
    return f"{day(ahead)}T{at}"


def timed(name, number, *spans, **booking):
    return {**facility(name, number, cards=[card("100", "1980-01-01")]),
            "services": [{**service("naika", 1, **booking), "slots": list(spans)}, service("ganka", 2)]}


def held(name, number, **more):
    """Two services with slots, and three cards."""
    return {**facility(name, number, cards=[card(str(100 + n), f"1980-01-0{1 + n}") for n in range(3)]),
            "services": [{**service(each, at + 1), "slots": [MORNING]} for at, each in enumerate(("naika", "shouni"))], **more}


class Slots(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        closed = [{"date": day(2), "windows": []}]
        cls.database = Cloud(os.path.join(cls.dir, "home"), options.bin, provider=ALWAYS, facilities=[
            timed("a", 1, MORNING, LATE, exceptions=closed), timed("burst", 2, BURST), timed("today", 3, LATE | {"closes_before": 0}),
            timed("drawn", 4, LATE | {"closes_before": 0}, draw_seconds=DAY, cap=1), timed("stopped", 5, MORNING, stopped=True),
            timed("rows", 6, MORNING), timed("last", 7, MORNING), held("held", 8), held("one", 9, slots_per_card=1),
            held("any", 10, slots_per_card=0), timed("moved", 11, MORNING)]).start()
        cls.addClassCleanup(cls.database.__exit__)
        cls.fd = os.open(os.path.join(cls.database.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
        cls.addClassCleanup(os.close, cls.fd)
        cls.clock = faketime.FakeClock(os.path.join(cls.dir, "time"), faketime.preload(options.bin))
        cls.clock.set(time.time() // DAY * DAY + NOON)
        cls.cloud, cls.other = (cls.node(name).start() for name in ("one", "two"))
        cls.addClassCleanup(cls.cloud.__exit__)
        cls.addClassCleanup(cls.other.__exit__)

    @classmethod
    def node(cls, name):
        url = f"host=/proc/{os.getpid()}/fd/{cls.fd} user=machiai dbname=postgres"
        node = Cloud(os.path.join(cls.dir, name), options.bin, database=url, env=cls.clock.env)
        with open(os.path.join(cls.database.home, "keys", "card"), "rb") as key, \
                open(os.path.join(node.home, "keys", "card"), "wb") as copy:
            copy.write(key.read())
        return node

    def book(self, place, when, people=None, key=None, node=None):
        return (node or self.cloud).book(place, key=key, people=people, body={"slot": when})

    def sure(self, answer):
        self.assertEqual(answer[0], 201, answer[1])
        return answer[1]["tickets"]

    def refused(self, answer, reason, status=409):
        self.assertEqual((answer[0], answer[1].get("error", {}).get("reason")), (status, reason), answer[1])
        self.assertTrue(answer[1]["error"]["message"])

    def offered(self, place, ahead, days=1):
        status, told, _ = self.cloud.get(f"/v1/facilities/{place}/services/naika/slots?from={day(ahead)}&days={days}")
        self.assertEqual(status, 200, told)
        return [each["slots"] for each in told["days"]]

    def free(self, place, when):
        ahead = (datetime.date.fromisoformat(when[:10]) - TODAY).days
        return next(each["free"] for each in self.offered(place, ahead)[0] if each["slot"] == when)

    def ticket(self, token, node=None):
        status, told, _ = (node or self.cloud).get("/v1/tickets/" + token)
        self.assertEqual(status, 200, told)
        return told

    def test_8_a_slot_that_is_booked_stays_one(self):
        """Where others lie across it, its people would be counted in none of them."""
        kept = self.sure(self.book("moved", slot(1, "10:00")))[0]["token"]
        known = json.loads(self.database.command("facility", "moved").stdout)

        def put(**slots):
            path = os.path.join(self.dir, "moved.json")
            naika, *others = known["services"]
            with open(path, "w", encoding="utf-8") as file:
                json.dump({**known, "services": [{**naika, "slots": [{**naika["slots"][0], **slots}]}, *others]}, file)
            return self.database.command("facility", "moved", "--put", path)

        run = put(opens="9:15")
        self.assertEqual((run.returncode, "slots_booked" in run.stderr), (3, True), run.stderr)
        self.assertEqual(put(opens="9:30", places=3).returncode, 0, "it is one of these")
        self.assertEqual(self.database.command("facility", "moved", "--on", day(1), "--windows", "none").returncode, 0)
        self.assertEqual(self.cloud.post(f"/v1/tickets/{kept}/cancel")[0], 200)
        self.assertEqual(put(opens="9:15").returncode, 0)

    def test_1_what_is_offered(self):
        today, tomorrow, closed, later = self.offered("a", 0, 4)
        self.assertEqual({each["reason"] for each in today[:6]}, {"slot_past"})
        # 15:00 and 16:00 close four hours before.
        self.assertEqual([each["reason"] for each in today[6:]], ["slot_past", "slot_past", ""])
        self.assertEqual([each["slot"][11:] for each in tomorrow],
                         ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "15:00", "16:00", "17:00"])
        self.assertEqual(closed, [])
        self.assertEqual([each["reason"] for each in later], [""] * 6 + ["slot_too_far"] * 3)
        self.assertEqual(tomorrow[3] | {"free": 2}, {"slot": slot(1, "10:30"), "minutes": 30, "places": 2, "free": 2,
                                                     "reason": "", "opens": None, "message": ""})
        page = self.cloud.get("/v1/facilities/a")[1]["services"]
        self.assertEqual([each["slots"] for each in page], [True, False])

    def test_2_tomorrow(self):
        """Booked, full, given up and free again; the numbers are tomorrow's and never used twice."""
        when = slot(1, "10:30")
        one = self.sure(self.book("a", when))[0]
        self.assertEqual((one["number"], one["ahead"], one["state"]), ("1", None, "booked"))
        told = self.ticket(one["token"])
        self.assertEqual((told["date"], told["slot"], told["number"]), (day(1), when, "1"))
        self.assertEqual((told["ahead"], told["may"]["arrive"], told["may"]["cancel"]), (None, False, True))
        self.assertEqual(self.free("a", when), 1)
        # A family has places for all or for none.
        self.refused(self.book("a", when, [first()] * 2), "slot_full")
        other = self.sure(self.book("a", when))[0]
        self.refused(self.book("a", when), "slot_full")
        self.assertEqual(self.free("a", when), 0)
        status, told, _ = self.cloud.post(f"/v1/tickets/{one['token']}/cancel")
        self.assertEqual((status, told["state"]), (200, "cancelled"))
        self.cloud.post(f"/v1/tickets/{one['token']}/cancel")
        self.assertEqual(self.free("a", when), 1)
        self.assertEqual(self.sure(self.book("a", when, node=self.other))[0]["number"], "3")
        self.refused(self.cloud.post(f"/v1/tickets/{other['token']}/arrive"), "not_today")
        # Of today's line nothing is gone.
        self.assertEqual(self.sure(self.cloud.book("a"))[0]["number"], "1")

    def test_2b_pushed_to_who_watches(self):
        token = self.sure(self.book("a", slot(3, "11:00")))[0]["token"]
        with Live(self.cloud, "token=" + token) as page:
            self.assertEqual(page.frame("ticket")["state"], "booked")
            self.assertEqual(self.other.post(f"/v1/tickets/{token}/cancel")[0], 200)
            self.assertEqual(page.frame("ticket")["state"], "cancelled")

    def test_3_burst(self):
        """Many press at once, on two nodes: never more people than places, and not fewer than fit."""
        nodes = (self.cloud, self.other)
        for place in range(12):
            when = slot(1, f"{9 + place // 4:02}:{place % 4 * 15:02}")
            answers = crowd(16, lambda n, at=when: self.book("burst", at, [first()] * (1 + n % 2), node=nodes[n // 2 % 2]))
            people = sum(len(told["tickets"]) for status, told, _ in answers if status == 201)
            self.assertEqual(people, 5)
            self.assertEqual({told["error"]["reason"] for status, told, _ in answers if status != 201}, {"slot_full"})
        rows = self.database.sql("SELECT count(*) FROM ticket WHERE facility_id = 2 AND slot IS NOT NULL GROUP BY slot")
        self.assertEqual(rows, [["5"]] * 12)
        numbers = self.database.sql("SELECT n FROM number WHERE facility_id = 2 ORDER BY n")
        self.assertEqual(numbers, [[str(n)] for n in range(1, 61)])

    def test_3_the_last_place_is_counted_under_the_lock(self):
        """Another transaction has the counter and takes the last place: who asks meanwhile waits for it, and is told."""
        when = slot(1, "09:00")
        self.sure(self.book("last", when))
        answers = []
        other = threading.Thread(target=lambda: answers.append(self.book("last", when)))
        with self.database.holding("SELECT 1 FROM counter WHERE facility_id = 7 FOR UPDATE") as say:
            other.start()
            until(lambda: answers or self.database.standing(), "somebody to wait")
            say("INSERT INTO ticket (facility_id, date, token, service, kind, request, place, state, accepted_at, slot) SELECT "
                "facility_id, date, decode(md5('last'), 'hex'), service, kind, 'last', 0, 'booked', accepted_at, slot FROM "
                "ticket WHERE facility_id = 7")
        other.join(30)
        self.refused(answers[0], "slot_full")

    def test_4_refused(self):
        for reason, when in (("slot_past", slot(0, "09:00")), ("slot_past", slot(0, "16:00")), ("slot_past", slot(-1, "10:00")),
                             ("slot_too_far", slot(6, "10:00")), ("slot_too_far", slot(2000, "10:00")), ("slot_unknown", slot(1, "10:15")),
                             ("slot_unknown", slot(1, "12:00")), ("slot_unknown", slot(2, "10:00"))):
            with self.subTest(when):
                self.refused(self.book("a", when), reason)
        self.refused(self.cloud.book("a", service="ganka", body={"slot": slot(1, "10:00")}), "slot_unknown")
        for wrong in ("soon", "", 5, ["x"], "2026-13-40T10:00"):
            self.refused(self.book("a", wrong), "bad_slot", 400)
        self.refused(self.book("stopped", slot(1, "10:00")), "booking_stopped")
        self.assertEqual({each["reason"] for each in self.offered("stopped", 1)[0]}, {"booking_stopped"})
        self.refused(self.book("none", slot(1, "10:00")), "unknown_facility", 404)

    def test_5_no_rows_by_the_callers_choice(self):
        for ahead in (-2000, -8, 61, 3000):
            self.assertEqual(self.book("rows", slot(ahead, "10:00"))[0], 409)
        self.assertEqual(self.database.sql("SELECT date FROM counter WHERE facility_id = 6"), [])

    def test_6_one_answer_a_key(self):
        key, when = str(uuid.uuid4()), slot(3, "09:00")
        told = self.book("a", when, [first()] * 2, key)
        self.sure(told)
        self.assertEqual(self.book("a", when, [first()] * 2, key)[1], told[1])
        self.refused(self.book("a", slot(3, "09:30"), [first()] * 2, key), "key_reused", 422)

    def test_7_one_live_place_a_card_and_day(self):
        known = [card("100", "1980-01-01")]
        self.sure(self.book("a", slot(4, "09:00"), known))
        self.refused(self.book("a", slot(4, "11:00"), known), "booked_already")
        self.sure(self.book("a", slot(5, "11:00"), known))

    def test_7b_a_card_holds_few_slots(self):
        """Two to come at a facility, whatever the service; one that is given up or over does not count, others' do not either."""
        one, two = card("100", "1980-01-01"), card("101", "1980-01-02")

        def ask(ahead, people, place="held", service="naika"):
            return self.cloud.book(place, people=people, service=service, body={"slot": slot(ahead, "10:00")})

        mine = self.sure(ask(1, [one]))[0]
        self.sure(ask(1, [one], service="shouni"))
        self.refused(ask(2, [one]), "slot_limit")
        answer = ask(2, [two, one])
        self.refused(answer, "slot_limit")
        self.assertEqual(answer[1]["error"]["detail"], "people/1")
        self.sure(ask(2, [two]))  # the family that was refused holds nothing
        self.sure(self.cloud.book("held", people=[one]))  # today's line is no slot
        self.sure(ask(3, [first()]))
        self.assertEqual(self.cloud.post(f"/v1/tickets/{mine['token']}/cancel")[0], 200)
        self.sure(ask(3, [one]))
        self.refused(ask(4, [one]), "slot_limit")
        self.database.sql("UPDATE ticket SET slot = 1 WHERE facility_id = 8 AND service = 'shouni'")
        self.sure(ask(4, [one]))
        # As the clinic wants it.
        self.sure(ask(1, [one], "one"))
        self.refused(ask(2, [one], "one"), "slot_limit")
        for ahead in range(1, 6):
            self.sure(ask(ahead, [one], "any"))

    def test_7c_counted_under_the_lock_of_the_card(self):
        """Slots of several days have no counter in common: asked for at once, on two nodes, they are two all the same."""
        mine = [card("102", "1980-01-03")]
        nodes = (self.cloud, self.other)
        answers = crowd(10, lambda n: nodes[n % 2].book("held", people=mine, service=("naika", "shouni")[n // 5],
                                                        body={"slot": slot(1 + n % 5, "11:00")}))
        self.assertEqual(sorted(status for status, _, _ in answers), [201] * 2 + [409] * 8)
        self.assertEqual({told["error"]["reason"] for status, told, _ in answers if status != 201}, {"slot_limit"})

    def test_7d_another_node_has_the_card(self):
        """Another transaction has the card and takes its last slot: who asks meanwhile waits for it, and is told."""
        mine = [card("101", "1980-01-02")]
        self.sure(self.book("one", slot(1, "09:00"), mine))
        token = self.database.sql("SELECT encode(token, 'hex'), encode(card, 'hex') FROM ticket WHERE facility_id = 9 AND slot IS NOT NULL "
                                  "ORDER BY accepted_at DESC LIMIT 1")[0]
        self.database.sql(f"UPDATE ticket SET state = 'cancelled' WHERE facility_id = 9 AND token = decode('{token[0]}', 'hex')")
        answers = []
        other = threading.Thread(target=lambda: answers.append(self.book("one", slot(2, "09:00"), mine)))
        with self.database.holding(f"SELECT pg_advisory_xact_lock(hashtextextended('{token[1]}', 9))") as say:
            other.start()
            until(lambda: answers or self.database.standing(), "somebody to wait")
            say(f"UPDATE ticket SET state = 'booked' WHERE facility_id = 9 AND token = decode('{token[0]}', 'hex')")
        other.join(30)
        self.refused(answers[0], "slot_limit")

    def test_8_the_queue_goes_on(self):
        """Who queues is not told that those of a later slot are ahead, and a draw or a cap does not bind slots."""
        self.assertEqual(self.sure(self.book("today", slot(0, "15:00")))[0]["number"], "1")
        queued = self.sure(self.cloud.book("today"))[0]
        self.assertEqual((queued["number"], queued["ahead"]), ("2", 0))
        self.assertEqual(self.ticket(queued["token"])["ahead"], 0)
        self.assertEqual(self.cloud.get("/v1/facilities/today/status")[1]["services"][0]["waiting"], 1)
        status, told, _ = self.cloud.book("drawn")
        self.assertEqual((status, told["tickets"][0]["number"]), (202, None))
        for number in ("1", "2"):
            self.assertEqual(self.sure(self.book("drawn", slot(0, "15:00")))[0]["number"], number)

    def test_9_the_day_of_the_slots(self):
        """On the clinic's machine a slot's ticket stands by its time, behind who came before and in nobody's way."""
        clock = faketime.FakeClock(os.path.join(self.dir, "clinic.time"), faketime.preload(options.bin))
        clock.set(time.time() // DAY * DAY + NOON)
        self.database.sql("CREATE DATABASE clinic")
        clinic = Linked(os.path.join(self.dir, "clinic"), options.bin)
        minato = facility("minato", 1, services=SERVICES, rooms=ROOMS)
        minato["services"][0]["slots"] = [MORNING]
        with open(os.path.join(clinic.cloud.home, "facilities.json"), "w", encoding="utf-8") as file:
            json.dump({"provider": ALWAYS, "facilities": [minato]}, file)
        clinic.cloud.database = self.cloud.database.replace("dbname=postgres", "dbname=clinic")
        clinic.cloud.env.update(clock.env)
        clinic.station.env.update(clock.env)
        clinic.cloud.start()
        self.addCleanup(clinic.__exit__)
        clinic.station.init()
        clinic.enrol()

        def phone(when=None):
            return self.sure(clinic.cloud.book(body={"slot": when}))[0]

        def press(ticket, what):
            status, told = clinic.press(ticket["token"], what)
            self.assertEqual(status, 200, told)

        def line():
            """Number and state in calling order, of who is not done."""
            told = clinic.station.cli("queue", "naika")[1]["tickets"]
            return [(each["number"], each["state"]) for each in told if each["state"] not in ("cancelled", "done")]

        def until_line(*expected):
            try:
                until(lambda: line() == list(expected), "the line", 30, 0.05)
            except TimeoutError:
                self.assertEqual(line(), list(expected))

        late, early, given_up = (phone(slot(1, at)) for at in ("10:30", "09:30", "10:00"))
        self.assertEqual([each["number"] for each in (late, early, given_up)], ["1", "2", "3"])
        press(given_up, "cancel")
        clock.move(DAY - 4 * 3600)  # the next day at eight
        clinic.station.start()
        clinic.until_connected()
        self.assertEqual(clinic.station.cli("open", "naika")[0], 0)
        clinic.until_owner()
        self.assertEqual(phone()["number"], "4")
        self.assertEqual(clinic.station.cli("take", "naika")[1]["number"], "5")
        # Of today a slot's number is the clinic's to give.
        last = phone(slot(1, "11:00"))
        self.assertEqual((last["number"], last["ahead"]), ("6", None))
        until_line(("4", "booked"), ("5", "waiting"), ("2", "booked"), ("1", "booked"), ("6", "booked"))
        press(late, "arrive")  # far too early
        until_line(("4", "booked"), ("5", "waiting"), ("2", "booked"), ("1", "waiting"), ("6", "booked"))
        self.assertEqual(clinic.station.cli("take", "naika")[1]["number"], "7")
        until_line(("4", "booked"), ("5", "waiting"), ("7", "waiting"), ("2", "booked"), ("1", "waiting"), ("6", "booked"))
        clock.move(2 * 3600)
        press(early, "arrive")
        until_line(("4", "booked"), ("5", "waiting"), ("7", "waiting"), ("2", "waiting"), ("1", "waiting"), ("6", "booked"))
        self.assertEqual(clinic.station.cli("take", "naika")[1]["number"], "8")
        called = [clinic.station.cli("call", "naika", "--room", "1")[1]["number"] for _ in range(5)]
        self.assertEqual(called, ["5", "7", "2", "8", "1"])
        self.assertEqual(clinic.phone(late["token"])["slot"], slot(1, "10:30"))


if __name__ == "__main__":
    if faketime.library() is None:
        skip("libfaketime is not installed")
    main(__doc__)
