# SPDX-License-Identifier: Apache-2.0
"""An examination room's seat in a real browser: pairs, calls, acts, undoes, loses a race, goes stale and comes back."""
import argparse
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit import case  # noqa: E402
from kit.browser import Browser, pin, program  # noqa: E402
from kit.case import StationCase  # noqa: E402
from kit.lan import lan_port  # noqa: E402
from kit.station import skip, until  # noqa: E402

SIZES = ((1280, 800), (360, 740))
# Everything that can be pressed, smaller than a finger; and everything that sticks out of the window.
SMALL = """[...document.querySelectorAll('button, input')].filter(e => e.offsetParent).map(e => [e.id || e.className ||
    e.dataset.do, e.getBoundingClientRect()]).filter(([, b]) => b.width < 44 || b.height < 44).map(([n]) => n)"""
OUTSIDE = """[...document.querySelectorAll('#seat *')].filter(e => e.offsetParent && !e.closest('svg') &&
    e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + '.' + e.className)"""
NEXT, INSIDE = "#next .number", "#inside .number"


class Seat(StationCase):
    settings = {"settle_seconds": "3600", "lan": '"127.0.0.1:0"'}
    keep = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The same port after a restart, as in a clinic.
        port = lan_port(cls.station.home)
        cls.station.daemon_args = ["--lan", f"127.0.0.1:{port}"]
        cls.browser = Browser(os.path.join(cls.dir, "browser"), pin=pin(cls.station.home))
        cls.addClassCleanup(cls.browser.__exit__)
        cls.url = f"https://localhost:{port}/"

    def shown(self, name):
        if self.keep:
            os.makedirs(self.keep, exist_ok=True)
            self.browser.picture(os.path.join(self.keep, f"room-{name}.png"))

    def shows(self, selector, text):
        self.browser.until(f"document.querySelector('{selector}').textContent === '{text}'")

    def ready(self):
        """The guard against double taps is over and nothing is on its way."""
        self.browser.until("document.querySelector('#next').getAttribute('aria-disabled') === 'false'")

    def number(self, ticket):
        return self.state(ticket)["number"]

    def test_a_morning_in_room_1(self):
        self.pairs()
        names = ("ヤマダ ハルト", "サトウ アオイ", "スズキ ユイ", "タナカ レン", "イトウ ソラ", "キムラ サクラ")
        tickets = [self.take("naika", "--name", name, "--card", str(10482 + nth), "--kind", ("return", "first")[nth % 2])
                   for nth, name in enumerate(names)]
        self.calls_once(tickets)
        self.acts_and_undoes(tickets)
        self.speaks_english_and_fits()
        self.loses_a_race(tickets)
        self.goes_stale_and_comes_back(tickets)
        self.keeps_nothing(names)
        self.is_revoked()
        self.assertEqual([each for each in self.browser.complaints if "401" not in each and "403" not in each
                          and "WebSocket" not in each and "ERR_CONNECTION" not in each], [])

    def pairs(self):
        page = self.browser
        page.open(self.url)
        page.until("document.querySelector('#pairing') && !document.querySelector('#pairing').hidden")
        self.shown("pair-ja")
        code = self.done("pair", "--name", "診察室1のタブレット", "--room", "1")["code"]
        page.type("111111" if code != "111111" else "222222")
        page.key("Enter", "Enter", "\r")
        page.until("document.querySelector('#pair-note').textContent.length > 5")
        self.shown("pair-wrong-ja")
        page.run("document.querySelector('#code').value = ''")
        page.type(code[:3] + " " + code[3:])
        page.touch("#admit")
        self.shows("#room", "診察室1")
        self.assertEqual(page.text("#next .do"), "お待ちの方は\nいません")
        self.shown("empty-ja")

    def calls_once(self, tickets):
        page = self.browser
        self.shows(NEXT, "1")
        self.ready()
        page.touch("#next")
        page.touch("#next")  # the second tap of the same finger
        self.shows(INSIDE, "1")
        self.shows(NEXT, "2")
        self.assertEqual([self.state(each)["state"] for each in tickets[:2]], ["called", "waiting"])
        self.shown("called-ja")
        self.ready()
        # By keyboard: the button still has the focus.
        self.assertEqual(page.run("document.activeElement.id"), "next")
        page.key("Enter", "Enter", "\r")
        self.shows(INSIDE, "2")
        self.assertEqual([self.state(each)["state"] for each in tickets[:3]], ["done", "called", "waiting"])
        self.ready()
        page.key(" ", "Space", " ")
        self.shows(INSIDE, "3")
        label = page.run("document.querySelector('#next').getAttribute('aria-label')")
        self.assertIn("4番", label)
        self.assertIn("3番は「済」に なります", label)
        self.assertEqual(page.text("#told"), "3番を お呼びしました。")

    def acts_and_undoes(self, tickets):
        page = self.browser
        self.done("enter", tickets[2])
        self.shows("#inside .spine", "診察中")
        self.ready()
        self.shown("in-room-ja")
        for verb, state in (("absent", "absent"), ("hold", "hold"), ("finish", "done")):
            page.touch(f"#actions [data-do={verb}]")
            until(lambda s=state: self.state(tickets[2])["state"] == s, state)
            page.until("document.querySelector('#back').dataset.on === 'true'")
            page.touch("#undo")
            until(lambda: self.state(tickets[2])["state"] == "in_room", "undo")
            self.shows(INSIDE, "3")
        page.touch("#actions [data-do=recall]")
        self.shows("#told", "3番を もう一度 お呼びしました。")

    def speaks_english_and_fits(self):
        page = self.browser
        for lang in ("ja", "en"):
            for width, height in SIZES:
                page.size(width, height)
                page.run("scrollTo(0, 0)")
                self.assertEqual(page.run(SMALL), [], f"{width} {lang}")
                self.assertEqual(page.run(OUTSIDE), [], f"{width} {lang}")
                page.run("new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))")
                self.shown(f"{lang}-{width}x{height}")
            page.size(1280, 800)
            page.touch("header .lang")
            self.shows("html > head > title" if lang == "en" else "#link span", "診察室1" if lang == "en" else "Connected")
        page.run("document.querySelector('#next').focus()")

    def loses_a_race(self, tickets):
        """Another room is quicker by less than the view takes; the press names whom it meant."""
        page = self.browser
        self.ready()
        page.run("""window.held = []; window.real = WebSocket.prototype.send;
            WebSocket.prototype.send = function (text) { held.push([this, text]) }""")
        page.touch("#next")
        page.until("held.length === 1")
        self.done("call", "naika", "--room", "2")
        page.run("WebSocket.prototype.send = real; held.forEach(([line, text]) => line.send(text))")
        self.shows("#alarm", "4番は 診察室2が 呼びました。 つぎは 5番です。")
        self.assertEqual(self.state(tickets[4])["state"], "waiting")
        self.shown("lost-race-ja")

    def goes_stale_and_comes_back(self, tickets):
        page = self.browser
        self.ready()
        # What the stale screen needs is there before the station is gone.
        fetched = page.run("performance.getEntriesByType('resource').map(e => e.name).join()")
        self.assertIn("/icons/linkoff.svg", fetched)
        self.station.kill9()
        page.until("document.body.dataset.stale === 'true'")
        self.shows("#next .do", "つながっていません")
        page.touch("#next")
        self.shown("stale-ja")
        page.size(360, 740)
        self.shown("stale-ja-360x740")
        page.size(1280, 800)
        self.station.start()
        page.until("document.body.dataset.stale === 'false'")
        self.shows(NEXT, "5")
        self.assertEqual(self.state(tickets[4])["state"], "waiting")

    def keeps_nothing(self, names):
        page = self.browser
        kept = page.run("JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])")
        self.assertNotIn("room-", kept)
        for name in names:
            self.assertNotIn(name, kept)
        self.assertEqual(page.run("(indexedDB.databases ? indexedDB.databases() : Promise.resolve([])).then(d => d.length)"), 0)

    def is_revoked(self):
        (device,) = self.done("devices")["devices"]
        self.done("unpair", device["device"])
        self.browser.until("document.querySelector('#pairing') && !document.querySelector('#pairing').hidden")
        self.assertNotIn("サトウ", self.browser.run("document.documentElement.innerHTML"))


if __name__ == "__main__":
    if program() is None:
        skip("no chromium")
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--keep")
    known, rest = parser.parse_known_args()
    Seat.keep = known.keep
    sys.argv[1:] = rest
    case.main(__doc__)
