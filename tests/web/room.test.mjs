// SPDX-License-Identifier: Apache-2.0
// The examination room's seat in a browser (web/room), shown what the daemon would send: its words are the room program's, and
// whatever the numbers and names are nothing of it is cut. That it works is seen by tests/walk/room_lan.py.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const types = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html; charset=utf-8" };
const fixture = (name) => JSON.parse(readFileSync(`${root}/tests/room/fixtures/${name}.json`, "utf8"));
const phrases = JSON.parse(readFileSync(`${root}/assets/phrases/room.json`, "utf8"));

let browser;
let page;
let view;
before(async () => {
  browser = await launch();
  page = browser.page;
  await page.route("**/*", (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === "/me") return route.fulfill({ json: { device: "room-a1", room: view.rooms[0].room } });
    const file = path.startsWith("/icons/") ? `${root}/assets${path}` : `${root}/web/room${path === "/" ? "/index.html" : path}`;
    return existsSync(file) ? route.fulfill({ path: file, contentType: types[extname(file)] }) : route.fulfill({ status: 404, body: "" });
  });
  await page.exposeFunction("frame", () => JSON.stringify({ view: "rooms", at: 1795483920000, data: view }));
  await page.addInitScript(() => {
    window.WebSocket = class {
      static OPEN = 1;
      readyState = 1;
      constructor() { setTimeout(() => this.onopen()); }
      async send(text) {
        const { id, cmd } = JSON.parse(text);
        this.onmessage({ data: cmd === "watch" ? await window.frame() : JSON.stringify({ id, ok: { rooms: [] } }) });
      }
      close() {}
    };
  });
});
after(async () => {
  await browser.close();
  assert.deepEqual(browser.faults, []);
});

async function show(of, lang, [width, height] = [1280, 800]) {
  view = of;
  await page.setViewportSize({ width, height });
  await page.goto("https://room.test/");
  await page.evaluate((chosen) => localStorage.setItem("machiai-lang", chosen), lang);
  await page.reload();
  await page.waitForFunction(() => document.querySelector("#next").dataset.state !== undefined && document.querySelector("#room").textContent !== ""
    && document.body.dataset.stale === "false");
}

/// Numbered from `first` on, and the longest name that a ticket can have.
function numbered(first, name) {
  const of = fixture("long");
  const [room] = of.rooms;
  const plus = (n) => first.replace(/\d+$/, (last) => String(Number(last) + n));
  room.inside.number = first;
  room.next.forEach((each, at) => Object.assign(each, { number: plus(at + 1), reason: ["transfer", "skip", "walk_in_place", "returned"][at % 4] }));
  if (name) room.inside.name = room.next[0].name = name;
  return of;
}

/// What runs out of the box that it stands in, lies on its neighbour or is broken inside a word.
const wrong = () => page.evaluate(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const textBox = (each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return range.getBoundingClientRect();
  };
  const inside = (text, box, much = 0) => text.left >= box.left + much && text.right <= box.right - much && text.top >= box.top - 1 && text.bottom <= box.bottom + 1;
  const found = [];
  for (const [text, box, much] of [["#inside .number", "#inside .who", 8], ["#inside .about", "#inside", 8], ["#inside .time", "#inside", 8], ["#next .do", "#next", 8],
    ["#next .number", "#next", 8], ["#next .then", "#next", 8], ["#room", "header", 0]])
    if (!inside(textBox(document.querySelector(text)), document.querySelector(box).getBoundingClientRect(), much)) found.push(`${text} is cut`);
  const words = all("#next .words > *").map((each) => textBox(each).right);
  if (Math.max(...words) > textBox(document.querySelector("#next .number")).left - 4) found.push("the words lie on the number");
  const lines = (each) => new Set([...(() => { const range = document.createRange(); range.selectNodeContents(each); return range.getClientRects(); })()].map((rect) => Math.round(rect.top))).size;
  if (lines(document.querySelector("#next .do")) !== 2) found.push("what is done stands on more than two lines");
  const name = document.querySelector("#next .name");
  if (name.clientHeight > 2.1 * parseFloat(getComputedStyle(name).lineHeight)) found.push("a name is on more than two lines");
  const list = document.querySelector("#after").getBoundingClientRect();
  let edge = list.left;
  for (const each of all("#after li")) {
    const [number, word] = each.children;
    if (lines(number) > 1) found.push(`${number.textContent} is broken`);
    if (lines(word) > word.textContent.split(/\s/).length) found.push(`${word.textContent} is broken`);
    if (!inside(textBox(number), number.getBoundingClientRect(), 2)) found.push(`${number.textContent} runs out of its stone`);
    for (const part of [number.getBoundingClientRect(), textBox(word)]) if (part.left < edge - 1 || !inside(part, list)) found.push(`${each.textContent} is cut or lies on another`);
    edge = Math.max(number.getBoundingClientRect().right, textBox(word).right);
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push("scrolls sideways");
  return found;
});

describe("the room's seat in a browser", () => {
  for (const first of ["7", "128", "S-104", "W1-12", "W1-123", "SW1-123"])
    for (const lang of ["ja", "en"])
      test(`${first}, ${lang}: nothing is cut, on a tablet either way up and on a phone`, async () => {
        for (const size of [[1280, 800], [1920, 1080], [800, 1280], [390, 844], [360, 740]])
          for (const name of [null, "アレクサンドラ フォンデンベルクマクシミリアーナ ヴァレンティノヴナスカヤ"]) {
            await show(numbered(first, name), lang, size);
            assert.deepEqual(await wrong(), [], `${size} ${name}`);
          }
      });

  test("has the words of the room's program", async () => {
    await show(fixture("morning"), "ja");
    const [theirs, missing] = await page.evaluate(async (all) => {
      const { choose, has, say } = await import("/words.js");
      const read = (lang) => {
        choose(lang);
        // What is filled in is given back as it was.
        const names = { n: "{n}", name: "{name}", card: "{card}", m: "{m}", s: "{s}", t: "{t}", who: "{who}", waiting: "{waiting}", absent: "{absent}" };
        return Object.fromEntries(Object.keys(all).filter(has).map((key) => [key, say(key, names).replace(/\u00a0/g, " ")]));
      };
      const [ja, en] = [read("ja"), read("en")];
      return [Object.fromEntries(Object.keys(ja).map((key) => [key, { ja: ja[key], en: en[key] }])), Object.keys(all).filter((key) => key.startsWith("reason.") && !has(key))];
    }, phrases);
    assert.deepEqual(missing, []);
    assert.ok(Object.keys(theirs).length > 40);
    for (const [key, each] of Object.entries(theirs)) assert.deepEqual(each, phrases[key], key);
  });
});
