// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { ServerClock } from "../src/age";
import { backOff, deafAfter, pollEvery, Watch, type Seen, type SocketLike, type World } from "../src/watch";

type Doc = { n: number; as_of: string | null; stale: boolean };
const doc = (n: number, as_of: string | null = "2026-11-26T09:15:00+09:00"): Doc => ({ n, as_of, stale: false });

/// A world whose time moves when the test says so.
class Stage implements World {
  now = 0;
  timers: { at: number; what: () => void }[] = [];
  sockets: (SocketLike & { closed: boolean })[] = [];
  asked: { etag: string | null }[] = [];
  answers: ((etag: string | null) => Response | Promise<Response> | Error)[] = [];
  fetch = async (_: string, init: RequestInit): Promise<Response> => {
    const etag = new Headers(init.headers).get("If-None-Match");
    this.asked.push({ etag });
    const answer = await (this.answers.shift() ?? (() => new TypeError("no network")))(etag);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  socket = () => {
    const made = { onmessage: null, onclose: null, closed: false, close() { this.closed = true; } } as SocketLike & { closed: boolean };
    this.sockets.push(made);
    return made;
  };
  later = (ms: number, what: () => void) => {
    const timer = { at: this.now + ms, what };
    this.timers.push(timer);
    return () => { this.timers = this.timers.filter((each) => each !== timer); };
  };
  random = () => 0;
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      const due = this.timers.filter((each) => each.at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.now = due.at;
      this.timers = this.timers.filter((each) => each !== due);
      due.what();
      await this.settle();
    }
    this.now = until;
  }
  async settle(): Promise<void> { for (let i = 0; i < 20; i++) await Promise.resolve(); }
  frame(data: Doc): string { return JSON.stringify({ kind: "status", at: "2026-11-26T09:15:00+09:00", data }); }
  get last() { return this.sockets[this.sockets.length - 1]!; }
}

const ok = (n: number, etag = `"${n}"`) => () =>
  new Response(JSON.stringify(doc(n)), { headers: { ETag: etag, Date: "Thu, 26 Nov 2026 00:15:00 GMT" } });

function watch(stage: Stage) {
  const seen: Seen<Doc>[] = [];
  const clock = new ServerClock(() => stage.now, 0);
  const made = new Watch<Doc>("/s", "ws://x/v1/live", "status", () => "ja", clock, stage, (each) => seen.push(each));
  made.start();
  return { seen, made, clock, latest: () => seen[seen.length - 1] };
}

describe("a watch", () => {
  it("asks at once and is pushed from then on, without polling", async () => {
    const stage = new Stage();
    stage.answers.push(ok(1));
    const { latest } = watch(stage);
    await stage.settle();
    expect(latest()?.data).toEqual(doc(1));
    stage.last.onmessage?.({ data: stage.frame(doc(2)) });
    expect(latest()?.data).toEqual(doc(2));
    await stage.pass(deafAfter - 1);
    expect(stage.asked).toHaveLength(1);
  });
  it("polls with the ETag while there is no socket", async () => {
    const stage = new Stage();
    stage.answers.push(ok(1), ok(1), () => new Response(null, { status: 304 }));
    const { latest } = watch(stage);
    await stage.settle();
    stage.last.onclose?.({});
    await stage.settle();
    expect(stage.asked[1]?.etag).toBe("\"1\"");
    await stage.pass(pollEvery);
    expect(stage.asked.length).toBeGreaterThanOrEqual(3);
    expect(latest()?.data).toEqual(doc(1));
  });
  it("comes back after 1, 2, 4 … 60 s", async () => {
    expect([0, 1, 2, 6, 20].map((n) => backOff(n, 0))).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
    expect(backOff(0, 0.5)).toBe(1_500);
    const stage = new Stage();
    watch(stage);
    await stage.settle();
    for (const pause of [1_000, 2_000, 4_000]) {
      const before = stage.sockets.length;
      stage.last.onclose?.({});
      await stage.pass(pause - 1);
      expect(stage.sockets).toHaveLength(before);
      await stage.pass(1);
      expect(stage.sockets).toHaveLength(before + 1);
    }
  });
  it("gives a socket up that has been silent for more than two beats", async () => {
    const stage = new Stage();
    stage.answers.push(ok(1), ok(3));
    const { latest } = watch(stage);
    await stage.settle();
    const first = stage.last;
    first.onmessage?.({ data: JSON.stringify({ kind: "beat", at: "2026-11-26T09:15:00+09:00" }) });
    await stage.pass(deafAfter);
    expect(first.closed).toBe(true);
    expect(latest()?.data).toEqual(doc(3));
    first.onmessage?.({ data: stage.frame(doc(9)) });
    expect(latest()?.data).toEqual(doc(3));
  });
  it("does not let a slow answer undo what was pushed after it was asked", async () => {
    const stage = new Stage();
    let answer = (_: Response) => {};
    stage.answers.push(() => new Promise<Response>((done) => { answer = done; }));
    const { latest } = watch(stage);
    stage.last.onmessage?.({ data: stage.frame(doc(5)) });
    answer(ok(4)());
    await stage.settle();
    expect(latest()?.data).toEqual(doc(5));
  });
  it("keeps what it has when the network goes, and says so by silence", async () => {
    const stage = new Stage();
    stage.answers.push(ok(1));
    const { latest, clock } = watch(stage);
    await stage.settle();
    stage.last.onclose?.({});
    await stage.pass(90_000);
    expect(latest()?.data).toEqual(doc(1));
    expect(clock.silence()).toBe(90_000);
  });
  it("stops for good when there is no such thing", async () => {
    const stage = new Stage();
    stage.answers.push(() => new Response(JSON.stringify({ error: { code: "not_found", reason: "unknown_ticket", message: "x" } }), { status: 404 }));
    const { latest } = watch(stage);
    await stage.settle();
    expect(latest()?.refused?.reason).toBe("unknown_ticket");
    await stage.pass(600_000);
    expect(stage.asked).toHaveLength(1);
  });
  it("waits as long as it is told to", async () => {
    const stage = new Stage();
    stage.answers.push(() => new Response(JSON.stringify({ error: { code: "limit", reason: "too_many_requests", message: "x" } }),
      { status: 429, headers: { "Retry-After": "50" } }));
    watch(stage);
    await stage.settle();
    await stage.pass(49_000);
    expect(stage.asked).toHaveLength(1);
    await stage.pass(1_000);
    expect(stage.asked).toHaveLength(2);
  });
  it("asks when the clinic's last word grows old and nobody says so, but not at every beat", async () => {
    const stage = new Stage();
    stage.answers.push(ok(1), () => new Response(JSON.stringify(doc(1, "2026-11-26T09:17:00+09:00"))));
    const { latest } = watch(stage);
    await stage.settle();
    const beat = async (at: string) => {
      await stage.pass(25_000);
      stage.last.onmessage?.({ data: JSON.stringify({ kind: "beat", at }) });
      await stage.settle();
    };
    stage.last.onmessage?.({ data: stage.frame(doc(1)) });
    await beat("2026-11-26T09:16:30+09:00");
    expect(stage.asked).toHaveLength(1);
    await beat("2026-11-26T09:17:05+09:00");
    await beat("2026-11-26T09:17:30+09:00");
    expect(stage.asked).toHaveLength(2);
    expect(latest()?.data?.as_of).toBe("2026-11-26T09:17:00+09:00");
  });
  it("passes over frames that are not JSON or of another kind", async () => {
    const stage = new Stage();
    stage.answers.push(ok(1));
    const { latest } = watch(stage);
    await stage.settle();
    for (const data of ["{", "null", "[]", JSON.stringify({ kind: "other", data: { n: 7 } })]) stage.last.onmessage?.({ data });
    expect(latest()?.data).toEqual(doc(1));
  });
});
