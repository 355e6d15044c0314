# SPDX-License-Identifier: Apache-2.0
"""A station's certificate is renewed over the one it has: for the same facility and station, beside the old one, and by
nobody else. Then the daemon does it: in time, again after a failure, whole after every kill, and back to the old one
when the new one is of no use."""
import datetime
import json
import os
import pathlib
import random
import ssl
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import enrol  # noqa: E402
from enrol import hello, openssl  # noqa: E402
from kit import faketime  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud  # noqa: E402
from kit.linked import EndsEqual, Linked  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

DAYS = 24 * 3600
PAIRS = ("pair.pem", "next.pem")


def stamp(days):
    """So many days from now, as openssl writes instants."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")


class Renew(enrol.Enrol):
    def renew(self, identity, place="a", key=None, csr=None):
        csr = csr or openssl("req", "-new", "-key", key or self.key(), "-subj", "/O=machiai-facility-2/CN=other")
        return self.cloud.post("/v1/renew", {"facility": place, "csr": csr}, certificate=identity[0], key=identity[1])

    def renewed(self, identity, place="a"):
        key = self.key()
        status, told, _ = self.renew(identity, place, key)
        self.assertEqual(status, 200, told)
        return self.keep(told["certificate"], key)

    def refuses(self, identity, status, reason, **more):
        told = self.renew(identity, **more)
        self.assertEqual((told[0], told[1]["error"]["reason"]), (status, reason))

    def rows(self):
        return self.cloud.sql("SELECT facility_id, serial, station, revoked_at FROM certificate ORDER BY 1, 2")

    def opens(self, identity, place="a"):
        """The link takes this certificate."""
        status, told, frames = self.upgrade(*identity)
        self.assertEqual(status, 101, told)
        frames.send(hello(place, "one"))
        self.assertIn(frames.receive().get("reason", "welcome"), ("welcome", "station_busy"))
        frames.socket.close()

    def known(self, identity, place=1):
        """The certificate of an openssl made one, entered as if the cloud had given it."""
        serial = openssl("x509", "-noout", "-serial", "-in", identity[0]).strip().split("=")[1]
        print_ = openssl("x509", "-noout", "-fingerprint", "-sha256", "-in", identity[0]).strip().split("=")[1]
        self.cloud.sql(f"INSERT INTO certificate (facility_id, serial, station, fingerprint, not_after) VALUES ({place}, "
                       f"'{serial}', 'made', '\\x{print_.replace(':', '')}', 0)")
        return identity

    def test_a_renewed_beside_the_old(self):
        old = self.enrolled()
        new = self.renewed(old)
        subjects = [openssl("x509", "-noout", "-subject", "-in", each[0]) for each in (old, new)]
        self.assertEqual(subjects[0], subjects[1], "the same facility and station, whatever the request says")
        for identity in (new, old, new):
            self.opens(identity)
        self.opens(self.renewed(new))

    def test_b_others_are_refused(self):
        mine, before = self.enrolled(), self.rows()
        for place in ("b", "none", "", "A"):
            self.refuses(mine, 403, "certificate_unknown", place=place)
        self.refuses((None, None), 401, "certificate_missing")
        self.refuses(self.self_signed(), 403, "certificate_unknown")
        self.refuses(self.signed(), 403, "certificate_unknown")
        past = ("20240101000000Z", "20250101000000Z")
        self.refuses(self.known(self.signed(days=past)), 403, "certificate_expired")
        self.refuses(self.known(self.signed(days=(stamp(1), stamp(90)))), 403, "certificate_early")
        self.refuses(self.signed(subject="/O=machiai-facility-2/CN=x"), 403, "certificate_unknown", place="b")
        # The control: the same hand-made one, in time and known, is renewed.
        control = self.known(self.signed(days=(stamp(-80), stamp(10))))
        self.assertEqual(len(self.rows()), len(before) + 3)
        self.opens(self.renewed(control))

    def test_c_revoked(self):
        """Enrolling anew ends what was renewed as well."""
        old = self.enrolled()
        new = self.renewed(old)
        self.enrolled()
        for identity in (old, new):
            self.refuses(identity, 403, "certificate_revoked")
            self.assertEqual(self.upgrade(*identity)[1]["error"]["reason"], "certificate_revoked")

    def test_d_asked_again(self):
        """The same request twice: two certificates of one key, both the station's; a flood ends after ten a day."""
        mine, key = self.enrolled("b"), self.key()
        csr = openssl("req", "-new", "-key", key, "-subj", "/CN=x")
        told = [self.renew(mine, "b", csr=csr) for _ in range(2)]
        self.assertEqual([each[0] for each in told], [200, 200])
        for _, body, _ in told:
            self.opens(self.keep(body["certificate"], key), "b")
        given = 3  # with the enrolment
        while self.renew(mine, "b", csr=csr)[0] == 200:
            given += 1
        self.assertEqual(given, 10)
        self.refuses(mine, 429, "renewed_too_often", place="b")
        self.opens(mine, "b")
        # Others are served, and so is this one the day after.
        self.renewed(self.enrolled("a"))
        self.cloud.sql(f"UPDATE certificate SET not_after = not_after - {DAYS * 1000} WHERE facility_id = 2")
        self.renewed(mine, "b")

    def test_e_wrong_requests(self):
        mine = self.enrolled()
        rsa = openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=x")
        for csr in ("-", "-----BEGIN CERTIFICATE REQUEST-----", rsa):
            self.refuses(mine, 400, "bad_csr", csr=csr)
        self.refuses(mine, 400, "bad_body", csr="A" * 8193)


class Server(unittest.TestCase):
    def test_a_node_that_runs_for_a_year(self):
        """Its own certificate is another one before it ends, without a restart; connections of before stay."""
        if not faketime.library():
            self.skipTest("libfaketime is not here")
        folder = work_dir("renew")
        self.addCleanup(clean, folder)
        clock = faketime.FakeClock(os.path.join(folder, "time"), faketime.preload(options.bin))
        clock.set(time.time())
        cloud = Cloud(os.path.join(folder, "home"), options.bin, env=clock.env).start()
        self.addCleanup(cloud.__exit__)

        def shown():
            return ssl.get_server_certificate(("127.0.0.1", cloud.port()))

        first, standing = shown(), cloud.connect()
        clock.move(260 * DAYS)
        month = time.strftime("%b %Y", time.gmtime(clock.now()))
        until(lambda: month in cloud.ask("GET", "/healthz", connection=standing)[2].get("Date", ""), "the node to know the day")
        self.assertEqual(shown(), first, "two thirds of its life are not over")
        clock.move(10 * DAYS)
        until(lambda: shown() != first, "another certificate", 30, 0.1)
        renewed = os.path.join(folder, "renewed.pem")
        pathlib.Path(renewed).write_text(shown(), encoding="ascii")
        openssl("verify", "-attime", str(int(clock.now())), "-CAfile", os.path.join(cloud.home, "tls", "ca.pem"), renewed)
        self.assertEqual(cloud.ask("GET", "/healthz", connection=standing)[0], 200)


class Daemon(EndsEqual, unittest.TestCase):
    """A station whose certificate began 80 days ago and ends in 10: made outside by the cloud's authority, and entered as
    if the cloud had given it. The machine's clock stays what it is."""

    def setUp(self):
        self.dir = work_dir("renew")
        self.addCleanup(clean, self.dir)
        if not faketime.library():
            self.skipTest("libfaketime is not here")
        self.clock = faketime.FakeClock(os.path.join(self.dir, "time"), faketime.preload(options.bin))
        self.clock.set(datetime.datetime.now().timestamp())
        self.linked = Linked(self.dir, options.bin)
        self.linked.__enter__()
        self.addCleanup(self.linked.__exit__)
        self.cloud, self.station = self.linked.cloud, self.linked.station
        self.folder = os.path.join(self.station.home, "cloud")
        self.maker = Renew()
        self.maker.dir, self.maker.cloud, Renew.serial = self.dir, self.cloud, 0

    def made(self, begins, ends, known=True):
        """One file with key and certificate, as the station keeps it."""
        pair = self.maker.signed(subject="/O=machiai-facility-1/CN=made", days=(stamp(begins), stamp(ends)))
        if known:
            self.maker.known(pair)
        return "".join(pathlib.Path(each).read_text(encoding="ascii") for each in reversed(pair))

    def keep(self, text, name="pair.pem"):
        path = os.path.join(self.folder, name)
        with open(path + ".new", "w", encoding="ascii") as file:
            file.write(text)
        os.replace(path + ".new", path)

    def kept(self, name="pair.pem"):
        try:
            return pathlib.Path(self.folder, name).read_text(encoding="ascii")
        except FileNotFoundError:
            return None

    def old(self):
        text = self.made(-80, 10)
        self.keep(text)
        return text

    def start(self):
        """The daemon alone lives by the clock that can be moved."""
        plain = self.station.env
        self.station.env = dict(plain, **self.clock.env)
        self.station.launch()
        self.station.env = plain
        until(self.station.serves, "machiaid to serve")

    def whole(self):
        """Each file that is there holds a key and the certificate of that key."""
        for name in PAIRS:
            text = self.kept(name)
            if text is None:
                continue
            keys = [openssl(*args, text=text) for args in (("pkey", "-pubout"), ("x509", "-noout", "-pubkey"))]
            self.assertEqual(keys[0], keys[1], name)

    def given(self):
        """Certificates that the cloud gave out, those made outside not counted."""
        return int(self.cloud.sql("SELECT count(*) FROM certificate WHERE not_after > 0 AND revoked_at IS NULL")[0][0])

    def until_renewed(self, old, seconds=180):  # a try that failed is repeated after two minutes
        until(lambda: self.kept() != old and self.kept("next.pem") is None, "a renewed pair", seconds)
        self.whole()
        self.linked.until_connected()
        self.assertGreater(self.end(), stamp(80))
        until(lambda: not self.late(), "no trouble")

    def end(self):
        """Of the certificate that is shown, as stamp() writes it."""
        told = self.station.status()["cloud"]["certificate_until"]
        return "".join(filter(str.isdigit, told[:19])) + "Z"

    def asked(self):
        return "asking for the next one" in self.station.log_text()

    def late(self):
        return any(each["reason"] == "certificate_ends_soon" for each in self.station.status()["troubles"])

    def machiai(self, *args):
        run = subprocess.run([os.path.join(options.bin, "machiai"), "enrol", "--home", self.station.home, *args],
                             capture_output=True, text=True, check=False)
        return run.returncode, run.stdout, run.stderr

    def test_a_in_time_and_linked_with_it(self):
        old = self.old()
        before = self.given()
        self.start()
        self.until_renewed(old)
        self.assertEqual(self.given(), before + 1)
        self.assertNotIn(old.split("-----BEGIN CERT")[0], self.kept(), "a new key")
        # The link that is up now was opened with the new one: without the old one it comes back.
        self.cloud.sql("UPDATE certificate SET revoked_at = 1 WHERE station = 'made' AND not_after = 0")
        self.station.kill9()
        self.start()
        self.linked.until_connected()
        self.station.cli("open", "naika")
        self.linked.book()
        self.assertEqual(len(self.linked.until_equal()), 1)

    def test_b_not_before_its_time(self):
        """The control: half way nothing is asked for by itself, and what is asked for by hand is taken."""
        young = self.made(-45, 45)
        self.keep(young)
        before = self.given()
        self.start()
        self.linked.until_connected()
        self.assertFalse(self.asked(), "it decides the moment the link is up")
        code, told, error = self.machiai("--renew", "--json")
        self.assertEqual(code, 0, error)
        self.assertEqual(sorted(json.loads(told)), ["facility", "until"])
        self.until_renewed(young)
        self.assertEqual(self.given(), before + 1)

    def test_b_not_by_a_wrong_clock(self):
        self.keep(self.made(-10, 80))
        self.start()
        self.station.cli("open", "naika")
        self.assertEqual(self.station.cli("take", "naika")[0], 0)
        self.station.kill9()
        old = self.old()
        self.clock.move(-600)  # behind what is recorded, and behind the cloud
        self.start()
        self.linked.until_connected()
        self.assertIn("clock_unsure", self.station.troubles())
        self.assertFalse(self.asked())
        self.clock.move(600)
        self.until_renewed(old)
        self.assertTrue(self.asked())

    def test_c_tried_again(self):
        """Refused for today: the desk is told, and it is asked again when the pause is over."""
        old = self.old()
        far = int((datetime.datetime.now().timestamp() + 89.5 * DAYS) * 1000)
        self.cloud.sql("INSERT INTO certificate (facility_id, serial, station, fingerprint, not_after) "
                       f"SELECT 1, 'x' || n, 'x', '', {far} FROM generate_series(1, 10) n")
        self.start()
        until(self.late, "the trouble to be told", 30)
        self.assertEqual(self.kept(), old)
        self.assertTrue(self.linked.connected(), "the old one goes on")
        with self.station.hub("desk") as hub:
            told = hub.ok("desk")
            self.assertIn({"part": "cloud", "level": "warn", "reason": "certificate_ends_soon"},
                          [{name: each[name] for name in ("part", "level", "reason")} for each in told["troubles"]])
        self.cloud.sql("DELETE FROM certificate WHERE station = 'x'")
        self.clock.move(150)
        self.until_renewed(old)

    def test_d_cloud_away(self):
        old = self.old()
        self.cloud.kill9()
        self.start()
        self.assertFalse(self.linked.connected())
        self.clock.move(60)  # the link's grace
        until(self.late, "the trouble to be told", 30)
        self.assertEqual(self.kept(), old)
        code, _, _ = self.machiai("--renew")
        self.assertEqual(code, 4)
        self.assertIsNone(self.kept("next.pem"))
        self.cloud.start()
        self.until_renewed(old, 90)

    def test_e_back_to_the_old_one(self):
        """A next one that the cloud does not take, and one that is no pair: the old one goes on."""
        old = self.made(-10, 80)
        self.keep(old)
        self.keep(self.made(-1, 89, known=False), "next.pem")
        self.start()
        until(lambda: self.kept("next.pem") is None, "the refused one to be dropped", 30)
        self.linked.until_connected()
        self.assertEqual(self.kept(), old)
        for rest in ("", "garbage", old[:200], old.replace("BEGIN CERT", "BEGIN QERT"),
                     self.made(-1, 89).split("-----BEGIN CERT")[0] + "-----BEGIN CERT" + old.split("-----BEGIN CERT")[1]):
            self.station.kill9()
            self.keep(rest, "next.pem")
            self.start()
            self.linked.until_connected()
            self.assertEqual(self.kept(), old)
        # The control: one that is known is taken, also by a daemon that runs.
        self.keep(self.made(-1, 91), "next.pem")
        self.until_renewed(old)

    def test_f_killed_at_any_moment(self):
        """kill -9 between the cloud's answer, the store, the first link and the end: a pair that works is there."""
        chance, stages = random.Random(5), set()
        for _ in range(12):
            old = self.old()
            before = self.given()
            self.start()
            until(lambda b=before: self.given() > b, "the cloud to have given one", 180, 0.001)
            time.sleep(chance.choice((0, 0, 0.002, 0.005, 0.01, 0.03, 0.1, 0.3)))  # which moment does not matter
            self.station.kill9()
            self.whole()
            stages.add((self.kept() == old, self.kept("next.pem") is not None))
            self.cloud.sql("UPDATE certificate SET not_after = not_after - 86400000 WHERE not_after > 0")
            self.start()
            self.until_renewed(old)
            self.station.kill9()
        print(f"killed at {len(stages)} stages (old in place, next there): {sorted(stages)}", flush=True)

    def test_g_ended_and_by_hand(self):
        ended = self.made(-100, -10)
        self.keep(ended)
        before = self.given()
        code, told, _ = self.machiai("--renew", "--json")
        self.assertEqual((code, json.loads(told)["error"]["reason"]), (3, "certificate_refused"))
        self.start()
        until(lambda: self.station.status()["cloud"]["reason"] == "certificate_refused", "the refusal to be told", 30)
        self.assertEqual((self.given(), self.kept()), (before, ended))
        for wrong in ((), ("--renew", "--code", "x"), ("--cloud", "https://127.0.0.1")):
            self.assertEqual(self.machiai(*wrong)[0], 2)
        # A person enrols it anew.
        self.station.kill9()
        self.linked.enrol()
        self.start()
        self.linked.until_connected()


# The tests of the enrolment are run by its own file.
for name in [name for name in dir(enrol.Enrol) if name.startswith("test_")]:
    setattr(Renew, name, None)

if __name__ == "__main__":
    main(__doc__)
