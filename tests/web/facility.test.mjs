// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { site } from "./kit.mjs";
import { iso, shut } from "./standin.mjs";

const it = site();
const until = (pattern) => it.page.waitForFunction((source) => new RegExp(source).test(document.querySelector("main").innerText.replace(/\u200b/g, "").replace(/\s+/g, " ")), pattern.source);

describe("a clinic's page", () => {
  test("shows the line, the age of it, messages, hours and the way", async () => {
    await it.facility("?lang=ja");
    const line = await it.text(".line");
    assert.match(line, /内科.*受付中.*お呼出し 8.*お待ちの方 6人.*およそ 35〜50分.*午前11:30まで 受け付けています.*残り 31人/);
    const all = await it.text("main");
    assert.match(all, /9:15 現在/);
    assert.match(all, /診察が 20分ほど おくれています/);
    assert.match(all, /発熱の方が多く/);
    assert.match(all, /3人あとに もう一度 お呼びします/);
    assert.match(all, /8:30–12:00.*14:30–18:00/);
    assert.match(all, /見本県みなと市1-2-3.*みなと駅から歩いて5分/);
    assert.equal(await it.page.locator(".facts a.tel").getAttribute("href"), "tel:0000000000");
  });

  test("a call is on the page without asking", async () => {
    await it.facility("?lang=ja");
    await it.page.waitForFunction(() => document.querySelector(".line .stone")?.textContent === "8");
    it.day.status.naika.calling = "9";
    it.server.push();
    await it.page.waitForFunction(() => document.querySelector(".line .stone")?.textContent === "9");
    assert.equal(it.day.requests.filter((each) => each.endsWith("/status")).length, 1);
  });

  test("where no WebSocket gets through, it polls, with the ETag", async () => {
    it.day.sockets = false;
    await it.page.clock.install();
    try {
      await it.facility("?lang=ja");
      it.day.status.naika.calling = "9";
      await it.page.clock.runFor(30_000);
      await it.page.waitForFunction(() => document.querySelector(".line .stone")?.textContent === "9");
    } finally {
      await it.page.clock.resume();
    }
  });

  test("the clinic out of reach: an old number with its time, no wait; after long, nothing", async () => {
    await it.facility("?lang=ja");
    it.day.facility.as_of = iso(it.day.now - 180_000);
    it.day.facility.stale = true;
    it.server.push();
    await until(/クリニックとの通信が とぎれています/);
    await until(/9:12 の内容です/);
    assert.match(await it.text(".line"), /お呼出し 8.*わかりません/);
    it.day.facility.as_of = iso(it.day.now - 700_000);
    for (const each of Object.values(it.day.status)) Object.assign(each, { calling: null, waiting: null, wait: null });
    it.server.push();
    await until(/長く とぎれています/);
    assert.match(await it.text(".line"), /お呼出し わかりません/);
  });

  for (const [reason, at, words] of [
    ["booking_not_open", "2026-11-26T09:30:00.000+09:00", /まだ 始まっていません.*つぎは 午前9:30から.*受付開始から 60秒間の お申し込みは、抽選/],
    ["booking_closed", "2026-11-27T06:00:00.000+09:00", /終わりました.*つぎは あす 午前6:00から/],
    ["booking_stopped", null, /クリニックの都合/],
    ["booking_paused", null, /混みあっているため/],
    ["booking_full", "2026-11-28T06:00:00.000+09:00", /いっぱいになりました.*11月28日\(土\) 午前6:00から/],
    ["booking_day_off", null, /本日は インターネットでの受付が ありません/],
    ["a_new_reason", null, /「a_new_reason」のため/],
  ])
    test(`not taken because of ${reason}: why, and when again`, async () => {
      it.day.facility.services[0].booking = shut(reason, at);
      await it.facility("?lang=ja");
      await until(words);
      assert.equal(await it.page.locator(".line").first().locator(".button").count(), 0);
      await it.facility("?lang=ja&book=naika");
      await it.page.waitForSelector("h1.title");
      assert.match(await it.text("main"), /いまは 順番を お取りできません/);
    });

  test("an end that was put off is on the open page when somebody comes back to it, and by itself after minutes", async () => {
    const at = (clock) => `2026-11-26T${clock}:00.000+09:00`;
    Object.assign(it.day.facility, { state: "maintenance", state_until: at("10:00") });
    await it.page.clock.install();
    try {
      await it.facility("?lang=ja");
      await until(/午前10:00ごろまで/);
      it.day.facility.state_until = at("11:00");
      await it.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      await until(/午前11:00ごろまで/);
      it.day.facility.state_until = at("12:00");
      await it.page.clock.runFor(301_000);
      await until(/正午ごろまで/);
    } finally {
      await it.page.clock.resume();
    }
  });

  for (const [state, words] of [["maintenance", /メンテナンス中です.*午前10:00ごろまで/], ["suspended", /このページからの 順番取りは 停止しています/],
    ["ended", /ご案内は 終了しました/], ["not_begun", /まだ はじまっていません 12月1日\(火\)から はじまる/], ["outside_hours", /サービスの時間外です.*あす 午前6:00/]])
    test(`${state}: said in words, with what to do, and no way to book`, async () => {
      it.day.facility.state = state;
      it.day.facility.state_until = { maintenance: "2026-11-26T10:00:00.000+09:00", outside_hours: "2026-11-27T06:00:00.000+09:00",
        not_begun: "2026-12-01T00:00:00.000+09:00" }[state] ?? null;
      for (const each of it.day.facility.services) each.booking = shut(state);
      await it.facility("?lang=ja");
      assert.match(await it.text(".note.state"), words);
      assert.match(await it.text(".note.state"), /窓口か お電話/);
      assert.equal(await it.page.locator(".line .button").count(), 0);
      // Nobody reads of an open reception under a service that is over; elsewhere it is the clinic's own.
      const over = state === "ended" || state === "not_begun";
      assert.equal(await it.page.locator(".line").count(), over ? 0 : 2);
      if (!over) assert.match(await it.text(".chip"), /^窓口は 受付中$/);
      assert.doesNotMatch(await it.text("main"), over ? /いまの順番|ご案内していません/ : /ご案内していません/);
    });

  test("who feels worse has the number beside it to press", async () => {
    await it.facility("?lang=ja");
    const note = it.page.locator(".note", { hasText: "具合が" });
    assert.equal(await note.locator("a").getAttribute("href"), "tel:0000000000");
    for (const each of await it.page.locator("a.tel, .languages select").all()) assert.ok((await each.boundingBox()).height >= 44);
  });

  test("a clinic's name is broken where its words are", async () => {
    await it.facility("?lang=ja");
    const lines = await it.page.evaluate(() => {
      document.querySelector(".head .clinic").style.flex = "0 0 7em";
      const text = document.querySelector(".head .clinic span").firstChild;
      const range = document.createRange();
      range.setStart(text, 0);
      range.setEnd(text, text.data.indexOf("クリニック"));
      const first = range.getClientRects().length;
      range.setEnd(text, text.data.length);
      return [first, range.getClientRects().length];
    });
    assert.deepEqual(lines, [1, 2]);
  });

  test("a state and an announcement that this page does not know yet", async () => {
    Object.assign(it.day.facility, { state: "resting", state_message: "夏のあいだ お休みしています。",
      announcements: [{ reason: "moved_ahead", words: "あたらしい 場所へ うつります", from: "2026-11-27T22:00:00.000+09:00", until: null }] });
    await it.facility("?lang=ja");
    assert.match(await it.text(".note.state"), /このページからの 順番取りは 停止しています\s+夏のあいだ お休みしています/);
    assert.match(await it.text(".note.ahead"), /あす 午後10:00 から\s+あたらしい 場所へ うつります/);
    it.wrong = []; // today's document has neither
  });

  test("what the server says by itself is not shown as the provider's own words", async () => {
    it.day.facility.state = "outside_hours";
    for (const [message, own] of [["いまは サービスの時間外です。", 0], ["年末のため お休みしています。", 1]])
      for (const lang of ["ja", "easy"]) {
        it.day.facility.state_message = message;
        await it.facility(`?lang=${lang}`);
        await it.page.waitForSelector(".note.state");
        assert.equal(await it.page.locator(".note.state p[lang=ja]").count(), own, `${lang} ${message}`);
      }
  });

  test("what will not be as usual is said before it is so", async () => {
    it.day.facility.announcements = [
      { reason: "maintenance_ahead", words: "機器の 入れ替え", from: "2026-11-27T22:00:00.000+09:00", until: "2026-11-28T05:00:00.000+09:00" },
      { reason: "suspension_ahead", words: "", from: "2026-11-27T09:00:00.000+09:00", until: null },
      { reason: "hours_change_ahead", words: "", from: "2026-11-27T00:00:00.000+09:00", until: "2026-11-27T00:00:00.000+09:00" }];
    await it.facility("?lang=ja");
    const said = await it.page.locator(".note.ahead").allInnerTexts();
    const wanted = [/メンテナンスの お知らせ\s+あす 午後10:00 から 11月28日.* 午前5:00 まで\s+機器の 入れ替え/,
      /サービス停止の お知らせ\s+あす 午前9:00 から/, /あすは インターネット受付の時間が ちがいます\s+この日は ご利用になれません/];
    assert.equal(said.length, wanted.length);
    wanted.forEach((each, at) => assert.match(said[at], each));
    assert.ok(await it.page.locator(".line .button").count() > 0, "bookings go on until then");
  });

  test("dates with other times stand below the usual ones", async () => {
    it.day.facility.services[0].exceptions = [{ date: "2026-12-29", windows: [] },
      { date: "2027-01-04", windows: [{ opens: "9:00", closes: "11:00" }, { opens: "14:00", closes: "15:00" }] }];
    await it.facility("?lang=ja");
    const said = await it.text("section[aria-labelledby=hours-title]");
    assert.match(said, /いつもと ちがう日 内科 12月29日\(火\) 受け付けません 1月4日\(月\) 9:00–11:00・14:00–15:00/);
  });

  test("maintenance that begins and ends while the page is open", async () => {
    await it.facility("?lang=ja");
    it.day.facility.state = "maintenance";
    it.server.push();
    await it.page.waitForSelector(".note.maintenance");
    it.day.facility.state = "ok";
    it.server.push();
    await it.page.waitForSelector(".note.maintenance", { state: "detached" });
  });

  test("a clinic without the queue shows where it is and when it is open", async () => {
    Object.assign(it.day.facility, { options: { queue: false, signage: true, mail: false }, services: [], messages: [] });
    await it.facility("?lang=ja");
    assert.match(await it.text("main"), /受付へ お越しください.*見本県/);
    assert.equal(await it.page.locator(".line").count(), 0);
  });

  test("unknown clinics and unknown addresses are told kindly", async () => {
    await it.page.goto(`${it.server.base}/f/nowhere?lang=ja`);
    await it.page.waitForSelector(".lost");
    assert.match(await it.text(".lost"), /クリニックの ページが 見つかりません/);
  });

  test("no server: the page says so, and is there by itself once the server is", async () => {
    it.day.blackout = true;
    await it.page.goto(`${it.server.base}/f/minato?lang=ja`);
    await it.page.waitForSelector(".lost");
    assert.match(await it.text(".lost"), /読みこめません/);
    it.day.blackout = false;
    await it.page.locator(".lost .button").click();
    await it.page.waitForSelector(".line");
  });

  test("this phone without a network: what is shown is hatched, with its time", async () => {
    await it.page.clock.install();
    try {
      await it.facility("?lang=ja");
      await it.page.waitForSelector(".line .stone");
      it.day.blackout = true;
      it.server.cut();
      await it.page.clock.runFor(90_000);
      await until(/この端末が インターネットに つながっていません/);
      assert.match(await it.text(".line"), /待ち時間.*わかりません/);
      assert.equal(await it.page.locator(".line.hatched").count(), 2);
    } finally {
      await it.page.clock.resume();
    }
  });

  test("the language: chosen, kept in the address and the storage, and spoken", async () => {
    await it.facility();
    assert.equal(await it.page.evaluate(() => document.documentElement.lang), "ja");
    await it.page.locator(".languages select").selectOption("vi");
    await it.page.waitForFunction(() => document.documentElement.lang === "vi");
    assert.match(it.page.url(), /\?lang=vi$/);
    await it.facility();
    assert.equal(await it.page.evaluate(() => document.documentElement.lang), "vi");
    assert.deepEqual(await it.page.evaluate(() => ({ ...localStorage })), { lang: "vi" });
    await it.page.evaluate(() => localStorage.clear());
  });
});
