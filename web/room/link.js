// SPDX-License-Identifier: Apache-2.0
// The line to the hub: one WebSocket, tried again by itself, and one command at a time. A command that was on
// its way when the line broke is sent again with its key, so that it is carried out once.
const beat_limit = 6000; // ms without a word: what is shown may no longer be true
const resend_limit = 10000;
const waits = [500, 1000, 2000, 4000, 8000];

export class Link {
  constructor({ onView, onState, onRevoked, lang }) {
    Object.assign(this, { onView, onState, onRevoked, lang });
    this.tries = 0;
    this.ids = 0;
    this.pending = null;
    this.heard = 0;
    this.live = false;
    this.ended = false;
    setInterval(() => this.watchdog(), 1000);
    // A tablet that wakes up does not wait for the next try.
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.hurry(); });
  }

  open() {
    clearTimeout(this.timer);
    const socket = new WebSocket(`wss://${location.host}/hub?lang=${this.lang()}`);
    this.socket = socket;
    socket.onopen = () => {
      socket.send(JSON.stringify({ id: 0, cmd: "watch", args: { views: ["rooms"] } }));
      if (this.pending) this.transmit();
    };
    socket.onmessage = (message) => { if (socket === this.socket) this.take(JSON.parse(message.data)); };
    socket.onclose = () => { if (socket === this.socket) this.lost(); };
  }

  take(frame) {
    this.heard = performance.now();
    if (!this.live) {
      this.live = true;
      this.tries = 0;
      this.onState(true);
    }
    if (frame.view === "rooms") this.onView(frame);
    const asked = this.pending;
    if (asked && frame.id === asked.id) this.settle(frame);
  }

  settle(frame) {
    const asked = this.pending;
    this.pending = null;
    clearTimeout(asked.timer);
    asked.answer(frame);
  }

  async lost() {
    this.socket = null;
    if (this.live) {
      this.live = false;
      this.onState(false);
    }
    if (this.ended) return;
    // A WebSocket does not tell why it was refused; /me does.
    const status = await fetch("/me").then((reply) => reply.status, () => 0);
    if (status === 401) {
      this.ended = true;
      this.onRevoked();
      return;
    }
    const wait = waits[Math.min(this.tries++, waits.length - 1)] * (0.5 + Math.random() / 2);
    this.timer = setTimeout(() => this.open(), wait);
  }

  hurry() {
    if (this.socket || this.ended) return;
    this.tries = 0;
    this.open();
  }

  /// A line that says nothing is cut; the network may have lost it without telling.
  watchdog() {
    if (!this.socket || !this.live || performance.now() - this.heard < beat_limit) return;
    const silent = this.socket;
    this.lost();
    silent.onclose = null;
    silent.close();
  }

  get busy() { return this.pending !== null; }

  /// Gives the hub's answer, or none when it is not known whether the command arrived.
  ask(cmd, args) {
    return new Promise((answer) => {
      const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
      const id = ++this.ids;
      const timer = setTimeout(() => this.settle(null), resend_limit);
      this.pending = { id, answer, timer, text: JSON.stringify({ id, cmd, args, key }) };
      this.transmit();
    });
  }

  transmit() {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(this.pending.text);
  }
}
