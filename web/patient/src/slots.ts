// SPDX-License-Identifier: Apache-2.0
// The times of a service as values: which of them so many people can have, and why not the others.
import type { Slot, SlotDay } from "./types";

export const daysAsked = 14; ///< as many as the server tells at once
const daysTold = 60;         ///< and no further ahead than this

/// When a slot begins ("2026-11-30T10:30" in Japan), and when it is over; ms.
export const slotBegins = (slot: Pick<Slot, "slot">): number => Date.parse(`${slot.slot}:00+09:00`);
export const slotEnds = (slot: Pick<Slot, "slot" | "minutes">): number => slotBegins(slot) + slot.minutes * 60_000;
export const dateOf = (slot: Pick<Slot, "slot">): string => slot.slot.slice(0, 10);
export const noonOf = (date: string): number => Date.parse(`${date}T12:00:00+09:00`);
export const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/// Why so many people cannot have it: the server's reason, "few" where fewer places are left; or empty.
export const whyNot = (slot: Slot, people: number): string =>
  (slot.reason !== "" ? slot.reason : slot.free < people ? "few" : "");

export interface Offers {
  free: Slot[];
  rest: { why: string; slots: Slot[] }[]; ///< by reason, in the order in which the reasons first come
}
export function offersOf(day: SlotDay, people: number): Offers {
  const offers: Offers = { free: [], rest: [] };
  for (const slot of day.slots) {
    const why = whyNot(slot, people);
    const known = offers.rest.find((each) => each.why === why);
    if (why === "") offers.free.push(slot);
    else if (known) known.slots.push(slot);
    else offers.rest.push({ why, slots: [slot] });
  }
  return offers;
}

const few = 2;
export const isFew = (free: number): boolean => free <= few;

/// How a day stands for so many people: "many", "few", or why nothing of it can be had.
export function standingOf(day: SlotDay, people: number): string {
  const { free, rest } = offersOf(day, people);
  if (free.length > 0) return isFew(free.reduce((sum, each) => sum + each.free, 0)) ? "few" : "many";
  const taken = rest.some((each) => each.why === "slot_full" || each.why === "few");
  return taken ? "slot_full" : rest.at(-1)?.why ?? "none";
}

/// From which day a day can be booked that is too far ahead; null for another, or where it is not told.
export const opensOf = (day: Pick<SlotDay, "slots">): string | null => day.slots.find((each) => each.reason === "slot_too_far")?.opens ?? null;

export const withSlots = (days: readonly SlotDay[]): SlotDay[] => days.filter((each) => each.slots.length > 0);
/// The day to begin with: the first that can be had, else the first with slots at all.
export function firstDay(days: readonly SlotDay[], people: number): string | null {
  const some = withSlots(days);
  return (some.find((each) => offersOf(each, people).free.length > 0) ?? some[0])?.date ?? null;
}
/// Whether days behind those that were told may have something to book.
export function mayMore(days: readonly SlotDay[]): boolean {
  if (days.length === 0 || days.length > daysTold) return false;
  const last = withSlots(days).at(-1);
  return last === undefined || last.slots.some((each) => each.reason !== "slot_too_far");
}
export const slotNamed = (days: readonly SlotDay[], name: string): Slot | null =>
  days.flatMap((each) => each.slots).find((each) => each.slot === name) ?? null;

/// Refusals that another time can mend.
export const otherTime = (reason: string): boolean =>
  ["slot_full", "slot_past", "slot_too_far", "slot_unsure", "slot_unknown", "bad_slot"].includes(reason);
