// SPDX-License-Identifier: Apache-2.0
// The first load: everything that the page fetches before it shows something, gzipped. More than the limit is an error.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export const limit = 100_000;
export function firstLoad(dist) {
  const files = ["index.html", ...readdirSync(join(dist, "assets")).map((name) => join("assets", name))];
  return files.map((name) => ({ name, bytes: gzipSync(readFileSync(join(dist, name)), { level: 6 }).length }));
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const files = firstLoad(new URL("dist", import.meta.url).pathname);
  const total = files.reduce((sum, each) => sum + each.bytes, 0);
  for (const { name, bytes } of files) console.log(`${String(bytes).padStart(7)}  ${name}`);
  console.log(`${String(total).padStart(7)}  first load, gzip (at most ${limit})`);
  if (total > limit) process.exit(1);
}
