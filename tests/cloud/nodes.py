# SPDX-License-Identifier: Apache-2.0
"""A station whose line has died comes back by another node, the same start of it, while the first node still has the old
link: of the two the last that was let in counts."""
import contextlib
import datetime
import hashlib
import os
import pathlib
import shutil
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import link  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud  # noqa: E402
from kit.station import until  # noqa: E402


class Nodes(link.Link):
    @classmethod
    def setUpClass(cls):
        facilities = link.clinics("abcde")
        cls.begin(facilities)
        cls.first = cls.cloud
        fd = os.open(os.path.join(cls.first.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
        cls.addClassCleanup(os.close, fd)
        cls.second = Cloud(os.path.join(cls.dir, "second"), options.bin, facilities=facilities,
                           database=f"host=/proc/{os.getpid()}/fd/{fd} user=machiai dbname=postgres")
        for each in ("keys", "tls"):
            shutil.rmtree(os.path.join(cls.second.home, each))
            shutil.copytree(os.path.join(cls.first.home, each), os.path.join(cls.second.home, each))
        cls.second.start()
        cls.addClassCleanup(cls.second.__exit__)

    def again(self, clinic, identity):
        """The same start of the machine, by the other node."""
        self.cloud = self.second
        self.addCleanup(setattr, self, "cloud", self.first)
        other = link.Clinic(self, clinic.name, identity, "start-1", seq=clinic.seq, lineage=1,
                            proof=hashlib.sha256(str(clinic.seq).encode()).hexdigest())
        self.assertEqual((other.first["kind"], other.first["lineage"]), ("welcome", 1))
        return other

    def breaths(self, clinic, most):
        """What is said until so many breaths have come or the link ends."""
        seen = []
        with contextlib.suppress(EOFError, OSError):
            while sum(each.get("say") == "state" for each in seen) < most:
                seen.append(clinic.frames.receive())
        return seen

    def calling(self, number):
        return self.first.sql("SELECT document::json->'services'->'naika'->>'calling' FROM projection WHERE "
                              f"facility_id = {number}")

    def test_the_other_node_hears_of_all_that_one_commit_has_booked(self):
        def last(cloud, name):
            return cloud.get(f"/v1/facilities/{name}/status")[1]["services"][0]["last_number"]

        for name in "cd":
            self.assertEqual(self.first.book(name)[0], 201)
            until(lambda name=name: last(self.second, name) == "1", "the other node hears of one")
        callers = [threading.Thread(target=self.first.book, args=(name,)) for name in "ccdd"]
        with self.first.holding("SELECT 1 FROM counter WHERE facility_id = 3 FOR UPDATE"):
            callers[0].start()
            until(self.first.standing, "the first of them waits")
            for each in callers[1:]:
                each.start()  # they wait behind it, and share a commit
        for each in callers:
            each.join()
        for name in "cd":
            until(lambda name=name: last(self.second, name) == "3", "the other node hears of both")

    def test_the_old_link_ends_and_nobody_is_taken_for_gone(self):
        identity = self.enrolled("a")
        old = link.Clinic(self, "a", identity, "start-1")
        old.tell(old.line("day_opened", self.body(date=self.today())),
                 old.line("counter_opened", self.body(service="naika", session="morning")), self.taken(old, 1, "k1"))
        new = self.again(old, identity)
        # Where somebody would write that the station is gone, the database refuses it, and the log tells.
        self.first.sql("CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS "
                       "'BEGIN RAISE EXCEPTION USING ERRCODE = ''23514''; END'; "
                       "CREATE TRIGGER alive BEFORE UPDATE ON seat FOR EACH ROW WHEN (NEW.heard = 0) EXECUTE FUNCTION never()")
        self.addCleanup(self.first.sql, "DROP FUNCTION never CASCADE")
        new.tell(new.line("called", self.body(**link.ticket(1), room="1")))
        late = self.taken(old, 2, "k2")  # it lay in the dead line
        old.frames.send({"kind": "events", "events": [late, {**late, "seq": late["seq"] + 1, "group": late["seq"] + 1}]})
        self.assertEqual([each["reason"] for each in self.breaths(old, 2) if each["kind"] == "refused"], ["station_busy"])
        self.assertEqual(self.first.sql("SELECT max(seq) FROM event WHERE facility_id = 1"), [[str(new.seq)]])
        self.assertNotIn("refused", [each["kind"] for each in self.breaths(new, 4)])
        self.assertNotIn("23514", self.first.log_text())
        new.tell(new.line("finished", self.body(**link.ticket(1))))

    def test_the_old_link_is_granted_nothing(self):
        identity = self.enrolled("e")
        old = link.Clinic(self, "e", identity, "start-1")
        old.next("numbering", say="state")
        with self.first.holding("SELECT 1 FROM counter WHERE facility_id = 5 FOR UPDATE"):
            until(self.first.standing, "its next breath to stand still", 20)
            new = self.again(old, identity)
            old.frames.send({"kind": "numbering", "say": "claim", "service": "naika", "date": self.today(), "epoch": 0,
                             "generation": 0})
        self.assertNotIn("grant", [each.get("say") for each in self.breaths(old, 2)])
        self.assertEqual(self.first.sql("SELECT owner, granting FROM counter WHERE facility_id = 5"), [["t", "0"]])
        new.frames.send({"kind": "numbering", "say": "claim", "service": "naika", "date": self.today(), "epoch": 0,
                         "generation": 0})
        new.next("numbering", say="grant")

    def test_the_old_link_shows_nothing_any_more(self):
        """It has been heard, and its breath stands still; what it would make public then is older than what stands there."""
        identity = self.enrolled("b")
        # A night: the open day is yesterday's, and today's counters are for breaths alone.
        today = datetime.date.fromisoformat(self.today())
        night = str(today - datetime.timedelta(days=1))
        old = link.Clinic(self, "b", identity, "start-1")
        of_night = lambda *lines: [{**each, "date": night} for each in lines]  # noqa: E731
        old.tell(*of_night(old.line("day_opened", self.body(date=night)),
                           old.line("counter_opened", self.body(service="naika", session="morning")), self.taken(old, 1, "k1")))
        old.next("numbering", say="state")
        with self.first.holding(f"SELECT 1 FROM counter WHERE facility_id = 2 AND date = DATE '{today}' - DATE '1970-01-01' FOR UPDATE"):
            until(self.first.standing, "its next breath to stand still", 20)
            old.frames.send({"kind": "waits", "date": night, "services": [], "tickets": []})
            new = self.again(old, identity)
            new.tell(*of_night(new.line("called", self.body(**link.ticket(1), room="1"))))
            until(lambda: self.calling(2) == [["1"]], "the call", 20, 0.02)
        said = self.breaths(old, 2)
        self.assertEqual(self.calling(2), [["1"]])
        self.assertEqual([each["reason"] for each in said if each["kind"] == "refused"], ["station_busy"])


# The tests of the link itself are run by their own file.
for each in [each for each in dir(link.Link) if each.startswith("test_")]:
    if each not in vars(Nodes):
        setattr(Nodes, each, None)

if __name__ == "__main__":
    main(__doc__)
