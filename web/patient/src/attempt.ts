// SPDX-License-Identifier: Apache-2.0
// One press of the button is one attempt: one Idempotency-Key for as long as its outcome is not known. A double tap,
// a lost answer and a slow one therefore all end in one number.
import { request, type Answer, type Fetch } from "./api";
import type { Lang } from "./lang";
import type { Booking, BookingRequest } from "./types";

export interface Attempt { key: string; body: string }

/// 128 random bits. `randomUUID` is there on secure pages only; loopback and TLS are.
export function newKey(random: Crypto = crypto): string {
  const bytes = random.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/// The attempt for this body: the open one when it is the same, so that its key is used again.
export function attemptFor(wanted: BookingRequest, open: Attempt | null, key: () => string = newKey): Attempt {
  const body = JSON.stringify(wanted);
  return open !== null && open.body === body ? open : { key: key(), body };
}

/// Whether the outcome is still unknown: the server may have booked, or has said that the same key may come again.
export function unsettled(answer: Answer<Booking>): boolean {
  if (answer.kind === "unreachable") return true;
  return answer.kind === "refused" && (answer.status >= 500 && settledAt500.has(answer.refusal.reason) === false);
}
/// A 503 that is an answer about the service, not about this request.
const settledAt500 = new Set(["outside_hours", "maintenance", "suspended", "not_begun", "ended", "signage_only"]);

/// Pauses in ms before the same key is sent again by itself.
export const pauses: readonly number[] = [1_000, 3_000, 6_000];

/// Sends an attempt until its outcome is known or the pauses are used up; `waiting` hears of every repetition.
export async function send(url: string, attempt: Attempt, lang: Lang, waiting: (again: number) => void,
  fetcher?: Fetch, sleep: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
): Promise<Answer<Booking>> {
  const ask = { method: "POST" as const, body: attempt.body, key: attempt.key, lang, timeout: 15_000 };
  let answer = await request<Booking>(url, ask, fetcher);
  for (const [at, pause] of pauses.entries()) {
    if (!unsettled(answer)) break;
    waiting(at + 1);
    await sleep(pause);
    answer = await request<Booking>(url, ask, fetcher);
  }
  return answer;
}
