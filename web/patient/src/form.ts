// SPDX-License-Identifier: Apache-2.0
// What is asked for a booking, what is wrong with it, and the request made of it. Kept in memory only.
import type { Lang } from "./lang";
import type { BookingRequest, Person, Slot } from "./types";

export interface Entry {
  id: number; ///< stays with the person while others come and go
  how: "card" | "first";
  card: string;
  year: string;
  month: string;
  day: string;
  name: string;
  phone: string;
}
/// A place in today's line (順番予約), or a time of a day (時間帯予約).
export type Way = "queue" | "slot";
/// `email` is empty where no notice is wanted; `near`: people ahead when it is sent. `slot`: as it was offered.
export interface Form { service: string; kind: string; way: Way; slot: Slot | null; people: Entry[]; email: string; near: number }
export type Field = "card" | "birth" | "name" | "phone" | "email" | "way";
/// `place` is the person's place in the form, behind the last for the e-mail address and -1 for the way; `why` a key of
/// the booking table, or of that of slots.
export interface Mistake { place: number; field: Field; why: string }

export const mostPeople = 6;
export const mostNear = 20;
export const usualNear = 3;
export const entry = (id: number, how: Entry["how"]): Entry =>
  ({ id, how, card: "", year: "", month: "", day: "", name: "", phone: "" });

/// As typed on any keyboard: full-width letters and digits become plain ones, all sorts of hyphen one.
export const plain = (text: string): string =>
  text.normalize("NFKC").replace(/[‐‑‒–—―−ーｰ﹣]/g, "-").trim();
const digits = (text: string): string => plain(text).replace(/\s/g, "");

/// "1980-01-02", or null when there is no such day or nobody alive was born on it.
export function birthOf(entry: Pick<Entry, "year" | "month" | "day">, today: number): string | null {
  const [y, m, d] = [entry.year, entry.month, entry.day].map(digits) as [string, string, string];
  if (!/^\d{4}$/.test(y) || !/^\d{1,2}$/.test(m) || !/^\d{1,2}$/.test(d)) return null;
  const at = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)));
  if (at.getUTCMonth() !== Number(m) - 1 || at.getUTCDate() !== Number(d)) return null;
  if (at.getTime() > today || Number(y) < 1890) return null;
  return at.toISOString().slice(0, 10);
}

function cardMistakes(entry: Entry, place: number, today: number): Mistake[] {
  const found: Mistake[] = [];
  const card = digits(entry.card);
  if (card === "") found.push({ place, field: "card", why: "card.empty" });
  else if (!/^[0-9A-Za-z-]{1,20}$/.test(card)) found.push({ place, field: "card", why: "card.wrong" });
  if (birthOf(entry, today) === null) {
    const empty = [entry.year, entry.month, entry.day].every((part) => plain(part) === "");
    found.push({ place, field: "birth", why: empty ? "birth.empty" : "birth.wrong" });
  }
  return found;
}

function firstMistakes(entry: Entry, place: number): Mistake[] {
  const found: Mistake[] = [];
  const name = entry.name.trim();
  if (name === "") found.push({ place, field: "name", why: "name.empty" });
  else if ([...name].length > 40) found.push({ place, field: "name", why: "name.long" });
  const phone = plain(entry.phone);
  if (phone === "") found.push({ place, field: "phone", why: "phone.empty" });
  else if (!/^[0-9+() -]{6,20}$/.test(phone) || phone.replace(/\D/g, "").length < 6) found.push({ place, field: "phone", why: "phone.wrong" });
  return found;
}

/// The address as the server takes it, or null when it cannot be one.
export function emailOf(typed: string): string | null {
  const text = typed.normalize("NFKC").trim();
  return text.length <= 254 && /^[!#-'*+\-/-9=?A-Z^-~]+(\.[!#-'*+\-/-9=?A-Z^-~]+)*@([0-9A-Za-z-]+\.)+[0-9A-Za-z-]+$/.test(text) ? text : null;
}

/// The same card twice would be one number for two people.
function twins(people: Entry[]): Mistake[] {
  const seen = new Set<string>();
  return people.flatMap((each, place) => {
    const card = digits(each.card);
    if (each.how !== "card" || card === "") return [];
    if (seen.has(card)) return [{ place, field: "card" as const, why: "card.twice" }];
    seen.add(card);
    return [];
  });
}

/// The way that is chosen while there is it, else the only one; none when another has to be chosen.
export function wayOf(form: Pick<Form, "way">, queue: boolean, slots: boolean): Way | null {
  if (form.way === "slot") return slots ? "slot" : "queue";
  return queue || !slots ? "queue" : null;
}

/// In the order in which they stand on the page. `today`: the server's clock in ms.
export function mistakes(form: Form, today: number): Mistake[] {
  const all = form.people.flatMap((each, place) =>
    (each.how === "card" ? cardMistakes(each, place, today) : firstMistakes(each, place)));
  if (form.email.trim() !== "" && emailOf(form.email) === null) all.push({ place: form.people.length, field: "email", why: "email.wrong" });
  return [...all, ...twins(form.people)].sort((a, b) => a.place - b.place);
}

const personOf = (each: Entry, today: number): Person =>
  (each.how === "card" ? { card: digits(each.card), birth: birthOf(each, today) ?? "" }
    : { name: each.name.trim(), phone: plain(each.phone) });

/// Kinds to choose between: "first" follows from how people are known, so it is no choice.
export const kindChoices = (kinds: readonly string[]): string[] => kinds.filter((kind) => kind !== "first");

export function kindOf(form: Form, kinds: readonly string[]): string | undefined {
  if (kinds.includes("first") && form.people.every((each) => each.how === "first")) return "first";
  const choices = kindChoices(kinds);
  return choices.includes(form.kind) ? form.kind : choices[0];
}

export function requestOf(form: Form, kinds: readonly string[], today: number, lang: Lang): BookingRequest {
  const kind = kindOf(form, kinds);
  const people = form.people.map((each) => personOf(each, today));
  const email = emailOf(form.email);
  const slot = form.way === "slot" && form.slot !== null ? { slot: form.slot.slot } : {};
  const request: BookingRequest = { service: form.service, ...(kind === undefined ? {} : { kind }), ...slot, people };
  return email === null ? request : { ...request, notice: { email, near: form.near, lang } };
}

/// The field that a refusal of the server speaks of; `detail` is "people/1" or "people/1/card".
export function refusedField(reason: string, detail: string | undefined, people: readonly Entry[]): Mistake | null {
  if (reason === "bad_email") return { place: people.length, field: "email", why: "email.wrong" };
  const fields: Readonly<Record<string, [Field, string]>> = { bad_card: ["card", "card.wrong"],
    bad_birth: ["birth", "birth.wrong"], bad_name: ["name", "name.wrong"], bad_phone: ["phone", "phone.wrong"],
    bad_text: ["name", "name.wrong"], booked_already: ["card", "card.booked"], slot_limit: ["card", "card.slots"] };
  const found = fields[reason];
  if (found === undefined) return null;
  const named = /^people\/(\d+)/.exec(detail ?? "");
  const fits = (each: Entry) => (found[0] === "card" || found[0] === "birth") === (each.how === "card");
  const place = named ? Number(named[1]) : people.filter(fits).length === 1 ? people.findIndex(fits) : -1;
  const person = people[place];
  return person && fits(person) ? { place, field: found[0], why: found[1] } : null;
}
