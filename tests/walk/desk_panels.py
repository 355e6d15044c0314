# SPDX-License-Identifier: Apache-2.0
"""The desk's panels on a real daemon: what is touched at the glass is what the ledger then says."""
import csv
import os
import pathlib
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import StationCase, main  # noqa: E402
from kit.glass import Glass  # noqa: E402
from kit.station import until  # noqa: E402

TOOLS = ("Xvfb", "xdotool")


class DeskPanels(StationCase):
    settings = {"settle_seconds": "3600", "lan": '"127.0.0.1:0"'}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documents = pathlib.Path(cls.dir) / "user" / "Documents"
        cls.documents.mkdir(parents=True)
        (cls.documents.parent / ".config").mkdir()
        os.environ.update(HOME=str(cls.documents.parent), XDG_CONFIG_HOME=str(cls.documents.parent / ".config"))
        cls.desk = Glass(cls.station, "desk", (1280, 800), cls.dir)
        cls.addClassCleanup(cls.desk.close)
        cls.desk.start()
        until(lambda: cls.desk.offers("service-naika"), "the desk to be served")

    def setUp(self):
        """A quiet glass, open counters, nobody in the line."""
        until(lambda: self.desk.offers("receive") or self.desk.press("Escape"), "the sheets to close", every=0.5)
        for service in self.opens:
            self.done("open", service)
            for ticket in self.done("queue", service)["tickets"]:
                if ticket["state"] not in ("done", "cancelled", "void", "no_show"):
                    self.done("cancel", ticket["ticket"])
        self.desk.click("service-naika")

    def three(self):
        tickets = [self.take("naika", "--no-print") for _ in range(3)]
        until(lambda: self.desk.offers("row-" + tickets[-1]), "the rows")
        return tickets

    def touch(self, *names):
        for name in names:
            self.desk.click(name)

    def becomes(self, ticket, **fields):
        until(lambda: all(self.state(ticket)[name] == value for name, value in fields.items()),
              f"{ticket} to become {fields}, it is {self.state(ticket)}")

    def top(self, ticket):
        return self.desk.layout().get("row-" + ticket, [0, 10_000])[1]

    # One ticket

    def test_a_visit_from_the_counter_to_the_end(self):
        self.touch("receive", "draft-kind-first", "key-7", "key-1")
        self.touch("draft-note")
        self.desk.type("wheelchair")
        self.touch("draft-take")
        until(lambda: len(self.line()) == 1, "the number")
        one = self.line()[0]
        self.becomes(one, state="waiting", card="71", kind="first", note="wheelchair")
        self.touch("room-1", "call-next")
        self.becomes(one, state="called")
        self.touch("row-" + one, "back")
        self.becomes(one, state="waiting")
        self.touch("room-1", "call-next")
        self.becomes(one, state="called")
        self.touch("row-" + one, "recall")
        until(lambda: self.done("why", one)["events"][-1]["event"] == "recalled", "the second call")
        self.touch("row-" + one, "finish")
        self.becomes(one, state="done")
        self.touch("undo")
        self.becomes(one, state="called")

    def test_an_absent_patient_gets_the_place_that_was_chosen(self):
        one, two, three = self.three()
        self.touch("row-" + one, "more", "absent-how", "absent-back-1")
        self.becomes(one, state="absent")
        self.touch("undo")
        self.becomes(one, state="waiting")
        self.touch("row-" + two, "more", "absent-how", "went-home")
        self.becomes(two, state="cancelled")
        self.assertEqual(self.line(), [one, three])

    def test_a_hold_has_its_reason_and_a_skip_lets_one_pass(self):
        one, two, three = self.three()
        self.touch("row-" + one, "more", "hold-why", "hold-for-drip")
        self.becomes(one, state="hold", reason="drip")
        self.touch("row-" + two, "skip")
        until(lambda: self.line() == [three, two], "the skip")

    def test_a_telephone_call_is_noted_and_can_be_taken_back(self):
        one, *_ = self.three()
        self.touch("row-" + one, "more", "phoned-no_answer")
        until(lambda: self.state(one)["phoned"], "the note")
        self.assertEqual(self.state(one)["phoned"]["result"], "no_answer")
        self.touch("undo-here")
        self.becomes(one, phoned=None)

    def test_words_for_a_hold_can_be_typed(self):
        one, *_ = self.three()
        self.touch("row-" + one, "more", "hold-why")
        until(lambda: self.desk.offers("words"), "the field")
        self.desk.type("x-ray")
        self.touch("hold-do")
        self.becomes(one, state="hold", reason="x-ray")

    def test_card_note_and_kind_are_amended_and_the_rest_stays(self):
        one, *_ = self.three()
        self.touch("row-" + one, "more", "amend", "key-4", "key-2")
        self.touch("draft-note")
        self.desk.type("wheelchair")
        self.touch("amend-do")
        self.becomes(one, card="42", note="wheelchair")
        self.touch("more", "amend", "draft-kind-first", "amend-do")  # the row is still chosen
        self.becomes(one, card="42", kind="first", note="wheelchair")

    def test_a_transfer_keeps_the_number_and_is_called_from_the_other_line(self):
        one, *_ = self.three()
        self.touch("row-" + one, "more", "transfer", "transfer-to-shouni")
        self.becomes_of(one, line="shouni")
        self.touch("service-shouni", "row-" + one, "room-2", "call-this")
        until(lambda: [c for c in self.done("board")["calls"] if c["number"] == one.rsplit("-", 1)[1]], "the call")

    def becomes_of(self, ticket, **fields):
        def found():
            every = [t for s in self.opens for t in self.done("queue", s)["tickets"] if t["ticket"] == ticket]
            return every and all(every[0][name] == value for name, value in fields.items())

        until(found, f"{ticket} to become {fields}")

    def test_the_panel_stays_about_its_patient_when_the_next_one_is_called(self):
        one, two, _ = self.three()
        self.done("call", "naika", "--room", "1")
        until(lambda: self.state(one)["state"] == "called", "the call")
        self.touch("room-1", "more")
        until(lambda: self.desk.offers("hold-why"), "the panel")
        self.done("call", "naika", "--room", "1")  # another seat: `one` is finished, `two` is in the room
        until(lambda: not self.desk.offers("hold-why"), "the panel to say that nothing can be done with it")
        self.assertEqual(self.state(two)["state"], "called")

    def test_history_and_order_are_asked_and_closed_step_by_step(self):
        one, two, _ = self.three()
        self.done("move", two, "--before", one, "--reason", "urgent")
        until(lambda: self.top(two) < self.top(one), "the rows in their new order")
        self.touch("row-" + one, "more", "history")
        until(lambda: not self.desk.offers("absent-how"), "the history")
        self.touch("compare", "other-" + two)
        until(lambda: not self.desk.offers("other-" + two), "the story")
        self.desk.press("Escape")
        until(lambda: self.desk.offers("other-" + two), "the numbers again")
        self.desk.press("Escape")
        until(lambda: self.desk.offers("receive"), "the screen")

    # Counters

    def test_a_day_is_gone_through_back_and_forth(self):
        one, _, _ = self.three()
        self.done("call", "naika", "--room", "1")
        self.touch("records", "replay")
        enabled = self.desk.offers
        until(lambda: enabled("replay-before") and not enabled("replay-after"), "the end of the day")
        self.touch("replay-before")
        until(lambda: enabled("replay-after"), "the moment before the call")
        self.touch("replay-minus")
        until(lambda: enabled("replay-after") and not enabled("replay-before"), "nothing yet")
        self.touch("replay-end")
        until(lambda: enabled("replay-before") and not enabled("replay-after"), "the end again")
        self.touch("replay-service-shouni", "earlier")
        until(lambda: not enabled("replay-before"), "a day without records")
        self.desk.press("Escape")
        until(lambda: enabled("span-week"), "the records again")
        self.assertEqual(self.state(one)["state"], "called")

    def test_cap_and_hours_change_today_alone(self):
        self.touch("session", "cap-of-naika", "pad-9", "pad-9", "cap-do")
        until(lambda: self.exceptions() == [("naika", "cap", "99")], "the cap")
        self.touch("undo-here")
        until(lambda: not self.exceptions(), "the cap to be as it was")
        self.touch("cap-of-naika", "pad-9", "pad-9", "cap-do")
        until(lambda: self.exceptions() == [("naika", "cap", "99")], "the cap again")
        self.touch("cap-of-naika", "cap-settings")
        until(lambda: self.exceptions() == [], "the settings again")
        self.touch("hours-of-naika", "part-1-on", "part-0-open-down", "hours-do")
        until(lambda: [e[:2] for e in self.exceptions()] == [("naika", "hours")], "the hours")
        self.touch("hours-of-naika", "hours-settings")
        until(lambda: self.exceptions() == [], "the settings once more")

    def exceptions(self):
        with self.station.hub("desk", "looker") as hub:
            return [(e["service"], e["what"], e["value"]) for e in hub.ok("desk")["exceptions"]]

    def test_films_and_their_sound_are_stopped_for_the_day(self):
        def told():
            with self.station.hub("cli", "probe") as hub:
                return hub.ok("programme")

        self.touch("programme", "film-mute")
        until(lambda: told()["muted"], "the sound to be off")
        self.touch("film-pause")
        until(lambda: told()["paused"], "the films to be stopped")
        self.assertEqual(told()["now"]["reason"], "paused")
        self.station.restart()
        self.assertTrue(told()["paused"] and told()["muted"], "not forgotten by a daemon that was killed")
        # A press before the desk has found the new daemon would be a press at a desk without a hub: nothing.
        until(lambda: any(seat["role"] == "desk" and seat["connected"] for seat in self.done("status")["seats"]),
              "the desk to be back")
        # One after the other: nothing is sent while an answer is awaited.
        self.touch("film-resume")
        until(lambda: not told()["paused"], "the films to be back")
        self.touch("film-unmute")
        until(lambda: not told()["muted"], "the sound to be back")

    def test_a_message_is_shown_and_taken_away(self):
        self.touch("messages", "pattern-emergency", "minutes-20", "showing-60", "message-do")
        shown = until(lambda: self.done("board")["messages"], "the message")[0]
        self.assertEqual((shown["pattern"], shown["minutes"]), ("emergency", 20))
        self.touch(f"unmessage-{shown['id']}")
        until(lambda: not self.done("board")["messages"], "the message to go")
        self.touch("pattern-free")
        self.desk.type("Parking is full")
        self.touch("message-do")
        self.assertEqual(until(lambda: self.done("board")["messages"], "the words")[0]["text"], "Parking is full")
        self.done("unmessage", str(self.done("board")["messages"][0]["id"]))

    def test_the_day_is_closed_only_after_a_confirmation(self):
        tickets = self.three()
        self.touch("session", "close-day")
        until(lambda: self.desk.offers("close-day-do"), "the question")
        self.desk.press("Return")
        self.assertEqual(self.line(), tickets, "Enter alone closes no day")
        self.touch("close-day-do")
        self.becomes(tickets[0], state="no_show")
        self.touch("undo")
        self.becomes(tickets[0], state="waiting")

    # Receiving

    def test_a_card_that_has_a_number_is_seen_before_a_second_one_is_given(self):
        one, *_ = self.three()
        self.done("amend", one, "--card", "0043")
        self.touch("receive", "key-4")
        until(lambda: self.desk.offers("draft-take"), "the dialog")
        self.assertFalse(self.desk.offers("known"), "4 is nobody's card")
        self.touch("key-3", "known")
        until(lambda: self.desk.offers("amend"), "the panel of that ticket")
        self.touch("hold-why", "hold-for-drip")
        self.becomes(one, state="hold")
        self.assertEqual([t["ticket"] for t in self.done("queue", "naika")["tickets"] if t["card"] in ("43", "0043")], [one],
                         "and no second number")

    # Records and devices

    def test_statistics_are_written_as_a_table(self):
        self.three()
        self.touch("records", "chart-absences", "chart-slips", "span-week")
        tables = lambda: next(iter(self.documents.glob("machiai-*_*.csv")), None)  # noqa: E731
        # Until the week is here there is nothing to write.
        path = until(lambda: tables() or (self.touch("table"), None)[1], "the table", 60, 1)
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([(row["of"], row["name"]) for row in rows],
                         [("service", "naika"), ("service", "shouni"), ("room", "1"), ("room", "2"), ("slips", "")])
        self.assertGreaterEqual(int(rows[0]["taken"]), 3)

    def test_a_code_is_shown_and_is_no_device_yet(self):
        self.touch("devices", "pair", "pair-room-2", "pair-do")
        until(lambda: not self.desk.offers("pair-do"), "the code")
        self.assertEqual(self.done("devices")["devices"], [], "a code is no device")
        self.desk.press("Escape")
        until(lambda: self.desk.offers("pair"), "the list")

    # Keys

    def test_everything_is_reached_by_keys(self):
        one, two, _ = self.three()
        self.desk.press("Down", "F4")
        until(lambda: self.desk.offers("absent-how"), "the ticket's panel")
        self.desk.press("Down", "Right", "Return")  # from the first key to the right: entered or finish, or another
        self.desk.press("Escape", "Escape")
        until(lambda: self.desk.offers("receive"), "the screen")
        self.desk.press("Return")
        until(lambda: self.desk.offers("draft-take"), "the dialog")
        self.desk.type("77")
        self.desk.press("Tab")
        self.desk.type("Hana")
        self.desk.press("Return")
        taken = until(lambda: [t for t in self.done("queue", "naika")["tickets"] if t["card"] == "77"], "the number")
        self.assertEqual(taken[0]["name"], "Hana")


if __name__ == "__main__":
    if any(shutil.which(tool) is None for tool in TOOLS):
        print("not here: " + " ".join(TOOLS))
        sys.exit(77)
    main(__doc__)
