// SPDX-License-Identifier: Apache-2.0
// Which page an address means.

export type Route =
  | { page: "facility"; id: string; booking: string | null; way: string; step: string; slip: string }
  | { page: "ticket"; token: string }
  | { page: "nowhere" };

function part(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/// What stands behind the # is the number of a slip (app/daemon), or nothing of ours.
export function route(path: string, search: string, hash = ""): Route {
  const found = /^\/(f|t)\/([^/]+)\/?$/.exec(path);
  const id = found ? part(found[2]!) : null;
  if (found === null || id === null) return { page: "nowhere" };
  if (found[1] === "t") return { page: "ticket", token: id };
  const asked = new URLSearchParams(search);
  return { page: "facility", id, booking: asked.get("book"), way: asked.get("way") ?? "", step: asked.get("step") ?? "",
    slip: part(hash.slice(1)) ?? "" };
}

/// `path` with the language of the present address, so that a choice lasts where nothing can be kept.
export function carry(path: string, search: string): string {
  const lang = new URLSearchParams(search).get("lang");
  if (lang === null) return path;
  return `${path}${path.includes("?") ? "&" : "?"}lang=${encodeURIComponent(lang)}`;
}
