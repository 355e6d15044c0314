# SPDX-License-Identifier: Apache-2.0
"""The contract of the command line, on the real programs and a fresh home: what docs/man/machiai.1 promises.

Everything here is done as a user would do it: by running `machiai` and reading its output and exit code.
"""
import itertools
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import StationCase, main, program  # noqa: E402
from kit.hub import Crowd  # noqa: E402
from kit.station import Station, until  # noqa: E402

STATES = {"waiting", "called", "in_room", "absent", "hold", "done", "cancelled", "void"}


def read(path):
    return pathlib.Path(path).read_bytes()


class Making(StationCase):
    def test_the_example_has_two_services_and_two_rooms(self):
        self.assertEqual({s["id"] for s in self.done("status")["services"]}, {"naika", "shouni"})
        self.assertEqual([room["id"] for room in self.done("board")["rooms"]], ["1", "2"])

    def test_a_home_is_made_only_once(self):
        before = read(self.station.home + "/clinic.toml")
        self.refused("home_in_use", "init", "--example")
        self.assertEqual(read(self.station.home + "/clinic.toml"), before)

    def test_tokens_and_ledger_are_not_for_others(self):
        for name in ("run/token.cli", "run/token.desk", "run/token.kiosk", "run/token.display"):
            self.assertEqual(os.stat(os.path.join(self.station.home, name)).st_mode & 0o077, 0, name)
        self.assertEqual(os.stat(self.station.home).st_mode & 0o077, 0, "the home itself")

    def test_the_port_is_told_and_a_second_daemon_is_turned_away(self):
        port = read(self.station.home + "/run/port")
        self.assertRegex(port, rb"^\d+\n$")
        second = subprocess.run([program("machiaid"), "--home", self.station.home], capture_output=True, text=True,
                                timeout=20, check=False)
        self.assertEqual(second.returncode, 3)
        self.assertIn("home_in_use", second.stderr)
        self.assertEqual(read(self.station.home + "/run/port"), port)
        self.done("status")

    def test_a_home_without_its_run_folder_starts(self):
        with Station(os.path.join(self.dir, "copy"), self.station.bin, start=False) as copy:
            shutil.rmtree(os.path.join(copy.home, "run"))
            copy.start()
            self.assertEqual(copy.cli("status")[0], 0)

    def test_the_daemon_is_refused_without_a_station(self):
        for args in (["--home", os.path.join(self.dir, "nowhere")], [], ["--home", self.station.home, "--port", "x"]):
            run = subprocess.run([program("machiaid"), *args], capture_output=True, text=True, timeout=20, check=False)
            self.assertEqual(run.returncode, 2, args)


class Numbers(StationCase):
    def test_take_says_what_was_given(self):
        answer = self.done("take", "naika", "--kind", "first", "--card", "00123", "--name", "港 花子", "--key", "desk-1")
        self.assertEqual(answer["service"], "naika")
        self.assertEqual(answer["key"], "desk-1")
        self.assertEqual(answer["ahead"], len(self.line()) - 1)
        self.assertIs(answer["printing"], False, "there is no printer here")
        ticket = self.state(answer["ticket"])
        self.assertEqual((ticket["number"], ticket["kind"], ticket["card"], ticket["name"], ticket["state"]),
                         (answer["number"], "first", "00123", "港 花子", "waiting"))

    def test_without_a_key_each_press_is_a_new_patient(self):
        one, two = self.done("take", "naika"), self.done("take", "naika", "--no-print")
        self.assertNotEqual(one["ticket"], two["ticket"])
        self.assertEqual(int(two["number"]), int(one["number"]) + 1)
        self.assertTrue(one["key"] and two["key"] and one["key"] != two["key"])

    def test_each_service_has_its_own_series(self):
        naika, shouni = self.done("take", "naika"), self.done("take", "shouni")
        self.done("take", "naika")
        self.assertEqual(self.done("take", "shouni")["number"],
                         f"S-{int(shouni['number'].removeprefix('S-')) + 1}")
        self.assertRegex(naika["number"], r"^\d+$")
        self.assertNotIn(shouni["ticket"], {t["ticket"] for t in self.done("queue", "naika")["tickets"]})

    def test_a_closed_counter_gives_no_number(self):
        high = len(self.done("queue", "shouni")["tickets"])
        self.done("close", "shouni")
        self.refused("closed", "take", "shouni")
        self.done("close", "shouni")  # it is so already
        self.done("open", "shouni")
        self.assertEqual(self.done("take", "shouni")["number"], f"S-{high + 1}", "the series goes on")

    def test_unusable_text_is_refused(self):
        self.refused("bad_text", "take", "naika", "--name", "a‮b")
        self.refused("name_too_long", "take", "naika", "--name", "長" * 200)
        self.refused("bad_key", "take", "naika", "--key", "鍵")
        self.refused("bad_key", "take", "naika", "--key", "k" * 65)

    def test_sixteen_at_once_give_every_number_once(self):
        first = len(self.done("queue", "naika")["tickets"]) + 1
        numbers = []

        def work(seat):
            for i in range(8):
                numbers.append(int(self.done("take", "naika", "--key", f"crowd-{seat}-{i}")["number"]))

        Crowd(work, range(16)).join(60)
        self.assertEqual(sorted(numbers), list(range(first, first + 128)))
        self.assertEqual([int(t["number"]) for t in self.done("queue", "naika")["tickets"]],
                         list(range(1, first + 128)))
        self.assertIs(self.done("verify")["holds"], True)


class Keys(StationCase):
    def test_the_same_key_gets_the_same_answer_also_after_a_crash(self):
        first = self.done("take", "naika", "--key", "again")
        self.done("take", "naika")
        self.assertEqual(self.done("take", "naika", "--key", "again"), first)
        self.station.restart()
        self.assertEqual(self.done("take", "naika", "--key", "again"), first)
        self.done("call", "naika", "--room", "1")
        self.assertEqual(self.done("take", "naika", "--key", "again"), first, "the answer is that of the press")
        self.assertEqual(len(self.done("queue", "naika")["tickets"]), 2)
        self.assertEqual(self.done("take", "naika")["number"], "3", "the next number is the next")

    def test_a_key_used_for_something_else_is_refused(self):
        self.done("take", "shouni", "--key", "one")
        for other in (("take", "naika"), ("take", "shouni", "--kind", "first"), ("take", "shouni", "--name", "x")):
            self.refused("key_reused", *other, "--key", "one")

    def test_sixteen_presses_with_one_key_are_one_patient(self):
        answers = []
        Crowd(lambda seat: answers.append(self.done("take", "shouni", "--key", "nervous")), range(16)).join(60)
        self.assertEqual(len({answer["ticket"] for answer in answers}), 1)


class Calling(StationCase):
    def test_two_calls_at_once_never_get_the_same_ticket(self):
        for _ in range(12):
            self.take("shouni", "--no-print")
        called, lost = [], []

        def work(room):
            while True:
                code, answer = self.station.cli("call", "shouni", "--room", room)
                if code != 0:
                    lost.append(answer["error"]["reason"])
                    return
                called.append((answer["ticket"], answer["room"] == room))

        Crowd(work, ["1", "2", "1", "2"]).join(60)
        self.assertEqual(len(called), 12)
        self.assertEqual(len(set(called)), 12)
        self.assertTrue(all(own for _, own in called))
        self.assertEqual(set(lost), {"nobody_waiting"})

    def test_who_was_shown_as_next_is_called_or_nobody(self):
        one, two = self.take(), self.take()
        self.assertEqual(self.done("call", "naika", "--room", "1", "--expect", one)["ticket"], one)
        self.refused("already_called", "call", "naika", "--room", "2", "--expect", one)
        self.refused("already_called", "call", "naika", "--room", "2", "--ticket", one)
        three = self.take()
        for lang, words in (("ja", "次の番では なくなりました"), ("en", "not the next any more")):
            code, answer = self.station.cli("call", "naika", "--room", "2", "--expect", three, lang=lang)
            self.assertEqual((code, answer["error"]["reason"]), (3, "not_the_next"))
            self.assertIn(words, answer["error"]["message"], "nobody has called that one")
        answer = self.done("call", "naika", "--room", "2", "--ticket", two)
        self.assertEqual((answer["ticket"], answer["number"], answer["room"]), (two, two.rsplit("-", 1)[1], "2"))


class Counter(StationCase):
    def test_a_counter_tells_its_hours_and_its_cap_of_today(self):
        self.assertEqual(self.done("counter", "naika")["cap"], 0)
        settings = self.done("counter", "naika")["hours"]
        self.done("cap", "naika", "12")
        self.done("hours", "naika", "9:00-11:00")
        self.assertEqual(self.done("counter", "naika"),
                         {"service": "naika", "hours": "9:00-11:00", "cap": 12, "walk_ins": -1, "every": -1})
        self.done("hours", "naika", "")
        self.assertEqual(self.done("counter", "naika")["hours"], "")
        self.done("hours", "naika", "-")
        self.assertEqual(self.done("counter", "naika")["hours"], settings)
        self.refused("unknown_service", "counter", "dentist")


class Limits(StationCase):
    def test_a_refusal_names_the_limit_that_holds(self):
        def said(reason, *command):
            words = {}
            for lang in ("ja", "en"):
                code, answer = self.station.cli(*command, lang=lang)
                self.assertEqual((code, answer["error"]["reason"]), (3, reason), command)
                words[lang] = answer["error"]["message"]
            return words.values()

        self.done("message", "delay", "--minutes", "600", "--show", "720")
        for command in (("--minutes", "601"), ("--show", "721"), ("--text", "x")):
            for words in said("bad_message", "message", "delay", *command):
                self.assertRegex(words, "600.*720")
        for words in said("bad_message", "message", "free"):
            self.assertRegex(words, "free")
        self.done("message", "free", "--text", "字" * 60)
        said("name_too_long", "message", "free", "--text", "字" * 61)
        for command, reason in ((("cap", "naika", "10000"), "bad_cap"), (("walk-ins", "naika", "201"), "bad_walk_ins"),
                                (("walk-ins", "naika", "0", "--every", "51"), "bad_every")):
            for words in said(reason, *command):
                self.assertIn("-1", words)
        self.done("cap", "naika", "-1")
        self.done("walk-ins", "naika", "-1", "--every", "-1")


def promised(verb):
    """The fields that the manual page's JSON section gives for a verb, as far as its first remark about them."""
    page = (pathlib.Path(__file__).resolve().parents[2] / "docs/man/machiai.1").read_text(encoding="utf-8")
    section = page.split("\n.Sh JSON\n")[1].split("\n.Sh ")[0]
    for entry in section.split("\n.It Cm ")[1:]:
        names, _, rest = entry.partition("\n")
        if verb not in names.split(" , "):
            continue
        fields = []
        for line in rest.splitlines():
            if line.startswith(".Li "):
                fields += [word for word in line[4:].split() if word not in ",;"]
            if not line.startswith((".Li ", ".Pq ")) or line.endswith(";"):
                break
        return set(fields)
    raise KeyError(verb)


class Answers(StationCase):
    def rows(self, view):
        """Every object of a view, at any depth."""
        if isinstance(view, dict):
            yield view
        for below in view.values() if isinstance(view, dict) else view if isinstance(view, list) else ():
            yield from self.rows(below)

    def gives(self, verb, *arguments):
        answer = self.done(verb, *arguments)
        self.assertLessEqual(promised(verb), answer.keys(), f"{verb} {arguments}: {answer}")
        return answer

    def test_each_verb_gives_what_the_manual_page_promises(self):
        self.assertEqual(promised("recall"), {"ticket", "number", "service", "room", "key"})
        for verb in ("open", "open", "close", "close", "open"):
            self.assertEqual(self.gives(verb, "naika")["state"], verb.replace("close", "closed"), "repeated or not")
        one, two, three, four = (self.gives("take", "naika")["ticket"] for _ in range(4))
        self.assertEqual(self.gives("move", two, "--before", one, "--reason", "急患")["state"], "waiting")
        self.gives("skip", two)
        self.assertEqual(self.gives("amend", two, "--name", "見本")["state"], "waiting")
        self.gives("call", "naika", "--room", "1", "--ticket", one)
        self.gives("recall", one)
        self.assertEqual(self.gives("amend", one, "--note", "車いす")["state"], "called")
        self.done("amend", one, "--card", "7", "--name", "見本")
        with self.station.hub("desk", "front") as desk:
            def written():
                row = next(each for each in self.rows(desk.ok("desk")) if each.get("ticket") == one)
                return [row.get(name, "") for name in ("card", "name", "note")]
            self.assertEqual(written(), ["7", "見本", "車いす"])
            self.done("amend", one, "--name", "", "--note", "")
            self.assertEqual(written(), ["7", "", ""], "an empty text takes it away, what is not named stays")
            self.done("amend", one, "--card", "")
            self.assertEqual(written(), ["", "", ""])
        self.gives("undo")
        for verb in ("phoned", "enter", "hold", "resume", "cancel"):
            self.gives(verb, one, *(("--result", "reached") if verb == "phoned" else ()))
        self.gives("call", "naika", "--room", "1", "--ticket", three)
        for verb in ("absent", "back"):
            self.gives(verb, three)
        self.gives("transfer", three, "--to", "shouni")
        last = self.gives("why", three)["events"][-1]
        self.assertEqual((last["event"], last["to"]), ("transferred", "shouni"))
        self.gives("call", "naika", "--room", "1", "--ticket", four)
        self.gives("finish", four)
        self.gives("no-show", two)


class Evening(StationCase):
    def test_closing_the_day_names_all_counters_that_it_closed_also_when_it_is_asked_again(self):
        self.take("naika")
        first = self.done("close-day", "--key", "evening")
        self.assertEqual(first["services"], ["naika", "shouni"])
        self.assertLessEqual(promised("close-day"), first.keys())
        self.assertEqual(self.done("close-day", "--key", "evening"), first)
        self.station.restart()
        self.assertEqual(self.done("close-day", "--key", "evening"), first)
        self.assertEqual(self.done("close-day")["services"], [], "they were closed already")
        self.done("open", "shouni")
        words = self.raw("close-day", "--home", self.station.home).stdout
        self.assertIn("services: shouni", words)
        self.assertNotIn("service:", words)


class Reprints(StationCase):
    settings = {"queue": '"nosuch"'}

    def test_a_reprint_says_which_print_it_is_also_when_it_is_asked_again(self):
        ticket, other = self.take(), self.take()
        first = self.done("reprint", ticket, "--key", "paper-1")
        second = self.done("reprint", ticket, "--key", "paper-2")
        self.done("reprint", other)
        for answer in (first, second):
            self.assertLessEqual(promised("reprint"), answer.keys())
            self.assertEqual(answer["ticket"], ticket)
        prints = [each for each in self.done("prints")["prints"] if each["ticket"] == ticket]
        self.assertEqual([each["print"] for each in prints if each["reprint"]], [first["print"], second["print"]])
        for _ in range(2):
            self.assertEqual(self.done("reprint", ticket, "--key", "paper-1"), first)
            self.assertEqual(self.done("reprint", ticket, "--key", "paper-2"), second)
            self.station.restart()
        self.assertEqual(len(self.done("prints")["prints"]), 5)


class Morning(StationCase):
    def test_after_a_morning_of_everything_the_ledger_holds(self):
        tickets = [self.take(service) for service, _ in itertools.product(("naika", "shouni"), range(5))]
        self.done("call", "naika", "--room", "1")
        self.done("undo")
        self.done("call", "naika", "--room", "1")
        self.done("absent", tickets[0])
        self.done("cancel", tickets[3])
        self.done("move", tickets[4], "--before", tickets[1], "--reason", "urgent")
        events = self.done("why", tickets[0])["events"]
        self.assertEqual([event["event"] for event in events][:1], ["taken"])
        self.assertIn("absent", [event["event"] for event in events])
        for event in events:
            self.assertTrue(event["seq"] and event["at"] and event["actor"] and event["seat"])
        self.assertEqual([e["room"] for e in events if e["event"] == "called"], ["1", "1"])
        self.assertEqual(self.done("why", tickets[4])["reason"], "urgent")
        self.assertEqual([e["reason"] for e in self.done("why", tickets[4])["events"] if e["event"] == "moved"],
                         ["urgent"])
        verified = self.done("verify")
        self.assertIs(verified["holds"], True)
        self.assertEqual((verified["tickets"], verified["broken"]), (10, []))
        states = {t["state"] for s in ("naika", "shouni") for t in self.done("queue", s)["tickets"]}
        self.assertLessEqual(states, STATES)


class History(StationCase):
    def test_what_was_changed_behind_its_back_is_found(self):
        """Runs a station of its own: the ledger is altered while nobody has it open."""
        with Station(os.path.join(self.dir, "altered"), self.station.bin) as other:
            other.cli("open", "naika")
            for _ in range(3):
                other.cli("take", "naika")
            self.assertEqual(other.cli("verify")[0], 0)
            other.stop()
            base = sqlite3.connect(os.path.join(other.home, "data/ledger.db"))
            changed = base.execute("UPDATE event SET actor='nobody' WHERE kind='taken' AND seq=("
                                   "SELECT min(seq) FROM event WHERE kind='taken')").rowcount
            base.commit()
            base.close()
            self.assertEqual(changed, 1)
            try:
                other.start()
            except Exception as ended:  # it may refuse to serve at all; then it must say why
                self.assertIn("chain_broken", str(ended))
                return
            code, answer = other.cli("verify")
            self.assertEqual((code, answer["holds"]), (3, False))
            self.assertTrue(answer["broken"])

    def test_without_a_printer_there_is_nothing_to_reprint(self):
        ticket = self.take()
        self.assertEqual(self.done("prints")["prints"], [])
        self.refused("no_printer", "reprint", ticket)

    def test_status_tells_how_the_station_is(self):
        status = self.done("status")
        for field in ("version", "facility", "date", "now", "seq", "tickets", "services", "printer", "storage",
                      "seats", "troubles"):
            self.assertIn(field, status)
        self.assertIn("no_printer", [trouble["reason"] for trouble in status["troubles"]])

    def test_the_board_has_numbers_and_no_names(self):
        ticket = self.take("naika", "--name", "港 花子", "--card", "998877")
        run = self.raw("board", "--json", "--home", self.station.home)
        self.assertNotIn("港 花子", run.stdout)
        self.assertNotIn("998877", run.stdout)
        until(lambda: self.state(ticket)["name"] == "港 花子", "the desk to know the name", 2)


if __name__ == "__main__":
    main(__doc__)
