# SPDX-License-Identifier: Apache-2.0
"""What the provider's contract says at the clinic (service terms 4, 7, 12, 13, 14, 16): a real station with a programme of
its own, a real machiai-cloud, PostgreSQL between them. Whatever it says, the reception goes on."""
import datetime
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.case import main, options, program  # noqa: E402
from kit.linked import EndsEqual, Linked  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

JAPAN = datetime.timezone(datetime.timedelta(hours=9))


def moment(hours):
    return (datetime.datetime.now(JAPAN) + datetime.timedelta(hours=hours)).isoformat(timespec="milliseconds")


def day(days):
    return (datetime.datetime.now(JAPAN).date() + datetime.timedelta(days=days)).isoformat()


class Terms(EndsEqual, unittest.TestCase):
    def setUp(self):
        self.dir = work_dir("terms")
        self.addCleanup(clean, self.dir)
        self.linked = Linked(self.dir, options.bin)
        self.linked.__enter__()
        self.addCleanup(self.linked.__exit__)
        self.cloud, self.station = self.linked.cloud, self.linked.station
        self.load_programme()
        self.station.start()
        self.linked.until_connected()
        self.until_plays("planned")

    def machiai(self, *args):
        ran = subprocess.run([program("machiai"), *args, "--home", self.station.home, "--json"], capture_output=True,
                             text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)
        self.assertEqual(ran.returncode, 0, f"{args}: {ran.stdout} {ran.stderr}")
        return json.loads(ran.stdout)

    def load_programme(self):
        """A picture of the clinic's own, all day, every day."""
        picture = os.path.join(self.dir, "picture.png")
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=1:d=1",
                        "-frames:v", "1", picture], check=True, timeout=60)
        sha256 = self.machiai("media", "add", picture, "--seconds", "10")["sha256"]
        path = os.path.join(self.dir, "programme.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"format": 1, "facility": "minato", "programme": "now", "version": 1,
                       "period": {"from": day(0), "to": day(9)}, "deadline": moment(1),
                       "items": [{"id": "ours", "kind": "own", "title": "院内のご案内", "sha256": sha256, "seconds": 10}],
                       "slots": [{"id": "day", "from": "00:00", "to": "24:00", "items": ["ours"]}]}, file)
        self.machiai("programme", "keygen")
        self.machiai("programme", "sign", path)
        self.machiai("programme", "load", path)

    def plays(self):
        with self.station.hub() as hub:
            return hub.ok("programme")["now"]

    def until_plays(self, reason):
        until(lambda: self.plays()["reason"] == reason, f"the films to be {reason}", every=0.05)
        return self.plays()

    def standing(self):
        with self.station.hub() as hub:
            return hub.ok("desk")["standing"]

    def until_told(self, *reasons):
        until(lambda: [each["reason"] for each in self.standing()] == list(reasons), f"the desk to hear {reasons}",
              every=0.05)
        self.assertEqual(self.standing(), self.station.status()["cloud"]["standing"])

    def in_the_room(self):
        """What board and kiosk say of it, with its end."""
        with self.station.hub("kiosk", "kiosk-1") as kiosk, self.station.hub() as hub:
            return [(each["pattern"], each["until"]) for view in (hub.ok("board"), kiosk.ok("kiosk")) for each in view["messages"]]

    def entered(self, *args):
        ran = self.cloud.command(*args)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return json.loads(ran.stdout)

    def agree(self, *args):
        return self.entered("contract", "minato", *args)

    def announce(self, *args):
        return self.entered("provider", *args)

    def numbers_are_given(self):
        code, answer = self.station.cli("take", "naika", "--no-print")
        self.assertEqual(code, 0, answer)

    def test_a_suspended_and_taken_up_again(self):
        self.station.cli("open", "naika")
        self.agree("--suspend", "--reason", "機器の入れ替え")
        now = self.until_plays("suspended")
        self.assertEqual(now["item"], "scene")
        self.until_told("contract_suspended")
        self.assertEqual(self.standing()[0]["words"], "機器の入れ替え")
        self.assertEqual(self.in_the_room(), [("phones_rest", "")] * 2)
        self.numbers_are_given()
        self.assertEqual(self.cloud.book("minato")[0], 503)
        page = self.cloud.get("/v1/facilities/minato")[1]
        self.assertEqual(page["state"], "suspended")
        self.assertNotIn("機器の入れ替え", json.dumps(page, ensure_ascii=False), "why is between provider and clinic")
        self.agree("--resume")
        self.until_plays("planned")
        self.until_told()
        self.assertEqual(self.in_the_room(), [])

    def test_a_what_is_over_is_told_to_nobody(self):
        """A week's maintenance for sixteen months is more than a station takes."""
        past = [{"from": "2020-01-01T00:00:00+09:00", "until": "2020-01-01T01:00:00+09:00", "reason": "入れ替え"}] * 70
        for table, where in (("setting SET document = jsonb_set(document::jsonb, '{maintenance}', '%s')::text", "name = 'provider'"),
                             ("facility SET profile = jsonb_set(profile::jsonb, '{contract,suspensions}', '%s')::text", "facility_id = 1")):
            self.cloud.sql(f"UPDATE {table % json.dumps(past)} WHERE {where}")
        self.agree("--suspend", "--reason", "🏥" * 200)
        self.until_told("contract_suspended")
        self.agree("--resume")
        self.until_told()

    def test_b_holds_without_the_cloud_and_after_a_restart(self):
        self.agree("--suspend", "--from", moment(-1), "--until", moment(30))
        self.until_plays("suspended")
        self.cloud.kill9()
        self.station.kill9()
        self.station.start()
        self.assertEqual(self.plays()["reason"], "suspended", "from the first moment on")
        self.until_told("contract_suspended")
        self.station.cli("open", "naika")
        self.numbers_are_given()
        # The command line plans by the same, without the daemon.
        self.assertEqual(self.machiai("programme", "at", moment(0))["reason"], "suspended")
        self.assertEqual(self.machiai("programme", "at", moment(31))["reason"], "planned")

    def test_c_the_queue_alone(self):
        self.agree("--signage", "off")
        self.until_plays("no_contract")
        self.assertEqual(self.standing(), [], "which is as agreed")
        self.agree("--signage", "on")
        self.until_plays("planned")

    def test_d_before_the_start_and_after_the_end(self):
        self.agree("--begins", day(1))
        self.until_plays("no_contract")
        self.until_told("contract_not_begun")
        self.assertEqual(self.in_the_room(), [], "nobody looks at a phone yet")
        self.agree("--begins", "none", "--ends", day(0))
        self.until_told("contract_ended")
        self.assertEqual(self.in_the_room(), [("phones_ended", "")] * 2)
        self.assertEqual(self.plays()["reason"], "no_contract")
        self.station.cli("open", "naika")
        self.numbers_are_given()
        self.agree("--ends", day(20))
        self.until_plays("planned")
        self.until_told("contract_ends")
        self.assertEqual(self.in_the_room(), [])

    def test_e_announced(self):
        """What is to come is told beforehand, and nothing is begun that would go beyond it."""
        self.agree("--suspend", "--from", moment(5), "--until", moment(6))
        self.announce("--maintenance", "--from", moment(2), "--until", moment(3), "--reason", "定期点検")
        self.until_told("suspension_ahead", "maintenance_ahead")
        self.assertEqual([each["now"] for each in self.standing()], [False, False])
        self.assertEqual(self.plays()["reason"], "planned")
        self.assertEqual(self.machiai("programme", "at", moment(2.5))["reason"], "planned", "films need no server")
        self.assertEqual(self.machiai("programme", "at", moment(5.5))["reason"], "suspended")
        self.agree("--resume")
        self.assertEqual(self.in_the_room(), [], "ahead of time nothing is at rest")
        self.announce("--no-maintenance", "--maintenance", "--reason", "障害")
        self.until_told("maintenance_now")
        self.assertEqual(self.in_the_room(), [("phones_rest", "")] * 2)
        self.assertEqual(self.plays()["reason"], "planned")

    def test_f_server_hours_of_a_date_and_what_is_refused(self):
        self.announce("--on", day(1), "--hours", "6:00-12:00")
        self.until_told("hours_change_ahead")
        self.announce("--on", day(0), "--hours", "none")
        self.until_told("hours_changed", "hours_change_ahead")
        self.assertEqual(self.in_the_room(), [("phones_rest", "")] * 2)
        self.assertEqual(self.cloud.book("minato")[0], 503)
        self.announce("--on", day(0), "--hours", "usual")
        told = self.announce("--on", day(1), "--hours", "usual")
        self.assertEqual(told["hours"]["exceptions"], [])
        self.until_told()
        for code, refused in ((3, ["contract", "ghost"]), (2, ["contract", "minato", "--begins", "soon"]),
                              (3, ["contract", "minato", "--suspend", "--until", moment(-1)]),
                              (2, ["contract", "minato", "--suspend", "--until", "soon"]),
                              (2, ["provider", "--on", "x", "--hours", "none"]), (2, ["provider", "--on", day(1), "--hours", "12-6"]),
                              (2, ["contract", "minato", "--queue", "maybe"])):
            with self.subTest(refused=refused):
                self.assertEqual(self.cloud.command(*refused).returncode, code)


if __name__ == "__main__":
    main(__doc__)
