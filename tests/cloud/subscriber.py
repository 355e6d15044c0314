# SPDX-License-Identifier: Apache-2.0
"""Who has agreed with the provider (契約者, §3-1(13)): each facility is exactly one subscriber's, also those of before there were
any, and goes from one to another with its contract as it stands."""
import json
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud, facility  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
MORI = {"id": "mori", "name": {"ja": "医療法人 もり会", "en": "Mori"}, "phone": "00-0000-0000"}


class Subscribers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        cls.cloud = Cloud(os.path.join(cls.dir, "home"), options.bin, facilities=[
            facility("a", 1, subscriber="mori"), facility("b", 2, subscriber="mori"), facility("c", 3)])
        cls.path = os.path.join(cls.cloud.home, "facilities.json")
        with open(cls.path, encoding="utf-8") as file:
            cls.known = json.load(file)
        cls.enter({**cls.known, "subscribers": [MORI]})
        cls.cloud.start()
        cls.addClassCleanup(cls.cloud.__exit__)

    @classmethod
    def enter(cls, document):
        with open(cls.path, "w", encoding="utf-8") as file:
            json.dump(document, file)

    def done(self, *args):
        run = self.cloud.command(*args)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)

    def refused(self, code, reason, *args):
        run = self.cloud.command(*args)
        self.assertEqual((run.returncode, run.stdout), (code, ""), run.stderr)
        self.assertIn(f"({reason} ", run.stderr)
        self.assertNotIn("That did not work", run.stderr)

    def theirs(self, subscriber):
        return [each["id"] for each in self.done("subscriber", "show", subscriber)["facilities"]]

    def test_a_as_entered(self):
        mori = self.done("subscriber", "show", "mori")
        self.assertEqual({name: mori[name] for name in MORI}, MORI)
        self.assertEqual([(each["id"], each["number"], each["since"]) for each in mori["facilities"]], [("a", 1, None), ("b", 2, None)])
        self.assertEqual(self.done("subscriber", "show", str(mori["number"])), mori)
        # A clinic of which nobody said so is its own.
        own = self.done("subscriber", "show", "c")
        self.assertEqual((own["name"], self.theirs("c")), ({"ja": "見本3"}, ["c"]))
        self.assertEqual([each["id"] for each in self.done("subscriber", "list")], ["mori", "c"])
        for verb in ("contract", "facility"):
            self.assertEqual([self.done(verb, each)["subscriber"] for each in "abc"], ["mori", "mori", "c"])
        # Read again at the next start it changes nothing.
        before = self.done("subscriber", "list")
        self.cloud.stop()
        self.cloud.start()
        self.assertEqual(self.done("subscriber", "list"), before)

    def test_b_another_and_a_move(self):
        yama = self.done("subscriber", "add", "yama", "--name", "やま診療所", "--phone", "00-1111-1111")
        self.assertEqual((yama["name"], yama["phone"], yama["facilities"]), ({"ja": "やま診療所"}, "00-1111-1111", []))
        yama = self.done("subscriber", "change", "yama", "--name-en", "Yama", "--address", "見本県1")
        self.assertEqual((yama["name"], yama["address"]), ({"ja": "やま診療所", "en": "Yama"}, "見本県1"))
        contract = self.done("contract", "b", "--begins", "2020-01-01")
        moved = self.done("subscriber", "move", "b", "yama")
        self.assertEqual([each["id"] for each in moved["facilities"]], ["b"])
        self.assertIsNotNone(moved["facilities"][0]["since"])
        self.assertEqual((self.theirs("mori"), self.theirs("yama")), (["a"], ["b"]))
        self.assertEqual(self.done("contract", "b"), {**contract, "subscriber": "yama"})
        self.assertEqual(self.cloud.book("b")[0], 201)
        # Once more is nothing; the entry does not move it either, and a suspension is the facility's alone.
        self.assertEqual(self.done("subscriber", "move", "2", "yama"), moved)
        entry = self.done("facility", "b")
        path = os.path.join(self.dir, "b.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**entry, "subscriber": "mori", "phone": "00-2222-2222"}, file)
        kept = self.done("facility", "b", "--put", path)
        self.assertEqual((kept["subscriber"], kept["phone"]), ("yama", "00-2222-2222"))
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM facility WHERE profile LIKE '%subscriber%'"), [["0"]], "one truth")
        self.done("subscriber", "move", "b", "mori")
        self.done("contract", "a", "--suspend")
        _, _, headers = until(lambda: (answer := self.cloud.book("a"))[0] == 503 and answer, "the node to have heard of it")
        self.assertNotIn("Retry-After", headers, "nobody knows until when")
        self.assertEqual(self.cloud.book("b")[0], 201)
        self.done("contract", "a", "--resume")

    def test_b_what_was_set_is_taken_away(self):
        """By saying so: an empty value is a variable that was not set, and changes nothing."""
        self.done("subscriber", "add", "kita", "--name", "きた診療所", "--name-en", "Kita", "--phone", "00-3333-3333", "--address", "見本県3")
        kita = self.done("subscriber", "change", "kita", "--no-phone", "--address", "見本県4")
        self.assertEqual((kita["name"], kita["address"]), ({"ja": "きた診療所", "en": "Kita"}, "見本県4"))
        self.assertNotIn("phone", kita)
        kita = self.done("subscriber", "change", "kita", "--name", "北診療所", "--no-name-en", "--no-address")
        self.assertEqual(kita, self.done("subscriber", "show", "kita"))
        self.assertEqual((kita["name"], "address" in kita, kita["facilities"]), ({"ja": "北診療所"}, False, []))
        self.assertEqual(self.done("subscriber", "change", "kita", "--no-name-en", "--no-phone", "--no-address"), kita, "once more is nothing")
        self.assertEqual(self.done("subscriber", "change", "kita", "--phone", "00-4444-4444")["phone"], "00-4444-4444")
        for args in (("--phone", ""), ("--phone", "1", "--no-phone"), ("--name-en", "K", "--no-name-en"), ("--address", "x", "--no-address")):
            self.assertEqual(self.cloud.command("subscriber", "change", "kita", *args).returncode, 2, args)
        self.assertEqual(self.cloud.command("subscriber", "add", "other", "--name", "x", "--no-phone").returncode, 2, "there is nothing yet")

    def test_c_refused(self):
        for reason, *args in (("unknown_subscriber", "show", "nobody"), ("unknown_subscriber", "change", "nobody", "--phone", "1"),
                              ("unknown_subscriber", "move", "a", "nobody"), ("unknown_facility", "move", "nowhere", "mori"),
                              ("subscriber_exists", "add", "mori", "--name", "x")):
            self.refused(3, reason, "subscriber", *args)
        for args in (("add", "a b", "--name", "x"), ("add", "d", "--name", "x" * 101), ("add", "d", "--name", "x", "--phone", "\u202e"),
                     ("change", "mori", "--address", "x" * 101)):
            self.refused(2, "bad_argument", "subscriber", *args)
        self.assertEqual(self.cloud.command("subscriber", "add", "d").returncode, 2)
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM facility WHERE subscriber_id IS NULL"), [["0"]])

    def test_d_an_entry_that_is_wrong(self):
        """Nothing of it is taken in."""
        self.cloud.stop()
        self.addCleanup(self.cloud.start)
        self.addCleanup(self.enter, self.known)
        more = facility("e", 5, subscriber="nobody")
        for document in ({"facilities": [more]}, {"facilities": [], "subscribers": [{"id": "x"}]}, {"facilities": [], "subscribers": {}},
                         {"facilities": [], "subscribers": [{"id": "x", "name": {"ja": "x"}, "other": 1}]}):
            self.enter(document)
            run = self.cloud.command("serve")
            self.assertEqual((run.returncode, "bad_settings" in run.stderr), (2, True), run.stderr)

    def test_e_facilities_of_before(self):
        """A database of the migration before: each facility is its own subscriber's."""
        migration = (ROOT / "cloud/store/migrations/011_subscriber.sql").read_text(encoding="utf-8")
        self.cloud.sql("ALTER TABLE facility DROP COLUMN subscriber_id, DROP COLUMN subscribed_at; DROP TABLE subscriber; " + migration)
        self.assertEqual([(each["id"], each["name"], [one["id"] for one in each["facilities"]]) for each in self.done("subscriber", "list")],
                         [(name, {"ja": f"見本{n + 1}"}, [name]) for n, name in enumerate("abc")])


class Example(unittest.TestCase):
    def test_the_example(self):
        place = work_dir("cloud")
        self.addCleanup(clean, place)
        with Cloud(os.path.join(place, "home"), options.bin) as cloud:
            told = json.loads(cloud.command("subscriber", "list").stdout)
            self.assertEqual([(each["id"], [one["id"] for one in each["facilities"]]) for each in told], [("minato", ["minato", "hibari"])])


if __name__ == "__main__":
    main(__doc__)
