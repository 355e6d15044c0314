// SPDX-License-Identifier: Apache-2.0
// Keeps one document up to date: pushed by WebSocket, asked for with its ETag where that does not work. The server
// asks callers to come back after 1 s, doubled up to 60 s, with up to as much again at random, and to poll meanwhile.
import { request, type Answer, type Fetch } from "./api";
import type { ServerClock } from "./age";
import type { Lang } from "./lang";
import type { Aged, Refusal } from "./types";

/// What a watch needs of the world, so that tests can be the world.
export interface World {
  fetch: Fetch;
  socket: (url: string) => SocketLike;
  later: (ms: number, what: () => void) => () => void;
  random: () => number;
}
export interface SocketLike {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: unknown) => void) | null;
  close(): void;
}
export interface Seen<T> {
  data: T | null;
  refused: Refusal | null; ///< there is nothing to show, and why
  tried: boolean;          ///< an attempt to ask has ended
}

export const pollEvery = 20_000;
/// Longer than two beats of 25 s: the socket is dead though nobody has said so.
export const deafAfter = 60_000;

/// Pause before the n-th attempt to connect again (0 = the first), in ms.
export const backOff = (n: number, random: number): number => Math.min(60_000, 1000 * 2 ** n) * (1 + random);

interface Frame<T> { kind?: unknown; at?: unknown; data?: T }

function frameOf<T>(text: unknown): Frame<T> | null {
  try {
    const frame: unknown = JSON.parse(String(text));
    return typeof frame === "object" ? frame as Frame<T> : null;
  } catch {
    return null;
  }
}

/// What is pushed need not be pushed because time passes; when the clinic's last word is older than this and nobody
/// has said that it is out of reach, the page asks, at most so often.
export const askWhenOlder = 100_000;
export const askAgainAfter = 50_000;

export class Watch<T extends Aged> {
  private seen: Seen<T> = { data: null, refused: null, tried: false };
  private etag: string | null = null;
  private socket: SocketLike | null = null;
  private attempts = 0;
  private stopPoll: (() => void) | null = null;
  private stopDeaf: (() => void) | null = null;
  private stopRetry: (() => void) | null = null;
  private asking = false;
  private askedAt = -Infinity; ///< by the server's clock
  private frames = 0;   ///< received so far
  private pushed = false; ///< the present socket has spoken: no need to poll
  private over = false;

  constructor(private readonly url: string, private readonly live: string, private readonly kind: string,
    private readonly lang: () => Lang, private readonly clock: ServerClock, private readonly world: World,
    private readonly tell: (seen: Seen<T>) => void) {}

  start(): void {
    void this.ask();
    this.connect();
  }
  stop(): void {
    this.over = true;
    for (const cancel of [this.stopPoll, this.stopDeaf, this.stopRetry]) cancel?.();
    this.drop();
  }
  /// Ask at once: the page has come to the front, the network has come back, or a draw is due.
  refresh(): void {
    if (this.over) return;
    void this.ask();
    if (this.socket === null) {
      this.attempts = 0;
      this.connect();
    }
  }
  /// An answer that came another way (a cancellation, an arrival).
  put(data: T): void {
    this.etag = null;
    this.show({ data, refused: null, tried: true });
  }

  private show(seen: Seen<T>): void {
    this.seen = seen;
    if (!this.over) this.tell(seen);
  }

  private async ask(): Promise<void> {
    if (this.asking || this.over) return;
    this.asking = true;
    this.askedAt = this.clock.now();
    const frames = this.frames;
    const answer = await request<T>(this.url, { lang: this.lang(), etag: this.etag }, this.world.fetch);
    this.asking = false;
    if (this.over) return;
    // What was pushed meanwhile is newer than what was asked before.
    if (answer.kind !== "ok" || frames === this.frames) this.take(answer);
  }

  private take(answer: Answer<T>): void {
    let pause = pollEvery * (1 + this.world.random() / 4);
    if (answer.kind !== "unreachable") this.clock.hear(answer.date);
    if (answer.kind === "ok") {
      this.etag = answer.etag;
      this.show({ data: answer.data, refused: null, tried: true });
    } else if (answer.kind === "refused" && answer.status === 404) {
      this.show({ data: null, refused: answer.refusal, tried: true });
      this.stop();
      return;
    } else {
      if (answer.kind === "refused" && answer.retryAfter !== null) pause = Math.max(pause, answer.retryAfter * 1000);
      this.show({ ...this.seen, tried: true });
    }
    this.stopPoll?.();
    this.stopPoll = this.pushed ? null : this.world.later(pause, () => void this.ask());
  }

  private connect(): void {
    if (this.over) return;
    this.stopRetry?.();
    this.stopRetry = null;
    try {
      this.socket = this.world.socket(this.live);
    } catch {
      this.socket = null;
      return this.again();
    }
    const mine = this.socket;
    mine.onmessage = (event) => { if (mine === this.socket) this.frame(event.data); };
    mine.onclose = () => { if (mine === this.socket) this.lost(); };
    this.listen();
  }

  private frame(text: unknown): void {
    const frame = frameOf<T>(text);
    if (frame === null) return;
    this.attempts = 0;
    this.frames++;
    this.pushed = true;
    this.stopPoll?.();
    this.listen();
    this.clock.hear(typeof frame.at === "string" ? frame.at : null);
    if (frame.kind === this.kind && frame.data) {
      this.etag = null;
      this.show({ data: frame.data, refused: null, tried: true });
    } else {
      this.show(this.seen);
    }
    this.askOfOld();
  }

  private askOfOld(): void {
    const { data } = this.seen;
    const now = this.clock.now();
    if (data === null || data.stale || data.as_of === null || now - this.askedAt < askAgainAfter) return;
    if (now - Date.parse(data.as_of) > askWhenOlder) void this.ask();
  }

  private listen(): void {
    this.stopDeaf?.();
    this.stopDeaf = this.world.later(deafAfter, () => this.lost());
  }

  private lost(): void {
    if (this.over) return;
    this.drop();
    this.again();
    void this.ask();
  }
  private drop(): void {
    const old = this.socket;
    this.socket = null;
    this.pushed = false;
    this.stopDeaf?.();
    old?.close();
  }
  private again(): void {
    this.stopRetry = this.world.later(backOff(this.attempts++, this.world.random()), () => this.connect());
  }
}
