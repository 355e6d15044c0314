// SPDX-License-Identifier: Apache-2.0
// How far what is shown can be trusted. Two things go stale apart: what the clinic told the server (`as_of`,
// `stale`), and what the server told this phone (`heard`).
import type { Aged } from "./types";

export type Trust =
  | "fresh"  ///< as the clinic has it
  | "stale"  ///< the clinic is out of reach; shown with its time
  | "gone"   ///< for so long that nothing of it counts
  | "never"  ///< the clinic has not been heard of at all
  | "cut";   ///< this phone has not heard the server

/// The server beats every 25 s, polling asks every 20 s: two missed and a little more.
export const cutAfter = 65_000;
/// As the server does: numbers and waits older than this are nothing to go by.
export const goneAfter = 600_000;

/// `now` is the server's clock, `silence` how long this phone has not heard the server; both in ms.
export function trust(aged: Aged, now: number, silence: number): Trust {
  if (silence > cutAfter) return "cut";
  if (aged.as_of === null) return "never";
  const age = now - Date.parse(aged.as_of);
  if (age > goneAfter) return "gone";
  return aged.stale ? "stale" : "fresh";
}

/// The server's clock as this phone knows it: the server's last word, and the time since by a clock that is never set.
export class ServerClock {
  private server: number;
  private heardAt: number;
  constructor(private readonly steady: () => number, wall: number) {
    this.server = wall;
    this.heardAt = steady();
  }
  /// `stamp`: a `Date` header or `at` of a frame. What cannot be read is passed over.
  hear(stamp: string | null): void {
    const at = stamp === null ? NaN : Date.parse(stamp);
    if (!Number.isNaN(at)) this.server = at;
    else this.server = this.now();
    this.heardAt = this.steady();
  }
  now(): number { return this.server + (this.steady() - this.heardAt); }
  silence(): number { return this.steady() - this.heardAt; }
}
