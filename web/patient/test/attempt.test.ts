// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Answer } from "../src/api";
import { attemptFor, newKey, pauses, send, unsettled } from "../src/attempt";
import type { Booking, BookingRequest } from "../src/types";

const wanted: BookingRequest = { service: "naika", people: [{ card: "1001", birth: "1980-01-01" }] };
const booking: Booking = { facility: "minato", service: "naika", drawn_at: null,
  tickets: [{ token: "t", number: "12", state: "booked", ahead: 5, wait: null }] };
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const refused = (status: number, reason: string) => json(status, { error: { code: "conflict", reason, message: "x" } });

describe("an attempt", () => {
  it("keeps its key for the same body and gets another for another", () => {
    let n = 0;
    const key = () => `key-${n++}`;
    const one = attemptFor(wanted, null, key);
    expect(attemptFor({ ...wanted }, one, key)).toBe(one);
    expect(attemptFor({ ...wanted, service: "shouni" }, one, key).key).toBe("key-1");
  });
  it("has a key that the document allows, made of 128 random bits", () => {
    let n = 0;
    const source = { getRandomValues: (bytes: Uint8Array) => bytes.map((_, at) => (bytes[at] = (n++ * 37) % 256)) } as unknown as Crypto;
    const keys = new Set(Array.from({ length: 16 }, () => newKey(source)));
    expect(n).toBe(16 * 16);
    expect(keys.size).toBe(16);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
  });
});

async function sendThrough(answers: (Response | Error)[]) {
  const keys: string[] = [];
  const slept: number[] = [];
  const told: number[] = [];
  const answer = await send("/b", { key: "k".repeat(16), body: "{}" }, "ja", (again) => told.push(again), async (_, init) => {
    keys.push(new Headers(init.headers).get("Idempotency-Key") ?? "");
    const next = answers.shift()!;
    if (next instanceof Error) throw next;
    return next;
  }, async (ms) => void slept.push(ms));
  return { answer, keys, slept, told };
}

describe("sending", () => {
  it("asks once when it is answered", async () => {
    const { answer, keys } = await sendThrough([json(201, booking)]);
    expect(answer.kind).toBe("ok");
    expect(keys).toHaveLength(1);
  });
  it("sends the same key again while no answer comes", async () => {
    const { answer, keys, slept, told } = await sendThrough([new TypeError("lost"), new TypeError("lost"), json(201, booking)]);
    expect(answer.kind).toBe("ok");
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(3);
    expect(slept).toEqual(pauses.slice(0, 2));
    expect(told).toEqual([1, 2]);
  });
  it("does not take a log-in page of a hotel for an answer", async () => {
    const { keys } = await sendThrough([new Response("<html>", { status: 200 }), json(201, booking)]);
    expect(keys).toHaveLength(2);
  });
  it("sends again what could not be recorded, and gives up after the last pause", async () => {
    const { answer, keys } = await sendThrough(Array.from({ length: 4 }, () => refused(503, "not_recorded")));
    expect(keys).toHaveLength(pauses.length + 1);
    expect(unsettled(answer)).toBe(true);
  });
  it.each([[409, "booking_full"], [403, "not_recognised"], [429, "check_resting"], [503, "maintenance"], [503, "outside_hours"], [422, "key_reused"]])(
    "takes %i %s for an answer", async (status, reason) => {
      const { answer, keys } = await sendThrough([refused(status, reason)]);
      expect(keys).toHaveLength(1);
      expect(unsettled(answer as Answer<Booking>)).toBe(false);
    });
});
