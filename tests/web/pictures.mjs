// SPDX-License-Identifier: Apache-2.0
// Draws every page at phone and PC width: `node pictures.mjs DIR [LANG...] [--only NAME,NAME...] [--window]`; a page whole, or what
// its first window shows. For looking at, and for pictures.py.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { desktop, launch, phone } from "./browser.mjs";
import { pages } from "./pages.mjs";
import { morning, serve } from "./standin.mjs";

const [dir = "pictures", ...rest] = process.argv.slice(2);
const window = rest.includes("--window");
const only = rest.includes("--only") ? rest[rest.indexOf("--only") + 1] : "";
const langs = rest.filter((each) => !each.startsWith("--") && each !== only);
mkdirSync(dir, { recursive: true });
const browser = await launch({ reducedMotion: "reduce", bypassCSP: true });
const it = { page: browser.page, browser };
for (const [name, open] of Object.entries(pages)) {
  if (only !== "" && !only.split(",").includes(name)) continue;
  for (const lang of langs.length > 0 ? langs : ["ja", "en"])
    for (const [width, size] of [["phone", phone], ["pc", desktop]]) {
      it.day = morning();
      it.server = await serve(it.day);
      await it.page.setViewportSize(size);
      await open(it, lang);
      if (!window) await it.page.addStyleTag({ content: ".sticky { position: static !important; }" }).catch(() => {});
      await it.page.screenshot({ path: join(dir, `${name}-${lang}-${width}.png`), fullPage: !window && !name.endsWith("-cancel") });
      await it.page.goto("about:blank");
      await it.server.close();
    }
}
await browser.close();
