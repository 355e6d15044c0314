// SPDX-License-Identifier: Apache-2.0
// What a screen reader is told by itself: changes that mean something to the patient, and nothing else.
import type { Ticket } from "./types";

export type Stands = Pick<Ticket, "state" | "room" | "arrival" | "ahead">;
export interface Saying { key: string; urgent: boolean }

/// People ahead at which one is told again; in between the number on the page changes silently.
export const marks: readonly number[] = [10, 5, 3, 2, 1, 0];

/// The mark that lies between two counts, null when none does.
export function passed(before: number, now: number): number | null {
  if (now >= before) return null;
  const reached = marks.filter((mark) => mark < before && now <= mark);
  return reached.length === 0 ? null : now;
}

/// Key of the ticket table, null when nothing is to be said. The first sight of a ticket is read from the page.
export function saying(before: Stands | null, now: Stands): Saying | null {
  if (before === null) return null;
  if (before.state !== now.state) {
    const urgent = now.state === "called" || now.state === "absent";
    return { key: `state.${now.state}`, urgent };
  }
  if (now.state === "called" && before.room?.id !== now.room?.id) return { key: "state.called", urgent: true };
  if (before.arrival !== now.arrival && now.arrival !== "none") return { key: `arrival.${now.arrival}`, urgent: false };
  if (before.ahead !== null && now.ahead !== null && passed(before.ahead, now.ahead) !== null)
    return { key: now.ahead === 0 ? "ahead.next" : "ahead.say", urgent: false };
  return null;
}
