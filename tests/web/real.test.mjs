// SPDX-License-Identifier: Apache-2.0
// The same pages against a real machiai-cloud, when one is given: MACHIAI_BASE=https://127.0.0.1:PORT, with the example
// facility of `machiai-cloud init --example` (MACHIAI_FACILITY, MACHIAI_CARDS="1001=1980-01-01 1002=1980-01-02").
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { launch } from "./browser.mjs";
import { fillCard, fillFirst } from "./kit.mjs";

const base = process.env.MACHIAI_BASE;
const facility = process.env.MACHIAI_FACILITY ?? "minato";
const cards = (process.env.MACHIAI_CARDS ?? "1001=1980-01-01 1002=1980-01-02").split(" ").map((each) => each.split("="));

describe("with a real cloud", { skip: base ? false : "MACHIAI_BASE is not set" }, () => {
  let browser;
  let page;
  before(async () => { browser = await launch({ ignoreHTTPSErrors: true }); page = browser.page; });
  after(async () => { await browser.close(); });
  beforeEach(() => { browser.faults.length = 0; });
  const text = async (selector) => (await page.locator(selector).first().innerText()).replace(/\s+/g, " ").trim();
  const birth = (iso) => iso.split("-").map((part) => String(Number(part)));
  const form = async () => {
    await page.goto(`${base}/f/${facility}?lang=ja`);
    await page.locator(".line .button.main").first().click();
  };
  const send = () => page.locator(".sticky .main").click();

  test("the clinic's page, live", async () => {
    const frame = page.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived"));
    await page.goto(`${base}/f/${facility}?lang=ja`);
    await page.waitForSelector(".line");
    await frame;
    assert.notEqual(await text("h1"), "");
    assert.deepEqual(browser.faults, []);
  });

  test("a family books with cards; the ticket is live; it is cancelled", async () => {
    await form();
    for (const [at, [card, born]] of cards.slice(0, 2).entries()) {
      if (at > 0) await page.locator(".dashed").click();
      await fillCard(page, at, card, birth(born));
    }
    await send();
    await page.waitForSelector("dl.check");
    await send();
    await page.waitForSelector(".family .stone");
    assert.equal(await page.locator(".family .stone").count(), Math.min(2, cards.length));
    assert.match(page.url(), /\/t\/[\w-]{20,}/);
    await page.reload();
    await page.waitForSelector(".standing");
    const cancel = async () => {
      await page.locator(".pair button").click();
      await page.locator("dialog .danger").click();
      await page.waitForSelector(".standing.cancelled");
    };
    await cancel(); // all of them, so that the test can be run again
    for (const other of await page.locator(".family a").evaluateAll((all) => all.map((each) => each.getAttribute("href")))) {
      await page.goto(base + other);
      await cancel();
    }
    assert.deepEqual(browser.faults, []);
  });

  test("a first visit gets a number, and says that it is here", async () => {
    await form();
    await fillFirst(page, 0, "見本 花子", "00-0000-0000");
    await send();
    await page.waitForSelector("dl.check");
    await send();
    await page.waitForSelector(".tall");
    assert.match(await text(".card .number"), /\d/);
    await page.locator(".tall").click();
    await page.waitForSelector(".arrived");
    assert.deepEqual(browser.faults, []);
  });

  test("a day and a time are chosen; the place is given up again", async () => {
    const times = async () => {
      await page.goto(`${base}/f/${facility}?lang=ja`);
      await page.locator(".button.slots").first().click();
      await fillFirst(page, 0, "見本 花子", "00-0000-0000");
      await send();
      await page.waitForSelector(".days");
      await page.locator("input[name=day]").nth(1).check(); // another day than today
    };
    const first = () => page.locator(".option.slot").first();
    await times();
    const before = (await first().innerText()).replace(/\s+/g, " ");
    const slot = await first().locator("input").inputValue();
    await first().locator("input").check();
    await send();
    await page.waitForSelector("dl.check");
    const [, month, day] = slot.slice(0, 10).split("-").map(Number);
    assert.match(await text("dl.check"), new RegExp(`予約の日時 ${month}月${day}日`));
    await send();
    await page.waitForSelector(".card .number");
    assert.match(await text(".card .number"), /\d/);
    assert.match(await text(".card"), new RegExp(`${month}月${day}日.*午[前後]\\d+:\\d\\d`));
    await page.reload();
    await page.waitForSelector(".standing.booked");
    await page.locator(".pair button").click();
    await page.locator("dialog .danger").click();
    await page.waitForSelector(".standing.cancelled");
    await times(); // the place is free again
    await page.waitForFunction((wanted) => document.querySelector(".option.slot")?.innerText.replace(/\s+/g, " ") === wanted, before);
    assert.deepEqual(browser.faults, []);
  });

  test("a wrong birth date is refused in words", async () => {
    await form();
    await fillCard(page, 0, cards[0][0], ["1999", "12", "31"]);
    await send();
    await page.waitForSelector("dl.check");
    await send();
    await page.waitForSelector(".came .wrong");
    assert.match(await text(".came"), /診察券番号と 生年月日/);
  });

  test("a draw is told before bookings open", { skip: process.env.MACHIAI_LATER ? false : "MACHIAI_LATER is not set" }, async () => {
    await page.goto(`${base}/f/${process.env.MACHIAI_LATER}?lang=ja`);
    await page.waitForSelector(".line");
    assert.match(await text(".draw"), /45/);
    assert.deepEqual(browser.faults, []);
  });

  test("unknown links", async () => {
    await page.goto(`${base}/t/AAAAAYbE0mQ4cVqYpQe7h1yT5aE?lang=ja`);
    await page.waitForSelector(".lost");
    await page.goto(`${base}/f/no-such-clinic?lang=ja`);
    await page.waitForSelector("h1");
    assert.notEqual(await text("h1"), "");
  });
});
