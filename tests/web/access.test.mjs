// SPDX-License-Identifier: Apache-2.0
// Every page in every language: nothing runs over the edge of a narrow phone, landmarks and heading are there, and
// nothing has to be scrolled sideways at 200 % zoom. axe-core finds nothing: on every page in two languages, in the
// others, whose pages have the same elements, on those with the most texts and those of slots. AXE=all looks at every page in each.
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
const small = () => it.page.evaluate(() => [...document.querySelectorAll("main button, main a.button, header select")].filter((each) => {
  const box = each.getBoundingClientRect();
  return box.height > 0 && (box.height < 40 || box.width < 44);
}).map((each) => each.textContent));

const judged = (lang, name) => process.env.AXE === "all" || ["ja", "en"].includes(lang) || ["facility", "booking", "ticket-booked", "ticket-slot"].includes(name) || /slots/.test(name);

const asked = (process.env.LANGUAGES || langs.join(" ")).split(" ");
for (const lang of asked) assert.ok(langs.includes(lang), `no such language: ${lang}`);

for (const lang of asked)
  describe(`in ${lang}`, () => {
    for (const [name, open] of Object.entries(pages))
      test(name, async () => {
        await it.page.setViewportSize({ width: 360, height: 740 });
        await open(it, lang);
        if (judged(lang, name)) assert.deepEqual(await findings(), []);
        assert.equal(await it.page.locator("main").count(), 1);
        assert.equal(await it.page.locator("h1").count(), 1);
        assert.notEqual(await it.page.title(), "");
        assert.equal(await sideways(), 0);
        assert.deepEqual(await cut(), []);
        assert.deepEqual(await small(), []);
        await it.page.setViewportSize({ width: 320, height: 568 });
        assert.equal(await sideways(), 0);
      });
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
