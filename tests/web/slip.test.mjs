// SPDX-License-Identifier: Apache-2.0
// What the code of a paper slip leads to: the clinic's page with that number on it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { langs, site } from "./kit.mjs";
import { iso } from "./standin.mjs";

const it = site();
const name = "naika-20261126-36";
const room = { id: "r1", name: { ja: "診察室1", en: "Room 1", reading: "しんさつしつ、いち" } };
const until = (selector, pattern) => it.page.waitForFunction(([where, source]) =>
  new RegExp(source).test(document.querySelector(where)?.textContent.replace(/\u200b/g, "").replace(/\s+/g, " ") ?? ""), [selector, pattern.source]);
const tell = (more, of = name) => {
  it.day.numbers[of] = more;
  it.server.push();
};
async function come(lang = "ja", of = name) {
  await it.page.goto(`${it.server.base}/f/minato?lang=${lang}#${of}`);
  await it.page.waitForSelector(".held .number");
}
const asked = () => it.day.requests.filter((each) => each.includes("/numbers/"));

describe("the page that a slip's code leads to", () => {
  test("begins with the slip's number and its place, and takes no second one by its largest button", async () => {
    it.day.numbers[name] = { state: "waiting", ahead: 11, wait: { low: 45, high: 75 } };
    await come();
    await until(".held", /お手元の番号.*内科.*9:15 現在.*36.*前に お待ち.*11人.*45分〜1時間15分.*10:00〜10:30ごろ/);
    assert.match(await it.text(".mine .standing"), /お待ちいただいています.*お呼びするまで お待ちください/);
    const tops = await it.page.evaluate(() => [".held", ".note.says", ".line"].map((each) => document.querySelector(each).getBoundingClientRect().top));
    assert.deepEqual(tops, [...tops].sort((a, b) => a - b));
    assert.equal(await it.page.locator("main .button.main").count(), 0);
    assert.match(await it.text(".line .button"), /ほかの方の 順番を とる/);
  });

  test("the number stays while somebody of the family takes another one", async () => {
    it.day.numbers[name] = { state: "waiting", ahead: 11 };
    await come();
    await it.page.locator(".line .button").first().click();
    await it.page.waitForSelector("fieldset.person");
    await it.page.locator(".sticky .plain").click();
    await until(".held", /36.*11人/);
    await it.page.locator(".languages select").selectOption("en");
    await until(".held", /Your number.*36.*People ahead.*11/);
    assert.match(it.page.url(), /\?lang=en$/);
  });

  test("the language is changed and the number stays in the address", async () => {
    it.day.numbers[name] = { state: "waiting", ahead: 11 };
    await come();
    await it.page.locator(".languages select").selectOption("vi");
    await until(".held", /Số của bạn.*36/);
    assert.match(it.page.url(), /\?lang=vi#naika-20261126-36$/);
    await it.page.reload();
    await until(".held", /36/);
  });

  test("every standing is said in words, comes by itself, and a call is spoken", async () => {
    it.day.numbers[name] = { state: "waiting", ahead: 1 };
    await come();
    await until(".held", /1人/);
    for (const [more, words] of [[{ state: "waiting", ahead: 0 }, /つぎに お呼びします/], [{ state: "called", room }, /お呼びしています.*診察室1へ お入りください/],
      [{ state: "absent" }, /いらっしゃいませんでした.*受付へ お声がけください/], [{ state: "hold" }, /保留.*もとの順番に もどります/],
      [{ state: "in_room", room }, /診察中です/], [{ state: "booked", ahead: 4 }, /番号を お取りしてあります.*受付へ お声がけ/], [{ state: "over" }, /この番号は 終わりました.*まだの方は 受付へ/]]) {
      tell(more);
      await until(".mine .standing", words);
      if (more.state === "called") await until(".mine [role=alert].unseen", /お呼びしています 診察室1へ/);
      assert.equal(await it.page.locator(".held .ahead").count(), more.ahead === undefined ? 0 : 1, more.state);
    }
    assert.equal(asked().length, 1);
  });

  test("a number that the clinic has not told of yet is there by itself once it has", async () => {
    await come();
    await until(".mine .standing", /まだ わかりません.*受付で お確かめください/);
    tell({ state: "waiting", ahead: 5 });
    await until(".held", /5人/);
  });

  test("of another day it says so, and asks nobody", async () => {
    await come("ja", "naika-20261125-36");
    assert.match(await it.text(".held"), /お手元の番号.*36.*11月25日\(水\)の番号.*本日の番号では ありません/);
    assert.equal(await it.page.locator(".mine").count(), 0);
    assert.deepEqual(asked(), []);
    assert.match(await it.text(".line .button.main"), /順番を とる/); // who comes back on another day wants one
  });

  test("the clinic out of reach: the place with its time, no wait", async () => {
    it.day.numbers[name] = { state: "waiting", ahead: 11, wait: { low: 45, high: 75 } };
    await come();
    await until(".held", /11人/);
    Object.assign(it.day.facility, { stale: true, as_of: iso(it.day.now - 240_000) });
    it.server.push();
    await until(".held", /9:11 現在.*11人.*わかりません/);
    assert.equal(await it.page.locator(".held.hatched").count(), 1);
  });

  test("where no WebSocket gets through, it polls", async () => {
    it.day.sockets = false;
    it.day.numbers[name] = { state: "waiting", ahead: 11 };
    await it.page.clock.install();
    try {
      await come();
      await until(".held", /11人/);
      it.day.numbers[name] = { state: "called", room };
      await it.page.clock.runFor(30_000);
      await until(".mine .standing", /診察室1へ/);
    } finally {
      await it.page.clock.resume();
    }
  });

  for (const hash of ["main", "naika-20261126-036", "naika-2026-36", "%3Cimg%20src=x%3E-20261126-1x"])
    test(`#${hash} is no slip, and the page is as it was`, async () => {
      await it.page.goto(`${it.server.base}/f/minato?lang=ja#${hash}`);
      await it.page.waitForSelector(".line .button.main");
      assert.equal(await it.page.locator(".held").count(), 0);
      assert.deepEqual(asked(), []);
    });

  test("a counter that this clinic has not is told kindly", async () => {
    await come("ja", "geka-20261126-36");
    await until(".mine .standing", /まだ わかりません.*受付で お確かめください/);
    assert.equal(asked().length, 1);
  });

  test("the longest numbers fit a narrow phone", async () => {
    const long = "shouni-20261126-W12.107";
    it.day.numbers[long] = { state: "waiting", ahead: 41, wait: { low: 95, high: 130 } };
    await it.page.setViewportSize({ width: 320, height: 600 });
    try {
      for (const lang of langs) {
        await come(lang, long);
        await until(".held", /SW12-107.*41/);
        assert.equal(await it.page.evaluate(() => document.documentElement.scrollWidth), 320);
        assert.deepEqual(await it.page.evaluate(() => [...document.querySelectorAll(".mine *")].filter((each) => !each.closest(".unseen, svg")
          && each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1).map((each) => each.className)), [], lang);
      }
    } finally {
      await it.page.setViewportSize({ width: 360, height: 740 });
    }
  });
});
