// SPDX-License-Identifier: Apache-2.0
// Every page in every standing that a patient can meet: for the tests of accessibility and for the pictures.
// Each is a name, what to make of the day, and the way there.
import { fillCard, fillFirst } from "./kit.mjs";
import { iso, makeTicket, shut, withSlots } from "./standin.mjs";

const room = { id: "r1", name: { ja: "診察室1", en: "Room 1", reading: "しんさつしつ1" } };
const facility = (turn = () => {}) => async (it, lang) => {
  turn(it.day);
  await it.page.goto(`${it.server.base}/f/minato?lang=${lang}`);
  await it.page.waitForSelector("main .panel, main .lost");
};
/// By the code of a slip.
const slip = (more, name = "naika-20261126-36") => async (it, lang) => {
  it.day.numbers[name] = more;
  await it.page.goto(`${it.server.base}/f/minato?lang=${lang}#${name}`);
  await it.page.waitForSelector(".held .number");
  await it.page.waitForFunction(() => document.querySelector(".standing") || document.querySelectorAll(".held p").length > 2);
};
const ticket = (more = {}, turn = () => {}) => async (it, lang) => {
  turn(it.day);
  await it.page.goto(`${it.server.base}/t/${makeTicket(it.day, more).token}?lang=${lang}`);
  await it.page.waitForSelector(".card .number");
};
const form = (turn = () => {}) => async (it, lang) => {
  turn(it.day);
  await it.page.goto(`${it.server.base}/f/minato?lang=${lang}&book=naika`);
  await it.page.waitForSelector("main h1");
};
const over = (state, until = null) => (day) => {
  Object.assign(day.facility, { state, state_until: until });
  for (const each of day.facility.services) each.booking = shut(state);
};
const review = (turn = () => {}) => async (it, lang) => {
  await form(turn)(it, lang);
  await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
  await it.page.locator(".dashed").click();
  await fillFirst(it.page, 1, "見本 花子", "00-0000-0000");
  await it.page.locator("#notice-email").fill("hanako.a-rather-long-address@mail.example.jp");
  await it.page.locator(".sticky .main").click();
  await it.page.waitForSelector("dl.check");
};
/// A clinic whose children's service takes slots as well: the 27th is nearly full, the 28th full.
const timed = (turn = () => {}) => (day) => {
  withSlots(day);
  Object.assign(day.taken, { "2026-11-27T14:30": 3, "2026-11-27T15:00": 2, "2026-11-27T15:30": 3, "2026-11-27T16:00": 3, "2026-11-27T17:00": 1 });
  for (const at of ["14:30", "15:00", "15:30", "16:00", "16:30", "17:00"]) day.taken[`2026-11-28T${at}`] = 3;
  turn(day);
};
const slotForm = (turn) => async (it, lang) => {
  timed(turn)(it.day);
  await it.page.goto(`${it.server.base}/f/minato?lang=${lang}&book=shouni&way=slot`);
  await it.page.waitForSelector("main h1");
};
const when = (turn) => async (it, lang) => {
  await slotForm(turn)(it, lang);
  await fillCard(it.page, 0, "1001", ["1980", "1", "1"]);
  await press(it);
  await it.page.waitForSelector(".days, .sticky");
  await it.page.waitForFunction(() => document.querySelector(".loading") === null);
};
const pickDay = (it, date) => it.page.locator(`input[name=day][value="${date}"]`).check();
const pickSlot = (it, slot) => it.page.locator(`input[name=slot][value="${slot}"]`).check();
const press = (it) => it.page.locator(".sticky .main").click();

export const pages = {
  "facility": facility(),
  "facility-slip": slip({ state: "waiting", ahead: 11, wait: { low: 45, high: 75 } }),
  "facility-slip-called": slip({ state: "called", room }),
  "facility-slip-absent": slip({ state: "absent" }),
  "facility-slip-over": slip({ state: "over" }),
  "facility-slip-unknown": slip({}),
  "facility-slip-yesterday": slip({}, "naika-20261125-36"),
  "facility-closed": facility((day) => { day.facility.services.forEach((each) => { each.booking = shut("booking_closed", "2026-11-27T06:00:00.000+09:00"); });
    for (const each of Object.values(day.status)) Object.assign(each, { state: "closed", calling: null, waiting: 0, wait: null }); }),
  "facility-full": facility((day) => { day.facility.services[0].booking = shut("booking_full", "2026-11-27T06:00:00.000+09:00"); }),
  "facility-draw": facility((day) => { day.now = Date.parse("2026-11-26T06:00:20.000+09:00"); day.facility.as_of = iso(day.now);
    day.facility.services[0].booking.drawing_until = "2026-11-26T06:01:00.000+09:00"; }),
  "facility-stale": facility((day) => { day.facility.stale = true; day.facility.as_of = iso(day.now - 200_000); }),
  "facility-maintenance": facility(over("maintenance", "2026-11-26T10:00:00.000+09:00")),
  "facility-suspended": facility(over("suspended")),
  "facility-outside-hours": facility(over("outside_hours", "2026-11-27T06:00:00.000+09:00")),
  "facility-ended": facility(over("ended")),
  "facility-not-begun": facility(over("not_begun", "2026-12-01T00:00:00.000+09:00")),
  "facility-announced": facility((day) => { day.facility.announcements = [
    { reason: "maintenance_ahead", words: "機器の 入れ替え", from: "2026-11-27T22:00:00.000+09:00", until: "2026-11-28T05:00:00.000+09:00" },
    { reason: "hours_change_ahead", words: "", from: "2026-11-27T06:00:00.000+09:00", until: "2026-11-27T12:00:00.000+09:00" }];
    for (const each of day.facility.services) each.exceptions = [{ date: "2026-12-29", windows: [] },
      { date: "2027-01-04", windows: [{ opens: "9:00", closes: "11:00" }, { opens: "14:00", closes: "15:00" }] }]; }),
  "facility-signage": facility((day) => Object.assign(day.facility, { options: { queue: false, signage: true, mail: false }, services: [] })),
  "facility-unknown": async (it, lang) => { await it.page.goto(`${it.server.base}/f/nowhere?lang=${lang}`); await it.page.waitForSelector(".lost"); },
  "facility-down": async (it, lang) => { it.day.blackout = true; await it.page.goto(`${it.server.base}/f/minato?lang=${lang}`); await it.page.waitForSelector(".lost"); },
  "booking": form(),
  "booking-wrong": async (it, lang) => { await form()(it, lang); await it.page.locator(".dashed").click(); await fillCard(it.page, 0, "1001", ["1980", "13", "1"]); await it.page.locator("#notice-email").fill("hanako@"); await press(it); await it.page.waitForSelector(".note.wrong"); },
  "booking-first": async (it, lang) => { await form()(it, lang); await fillFirst(it.page, 0, "見本 花子", "00-0000-0000"); },
  "booking-closed": form((day) => { day.facility.services[0].booking = shut("booking_full", "2026-11-27T06:00:00.000+09:00"); }),
  "booking-check": review(),
  "booking-sending": async (it, lang) => { await review()(it, lang); it.day.hold = new Promise(() => {}); await press(it); await it.page.waitForSelector("[aria-disabled=true]"); },
  "booking-refused": async (it, lang) => { await review()(it, lang); it.day.refuse = { status: 403, reason: "not_recognised" }; await press(it); await it.page.waitForSelector(".came .wrong"); },
  "booking-done": async (it, lang) => { await review()(it, lang); await press(it); await it.page.waitForSelector(".family"); },
  "facility-slots": facility(timed()),
  "facility-slots-closed": facility(timed((day) => { day.facility.services[1].booking = shut("booking_closed", "2026-11-27T06:00:00.000+09:00"); })),
  "booking-slots": slotForm(),
  "booking-slots-closed": slotForm((day) => { day.facility.services[1].booking = shut("booking_closed", "2026-11-27T06:00:00.000+09:00"); }),
  "slots": when(),
  "slots-chosen": async (it, lang) => { await when()(it, lang); await pickDay(it, "2026-11-27"); await pickSlot(it, "2026-11-27T16:30"); },
  "slots-full": async (it, lang) => { await when()(it, lang); await pickDay(it, "2026-11-28"); },
  "slots-missing": async (it, lang) => { await when()(it, lang); await press(it); await it.page.waitForSelector(".note.wrong"); },
  "slots-none": when((day) => { day.noSlots = true; }),
  "slots-failed": when((day) => { day.slotsAway = true; }),
  "slots-check": async (it, lang) => { await pages["slots-chosen"](it, lang); await press(it); await it.page.waitForSelector("dl.check"); },
  "slots-refused": async (it, lang) => { await pages["slots-check"](it, lang); it.day.taken["2026-11-27T16:30"] = 3; await press(it); await it.page.waitForSelector(".note.wrong"); },
  "slots-done": async (it, lang) => { await pages["slots-check"](it, lang); await press(it); await it.page.waitForSelector(".standing"); },
  "ticket-drawing": ticket({ number: null, state: "drawing", ahead: null, wait: null, arrival: "none", drawn_at: "2026-11-26T09:16:00.000+09:00" }),
  "ticket-not-drawn": ticket({ number: null, state: "not_drawn", ahead: null, wait: null, arrival: "none", may: { cancel: false, arrive: false, notice: false } }),
  "ticket-booked": ticket({ state: "booked", arrival: "none", may: { cancel: true, arrive: true, notice: true }, ahead: 11, wait: { low: 45, high: 75 },
    reasons: [{ reason: "test", message: "" }, { reason: "booking", message: "" }] }),
  "ticket-slot": ticket({ date: "2026-11-30", slot: "2026-11-30T10:30", state: "booked", arrival: "none", ahead: null, wait: null, calling: null,
    may: { cancel: true, arrive: false, notice: false } }),
  "ticket-yesterday": ticket({ date: "2026-11-25", state: "booked", arrival: "none", ahead: null, wait: null, calling: null,
    may: { cancel: false, arrive: false, notice: false } }),
  "ticket-waiting": ticket(),
  "ticket-next": ticket({ ahead: 0, wait: { low: 0, high: 10 } }),
  "ticket-called": ticket({ state: "called", room, ahead: null, wait: null, calling: "12", may: { cancel: false, arrive: false, notice: false } }),
  "ticket-in-room": ticket({ state: "in_room", room, ahead: null, wait: null, may: { cancel: false, arrive: false, notice: false } }),
  "ticket-absent": ticket({ state: "absent", ahead: 2 }),
  "ticket-hold": ticket({ state: "hold", wait: null }),
  "ticket-done": ticket({ state: "done", ahead: null, wait: null, may: { cancel: false, arrive: false, notice: false } }),
  "ticket-cancelled": ticket({ state: "cancelled", ahead: null, wait: null, may: { cancel: false, arrive: false, notice: false } }),
  "ticket-void": ticket({ state: "void", number: "W1-7", ahead: null, wait: null, may: { cancel: false, arrive: false, notice: false } }),
  "ticket-stale": ticket({ stale: true, as_of: iso(Date.parse("2026-11-26T09:11:00+09:00")) }),
  "ticket-cancel": async (it, lang) => { await ticket()(it, lang); await it.page.locator(".pair button").click(); await it.page.waitForSelector("dialog[open]"); },
  "ticket-mail": ticket({ notice: { state: "waiting", near: 3 } }),
  "ticket-mail-sent": ticket({ notice: { state: "sent", near: 3 }, may: { cancel: true, arrive: false, notice: false } }),
  "ticket-mail-failed": ticket({ notice: { state: "failed", near: 3 } }),
  "ticket-mail-open": async (it, lang) => { await ticket()(it, lang); await it.page.locator(".mail .ways button").first().click(); await it.page.waitForSelector(".mail form"); },
  "ticket-mail-wrong": async (it, lang) => { await pages["ticket-mail-open"](it, lang); await it.page.locator(".mail .main").click(); await it.page.waitForSelector(".mail .trouble"); },
  "ticket-unknown": async (it, lang) => { await it.page.goto(`${it.server.base}/t/AAAA?lang=${lang}`); await it.page.waitForSelector(".lost"); },
};
