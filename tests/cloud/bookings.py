# SPDX-License-Identifier: Apache-2.0
"""Many book at once: numbers without gaps or doubles, one answer a key, caps that hold, families side by side, the
draw of the first minute, and two nodes on one database."""
import collections
import datetime
import os
import pathlib
import sys
import threading
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud, card, facility, first, service  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402


def japan():
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=9)


def crowd(size, work):
    """Runs work(n) in so many threads at once; gives their results in order."""
    results, failures = [None] * size, []
    gate = threading.Barrier(size)

    def one(number):
        try:
            gate.wait()
            results[number] = work(number)
        except Exception as error:  # told below
            failures.append(error)

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]
    return results


class Bookings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        now = japan()
        # The window begins with this minute, and its draw ends some seconds from now.
        opens = f"{now.hour}:{now.minute:02}"
        drawn = service("naika", 1, windows=[{"opens": opens, "closes": "24:00"}], draw_seconds=now.second + 25, cap=8)
        cls.cloud = Cloud(os.path.join(cls.dir, "home"), options.bin, facilities=[
            facility("a", 1, services=("naika", "ganka"), cards=[card(str(n), "1980-01-01") for n in range(100, 140)]),
            {**facility("capped", 2), "services": [service("naika", 1, cap=10)]},
            {**facility("drawn", 3), "services": [drawn]},
            {**facility("held", 4), "services": [service("naika", 1, cap=6, walk_in_places=2)]},
            {**facility("drawn-held", 5), "services": [drawn]},
            {**facility("kept", 6), "services": [service("naika", 1, walk_in_every=3)]},
            # Their draws end when a test says so.
            {**facility("late", 7), "services": [{**drawn, "booking": {**drawn["booking"], "draw_seconds": 3600, "cap": 1}}]},
            {**facility("unsure", 8), "services": [{**drawn, "booking": {**drawn["booking"], "draw_seconds": 3600}}]},
            {**facility("few", 9, cards=[card(str(n), "1980-01-01") for n in range(100, 102)]),
             "services": [service("naika", 1, cap=2)]},
        ])
        cls.cloud.start()
        cls.addClassCleanup(cls.cloud.__exit__)

    def sure(self, answer, status=201):
        self.assertEqual(answer[0], status, answer[1])
        return answer[1]["tickets"]

    def test_1_draw(self):
        """All that come in the first minute have the same chance; the cap holds; a family is drawn whole or not."""
        early = [self.sure(self.cloud.book("drawn", people=[first()] * (1 + n % 3)), 202) for n in range(8)]
        tokens = [ticket["token"] for told in early for ticket in told]
        self.assertTrue(all(ticket["number"] is None for told in early for ticket in told))
        self.assertEqual(self.cloud.post(f"/v1/tickets/{tokens[0]}/arrive")[1]["error"]["reason"], "drawing")
        self.assertEqual(self.cloud.post(f"/v1/tickets/{tokens[-1]}/cancel")[0], 200)
        # Here the clinic's desk has set three places apart, as its event does.
        others = [self.sure(self.cloud.book("drawn-held"), 202)[0]["token"] for _ in range(8)]
        self.cloud.sql("UPDATE counter SET walk_ins = 3 WHERE facility_id = 5")
        state = lambda token: self.cloud.get(f"/v1/tickets/{token}")[1]
        until(lambda: all(state(token)["state"] != "drawing" for token in others), "the other draw", 60, 0.2)
        self.assertEqual(sorted(int(state(token)["number"] or 0) for token in others), [0, 0, 0, 1, 2, 3, 4, 5])
        drawn = [ticket for ticket in map(state, others) if ticket["number"]]
        self.assertEqual([ticket["ahead"] for ticket in sorted(drawn, key=lambda each: int(each["number"]))], [0, 1, 2, 3, 4],
                         "by the draw, not by who asked first")
        until(lambda: all(state(token)["state"] != "drawing" for token in tokens), "the draw", 60, 0.2)
        tickets = [state(token) for token in tokens]
        given = sorted(int(ticket["number"]) for ticket in tickets if ticket["number"])
        self.assertEqual(given, list(range(1, len(given) + 1)))
        self.assertLessEqual(len(given), 8)
        self.assertGreaterEqual(len(given), 6)
        for told in early[:-1]:
            numbers = [state(ticket["token"])["number"] for ticket in told]
            self.assertIn(sum(number is not None for number in numbers), (0, len(numbers)))
        seeds = self.cloud.sql("SELECT draw_seed FROM counter WHERE facility_id = 3 AND draw_seed IS NOT NULL")
        self.assertEqual(len(seeds), 1)

    def state(self, token):
        return self.cloud.get(f"/v1/tickets/{token}")[1]["state"]

    def test_1_a_draw_that_a_refused_request_holds(self):
        """Whoever comes just after the end holds the draw and is refused: those who were drawn are told of it all the same."""
        *tokens, last = [self.sure(self.cloud.book("late"), 202)[0]["token"] for _ in range(3)]
        # Every notice of the bookings has come, and the pages have been read since.
        self.cloud.sql("UPDATE ticket SET state = 'cancelled' WHERE facility_id = 7 AND accepted_at = "
                       "(SELECT max(accepted_at) FROM ticket WHERE facility_id = 7); NOTIFY machiai, '7'")
        until(lambda: self.state(last) == "cancelled", "the notice")
        self.assertEqual([self.state(each) for each in tokens], ["drawing", "drawing"])
        answers = []
        caller = threading.Thread(target=lambda: answers.append(self.cloud.book("late")))
        with self.cloud.holding("SELECT 1 FROM counter WHERE facility_id = 7 FOR UPDATE") as say:
            caller.start()
            until(lambda: answers or self.cloud.standing(), "the request to wait for the counter")
            say("UPDATE counter SET draw_until = 1 WHERE facility_id = 7")
        caller.join(30)
        self.assertEqual((answers[0][0], answers[0][1]["error"]["reason"]), (409, "booking_full"))
        until(lambda: sorted(self.state(each) for each in tokens) == ["booked", "not_drawn"], "the pages to say so", 10, 0.05)

    def test_1_a_cancel_while_the_draw_is_held(self):
        """The draw has read who is in it when somebody cancels: what was answered to them holds."""
        tokens = [self.sure(self.cloud.book("unsure"), 202)[0]["token"] for _ in range(4)]
        answers = []
        caller = threading.Thread(target=lambda: answers.append(self.cloud.post(f"/v1/tickets/{tokens[1]}/cancel")))
        with self.cloud.holding("LOCK TABLE ticket IN SHARE MODE"):
            self.cloud.sql("UPDATE counter SET draw_until = 1 WHERE facility_id = 8")
            until(self.cloud.standing, "the draw to be about to write", 20)
            caller.start()
            until(lambda: self.cloud.standing() > 1, "the cancel to wait", 20)
        caller.join(30)
        self.assertEqual((answers[0][0], answers[0][1]["state"]), (200, "cancelled"))
        until(lambda: self.state(tokens[0]) == "booked", "the draw", 20, 0.05)
        self.assertEqual([self.state(each) for each in tokens], ["booked", "cancelled", "booked", "booked"])
        self.assertEqual(self.cloud.sql("SELECT live FROM counter WHERE facility_id = 8"), [["3"]])

    def test_2_no_gaps_and_no_doubles(self):
        answers = crowd(24, lambda n: [self.sure(self.cloud.book("a", people=[first()] * (1 + (n + i) % 3)))
                                       for i in range(6)])
        families = [[int(ticket["number"]) for ticket in told] for answer in answers for told in answer]
        for family in families:
            self.assertEqual(family, list(range(family[0], family[0] + len(family))))
        numbers = sorted(number for family in families for number in family)
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        rows = self.cloud.sql("SELECT n FROM number WHERE facility_id = 1 AND service = 'naika' AND series = 'M' ORDER BY n")
        self.assertEqual([int(row[0]) for row in rows], numbers)
        ticket = self.cloud.get("/v1/tickets/" + answers[0][0][0]["token"])[1]
        self.assertEqual(ticket["ahead"], int(ticket["number"]) - 1)

    def test_3_one_answer_a_key(self):
        """A press that the network repeats, from several sides at once and on both counters' rows."""
        key = str(uuid.uuid4())
        told = crowd(16, lambda _: self.sure(self.cloud.book("a", key=key, service="ganka")))
        self.assertTrue(all(each == told[0] for each in told))
        other = self.cloud.book("a", key=key, service="naika")
        self.assertEqual((other[0], other[1]["error"]["reason"]), (422, "key_reused"))
        self.assertEqual(len(self.cloud.sql("SELECT 1 FROM number WHERE facility_id = 1 AND service = 'ganka'")), 1)
        # Of another facility the same key is another's.
        self.sure(self.cloud.book("capped", key=key))

    def test_4_caps_hold(self):
        answers = crowd(16, lambda n: self.cloud.book("capped", people=[first()] * (1 + n % 2)))
        taken = [len(body["tickets"]) for status, body, _ in answers if status == 201]
        self.assertLessEqual(sum(taken), 9)
        self.assertGreaterEqual(sum(taken), 8)
        reasons = {body["error"]["reason"] for status, body, _ in answers if status != 201}
        self.assertLessEqual(reasons, {"booking_full", "booking_few"})

    def test_4_the_last_places_are_held_for_walk_ins(self):
        def left():
            services = self.cloud.get("/v1/facilities/held")[1]["services"]
            return services[0]["booking"]

        self.sure(self.cloud.book("held", people=[first()] * 3))
        until(lambda: (left()["open"], left()["left"]) == (True, 1), "one place to be left")
        # A family would reach into what is held, or beyond what there is at all; one more does not.
        for people in (4, 2):
            status, body, _ = self.cloud.book("held", people=[first()] * people)
            self.assertEqual((status, body["error"]["reason"], body["error"]["opens_at"]), (409, "booking_few", None))
        self.sure(self.cloud.book("held"))
        status, body, _ = self.cloud.book("held")
        self.assertEqual((status, body["error"]["reason"]), (409, "booking_full_remote"))
        self.assertTrue(body["error"]["message"])
        refused = body["error"]["opens_at"]
        # The page may be 50 ms old.
        until(lambda: not left()["open"], "the page to say so")
        self.assertEqual((left()["open"], left()["reason"], left()["left"]), (False, "booking_full_remote", 0))
        self.assertEqual(left()["opens_at"], refused)

    def test_a_family_without_a_place_leaves_its_cards_free(self):
        """In one batch: two who get none, and one of them alone, who does."""
        self.sure(self.cloud.book("few"))
        both, one = [card(n, "1980-01-01") for n in ("100", "101")], [card("100", "1980-01-01")]
        told = {}

        def ask(name, people):
            told[name] = self.cloud.book("few", people=people)

        callers = [threading.Thread(target=ask, args=each) for each in (("held", both), ("both", both), ("one", one))]
        with self.cloud.holding("SELECT 1 FROM counter WHERE facility_id = 9 FOR UPDATE"):
            for caller in callers:
                caller.start()
                # The first is a batch that waits; when it is over, those who have come meanwhile are another.
                until(self.cloud.standing, "a batch to wait")
                self.assertEqual(self.cloud.get("/healthz")[0], 200)  # what came before has been read
        for caller in callers:
            caller.join(30)
        self.assertEqual({name: each[1].get("error", {}).get("reason") for name, each in told.items()},
                         {"held": "booking_few", "both": "booking_few", "one": None})

    def test_4_places_kept_for_walk_ins_are_told(self):
        """Behind each two bookings one; who cancels takes their place along, and nobody is told more than before."""
        booked = [self.sure(self.cloud.book("kept"))[0] for _ in range(5)]
        ahead = lambda: [self.cloud.get("/v1/tickets/" + each["token"])[1]["ahead"] for each in booked]  # noqa: E731
        self.assertEqual([each["ahead"] for each in booked], [0, 1, 3, 4, 6])
        self.assertEqual(ahead(), [0, 1, 3, 4, 6])
        self.assertEqual(self.cloud.post("/v1/tickets/" + booked[1]["token"] + "/cancel")[0], 200)
        until(lambda: ahead() == [0, None, 1, 2, 4], "one less, and the place behind them")
        booked.append(self.sure(self.cloud.book("kept"))[0])
        self.assertEqual((booked[5]["ahead"], ahead()[5]), (6, 5), "what is told at first is never too little")

    def test_5_one_live_place_a_card(self):
        answers = crowd(8, lambda _: self.cloud.book("a", service="ganka", people=[card("101", "1980-01-01")]))
        self.assertEqual(collections.Counter(answer[0] for answer in answers), {201: 1, 409: 7})
        token = next(body["tickets"][0]["token"] for status, body, _ in answers if status == 201)
        self.assertEqual(self.cloud.post(f"/v1/tickets/{token}/cancel")[0], 200)
        self.sure(self.cloud.book("a", service="ganka", people=[card("101", "1980-01-01")]))

    def test_6_two_nodes(self):
        """Nodes without state: a second on the same database continues the numbers and hears of changes."""
        fd = os.open(os.path.join(self.cloud.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
        self.addCleanup(os.close, fd)
        url = f"host=/proc/{os.getpid()}/fd/{fd} user=machiai dbname=postgres"
        with Cloud(os.path.join(self.dir, "second"), options.bin, database=url) as second:
            here = self.sure(self.cloud.book("a"))[0]
            there = self.sure(second.book("a"))[0]
            self.assertEqual(int(there["number"]), int(here["number"]) + 1)
            self.assertEqual(second.get("/v1/tickets/" + here["token"])[1]["number"], here["number"])
            self.assertEqual(second.post("/v1/tickets/" + here["token"] + "/cancel")[0], 200)
            until(lambda: self.cloud.get("/v1/tickets/" + here["token"])[1]["state"] == "cancelled", "the other node")
            answers = crowd(16, lambda n: self.sure((self.cloud, second)[n % 2].book("a", people=[first()] * 2)))
            numbers = sorted(int(ticket["number"]) for told in answers for ticket in told)
            self.assertEqual(numbers, list(range(int(there["number"]) + 1, int(there["number"]) + 33)))


if __name__ == "__main__":
    main(__doc__)
