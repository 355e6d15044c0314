// SPDX-License-Identifier: Apache-2.0
// The number of a paper slip, as its code names it: "naika-20261126-36", "naika-20261126-W1.7".
import type { Service } from "./types";

export interface Slip { name: string; service: string; date: string; series: string; n: string }

export function slipOf(text: string): Slip | null {
  const found = /^([^/?#]{1,32})-(\d{4})(\d\d)(\d\d)-(?:([KW]\d*)\.)?([1-9]\d{0,8})$/.exec(text);
  if (found === null) return null;
  const [, service = "", year, month, day, series = "", n = ""] = found;
  return { name: text, service, date: `${year}-${month}-${day}`, series, n };
}

/// As it stands on the slip: "36", "S-104", "W1-7".
export function shownOf(slip: Slip, service: Pick<Service, "prefix"> | undefined): string {
  const before = (service?.prefix ?? "") + slip.series;
  return before === "" ? slip.n : `${before}-${slip.n}`;
}
