// SPDX-License-Identifier: Apache-2.0
// Draws the seat from what is known. Names live in the page's memory and its elements, nowhere else.
import { has, label, say } from "./words.js";

const $ = (selector) => document.querySelector(selector);

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/// Reachable by keyboard also while it cannot be pressed, so that the focus does not jump.
function able(button, yes) {
  button.setAttribute("aria-disabled", String(!yes));
}

function kind(ticket) {
  if (ticket.reason && has(`reason.${ticket.reason}`)) return say(`reason.${ticket.reason}`);
  return has(ticket.kind) ? say(ticket.kind) : ticket.kind;
}

/// 24 -> one size; S-12 and longer -> a smaller one, so that no number is cut.
const sized = (element, text) => { element.dataset.length = String(Math.min(text.length, 7)); };
function number(element, text) {
  put(element, text);
  sized(element, text);
}

const clock = (ms) => new Date(ms + 9 * 3600000).toISOString().slice(11, 16); // Japan has no daylight saving

export function paint(state) {
  const { seat, live, now } = state;
  document.body.dataset.stale = String(!live);
  put($("#clock"), clock(now));
  put($("#link span"), say(live ? "linked" : "unlinked"));
  if (!seat) return;
  document.title = label(seat.name);
  put($("#room"), label(seat.name));
  const line = say("line", { waiting: seat.waiting, absent: seat.absent });
  put($("#line"), state.session ? `${say(state.session)}　${line}` : line);
  paintInside(seat.inside, now);
  paintNext(state);
  paintActions(state);
  paintAfter(seat);
  paintUndo(state);
}

function paintInside(inside, now) {
  const box = $("#inside");
  box.dataset.state = inside?.state ?? "";
  put(box.querySelector(".spine"), say(`spine.${inside?.state ?? "empty"}`));
  number(box.querySelector(".number"), inside?.number ?? "");
  put(box.querySelector(".name"), inside ? inside.name : say("nobody"));
  const about = inside ? [kind(inside), inside.card && say("card", { card: inside.card })] : [];
  put(box.querySelector(".about"), about.filter(Boolean).join("　"));
  const seconds = inside ? Math.max(0, Math.floor((now - inside.since) / 1000)) : 0;
  box.querySelector(".time").hidden = !inside;
  put(box.querySelector(".time span"), say("time", { m: Math.floor(seconds / 60), s: seconds % 60 }));
}

function paintNext({ seat, live, guarded, seen }) {
  const button = $("#next");
  const next = seat.next[0];
  const can = live && next;
  able(button, can && !guarded);
  button.dataset.state = !live ? "stale" : next ? "ready" : "none";
  const then = can && seat.inside ? say("call.then", { n: seat.inside.number }) : "";
  const name = can && next.name ? say("san", { name: next.name }) : "";
  put(button.querySelector(".do"), say(!live ? "call.stale" : next ? "call" : "call.none"));
  put(button.querySelector(".name"), name);
  put(button.querySelector(".then"), live ? then : `${say("stale.how")}\n${say("stale.at", { t: clock(seen) })}`);
  number(button.querySelector(".number"), can ? next.number : "");
  if (can) button.setAttribute("aria-label", [say("call.label", { n: next.number, name }), then].filter(Boolean).join(say("stop")));
  else button.removeAttribute("aria-label");
}

function paintActions({ seat, live, busy }) {
  for (const button of document.querySelectorAll("#actions button")) {
    put(button.querySelector("span"), say(button.dataset.do));
    able(button, live && seat.inside && !busy);
  }
}

function paintAfter(seat) {
  put($("#after h2"), say("next"));
  const list = $("#after ol");
  const rows = seat.next.map((ticket) => `${ticket.number}\n${kind(ticket)}`);
  const wanted = rows.length ? rows.join("\f") : say("next.none");
  if (list.dataset.shown === wanted) return;
  list.dataset.shown = wanted;
  list.replaceChildren(...(rows.length ? seat.next.map(stone) : [emptyLine()]));
}

function stone(ticket) {
  const row = document.createElement("li");
  const number = document.createElement("b");
  const words = document.createElement("span");
  number.textContent = ticket.number;
  sized(number, ticket.number);
  words.textContent = kind(ticket);
  row.append(number, words);
  return row;
}

function emptyLine() {
  const row = document.createElement("li");
  row.textContent = say("next.none");
  return row;
}

function paintUndo({ undo, now, live, busy, undoSpan }) {
  const box = $("#back");
  const left = undo ? Math.max(0, undo.until - now) : 0;
  box.dataset.on = String(live && left > 0);
  put($("#undo span"), say("undo"));
  able($("#undo"), live && left > 0 && !busy);
  const seconds = Math.ceil(left / 1000);
  put(box.querySelector("text"), left > 0 ? String(seconds) : "");
  box.querySelector(".left").style.strokeDasharray = `${left > 0 ? (100 * left) / undoSpan : 0} 100`;
}

let quiet = 0;
/// Says what came of a press: politely when it worked, at once when it did not.
export function tell(text, urgent = false) {
  $("#told").textContent = urgent ? "" : text;
  $("#alarm").textContent = urgent ? text : "";
  clearTimeout(quiet);
  quiet = setTimeout(() => tell(""), urgent ? 9000 : 4000);
  if (!text) clearTimeout(quiet);
}
