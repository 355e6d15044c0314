// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import room from "../../../assets/phrases/room.json";
import phrases from "../../../core/wire/phrases_cloud.cpp?raw";
import source from "../../../core/wire/notices.cpp?raw";
import { breakable, choose, fill, langs, nameOf, roomOf, type Table } from "../src/lang";
import { carry, route } from "../src/route";
import { shownOf, slipOf } from "../src/slip";
import { booking } from "../src/words/booking";
import { common } from "../src/words/common";
import { facility } from "../src/words/facility";
import { mail } from "../src/words/mail";
import { notices } from "../src/words/notices";
import { slots } from "../src/words/slots";
import { ticket } from "../src/words/ticket";

const tables: Record<string, Table> = { booking, common, facility, mail, notices, slots, ticket };
const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort().join();

describe.each(Object.entries(tables))("the words of %s", (_, table) => {
  it.each(Object.entries(table))("%s: seven texts with the same places", (key, row) => {
    expect(row).toHaveLength(langs.length);
    for (const text of row) {
      if (key !== "in.japanese") expect(text.trim()).not.toBe("");
      expect(places(text)).toBe(places(row[0]));
    }
  });
  it("no kanji in やさしい にほんご, but on the spine", () => {
    for (const [key, row] of Object.entries(table)) if (key !== "spine") expect(`${key} ${row[1]}`).not.toMatch(/[一-龯]/u);
  });
  it("no エラー and no 和暦", () => {
    for (const row of Object.values(table)) expect(row[0]).not.toMatch(/エラー|令和|平成|昭和/);
  });
});

describe("temporary messages", () => {
  it("are those of the board, word for word", () => {
    const board = source.replace(/"\s*\n\s*"/g, "");
    for (const row of Object.values(notices)) for (const text of row)
      // In easy Japanese the board is given the unit, too, as it is said of the number.
      expect(board).toContain(`"${text.replace(/\n/g, "\\n").replace("{n}ぷん", "{}{}").replace("{n}", "{}")}"`);
  });
});

describe("why the order is not that of the numbers", () => {
  it("is said as the server says it, and of every reason that the reception sees", () => {
    const known = Object.keys(room).filter((key) => key.startsWith("reason."));
    expect(known.length).toBeGreaterThan(8);
    for (const key of known) {
      expect(Object.keys(ticket)).toContain(key);
      const row: readonly string[] = ticket[key as keyof typeof ticket];
      const said = phrases.replace(/\s*\n\s*/g, " ");
      expect(said).toContain(`Phrase{"order_${key.slice("reason.".length)}", "${row[0]}", "${row[2]}"}`);
    }
  });
});

describe("reasons of refusals that the document names", () => {
  it("have words", () => {
    const needed = ["booking_not_open", "booking_closed", "booking_stopped", "booking_full", "booking_few", "booking_full_remote", "booking_paused", "booking_day_off", "booked_already", "not_recognised",
      "check_resting", "too_many_requests", "outside_hours", "maintenance", "suspended", "ended", "signage_only", "called_already", "ticket_over", "not_today", "drawing", "bad_email",
      "mail_off", "notice_sent", "notice_sending", "bad_slot", "slot_full", "slot_limit", "slot_past", "slot_too_far", "slot_unsure", "slot_unknown"];
    for (const reason of needed) expect(Object.keys(common)).toContain(`why.${reason}`);
  });
});

describe("the language", () => {
  it("comes from the address, then from what was kept, then from the browser", () => {
    expect(choose("?lang=ko", "en", ["vi"])).toBe("ko");
    expect(choose("", "easy", ["vi"])).toBe("easy");
    expect(choose("?lang=xx", "yy", ["fr", "vi-VN"])).toBe("vi");
    expect(choose("", null, ["fr"])).toBe("ja");
    expect(choose("?lang=__proto__", null, [])).toBe("ja");
  });
  it("may be broken behind a full stop, but not at the end", () => {
    expect(breakable("はい。つぎへ、どうぞ。")).toBe("はい。\u200bつぎへ、\u200bどうぞ。");
    expect(breakable("はい。 つぎ")).toBe("はい。 つぎ");
  });
  it("fills in what is named and leaves the rest to be seen", () => expect(fill("{a} {b}", { a: 1 })).toBe("1 {b}"));
  it("names a clinic in English only where it has such a name", () => {
    expect(nameOf({ ja: "みなと", en: "Minato" }, "vi").text).toBe("Minato");
    expect(nameOf({ ja: "みなと", en: "" }, "en")).toEqual({ text: "みなと", lang: "ja" });
    expect(nameOf({ ja: "内科", en: "Internal medicine" }, "easy").text).toBe("内科");
  });
  it("names a usual counter as the kiosk does", () => {
    expect(nameOf({ ja: "内科", en: "Medicine" }, "vi")).toEqual({ text: "Nội khoa", lang: "vi" });
    expect(nameOf({ ja: "内科", en: "Medicine" }, "en").text).toBe("Medicine");
    expect(nameOf({ ja: "constructor", en: "" }, "ko").text).toBe("constructor");
  });
  it("reads a room's name in Easy Japanese, its number in digits", () => {
    const room = { ja: "診察室1", en: "Room 1", reading: "しんさつしつ、いち" };
    expect(roomOf(room, "easy")).toBe("しんさつしつ1");
    expect(roomOf({ ...room, ja: "処置室", reading: "しょちしつ" }, "easy")).toBe("しょちしつ");
    expect(roomOf({ ...room, reading: "" }, "easy")).toBe("診察室1");
    expect([roomOf(room, "ja"), roomOf(room, "ko")]).toEqual(["診察室1", "Room 1"]);
  });
});

describe("addresses", () => {
  it("lead to pages", () => {
    expect(route("/f/minato", "")).toEqual({ page: "facility", id: "minato", booking: null, way: "", step: "", slip: "" });
    expect(route("/f/12/", "?book=naika&step=check")).toEqual({ page: "facility", id: "12", booking: "naika", way: "", step: "check", slip: "" });
    expect(route("/f/12", "?book=naika&way=slot")).toEqual({ page: "facility", id: "12", booking: "naika", way: "slot", step: "", slip: "" });
    expect(route("/t/AAAA", "?lang=en")).toEqual({ page: "ticket", token: "AAAA" });
    for (const path of ["/", "/f/", "/x/1", "/t/a/b", "/f/%E0%A4%A"]) expect(route(path, "").page).toBe("nowhere");
  });
  it("of a slip's code have its number behind the #", () => {
    expect(route("/f/12", "?lang=en", "#naika-20261126-W1.7")).toMatchObject({ id: "12", slip: "naika-20261126-W1.7" });
    expect(slipOf("naika-20261126-36")).toEqual({ name: "naika-20261126-36", service: "naika", date: "2026-11-26", series: "", n: "36" });
    expect(slipOf("junior-clinic-20261126-K.3")).toMatchObject({ service: "junior-clinic", series: "K", n: "3" });
    for (const text of ["", "main", "naika-20261126-", "naika-20261126-036", "naika-20261126-M.36", "naika-2026-36", "a/b-20261126-1", "naika-20261126-<b>"])
      expect(slipOf(text)).toBeNull();
    const shown = (text: string, prefix: string) => shownOf(slipOf(text)!, { prefix });
    expect([shown("a-20261126-36", ""), shown("a-20261126-4", "S"), shown("a-20261126-W1.7", ""), shown("a-20261126-K.3", "G")]).toEqual(["36", "S-4", "W1-7", "GK-3"]);
  });
  it("keep the language", () => {
    expect(carry("/f/a?book=b", "?lang=en")).toBe("/f/a?book=b&lang=en");
    expect(carry("/t/x", "")).toBe("/t/x");
  });
});
