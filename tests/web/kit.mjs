// SPDX-License-Identifier: Apache-2.0
// What the tests of the pages share: a stand-in server held against the document, and one browser for a file's tests.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { launch } from "./browser.mjs";
import { conforms } from "./document.mjs";
import { morning, serve } from "./standin.mjs";

export const langs = ["ja", "easy", "en", "zh", "ko", "vi", "pt"];

/// A fresh clinic day and an empty page before every test. After it nothing may have been said against the document,
/// and the page may not have made a mistake of its own.
export function site(options = {}) {
  const it = { day: null, server: null, browser: null, page: null, wrong: [] };
  before(async () => { it.browser = await launch(options); });
  after(async () => { await it.browser.close(); });
  beforeEach(async () => {
    it.day = morning();
    it.wrong = [];
    it.server = await serve(it.day, (...said) => {
      try {
        conforms(...said);
      } catch (error) {
        it.wrong.push(error.message);
      }
    });
    it.browser.faults.length = 0;
    it.page = it.browser.page;
    await it.browser.context.setOffline(false);
  });
  afterEach(async () => {
    await it.page.goto("about:blank");
    await it.server.close();
    assert.deepEqual(it.wrong, []);
    assert.deepEqual(it.browser.faults, []);
  });
  it.facility = async (query = "") => {
    await it.page.goto(`${it.server.base}/f/minato${query}`);
    await it.page.waitForSelector("main h1");
  };
  it.ticket = async (token, query = "") => {
    await it.page.goto(`${it.server.base}/t/${token}${query}`);
    await it.page.waitForSelector(".card, .lost");
  };
  it.tabTo = async (what) => {
    for (let n = 0; n < 40; n++) {
      await it.page.keyboard.press("Tab");
      if (await it.page.evaluate((selector) => document.activeElement?.matches(selector), what)) return;
    }
    assert.fail(`the keyboard does not reach ${what}`);
  };
  it.text = async (selector) => (await it.page.locator(selector).first().innerText()).replace(/\u200b/g, "").replace(/\s+/g, " ").trim();
  return it;
}

export async function fillCard(page, place, card, [year, month, day]) {
  const person = page.locator("fieldset.person").nth(place);
  await person.locator("input[id^=card-]").fill(card);
  await person.locator("input[id$=-year]").fill(year);
  await person.locator("input[id$=-month]").fill(month);
  await person.locator("input[id$=-day]").fill(day);
}
export async function fillFirst(page, place, name, phone) {
  const person = page.locator("fieldset.person").nth(place);
  await person.locator("input[type=radio]").nth(1).check();
  await person.locator("input[id^=name-]").fill(name);
  await person.locator("input[id^=phone-]").fill(phone);
}
/// To the last look with one known patient.
export async function toReview(it) {
  await it.facility("?lang=ja&book=naika");
  await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
  await it.page.locator(".sticky .main").click();
  await it.page.waitForSelector("dl.check");
}
