// SPDX-License-Identifier: Apache-2.0
// A small server that answers as docs/openapi.yaml says, with a clinic's day that a test can turn as it likes.
// Serves web/patient/dist at /f/ and /t/ with the strictest policy the page has to live with.
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";

const here = dirname(fileURLToPath(import.meta.url));
export const dist = join(here, "../../web/patient/dist");
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const types = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html; charset=utf-8" };
const words = {
  not_recognised: ["診察券番号と 生年月日の 組み合わせを 確かめられませんでした。", "The card and the birth date do not go together."],
};

/// ISO 8601 with Japan's offset.
export const iso = (ms) => new Date(ms + 9 * 3600_000).toISOString().replace("Z", "+09:00");
const label = (ja, en, reading = "") => ({ ja, en, reading });
const open = (more = {}) => ({ open: true, reason: "", message: "", opens_at: null, closes_at: null, drawing_until: null, left: null, ...more });
export const shut = (reason, opens_at = null) => ({ ...open(), open: false, reason, message: `「${reason}」のため 受け付けていません。`, opens_at });

/// A clinic's morning at 9:15 (Japan) of 26 November 2026.
export function morning() {
  const at = Date.parse("2026-11-26T09:15:02.120+09:00");
  const until = iso(at + 135 * 60_000);
  const hours = [
    { session: "morning", weekdays: [1, 2, 3, 4, 5, 6], opens: "8:30", closes: "12:00" },
    { session: "afternoon", weekdays: [1, 2, 4, 5], opens: "14:30", closes: "18:00" },
  ];
  const windows = [{ weekdays: [], opens: "6:00", closes: "11:30" }];
  const service = (id, number, name, prefix, booking) =>
    ({ id, number, name, prefix, kinds: ["return", "first"], hours, windows, exceptions: [], booking, absence: { back: 3, times: 2 }, draw_seconds: 60 });
  const naika = open({ closes_at: until, left: 31 });
  const shouni = open({ closes_at: until, left: 4 });
  return {
    now: at,
    facility: {
      id: "minato", number: 1, name: label("みなとクリニック", "Minato Clinic", "みなとくりにっく"), phone: "00-0000-0000",
      address: { postal: "000-0000", text: "見本県みなと市1-2-3", access: "みなと駅から歩いて5分" }, state: "ok", state_message: "",
      state_until: null, announcements: [], options: { queue: true, signage: true, mail: true }, booking_kinds: ["card", "first"],
      services: [service("naika", 1, label("内科", "Internal medicine", "ないか"), "", naika),
        service("shouni", 2, label("小児科", "Paediatrics", "しょうにか"), "S", shouni)],
      messages: [{ id: "1", pattern: "delay", text: "診察が 20分ほど おくれています", minutes: 20, until: null },
        { id: "2", pattern: "free", text: "本日は 発熱の方が多く 混みあっています。", minutes: 0, until }],
      as_of: iso(at), stale: false,
    },
    status: {
      naika: { state: "open", calling: "8", waiting: 6, wait: { low: 35, high: 50 }, last_number: "15" },
      shouni: { state: "before", calling: null, waiting: 2, wait: null, last_number: "S-2" },
    },
    numbers: {}, // of slips, by name: what the clinic has told of them
    tickets: new Map(), keys: new Map(), next: { naika: 16, shouni: 3 }, posts: [], requests: [],
    cards: new Map([["1001", "1980-01-01"], ["1002", "1980-01-02"], ["1003", "1980-01-03"]]),
    refuse: null, // a refusal for every booking: {status, reason, ...}
    lose: 0,      // so many answers of bookings are lost after the booking has been made
    hold: null,   // a promise that answers of bookings wait for
    blackout: false, // no answer to anything below /v1
    slotsAway: false, // the times cannot be told
    noSlots: false, // no day has any
    sockets: true, // whether /v1/live takes connections
  };
}

const dateAfter = (day, days) => iso(day.now + days * 86_400_000).slice(0, 10);
const slotName = (date, minute) => `${date}T${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/// Lets a service take slot bookings: 14:30 to 17:30 by half hours, three places each, not on Sundays; ten days ahead and
/// half an hour before. `day.taken` has people by slot.
export function withSlots(day, id = "shouni") {
  day.facility.services.find((each) => each.id === id).slots = true;
  day.taken ??= {};
}

function slotsOn(day, date) {
  if (new Date(`${date}T00:00:00Z`).getUTCDay() === 0 || day.noSlots) return [];
  return [870, 900, 930, 960, 990, 1020].map((minute) => {
    const slot = slotName(date, minute);
    const begins = Date.parse(`${slot}:00+09:00`);
    const left = Math.max(0, 3 - (day.taken[slot] ?? 0));
    const reason = begins - day.now <= 1_800_000 ? "slot_past" : date > dateAfter(day, day.ahead ?? 10) ? "slot_too_far" : left === 0 ? "slot_full" : "";
    return { slot, minutes: 30, places: 3, free: reason === "" ? left : 0, reason,
      opens: reason === "slot_too_far" ? dateAfter({ now: begins }, -(day.ahead ?? 10)) : null, message: reason === "" ? "" : `「${reason}」のため できません。` };
  });
}

function slotsTold(day, id, asked, english) {
  const service = day.facility.services.find((each) => each.id === id);
  if (!service) return refusal(404, "unknown_service", {}, english);
  const from = asked.get("from") ?? dateAfter(day, 0);
  const days = Number(asked.get("days") ?? 7);
  if (from < dateAfter(day, 0) || from > dateAfter(day, 60) || !(days >= 1 && days <= 14)) return refusal(400, "bad_argument", {}, english);
  const ahead = (Date.parse(from) - Date.parse(dateAfter(day, 0))) / 86_400_000;
  const dates = Array.from({ length: days }, (_, at) => dateAfter(day, ahead + at));
  return { status: 200, body: { facility: day.facility.id, service: id, days: dates.map((date) => ({ date, slots: service.slots ? slotsOn(day, date) : [] })) } };
}

/// Why so many people cannot have the slot.
function slotRefused(day, service, name, people) {
  const found = service.slots ? slotsOn(day, name.slice(0, 10)).find((each) => each.slot === name) : undefined;
  return !found ? "slot_unknown" : found.reason !== "" ? found.reason : found.free < people ? "slot_full" : "";
}

export function makeTicket(day, more = {}) {
  const service = day.facility.services.find((each) => each.id === (more.service ?? "naika"));
  const ticket = {
    token: randomBytes(20).toString("base64url").slice(0, 27), facility: { id: day.facility.id, name: day.facility.name, phone: day.facility.phone },
    service: { id: service.id, name: service.name }, date: iso(day.now).slice(0, 10), number: "12", slot: null, state: "waiting", arrival: "confirmed", ahead: 3,
    wait: { low: 20, high: 35 }, room: null, calling: "8", drawn_at: null, accepted_at: iso(day.now - 3600_000), reasons: [],
    absence: service.absence, may: { cancel: true, arrive: false, notice: true }, notice: null, family: [], messages: day.facility.messages, as_of: iso(day.now), stale: false, ...more,
  };
  ticket.service = { id: service.id, name: service.name };
  day.tickets.set(ticket.token, ticket);
  return ticket;
}

const statusOf = (day) => ({
  facility: day.facility.id, date: iso(day.now).slice(0, 10), state: day.facility.state, messages: day.facility.messages, as_of: day.facility.as_of,
  stale: day.facility.stale, services: day.facility.services.map((each) => ({ id: each.id, ...day.status[each.id], booking: each.booking })),
});

/// Where the number of a slip stands; none of this clinic's day: null.
function numberOf(day, name) {
  const [, id, date, series = "", n] = /^(.+)-(\d{8})-(?:([KW]\d*)\.)?([1-9]\d*)$/.exec(name) ?? [];
  const service = day.facility.services.find((each) => each.id === id);
  if (!service || date !== iso(day.now).slice(0, 10).replace(/-/g, "")) return null;
  const before = service.prefix + series;
  return { facility: day.facility.id, ticket: name, service: { id, name: service.name }, date: iso(day.now).slice(0, 10),
    number: before === "" ? n : `${before}-${n}`, state: "unknown", ahead: null, wait: null, room: null, as_of: day.facility.as_of,
    stale: day.facility.stale, ...day.numbers[name] };
}

const codes = { 400: "invalid", 403: "forbidden", 404: "not_found", 409: "conflict", 413: "limit", 415: "invalid", 422: "conflict", 426: "invalid", 429: "limit", 503: "storage" };
const refusal = (status, reason, more = {}, english = false) => ({
  status, body: { error: { code: codes[status] ?? "internal", reason, message: words[reason]?.[english ? 1 : 0] ?? (english ? `Refused: ${reason}.` : `「${reason}」のため できません。`), ...more } },
});

function bookAll(day, body, english) {
  const service = day.facility.services.find((each) => each.id === body.service);
  if (!service) return refusal(404, "unknown_service", {}, english);
  const slot = body.slot ?? null;
  const barred = slot !== null ? slotRefused(day, service, slot, body.people.length) : "";
  if (barred !== "") return refusal(409, barred, {}, english);
  if (slot === null && !service.booking.open) return refusal(409, service.booking.reason, { opens_at: service.booking.opens_at }, english);
  if (body.kind !== undefined && !service.kinds.includes(body.kind)) return refusal(400, "bad_kind", {}, english);
  for (const [at, person] of body.people.entries()) {
    if (person.card !== undefined && day.cards.get(person.card) !== person.birth) return refusal(403, "not_recognised", {}, english);
    const held = [...day.tickets.values()].filter((each) => each.card === person.card && each.slot !== null && each.state === "booked");
    if (person.card !== undefined && slot !== null && held.length >= 2) return refusal(409, "slot_limit", { detail: `people/${at}` }, english);
    const twice = [...day.tickets.values()].some((each) => each.card === person.card && each.service.id === service.id && each.date === (slot ?? iso(day.now)).slice(0, 10) && each.state !== "cancelled");
    if (person.card !== undefined && twice) return refusal(409, "booked_already", { detail: `people/${at}` }, english);
  }
  const drawing = slot === null ? service.booking.drawing_until : null;
  const all = body.people.map((person) => {
    const n = day.next[service.id];
    if (!drawing) day.next[service.id]++;
    const ticket = makeTicket(day, { service: service.id, number: drawing ? null : `${service.prefix ? `${service.prefix}-` : ""}${n}`, ahead: drawing ? null : n - 10,
      state: drawing ? "drawing" : "booked", arrival: "none", wait: drawing ? null : { low: 35, high: 50 }, drawn_at: drawing, accepted_at: iso(day.now),
      ...(slot === null ? {} : { slot, date: slot.slice(0, 10), ahead: null, wait: null }), calling: slot === null ? day.status[service.id].calling : null, may: { cancel: true, arrive: !drawing && (slot === null || slot.slice(0, 10) === iso(day.now).slice(0, 10)), notice: true } });
    Object.defineProperty(ticket, "card", { value: person.card, enumerable: false });
    return ticket;
  });
  if (slot !== null) day.taken[slot] = (day.taken[slot] ?? 0) + all.length;
  if (body.notice) all[0].notice = { state: "waiting", near: body.notice.near };
  for (const each of all) each.family = all.filter((one) => one !== each).map(({ token, number, state }) => ({ token, number, state }));
  const tickets = all.map(({ token, number, state, ahead, wait }) => ({ token, number, state, ahead, wait }));
  return { status: drawing ? 202 : 201, body: { facility: day.facility.id, service: service.id, slot, drawn_at: drawing, tickets } };
}

function book(day, key, text, english) {
  if (!/^[!-~]{16,64}$/.test(key ?? "")) return refusal(400, "bad_key", {}, english);
  const before = day.keys.get(key);
  if (before) return before.text === text ? before.answer : refusal(422, "key_reused", {}, english);
  if (day.refuse) return { ...refusal(day.refuse.status, day.refuse.reason, day.refuse.more, english), retry: day.refuse.retry };
  const answer = bookAll(day, JSON.parse(text), english);
  if (answer.status < 300) day.keys.set(key, { text, answer });
  return answer;
}

function act(day, ticket, what) {
  if (what === "cancel") {
    if (ticket.state === "cancelled") return { status: 200, body: ticket };
    if (!ticket.may.cancel) return refusal(409, ["called", "in_room"].includes(ticket.state) ? "called_already" : "ticket_over");
    Object.assign(ticket, { state: "cancelled", ahead: null, wait: null, may: { cancel: false, arrive: false, notice: false }, notice: null });
  } else {
    if (ticket.state === "drawing") return refusal(409, "drawing");
    if (!ticket.may.arrive) return refusal(409, "ticket_over");
    Object.assign(ticket, { arrival: "asked", may: { ...ticket.may, arrive: false } });
  }
  return { status: 200, body: ticket };
}

function notice(day, ticket, method, text) {
  const operation = method === "PUT" ? "set_notice" : "stop_notice";
  const told = (answer) => ({ operation, ...answer });
  if (!day.facility.options.mail) return told(refusal(409, "mail_off"));
  if (ticket.notice?.state === "sent") return told(refusal(409, "notice_sent"));
  if (method === "DELETE") ticket.notice = null;
  else {
    const wish = JSON.parse(text);
    if (!/^[!-?A-~]+@[0-9A-Za-z.-]+$/.test(wish.email)) return told(refusal(400, "bad_email"));
    ticket.notice = { state: "waiting", near: wish.near };
  }
  return told({ status: 200, body: ticket });
}

/// `check(operation, what, value)` is told of every answer and request body, so that a test can hold it against the document.
export async function serve(day, check = () => {}, port = 0) {
  const live = new WebSocketServer({ noServer: true });
  const watchers = new Map();
  const body = (request) => new Promise((done) => {
    const parts = [];
    request.on("data", (part) => parts.push(part)).on("end", () => done(Buffer.concat(parts).toString()));
  });
  const json = (request, response, operation, { status, body: value, retry }) => {
    check(operation, status, value);
    const text = JSON.stringify(value);
    const tag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 16)}"`;
    const headers = { "Content-Type": "application/json", "Cache-Control": "no-cache", Date: new Date(day.now).toUTCString() };
    if (retry !== undefined) headers["Retry-After"] = String(retry);
    if (request.method === "GET" && status === 200) {
      headers.ETag = tag;
      if (request.headers["if-none-match"] === tag) return response.writeHead(304, headers).end();
    }
    response.writeHead(status, headers).end(text);
  };
  const file = (response, path, status = 200) => {
    const headers = { "Content-Type": types[extname(path)] ?? "application/octet-stream", "Content-Security-Policy": policy, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff" };
    response.writeHead(status, headers).end(readFileSync(path));
  };
  const api = async (request, response, path) => {
    const english = /^en/.test(request.headers["accept-language"] ?? "");
    const times = /^\/v1\/facilities\/([^/]+)\/services\/([^/]+)\/slots$/.exec(path);
    if (times) {
      const known = decodeURIComponent(times[1]) === day.facility.id;
      if (day.slotsAway) return request.socket.destroy();
      return json(request, response, "slots", !known ? refusal(404, "unknown_facility", {}, english)
        : slotsTold(day, times[2], new URL(request.url, "http://x").searchParams, english));
    }
    const slip = /^\/v1\/facilities\/([^/]+)\/numbers\/([^/]+)$/.exec(path);
    if (slip) {
      const told = decodeURIComponent(slip[1]) === day.facility.id ? numberOf(day, decodeURIComponent(slip[2])) : null;
      return json(request, response, "number", told === null ? refusal(404, "unknown_ticket", {}, english) : { status: 200, body: told });
    }
    const found = /^\/v1\/facilities\/([^/]+)(\/status|\/bookings)?$/.exec(path);
    if (found) {
      const operation = { undefined: "facility", "/status": "status", "/bookings": "book" }[found[2]];
      const known = decodeURIComponent(found[1]) === day.facility.id;
      if (operation === "book") {
        const text = await body(request);
        day.posts.push({ key: request.headers["idempotency-key"], text });
        check("book", "request", JSON.parse(text));
        const answer = known ? book(day, request.headers["idempotency-key"], text, english) : refusal(404, "unknown_facility", {}, english);
        if (day.hold) await day.hold;
        if (day.lose > 0) {
          // Cut off in the middle: before the first byte the browser would send the request again by itself.
          day.lose--;
          response.writeHead(answer.status, { "Content-Type": "application/json", "Content-Length": "9999" });
          return response.write("{", () => request.socket.destroy());
        }
        return json(request, response, operation, answer);
      }
      if (!known) return json(request, response, operation, refusal(404, "unknown_facility", {}, english));
      return json(request, response, operation, { status: 200, body: operation === "facility" ? day.facility : statusOf(day) });
    }
    const ticket = /^\/v1\/tickets\/([^/]+)(?:\/(cancel|arrive|notice))?$/.exec(path);
    const mine = ticket && day.tickets.get(decodeURIComponent(ticket[1]));
    if (!mine) return json(request, response, ticket?.[2] ?? "ticket", refusal(404, "unknown_ticket", {}, english));
    if (ticket[2] === "notice") {
      const text = await body(request);
      if (request.method === "PUT") {
        day.posts.push({ text });
        check("set_notice", "request", JSON.parse(text));
      }
      const { operation, ...told } = notice(day, mine, request.method, text);
      json(request, response, operation, told);
      return api.push();
    }
    const answer = ticket[2] ? act(day, mine, ticket[2]) : { status: 200, body: mine };
    json(request, response, ticket[2] ?? "ticket", answer);
    if (ticket[2]) api.push();
  };
  api.push = () => { for (const [socket, what] of watchers) frame(socket, what); };
  const frame = (socket, what) => {
    const kind = what.token ? "ticket" : what.number ? "number" : "status";
    const data = what.token ? day.tickets.get(what.token) : what.number ? numberOf(day, what.number) : statusOf(day);
    check(kind, 200, data);
    socket.send(JSON.stringify({ kind, at: iso(day.now), data }));
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    day.requests.push(`${request.method} ${request.url}`);
    if (path.startsWith("/v1/")) return day.blackout ? request.socket.destroy() : void api(request, response, path);
    const asset = normalize(join(dist, path));
    if (path.startsWith("/assets/") && asset.startsWith(join(dist, "assets")) && existsSync(asset)) return file(response, asset);
    if (/^\/[ft]\/[^/]+$/.test(path)) return file(response, join(dist, "index.html"));
    response.writeHead(404, { "Content-Type": "text/html" }).end("<!doctype html><title>404</title>");
  });
  server.on("upgrade", (request, socket, head) => {
    const asked = new URL(request.url, "http://x").searchParams;
    const what = { token: asked.get("token"), facility: asked.get("facility"), number: asked.get("number") };
    const known = what.token ? day.tickets.has(what.token) : what.facility === day.facility.id && (!what.number || numberOf(day, what.number) !== null);
    if (day.blackout || !day.sockets || !known) return socket.destroy();
    live.handleUpgrade(request, socket, head, (up) => {
      watchers.set(up, what);
      up.on("close", () => watchers.delete(up));
      frame(up, what);
    });
  });
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    push: api.push,
    cut: () => { for (const socket of watchers.keys()) socket.terminate(); },
    watchers: () => watchers.size,
    close: () => new Promise((done) => {
      for (const socket of watchers.keys()) socket.terminate();
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

/// `node standin.mjs [PORT]`: for looking at the pages by hand.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const day = morning();
  const server = await serve(day, undefined, Number(process.argv[2] ?? 8088));
  console.log(`${server.base}/f/minato\n${server.base}/t/${makeTicket(day).token}`);
}
