#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A backup of the cloud's database is put back: what was given after it is unknown, and is not given again - neither a
number nor a place of a slot. The same without `machiai-cloud restored` gives a number twice: the danger is real.
"""
import datetime
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit import faketime  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import ALWAYS, Cloud, card, facility, service  # noqa: E402
from kit.linked import ROOMS, SERVICES, Linked  # noqa: E402
from kit.station import clean, skip, until, work_dir  # noqa: E402

DAY = 24 * 3600
NOON = 3 * 3600  # of Japan, in UTC
TODAY = datetime.datetime.fromtimestamp(time.time() // DAY * DAY + NOON, datetime.timezone.utc).date()
MORNING = {"opens": "9:00", "closes": "12:00", "minutes": 30, "places": 2, "days_ahead": 3}


def day(ahead):
    return (TODAY + datetime.timedelta(days=ahead)).isoformat()


def slot(ahead, at):
    return f"{day(ahead)}T{at}"


class Restored(unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("restored")
        self.addCleanup(clean, self.dir)
        self.clock = faketime.FakeClock(os.path.join(self.dir, "time"), faketime.preload(options.bin))
        self.clock.set(time.time() // DAY * DAY + NOON)

    def alone(self):
        places = [{**facility("a", 1, cards=[card("100", "1980-01-01")]), "services": [{**service("naika", 1), "slots": [MORNING]}, service("ganka", 2)]}]
        cloud = Cloud(os.path.join(self.dir, "home"), options.bin, provider=ALWAYS, facilities=places, env=self.clock.env).start()
        self.addCleanup(cloud.__exit__)
        return cloud

    def backup(self, cloud):
        cloud.stop()
        subprocess.run(["cp", "-a", os.path.join(cloud.home, "postgres"), os.path.join(self.dir, "backup")], check=True)
        cloud.start()

    def put_back(self, cloud):
        cloud.stop()
        lost = os.path.join(cloud.home, "postgres")
        subprocess.run(["rm", "-r", lost], check=True)
        subprocess.run(["cp", "-a", os.path.join(self.dir, "backup"), lost], check=True)

    def restored(self, cloud, *more):
        run = cloud.command("restored", *more)
        self.assertEqual(run.returncode, 0, run.stderr)
        return int(run.stdout)

    def number(self, cloud, when=None, **more):
        status, told, _ = cloud.book("a", body={"slot": when}, **more)
        self.assertEqual(status, 201, told)
        return told["tickets"][0]["number"]

    def refused(self, cloud, when, reason):
        status, told, _ = cloud.book("a", body={"slot": when})
        self.assertEqual((status, told.get("error", {}).get("reason")), (409, reason), told)
        self.assertTrue(told["error"]["message"])

    def lose(self, cloud):
        """Numbers of before the backup, and of after it: these are lost."""
        known = [(day(1), self.number(cloud, slot(1, "09:00"))), (day(0), self.number(cloud))]
        self.backup(cloud)
        lost = [(day(1), self.number(cloud, slot(1, "09:00"))), (day(2), self.number(cloud, slot(2, "10:00"))), (day(0), self.number(cloud))]
        self.assertEqual([number for _, number in known + lost], ["1", "1", "2", "1", "2"])
        self.put_back(cloud)
        return known + lost

    def test_1_nothing_is_given_again(self):
        cloud = self.alone()
        given = self.lose(cloud)
        self.assertEqual(self.restored(cloud), 2)
        cloud.start()
        for when in (slot(1, "09:00"), slot(1, "11:00"), slot(2, "10:00"), slot(3, "09:00")):
            self.refused(cloud, when, "slot_unsure")
        _, told, _ = cloud.get(f"/v1/facilities/a/services/naika/slots?from={day(1)}&days=4")
        self.assertEqual([{each["reason"] for each in one["slots"]} for one in told["days"]], [{"slot_unsure"}] * 3 + [{"slot_too_far"}])
        self.assertEqual({each["free"] for one in told["days"] for each in one["slots"]}, {0})
        # The queue of the day goes on, in a series of its own.
        after = [(day(0), self.number(cloud))]
        self.assertEqual(cloud.command("settle", "a").returncode, 0)
        # The clinic's machine is there, but of its own day alone it could say anything: it is not asked for days to come.
        cloud.sql(f"INSERT INTO seat (facility_id, heard) VALUES (1, {int(self.clock.now() * 1000)})")
        for ahead, at in ((1, "09:00"), (1, "11:00"), (2, "10:00")):
            after.append((day(ahead), self.number(cloud, slot(ahead, at))))
        self.assertEqual(after, [(day(0), "W2-1"), (day(1), "W2-1"), (day(1), "W2-2"), (day(2), "W2-1")])
        self.assertEqual(set(given) & set(after), set())
        self.assertEqual(cloud.sql("SELECT count(ahead) FROM ticket WHERE slot IS NOT NULL"), [["0"]])
        # What was known keeps its place: nobody else gets it.
        self.refused(cloud, slot(1, "09:00"), "slot_full")
        # A date that could not be booked before has nothing to be feared of.
        self.clock.move(DAY)
        self.assertEqual(self.number(cloud, slot(4, "09:00")), "1")

    def test_2_without_it_a_number_comes_twice(self):
        """The negative control."""
        cloud = self.alone()
        given = self.lose(cloud)
        cloud.start()
        self.assertIn((day(1), self.number(cloud, slot(1, "09:00"))), given)
        self.assertIn((day(2), self.number(cloud, slot(2, "10:00"))), given)

    def test_2_a_date_that_the_backup_does_not_know_is_told_by_the_restore(self):
        """The negative control of the counters that are made after it."""
        cloud = self.alone()
        given = self.lose(cloud)
        self.restored(cloud)
        cloud.start()
        cloud.sql("DELETE FROM restored")
        self.assertIn((day(2), self.number(cloud, slot(2, "10:00"))), given)
        self.assertNotIn((day(1), self.number(cloud, slot(1, "09:00"))), given)

    def test_3_each_restore_has_a_generation_of_its_own(self):
        """The same backup twice, and also when all but the number is lost with it."""
        cloud = self.alone()
        self.lose(cloud)
        self.assertEqual(self.restored(cloud), 2)
        cloud.start()
        self.assertEqual(self.number(cloud), "W2-1")
        self.put_back(cloud)
        self.assertEqual(self.restored(cloud), 3)
        cloud.start()
        self.assertEqual(self.number(cloud), "W3-1")
        self.put_back(cloud)
        os.unlink(os.path.join(cloud.home, "generation"))
        self.assertEqual(self.restored(cloud, "--generation", "4"), 4)
        cloud.start()
        self.assertEqual(self.number(cloud), "W4-1")
        self.assertEqual(cloud.command("restored").returncode, 3)  # not while it serves

    def test_3b_a_generation_that_cannot_be_kept_does_not_hold(self):
        """Else the same backup, put back once more, would come to the same generation."""
        cloud = self.alone()
        self.lose(cloud)
        place = os.path.join(cloud.home, "generation")
        os.mkdir(place)
        self.assertNotEqual(cloud.command("restored").returncode, 0)
        os.rmdir(place)
        cloud.start()
        self.assertEqual(cloud.sql("SELECT max(generation) FROM facility"), [["1"]])
        self.assertEqual(cloud.command("settle", "nobody").returncode, 3)

    def test_3c_not_beside_a_node(self):
        """One that serves meanwhile would go on with what it remembers."""
        cloud = self.alone()
        fd = os.open(os.path.join(cloud.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
        self.addCleanup(os.close, fd)
        second = Cloud(os.path.join(self.dir, "second"), options.bin, database=f"host=/proc/{os.getpid()}/fd/{fd} user=machiai dbname=postgres")
        run = second.command("restored")
        self.assertEqual(run.returncode, 3, run.stderr)
        self.assertIn("still_served", run.stderr)
        self.assertEqual(cloud.sql("SELECT max(generation) FROM facility"), [["1"]])
        self.assertEqual(self.number(cloud), "1")

    def test_4_the_day_of_the_slots(self):
        """The clinic goes on above all that may have been given of its date; what was known stands in its line."""
        clinic = Linked(os.path.join(self.dir, "clinic"), options.bin)
        minato = facility("minato", 1, services=SERVICES, rooms=ROOMS)
        minato["services"][0]["slots"] = [MORNING]
        with open(os.path.join(clinic.cloud.home, "facilities.json"), "w", encoding="utf-8") as file:
            json.dump({"provider": ALWAYS, "facilities": [minato]}, file)
        cloud = clinic.cloud
        cloud.env.update(self.clock.env)
        clinic.station.env.update(self.clock.env)
        cloud.start()
        self.addCleanup(clinic.__exit__)
        clinic.station.init()
        clinic.enrol()

        def phone(when):
            status, told, _ = cloud.book("minato", body={"slot": when})
            self.assertEqual(status, 201, told)
            return told["tickets"][0]["number"]

        self.assertEqual(phone(slot(1, "10:00")), "1")
        self.backup(cloud)
        self.assertEqual(phone(slot(1, "10:30")), "2")
        self.put_back(cloud)
        self.restored(cloud)
        cloud.start()
        self.assertEqual(cloud.command("settle", "minato").returncode, 0)
        self.assertEqual(phone(slot(1, "11:00")), "W2-1")
        self.clock.move(DAY - 4 * 3600)  # the next day at eight
        clinic.station.start()
        clinic.until_connected()
        self.assertEqual(clinic.station.cli("open", "naika")[0], 0)
        clinic.until_owner()

        def line():
            return {each["number"] for each in clinic.station.cli("queue", "naika")[1]["tickets"]}

        until(lambda: {"1", "W2-1"} <= line(), "what the cloud knows at the clinic", 30, 0.05)
        number = int(clinic.station.cli("take", "naika")[1]["number"])
        self.assertGreater(number, 100)
        clinic.until_equal()

    def test_5_while_the_clinic_is_at_work(self):
        """The clinic tells the cloud again what it has forgotten of the day, and goes on above it."""
        with Linked(os.path.join(self.dir, "clinic"), options.bin) as clinic:
            clinic.station.start()
            clinic.until_connected()
            self.assertEqual(clinic.station.cli("open", "naika")[0], 0)
            clinic.until_owner()
            given = [clinic.book()[0]["number"], clinic.station.cli("take", "naika")[1]["number"]]
            clinic.until_equal()
            self.backup(clinic.cloud)
            clinic.until_connected()
            given += [clinic.book()[0]["number"], clinic.station.cli("take", "naika")[1]["number"]]
            clinic.until_equal()
            self.put_back(clinic.cloud)
            self.restored(clinic.cloud)
            clinic.cloud.start()
            clinic.until_connected()
            clinic.until_equal()
            after = [clinic.book()[0]["number"], clinic.station.cli("take", "naika")[1]["number"]]
            clinic.until_equal()
            self.assertEqual(given, ["1", "2", "3", "4"])
            self.assertEqual(len(set(given + after)), 6, after)

    def test_5b_the_page_of_what_the_clinic_has(self):
        """Booked after the backup and handed on: once the clinic has told of it, its page and its buttons are as before."""
        with Linked(os.path.join(self.dir, "clinic"), options.bin) as clinic:
            clinic.station.start()
            clinic.until_connected()
            self.assertEqual(clinic.station.cli("open", "naika")[0], 0)
            clinic.until_owner()
            self.backup(clinic.cloud)
            clinic.until_connected()
            key = str(uuid.uuid4())
            mine, arrives, gone, called, unseen, *more = (clinic.book(key=key if n == 0 else None)[0] for n in range(6))
            clinic.until_equal()
            self.put_back(clinic.cloud)
            self.restored(clinic.cloud)
            name = lambda ticket: "naika/" + ticket["number"]  # noqa: E731
            self.assertEqual(clinic.station.cli("cancel", name(gone))[0], 0)
            clinic.cloud.start()
            clinic.until_connected()
            clinic.until_equal()
            pages = {each["number"]: clinic.phone(each["token"]) for each in (mine, arrives, called, gone)}
            self.assertEqual({n: (page["number"], page["service"]["id"], page["state"], page["may"]["cancel"]) for n, page in pages.items()},
                             {"1": ("1", "naika", "booked", True), "2": ("2", "naika", "booked", True),
                              "3": ("3", "naika", "cancelled", False), "4": ("4", "naika", "booked", True)})
            self.assertEqual(clinic.press(unseen["token"], "cancel")[0], 200, "without its page before")
            self.assertEqual(clinic.press(mine["token"], "cancel")[0], 200)
            self.assertEqual(clinic.press(arrives["token"], "arrive")[0], 200)
            self.assertEqual(clinic.press(gone["token"], "arrive")[1]["error"]["reason"], "ticket_over")
            self.assertEqual(clinic.station.cli("call", "naika", "--room", "1", "--ticket", name(called))[0], 0)
            until(lambda: clinic.phone(called["token"])["state"] == "called", "the call on its page", 20, 0.05)
            clinic.until_equal()
            local = {each["number"]: each["state"] for each in clinic.station.cli("queue", "naika")[1]["tickets"]}
            self.assertEqual({n: local.get(n) for n in "12345"},
                             {"1": "cancelled", "2": "waiting", "3": "cancelled", "4": "called", "5": "cancelled"})
            self.assertEqual(clinic.phone(arrives["token"])["state"], "waiting")
            self.assertEqual(clinic.phone(more[0]["token"])["number"], "6")
            # Nobody else's: another key of the same facility and date opens nothing.
            other = mine["token"][:-3] + ("AAA" if mine["token"][-3:] != "AAA" else "BBB")
            self.assertEqual(clinic.cloud.get("/v1/tickets/" + other)[0], 404)

    def test_6_who_was_told_a_number_keeps_it_though_the_backup_was_still_asking(self):
        with Linked(os.path.join(self.dir, "clinic"), options.bin) as clinic:
            cloud = clinic.cloud
            clinic.station.start()
            clinic.until_connected()
            for service in ("naika", "shouni"):
                self.assertEqual(clinic.station.cli("open", service)[0], 0)
            clinic.until_owner()
            clinic.station.process.send_signal(signal.SIGSTOP)
            asked = {each: str(uuid.uuid4()) for each in ("naika", "shouni")}
            callers = [threading.Thread(target=cloud.book, args=("minato",), kwargs={"service": each, "key": key})
                       for each, key in asked.items()]
            for each in callers:
                each.start()
            until(lambda: cloud.sql("SELECT count(*) FROM ticket WHERE state = 'asking'") == [["2"]], "both to be asked for")
            self.backup(cloud)
            for each in callers:
                each.join()
            clinic.station.process.send_signal(signal.SIGCONT)
            clinic.until_connected()
            told = clinic.book(key=asked["naika"])[0]
            self.assertEqual(told["number"], "1")
            clinic.until_equal()
            clinic.station.kill9()
            self.put_back(cloud)
            self.restored(cloud)
            cloud.start()
            # What is known of the other counter gives its number: the look at those overdue has come by ours as well.
            cloud.sql("UPDATE counter SET trusted = true WHERE service = 'shouni'")
            until(lambda: cloud.sql("SELECT state FROM ticket WHERE service = 'shouni'") == [["booked"]], "the other to be settled")
            self.assertEqual(cloud.sql("SELECT state FROM ticket WHERE service = 'naika'"), [["asking"]])
            clinic.station.start()
            clinic.until_connected()
            clinic.until_equal()
            page = clinic.phone(told["token"])
            self.assertEqual((page["number"], page["state"]), ("1", "booked"))
            self.assertEqual(clinic.station.cli("queue", "naika")[1]["tickets"][0]["number"], "1")


if __name__ == "__main__":
    if faketime.library() is None:
        skip("libfaketime is not installed")
    main(__doc__)
