# SPDX-License-Identifier: Apache-2.0
"""HTML in every text that a clinic or its provider can write: the cloud serves it as text of JSON and nothing else, and
the service site, in Chromium and from this cloud, shows it as letters."""
import datetime
import gzip
import json
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit.browser import Browser, pin, program  # noqa: E402
from kit.case import ROOT, main, options  # noqa: E402
from kit.cloud import ALWAYS, Cloud, facility, first, service  # noqa: E402
from kit.station import clean, skip, work_dir  # noqa: E402

EVIL = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>{{7*7}}"
SITE = ROOT / "web/patient/dist"
# What the page must not have made of the texts.
FOREIGN = """document.querySelectorAll("main img, main script, main iframe, [onerror]").length + "/" +
    (document.title === "owned")"""


def label(text):
    return {"ja": text + EVIL, "en": text + EVIL, "reading": text + EVIL}


def span(begins, ends, reason):
    """Days from now."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9)))
    moment = lambda days: (now + datetime.timedelta(days=days)).isoformat(timespec="milliseconds")  # noqa: E731
    return {"from": moment(begins), "until": moment(ends), "reason": reason + EVIL}


class Html(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        cls.cloud = Cloud(os.path.join(cls.dir, "home"), options.bin, args=["--site", str(SITE)], provider={
            **ALWAYS, "maintenance": [span(1, 2, "点検")]}, facilities=[
            {**facility("evil", 1, contract={"suspensions": [span(2, 3, "改装")]}), "name": label("医院"), "rooms": [{"id": "1", "name": label("室")}],
             "address": {"postal": "000-0000", "text": "町" + EVIL, "access": "駅" + EVIL},
             "services": [{**service("naika", 1), "name": label("内科")}]},
            {**facility("stopped", 2, contract={"suspensions": [span(-1, 1, "停止")]})}]).start()
        cls.addClassCleanup(cls.cloud.__exit__)
        cls.token = cls.cloud.book("evil", people=[first(EVIL[:36])])[1]["tickets"][0]["token"]

    def test_a_served_as_json_alone(self):
        told = ""
        for path in ("/v1/facilities/evil", "/v1/facilities/evil/status", f"/v1/tickets/{self.token}", "/v1/facilities/stopped"):
            status, body, fields = self.cloud.get(path)
            self.assertEqual((status, fields["Content-Type"].split(";")[0], fields["X-Content-Type-Options"]),
                             (200, "application/json", "nosniff"), path)
            told += json.dumps(body, ensure_ascii=False)
        for text in ("医院", "町", "駅", "内科", "点検"):
            self.assertIn(json.dumps(text + EVIL, ensure_ascii=False)[1:-1], told)
        for text in ("改装<", "停止<"):
            self.assertNotIn(text, told, "why a contract rests is no patient's")

    def test_b_pages_hold_none_of_it(self):
        """The pages are files; a path that is HTML is not told back, and no script runs that is not one of the files."""
        for path in ("/f/evil", f"/t/{self.token}", "/f/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/v1/facilities/%3Cimg%3E",
                     "/%3Cscript%3E", "/v1/live?facility=%3Cscript%3E"):
            _, body, fields = self.cloud.get(path)
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.assertNotIn(b"onerror", body)
            self.assertNotIn(b"alert(1)", body)
            self.assertNotIn(b"%3C", body)
            self.assertEqual(fields["X-Content-Type-Options"], "nosniff")
            if fields["Content-Type"].startswith("text/html"):
                policy = fields["Content-Security-Policy"]
                self.assertIn("default-src 'self'", policy)
                self.assertIn("frame-ancestors 'none'", policy)
                self.assertNotIn("unsafe", policy)

    def test_d_sent_packed(self):
        """The site's first load, as a browser asks for it: at most 100 kB in all; who takes no gzip gets it plain."""
        taken = 0
        for path in ["/f/evil", *(f"/{each.relative_to(SITE)}" for each in SITE.rglob("*") if each.name != "index.html")]:
            if not (SITE / path[1:]).is_file() and path != "/f/evil":
                continue
            plain = self.cloud.get(path)
            sent = self.cloud.get(path, {"Accept-Encoding": "gzip, deflate, br"})
            self.assertNotIn("Content-Encoding", plain[2])
            body = gzip.decompress(sent[1]) if "Content-Encoding" in sent[2] else sent[1]
            self.assertEqual((sent[0], body), (200, plain[1]), path)
            self.assertIn("Accept-Encoding", sent[2].get_all("Vary"))
            for told, ask in ((plain, {}), (sent, {"Accept-Encoding": "gzip"})):
                self.assertEqual(self.cloud.get(path, {**ask, "If-None-Match": told[2]["ETag"]})[0], 304)
            for takes, packed in (("gzip;q=0", False), ("br, gzip; q=0.0", False), ("x-gzip", False), ("identity", False),
                                  ("br;q=1, GZIP ;q=0.5", True)):
                self.assertEqual(self.cloud.get(path, {"Accept-Encoding": takes})[1], (sent if packed else plain)[1], takes)
            taken += len(sent[1])
        self.assertLessEqual(taken, 100_000)
        self.assertGreater(taken, 10_000)

    def test_c_shown_as_letters(self):
        with Browser(os.path.join(self.dir, "browser"), pin=pin(self.cloud.home), width=360, height=740) as page:
            for path, waits in (("/f/evil?lang=ja", "内科"), ("/f/evil?lang=en", "内科"), ("/f/evil?lang=ja&book=naika", "内科"),
                                ("/f/evil?lang=ja", "点検"), ("/f/evil?lang=en", "点検"),
                                (f"/t/{self.token}?lang=ja", "医院"), (f"/t/{self.token}?lang=en", "医院")):
                page.open(f"https://localhost:{self.cloud.port()}{path}")
                page.until(f"document.querySelector('main') && document.body.innerText.includes('{waits}<img src=x')")
                self.assertEqual(page.run(FOREIGN), "0/false", path)
            run = self.cloud.command("provider", "--maintenance", "--reason", "停止" + EVIL)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.addCleanup(self.cloud.command, "provider", "--no-maintenance")
            page.open(f"https://localhost:{self.cloud.port()}/f/stopped?lang=ja")
            page.until("document.body && document.body.innerText.includes('順番取りは 停止しています')")
            page.open(f"https://localhost:{self.cloud.port()}/f/evil?lang=ja")
            page.until("document.body && document.body.innerText.includes('停止<img src=x')")
            self.assertEqual(page.run(FOREIGN), "0/false")
            told = [each for each in page.complaints if "Content Security Policy" in each]
            self.assertEqual(told, [], "the policy had nothing to stop")


if __name__ == "__main__":
    if program() is None or not (SITE / "index.html").exists():
        skip("no Chromium, or the service site is not built (web/patient/build)")
    main(__doc__)
