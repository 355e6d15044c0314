// SPDX-License-Identifier: Apache-2.0
// The words of the room seat: where assets/phrases/room.json has the same key, the same words. {x} is filled in.
const words = {
  "pair.title": ["この端末を 診察室につなぎます", "Connect this device to a room"],
  "pair.how": ["受付で 番号(6けた)を 出してもらい、5分以内に 入れてください。",
    "Ask the reception for a six-digit code and enter it within five minutes."],
  "pair.code": ["番号", "Code"],
  "pair.go": ["つなぐ", "Connect"],
  "pair.refused": ["その番号では つなげません。受付で 新しい番号を 出してもらってください。",
    "That code does not work. Ask the reception for a new one."],
  "pair.unreachable": ["受付の機械に とどきません。少し待って もう一度お願いします。",
    "The reception's machine does not answer. Please try again in a moment."],
  "pair.digits": ["数字を 6けた 入れてください。", "Enter six digits."],
  "line": ["待ち {waiting}人　不在 {absent}人", "Waiting {waiting}, missed {absent}"],
  "morning": ["午前の診療", "Morning"],
  "afternoon": ["午後の診療", "Afternoon"],
  "evening": ["夜の診療", "Evening"],
  "linked": ["受付とつながっています", "Connected"],
  "unlinked": ["受付と接続なし", "Not connected"],
  "spine.in_room": ["診察中", "In room"],
  "spine.called": ["お呼出し", "Called"],
  "spine.empty": ["空室", "Empty"],
  "nobody": ["どなたも\nいません", "Nobody\nis here"],
  "san": ["{name} さん", "{name}"],
  "card": ["診察券\u00a0{card}", "Card\u00a0{card}"],
  "first": ["初診", "First visit"],
  "return": ["再診", "Return visit"],
  "reason.booking": ["予約", "Booked"],
  "reason.test": ["検査後", "Tested"],
  "reason.urgent": ["急ぎ", "Urgent"],
  "reason.hold": ["保留あけ", "After hold"],
  "reason.returned": ["戻られた", "Came back"],
  "reason.skip": ["ゆずり", "Later"],
  "reason.transfer": ["移動", "Moved"],
  "reason.walk_in_place": ["来院枠", "Walk-in place"],
  "reason.other": ["その他", "Other"],
  "time": ["{m}分{s}秒", "{m} min {s} s"],
  "call": ["つぎの方を\n呼ぶ", "Call the\nnext patient"],
  "call.none": ["お待ちの方は\nいません", "Nobody is\nwaiting"],
  "call.stale": ["つながっていません", "Not connected"],
  "call.then": ["{n}番は「済」に なります", "{n} will be finished"],
  "call.label": ["つぎの方を呼ぶ。{n}番 {name}", "Call the next patient: number {n} {name}"],
  "stop": ["。", ". "],
  "stale.how": ["自動で つなぎなおしています。", "Trying again by itself."],
  "stale.at": ["{t}までの 内容です。", "This is as of {t}."],
  "recall": ["もう一度呼ぶ", "Call again"],
  "absent": ["来ない → 不在", "No show → missed"],
  "hold": ["検査へ → 保留", "To a test → hold"],
  "finish": ["済", "Finished"],
  "next": ["つぎ", "Next"],
  "next.none": ["お待ちの方は いません", "Nobody is waiting"],
  "undo": ["元に戻す", "Undo"],
  "undo.label": ["元に戻す。{what} {n}番。あと{s}秒", "Undo: {what}, number {n}. {s} seconds left"],
  "done.call": ["{n}番を お呼びしました。", "Number {n} has been called."],
  "done.recall": ["{n}番を もう一度 お呼びしました。", "Number {n} has been called again."],
  "done.absent": ["{n}番を 不在に しました。", "Number {n} is marked missed."],
  "done.hold": ["{n}番を 保留に しました。", "Number {n} is on hold."],
  "done.finish": ["{n}番は 済に なりました。", "Number {n} is finished."],
  "done.undo.recalled": ["{n}番の 呼び直しを 画面から 消しました。", "The repeated call of {n} is off the screens."],
  "done.undo": ["{n}番を 元に戻しました。", "Number {n} is as it was."],
  "lost": ["{n}番は {who}が 呼びました。", "{who} has called number {n}."],
  "lost.next": ["つぎは {n}番です。", "Next is number {n}."],
  "reception": ["受付", "The reception"],
  "another": ["ほかの部屋", "Another room"],
  "error": ["できませんでした。画面を 確かめてください。", "That did not work. Please look at the screen."],
  "unsure": ["とどいたか 分かりません。つながったら 画面を 確かめてください。",
    "It is not known whether that arrived. Please check once connected."],
  "lang": ["English", "日本語"],
  "lang.show": ["Show in English", "日本語で表示"],
};

const kept = "machiai-lang"; // the choice of language is all this page stores
let at = 0;

export function choose(lang) {
  at = lang === "en" ? 1 : 0;
  document.documentElement.lang = lang === "en" ? "en" : "ja";
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
  for (const each of document.querySelectorAll(".lang")) {
    each.textContent = say("lang");
    each.setAttribute("aria-label", say("lang.show"));
    each.lang = at ? "ja" : "en";
  }
}

export function begin() {
  let lang = null;
  try { lang = localStorage.getItem(kept); } catch { /* private mode: the browser's language */ }
  choose(lang ?? (navigator.language.startsWith("ja") ? "ja" : "en"));
}

export function toggle() {
  const lang = at ? "ja" : "en";
  try { localStorage.setItem(kept, lang); } catch { /* for this visit only */ }
  choose(lang);
}

export const lang = () => (at ? "en" : "ja");
export const has = (key) => key in words;
/// The label of a facility or room in the language shown.
export const label = (each) => (at ? each.en : each.ja);

export function say(key, filled = {}) {
  return (words[key]?.[at] ?? "").replace(/\{(\w+)\}/g, (_, name) => filled[name] ?? "");
}
