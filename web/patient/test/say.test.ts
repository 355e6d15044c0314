// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { passed, saying } from "../src/say";
import type { Ticket } from "../src/types";

const ticket = (more: Partial<Ticket>): Ticket => ({ token: "t", facility: { id: "f", name: { ja: "", en: "", reading: "" }, phone: "" },
  service: { id: "s", name: { ja: "", en: "", reading: "" } }, date: "2026-11-26", number: "12", state: "waiting", arrival: "confirmed", ahead: 8, wait: null,
  slot: null, room: null, calling: null, drawn_at: null, accepted_at: "", reasons: [], absence: { back: 3, times: 2 }, may: { cancel: true, arrive: false, notice: false }, notice: null, family: [],
  as_of: null, stale: false, ...more });

describe("a screen reader is told", () => {
  it("nothing at first sight, and nothing when nothing changes", () => {
    expect(saying(null, ticket({}))).toBeNull();
    expect(saying(ticket({}), ticket({ as_of: "later", wait: { low: 5, high: 10 } }))).toBeNull();
  });
  it("a call at once, and a call to another room again", () => {
    const room = (id: string) => ({ id, name: { ja: id, en: id, reading: "" } });
    expect(saying(ticket({}), ticket({ state: "called" }))).toEqual({ key: "state.called", urgent: true });
    expect(saying(ticket({ state: "called", room: room("1") }), ticket({ state: "called", room: room("2") }))?.urgent).toBe(true);
  });
  it("the people ahead only at a few marks", () => {
    const said = Array.from({ length: 12 }, (_, at) => 12 - at).filter((n) => saying(ticket({ ahead: n }), ticket({ ahead: n - 1 })) !== null).map((n) => n - 1);
    expect(said).toEqual([10, 5, 3, 2, 1, 0]);
    expect(saying(ticket({ ahead: 1 }), ticket({ ahead: 0 }))?.key).toBe("ahead.next");
  });
  it("nothing when more come in front, one thing when many leave at once", () => {
    expect(passed(3, 6)).toBeNull();
    expect(passed(12, 4)).toBe(4);
    expect(passed(9, 7)).toBeNull();
  });
  it("that the clinic knows of the arrival", () => {
    expect(saying(ticket({ state: "booked", arrival: "none" }), ticket({ state: "booked", arrival: "asked" }))?.key).toBe("arrival.asked");
  });
});
