# SPDX-License-Identifier: Apache-2.0
"""The whole way on real parts: kiosk, desk and display on X servers, machiaid, cupsd and an IPP printer.

Presses are clicks where the program says its buttons are; what is expected is looked for in the pixels, on the paper
and in the sound, not only in what the hub says.
"""
import array
import os
import pathlib
import shutil
import sys
import wave

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import StationCase, main  # noqa: E402
from kit.glass import Glass, changed  # noqa: E402
from kit.slips import Dots, give_printer, is_marked, read_number  # noqa: E402
from kit.station import skip, until  # noqa: E402

TOOLS = ("Xvfb", "xdotool", "import", "convert", "cupsd", "ippeveprinter", "dbus-daemon", "open_jtalk")
# Places of a board of two services, 1920x1080: the same in each state of the screen.
CALLED = (1240, 100, 620, 390)
NEXT = (240, 546, 820, 150)
IN_ROOMS = (1600, 546, 290, 140)
AGE = 0.01  # the rings and the clock may move; words and numbers must not
FIRST_ROW = (24, 190, 700, 48)
KIOSK_PAGE = (0, 400, 1080, 900)


class Morning(StationCase):
    settings = {"settle_seconds": "3600"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        give_printer(cls)
        cls.voice = os.path.join(cls.dir, "voice")
        for seat, size, extra in (("display", (1920, 1080), ("--voice-out", cls.voice)), ("kiosk", (1080, 1920), ()),
                                  ("desk", (1280, 800), ())):
            glass = Glass(cls.station, seat, size, cls.dir, *extra)
            cls.addClassCleanup(glass.close)
            setattr(cls, seat, glass.start())
        until(lambda: cls.kiosk.offers("take-naika") and cls.desk.offers("service-naika"), "the seats to be served")

    def setUp(self):
        """The daemon runs, and nobody is in the rooms or in the line; what earlier tests left undone would be in the way."""
        if not self.station.alive():
            self.station.start()
        for service in ("naika", "shouni"):
            for ticket in self.done("queue", service)["tickets"]:
                if ticket["state"] not in ("done", "cancelled", "void"):
                    self.done("cancel", ticket["ticket"])
        until(self.kiosk_begins, "the kiosk at its beginning")

    def kiosk_begins(self):
        if self.kiosk.offers("home"):
            self.kiosk.click("home")
        return self.kiosk.offers("take-naika")

    # What is looked for

    def slips_of(self, ticket):
        """(marked or not) of each paper that carries the number of this ticket."""
        number = ticket.rsplit("-", 1)[1]
        return [is_marked(paper) for paper in self.printer.papers() if read_number(paper) == number]

    def print_of(self, ticket):
        found = [each for each in self.done("prints")["prints"] if each["ticket"] == ticket]
        return found[-1] if found else {}

    def announcements(self, kind):
        try:
            with open(os.path.join(self.voice, "announcements.log"), encoding="utf-8") as file:
                lines = [line.rstrip("\n").split("\t") for line in file]
        except OSError:
            return []
        return [line for line in lines if line[1] == kind]

    def take_at_the_kiosk(self):
        """Presses for a return visit at internal medicine; the new ticket."""
        before = {t["ticket"] for t in self.done("queue", "naika")["tickets"]}
        self.kiosk.click("take-naika")
        self.kiosk.click("kind-return")
        until(lambda: self.kiosk.offers("home"), "the number on the kiosk")
        after = {t["ticket"] for t in self.done("queue", "naika")["tickets"]}
        self.assertEqual(len(after - before), 1, "one press, one number")
        return (after - before).pop()

    # From the door to the call

    def test_a_number_from_the_kiosk_is_on_paper_and_on_the_board(self):
        home = self.kiosk.part(KIOSK_PAGE)
        board = self.display.part(NEXT)
        ticket = self.take_at_the_kiosk()
        number = ticket.rsplit("-", 1)[1]
        self.assertEqual(self.state(ticket)["state"], "waiting")
        until(lambda: changed(home, self.kiosk.part(KIOSK_PAGE)) > 0.05, "the number to fill the kiosk")
        self.assertEqual(self.done("board")["next"], [{"number": number, "service": "naika", "reason": ""}])
        until(lambda: changed(board, self.display.part(NEXT)) > AGE, "the number on the board")
        until(lambda: self.print_of(ticket).get("state") == "printed", "the slip", every=0.1)
        paper = self.printer.papers()[-1]
        self.assertEqual(read_number(paper), number, "the paper carries the number of the ledger")
        self.assertTrue(0.05 < Dots(paper).ink() < 0.4)
        self.assertEqual(self.slips_of(ticket), [False], "one slip, not marked as a reprint")
        until(lambda: self.desk.offers("row-" + ticket), "the patient in the desk's list")

    def test_a_call_is_seen_and_heard_and_can_be_taken_back(self):
        board = self.display.part(NEXT)
        ticket = self.take("naika", "--no-print")
        number = ticket.rsplit("-", 1)[1]
        until(lambda: self.desk.offers("row-" + ticket), "the desk's list")
        until(lambda: changed(board, self.display.part(NEXT)) > AGE, "the number on the board")
        rest = self.display.part(CALLED)
        rooms = self.display.part(IN_ROOMS)
        self.desk.click("room-1")
        self.desk.click("call-next")
        called = until(lambda: self.done("board")["calls"], "the call")[0]
        self.assertEqual((called["number"], called["room"], self.state(ticket)["state"]), (number, "1", "called"))
        until(lambda: changed(rest, self.display.part(CALLED)) > 0.05, "the call to fill its panel")
        until(lambda: changed(rooms, self.display.part(IN_ROOMS)) > AGE, "the number at its room")
        begun = until(lambda: [a for a in self.announcements("begin") if a[2] == str(called["call"])], "the voice")
        self.assertEqual(begun[0][3:], [number, "1", f"{number}番の、かた。しんさつしつ、いちへ、お入りください。"])
        self.desk.click("undo")
        until(lambda: self.state(ticket)["state"] == "waiting", "the call to be taken back")
        self.assertEqual(self.done("board")["calls"], [])
        self.assertEqual(self.line(), [ticket])
        until(lambda: changed(rooms, self.display.part(IN_ROOMS)) < AGE, "the room to be empty again")
        until(lambda: changed(rest, self.display.part(CALLED)) < 0.03, "the panel to be at rest", 60, every=0.1)
        ended = until(lambda: [a for a in self.announcements("end") if a[2] == str(called["call"])], "its end", 60)
        self.assertEqual(len(begun), 1)
        self.assertGreater(int(ended[0][3]), 0, "words were said, not the chime alone")
        self.listen(os.path.join(self.voice, ended[0][4]))

    def listen(self, path):
        with wave.open(path) as sound:
            seconds = sound.getnframes() / sound.getframerate()
            samples = array.array("h", sound.readframes(sound.getnframes()))
        self.assertGreater(seconds, 3.0)
        block = max(1, len(samples) // 100)
        loud = [max(map(abs, samples[at:at + block])) > 2000 for at in range(0, len(samples) - block, block)]
        self.assertGreater(sum(loud) / len(loud), 0.4, "the sound is mostly silence")

    # Crashes

    def test_when_the_daemon_is_killed_the_seats_keep_their_view_and_come_back(self):
        empty = self.display.part(NEXT)
        listless = until(lambda: self.settled(self.desk, FIRST_ROW), "a quiet desk")
        ticket = self.take("naika", "--no-print")
        until(lambda: self.desk.offers("row-" + ticket), "the desk's list")
        until(lambda: changed(empty, self.display.part(NEXT)) > AGE, "the number on the board")
        board = self.display.part(NEXT)
        self.station.kill9()
        # The kiosk offers nothing it cannot keep; the board and the list stay, with their age.
        until(lambda: not self.kiosk.offers("take-naika"), "the kiosk to say that it cannot give numbers")
        self.assertLess(changed(board, self.display.part(NEXT)), AGE)
        until(lambda: not self.desk.offers("call-next"), "the desk to offer no call")
        self.assertGreater(changed(listless, self.desk.part(FIRST_ROW)), AGE, "the list stays to be read")
        self.assertTrue(all(glass.alive() for glass in (self.kiosk, self.desk, self.display)))
        self.station.start()
        until(lambda: self.kiosk.offers("take-naika"), "the kiosk to come back")
        second = self.take_at_the_kiosk()
        self.assertEqual(self.line(), [ticket, second])
        until(lambda: changed(board, self.display.part(NEXT)) > AGE, "the board to go on")
        until(lambda: self.desk.offers("row-" + second), "the desk to go on")
        self.desk.click("call-next")
        until(lambda: self.state(ticket)["state"] == "called", "the desk's call")
        self.assertIs(self.done("verify")["holds"], True)

    def test_a_display_that_was_killed_shows_the_board_again_also_without_the_daemon(self):
        tickets = [self.take("naika", "--no-print") for _ in range(3)]
        self.done("call", "naika", "--room", "2", "--ticket", tickets[0])
        call = str(until(lambda: self.done("board")["calls"], "the call")[0]["call"])
        until(lambda: [a for a in self.announcements("end") if a[2] == call], "the announcement", 60)
        board = until(lambda: self.settled(self.display, NEXT), "a quiet board")
        self.display.kill9()
        self.display.start()
        until(lambda: changed(board, self.display.part(NEXT)) < AGE, "the board again")
        # It has written down what it showed; without a hub it says how old that is.
        state = os.path.join(self.station.home, "state", "display-1.json")
        number = tickets[1].rsplit("-", 1)[1]
        until(lambda: os.path.exists(state) and f'"{number}"' in pathlib.Path(state).read_text(encoding="utf-8"),
              "the display's memory")
        self.station.kill9()
        self.display.kill9()
        self.display.start()
        until(lambda: changed(board, self.display.part(NEXT)) < AGE, "the remembered board")
        self.station.start()
        four = self.take("naika", "--no-print")
        until(lambda: changed(board, self.display.part(NEXT)) > AGE, f"{four} on the board")
        self.assertEqual(len([a for a in self.announcements("begin") if a[2] == call]), 1, "nobody is called twice")

    def settled(self, glass, box):
        first = glass.part(box)
        return first if changed(first, glass.part(box)) == 0 else None

    # Printing

    def test_when_cupsd_dies_no_slip_is_lost_and_none_comes_twice_unmarked(self):
        self.printer.tool("behave", "slow")
        tickets = [self.take() for _ in range(3)]
        until(lambda: self.print_of(tickets[0]).get("state") == "sent", "the first slip to be under way")
        self.printer.tool("kill-cupsd")
        tickets += [self.take() for _ in range(2)]
        self.printer.tool("behave", "ok")
        self.printer.tool("restart-cupsd")
        final = ("printed", "failed", "unknown")
        until(lambda: all(self.print_of(t).get("state") in final for t in tickets), "each slip's fate", 90, every=0.2)
        with self.station.hub("desk", "front") as desk:
            told = {each["ticket"]: each["state"] for each in desk.ok("desk")["prints"]}
        for ticket in tickets:
            papers = self.slips_of(ticket)
            state = self.print_of(ticket)["state"]
            self.assertLessEqual(papers.count(False), 1, f"{ticket} came out twice unmarked")
            if state != "printed":
                self.assertIn(ticket, told, f"{ticket} is {state} and nobody is told")
            self.assertTrue(papers or ticket in told, f"{ticket} is lost")
        self.assertTrue(self.slips_of(tickets[-1]), "printing goes on after the crash")

    def test_without_the_printers_word_a_person_settles_the_slip(self):
        self.printer.tool("behave", "hang")
        ticket = self.take()
        until(lambda: self.print_of(ticket).get("state") == "sent", "the slip at the printer")
        self.station.kill9()
        self.station.start()
        # Whether the printer took it or it was given up in time, a person has to look.
        until(lambda: self.print_of(ticket)["state"] in ("failed", "unknown"), "the slip's fate", 90, every=0.2)
        slip = str(self.print_of(ticket)["print"])
        with self.station.hub("desk", "front") as desk:
            for each in desk.ok("desk")["prints"]:  # of earlier hours
                if str(each["print"]) != slip:
                    self.done("slip-seen", str(each["print"]))
            until(lambda: [str(each["print"]) for each in desk.ok("desk")["prints"]] == [slip], "this slip's task alone")
        # The glass may still show an earlier slip's task: then its key is pressed once more.
        until(lambda: self.print_of(ticket)["state"] == "printed" or self.desk.click("task-seen"), "the desk's word", every=1)
        self.assertEqual(self.print_of(ticket)["reason"], "seen")
        until(lambda: not self.desk.offers("task-seen"), "the task to go")
        self.assertTrue(self.done("slip-seen", slip)["unchanged"], "it is known already")
        self.refused("unknown_print", "slip-seen", "999999")
        self.station.kill9()
        self.station.start()
        self.assertEqual(self.print_of(ticket)["state"], "printed")
        with self.station.hub("desk", "front") as desk:
            self.assertEqual(desk.ok("desk")["prints"], [], "nor does it come back with the station")
        self.printer.tool("behave", "ok")
        later = self.take()
        until(lambda: self.print_of(later).get("state") in ("printed", "failed", "unknown"), "the next slip", 90, every=0.2)
        until(lambda: not self.done("status")["printer"]["trouble"], "a well printer", 90, every=0.2)

    def test_with_the_printer_off_the_desk_is_told_and_reprints_later(self):
        until(lambda: not self.done("status")["printer"]["trouble"], "a well printer", 60, every=0.2)
        self.printer.tool("off")
        ticket = self.take()
        self.assertEqual(self.state(ticket)["state"], "waiting", "the number is given all the same")
        with self.station.hub("desk", "front") as desk:
            until(lambda: [each for each in desk.ok("desk")["prints"] if each["ticket"] == ticket],
                  "the desk to be told of the slip", 60, every=0.2)
        until(lambda: self.desk.offers("task-reprint"), "the task on the desk's screen")
        self.assertEqual(self.slips_of(ticket), [])
        self.assertEqual(self.done("status")["printer"]["trouble"], "offline")
        self.assertFalse(self.done("take", "naika", "--no-print")["printing"], "no slip is promised meanwhile")
        self.printer.tool("on")
        self.assertIn(self.print_of(ticket)["state"], ("failed", "unknown"))
        self.desk.click("row-" + ticket)
        self.desk.click("more")
        self.desk.click("reprint")
        until(lambda: self.slips_of(ticket), "the reprinted slip", 60, every=0.3)
        self.assertEqual(self.slips_of(ticket), [True], "the second slip says that it is one")
        until(lambda: self.print_of(ticket)["state"] == "printed", "the ledger to know")
        self.station.kill9()
        self.station.start()
        with self.station.hub("desk", "front") as desk:
            self.assertEqual([each for each in desk.ok("desk")["prints"] if each["ticket"] == ticket], [],
                             "what the reprint settled is settled after a restart too")
        until(lambda: not self.done("status")["printer"]["trouble"], "the printer to be well again")


if __name__ == "__main__":
    missing = [tool for tool in TOOLS if shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin") is None]
    if missing:
        skip("missing: " + " ".join(missing))
    main(__doc__)
