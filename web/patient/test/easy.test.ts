// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { counted } from "../src/easy";
import { birthDate, date, wait } from "../src/format";
import { read } from "../src/lang";

describe("easy Japanese counts as it is spoken", () => {
  it("people", () => {
    expect(counted("1にん 2にん 3にん 11にん 12にん")).toBe("ひとり ふたり 3にん 11にん 12にん");
    expect(counted("1にんめ")).toBe("ひとりめ");
  });
  it("minutes", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => counted(`${n}ふん`)))
      .toEqual(["1ぷん", "2ふん", "3ぷん", "4ぷん", "5ふん", "6ぷん", "7ふん", "8ぷん", "9ふん", "10ぷん"]);
    expect(wait({ low: 20, high: 35 }, "easy")).toBe("20〜35ふん");
    expect(wait({ low: 30, high: 90 }, "easy")).toBe("30ぷん〜1じかん30ぷん");
  });
  it("days", () => {
    const of = (day: string) => date(Date.parse(day), "easy");
    expect(["2026-11-01", "2026-11-08", "2026-11-14", "2026-11-20", "2026-11-24", "2026-11-26"].map(of))
      .toEqual(["11がつ ついたち", "11がつ ようか", "11がつ じゅうよっか", "11がつ はつか", "11がつ にじゅうよっか", "11がつ 26にち"]);
    expect(birthDate("1980-01-01", "easy")).toBe("1980ねん 1がつ ついたち");
  });
  it("in every text of a table", () => {
    const say = read({ "ahead": ["{n}人", "{n}にん", "{n}", "", "", "", ""] }, "easy");
    expect([1, 2, 10].map((n) => say("ahead", { n }))).toEqual(["ひとり", "ふたり", "10にん"]);
  });
});

it("one has words of its own where there are some", () => {
  const say = read({ "left": ["", "", "{n} places", "", "", "", ""], "left.one": ["", "", "{n} place", "", "", "", ""] }, "en");
  expect([1, 2].map((n) => say("left", { n }))).toEqual(["1 place", "2 places"]);
});
