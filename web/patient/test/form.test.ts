// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { birthOf, emailOf, entry, kindOf, mistakes, plain, refusedField, requestOf, wayOf, type Entry, type Form } from "../src/form";

const today = Date.parse("2026-11-26T09:15:00+09:00");
const card = (more: Partial<Entry> = {}): Entry => ({ ...entry(0, "card"), card: "1001", year: "1980", month: "1", day: "2", ...more });
const first = (more: Partial<Entry> = {}): Entry => ({ ...entry(1, "first"), name: "見本 花子", phone: "00-0000-0000", ...more });
const form = (...people: Entry[]): Form => ({ service: "naika", kind: "return", way: "queue", slot: null, people, email: "", near: 3 });
const whys = (...people: Entry[]) => mistakes(form(...people), today).map((each) => `${each.place} ${each.why}`);

describe("what is typed on any keyboard", () => {
  it("is made plain", () => {
    expect(plain(" １００１－Ａ ")).toBe("1001-A");
    expect(plain("００ー００００‐００００")).toBe("00-0000-0000");
  });
});

describe("birth dates", () => {
  const of = (year: string, month: string, day: string) => birthOf({ year, month, day }, today);
  it("are days that were", () => {
    expect(of("1980", "1", "2")).toBe("1980-01-02");
    expect(of("１９８０", "０１", "２")).toBe("1980-01-02");
    expect(of("2024", "2", "29")).toBe("2024-02-29");
  });
  it.each([["2023", "2", "29"], ["1980", "13", "1"], ["1980", "4", "31"], ["80", "1", "1"], ["", "", ""], ["2027", "1", "1"], ["1889", "1", "1"],
    ["1980", "0", "1"], ["1980", "1", "0"], ["1e3", "1", "1"]])("refuses %s-%s-%s", (y, m, d) => expect(of(y, m, d)).toBeNull());
});

describe("mistakes", () => {
  it("are none in what is right", () => expect(whys(card(), first())).toEqual([]));
  it("come in the order of the page", () => {
    expect(whys(card({ card: "", year: "" }), first({ name: " ", phone: "12" })))
      .toEqual(["0 card.empty", "0 birth.wrong", "1 name.empty", "1 phone.wrong"]);
  });
  it("tell empty from wrong", () => {
    expect(whys(card({ year: "", month: "", day: "" }))).toEqual(["0 birth.empty"]);
    expect(whys(card({ card: "番号" }))).toEqual(["0 card.wrong"]);
    expect(whys(card({ card: "1".repeat(21) }))).toEqual(["0 card.wrong"]);
    expect(whys(first({ name: "あ".repeat(41) }))).toEqual(["0 name.long"]);
    expect(whys(first({ name: "𠮷".repeat(40) }))).toEqual([]);
  });
  it("find one card for two people, however it is typed", () => {
    expect(whys(card(), card({ id: 2, card: "１００１" }))).toEqual(["1 card.twice"]);
  });
  it("do not ask a first visit for what is hidden", () => expect(whys(first({ card: "", year: "" }))).toEqual([]));
});

describe("an e-mail address", () => {
  it("is taken as the server takes it", () => {
    for (const right of ["a@b.jp", "a.b+c@d-e.example.jp", "o'x_{y}=z@example.jp", "a/b@c.jp"]) expect(emailOf(right)).toBe(right);
    expect(emailOf(" ａ＠ｂ．ｊｐ ")).toBe("a@b.jp");
  });
  it.each(["", "a", "a@", "@b.jp", "a@b", "a@b..jp", "a..b@c.jp", ".a@b.jp", "a b@c.jp", "a@b.jp,c@d.jp", "<a@b.jp>", "a@b.jp\r\nBcc: c@d.jp", "あ@b.jp",
    "a@b@c.jp", "\"a\"@b.jp", `${"a".repeat(250)}@b.jp`])("refuses %j", (wrong) => expect(emailOf(wrong)).toBeNull());
  it("may be left out, and is the last mistake", () => {
    expect(mistakes({ ...form(card()), email: "  " }, today)).toEqual([]);
    expect(mistakes({ ...form(card({ card: "" })), email: "a@" }, today).map((each) => each.why)).toEqual(["card.empty", "email.wrong"]);
    expect(refusedField("slot_limit", "people/1", [card(), card({ id: 1 })])).toEqual({ place: 1, field: "card", why: "card.slots" });
    expect(refusedField("bad_email", "notice", [card()])).toEqual({ place: 1, field: "email", why: "email.wrong" });
  });
});

describe("the request", () => {
  it("holds the notice only when there is an address", () => {
    expect(requestOf(form(card()), [], today, "vi").notice).toBeUndefined();
    expect(requestOf({ ...form(card()), email: " a@b.jp", near: 5 }, [], today, "vi").notice).toEqual({ email: "a@b.jp", near: 5, lang: "vi" });
  });
  it("holds what the document asks for and nothing else", () => {
    expect(requestOf(form(card({ card: "１００１" }), first()), ["return", "first"], today, "ja")).toEqual({ service: "naika", kind: "return",
      people: [{ card: "1001", birth: "1980-01-02" }, { name: "見本 花子", phone: "00-0000-0000" }] });
  });
  it("is a first visit when everybody is new", () => {
    expect(kindOf(form(first()), ["return", "first"])).toBe("first");
    expect(kindOf(form(first(), card()), ["return", "first"])).toBe("return");
    expect(kindOf({ ...form(card()), kind: "vaccination" }, ["return", "first", "vaccination"])).toBe("vaccination");
    expect(kindOf({ ...form(card()), kind: "gone" }, ["return"])).toBe("return");
    expect(kindOf(form(card()), [])).toBeUndefined();
  });
});

describe("a refusal's field", () => {
  const people = [card(), first()];
  it("is the one that is named", () => {
    expect(refusedField("bad_card", "people/0", people)).toEqual({ place: 0, field: "card", why: "card.wrong" });
    expect(refusedField("bad_name", "people/1/name", people)).toEqual({ place: 1, field: "name", why: "name.wrong" });
  });
  it("is the only one it can be when none is named", () => {
    expect(refusedField("booked_already", undefined, people)?.place).toBe(0);
    expect(refusedField("booked_already", undefined, [card(), card({ id: 2 })])).toBeNull();
  });
  it("is none for what is no field's, and for a place that is not there", () => {
    expect(refusedField("booking_full", undefined, people)).toBeNull();
    expect(refusedField("not_recognised", "people/0", people)).toBeNull();
    expect(refusedField("bad_card", "people/7", people)).toBeNull();
    expect(refusedField("bad_card", "people/1", people)).toBeNull();
  });
});

describe("the way of booking", () => {
  const of = (way: "queue" | "slot", queue: boolean, slots: boolean) => wayOf({ way }, queue, slots);
  it("stays as it was chosen while there is it", () => {
    expect([of("queue", true, true), of("slot", true, true), of("slot", false, true), of("queue", true, false)]).toEqual(["queue", "slot", "slot", "queue"]);
  });
  it("is the queue where there are no slots, and has to be chosen anew when the queue has closed", () => {
    expect([of("slot", true, false), of("queue", false, false), of("queue", false, true)]).toEqual(["queue", "queue", null]);
  });
  it("goes into the request with the slot, and never without", () => {
    const slot = { slot: "2026-11-30T14:30", minutes: 30, places: 3, free: 1, reason: "", message: "" };
    const sent = (more: Partial<Form>) => requestOf({ ...form(card()), ...more }, ["return"], today, "ja").slot;
    expect([sent({ way: "slot", slot }), sent({ way: "queue", slot }), sent({ way: "slot" })]).toEqual(["2026-11-30T14:30", undefined, undefined]);
  });
});
