// SPDX-License-Identifier: Apache-2.0
// Every page in every language, opened in the first and then changed at its head: nothing runs over the edge of a narrow
// phone, landmarks and heading are there, and nothing has to be scrolled sideways at 200 % zoom. axe-core finds nothing:
// on every page in two languages, in the others, whose pages have the same elements, on those with the most texts and those of slots. AXE=all looks at every page in each.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { langs, site } from "./kit.mjs";
import { pages } from "./pages.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const it = site({ bypassCSP: true, reducedMotion: "reduce" });

async function findings() {
  const loaded = await it.page.evaluate(() => "axe" in window);
  if (!loaded) await it.page.evaluate(axe);
  return it.page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join("; ")}`);
  });
}
const sideways = () => it.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
/// Texts whose own box is cut or covers its neighbour's: an element wider than what holds it.
const cut = () => it.page.evaluate(() => [...document.querySelectorAll("main *, header *")].filter((each) => {
  const style = getComputedStyle(each);
  if (each.closest(".unseen, .spine, svg, dialog:not([open])") || each.tagName === "FORM" || style.display === "inline" || style.display === "contents") return false;
  return each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0 && !["INPUT", "SELECT", "RT", "RUBY"].includes(each.tagName);
}).map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 40)}`));
const small = () => it.page.evaluate(() => [...document.querySelectorAll("main button, main a.button, main a.tel, header select")].filter((each) => {
  const box = each.getBoundingClientRect();
  return box.height > 0 && (box.height < 44 || box.width < 44);
}).map((each) => each.textContent));

const judged = (lang, name) => process.env.AXE === "all" || ["ja", "en"].includes(lang) || ["facility", "booking", "ticket-booked", "ticket-slot"].includes(name) || /slots/.test(name);

const asked = (process.env.LANGUAGES || langs.join(" ")).split(" ");
for (const lang of asked) assert.ok(langs.includes(lang), `no such language: ${lang}`);

/// In the language that is chosen at the page's head, as whoever reads it does.
async function change(lang) {
  await it.page.locator("header select").selectOption(lang);
  await it.page.waitForFunction((chosen) => new URLSearchParams(location.search).get("lang") === chosen, lang);
  await it.page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
}

for (const [name, open] of Object.entries(pages))
  test(`${name}, in ${asked.join(", ")}`, async () => {
    for (const lang of asked) {
      await it.page.setViewportSize({ width: 360, height: 740 });
      await (lang === asked[0] ? open(it, lang) : change(lang));
      if (judged(lang, name)) assert.deepEqual(await findings(), [], lang);
      assert.ok((await it.page.getAttribute("html", "lang")).startsWith(lang === "easy" ? "ja" : lang), lang);
      assert.equal(await it.page.locator("main").count(), 1);
      assert.equal(await it.page.locator("h1").count(), 1);
      assert.notEqual(await it.page.title(), "");
      assert.equal(await sideways(), 0, lang);
      assert.deepEqual(await cut(), [], lang);
      assert.deepEqual(await small(), [], lang);
      await it.page.setViewportSize({ width: 320, height: 568 });
      assert.equal(await sideways(), 0, lang);
    }
  });

if (asked.includes("ja")) describe("large text", () => {
  for (const name of ["facility", "booking", "booking-check", "slots-chosen", "slots-check", "ticket-booked", "ticket-called"])
    test(`${name} at 200 % needs no sideways scrolling`, async () => {
      await it.page.setViewportSize({ width: 360, height: 740 });
      await pages[name](it, "ja");
      await it.page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
      assert.equal(await sideways(), 0);
      await it.page.setViewportSize({ width: 640, height: 400 });
      assert.equal(await sideways(), 0);
    });
});
