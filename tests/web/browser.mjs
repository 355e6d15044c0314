// SPDX-License-Identifier: Apache-2.0
// Chromium as the tests drive it: headless, silent on the network, with a user folder of its own.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

// The same pages for half of the processor's time, where it is installed.
const shell = "/usr/lib/chromium/chromium-headless-shell";
const program = process.env.CHROMIUM ?? (existsSync(shell) ? shell : "/usr/bin/chromium");
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

export const phone = { width: 360, height: 740 };
export const desktop = { width: 1280, height: 800 };

/// Pages of one browser; each test opens its own context. A page's own mistakes (exceptions, broken policy) are kept.
export async function launch(options = {}) {
  const home = mkdtempSync(join(tmpdir(), "machiai-web-"));
  const context = await chromium.launchPersistentContext(home, { executablePath: program, headless: true,
    args: flags, viewport: phone, locale: "ja-JP", timezoneId: "Europe/Lisbon", serviceWorkers: "block", ...options });
  context.setDefaultTimeout(15_000);
  const faults = [];
  const page = context.pages()[0] ?? await context.newPage();
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource|WebSocket connection|net::ERR/.test(message.text())) faults.push(message.text());
  });
  page.on("dialog", (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, context, faults, close: async () => {
    await context.close();
    rmSync(home, { recursive: true, force: true });
  } };
}
