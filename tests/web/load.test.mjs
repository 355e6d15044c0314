// SPDX-License-Identifier: Apache-2.0
// The first load as the browser makes it, and what it may not do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { site } from "./kit.mjs";
import { dist, makeTicket } from "./standin.mjs";

const it = site();

describe("the first load", () => {
  for (const [name, way] of [["a clinic's page", () => "/f/minato"], ["a number's page", () => `/t/${makeTicket(it.day).token}`]])
    test(`${name}: at most 100 kB gzip in all, and only from here`, async () => {
      const got = [];
      let all;
      const asked = new Promise((resolve) => { all = resolve; }); // a busy machine is idle for a while before it asks
      const note = (response) => got.push(response) >= 4 && all();
      it.page.on("response", note);
      await it.page.goto(it.server.base + way(), { waitUntil: "networkidle" });
      await asked;
      it.page.off("response", note);
      const sizes = [];
      for (const response of got) {
        const url = new URL(response.url());
        assert.equal(url.origin, it.server.base);
        sizes.push([url.pathname, gzipSync(await response.body(), { level: 6 }).length]);
      }
      const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
      assert.ok(total <= 100_000, `${total}: ${sizes.join(" ")}`);
    });

  test("works under a policy that allows no inline script, no inline style and no other host", () => {
    const page = readFileSync(join(dist, "index.html"), "utf8");
    assert.doesNotMatch(page, /<script(?![^>]*\ssrc=)/);
    assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=/);
    assert.doesNotMatch(page, /(?:src|href)="(?!\/assets\/)/);
  });

  test("without JavaScript it says so in Japanese and English, with what to do", () => {
    const page = readFileSync(join(dist, "index.html"), "utf8");
    assert.match(page, /<noscript>[\s\S]*お電話[\s\S]*Please call[\s\S]*<\/noscript>/);
  });

  test("no movement for those who want none", async () => {
    await it.page.emulateMedia({ reducedMotion: "reduce" });
    try {
      await it.facility("?lang=ja");
      const moving = await it.page.evaluate(() => document.getAnimations().length
        + [...document.querySelectorAll("*")].filter((each) => getComputedStyle(each).transitionDuration !== "0s").length);
      assert.equal(moving, 0);
    } finally {
      await it.page.emulateMedia({ reducedMotion: null });
    }
  });
});
