# SPDX-License-Identifier: Apache-2.0
"""Notices: templates, checks and pictures without a daemon; the urgent one through it, kept over a restart."""
import hashlib
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from kit.case import StationCase, main  # noqa: E402

TITLE, BODY = "title=断水の お知らせ", "body=いま 水が 出ません。お手洗いは 2階を ご利用ください。"
LONG = "body=" + "お手洗いは 2階を ご利用ください。" * 12


def png_size(path):
    with open(path, "rb") as file:
        head = file.read(24)
    assert head.startswith(b"\x89PNG"), path
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Notice(StationCase):
    def notice(self, *args):
        return self.done("notice", *args)

    def picture(self, name, *args):
        path = os.path.join(self.dir, name)
        self.notice("render", *args, "--out", path)
        return path

    def test_templates_tell_their_fields(self):
        rows = {row["template"]: row for row in self.notice("templates")["templates"]}
        for name in ("closure", "hours", "vaccination", "doctor", "request", "free"):
            self.assertTrue(rows[name]["portrait"], name)
            self.assertTrue(any(field["required"] for field in rows[name]["fields"]), name)

    def test_a_notice_is_drawn_lying_and_upright_and_the_same_each_time(self):
        a = self.picture("a.png", "free", "--field", TITLE, "--field", BODY)
        b = self.picture("b.png", "free", "--field", TITLE, "--field", BODY)
        tall = self.picture("c.png", "free", "--field", TITLE, "--portrait")
        self.assertEqual(png_size(a), (1920, 1080))
        self.assertEqual(png_size(tall), (1080, 1920))
        self.assertEqual(read(a), read(b))

    def test_what_does_not_fit_is_told_and_not_drawn(self):
        code, told = self.station.cli("notice", "check", "free", "--field", TITLE, "--field", LONG)
        self.assertEqual(code, 3)
        self.assertEqual([fault["field"] for fault in told["faults"]], ["body", "body"])
        for fault in told["faults"]:
            self.assertGreater(fault["over"], 0)
            self.assertIn(str(fault["over"]), fault["message"])
        # Control: what is told to fit is drawn, and one character more is not.
        body = LONG.split("=")[1]
        fits = next(fault["fits"] for fault in told["faults"] if fault["shape"] == "landscape")
        self.picture("fits.png", "free", "--field", TITLE, "--field", "body=" + body[:fits])
        self.refused("notice_too_long", "notice", "render", "free", "--field", TITLE, "--field", "body=" + body[:fits + 1],
                     "--out", os.path.join(self.dir, "one-more.png"))
        out = os.path.join(self.dir, "long.png")
        error = self.refused("notice_too_long", "notice", "render", "free", "--field", TITLE, "--field", LONG,
                             "--out", out)
        self.assertRegex(error["detail"], r"body: \d+ characters too long")
        self.assertFalse(os.path.exists(out))
        self.refused("notice_field_missing", "notice", "render", "free", "--out", out)
        self.refused("unknown_template", "notice", "render", "party", "--out", out)
        self.refused("bad_date", "notice", "render", "closure", "--field", "dates=tomorrow", "--out", out)
        self.refused("bad_period", "notice", "render", "closure", "--field", "dates=2027-01-03..2026-12-29", "--out", out)

    def test_an_own_template_is_used_and_a_hostile_one_refused(self):
        own = os.path.join(self.dir, "own.svg")
        head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:m="urn:machiai:notice" viewBox="0 0 800 450">'
        fields = ('<m:column x="40" y="40" width="720" height="370">'
                  '<m:field name="title" ja="題" en="Title" size="80" least="44" fill="#102030"/></m:column></svg>')
        with open(own, "w", encoding="utf-8") as file:
            file.write(head + fields)
        self.assertEqual(png_size(self.picture("own.png", own, "--field", "title=朝礼", "--size", "800x450")),
                         (800, 450))
        with open(own, "w", encoding="utf-8") as file:
            file.write(head + "<script>1</script>" + fields)
        self.refused("template_script", "notice", "render", own, "--field", "title=朝礼", "--out", own + ".png")

    def test_the_shelf_gets_the_very_bytes_of_the_preview(self):
        # Without a title of its own it is called by its heading, as given or as the template has it.
        self.assertEqual(self.notice("add", "free", "--field", TITLE, "--field", BODY)["title"], TITLE.split("=")[1])
        self.assertEqual(self.notice("add", "closure", "--field", "dates=2099-12-29")["title"], "休診の お知らせ")
        self.assertEqual(self.notice("add", "doctor", "--field", "name=待合 花子")["title"], "待合 花子")
        item = self.notice("add", "free", "--field", TITLE, "--field", BODY, "--title", "断水")
        preview = self.picture("preview.png", "free", "--field", TITLE, "--field", BODY)
        self.assertEqual(item["sha256"], hashlib.sha256(read(preview)).hexdigest())
        self.assertEqual(item["kind"], "notice")
        film = next(each for each in self.done("media")["films"] if each["sha256"] == item["sha256"])
        self.assertEqual((film["kind"], film["title"], film["width"]), ("notice", "断水", 1920))
        self.assertTrue(self.done("media", "verify", item["sha256"])["holds"])
        left = [name for name in os.listdir(os.path.join(self.station.home, "media")) if name.endswith(".part")]
        self.assertEqual(left, [])

    def test_the_urgent_notice_stands_until_cleared_and_survives_a_restart(self):
        self.refused("no_notice", "notice", "clear")
        self.refused("notice_too_long", "notice", "now", "free", "--field", TITLE, "--field", LONG)
        self.assertIsNone(self.done("board")["notice"])
        answer = self.notice("now", "free", "--field", TITLE, "--field", BODY, "--minutes", "30")
        self.assertEqual(answer["template"], "free")
        shown = self.done("board")["notice"]
        self.assertAlmostEqual(shown["until"] - shown["since"], 30 * 60_000, delta=100, msg="decided, then written down")
        self.assertEqual({each["field"]: each["text"] for each in shown["fields"]}["title"], "断水の お知らせ")
        self.station.kill9()
        self.station.start()
        self.assertEqual(self.done("board")["notice"], shown)
        own = os.path.join(self.dir, "morning.svg")
        with open(own, "w", encoding="utf-8") as file:
            file.write('<svg xmlns="http://www.w3.org/2000/svg" xmlns:m="urn:machiai:notice" viewBox="0 0 800 450">'
                       '<m:column x="40" y="40" width="720" height="370">'
                       '<m:field name="title" ja="題" en="Title" size="80" least="44" fill="#102030"/></m:column></svg>')
        self.refused("template_elsewhere", "notice", "now", own, "--field", "title=朝礼")
        self.refused("no_such_file", "notice", "now", own + ".svg", "--field", "title=朝礼")
        templates = os.path.join(self.station.home, "templates")
        os.makedirs(templates, exist_ok=True)
        os.rename(own, os.path.join(templates, "morning.svg"))
        self.assertEqual(self.notice("now", os.path.join(templates, "morning.svg"), "--field", "title=朝礼")["template"], "morning")
        again = self.notice("now", "request", "--field", "title=マスクを お願いします")
        self.assertEqual(again["template"], "request")
        self.assertGreater(self.done("board")["notice"]["id"], shown["id"])
        self.notice("clear")
        self.assertIsNone(self.done("board")["notice"])
        self.refused("no_notice", "notice", "clear")
        self.assertTrue(self.done("verify")["holds"])


if __name__ == "__main__":
    main(__doc__)
