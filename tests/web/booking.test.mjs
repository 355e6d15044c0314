// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fillCard, fillFirst, site, toReview } from "./kit.mjs";
import { iso, shut } from "./standin.mjs";

const it = site();
const send = () => it.page.locator(".sticky .main").click();
const numbers = async () => {
  await it.page.waitForSelector(".card .number");
  return it.text(".card .number");
};

describe("booking", () => {
  test("a known patient: from the clinic's page to the number", async () => {
    await it.facility("?lang=ja");
    await it.page.locator(".line .button.main").first().click();
    assert.equal(await it.page.evaluate(() => document.activeElement?.textContent), "順番を とる");
    await fillCard(it.page, 0, "１００１", ["1980", "1", "1"]);
    await send();
    await it.page.waitForSelector("dl.check");
    assert.match(await it.text("dl.check"), /1001.*1980年1月1日/);
    assert.match(await it.text("main"), /3人あとに もう一度 お呼びします/);
    assert.equal(it.day.posts.length, 0);
    await send();
    assert.equal(await numbers(), "16");
    assert.match(await it.text(".note.good"), /順番を お取りしました/);
    assert.deepEqual(JSON.parse(it.day.posts[0].text), { service: "naika", kind: "return", people: [{ card: "1001", birth: "1980-01-01" }] });
    assert.match(it.page.url(), /\/t\/[\w-]{27}\?lang=ja$/);
  });

  test("a first visit", async () => {
    await it.facility("?lang=ja&book=naika");
    await fillFirst(it.page, 0, "見本 花子", "００ー００００ー００００");
    await send();
    await it.page.waitForSelector("dl.check");
    await send();
    assert.equal(await numbers(), "16");
    assert.deepEqual(JSON.parse(it.day.posts[0].text), { service: "naika", kind: "first", people: [{ name: "見本 花子", phone: "00-0000-0000" }] });
  });

  test("a notice by e-mail goes with the booking, and can be left out", async () => {
    await it.facility("?lang=ko&book=naika");
    await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
    assert.equal(await it.page.locator("#notice-near").inputValue(), "3");
    assert.equal(await it.page.locator("#notice-near option").count(), 20);
    await it.page.locator("#notice-email").fill("hanako@");
    await send();
    await it.page.waitForFunction(() => document.activeElement?.classList.contains("wrong"));
    await it.page.locator(".note.wrong a").first().click();
    assert.equal(await it.page.evaluate(() => document.activeElement.id), "notice-email");
    await it.page.locator("#notice-email").fill("ｈanako＠example.jp");
    await it.page.locator("#notice-near").selectOption("5");
    await send();
    await it.page.waitForSelector("dl.check");
    assert.match(await it.text(".panel.mail"), /hanako@example\.jp.*5/);
    await send();
    assert.equal(await numbers(), "16");
    assert.deepEqual(JSON.parse(it.day.posts[0].text).notice, { email: "hanako@example.jp", near: 5, lang: "ko" });
    await it.page.waitForSelector(".panel.mail");
    assert.doesNotMatch(await it.page.content(), /example\.jp/);
  });

  test("where no mail is sent none is offered", async () => {
    it.day.facility.options.mail = false;
    await it.facility("?lang=ja&book=naika");
    assert.equal(await it.page.locator("#notice-email").count(), 0);
  });

  test("an address that the server does not take is marked at its field", async () => {
    await it.facility("?lang=ja&book=naika");
    await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
    await it.page.locator("#notice-email").fill("a@-b.jp");
    it.day.refuse = { status: 400, reason: "bad_email", more: { detail: "notice" } };
    await send();
    await it.page.waitForSelector("dl.check");
    await send();
    await it.page.waitForSelector(".mail .trouble");
    assert.equal(await it.page.locator("#notice-email").getAttribute("aria-invalid"), "true");
  });

  test("a family gets its numbers side by side", async () => {
    await it.facility("?lang=ja&book=naika");
    await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
    await it.page.locator(".dashed").click();
    await it.page.locator(".dashed").click();
    await fillCard(it.page, 1, "1002", ["1980", "1", "2"]);
    await fillFirst(it.page, 2, "見本 太郎", "00-0000-0000");
    await send();
    await it.page.waitForSelector("dl.check");
    await send();
    assert.equal(await numbers(), "16");
    await it.page.waitForSelector(".family");
    assert.deepEqual((await it.page.locator(".family .stone").allInnerTexts()), ["16", "17", "18"]);
    await it.page.locator(".family a").last().click();
    await it.page.waitForFunction(() => document.querySelector(".card .number")?.textContent === "18");
  });

  test("a person can be taken out again, and six are the most", async () => {
    await it.facility("?lang=ja&book=naika");
    for (let n = 0; n < 5; n++) await it.page.locator(".dashed").click();
    assert.equal(await it.page.locator("fieldset.person").count(), 6);
    assert.equal(await it.page.locator(".dashed").count(), 0);
    await it.page.locator(".remove").nth(2).click();
    assert.equal(await it.page.locator("fieldset.person").count(), 5);
    await it.page.waitForFunction(() => document.activeElement?.classList.contains("person"));
  });

  test("what is wrong is listed, focused and linked to its field", async () => {
    await it.facility("?lang=ja&book=naika");
    await fillCard(it.page, 0, "", ["1980", "13", "1"]);
    await send();
    await it.page.waitForFunction(() => document.activeElement?.classList.contains("wrong"));
    assert.match(await it.text(".note.wrong"), /2か所.*診察券番号を 入れてください.*生年月日/);
    await it.page.locator(".note.wrong a").first().click();
    assert.match(await it.page.evaluate(() => document.activeElement.id), /^card-/);
    const described = await it.page.locator("input[id^=card-]").getAttribute("aria-describedby");
    assert.match(described, /-why/);
    assert.equal(await it.page.locator("input[id^=card-]").getAttribute("aria-invalid"), "true");
    assert.equal(it.day.posts.length, 0);
  });

  test("a double tap is one booking", async () => {
    await toReview(it);
    let answer = () => {};
    it.day.hold = new Promise((done) => { answer = done; });
    const place = await it.page.locator(".sticky .main").boundingBox();
    await it.page.locator(".sticky .main").evaluate((button) => { // before the page has drawn anything new
      button.click();
      button.click();
    });
    await it.page.waitForSelector("[aria-disabled=true]");
    assert.equal((await it.page.locator(".sticky .main").boundingBox()).y, place.y); // and it stays under the finger
    await it.page.locator(".sticky .main").dblclick({ force: true });
    await it.page.keyboard.press("Enter");
    assert.match(await it.text(".sticky .sum"), /2回押しても 番号は 1つ/);
    answer();
    assert.equal(await numbers(), "16");
    assert.equal(it.day.posts.length, 1);
    assert.equal(it.day.tickets.size, 1);
  });

  test("an answer that takes too long is asked for again with the same key, and is one number", async () => {
    await it.page.clock.install();
    try {
      await toReview(it);
      it.day.hold = new Promise(() => {});
      await send();
      await it.page.waitForFunction(() => /2回押しても/.test(document.querySelector(".sum")?.textContent ?? ""));
      for (let n = 0; n < 100 && it.day.posts.length === 0; n++) await it.page.waitForTimeout(20);
      it.day.hold = null;
      await it.page.clock.runFor(15_000);
      await it.page.waitForFunction(() => /もう一度 確かめています/.test(document.querySelector(".sum")?.textContent ?? ""));
      await it.page.clock.runFor(1_000);
      assert.equal(await numbers(), "16");
      assert.equal(it.day.posts.length, 2);
      assert.equal(new Set(it.day.posts.map((each) => each.key)).size, 1);
      assert.equal(it.day.tickets.size, 1);
    } finally {
      await it.page.clock.resume();
    }
  });

  test("a lost answer is asked for again with the same key, and is one number", async () => {
    await toReview(it);
    it.day.lose = 2;
    await send();
    await it.page.waitForFunction(() => /もう一度 確かめています/.test(document.querySelector(".sum")?.textContent ?? ""));
    assert.equal(await numbers(), "16");
    assert.equal(it.day.posts.length, 3);
    assert.equal(new Set(it.day.posts.map((each) => each.key)).size, 1);
    assert.equal(it.day.tickets.size, 1);
  });

  test("when no answer comes at all, only the same attempt can be sent, and it finds its number", async () => {
    await toReview(it);
    it.day.lose = 4;
    await send();
    await it.page.waitForSelector(".came .wrong", { timeout: 30_000 });
    assert.match(await it.text(".came"), /まだ 分かりません.*番号が 増えることは ありません/);
    assert.equal(await it.page.evaluate(() => document.activeElement.classList.contains("came")), true);
    assert.equal(await it.page.locator(".sticky .plain").count(), 0);
    await it.page.goBack();
    assert.equal(await it.page.locator("dl.check").count(), 1);
    await send();
    assert.equal(await numbers(), "16");
    assert.equal(new Set(it.day.posts.map((each) => each.key)).size, 1);
    assert.equal(it.day.tickets.size, 1);
  });

  test("offline: nothing is booked, and it can be sent again when the network is back", async () => {
    await toReview(it);
    await it.browser.context.setOffline(true);
    await send();
    await it.page.waitForSelector(".came .wrong", { timeout: 30_000 });
    assert.equal(it.day.posts.length, 0);
    await it.browser.context.setOffline(false);
    await send();
    assert.equal(await numbers(), "16");
  });

  test("another press after a refusal is another attempt", async () => {
    await toReview(it);
    it.day.refuse = { status: 403, reason: "not_recognised" };
    await send();
    await it.page.waitForSelector(".came .wrong");
    assert.match(await it.text(".came"), /診察券番号と 生年月日の 組み合わせを 確かめられませんでした/);
    it.day.refuse = null;
    await send();
    assert.equal(await numbers(), "16");
    assert.equal(new Set(it.day.posts.map((each) => each.key)).size, 2);
  });

  test("a card that has a number already is pointed at", async () => {
    await toReview(it);
    await send();
    await numbers();
    await it.facility("?lang=ja&book=naika");
    await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
    await send();
    await it.page.waitForSelector("dl.check");
    await send();
    await it.page.waitForSelector(".note.wrong");
    assert.match(await it.text(".note.wrong"), /すでに お取りになっています/);
    assert.equal(await it.page.locator("input[id^=card-]").inputValue(), "1001");
  });

  for (const [status, reason, words, more, retry] of [
    [409, "booking_full", /いっぱいになりました/, {}],
    [409, "booking_not_open", /まだ 始まっていません.*あす 午前6:00から/, { opens_at: "2026-11-27T06:00:00.000+09:00" }],
    [429, "check_resting", /診察券での受付を お休みしています.*9:21 以降/, {}, 300],
    [503, "maintenance", /メンテナンス中/, {}],
    [409, "some_new_reason", /「some_new_reason」のため/, {}],
  ])
    test(`refused with ${reason}: the reason, and no number`, async () => {
      await toReview(it);
      it.day.refuse = { status, reason, more, retry };
      await send();
      await it.page.waitForSelector(".came .wrong");
      assert.match(await it.text(".came"), words);
      assert.equal(it.day.tickets.size, 0);
      assert.equal(it.day.posts.length, 1);
    });

  test("in the first minute the draw is told in words, and the number comes by itself", async () => {
    const service = it.day.facility.services[0];
    it.day.now = Date.parse("2026-11-26T06:00:20.000+09:00");
    it.day.facility.as_of = iso(it.day.now);
    service.booking = { ...service.booking, drawing_until: "2026-11-26T06:01:00.000+09:00" };
    await it.facility("?lang=ja");
    assert.match(await it.text(".line .draw"), /午前6:01までに.*抽選.*お申し込みの 早さは 関係ありません/);
    await toReview(it);
    await send();
    assert.equal(await numbers(), "抽選中");
    assert.match(await it.text(".card"), /午前6:01に 番号が決まります/);
    assert.match(await it.text(".standing"), /押した早さは 関係ありません/);
    const ticket = [...it.day.tickets.values()][0];
    Object.assign(ticket, { state: "booked", number: "3", ahead: 2, drawn_at: null, may: { cancel: true, arrive: true, notice: true } });
    it.server.push();
    await it.page.waitForFunction(() => document.querySelector(".card .number")?.textContent === "3");
  });

  test("closed while somebody types: the reason is shown, and what was typed is still there when it opens again", async () => {
    await it.facility("?lang=ja&book=naika");
    await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
    const service = it.day.facility.services[0];
    const before = service.booking;
    service.booking = shut("booking_paused");
    it.server.push();
    await it.page.waitForFunction(() => /お休みしています/.test(document.body.textContent));
    service.booking = before;
    it.server.push();
    await it.page.waitForSelector("fieldset.person");
    assert.equal(await it.page.locator("input[id^=card-]").inputValue(), "1001");
  });

  test("nothing personal in the address, the history, or any storage", async () => {
    await it.facility("?lang=ja&book=naika");
    await fillFirst(it.page, 0, "見本 花子", "00-1234-5678");
    await send();
    await it.page.waitForSelector("dl.check");
    const kept = () => it.page.evaluate(() => JSON.stringify([location.href, history.state, { ...localStorage }, { ...sessionStorage }, document.cookie, document.title]));
    for (const text of [await kept(), (await send(), await numbers(), await kept())]) assert.doesNotMatch(text, /花子|1234|5678/);
    assert.equal(it.day.requests.some((each) => /花子|1234|%E8/.test(each)), false);
    assert.deepEqual(await it.page.evaluate(() => Object.keys(localStorage)), []);
  });

  test("the whole way by keyboard alone", async () => {
    await it.facility("?lang=ja&book=naika");
    const { keyboard } = it.page;
    await it.tabTo("input[id^=card-]");
    await keyboard.type("1001");
    for (const part of ["1980", "1", "1"]) {
      await keyboard.press("Tab");
      await keyboard.type(part);
    }
    await keyboard.press("Enter");
    await it.page.waitForSelector("dl.check");
    await it.page.waitForFunction(() => document.activeElement?.tagName === "H1");
    await it.tabTo("button[type=submit]");
    await keyboard.press("Space");
    assert.equal(await numbers(), "16");
  });
});
