# SPDX-License-Identifier: Apache-2.0
"""A day's slips as the records count them, held against the papers that a real cupsd and printer brought: printed,
printed again, not out, and seen by a person.
"""
import csv
import io
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.answers import Shapes  # noqa: E402
from kit.case import ROOT, StationCase, main  # noqa: E402
from kit.slips import give_printer, is_marked  # noqa: E402
from kit.station import SYNCS, skip, until  # noqa: E402

TOOLS = ("cupsd", "ippeveprinter", "dbus-daemon", "convert", "strace")


class Slips(StationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        give_printer(cls)

    def prints(self, ticket):
        return [each for each in self.done("prints")["prints"] if each["ticket"] == ticket]

    def becomes(self, ticket, *states):
        until(lambda: [each["state"] for each in self.prints(ticket)] == list(states),
              f"the slips of {ticket} to be {states}, they are {self.prints(ticket)}", 90, 0.1)

    def test_the_records_count_the_papers(self):
        until(lambda: not self.done("status")["printer"]["trouble"], "a well printer", 60, 0.1)
        plain = [self.take() for _ in range(4)]
        self.take("naika", "--no-print")
        for ticket in plain:
            self.becomes(ticket, "printed")
        for ticket in plain[:2]:
            self.done("reprint", ticket)
            self.becomes(ticket, "printed", "printed")
        self.printer.tool("behave", "door")
        taken = self.take()  # the printer has it and cannot go on
        until(lambda: self.done("status")["printer"]["trouble"] == "door_open", "the open door to be told", 60, 0.1)
        lost, seen = self.take(), self.take()  # and these are not sent
        for ticket in (taken, lost, seen):
            self.becomes(ticket, "failed")
        with self.station.hub("desk", "front") as desk:
            view = desk.ok("desk")
        self.assertIn({"part": "printer", "level": "fault", "reason": "door_open"}, view["troubles"])
        self.assertEqual({each["ticket"]: each["reason"] for each in view["prints"]},
                         {ticket: "door_open" for ticket in (taken, lost, seen)})
        code, words = self.station.cli("status", lang="ja")
        self.assertEqual((code, words["printer"]["trouble"]), (0, "door_open"))
        with self.station.hub("desk", "front") as desk:
            for again in (False, True):
                answer = desk.ok("slip_seen", {"print": self.prints(seen)[0]["print"]})
                self.assertEqual((Shapes(ROOT).faults("slip_seen", answer), "unchanged" in answer), ([], again))
        with self.station.hub("kiosk", "kiosk-1") as kiosk:
            self.assertFalse(kiosk.ok("kiosk")["printing"], "the kiosk promises no slip")
            self.assertFalse(kiosk.ok("take", {"service": "naika", "print": False})["printing"])
            self.printer.tool("behave", "ok")
            until(lambda: not self.done("status")["printer"]["trouble"], "the closed door to be told", 60, 0.1)
            self.assertTrue(kiosk.ok("kiosk")["printing"], "and does again before anybody has printed")
        self.done("reprint", lost)
        self.becomes(lost, "failed", "printed")

        papers = [is_marked(paper) for paper in self.printer.papers()]
        self.assertEqual((papers.count(False), papers.count(True)), (4, 3))
        day = self.done("statistics")["days"][0]
        told = {name: day[name] for name in ("printed", "print_failed", "reprinted")}
        # One that nobody's printer brought was seen by a person; two others did not come out, whatever came later.
        self.assertEqual(told, {"printed": len(papers) + 1, "print_failed": 2, "reprinted": papers.count(True)})
        total = self.done("statistics")["total"]
        self.assertEqual({name: total[name] for name in told}, told)
        rows = list(csv.DictReader(io.StringIO(self.done("statistics", "--csv")["csv"])))
        self.assertEqual([{name: int(row[name]) for name in told} for row in rows if row["of"] == "slips"], [told])

    def test_when_the_disk_refuses_what_became_of_a_slip(self):
        """The paper is out and its end cannot be recorded for a while: it is afterwards, and the next slips come out."""
        self.printer.tool("behave", "slow")
        first = self.take()
        self.becomes(first, "sent")
        log = self.station.log + ".strace"
        pathlib.Path(log).touch()
        errors = subprocess.Popen(["strace", "-f", "-qq", "-o", log, "-e", f"trace={SYNCS}", "-e", f"inject={SYNCS}:error=EIO",
                                   "-p", str(self.station.process.pid)])
        until(lambda: "INJECTED" in pathlib.Path(log).read_text(encoding="utf-8"), "the end to be refused", 60, 0.1)
        errors.terminate()
        errors.wait(10)
        self.printer.tool("behave", "ok")
        second = until(lambda: self.station.cli("take", "naika", "--key", "behind")[1].get("ticket"), "a number", 20, 0.2)
        self.becomes(first, "printed")
        self.becomes(second, "printed")

    def test_z_a_printer_that_loses_power_under_a_slip(self):
        """Told as printed is what came out; of the rest the desk hears that it is not known. Last, for the records count
        what it leaves."""
        until(lambda: not self.done("status")["printer"]["trouble"], "a well printer", 60, 0.1)
        self.printer.tool("behave", "slow")
        before, begun = len(self.printer.papers()), self.printer.taken()
        ticket = self.take()
        until(lambda: self.printer.taken() > begun, "the printer to have it", 30)
        self.printer.tool("off")
        self.printer.tool("on")
        self.printer.tool("behave", "ok")
        end = until(lambda: [each["state"] for each in self.prints(ticket)
                             if each["state"] in ("printed", "failed", "unknown")], "its end", 90, 0.1)
        self.assertIn((end, len(self.printer.papers()) - before), ((["unknown"], 0), (["unknown"], 1), (["printed"], 1)))

    def test_with_its_ticket_a_slip_comes_back(self):
        """Cancelled before its turn at the printer it is withdrawn; the undo brings both back."""
        self.printer.tool("behave", "slow")
        self.becomes(self.take(), "sent")
        ticket = self.take()
        self.done("cancel", ticket)
        self.becomes(ticket, "cancelled")
        self.done("undo")
        self.becomes(ticket, "cancelled", "queued")
        at_once = self.take()
        self.done("cancel", at_once)
        self.done("undo")
        self.printer.tool("behave", "ok")
        self.becomes(ticket, "cancelled", "printed")
        until(lambda: [each["state"] for each in self.prints(at_once)][-1:] == ["printed"], "the slip of the other", 90, 0.1)
        self.assertLessEqual({each["state"] for each in self.prints(at_once)[:-1]}, {"cancelled"})


if __name__ == "__main__":
    missing = [tool for tool in TOOLS if shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin") is None]
    if missing:
        skip("missing: " + " ".join(missing))
    main(__doc__)
