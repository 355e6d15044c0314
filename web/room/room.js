// SPDX-License-Identifier: Apache-2.0
// The room seat: pairs once, then shows its room and sends what the doctor presses.
import { Link } from "./link.js";
import { paint, tell } from "./paint.js";
import { begin, has, label, lang, say, toggle } from "./words.js";

const guard_after_call = 1500; // ms: a second tap of the same finger calls nobody
const $ = (selector) => document.querySelector(selector);

const state = { live: false, guarded: false, busy: false, seat: null, seen: 0, undoSpan: 10000 };
let offset = 0; // of the hub's clock against performance.now()
let names = {}; // of the other rooms, from the board
let link = null;

function draw() {
  state.now = performance.now() + offset;
  state.busy = link?.busy ?? false;
  const mine = (each) => each.seat === state.device && each.until > state.now;
  state.undo = state.undos?.find(mine);
  if (state.undo) state.undoSpan = state.undo.until - state.undo.at;
  paint(state);
}

function onView(frame) {
  offset = frame.at - performance.now();
  state.seen = frame.at;
  state.seat = frame.data.rooms.find((each) => each.room === state.room) ?? null;
  state.session = frame.data.session;
  state.undos = frame.data.undo;
  draw();
}

/// What a refusal means to the one who pressed.
function refused(error) {
  if (error.reason !== "already_called") return tell(error.message || say("error"), true);
  const other = error.room && error.room !== state.room;
  const who = other ? names[error.room] ? label(names[error.room]) : say("another") : say("reception");
  const next = state.seat?.next[0];
  const then = next ? say("lost.next", { n: next.number }) : "";
  tell(`${say("lost", { n: error.number ?? "", who })} ${then}`, true);
}

/// Of a recall only its trace goes: what was spoken stays spoken.
const done = (cmd, { undone }) => (cmd === "undo" && undone === "recalled" ? "done.undo.recalled" : `done.${cmd}`);

async function press(cmd, args) {
  if (!state.live || link.busy || !state.seat) return false;
  const asked = link.ask(cmd, args);
  draw();
  const frame = await asked;
  if (!frame) tell(say("unsure"), true);
  else if (frame.error) refused(frame.error);
  else if (has(`done.${cmd}`)) tell(say(done(cmd, frame.ok), { n: frame.ok.number }));
  draw();
  return Boolean(frame?.ok);
}

async function callNext() {
  const next = state.seat?.next[0];
  if (!next || state.guarded) return;
  state.guarded = true;
  await press("call", { service: next.line || next.service, room: state.room, expect: next.ticket });
  setTimeout(() => {
    state.guarded = false;
    draw();
  }, guard_after_call);
}

function act(verb) {
  const inside = state.seat?.inside;
  if (inside) press(verb, { ticket: inside.ticket });
}

function undo() {
  if (state.undo) press("undo", { undo: state.undo.seq });
}

function showPairing() {
  $("#seat").hidden = true;
  $("#pairing").hidden = false;
  state.seat = null;
  $("#code").value = "";
  $("#code").focus();
}

function showSeat(me) {
  state.device = me.device;
  state.room = me.room;
  $("#pairing").hidden = true;
  $("#seat").hidden = false;
  offset = Date.now() - performance.now();
  link = new Link({
    lang,
    onView,
    onState(live) {
      state.live = live;
      if (live) learnNames();
      else tell("");
      draw();
    },
    // Begins anew, so that nothing of the room is left in memory.
    onRevoked() { location.reload(); },
  });
  link.open();
  setInterval(draw, 250);
  $("#next").focus();
}

/// The names of the rooms, so that a lost race can say who called.
async function learnNames() {
  if (link.busy || Object.keys(names).length > 0) return;
  const frame = await link.ask("board", {});
  for (const room of frame?.ok?.rooms ?? []) names[room.id] = room.name;
}

async function admit(event) {
  event.preventDefault();
  const code = $("#code").value.replace(/[\s　]/g, "").normalize("NFKC");
  const note = $("#pair-note");
  if (!/^\d{6}$/.test(code)) return void (note.textContent = say("pair.digits"));
  $("#admit").disabled = true;
  const asked = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ code }) };
  const reply = await fetch("/pair", asked).catch(() => null);
  $("#admit").disabled = false;
  note.textContent = reply?.ok ? "" : say(reply && reply.status === 403 ? "pair.refused" : "pair.unreachable");
  if (reply?.ok) showSeat(await reply.json());
  else $("#code").select();
}

/// Waits for the hub if it is not there yet: a tablet may start before the station.
async function start() {
  begin();
  $("#pairing").addEventListener("submit", admit);
  $("#next").addEventListener("click", callNext);
  $("#undo").addEventListener("click", undo);
  for (const each of document.querySelectorAll("#actions button"))
    each.addEventListener("click", () => { if (each.getAttribute("aria-disabled") !== "true") act(each.dataset.do); });
  for (const each of document.querySelectorAll(".lang"))
    each.addEventListener("click", () => { toggle(); tell(""); if (!$("#seat").hidden) draw(); });
  // Held down, a key repeats; one press is one call.
  addEventListener("keydown", (event) => { if (event.repeat && event.target.tagName === "BUTTON") event.preventDefault(); });
  for (;;) {
    const reply = await fetch("/me").catch(() => null);
    if (reply?.ok) return showSeat(await reply.json());
    if (reply?.status === 401) return showPairing();
    await new Promise((go) => setTimeout(go, 2000));
  }
}

start();
