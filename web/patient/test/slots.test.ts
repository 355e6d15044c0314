// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { span } from "../src/format";
import { dateAfter, firstDay, mayMore, offersOf, opensOf, slotBegins, slotEnds, slotNamed, standingOf, whyNot, withSlots } from "../src/slots";
import type { Slot, SlotDay } from "../src/types";

const slot = (at: string, free: number, reason = ""): Slot => ({ slot: `2026-11-30T${at}`, minutes: 30, places: 3, free, reason, opens: reason === "slot_too_far" ? "2026-11-27" : null, message: "" });
const day = (...slots: Slot[]): SlotDay => ({ date: "2026-11-30", slots });
const off: SlotDay = { date: "2026-11-29", slots: [] };

describe("a slot", () => {
  it("is a moment in Japan", () => {
    expect(new Date(slotBegins(slot("10:30", 1))).toISOString()).toBe("2026-11-30T01:30:00.000Z");
    expect(span(slotBegins(slot("11:30", 1)), slotEnds(slot("11:30", 1)), "ja")).toBe("午前11:30〜正午");
  });
  it("is for all of a family or for none", () => {
    expect([whyNot(slot("10:30", 1), 1), whyNot(slot("10:30", 1), 2), whyNot(slot("10:30", 0, "slot_full"), 2)]).toEqual(["", "few", "slot_full"]);
  });
});

describe("a day", () => {
  const mixed = day(slot("10:00", 0, "slot_past"), slot("10:30", 1), slot("11:00", 0, "slot_full"), slot("11:30", 3), slot("12:00", 0, "slot_past"));
  it("has what can be had first, and the rest by reason", () => {
    const { free, rest } = offersOf(mixed, 1);
    expect(free.map((each) => each.slot.slice(11))).toEqual(["10:30", "11:30"]);
    expect(rest.map((each) => [each.why, each.slots.map((one) => one.slot.slice(11))])).toEqual([["slot_past", ["10:00", "12:00"]], ["slot_full", ["11:00"]]]);
    expect(offersOf(mixed, 2).rest.map((each) => each.why)).toEqual(["slot_past", "few", "slot_full"]);
  });
  it("stands by its places", () => {
    expect(standingOf(mixed, 1)).toBe("many");
    expect(standingOf(day(slot("10:00", 2)), 1)).toBe("few");
    expect(standingOf(day(slot("10:00", 2)), 3)).toBe("slot_full");
    expect(standingOf(day(slot("10:00", 0, "slot_past"), slot("11:00", 0, "slot_full"), slot("12:00", 0, "slot_past")), 1)).toBe("slot_full");
    expect(standingOf(day(slot("10:00", 0, "slot_too_far")), 1)).toBe("slot_too_far");
    expect(standingOf(off, 1)).toBe("none");
    expect([opensOf(day(slot("10:00", 0, "slot_too_far"))), opensOf(mixed)]).toEqual(["2026-11-27", null]);
  });
});

describe("days", () => {
  const full = day(slot("10:00", 0, "slot_full"));
  const free: SlotDay = { ...day(slot("10:00", 2)), date: "2026-12-01" };
  it("begin with the first that can be had", () => {
    expect(firstDay([off, full, free], 1)).toBe("2026-12-01");
    expect(firstDay([off, full, free], 3)).toBe("2026-11-30");
    expect(firstDay([off], 1)).toBeNull();
    expect(withSlots([off, full])).toEqual([full]);
  });
  it("go on as long as something may be booked there", () => {
    expect([mayMore([off, free]), mayMore([off]), mayMore([]), mayMore([free, day(slot("10:00", 0, "slot_too_far"))])]).toEqual([true, true, false, false]);
    expect(mayMore(Array.from({ length: 70 }, () => free))).toBe(false);
    expect(dateAfter("2026-11-26", 14)).toBe("2026-12-10");
  });
  it("know their slots by name", () => {
    expect(slotNamed([off, full], "2026-11-30T10:00")?.reason).toBe("slot_full");
    expect(slotNamed([off, full], "2026-11-30T10:15")).toBeNull();
  });
});
