# SPDX-License-Identifier: Apache-2.0
"""A clinic's machine is lost in the middle of the morning and another takes its place: the line goes on with the same
numbers, none that the lost one may have given is given again, and the lost one, should it turn up, is told so."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import main, options  # noqa: E402
from kit.cloud import first  # noqa: E402
from kit.linked import EndsEqual, Linked  # noqa: E402
from kit.station import Station, clean, until, work_dir  # noqa: E402

JUMP = 120  # core/numbering/message.hpp


class TakeOver(EndsEqual, unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("take-over")
        self.addCleanup(clean, self.dir)
        self.linked = Linked(self.dir, options.bin).__enter__()
        self.addCleanup(self.linked.__exit__)
        self.cloud, self.lost = self.linked.cloud, self.linked.station
        self.addCleanup(self.lost.kill9)

    def done(self, station, verb, *args):
        code, answer = station.cli(verb, *args)
        self.assertEqual(code, 0, f"{verb} {args}: {answer}")
        return answer

    def refused(self, station, verb, *args):
        code, answer = station.cli(verb, *args)
        self.assertEqual(code, 3, f"{verb} {args}: {answer}")
        return answer["error"]["reason"]

    def take_over(self, *args):
        done = self.cloud.command("take-over", "minato", *args)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def enrol(self, station, code):
        return subprocess.run([os.path.join(self.linked.bin, "machiai"), "enrol", "--home", station.home, "--json", "--cloud",
                               f"https://127.0.0.1:{self.linked.port}", "--code", code, "--ca",
                               os.path.join(self.cloud.home, "tls", "ca.pem")], capture_output=True, text=True, check=False)

    def another(self, code):
        """The machine that takes the place, linked."""
        station = Station(os.path.join(self.dir, "other"), options.bin)
        station.init()
        done = self.enrol(station, code)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.linked.station = station
        self.addCleanup(station.kill9)
        station.start()
        self.linked.until_connected()
        return station

    def line(self, station):
        """Number -> state of those who wait or are expected."""
        return {each["number"]: each["state"] for each in self.done(station, "queue", "naika")["tickets"]
                if each["state"] in ("waiting", "booked", "called", "in_room")}

    def morning(self):
        """1 is here and called, 2 has booked, 3 and 4 took their numbers here, 5 is done, 6 cancelled."""
        booked = self.linked.book(people=[first("見本 一"), first("見本 二")])
        self.lost.start()
        self.done(self.lost, "open", "naika")
        self.linked.until_owner()
        until(lambda: "2" in self.line(self.lost), "the bookings at the desk", 20, 0.02)
        taken = [self.done(self.lost, "take", "naika") for _ in range(3)]
        self.assertEqual([each["number"] for each in taken], ["3", "4", "5"])
        self.done(self.lost, "call", "naika", "--room", "2", "--ticket", taken[2]["ticket"])
        self.done(self.lost, "finish", "5")
        booked += self.linked.book()
        self.assertEqual(booked[2]["number"], "6")
        self.assertEqual(self.linked.press(booked[2]["token"], "cancel")[0], 200)
        self.done(self.lost, "arrive", "1")
        self.done(self.lost, "call", "naika", "--room", "1", "--ticket", taken[0]["ticket"].rsplit("-", 1)[0] + "-1")
        self.linked.until_equal()
        return booked, taken

    def lose(self):
        """It goes on alone for two numbers, which nobody hears of any more."""
        self.cloud.kill9()
        alone = [self.done(self.lost, "take", "naika")["number"] for _ in range(2)]
        self.assertEqual(alone, ["7", "8"])
        self.lost.kill9()
        self.cloud.start()
        return alone

    def test_a_another_machine_goes_on(self):
        booked, taken = self.morning()
        done = self.cloud.command("take-over", "minato")
        self.assertEqual((done.returncode, "station_linked" in done.stderr), (3, True), done.stderr)
        self.lose()

        told = self.take_over("--though-linked")
        self.assertEqual([(each["service"], each["from"], each["to"]) for each in told["lost"]], [("naika", 7, 6 + JUMP)])
        self.assertEqual((told["station"], told["handed_on"]), (1, 4))
        # The web need not wait for the next machine, nor comes to what the lost one may have given.
        self.assertEqual(self.linked.book()[0]["number"], str(7 + JUMP))

        other = self.another(told["code"])
        here = {"1": "waiting", "2": "booked", "3": "waiting", "4": "waiting", str(7 + JUMP): "booked"}
        until(lambda: self.line(other) == here, "the line at the other machine", 30, 0.05)
        self.assertEqual(self.done(other, "check-in", taken[0]["ticket"])["tickets"][0]["state"], "waiting", "by the slip's code")
        self.done(other, "open", "naika")
        self.linked.until_owner()
        self.assertEqual(self.done(other, "take", "naika")["number"], str(8 + JUMP))
        self.assertEqual(self.linked.book()[0]["number"], str(9 + JUMP))
        self.assertEqual(self.done(other, "call", "naika", "--room", "1")["number"], "1", "by acceptance, as before")
        self.linked.until_equal()
        self.assertEqual(len(self.linked.numbers()), len(set(self.linked.numbers())))
        states = [self.linked.phone(each["token"])["state"] for each in booked]
        self.assertEqual(states, ["called", "booked", "cancelled"])
        code, verified = other.verify()
        self.assertEqual((code, verified["holds"]), (0, True), verified)

        # The lost one was only unplugged.
        self.lost.start()
        until(lambda: "station_replaced" in self.lost.troubles(), "it to be told", 30, 0.05)
        self.assertEqual(self.lost.status()["cloud"]["reason"], "station_replaced")
        self.assertEqual(self.refused(self.lost, "take", "naika"), "station_replaced")
        self.assertTrue({"7", "8"} <= set(self.line(self.lost)), "what it gave alone is still read there")
        self.done(self.lost, "call", "naika", "--room", "2")
        # Another code does not bring it back, and is not used up.
        code = self.cloud.command("enrol-code", "minato").stdout.strip()
        again = self.enrol(self.lost, code)
        self.assertEqual((again.returncode, json.loads(again.stdout)["error"]["reason"]), (3, "station_replaced"))
        renewed = subprocess.run([os.path.join(self.linked.bin, "machiai"), "enrol", "--renew", "--home", self.lost.home, "--json"],
                                 capture_output=True, text=True, check=False)
        self.assertEqual((renewed.returncode, json.loads(renewed.stdout)["error"]["reason"]), (3, "station_replaced"))
        self.assertTrue(self.linked.connected())
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM code WHERE used_at IS NULL"), [["1"]])
        # Nor does a start without a cloud make it forget.
        self.cloud.kill9()
        self.lost.restart()
        self.assertEqual(self.refused(self.lost, "take", "naika"), "station_replaced")
        self.assertIn("station_replaced", self.lost.troubles())

    def test_a_more_than_is_counted_on(self):
        """It went on alone for longer than the cloud counts on, and the reception has its highest number on paper."""
        self.morning()
        self.lose()
        for wrong, code, reason in ((["--above", "300"], 2, "bad_argument"), (["--above", "nowhere=300"], 3, "unknown_service"),
                                    (["--above", "naika=0"], 2, "bad_argument"), (["--above", "naika=10000"], 2, "bad_argument"),
                                    (["--above", "naika=x"], 2, "bad_argument"), (["--above", "=3"], 2, "bad_argument")):
            done = self.cloud.command("take-over", "minato", "--though-linked", *wrong)
            self.assertEqual((done.returncode, f"({reason} " in done.stderr), (code, True), done.stderr)
        self.assertEqual(self.cloud.sql("SELECT station FROM seat"), [["0"]], "nothing was taken over by mistake")
        told = self.take_over("--though-linked", "--above", "naika=300")
        self.assertEqual([(each["service"], each["from"], each["to"]) for each in told["lost"]], [("naika", 7, 300)])
        self.assertEqual(self.linked.book()[0]["number"], "301")
        other = self.another(told["code"])
        self.done(other, "open", "naika")
        self.linked.until_owner()
        self.assertEqual(self.done(other, "take", "naika")["number"], "302")
        self.linked.until_equal()
        self.assertEqual(other.verify()[1]["holds"], True)

    def test_b_while_it_is_linked(self):
        """In other hands: its link ends, and what comes after is not heard."""
        self.morning()
        told = self.take_over("--though-linked")
        until(lambda: self.lost.status()["cloud"]["reason"] == "station_replaced", "its link to end", 30, 0.02)
        self.assertEqual(self.refused(self.lost, "take", "naika"), "station_replaced")
        self.assertEqual(self.cloud.sql("SELECT max(seq) FROM event WHERE station = 0"), [[str(told["record"])]])
        self.another(told["code"])

    def test_c_its_record_under_another_name(self):
        """The lost one enrolled as if it were the next: its record is known, and goes no further."""
        self.morning()
        self.lose()
        told = self.take_over("--though-linked")
        os.unlink(os.path.join(self.lost.home, "cloud", "link.json"))
        done = self.enrol(self.lost, told["code"])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.lost.start()
        until(lambda: self.lost.status()["cloud"]["reason"] == "station_replaced", "it to be told", 30, 0.02)
        self.assertEqual(self.cloud.sql("SELECT count(*) FROM event WHERE station = 1"), [["0"]])
        self.assertEqual(self.linked.book()[0]["number"], str(7 + JUMP))
        # It stood in the next one's place, so that a code alone is not enough for the machine that was meant.
        self.another(self.take_over("--though-linked")["code"])

    def test_d_without_a_take_over(self):
        """A new machine that is enrolled as if it were the one that was there is not taken for it."""
        self.morning()
        self.lost.kill9()
        code = self.cloud.command("enrol-code", "minato").stdout.strip()
        station = Station(os.path.join(self.dir, "other"), options.bin)
        station.init()
        self.assertEqual(self.enrol(station, code).returncode, 0)
        self.addCleanup(station.kill9)
        station.start()
        until(lambda: "station_copied" in station.troubles(), "it to be refused", 60, 0.05)
        self.assertEqual(self.enrol(self.lost, self.cloud.command("enrol-code", "minato").stdout.strip()).returncode, 0)

    def test_e_who_cannot_be_taken_over(self):
        for place, reason in (("nobody", "unknown_facility"), ("minato", "no_station")):
            done = self.cloud.command("take-over", place)
            self.assertEqual((done.returncode, reason in done.stderr), (3, True), done.stderr)


if __name__ == "__main__":
    main(__doc__)
