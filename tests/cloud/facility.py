# SPDX-License-Identifier: Apache-2.0
"""What changes after a facility's first day: patients' cards that come and go, single dates that are not as usual, hours
and counters; entered beside a cloud that serves, and true on the site at once."""
import datetime
import hmac
import json
import os
import pathlib
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import main, options  # noqa: E402
from kit.cloud import ALWAYS, Cloud, card, facility  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

HOURS = [{"session": "morning", "opens": "8:00", "closes": "11:45"}]


class Facility(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        cls.cloud = Cloud(os.path.join(cls.dir, "home"), options.bin, provider=ALWAYS, facilities=[
            facility("a", 1, cards=[card("1000", "1980-01-01")]), facility("b", 2),
            facility("c", 3, services=("naika", "ganka")), facility("d", 4, services=("naika", "ganka")), facility("e", 5),
            facility("f", 6), facility("g", 7), facility("seven", 8), facility("h", 9)]).start()
        cls.addClassCleanup(cls.cloud.__exit__)

    def file(self, text, name="file"):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text if isinstance(text, str) else json.dumps(text))
        return path

    def done(self, *args):
        run = self.cloud.command(*args)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)

    def refused(self, code, reason, *args):
        """The words on standard error."""
        run = self.cloud.command(*args)
        self.assertEqual((run.returncode, run.stdout), (code, ""), run.stderr)
        self.assertIn(f"({reason} ", run.stderr)
        self.assertNotIn("That did not work", run.stderr)
        return run.stderr

    def books(self, place, status, reason=None, *people, **more):
        told = self.cloud.book(place, people=list(people) or None, **more)
        self.assertEqual(told[0], status, told[1])
        if reason:
            self.assertEqual(told[1]["error"]["reason"], reason)
        return told[1]

    def on_site(self, place, service=0):
        return self.cloud.get(f"/v1/facilities/{place}")[1]["services"][service]["booking"]

    def until_site(self, place, reason, service=0):
        until(lambda: self.on_site(place, service)["reason"] == reason, f"{place} to be {reason or 'open'}", 20, 0.05)

    def today(self):
        return self.cloud.get("/v1/facilities/a/status")[1]["date"]

    def day(self, ahead):
        return (datetime.date.fromisoformat(self.today()) + datetime.timedelta(days=ahead)).isoformat()

    def exceptions(self, place):
        """Of each service, as the site has them."""
        return [each["exceptions"] for each in self.cloud.get(f"/v1/facilities/{place}")[1]["services"]]

    # Operators

    def test_0_a_short_name_that_is_anothers_number(self):
        """An earlier program took it in."""
        self.cloud.sql("UPDATE facility SET slug = '7', profile = jsonb_set(profile::jsonb, '{id}', '\"7\"')::text WHERE slug = 'seven'")
        self.done("contract", "7", "--begins", "2026-01-01")
        self.done("contract", "8", "--signage", "off")
        rows = self.cloud.sql("SELECT slug, profile::jsonb->'contract' FROM facility WHERE slug IN ('g', '7') AND profile::jsonb ? "
                              "'contract'")
        self.assertEqual([(slug, json.loads(contract)) for slug, contract in rows],
                         [("7", {"begins": "2026-01-01", "signage": False})])
        self.assertEqual(self.cloud.command("enrol-code", "7").returncode, 0)
        self.assertEqual(self.cloud.sql("SELECT slug FROM code JOIN facility USING (facility_id)"), [["7"]])

    def test_0_many_change_the_terms_at_once(self):
        """Each has their part in what holds then."""
        for held, verb, parts, kept in (
                ("SELECT 1 FROM facility WHERE slug = 'h' FOR UPDATE", ("contract", "h"),
                 ("--begins 2026-01-02", "--ends 2099-01-02", "--signage off", "--queue on"),
                 {"begins": "2026-01-02", "ended": "2099-01-02", "signage": False, "queue": True}),
                ("LOCK TABLE setting IN SHARE MODE", ("provider",), ("--keep-people 9", "--keep-cards 40"),
                 {"keep": {"people_days": 9, "cards_days": 40}})):
            with self.subTest(verb[0]):
                all_ = [threading.Thread(target=self.done, args=(*verb, *each.split())) for each in parts]
                with self.cloud.holding(held):
                    for each in all_:
                        each.start()
                    until(lambda number=len(parts): self.cloud.standing() == number, "all of them to wait")
                for each in all_:
                    each.join(30)
                told = self.done(*verb)
                self.assertEqual({name: told.get(name) for name in kept}, kept)

    # Cards

    def test_cards_come_and_go(self):
        new = card("2001", "1975-05-05")
        self.books("a", 403, "not_recognised", new)
        path = self.file("card,birth\n2001,1975-05-05\r\n\n# children\n2002,2019-12-31\n")
        self.assertEqual(self.done("cards", "a", path), {"read": 2, "added": 2, "cards": 3})
        token = self.books("a", 201, None, new)["tickets"][0]["token"]
        self.books("a", 201, None, card("1000", "1980-01-01"))  # those of before are still there
        self.books("b", 403, "not_recognised", new)
        self.assertEqual(self.done("cards", "1", path), {"read": 2, "added": 0, "cards": 3}, "by its number, and once")
        self.assertEqual(self.done("cards", "a", self.file("2001,1975-05-05\n3000,1990-01-01\n"), "--remove"),
                         {"read": 2, "removed": 1, "cards": 2})
        self.assertEqual(self.cloud.post(f"/v1/tickets/{token}/cancel")[0], 200)
        self.books("a", 403, "not_recognised", new)
        run = subprocess.run([self.cloud.program, "cards", "a", "-", "--home", self.cloud.home], capture_output=True, text=True,
                             input="2001,1975-05-05", timeout=60, check=True)
        self.assertEqual(json.loads(run.stdout)["added"], 1)
        self.books("a", 201, None, new)

    def test_cards_however_they_are_written(self):
        """One rule for the list, the site and the place that a card has in a line."""
        self.done("cards", "e", self.file(" 0123 ,1980-01-01\nAb-7,1980-01-01\n"))
        for typed in ("123", " 0123 ", "０１２３", "１２３", "00123", "1 2 3"):
            token = self.books("e", 201, None, card(typed, "1980-01-01"))["tickets"][0]["token"]
            self.books("e", 409, "booked_already", card("0123", "1980-01-01"))
            self.assertEqual(self.cloud.post(f"/v1/tickets/{token}/cancel")[0], 200)
        self.books("e", 201, None, card("ａｂー７", "1980-01-01"))
        for other in ("1230", "12", "23", "ab7", "123-"):
            self.books("e", 403, "not_recognised", card(other, "1980-01-01"))
        self.books("e", 403, "not_recognised", card("123", "1980-01-02"))
        for none in ("", "　", "0123;", "1" * 21, "０" * 21):
            self.books("e", 400, "bad_card", card(none, "1980-01-01"))

    def typed_before(self, place, number, birth):
        """What an earlier version kept of a card: as it was written."""
        with open(os.path.join(self.cloud.home, "keys", "card"), "rb") as file:
            key = file.read()
        kept = hmac.new(key, f"pair\n{place}\n{number}\n{birth}".encode(), "sha256").hexdigest()[:32]
        self.cloud.sql(f"INSERT INTO card VALUES ({place}, '\\x{kept}')")

    def test_cards_of_before(self):
        self.typed_before(6, "0042", "1980-01-01")
        self.typed_before(6, "AB-7", "1980-01-01")
        self.books("f", 201, None, card("0042", "1980-01-01"))
        path = self.file("0042,1980-01-01\nAB-7,1980-01-01\n")
        self.assertEqual(self.done("cards", "f", path), {"read": 2, "added": 0, "cards": 2}, "known already")
        self.books("f", 409, "booked_already", card("42", "1980-01-01"))
        self.typed_before(6, "0043", "1980-01-01")
        self.assertEqual(self.done("cards", "f", self.file("0043,1980-01-01\n42,1980-01-01\n"), "--remove"),
                         {"read": 2, "removed": 2, "cards": 1})

    def test_cards_many(self):
        """More than go into one statement; the last line is wrong, then right."""
        lines = "".join(f"9{n:06},1970-01-01\n" for n in range(12_000))
        told = self.refused(2, "bad_birth", "cards", "b", self.file(lines + "7654321,1970-13-01\n"))
        self.assertIn("line 12001", told)
        self.assertNotIn("7654321", told)
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM card WHERE facility_id = 2"), [["0"]], "all of them, or none")
        self.assertEqual(self.done("cards", "b", self.file(lines))["cards"], 12_000)
        self.books("b", 201, None, card("9011999", "1970-01-01"))

    def test_cards_that_are_none(self):
        for reason, text in (("bad_card", "'; --,1980-01-01\n"), ("bad_card", ",1980-01-01\n"), ("bad_birth", "1,1980-02-30\n"),
                             ("bad_birth", "1\n"), ("bad_birth", "1,2980-01-01\n"), ("bad_card", "1" * 21 + ",1980-01-01\n")):
            self.refused(2, reason, "cards", "c", self.file(text))
        self.refused(2, "unreadable_file", "cards", "c", os.path.join(self.dir, "none"))
        self.refused(3, "unknown_facility", "cards", "none", self.file("1,1980-01-01\n"))

    # Single dates

    def test_a_date_of_its_own(self):
        self.done("facility", "c", "--on", self.today(), "--windows", "none", "--service", "naika")
        self.until_site("c", "booking_day_off")
        self.assertEqual(self.exceptions("c"), [[{"date": self.today(), "windows": []}], []])
        self.books("c", 409, "booking_day_off")
        self.books("c", 201, service="ganka")
        self.done("facility", "c", "--on", self.today(), "--windows", "0:00-24:00", "--cap", "1")
        self.until_site("c", "")
        self.until_site("c", "booking_full", service=1)
        self.assertEqual(self.exceptions("c"), [[], []], "a cap of its own is no other time")
        self.done("facility", "c", "--on", self.day(31), "--windows", "9:00-11:00,14:00-15:00", "--service", "ganka")
        self.done("facility", "c", "--on", self.day(32), "--windows", "none", "--service", "ganka")
        spans = [{"opens": "9:00", "closes": "11:00"}, {"opens": "14:00", "closes": "15:00"}]
        until(lambda: self.exceptions("c") == [[], [{"date": self.day(31), "windows": spans}]], "the date on the site", 20)
        for ahead in (31, 32):
            self.done("facility", "c", "--on", self.day(ahead), "--windows", "usual")
        self.books("c", 201)
        self.books("c", 409, "booking_full")
        known = self.done("facility", "c", "--on", self.today(), "--windows", "usual", "--cap", "3")
        self.assertEqual([each["booking"]["exceptions"] for each in known["services"]], [[{"date": self.today(), "cap": 3}]] * 2)
        until(lambda: self.on_site("c")["left"] is not None, "as usual, with a cap of its own", 20)
        known = self.done("facility", "c", "--on", self.today(), "--windows", "usual")
        self.assertEqual([each["booking"]["exceptions"] for each in known["services"]], [[], []])
        self.until_site("c", "")
        self.books("c", 201)
        for reason, code, *args in (("bad_date", 2, "--on", "soon", "--windows", "none"),
                                    ("bad_hours", 2, "--on", "2030-01-01", "--windows", "12:00-9:00"),
                                    ("unknown_service", 3, "--on", "2030-01-01", "--windows", "none", "--service", "geka")):
            self.refused(code, reason, "facility", "c", *args)
        many = ",".join(f"{n // 2}:{n % 2 * 3}0-{n // 2}:{n % 2 * 3}9" for n in range(26))
        self.refused(2, "bad_hours", "facility", "c", "--on", self.day(40), "--windows", many)
        for args in (("--on", "2030-01-01"), ("--windows", "none"), ("--cap", "3"),
                     ("--on", "2030-01-01", "--windows", "none", "--cap", "-1"),
                     ("--show", "--on", "2030-01-01", "--windows", "none")):
            self.assertEqual(self.cloud.command("facility", "c", *args).returncode, 2, args)

    def test_empty_values(self):
        """What a variable that is not set leaves: nothing is changed, and nothing is taken for another wish."""
        before = [self.done("facility", "e"), self.done("contract", "e"), self.done("provider")]
        for option, *args in (("--until", "contract", "e", "--suspend", "--until", ""), ("--begins", "contract", "e", "--begins", ""),
                              ("--reason", "contract", "e", "--suspend", "--reason", " "), ("facility", "contract", ""),
                              ("--on", "provider", "--on", "", "--hours", "none"), ("--put", "facility", "e", "--put", ""),
                              ("--service", "facility", "e", "--on", "2030-01-01", "--windows", "none", "--service", ""),
                              ("--name", "subscriber", "change", "e", "--name", "　"), ("--database", "facility", "e", "--database", ""),
                              ("--title", "media", "add", "/dev/null", "--title", "")):
            self.assertIn(f"(empty_value {option})", self.refused(2, "empty_value", *args))
        self.assertEqual([self.done("facility", "e"), self.done("contract", "e"), self.done("provider")], before)

    def test_words_that_say_what_happened(self):
        self.assertIn("--reason", self.refused(2, "bad_argument", "contract", "e", "--suspend", "--reason", "x" * 201))
        for ahead in range(64):
            self.done("contract", "e", "--suspend", "--from", f"2098-01-{ahead % 28 + 1:02}T0{ahead // 28}:00", "--until", "2098-02-01T00:00")
        self.assertIn("64", self.refused(3, "bad_argument", "contract", "e", "--suspend", "--from", "2098-05-01T00:00"))
        self.done("contract", "e", "--resume")
        nothing = os.path.join(self.dir, "nothing")
        self.assertIn(nothing, self.refused(3, "no_such_file", "programme", "e", nothing))
        self.assertIn(nothing, self.refused(3, "no_such_file", "media", "add", nothing))

    # The whole entry

    def test_hours_and_counters(self):
        self.done("contract", "d", "--ends", "2099-01-01")
        known = self.done("facility", "d")
        self.assertEqual(self.done("facility", "d", "--show"), known)
        first, second = known["services"]
        wanted = {**known, "id": "other", "number": 99, "phone": "00-1111-1111", "contract": {"queue": False},
                  "services": [{**first, "hours": HOURS}, second]}
        kept = self.done("facility", "d", "--put", self.file(wanted))
        self.assertEqual((kept["id"], kept["number"], kept["contract"]), ("d", 4, {"ended": "2099-01-01"}))
        page = until(lambda: (told := self.cloud.get("/v1/facilities/d")[1])["phone"] == "00-1111-1111" and told,
                     "the site to show it", 20, 0.05)
        self.assertEqual(page["services"][0]["hours"][0]["closes"], "11:45")

        token = self.books("d", 201, service="ganka")["tickets"][0]["token"]
        fewer = self.file({**kept, "services": kept["services"][:1]}, "fewer")
        self.refused(3, "service_has_tickets", "facility", "d", "--put", fewer)
        self.assertEqual(self.cloud.post(f"/v1/tickets/{token}/cancel")[0], 200)
        self.done("facility", "d", "--put", fewer)
        until(lambda: len(self.cloud.get("/v1/facilities/d")[1]["services"]) == 1, "the counter to go", 20, 0.05)

        slots = [{"opens": "9:00", "closes": "10:00", "minutes": 1}]
        changed = lambda **more: {"services": [{**first, **more}]}  # noqa: E731
        for wrong, place in ((changed(slots=slots), "slots"), ({"cards": []}, "cards"), ({"phone": 1}, "phone"),
                             ({"services": [first, {**second, "id": first["id"]}]}, "services"),
                             ({"services": [first, {**second, "number": first["number"]}]}, "services"),
                             (changed(booking={**first["booking"], "cap": -1}), "cap"), (changed(prefix="W"), "prefix"),
                             (changed(booking={"exceptions": [{"date": "2030-01-01", "cap": -1}]}), "cap"),
                             (changed(booking={"walk_in_places": -1}), "walk_in_places"), (changed(number=-1), "number"),
                             (changed(absence={"back": -1}), "back"), (changed(absence={"times": -1}), "times"),
                             (changed(prefix="K"), "prefix"), (changed(prefix="a"), "prefix"), (changed(prefix="ABCD"), "prefix"),
                             ({"rooms": [{"id": "1"}, {"id": "1"}]}, "rooms"), ({"name": {"ja": "\u3000"}}, "name"),
                             (changed(name={"ja": " "}), "name"), (changed(booking={**first["booking"], "draw_seconds": 86401}), "draw_seconds"),
                             *((changed(kinds=kinds), "kinds") for kinds in ("first", [1, 2], ["first", ""], ["a\0b"], ["x" * 41])),
                             *((changed(hours=[{**HOURS[0], "weekdays": days}]), "weekdays") for days in (3, "1,2", [7], ["1"])),
                             (changed(booking={**first["booking"], "kap": 3}), "kap"), ({"telephone": "1"}, "telephone")):
            self.assertIn(place, self.refused(2, "bad_settings", "facility", "d", "--put", self.file({**kept, **wrong})))
        nameless = {name: value for name, value in kept.items() if name != "name"}
        self.assertIn("name", self.refused(2, "bad_settings", "facility", "d", "--put", self.file(nameless)))
        self.refused(2, "bad_settings", "facility", "d", "--put", self.file("{"))
        self.refused(2, "unreadable_file", "facility", "d", "--put", self.dir + "/none")
        self.refused(3, "unknown_facility", "facility", "none")

    def test_counters_that_would_call_the_same_number(self):
        """A board that calls 1 twice: two counters with one prefix, or both without."""
        known = self.done("facility", "c")
        first, second = known["services"]
        bare = {name: value for name, value in second.items() if name != "prefix"}
        for one, other in (({**first, "prefix": "S"}, {**second, "prefix": "S"}), (first, {**second, "prefix": ""}), (first, bare)):
            said = self.refused(2, "same_prefix", "facility", "c", "--put", self.file({**known, "services": [one, other]}))
            self.assertIn("service ganka: prefix as service naika", said)
        self.assertEqual(self.done("facility", "c"), known)
        self.books("c", 201, service="ganka")
        other = self.file({**known, "services": [first, {**second, "prefix": "T"}]}, "other")
        self.refused(3, "prefix_in_use", "facility", "c", "--put", other)
        # What an earlier program took in goes on: it is served, its dates and its contract can be changed.
        kept = self.cloud.sql("SELECT profile FROM facility WHERE slug = 'c'")[0][0].replace("'", "''")
        self.addCleanup(self.cloud.sql, f"UPDATE facility SET profile = '{kept}' WHERE slug = 'c'; NOTIFY machiai, 'profiles'")
        stored = json.dumps({**known, "services": [first, bare]}, ensure_ascii=False).replace("'", "''")
        self.cloud.sql(f"UPDATE facility SET profile = '{stored}' WHERE slug = 'c'")
        self.cloud.sql("NOTIFY machiai, 'profiles'")
        number = lambda: self.books("c", 201, service="ganka")["tickets"][0]["number"]  # noqa: E731
        until(lambda: not number().startswith("G"), "the node to have heard of it", 20, 0.05)
        self.done("facility", "c", "--on", self.day(20), "--windows", "none")
        self.done("facility", "c", "--on", self.day(20), "--windows", "usual")
        self.done("contract", "c", "--signage", "on")
        self.refused(2, "same_prefix", "facility", "c", "--put", self.file({**known, "phone": "1", "services": [first, bare]}))
        # Nor does the file that it took them from stop a start; another with the same mistake is not taken in.
        path = os.path.join(self.cloud.home, "facilities.json")
        with open(path, encoding="utf-8") as file:
            entered = json.load(file)
        c = next(each for each in entered["facilities"] if each["id"] == "c")
        wrong = {**c, "services": [first, bare]}
        self.cloud.stop()
        try:
            # An id that is another's number, a card that is no text.
            for refused, more in (("same_prefix", {}), ("(bad_settings id)", {"id": "2", "services": [first]}),
                                  ("(bad_settings cards)", {"services": [first], "cards": [{"card": 1001, "birth": "1980-01-01"}]})):
                self.file({"facilities": [{**wrong, "id": "z", "number": 99, **more}]}, path)
                run = self.cloud.command("serve")
                self.assertEqual((run.returncode, refused in run.stderr), (2, True), run.stderr)
        finally:
            self.file({**entered, "facilities": [wrong]}, path)
            self.cloud.start()
        number()

    def test_terms_that_contradict_each_other(self):
        self.refused(3, "bad_date", "contract", "e", "--begins", self.day(9), "--ends", self.day(9))
        for verb in (("contract", "e"), ("provider",)):
            for told in (("--from", "2099-01-01T09:00"), ("--until", "2099-01-01T09:00"), ("--reason", "点検")):
                self.assertEqual(self.cloud.command(*verb, *told).returncode, 2, "of no span")
        self.assertEqual(self.done("contract", "e"), {"subscriber": "e"})


class Without(unittest.TestCase):
    """No cloud serves."""

    def setUp(self):
        self.dir = work_dir("cloud")
        self.addCleanup(clean, self.dir)
        self.home = os.path.join(self.dir, "home")

    def ran(self, program, *args, **more):
        return subprocess.run([os.path.join(options.bin, program), *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=False, **more)

    def refused(self, code, reason, *args, **more):
        run = self.ran("machiai-cloud", *args, **more)
        self.assertEqual((run.returncode, run.stdout), (code, ""), run.stderr)
        self.assertIn(f"({reason} ", run.stderr)
        self.assertNotIn("That did not work", run.stderr)
        return run.stderr

    def test_a_home_without_a_cloud(self):
        for args in (("serve",), ("contract", "minato"), ("enrol-code", "minato"), ("migrate",), ("restored",)):
            self.assertIn("machiai-cloud init", self.refused(2, "no_cloud_home", *args, "--home", self.home))
        self.assertFalse(os.path.exists(self.home))

    def test_a_cloud_that_does_not_serve(self):
        self.assertEqual(self.ran("machiai-cloud", "init", "--home", self.home).returncode, 0)
        told = self.refused(4, "cloud_not_serving", "contract", "minato", "--home", self.home)
        self.assertIn("machiai-cloud serve", told)
        self.assertIn("--database", told)

    def test_addresses_that_are_none(self):
        self.assertEqual(self.ran("machiai-cloud", "init", "--home", self.home).returncode, 0)
        for address in ("cloud.example.jp", "http://cloud.example.jp", "https://", "https://a b", "https://cloud.example.jp/v1",
                        "https://cloud.example.jp:", "https://cloud.example.jp:0", "https://cloud.example.jp:99999", "/", "https:///",
                        "https://cloud.example.jp:https", "https://[::1", "https://[::1]8", "https://u@cloud.example.jp"):
            self.refused(2, "bad_cloud_address", "serve", "--home", self.home, "--address", address)

    def test_usage(self):
        self.assertEqual(self.ran("machiai-cloud", "init", "--home", self.home).returncode, 0)
        for args in (("serve", "--smtp", "localhost:25", "--mail-from", "a@example.jp", "--smtps", "--smtp-tls"),
                     ("restored", "--generation", "-1"), ("restored", "--generation", "0")):
            self.assertEqual(self.ran("machiai-cloud", *args, "--home", self.home).returncode, 2, args)

    def test_homes_of_others(self):
        """What another program keeps, a file, no name at all: nothing is written."""
        place = os.path.join(self.dir, "place")
        os.mkdir(place)
        self.refused(2, "empty_value", "init", "--home", "", cwd=place)
        self.assertEqual(self.ran("machiai", "init", "--home", "", "--example", cwd=place).returncode, 2)
        self.assertEqual(self.ran("machiaid", "--home", "", cwd=place).returncode, 2)
        self.assertEqual(os.listdir(place), [])
        file = self.dir + "/file"
        pathlib.Path(file).touch()
        self.assertIn(f"a file, not a folder. (not_a_folder {file})", self.refused(3, "not_a_folder", "init", "--home", file))
        run = self.ran("machiai", "init", "--home", file, "--example", "--lang", "en")
        self.assertEqual((run.returncode, "a file, not a folder" in run.stderr), (3, True), run.stderr)

        cloud, station = os.path.join(self.dir, "cloud"), os.path.join(self.dir, "station")
        self.assertEqual(self.ran("machiai-cloud", "init", "--home", cloud).returncode, 0)
        self.assertEqual(self.ran("machiai", "init", "--home", station, "--example").returncode, 0)
        held = [sorted(pathlib.Path(each).rglob("*")) for each in (cloud, station)]
        self.refused(3, "home_of_station", "init", "--home", station)
        for lang, words in (("ja", "クラウド"), ("en", "home of a cloud")):
            run = self.ran("machiai", "init", "--home", cloud, "--example", "--lang", lang)
            self.assertEqual((run.returncode, words in run.stderr), (3, True), run.stderr)
        self.assertEqual([sorted(pathlib.Path(each).rglob("*")) for each in (cloud, station)], held)


if __name__ == "__main__":
    main(__doc__)
