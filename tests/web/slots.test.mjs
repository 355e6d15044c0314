// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fillCard, fillFirst, site } from "./kit.mjs";
import { shut, withSlots } from "./standin.mjs";

const it = site();
const press = () => it.page.locator(".sticky .main").click();
const times = async () => (await it.page.locator(".option.slot b").allInnerTexts());
const pick = (what, value) => it.page.locator(`input[name=${what}][value="${value}"]`).check();
const problem = async () => {
  await it.page.waitForFunction(() => document.activeElement?.classList.contains("wrong"));
  return it.text(".note.wrong");
};
/// To the choice of the time, with one known patient.
const toTimes = async () => {
  withSlots(it.day);
  await it.facility("?lang=ja&book=shouni&way=slot");
  await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
  await press();
  await it.page.waitForSelector(".days");
};
const toCheck = async (slot) => {
  await toTimes();
  await pick("day", slot.slice(0, 10));
  await pick("slot", slot);
  await press();
  await it.page.waitForSelector("dl.check");
};

describe("slot booking", () => {
  test("from the clinic's page to the number of another day", async () => {
    withSlots(it.day);
    await it.facility("?lang=ja");
    assert.equal(await it.page.locator(".button.slots").count(), 1);
    await it.page.locator(".button.slots").click();
    assert.equal(await it.page.evaluate(() => document.activeElement?.textContent), "日時を えらんで 予約する");
    assert.equal(await it.page.locator("#way-slot").isChecked(), true);
    await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
    await press();
    await it.page.waitForSelector(".days");
    await it.page.waitForFunction(() => document.activeElement?.tagName === "H1");
    assert.equal(await it.text(".steps .now"), "2 いつ");
    await pick("day", "2026-11-30");
    assert.match(await it.text("main"), /11月30日\(月\)の 時間/);
    await pick("slot", "2026-11-30T15:00");
    assert.match(await it.text(".sticky .sum"), /11月30日\(月\) 午後3:00〜午後3:30 1人分/);
    await press();
    await it.page.waitForSelector("dl.check");
    assert.match(await it.text("dl.check"), /予約の日時 11月30日\(月\) 午後3:00〜午後3:30/);
    assert.equal(it.day.posts.length, 0);
    await press();
    await it.page.waitForSelector(".card .number");
    assert.equal(await it.text(".card .number"), "S-3");
    assert.match(await it.text(".card"), /11月30日\(月\) 午後3:00/);
    assert.match(await it.text(".note.good"), /ご予約を 承りました/);
    assert.match(await it.text(".standing"), /ご予約を 承りました/);
    assert.deepEqual(JSON.parse(it.day.posts[0].text),
      { service: "shouni", kind: "return", slot: "2026-11-30T15:00", people: [{ card: "1001", birth: "1980-01-01" }] });
  });

  test("beside the queue, which stays what it was; a service without slots offers none", async () => {
    withSlots(it.day);
    await it.facility("?lang=ja&book=shouni");
    assert.equal(await it.page.locator("#way-queue").isChecked(), true);
    await it.page.locator(".option", { hasText: "内科" }).locator("input").check();
    assert.equal(await it.page.locator("#way-slot").count(), 0);
    await it.page.locator(".option", { hasText: "小児科" }).locator("input").check();
    await it.page.locator("#way-slot").check();
    assert.equal(await it.page.locator(".steps li").count(), 3);
    await it.page.locator("#way-queue").check();
    await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
    await press();
    await it.page.waitForSelector("dl.check");
    await press();
    await it.page.waitForSelector(".card .number");
    assert.equal("slot" in JSON.parse(it.day.posts[0].text), false);
  });

  test("while the queue is closed it is offered on the clinic's page and on the booking's, with the queue's reason", async () => {
    withSlots(it.day);
    it.day.facility.services[1].booking = shut("booking_full", "2026-11-27T06:00:00.000+09:00");
    await it.facility("?lang=ja");
    assert.equal(await it.page.locator(".line").nth(1).locator(".button.slots.main").count(), 1);
    await it.page.locator(".button.slots").click();
    await it.page.waitForSelector("fieldset.person");
    assert.equal(await it.page.locator("#way-queue").isDisabled(), true);
    assert.match(await it.text(".choice .closed"), /いっぱいになりました.*あす 午前6:00から/);
    await it.facility("?lang=ja&book=shouni");
    assert.equal(await it.page.locator("#way-slot").isChecked(), true);
  });

  test("the queue closes while somebody types: another way has to be chosen, and nothing typed is lost", async () => {
    withSlots(it.day);
    await it.facility("?lang=ja&book=shouni");
    await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
    it.day.facility.services[1].booking = shut("booking_paused");
    it.server.push();
    await it.page.waitForSelector("#way-queue:disabled");
    await press();
    assert.match(await problem(), /受付の しかたを お選びください/);
    await it.page.locator(".note.wrong a").click();
    assert.equal(await it.page.evaluate(() => document.activeElement.id), "way-slot");
    await it.page.keyboard.press("Space");
    await press();
    await it.page.waitForSelector(".days");
    await it.page.locator(".sticky .plain").click();
    assert.equal(await it.page.locator("input[id^=card-]").inputValue(), "1001");
  });

  test("when the service as a whole rests there is no slot either", async () => {
    withSlots(it.day);
    Object.assign(it.day.facility, { state: "maintenance" });
    for (const each of it.day.facility.services) each.booking = shut("maintenance");
    await it.facility("?lang=ja");
    assert.equal(await it.page.locator(".button.slots").count(), 0);
    await it.facility("?lang=ja&book=shouni&way=slot");
    assert.equal(await it.page.locator("fieldset.person").count(), 0);
    assert.match(await it.text("main"), /メンテナンス/);
  });

  test("what can be booked comes first; the rest stands below with its reason", async () => {
    withSlots(it.day);
    it.day.now = Date.parse("2026-11-26T15:10:00+09:00");
    Object.assign(it.day.taken, { "2026-11-26T16:00": 3, "2026-11-26T16:30": 2 });
    await toTimes();
    assert.deepEqual(await times(), ["16:30", "17:00"]);
    assert.match(await it.text(".option.slot"), /残り 1人/);
    assert.match(await it.text(".rest"), /× 受付終了 14:30 15:00 15:30 × 満員 16:00/);
    assert.equal(await it.page.locator("input[name=day]:checked").inputValue(), "2026-11-26");
    await pick("day", "2026-12-07");
    assert.deepEqual(await times(), []);
    assert.match(await it.text(".rest"), /× 11\/27から 14:30/);
    assert.match(await it.text("main [role=status].unseen"), /12月7日\(月\)：予約できる時間は ありません/);
    assert.equal(await it.page.locator("input[name=day][value='2026-11-29']").count(), 0); // Sunday
    assert.equal(await it.page.locator(".dashed").count(), 0); // nothing behind these days can be booked
  });

  test("a day without a free time is passed over at first, and can be looked at", async () => {
    withSlots(it.day);
    for (const at of ["14:30", "15:00", "15:30", "16:00", "16:30", "17:00"]) it.day.taken[`2026-11-26T${at}`] = 3;
    await toTimes();
    assert.equal(await it.page.locator("input[name=day]:checked").inputValue(), "2026-11-27");
    assert.match(await it.text(".option.day"), /11月26日\(木\).*満員/);
  });

  test("a family is in one slot together or not at all", async () => {
    withSlots(it.day);
    it.day.taken["2026-11-27T15:00"] = 2;
    await it.facility("?lang=ja&book=shouni&way=slot");
    await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
    await it.page.locator(".dashed").click();
    await fillFirst(it.page, 1, "見本 花子", "00-0000-0000");
    await press();
    await it.page.waitForSelector(".days");
    await pick("day", "2026-11-27");
    assert.deepEqual(await times(), ["14:30", "15:30", "16:00", "16:30", "17:00"]);
    assert.match(await it.text(".rest"), /2人分の 空きが ありません 15:00/);
    await pick("slot", "2026-11-27T15:30");
    await press();
    await it.page.waitForSelector("dl.check");
    await press();
    await it.page.waitForSelector(".family");
    assert.deepEqual(await it.page.locator(".family .stone").allInnerTexts(), ["S-3", "S-4"]);
    assert.equal(it.day.taken["2026-11-27T15:30"], 2);
  });

  test("without a time it goes no further", async () => {
    await toTimes();
    await press();
    assert.match(await problem(), /時間を お選びください/);
    await pick("slot", "2026-11-26T16:00");
    assert.equal(await it.page.locator(".note.wrong").count(), 0);
    await pick("day", "2026-11-27"); // another day is another choice
    await press();
    assert.match(await problem(), /時間を お選びください/);
  });

  for (const [reason, words, turn] of [
    ["slot_full", /いっぱいになりました/, () => { it.day.taken["2026-11-27T16:30"] = 3; }],
    ["slot_past", /受付を終わりました/, () => { it.day.now = Date.parse("2026-11-27T16:05:00+09:00"); }],
    ["slot_unknown", /予約枠は ありません/, () => { it.day.facility.services[1].slots = false; }],
  ])
    test(`refused with ${reason}: back to the choice, with fresh times and all that was typed`, async () => {
      await toCheck("2026-11-27T16:30");
      turn();
      await press();
      assert.match(await problem(), words);
      assert.match(await it.text(".note.wrong"), /入力した内容は そのままです/);
      assert.equal(it.day.posts.length, 1);
      assert.equal(it.day.tickets.size, 0);
      if (reason === "slot_unknown") return;
      assert.equal(await it.page.locator("input[name=day]:checked").inputValue(), "2026-11-27");
      assert.equal((await times()).includes("16:30"), false);
      await pick("slot", "2026-11-27T17:00");
      await press();
      await it.page.waitForSelector("dl.check");
      assert.match(await it.text("main"), /1001/);
      await press();
      await it.page.waitForSelector(".card .number");
      assert.equal(JSON.parse(it.day.posts[1].text).slot, "2026-11-27T17:00");
      assert.notEqual(it.day.posts[0].key, it.day.posts[1].key);
    });

  test("a time that is taken while it is looked at is let go, and said", async () => {
    await it.page.clock.install();
    try {
      await toTimes();
      await pick("slot", "2026-11-26T16:00");
      it.day.taken["2026-11-26T16:00"] = 3;
      await it.page.clock.runFor(20_500);
      assert.match(await problem(), /予約できなくなりました/);
      assert.match(await it.text(".sticky .sum"), /まだ 選ばれていません/);
      assert.match(await it.text(".rest"), /満員 16:00/);
    } finally {
      await it.page.clock.resume();
    }
  });

  test("a card that has a place on that day is pointed at", async () => {
    await toCheck("2026-11-27T16:30");
    await press();
    await it.page.waitForSelector(".card .number");
    await toCheck("2026-11-27T17:00");
    await press();
    assert.match(await problem(), /すでに お取りになっています/);
    assert.equal(await it.page.locator("input[id^=card-]").inputValue(), "1001");
  });

  test("a card that has slots enough is pointed at, in a family the right one", async () => {
    for (const slot of ["2026-11-27T16:30", "2026-11-30T16:30"]) {
      await toCheck(slot);
      await press();
      await it.page.waitForSelector(".card .number");
    }
    await it.facility("?lang=ja&book=shouni&way=slot");
    await fillCard(it.page, 0, "1002", ["1980", "1", "2"]);
    await it.page.locator(".dashed").click();
    await fillCard(it.page, 1, "1001", ["1980", "1", "1"]);
    await press();
    await it.page.waitForSelector(".days");
    await pick("day", "2026-12-01");
    await pick("slot", "2026-12-01T15:00");
    await press();
    await it.page.waitForSelector("dl.check");
    await press();
    assert.match(await problem(), /2人目の方: この診察券では これ以上 先の時間を 予約できません/);
    assert.equal(await it.page.locator("input[id^=card-]").nth(1).getAttribute("aria-invalid"), "true");
    await it.page.locator(".remove").nth(1).click();
    await press();
    await it.page.waitForSelector(".days");
    assert.equal(await it.page.locator("input[name=slot]:checked").inputValue(), "2026-12-01T15:00"); // it is still chosen
  });

  test("a lost answer is one place of the slot", async () => {
    await toCheck("2026-11-27T16:30");
    it.day.lose = 1;
    await press();
    await it.page.waitForSelector(".card .number");
    assert.equal(it.day.taken["2026-11-27T16:30"], 1);
    assert.equal(new Set(it.day.posts.map((each) => each.key)).size, 1);
  });

  test("times that cannot be read are said, and asked for again", async () => {
    withSlots(it.day);
    it.day.slotsAway = true;
    await it.facility("?lang=ja&book=shouni&way=slot");
    await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
    await press();
    await it.page.waitForSelector(".note.aged");
    it.day.slotsAway = false;
    await it.page.locator(".note.aged button").click();
    await it.page.waitForSelector(".days");
    it.day.noSlots = true;
    await it.page.reload();
    assert.equal(await it.page.locator("input[id^=card-]").inputValue(), ""); // nothing is kept on the phone
  });

  test("later days are shown on demand, as far as any can be booked", async () => {
    withSlots(it.day);
    it.day.ahead = 20;
    await toTimes();
    assert.equal(await it.page.locator("input[name=day]").count(), 12);
    await it.page.locator(".dashed").click();
    await it.page.waitForSelector("input[name=day][value='2026-12-16']");
    assert.equal(await it.page.locator("input[name=day]").count(), 24);
    assert.equal(await it.page.locator(".dashed").count(), 0);
    assert.deepEqual(it.day.requests.filter((each) => each.includes("/slots")).slice(-1), ["GET /v1/facilities/minato/services/shouni/slots?days=14&from=2026-12-10"]);
  });

  test("day and time by keyboard alone", async () => {
    await toTimes();
    const { keyboard } = it.page;
    await it.tabTo("input[name=day]");
    await keyboard.press("ArrowRight");
    assert.equal(await it.page.evaluate(() => document.activeElement.value), "2026-11-27");
    await it.tabTo("input[name=slot]");
    await keyboard.press("ArrowDown");
    assert.match(await it.text(".sticky .sum"), /11月27日\(金\) 午後3:00/);
    await it.tabTo("button[type=submit]");
    await keyboard.press("Enter");
    await it.page.waitForSelector("dl.check");
  });
});
