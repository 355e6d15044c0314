# SPDX-License-Identifier: Apache-2.0
"""The contract of the desk's actions: states, order, absence, move and undo, by the command line."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import StationCase, main  # noqa: E402
from kit.hub import Refused  # noqa: E402
from kit.station import Station, until  # noqa: E402


class Fresh(StationCase):
    """Each method works with tickets of its own; who is still waiting at its end is taken out of the line."""

    settings = {"settle_seconds": "3600"}

    def tearDown(self):
        for service in ("naika", "shouni"):
            for ticket in self.done("queue", service)["tickets"]:
                if ticket["state"] not in ("done", "cancelled", "void", "no_show"):
                    self.done("cancel", ticket["ticket"])

    def takes(self, count, service="naika"):
        return [self.take(service) for _ in range(count)]

    def expect_state(self, ticket, state, room=""):
        seen = self.state(ticket)
        self.assertEqual((seen["state"], seen["room"]), (state, room))


class States(Fresh):
    def test_a_visit_from_the_door_to_the_end(self):
        (ticket,) = self.takes(1)
        self.expect_state(ticket, "waiting")
        self.assertEqual(self.done("call", "naika", "--room", "1")["state"], "called")
        self.expect_state(ticket, "called", "1")
        again = self.done("recall", ticket)
        self.assertEqual((again["ticket"], again["room"]), (ticket, "1"))
        self.assertEqual(self.done("enter", ticket)["state"], "in_room")
        self.expect_state(ticket, "in_room", "1")
        self.assertEqual(self.done("finish", ticket)["state"], "done")
        self.expect_state(ticket, "done")
        for verb in ("recall", "enter", "absent", "hold", "resume", "back", "cancel"):
            self.refused("finished", verb, ticket)

    def test_calling_the_next_to_a_room_finishes_who_was_in_it(self):
        one, two = self.takes(2)
        self.done("call", "naika", "--room", "1")
        self.done("call", "naika", "--room", "1")
        self.expect_state(one, "done")
        self.expect_state(two, "called", "1")

    def test_a_verb_that_does_not_fit_changes_nothing(self):
        (ticket,) = self.takes(1)
        before = self.state(ticket)
        for verb, reason in (("recall", "not_called"), ("enter", "not_called"), ("finish", "not_called"),
                             ("back", "not_called"), ("resume", "not_on_hold")):
            self.refused(reason, verb, ticket)
        self.assertEqual(self.state(ticket), before)

    def test_hold_and_resume_keep_the_place(self):
        one, two, three = self.takes(3)
        self.done("hold", one)
        self.expect_state(one, "hold")
        self.assertEqual(self.line(), [two, three])
        self.assertEqual(self.state(two)["ahead"], 0)
        self.assertEqual(self.done("resume", one)["state"], "waiting")
        self.assertEqual(self.line(), [one, two, three])

    def test_back_takes_a_call_back(self):
        one, two = self.takes(2)
        self.done("call", "naika", "--room", "1")
        self.assertEqual(self.done("back", one)["state"], "waiting")
        self.assertEqual(self.line(), [one, two])
        number = self.state(one)["number"]
        self.assertNotIn(number, [call["number"] for call in self.done("board")["calls"]])

    def test_a_cancelled_ticket_is_out_and_its_number_is_gone(self):
        one, two = self.takes(2)
        self.assertEqual(self.done("cancel", two)["state"], "cancelled")
        self.assertEqual(self.line(), [one])
        (three,) = self.takes(1)
        self.assertEqual(int(three.rsplit("-", 1)[1]), int(two.rsplit("-", 1)[1]) + 1)

    def test_doing_it_twice_is_doing_it_once(self):
        (ticket,) = self.takes(1)
        for verb, state in (("hold", "hold"), ("absent", "absent"), ("cancel", "cancelled")):
            self.assertEqual(self.done(verb, ticket)["state"], state)
            events = len(self.done("why", ticket)["events"])
            self.assertEqual(self.done(verb, ticket)["state"], state)
            self.assertEqual(len(self.done("why", ticket)["events"]), events)

    def test_a_ticket_is_named_by_id_by_counter_or_by_number(self):
        naika, shouni = self.take("naika"), self.take("shouni")
        n = naika.rsplit("-", 1)[1]
        s = shouni.rsplit("-", 1)[1]
        for text, ticket in ((naika, naika), (f"naika/{n}", naika), (shouni, shouni), (f"shouni/{s}", shouni),
                             (f"S-{s}", shouni)):
            self.assertEqual(self.done("why", text)["ticket"], ticket, text)

    def test_people_ahead_are_those_who_will_be_called_before(self):
        tickets = self.takes(4)
        self.done("absent", tickets[0])
        self.done("hold", tickets[1])
        queue = {t["ticket"]: t["ahead"] for t in self.done("queue", "naika")["tickets"]}
        self.assertEqual([queue[t] for t in tickets[2:]], [0, 1])
        self.assertEqual(self.done("take", "naika")["ahead"], 2)
        self.assertEqual(self.done("call", "naika", "--room", "1")["ticket"], tickets[2])

    def test_queue_gives_the_calling_order(self):
        tickets = self.takes(5)
        self.done("move", tickets[4], "--before", tickets[1], "--reason", "urgent")
        told = self.line()
        called = []
        for _ in told:
            called.append(self.done("call", "naika", "--room", "1")["ticket"])
        self.assertEqual(called, told)


class Absence(Fresh):
    """The example's rule: back behind three present patients; after two absences to the end."""

    def test_who_does_not_answer_keeps_a_place_behind_three(self):
        tickets = self.takes(6)
        self.done("call", "naika", "--room", "1")
        self.assertEqual(self.done("absent", tickets[0])["state"], "absent")
        self.assertEqual(self.line(), tickets[1:])
        self.assertEqual([stone["number"] for stone in self.done("board")["absent"]],
                         [tickets[0].rsplit("-", 1)[1]])
        self.done("back", tickets[0])
        self.assertEqual(self.line(), tickets[1:4] + [tickets[0]] + tickets[4:])
        self.assertEqual(self.state(tickets[0])["absences"], 1)

    def test_the_third_time_it_is_the_end(self):
        tickets = self.takes(6)
        late = tickets[0]
        for _ in range(3):
            self.done("call", "naika", "--room", "1", "--ticket", late)
            self.done("absent", late)
            self.done("back", late)
        self.assertEqual(self.line()[-1], late)

    def test_nobody_is_called_who_is_absent(self):
        one, two = self.takes(2)
        self.done("absent", one)
        self.assertEqual(self.done("call", "naika", "--room", "1")["ticket"], two)
        self.refused("nobody_waiting", "call", "naika", "--room", "2")


class Moving(Fresh):
    def test_a_move_has_a_reason_and_changes_no_number(self):
        tickets = self.takes(4)
        self.done("move", tickets[3], "--before", tickets[0], "--reason", "urgent")
        self.assertEqual(self.line(), [tickets[3], *tickets[:3]])
        moved = self.state(tickets[3])
        self.assertEqual((moved["reason"], moved["ahead"], moved["number"]),
                         ("urgent", 0, tickets[3].rsplit("-", 1)[1]))
        self.assertEqual(self.done("board")["next"][0], {"number": moved["number"], "service": "naika",
                                                         "reason": "urgent"})

    def test_words_for_the_staff_do_not_reach_the_wall(self):
        one, two = self.takes(2)
        self.done("move", two, "--before", one, "--reason", "お電話あり 港さま")
        self.assertEqual(self.state(two)["reason"], "お電話あり 港さま")
        self.assertEqual(self.done("board")["next"][0]["reason"], "other")

    def test_a_move_that_makes_no_sense_is_refused(self):
        one, two = self.takes(2)
        (other,) = self.takes(1, "shouni")
        self.refused("same_ticket", "move", one, "--before", one, "--reason", "test")
        with self.station.hub("desk", "front") as desk, self.assertRaisesRegex(Refused, "reason_missing"):
            desk.ok("move", {"ticket": two, "before": one, "reason": "　"})
        self.refused("other_line", "move", one, "--before", other, "--reason", "test")
        self.done("call", "naika", "--room", "1")
        self.refused("not_waiting", "move", two, "--before", one, "--reason", "test")
        self.refused("not_waiting", "move", one, "--before", two, "--reason", "test")


class Replaying(Fresh):
    def test_the_lines_as_they_stood(self):
        one, two, three = self.takes(3)
        moments = []

        def remember():
            now = self.done("status")["now"]
            moments.append((now, [(each["ticket"], each["state"]) for each in self.done("queue", "naika")["tickets"]]))
            until(lambda: self.done("status")["now"] != now, "the clock to go on")

        remember()
        self.done("move", three, "--before", one, "--reason", "urgent")
        remember()
        self.done("call", "naika", "--room", "1")
        remember()
        self.done("no-show", two)
        remember()
        for at, line in moments:
            told = self.done("replay", at, "--service", "naika")
            self.assertEqual([(each["ticket"], each["state"]) for each in told["services"][0]["tickets"]], line)
        whole = self.done("replay")
        self.assertEqual(whole["before"][0]["event"], "no_show")
        self.assertEqual([each["service"] for each in whole["services"]], ["naika", "shouni"])
        self.assertEqual(self.done("replay", "0:00")["events"], 0)
        self.assertEqual(whole["next"], "", "nothing comes after the last")
        self.assertEqual(self.every_moment(), whole["events"])
        self.assertEqual(self.done("replay", "--date", "2020-01-01")["events"], 0)
        for question in (("why", two), ("order", one, two)):
            self.assertEqual(self.done(*question, "--date", whole["date"]), self.done(*question))
            self.refused("unknown_ticket", *question, "--date", "2020-01-01")
            self.refused("bad_date", *question, "--date", "today")
        self.refused("bad_time", "replay", "noon")
        self.refused("bad_date", "replay", "--date", "today")
        self.refused("unknown_service", "replay", "--service", "ghost")
        with Station(os.path.join(self.dir, "new"), self.station.bin) as new:
            told = new.cli("replay")[1]
            self.assertGreaterEqual(told["date"], whole["date"], "on a new station it is today")
            self.assertEqual(told["events"], 0)


    def every_moment(self):
        """Goes from one event to the next; how many there were at the end."""
        told = self.done("replay", "0:00")
        while told["next"]:
            later = self.done("replay", told["next"])
            self.assertGreater(later["events"], told["events"])
            self.assertEqual(later["before"][0]["at"], told["next"])
            told = later
        return told["events"]


class Undoing(Fresh):
    def test_each_action_is_taken_back(self):
        tickets = self.takes(3)
        prepare = {"recall": [], "hold": [], "cancel": [],
                   "resume": [("hold", tickets[1])],
                   "absent": [("call", "naika", "--room", "1", "--ticket", tickets[1])],
                   "back": [("call", "naika", "--room", "1", "--ticket", tickets[1])],
                   "finish": [("call", "naika", "--room", "1", "--ticket", tickets[1])],
                   "no-show": [("call", "naika", "--room", "1", "--ticket", tickets[1])]}
        undone = {"hold": "hold", "cancel": "cancelled", "no-show": "no_show", "resume": "resumed", "absent": "absent", "back": "back",
                  "finish": "finished"}
        for verb, what in undone.items():
            with self.subTest(verb):
                for step in prepare[verb]:
                    self.done(*step)
                before = self.positions()
                self.done(verb, tickets[1])
                self.assertNotEqual(self.positions(), before)
                answer = self.done("undo")
                self.assertEqual((answer["ticket"], answer["undone"]), (tickets[1], what))
                self.assertEqual(answer["state"], self.state(tickets[1])["state"])
                self.assertEqual(self.positions(), before)
                if self.state(tickets[1])["state"] != "waiting":
                    self.done("resume" if self.state(tickets[1])["state"] == "hold" else "back", tickets[1])

    def positions(self):
        """Everything of the line but when it became so."""
        return [{k: v for k, v in t.items() if k != "since"} for t in self.done("queue", "naika")["tickets"]]

    def test_a_call_is_put_back_and_the_room_is_as_it_was(self):
        one, two = self.takes(2)
        self.done("call", "naika", "--room", "1")
        self.done("call", "naika", "--room", "1")
        self.assertEqual(self.done("undo")["undone"], "called")
        self.expect_state(one, "called", "1")
        self.expect_state(two, "waiting")

    def test_a_taken_number_becomes_void_and_is_never_given_again(self):
        (ticket,) = self.takes(1)
        self.assertEqual(self.done("undo")["state"], "void")
        self.expect_state(ticket, "void")
        (after,) = self.takes(1)
        self.assertEqual(int(after.rsplit("-", 1)[1]), int(ticket.rsplit("-", 1)[1]) + 1)

    def test_a_move_is_taken_back(self):
        tickets = self.takes(3)
        self.done("move", tickets[2], "--before", tickets[0], "--reason", "urgent")
        self.assertEqual(self.done("undo")["undone"], "moved")
        self.assertEqual(self.line(), tickets)
        self.assertEqual(self.state(tickets[2])["reason"], "")

    def test_what_is_set_for_today_is_taken_back(self):
        self.takes(2)
        tickets = [t["ticket"] for t in self.done("queue", "naika")["tickets"]]
        self.done("call", "naika", "--room", "1")
        steps = [(("cap", "naika", "7"), "cap_set"), (("hours", "naika", "9:00-10:00"), "hours_set"),
                 (("walk-ins", "naika", "3"), "walk_ins_set"), (("remote", "close", "naika"), "remote_set"),
                 (("message", "delay", "--minutes", "20"), "message_put"), (("close", "naika"), "counter_closed"),
                 (("amend", tickets[1], "--name", "やまだ"), "amended"), (("recall", tickets[0]), "recalled"),
                 (("phoned", tickets[1], "--result", "no-answer"), "phoned")]
        with self.station.hub("desk", "watcher") as desk:
            def seen():
                view = desk.ok("desk")
                return {part: view[part] for part in ("services", "tickets", "messages", "exceptions")}
            for command, what in steps:
                with self.subTest(what):
                    before, calls = seen(), self.done("board")["calls"]
                    self.done(*command)
                    self.assertTrue(seen() != before or self.done("board")["calls"] != calls, "something was done")
                    self.assertEqual(desk.ok("desk")["undo"][0]["what"], what)
                    self.assertEqual(self.done("undo")["undone"], what)
                    self.assertEqual(seen(), before)
                    self.assertEqual(self.done("board")["calls"], calls)

    def test_a_telephone_call_is_in_the_history(self):
        (ticket,) = self.takes(1)
        self.done("phoned", ticket, "--result", "no-answer")
        self.assertEqual(self.done("phoned", ticket, "--result", "reached")["result"], "reached")
        self.assertEqual([e["result"] for e in self.done("why", ticket)["events"] if e["event"] == "phoned"],
                         ["no_answer", "reached"])
        note = self.state(ticket)["phoned"]
        self.assertEqual((note["result"], note["times"]), ("reached", 2))
        self.refused("unknown_ticket", "phoned", "naika/999", "--result", "reached")

    def test_what_another_seat_did_is_not_ours_to_undo(self):
        (ticket,) = self.takes(1)
        self.done("undo")
        with self.station.hub("desk", "front") as desk:
            other = desk.ok("take", {"service": "naika"}, key="front-1")["ticket"]
            before = self.state(other)["state"]
            code, answer = self.station.cli("undo")
            self.assertTrue(code == 3 or answer["ticket"] != other, answer)
            self.assertEqual(self.state(other)["state"], before)
        self.expect_state(ticket, "void")


class Time(Fresh):
    settings = {"settle_seconds": "1", "undo_seconds": "1"}

    def test_who_was_called_a_while_ago_is_in_the_room(self):
        (ticket,) = self.takes(1)
        self.done("call", "naika", "--room", "2")
        until(lambda: self.state(ticket)["state"] == "in_room", "the tick", every=0.05)
        self.expect_state(ticket, "in_room", "2")

    def test_undo_is_possible_for_a_short_time_only(self):
        (ticket,) = self.takes(1)
        with self.station.hub("desk", "watcher") as desk:
            # The view is what the button follows: once the hub offers no undo, it refuses one.
            until(lambda: not desk.ok("desk")["undo"], "the time to undo to pass", every=0.05)
        self.refused("nothing_to_undo", "undo")
        self.expect_state(ticket, "waiting")


class Days(Fresh):
    def test_a_restart_changes_nothing_a_user_can_see(self):
        tickets = self.takes(6)
        self.done("call", "naika", "--room", "1")
        self.done("absent", tickets[0])
        self.done("call", "naika", "--room", "2")
        self.done("hold", tickets[2])
        self.done("move", tickets[5], "--before", tickets[3], "--reason", "test")
        before = (self.done("queue", "naika"), self.done("board"))
        self.station.restart()
        self.assertEqual((self.done("queue", "naika"), self.done("board")), before)
        self.station.stop()
        self.station.start()
        self.assertEqual((self.done("queue", "naika"), self.done("board")), before)
        self.assertIs(self.done("verify")["holds"], True)


if __name__ == "__main__":
    main(__doc__)
