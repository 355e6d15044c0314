# SPDX-License-Identifier: Apache-2.0
"""A station's certificate is renewed over the one it has: for the same facility and station, beside the old one, and by
nobody else."""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import enrol  # noqa: E402
from enrol import hello, openssl  # noqa: E402
from kit.case import main  # noqa: E402

DAYS = 24 * 3600


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


# The tests of the enrolment are run by its own file.
for name in [name for name in dir(enrol.Enrol) if name.startswith("test_")]:
    setattr(Renew, name, None)

if __name__ == "__main__":
    main(__doc__)
