// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { langs, site } from "./kit.mjs";
import { iso, makeTicket } from "./standin.mjs";

const it = site();
const change = (ticket, more) => {
  Object.assign(ticket, more);
  it.server.push();
};
const until = (selector, pattern) => it.page.waitForFunction(([where, source]) =>
  new RegExp(source).test(document.querySelector(where)?.textContent.replace(/\u200b/g, "").replace(/\s+/g, " ") ?? ""), [selector, pattern.source]);

describe("a number's page", () => {
  test("shows the number, who is ahead, the range, the rule and why others go first", async () => {
    const ticket = makeTicket(it.day, { reasons: [{ reason: "urgent", message: "急ぎの方を 先に お呼びしています。" }, { reason: "new_one", message: "機械の点検が ありました。" }] });
    await it.ticket(ticket.token, "?lang=ja");
    const all = await it.text("main");
    assert.match(all, /内科.*9:15 現在.*12.*前に お待ち 3人.*20〜35分.*9:35〜9:50ごろ/);
    assert.match(all, /お待ちいただいています.*到着を クリニックが 確認しました/);
    assert.match(all, /8 お呼出し.*あいだに 3人.*12 あなた/);
    assert.match(all, /急ぎの方を 先に お呼びしています.*機械の点検が ありました/);
    assert.match(all, /3人あとに もう一度 お呼びします（2回まで/);
    assert.equal(await it.page.title(), "12番の ご案内");
  });

  test("what the clinic says to everybody is said here too, once, and comes by itself", async () => {
    const ticket = makeTicket(it.day, { family: [] });
    ticket.family = [makeTicket(it.day, { number: "13" })].map(({ token, number, state }) => ({ token, number, state }));
    await it.ticket(ticket.token, "?lang=ja");
    assert.match(await it.text(".note.says"), /クリニックからの お知らせ.*診察が 20分ほど おくれています.*発熱の方が多く/);
    assert.equal(await it.page.locator(".note.says").count(), 1);
    change(ticket, { messages: [{ id: "3", pattern: "emergency", text: "", minutes: 0, until: null }] });
    await until(".note.says", /急患のため/);
    change(ticket, { messages: [] });
    await it.page.waitForSelector(".note.says", { state: "detached" });
    const past = makeTicket(it.day, { date: "2026-11-25", state: "booked", arrival: "none", ahead: null, wait: null });
    await it.ticket(past.token, "?lang=ja");
    assert.equal(await it.page.locator(".note.says").count(), 0);
  });

  test("of a slot shows its day and time, and nothing that only holds for today's line", async () => {
    const ticket = makeTicket(it.day, { date: "2026-11-30", slot: "2026-11-30T10:30", state: "booked", arrival: "none", ahead: null, wait: null,
      calling: null, number: "2", may: { cancel: true, arrive: false, notice: false } });
    await it.ticket(ticket.token, "?lang=ja");
    const all = await it.text("main");
    assert.match(all, /内科.*11月30日\(月\) 午前10:30の番号.*2.*ご予約の時間までに お越しください/);
    assert.doesNotMatch(all, /前に お待ち|現在|いまの順番/);
    await it.ticket(ticket.token, "?lang=en");
    assert.match(await it.text("main"), /Number for Mon,? 30 Nov 10:30 am/);
  });

  const room = { id: "r1", name: { ja: "診察室1", en: "Room 1", reading: "しんさつしつ1" } };
  for (const [state, more, words] of [
    ["booked", { arrival: "none", may: { cancel: true, arrive: true, notice: true } }, /番号を お取りしてあります。 ?来院は まだです.*着いたら 下のボタン/],
    ["waiting", { ahead: 0 }, /つぎに お呼びします/],
    ["called", { ahead: null, wait: null, room, may: { cancel: false, arrive: false, notice: false } }, /お呼びしています.*診察室1へ お入りください/],
    ["called", { ahead: null, wait: null, room: null }, /お呼びしています.*どうぞ お入りください/],
    ["in_room", { ahead: null, wait: null, room }, /診察中です/],
    ["done", { ahead: null, wait: null }, /終わりました.*お大事に/],
    ["absent", { ahead: 3 }, /いらっしゃいませんでした.*受付へ/],
    ["hold", {}, /保留.*もとの順番に もどります/],
    ["cancelled", { ahead: null, wait: null }, /取り消しました/],
    ["no_show", { ahead: null, wait: null }, /いらっしゃらなかったため/],
    ["void", { ahead: null, wait: null }, /使えなくなりました.*新しい番号は 受付で/],
    ["not_drawn", { number: null, ahead: null, wait: null }, /番号を お出しできませんでした.*定員/],
  ])
    test(`${state}${more.room ? " with a room" : ""}: in words, with what to do`, async () => {
      const ticket = makeTicket(it.day, { state, ...more });
      await it.ticket(ticket.token, "?lang=ja");
      assert.match(await it.text(".standing"), words);
      assert.equal(await it.page.locator(".standing svg").count() > 0, true);
      // Only a place that comes nearer by itself has a path, and a time.
      const nearer = ["booked", "waiting"].includes(state);
      assert.deepEqual([await it.page.locator(".path").count() > 0, await it.page.locator(".ahead").count() > 0], [nearer, nearer]);
    });

  test("a call comes by itself, is spoken once, and is in the title", async () => {
    const ticket = makeTicket(it.day);
    await it.ticket(ticket.token, "?lang=ja");
    change(ticket, { state: "called", room, ahead: null, wait: null });
    await until("[role=alert].unseen", /お呼びしています 診察室1へ/);
    assert.match(await it.page.title(), /^お呼びしています/);
  });

  test("small steps forward are shown but not spoken; a mark is", async () => {
    const ticket = makeTicket(it.day, { ahead: 9 });
    await it.ticket(ticket.token, "?lang=ja");
    const spoken = () => it.page.locator("[role=status].unseen").first().innerText();
    change(ticket, { ahead: 8 });
    await until(".ahead", /8人/);
    assert.equal(await spoken(), "");
    change(ticket, { ahead: 5 });
    await until("[role=status].unseen", /5人/);
  });

  test("I am here: told once, then confirmed by the clinic", async () => {
    const ticket = makeTicket(it.day, { state: "booked", arrival: "none", may: { cancel: true, arrive: true, notice: true } });
    await it.ticket(ticket.token, "?lang=ja");
    await it.page.locator(".tall").dblclick();
    await until(".standing", /クリニックの確認を 待っています/);
    assert.equal(await it.page.locator(".tall").count(), 0);
    assert.equal(it.day.requests.filter((each) => each.startsWith("POST")).length, 1);
    change(ticket, { state: "waiting", arrival: "confirmed" });
    await until(".standing", /クリニックが 確認しました/);
  });

  test("a notice by e-mail is set, changed and stopped, and the address is never shown", async () => {
    const ticket = makeTicket(it.day);
    await it.ticket(ticket.token, "?lang=ja");
    await it.page.locator(".mail .ways button").click();
    await it.page.waitForFunction(() => document.activeElement.id === "notice-email");
    await it.page.keyboard.press("Enter");
    await until(".mail", /メールアドレスを お確かめください/);
    assert.equal(it.day.posts.length, 0);
    await it.page.locator("#notice-email").fill("hanako@example.jp");
    await it.page.locator(".mail .main").dblclick();
    await until(".mail", /3人に なったら、メールを 1回 お送りします/);
    assert.deepEqual(it.day.posts.map((each) => JSON.parse(each.text)), [{ email: "hanako@example.jp", near: 3, lang: "ja" }]);
    assert.doesNotMatch(await it.page.content(), /example\.jp/);
    assert.doesNotMatch(it.day.requests.join(" "), /example/);
    await it.page.locator(".mail .ways button").first().click();
    await it.page.locator("#notice-email").fill("hanako@example.jp");
    await it.page.locator("#notice-near").selectOption("1");
    await it.page.locator(".mail .main").click();
    await until(".mail", /1人に なったら/);
    await it.page.locator(".mail .ways button").last().click();
    await until(".mail", /メールで お知らせを 受けとる/);
    assert.equal(ticket.notice, null);
  });

  test("what became of the notice comes by itself, and nothing more can be asked for", async () => {
    const ticket = makeTicket(it.day, { notice: { state: "waiting", near: 3 } });
    await it.ticket(ticket.token, "?lang=ja");
    change(ticket, { notice: { state: "sent", near: 3 }, may: { cancel: true, arrive: false, notice: false } });
    await until(".mail", /お送りしました.*アドレスは 消しました/);
    assert.equal(await it.page.locator(".mail button").count(), 0);
  });

  test("too late to change a notice: why", async () => {
    const ticket = makeTicket(it.day, { notice: { state: "waiting", near: 3 } });
    await it.ticket(ticket.token, "?lang=ja");
    ticket.notice.state = "sent";
    await it.page.locator(".mail .ways button").last().click();
    await until(".mail", /お知らせのメールは お送りしました/);
  });

  test("where no mail is sent none is offered", async () => {
    const ticket = makeTicket(it.day, { may: { cancel: true, arrive: false, notice: false } });
    await it.ticket(ticket.token, "?lang=ja");
    assert.equal(await it.page.locator(".mail").count(), 0);
  });

  test("cancelling asks first; Escape keeps the number", async () => {
    const ticket = makeTicket(it.day);
    await it.ticket(ticket.token, "?lang=ja");
    const button = it.page.locator(".pair button");
    await button.click();
    assert.match(await it.text("dialog"), /12番を 取り消しますか.*もどせません/);
    assert.match(await it.page.evaluate(() => document.activeElement.textContent), /取り消さない/);
    await it.page.keyboard.press("Escape");
    assert.equal(ticket.state, "waiting");
    assert.match(await it.page.evaluate(() => document.activeElement.textContent), /順番を 取り消す/);
    await button.click();
    await it.page.locator("dialog .danger").click();
    await until(".standing", /取り消しました/);
    assert.equal(ticket.state, "cancelled");
    assert.equal(await it.page.locator(".pair button").count(), 0);
  });

  test("too late to cancel: why, and the page turns to what is", async () => {
    const ticket = makeTicket(it.day);
    await it.ticket(ticket.token, "?lang=ja");
    await it.page.locator(".pair button").click();
    Object.assign(ticket, { state: "called", room, ahead: null, wait: null, may: { cancel: false, arrive: false, notice: false } });
    await it.page.locator("dialog .danger").click();
    await until(".actions", /すでに お呼びしています.*受付へ/);
    await until(".standing", /診察室1へ/);
  });

  test("no network while cancelling: it is said, and nothing is claimed", async () => {
    const ticket = makeTicket(it.day);
    await it.ticket(ticket.token, "?lang=ja");
    await it.page.locator(".pair button").click();
    await it.browser.context.setOffline(true);
    await it.page.locator("dialog .danger").click();
    await until(".actions", /つながりませんでした/);
    assert.equal(ticket.state, "waiting");
    assert.match(await it.text(".card .number"), /12/);
  });

  test("the clinic out of reach: old numbers with their time, no range", async () => {
    const ticket = makeTicket(it.day);
    await it.ticket(ticket.token, "?lang=ja");
    change(ticket, { stale: true, as_of: iso(it.day.now - 240_000) });
    await until("main", /通信が とぎれています.*9:11 の内容です/);
    assert.match(await it.text(".ahead"), /3人.*わかりません/);
    assert.equal(await it.page.locator(".card.hatched").count(), 1);
  });

  test("unknown and expired links are told alike, and nothing is asked again", async () => {
    await it.ticket("AAAAAYbE0mQ4cVqYpQe7h1yT5aE", "?lang=ja");
    assert.match(await it.text(".lost"), /番号の ページは 見つかりません.*翌日まで/);
    assert.equal(it.day.requests.filter((each) => each.includes("/v1/tickets/")).length, 1);
  });

  test("a number of yesterday says of which day it is", async () => {
    const ticket = makeTicket(it.day, { state: "done", date: "2026-11-25", ahead: null, wait: null, may: { cancel: false, arrive: false, notice: false } });
    await it.ticket(ticket.token, "?lang=ja");
    assert.match(await it.text(".card"), /11月25日\(水\)の番号/);
  });

  test("a number of yesterday of which nothing was said promises nothing", async () => {
    const ticket = makeTicket(it.day, { state: "booked", date: "2026-11-25", ahead: null, wait: null, arrival: "none", may: { cancel: false, arrive: false, notice: false } });
    await it.ticket(ticket.token, "?lang=ja");
    const text = await it.text("main");
    assert.match(text, /本日の番号では ありません/);
    assert.doesNotMatch(text, /お越しください|前に お待ち/);
  });

  test("that I am here is in thumb's reach, and what came of it beside it", async () => {
    const ticket = makeTicket(it.day, { state: "booked", arrival: "none", may: { cancel: true, arrive: true, notice: true },
      reasons: [{ reason: "test", message: "" }] });
    await it.ticket(ticket.token, "?lang=ja");
    const box = await it.page.locator(".tall").boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= 740, JSON.stringify(box));
    await it.browser.context.setOffline(true);
    await it.page.locator(".tall").click();
    await until(".sticky [role=alert]", /つながりませんでした/);
    assert.ok((await it.page.locator(".sticky [role=alert]").boundingBox()).y > 0);
  });

  for (const width of [320, 360, 390])
    for (const [calling, number] of [["S-104", "S-115"], ["W1-123", "W1-134"], ["128", "139"]])
      test(`from ${calling} to ${number} at ${width}: both are there whole`, async () => {
        const ticket = makeTicket(it.day, { number, calling, ahead: 11, wait: { low: 95, high: 130 } });
        await it.page.setViewportSize({ width, height: 740 });
        try {
          for (const lang of langs) {
            await it.ticket(ticket.token, `?lang=${lang}`);
            const wrong = await it.page.evaluate(() => {
              const box = (selector) => document.querySelector(`.path ${selector}`).getBoundingClientRect();
              const [now, dots, you] = [box(".now"), box(".dots"), box(".you")];
              const words = [...document.querySelectorAll(".path .stone, .path .tag")].filter((each) => each.scrollWidth > each.clientWidth);
              const under = [...document.querySelectorAll(".path .stone")].filter((each) => {
                const range = document.createRange();
                range.selectNodeContents(each);
                const [text, stone] = [range.getBoundingClientRect(), each.getBoundingClientRect()];
                return text.left < stone.left + 4 || text.right > stone.right - 4;
              });
              return [now.right > dots.left && "the dots lie on the number called", dots.right > you.left && "the dots lie on one's own",
                words.length > 0 && "a text is cut", under.length > 0 && "a number runs over its stone"].filter(Boolean);
            });
            assert.deepEqual(wrong, [], lang);
          }
        } finally {
          await it.page.setViewportSize({ width: 360, height: 740 });
        }
      });

  for (const name of ["医療法人社団みなと会みなとこどもアレルギークリニック横浜西口院", "みなとみらい総合内科・小児科クリニック横浜"])
    test(`the page of ${name} does not scroll sideways`, async () => {
      it.day.facility.name = { ja: name, en: "", reading: "" };
      const ticket = makeTicket(it.day);
      for (const width of [320, 360]) {
        await it.page.setViewportSize({ width, height: 740 });
        for (const lang of ["ja", "en"]) {
          await it.ticket(ticket.token, `?lang=${lang}`);
          assert.equal(await it.page.evaluate(() => document.documentElement.scrollWidth), width);
        }
      }
      await it.page.setViewportSize({ width: 360, height: 740 });
    });

  for (const number of ["7", "128", "S-12", "W12-107"])
    test(`number ${number} fits a narrow phone`, async () => {
      const ticket = makeTicket(it.day, { number, calling: "W12-99", wait: { low: 95, high: 130 }, ahead: 41 });
      await it.page.setViewportSize({ width: 320, height: 600 });
      try {
        await it.ticket(ticket.token, "?lang=ja");
        const box = await it.page.evaluate(() => {
          const range = document.createRange();
          range.selectNodeContents(document.querySelector(".card .number"));
          const text = range.getBoundingClientRect();
          const face = document.querySelector(".card .face").getBoundingClientRect();
          return [text.left - face.left, face.right - text.right, innerWidth - document.documentElement.scrollWidth];
        });
        for (const room of box) assert.ok(room >= 0, String(box));
      } finally {
        await it.page.setViewportSize({ width: 360, height: 740 });
      }
    });
});
