# SPDX-License-Identifier: Apache-2.0
"""How a command ends: its exit code, and what is said of wrong usage, unknown names, a daemon that is not there or hangs."""
import base64
import concurrent.futures
import contextlib
import hashlib
import itertools
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import StationCase, main  # noqa: E402
from kit.hub import Crowd  # noqa: E402
from kit.station import Ended, Station  # noqa: E402

# Root reads everything, unless it gives that up.
READS_WHAT_IT_MAY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
JAPANESE = re.compile("[぀-ヿ一-鿿]")


def take_and_cut(listener):
    """Lets one caller in, reads its frame and hangs up; gives the frame."""
    with listener.accept()[0] as line, line.makefile("rb") as reader:
        heads = dict(head.split(b": ", 1) for head in list(iter(reader.readline, b"\r\n"))[1:])
        proof = base64.b64encode(hashlib.sha1(heads[b"Sec-WebSocket-Key"].strip() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        line.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                     + proof + b"\r\n\r\n")
        size = reader.read(2)[1] & 0x7f
        size = size if size < 126 else int.from_bytes(reader.read(2), "big")
        mask = itertools.cycle(reader.read(4))
        return json.loads(bytes(byte ^ key for byte, key in zip(reader.read(size), mask)))


class Exits(StationCase):
    def test_common_options_stand_before_or_after_the_verb(self):
        home = ("--home", self.station.home)
        spellings = [[*home, "--json", "take", "naika"], ["take", *home, "--json", "naika"],
                     ["take", "naika", *home, "--json"], ["--json", "take", "naika", *home],
                     [*home, "take", "naika", "--json"]]
        given = []
        for arguments in spellings:
            run = self.raw(*arguments)
            self.assertEqual(run.returncode, 0, f"{arguments}: {run.stderr}")
            self.assertIn('"ticket"', run.stdout, arguments)
            given.append(run.stdout)
        self.assertEqual(len(set(given)), len(spellings))

    def test_wrong_usage_is_2(self):
        home = ("--home", self.station.home)
        for arguments in ([], ["take"], [*home], ["take", "naika"], [*home, "take"], [*home, "frobnicate"],
                          [*home, "take", "naika", "--frobnicate"], [*home, "take", "naika", "shouni"],
                          [*home, "call", "naika"], [*home, "move", "1", "--before", "2"], [*home, "init"],
                          [*home, "--lang", "xx", "status"], [*home, "queue"], [*home, "recall"],
                          [*home, "absent", "1", "--back", "3", "--last"], [*home, "take", ""], ["status", "--home", ""],
                          [*home, "take", "naika", "--key", ""], [*home, "call", "naika", "--room", "1", "--expect", ""],
                          [*home, "approve", "--by", ""], [*home, "statistics", "--from", ""],
                          [*home, "move", "1", "--before", "", "--reason", "test"], [*home, "amend", "1", "--kind", ""],
                          [*home, "take", "naika", "--name", ""], [*home, "take", "naika", "--card", " "],
                          [*home, "take", "naika", "--note", "　"], [*home, "move", "1", "--last", "--reason", ""]):
            run = self.raw(*arguments)
            self.assertEqual(run.returncode, 2, arguments)
            self.assertEqual(run.stdout, "", arguments)
            self.assertTrue(run.stderr, arguments)

    def test_an_empty_value_is_told_in_both_languages(self):
        for lang, words in (("ja", "空の値は 使えません"), ("en", "An empty value means nothing here")):
            run = self.raw("take", "naika", "--key", " ", "--home", self.station.home, "--lang", lang)
            self.assertEqual((run.returncode, run.stdout), (2, ""))
            self.assertRegex(run.stderr, rf"machiai: {words}.*\(--key\)\n")
        run = self.raw("take", "naika", "--key", "", "--home", self.station.home, "--json")
        self.assertIn('"reason":"empty_value"', run.stdout)

    def test_a_home_that_is_not_there(self):
        nowhere = os.path.join(self.dir, "nowhere")
        for verb in (("status",), ("take", "naika"), ("notice", "clear")):
            run = self.raw(*verb, "--home", nowhere, "--lang", "en")
            self.assertEqual(run.returncode, 3, verb)
            self.assertIn(f"({nowhere}/clinic.toml)", run.stderr)
        self.assertFalse(os.path.exists(nowhere))

    def test_files_that_are_not_there(self):
        nowhere = os.path.join(self.dir, "nowhere", "file")
        error = self.refused("no_such_file", "enrol", "--cloud", "https://127.0.0.1", "--code", "x", "--ca", nowhere)
        self.assertEqual(error["detail"], nowhere)

    def test_help_and_version_need_no_station(self):
        self.assertRegex(self.raw("--version").stdout, r"^machiai \d+\.\d+\.\d+\n$")
        verbs = self.raw("--help").stdout
        for verb in ("init open close take call recall enter absent hold resume back cancel finish move undo queue "
                     "board why phoned prints reprint verify status").split():
            self.assertRegex(verbs, rf"(?m)^\s+{verb}\s", verb)

    def test_an_unknown_name_is_refused_with_3(self):
        self.take()
        self.refused("unknown_service", "take", "shika")
        self.refused("unknown_service", "open", "shika")
        self.refused("unknown_service", "queue", "shika")
        self.refused("unknown_service", "call", "shika", "--room", "1")
        self.refused("unknown_room", "call", "naika", "--room", "9")
        self.refused("unknown_kind", "take", "naika", "--kind", "third")
        for verb in ("recall", "enter", "absent", "hold", "resume", "back", "cancel", "finish", "why"):
            self.refused("unknown_ticket", verb, "naika/999")
        self.refused("unknown_ticket", "move", "naika/999", "--before", "naika/1", "--reason", "test")
        self.refused("unknown_ticket", "call", "naika", "--room", "1", "--ticket", "naika-19990101-1")

    def test_a_refusal_is_said_in_both_languages(self):
        texts = {}
        for lang in ("ja", "en"):
            _, answer = self.station.cli("take", "shika", lang=lang)
            texts[lang] = answer["error"]["message"]
        self.assertRegex(texts["ja"], JAPANESE)
        self.assertNotRegex(texts["en"], JAPANESE)
        spoken = self.raw("take", "shika", "--home", self.station.home, "--lang", "en")
        self.assertEqual(spoken.stdout, "", "without --json a refusal is for stderr")
        self.assertIn(texts["en"], spoken.stderr)

    def test_status_is_told_in_words(self):
        for lang, missing in (("en", "No printer"), ("ja", "プリンター")):
            words = self.raw("status", "--home", self.station.home, "--lang", lang).stdout
            self.assertNotRegex(words, r'[{}"\[\]]', "JSON is for --json")
            for line in (r"minato, machiai \d", r"naika: (open|closed), \d+ waiting", r"printer: none", r"storage: fine",
                         r"cloud: not enrolled", r"cli \S+: here", rf"printer warn: .*{missing}.*\(no_printer\)"):
                self.assertRegex(words, rf"(?m)^{line}")

    def test_a_station_that_cannot_start_says_why(self):
        def starts(home):
            return subprocess.run([os.path.join(self.station.bin, "machiaid"), "--home", home], capture_output=True,
                                  text=True, timeout=30, check=False)
        for name, code, reason, spoil in (
                ("settings", 2, "bad_settings line 20: printer.quee is no setting",
                 lambda home: self.edited(home, 'queue = ""', 'quee = "slips"')),
                ("garbage", 3, "ledger_damaged", lambda home: pathlib.Path(home, "data/ledger.db").write_text("x" * 5000)),
                ("a row", 3, "ledger_damaged event", self.with_a_row_that_is_no_event),
                ("nothing", 2, "missing_file clinic.toml", lambda home: os.unlink(os.path.join(home, "clinic.toml")))):
            with self.subTest(name), Station(os.path.join(self.dir, name), self.station.bin, start=False) as other:
                spoil(other.home)
                ended = starts(other.home)
                self.assertEqual(ended.returncode, code, ended.stderr)
                self.assertIn(reason, ended.stderr)

    def test_a_station_whose_ledger_is_gone_gives_no_number_twice(self):
        def emptied(path):
            path.write_bytes(b"")

        def cut_short(path):  # the numbers are still listed, what gave them is gone
            with contextlib.closing(sqlite3.connect(path)) as base:
                base.execute("DELETE FROM event WHERE seq > (SELECT max(seq) - 2 FROM event)")
                base.commit()

        for name, spoil, reason in (("gone", os.unlink, "ledger_missing"), ("empty", emptied, "ledger_missing"),
                                    ("short", cut_short, "ledger_damaged")):
            with self.subTest(name), Station(os.path.join(self.dir, name), self.station.bin) as other:
                other.cli("open", "naika")
                for _ in range(3):
                    other.cli("take", "naika")
                other.stop()
                spoil(pathlib.Path(other.home, "data/ledger.db"))
                with self.assertRaises(Ended) as ended:
                    other.start()
                self.assertEqual(ended.exception.code, 3)
                self.assertIn(reason, str(ended.exception))

    def with_a_row_that_is_no_event(self, home):
        with Station(home, self.station.bin) as other:
            other.cli("open", "naika")
            other.cli("take", "naika")
        base = sqlite3.connect(os.path.join(home, "data/ledger.db"))
        base.execute("""UPDATE event SET body = replace(body, '"n":1', '"n":0') WHERE kind = 'taken'""")
        base.commit()
        base.close()

    def test_a_folder_of_somebody_else_s(self):
        """What an enrolment by root leaves to a service that runs as another."""
        other = Station(os.path.join(self.dir, "not-ours"), self.station.bin)
        other.init()
        cloud = os.path.join(other.home, "cloud")
        os.mkdir(cloud)
        os.chmod(cloud, 0)
        self.addCleanup(os.chmod, cloud, 0o700)
        for words in (["machiaid"], ["machiai", "enrol", "--cloud", "https://127.0.0.1:1", "--code", "AAAAAAAAAA"]):
            with self.subTest(words[0]):
                program = os.path.join(self.station.bin, words[0])
                ended = subprocess.run([*READS_WHAT_IT_MAY, program, *words[1:], "--home", other.home], capture_output=True,
                                       text=True, timeout=30, check=False)
                told = ended.stdout + ended.stderr
                self.assertEqual(ended.returncode, 3, told)
                self.assertIn("You may not read or write there", told)
                self.assertIn(cloud, told)

    def test_what_cannot_be_opened_is_told_as_that(self):
        def said(reason, program, *words, code=3, home=None):
            ended = subprocess.run([*READS_WHAT_IT_MAY, os.path.join(self.station.bin, program), *words, "--home", home or other.home],
                                   capture_output=True, text=True, timeout=30, check=False)
            self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
            self.assertIn(reason, ended.stdout + ended.stderr)

        with Station(os.path.join(self.dir, "locked"), self.station.bin) as other:
            token = pathlib.Path(other.home, "run/token.cli")
            kept = token.read_text(encoding="ascii")
            token.write_text("x" * len(kept), encoding="ascii")
            said("token_refused", "machiai", "status", "--json")
            token.write_text(kept, encoding="ascii")
            for path in (token, pathlib.Path(other.home)):
                self.addCleanup(path.chmod, 0o700)
                path.chmod(0)
                said("no_permission", "machiai", "status", "--json")
            pathlib.Path(other.home).chmod(0o700)
            said("home_in_use", "machiaid")
            other.kill9()
            settings = pathlib.Path(other.home, "clinic.toml")
            settings.chmod(0)
            said("no_permission", "machiaid", code=2)
            settings.chmod(0o600)
            lock = pathlib.Path(other.home, "run/lock")
            lock.unlink()
            lock.mkdir()
            said("(storage lock)", "machiaid")

    def test_a_place_that_others_use_stays_open_to_them(self):
        shared = os.path.join(self.dir, "shared")
        os.mkdir(shared)
        os.chmod(shared, 0o1777)
        pathlib.Path(shared, "theirs").touch()
        own = os.path.join(self.dir, "own")
        os.mkdir(own)
        for home, mode in ((shared, 0o1777), (own, 0o700)):
            self.assertEqual(self.raw("init", "--home", home, "--example").returncode, 0)
            self.assertEqual(os.stat(home).st_mode & 0o7777, mode)

    @staticmethod
    def edited(home, old, new):
        path = pathlib.Path(home, "clinic.toml")
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def test_what_the_hub_would_cut_off_is_refused_before_it_is_sent(self):
        for name, reason in ((b"\xe5\xb1", "bad_text"), ("x" * 70_000, "frame_too_large")):
            run = self.raw("take", "naika", "--name", name, "--home", self.station.home, "--json", "--lang", "en")
            error = json.loads(run.stdout)["error"]
            self.assertEqual((run.returncode, error["reason"]), (3, reason))
            self.assertTrue(error["message"])
        self.assertEqual(self.raw("amend", "naika/1", "--name", "x" * 1000, "--home", self.station.home).returncode, 3)

    def test_an_answer_that_does_not_come_tells_the_key_to_ask_again_with(self):
        """The daemon took the command, and ends before it has said what became of it."""
        with Station(os.path.join(self.dir, "cut"), self.station.bin, start=False) as cut, \
                socket.create_server(("127.0.0.1", 0)) as listener:
            pathlib.Path(cut.home, "run/port").write_text(f"{listener.getsockname()[1]}\n", encoding="ascii")
            with concurrent.futures.ThreadPoolExecutor() as pool:
                for more, lang in (((), "en"), (("--key", "door-1"), "ja")):
                    told = pool.submit(self.raw, "take", "naika", *more, "--home", cut.home, "--lang", lang, "--json")
                    sent = take_and_cut(listener)
                    run = told.result(30)
                    error = json.loads(run.stdout)["error"]
                    self.assertEqual((run.returncode, error["reason"], error["detail"]), (4, "answer_lost", sent["key"]))
                    self.assertIn(f'({sent["key"]})', run.stderr)
                    self.assertIn(sent["key"], ("door-1",) if more else (sent["key"],))

    def test_no_daemon_is_4(self):
        with Station(os.path.join(self.dir, "silent"), self.station.bin, start=False) as silent:
            for verb in (("take", "naika"), ("status",), ("verify",), ("board",)):
                code, answer = silent.cli(*verb)
                self.assertEqual((code, answer["error"]["reason"]), (4, "hub_unreachable"))
            silent.start()
            silent.kill9()
            self.assertTrue(os.path.exists(os.path.join(silent.home, "run/port")), "a killed daemon cannot tidy up")
            self.assertEqual(silent.cli("status")[0], 4)

    def test_a_daemon_that_hangs_is_4(self):
        """Stopped, its connections are still taken, by the kernel; and on the port of a dead one somebody else may listen."""
        with Station(os.path.join(self.dir, "stopped"), self.station.bin) as stopped, \
                Station(os.path.join(self.dir, "mute"), self.station.bin, start=False) as mute, \
                socket.create_server(("127.0.0.1", 0)) as listener:
            pathlib.Path(mute.home, "run/port").write_text(f"{listener.getsockname()[1]}\n", encoding="ascii")
            os.kill(stopped.pid(), signal.SIGSTOP)
            answers = []
            Crowd(lambda asked: answers.append(asked[0].cli(asked[1])),
                  itertools.product((stopped, mute), ("status", "verify"))).join(70)
            self.assertEqual([(code, answer["error"]["reason"]) for code, answer in answers], [(4, "hub_unreachable")] * 4)
            os.kill(stopped.pid(), signal.SIGCONT)
            self.assertEqual(stopped.cli("status")[0], 0)


if __name__ == "__main__":
    main(__doc__)
