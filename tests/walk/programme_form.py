# SPDX-License-Identifier: Apache-2.0
"""A programme's form: what a stranger is told of a document's mistakes, by the schema, the reader and the manual."""
import copy
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit import schema as json_schema  # noqa: E402
from kit.case import ROOT, main, program  # noqa: E402
from kit.programmes import ProgrammeCase, december  # noqa: E402


class Form(ProgrammeCase):
    def test_a_draft_s_mistakes_are_told_with_their_places(self):
        draft = december()
        draft["items"][0]["rights"] = []
        draft["slots"][0]["items"].append("ghost")
        ran = self.run_cli("programme", "check", "--draft", self.write(draft))
        self.assertEqual(ran.returncode, 3)
        faults = {(f["where"], f["reason"]) for f in json.loads(ran.stdout)["faults"]}
        self.assertEqual(faults, {("items/0/rights", "no_right"), ("slots/0/items/2", "unknown_item")})
        for lang, words in (("ja", "その項目は 番組表に ありません。"), ("en", "There is no such item in the programme.")):
            told = json.loads(self.run_cli("programme", "check", "--draft", self.write(draft), "--lang", lang).stdout)
            self.assertIn(words, [fault["message"] for fault in told["faults"]])
        self.refused("bad_programme", "load", self.signed(draft))

    def test_a_place_that_cannot_be_written_is_named(self):
        out = os.path.join(self.dir, "nowhere", "signed.json")
        ran = self.spoken("programme", "sign", self.write(december()), "--out", out)
        self.assertEqual((ran.returncode, ran.stdout), (3, ""))
        self.assertIn(f"That file cannot be written. Check its folder and who may write there. ({out})", ran.stderr)

    def spoken(self, *args):
        """What people read, and where."""
        return subprocess.run([program("machiai"), *args, "--home", self.home, "--lang", "en"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, check=False)

    def test_every_mistake_of_the_form_is_told_to_people_and_programs(self):
        draft = dict(december(), format=2, surprise=1, version="x")
        draft.pop("slots")
        path = self.write(draft)
        ran = self.run_cli("programme", "check", "--draft", path)
        self.assertEqual(ran.returncode, 3)
        told = {(f["where"], f["reason"]) for f in json.loads(ran.stdout)["faults"]}
        self.assertEqual(told, {("format", "bad_value"), ("surprise", "unknown_member"), ("version", "bad_value"),
                                ("slots", "missing")})
        ran = self.spoken("programme", "check", "--draft", path)
        self.assertEqual(ran.returncode, 3)
        words = {"bad_value": "Its value is not right.", "missing": "It is missing.",
                 "unknown_member": "It is not known here. Check how it is spelt."}
        for where, reason in told:
            self.assertIn(f"\n{where}: {words[reason]}\n", "\n" + ran.stdout)
        self.assertIn("holds: false", ran.stdout)

    def test_a_refusal_names_its_place_to_people(self):
        path = self.write(dict(december(), surprise=1))
        for verb in ("sign", "load"):
            ran = self.spoken("programme", verb, path)
            self.assertEqual((ran.returncode, ran.stdout), (3, ""))
        self.assertIn("(surprise)", self.spoken("programme", "sign", path).stderr)
        with open(path, "w", encoding="utf-8") as file:
            file.write('{\n"format": 1,\n"facility" "minato"}\n')
        self.assertIn("(JSON, line 3)", self.spoken("programme", "check", "--draft", path).stderr)
        form = os.path.join(self.dir, "form.svg")
        with open(form, "w", encoding="utf-8") as file:
            file.write('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1920 1080">\n<g>\n</svg>\n')
        ran = self.spoken("notice", "check", form)
        self.assertEqual(ran.returncode, 3)
        self.assertRegex(ran.stderr, r"\(line \d")
        # What somebody typed is not sent on to the terminal with its control characters.
        self.assertNotIn("\x1b", self.spoken("explain", "a\x1b[2Jb", "--at", "2026-12-07T10:00").stderr)

    def test_the_schema_names_what_the_reader_knows(self):
        with open(ROOT / "docs/programme.schema.json", encoding="utf-8") as file:
            schema = json.load(file)
        parts = {(): schema, ("period",): schema["properties"]["period"], ("items", 0): schema["$defs"]["item"],
                 ("items", 0, "rights", 0): schema["$defs"]["right"], ("slots", 0): schema["$defs"]["slot"]}
        for way, part in parts.items():
            for name in part["required"]:
                self.assertTrue(self.draft_refused(way, lambda o, n=name: o.pop(n)), f"{way} {name} may be missing")
            self.assertTrue(self.draft_refused(way, lambda o: o.update(surprise=1)), f"{way} takes anything")
            for name in set(part["properties"]) - {"signature"}:
                self.assertFalse(self.draft_refused(way, lambda o, n=name: o.setdefault(n, self.example(n))),
                                 f"{way} does not know {name}")

    def test_the_schema_refuses_what_the_reader_refuses(self):
        """Documents of a stranger, each with one change: both say the same."""
        with open(ROOT / "docs/programme.schema.json", encoding="utf-8") as file:
            schema = json.load(file)
        item, unused, ad = ("items", 0), ("items", 1), ("items", 3)
        slot, right = ("slots", 0), ("items", 0, "rights", 0)
        changes = [(way, name, value) for way, name, values in (
            (item, "seconds", (2, 3, 3.0, 3.5, 14400, 14401, "9", True)), (item, "kind", ("film", "relaxation")),
            (item, "sha256", ("a" * 63, "A" * 64)), (unused, "id", ("", "a b", "x" * 48, "x" * 49, "scene")), (item, "rights", ([],)),
            (item, "title", ("x" * 81, 7)), (ad, "sponsor", (None, "x" * 81)), (ad, "rights", (None, [])),
            (slot, "from", ("8:30", "24:00", "24:30", "25:00", "0830", "8:60")), (slot, "to", ("24:00", "24:01")),
            (slot, "days", ([], ["mon"], ["Mon"])), (slot, "when", ("open", "never")), (slot, "ad_share", (0, 100, 101, -1)),
            (slot, "items", (["teeth"], [{"item": "teeth", "weight": 0}], [{"item": "teeth", "weight": 100}], "teeth")),
            (right, "hours", (["9:00-12:00"], ["9:00-24:00"], ["9:00-24:30"], ["9-12"])), (right, "from", ("2026-12-1", "soon")),
            ((), "version", (0, 1, 1.0, 1.5, 10**9, 10**9 + 1, 1e300, "1")), ((), "format", (1, 2)), ((), "facility", ("minato", "../x"))) for value in values]
        for way, name, value in changes:
            draft = copy.deepcopy(december())
            place = draft
            for step in way:
                place = place[step]
            if value is None:
                place.pop(name)
            else:
                place[name] = value
            if (name, value) == ("from", "24:00"):
                continue  # what else the document says of it would be wrong, too
            with self.subTest(way=way, name=name, value=value):
                refused = self.run_cli("programme", "check", "--draft", self.write(draft)).returncode != 0
                self.assertEqual(bool(json_schema.faults(schema, schema, draft)), refused)

    def test_the_example_of_the_manual_goes_all_the_way(self):
        text = (ROOT / "docs/PROGRAMME.md").read_text(encoding="utf-8")
        example = json.loads(re.search(r"```json\n(.*?)```", text, re.S).group(1))
        schema = json.loads((ROOT / "docs/programme.schema.json").read_text(encoding="utf-8"))
        self.assertEqual(json_schema.faults(schema, schema, example), [])
        self.load(example)
        self.done("approve")
        self.assertEqual(self.kinds(), {"provided", "ad", "notice", "relaxation"})
        self.assertEqual({turn["slot"] for turn in self.done("day", "2026-12-28")["turns"]}, {"", "evening"})
        twice = dict(example, version=2, exceptions=example["exceptions"] * 2)
        ran = self.run_cli("programme", "check", "--draft", self.write(twice))
        self.assertEqual([(f["where"], f["reason"]) for f in json.loads(ran.stdout)["faults"]], [("exceptions/1/date", "twice")])
        # What `at` and `explain` may say stands there, and nothing else.
        plan = (ROOT / "core/programme/plan.cpp").read_text(encoding="utf-8")
        names = set(re.findall(r'"(\w+)"', re.search(r"std::array<std::string_view, \d+> names\{(.*?)\};", plan, re.S).group(1)))
        words = (ROOT / "core/wire/phrases_films.cpp").read_text(encoding="utf-8")
        explained = set(re.findall(r'"why_(\w+)"', words))
        at, explain = (set(re.findall(r"^\| `(\w+)` \|", part, re.M)) for part in text.split("`reasons` of `explain`"))
        self.assertEqual(at, names)
        self.assertEqual(explain, explained - names)

    def example(self, name):
        return {"issued": "2026-11-01T09:00:00+09:00", "exceptions": [], "substitute": [], "title_en": "Teeth",
                "sponsor": "x", "days": ["mon"], "hours": ["09:00-12:00"], "when": "open", "order": "weighted"}.get(name)

    def draft_refused(self, way, change):
        draft = copy.deepcopy(december())
        place = draft
        for step in way:
            place = place[step]
        change(place)
        return self.run_cli("programme", "check", "--draft", self.write(draft)).returncode != 0


if __name__ == "__main__":
    main(__doc__)
