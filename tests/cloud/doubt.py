# SPDX-License-Identifier: Apache-2.0
"""A commit whose answer gets lost is asked for once more, and the second time everything has been done already: what
comes of it is the same."""
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import enrol  # noqa: E402
import link  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud  # noqa: E402
from kit.lost_answer import LostAnswer  # noqa: E402
from kit.station import until  # noqa: E402


class Doubt(link.Link):
    @classmethod
    def setUpClass(cls):
        facilities = link.clinics("abcd")
        cls.begin(facilities)
        cls.database = cls.cloud
        cls.line = LostAnswer(os.path.join(cls.dir, "line"), cls.database).__enter__()
        cls.addClassCleanup(cls.line.__exit__)
        cls.cloud = Cloud(os.path.join(cls.dir, "node"), options.bin, facilities=facilities, database=cls.line.url).start()
        cls.addClassCleanup(cls.cloud.__exit__)

    def shown(self, name="a"):
        told = self.cloud.get(f"/v1/facilities/{name}/status")[1]["services"][0]
        return told.get("calling"), told.get("waiting")

    def test_events_are_folded_all_the_same(self):
        clinic = link.Clinic(self, "a", self.enrolled("a"), "start-1")
        clinic.tell(clinic.line("day_opened", self.body(date=self.today())),
                    clinic.line("counter_opened", self.body(service="naika", session="morning")),
                    self.taken(clinic, 1, "k1"), self.taken(clinic, 2, "k2"))
        until(lambda: self.shown() == (None, 2), "the line on the site", 10, 0.02)
        self.line.lose(b"INSERT INTO event")
        clinic.tell(clinic.line("called", self.body(**link.ticket(1), room="1")))
        self.assertEqual(self.line.lost, 1)
        until(lambda: self.shown() == ("1", 1), "the call on the site", 10, 0.02)
        clinic.tell(self.taken(clinic, 3, "k3"), clinic.line("finished", self.body(**link.ticket(1))),
                    clinic.line("called", self.body(**link.ticket(2), room="1")))
        until(lambda: self.shown() == ("2", 1), "what comes after it on the site", 10, 0.02)

    def certificates(self, number):
        """Of each, whether it counts."""
        return self.database.sql(f"SELECT revoked_at IS NULL FROM certificate WHERE facility_id = {number} ORDER BY 1")

    def test_enrolled_with_the_code(self):
        self.line.lose(b"use_code")
        identity = self.enrolled("d")
        self.assertEqual(self.line.lost, 1)
        self.assertEqual(self.certificates(4), [["t"]])
        link.Clinic(self, "d", identity, "start-1").next("numbering", say="state")

    def test_renewed_once(self):
        identity = self.enrolled("b")
        self.line.lose(b"add_certificate")
        csr = enrol.openssl("req", "-new", "-key", self.key(), "-subj", "/CN=b")
        status, told, _ = self.cloud.post("/v1/renew", {"facility": "b", "csr": csr}, certificate=identity[0], key=identity[1])
        self.assertEqual((status, self.line.lost), (200, 1), told)
        self.assertEqual(self.certificates(2), [["t"], ["t"]])

    def test_used_by_another(self):
        """A code that another machine has used is none, whenever it is asked."""
        code = self.code("a")
        self.assertEqual(self.enrol(self.key(), code, "a")[0], 200)
        status, told, _ = self.enrol(self.key(), code, "a")
        self.assertEqual((status, told["error"]["reason"]), (403, "enrol_refused"))

    def test_asked_again_with_pauses(self):
        """What fails each time is given up after ten seconds, and the database is not flooded meanwhile."""
        self.database.sql("INSERT INTO number (facility_id, date, service, series, n, key, accepted_at) SELECT 3, "
                       f"DATE '{self.today()}' - DATE '1970-01-01', 'naika', 'M', 1, 'another', 0")
        status, told, _ = self.cloud.book("c", timeout=30)
        self.assertEqual((status, told["error"]["reason"]), (503, "not_recorded"))
        tries = self.cloud.log_text().count("refused a statement (23505)")
        self.assertTrue(2 < tries < 250, tries)


# The tests of the link itself are run by their own file.
for each in [each for each in dir(link.Link) if each.startswith("test_")]:
    if each not in vars(Doubt):
        setattr(Doubt, each, None)

if __name__ == "__main__":
    main(__doc__)
