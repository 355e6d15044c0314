// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { birthDate, callRange, clock, date, dial, ending, ends, isSpaced, moment, shortDate, spoken, wait, weekday } from "../src/format";
import { langs } from "../src/lang";

const at = (text: string) => Date.parse(text);

describe("times are Japan's, wherever the phone is", () => {
  it("reads the clock", () => {
    expect(clock(at("2026-11-26T00:15:02Z"))).toBe("9:15");
    expect(clock(at("2026-11-26T00:00:00+09:00"))).toBe("0:00");
    expect(clock(at("1969-12-31T23:59:00+09:00"))).toBe("23:59");
  });
  it("speaks of morning and afternoon as each language does", () => {
    expect(spoken(at("2026-11-26T14:30:00+09:00"), "ja")).toBe("午後2:30");
    expect(spoken(at("2026-11-26T12:05:00+09:00"), "ja")).toBe("午後0:05");
    expect(spoken(at("2026-11-26T12:05:00+09:00"), "en")).toBe("12:05 pm");
    expect(spoken(at("2026-11-26T06:00:00+09:00"), "easy")).toBe("ごぜん 6:00");
    expect(spoken(at("2026-11-26T14:30:00+09:00"), "vi")).toBe("14:30");
  });
  it("names the day only when it is another", () => {
    const now = at("2026-11-26T23:59:00+09:00");
    expect(moment(at("2026-11-26T06:00:00+09:00"), now, "ja")).toBe("午前6:00");
    expect(moment(at("2026-11-27T06:00:00+09:00"), now, "ja")).toBe("あす 午前6:00");
    expect(moment(at("2026-11-28T06:00:00+09:00"), now, "ja")).toBe("11月28日(土) 午前6:00");
    expect(moment(at("2026-11-28T06:00:00+09:00"), now, "easy")).toBe("11がつ 28にち ごぜん 6:00");
  });
  it("says noon as each language does, and the small hours", () => {
    const said = (time: string) => langs.map((lang) => spoken(at(`2026-11-26T${time}:00+09:00`), lang));
    expect(said("12:00")).toEqual(["正午", "ひる 12:00", "noon", "中午12:00", "낮 12:00", "12:00", "12:00"]);
    expect(said("12:30")).toEqual(["午後0:30", "ごご 0:30", "12:30 pm", "中午12:30", "오후 12:30", "12:30", "12:30"]);
    expect(said("00:30")).toEqual(["午前0:30", "ごぜん 0:30", "12:30 am", "凌晨0:30", "오전 0:30", "0:30", "0:30"]);
  });
  it("a day to come begins as a whole", () => {
    const now = at("2026-11-26T09:15:00+09:00");
    const said = (time: string) => langs.map((lang) => moment(at(time), now, lang));
    expect(said("2026-11-27T00:00:00+09:00")).toEqual(["あす", "あした", "tomorrow", "明天", "내일", "ngày mai", "amanhã"]);
    expect(moment(at("2026-12-01T00:00:00+09:00"), now, "ja")).toBe("12月1日(火)");
  });
  it("ends a day at 24:00", () => {
    const now = at("2026-11-26T09:15:00+09:00");
    expect(ending(at("2026-11-27T00:00:00+09:00"), now, "ja")).toBe("24:00");
    expect(langs.map((lang) => ending(at("2026-11-27T00:00:00+09:00"), now, lang)))
      .toEqual(["24:00", "よる 12:00", "midnight", "24:00", "밤 12:00", "24:00", "meia-noite"]);
    expect(ending(at("2026-11-28T00:00:00+09:00"), now, "en")).toBe("tomorrow, midnight");
    expect(ending(at("2026-11-27T00:30:00+09:00"), now, "ja")).toBe("あす 午前0:30");
    expect(ending(at("2026-11-28T00:00:00+09:00"), now, "ja")).toBe("あす 24:00");
    expect(ending(at("2026-11-29T00:00:00+09:00"), now, "ja")).toBe("11月28日(土) 24:00");
    expect(ending(at("2026-11-26T12:00:00+09:00"), now, "ja")).toBe("正午");
    expect(ending(at("2026-11-26T11:30:00+09:00"), now, "ja")).toBe("午前11:30");
  });
  it("knows dates and weekdays", () => {
    expect(date(at("2026-11-26T01:00:00+09:00"), "ja")).toBe("11月26日(木)");
    expect((["ja", "en", "vi"] as const).map((lang) => shortDate(at("2026-11-30T23:00:00Z"), lang))).toEqual(["12/1", "1 Dec", "1/12"]);
    expect(birthDate("1980-04-01", "ja")).toBe("1980年4月1日");
    expect(birthDate("1980-04-01", "en")).toBe("1 April 1980");
    expect([0, 1, 6].map((day) => weekday(day, "ja")).join("")).toBe("日月土");
    expect([0, 1, 6].map((day) => weekday(day, "easy"))).toEqual(["にち", "げつ", "ど"]);
    for (const lang of langs) expect(new Set([0, 1, 2, 3, 4, 5, 6].map((day) => weekday(day, lang))).size).toBe(7);
  });
});

describe("a wait is a range", () => {
  it("is said in minutes below an hour and in hours above", () => {
    expect(wait({ low: 20, high: 35 }, "ja")).toBe("20〜35分");
    expect(wait({ low: 5, high: 5 }, "ja")).toBe("5分");
    expect(wait({ low: 55, high: 70 }, "ja")).toBe("55分〜1時間10分");
    expect(wait({ low: 60, high: 90 }, "ja")).toBe("1時間〜1時間30分");
    expect(wait({ low: 60, high: 95 }, "en")).toBe("1\u00a0h – 1\u00a0h\u00a035\u00a0min");
    expect(wait({ low: 20, high: 35 }, "ko")).toBe("20~35분");
    expect(wait({ low: 60, high: 75 }, "ko")).toBe("1시간~1시간\u00a015분");
  });
  it("breaks between its ends and nowhere else", () => {
    expect(ends("45分〜1時間15分")).toEqual(["45分〜", "1時間15分"]);
    expect(ends("1\u00a0h – 1\u00a0h\u00a035\u00a0min")).toEqual(["1\u00a0h –", "1\u00a0h\u00a035\u00a0min"]);
    expect(ends("5分")).toEqual(["5分"]);
    expect(["1\u00a0h – 1\u00a0h\u00a035\u00a0min", "20–35\u00a0min", "45分〜1時間15分"].map(isSpaced)).toEqual([true, false, false]);
  });
  it("as a time of the clock is rounded outwards", () => {
    expect(callRange({ low: 20, high: 35 }, at("2026-11-26T09:16:00+09:00"))).toEqual({ from: "9:35", to: "9:55" });
    expect(callRange({ low: 20, high: 35 }, at("2026-11-26T09:15:00+09:00"))).toEqual({ from: "9:35", to: "9:50" });
    // The seconds of the clock are not a minute more.
    expect(callRange({ low: 20, high: 35 }, at("2026-11-26T09:15:02+09:00"))).toEqual({ from: "9:35", to: "9:50" });
    expect(callRange({ low: 20, high: 36 }, at("2026-11-26T09:14:59+09:00"))).toEqual({ from: "9:30", to: "9:50" });
    // Never a time that is past: then it may be now.
    expect(callRange({ low: 0, high: 5 }, at("2026-11-26T19:52:00+09:00"))).toEqual({ from: null, to: "20:00" });
    expect(callRange({ low: 1, high: 5 }, at("2026-11-26T19:52:00+09:00"))).toEqual({ from: null, to: "20:00" });
    expect(callRange({ low: 3, high: 5 }, at("2026-11-26T19:52:00+09:00")).from).toBe("19:55");
  });
});

describe("a telephone number to dial", () => {
  it("is digits alone", () => {
    expect(dial("00-0000-0000")).toBe("0000000000");
    expect(dial("＋81 (0)3")).toBe("+8103");
    expect(dial("0120+44")).toBe("012044");
  });
  it("is nothing where there is none", () => {
    expect(dial("")).toBe("");
    expect(dial("javascript:alert(1)")).toBe("");
    expect(dial("受付まで")).toBe("");
  });
});
