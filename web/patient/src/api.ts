// SPDX-License-Identifier: Apache-2.0
// One request to the server as a value: an answer, a refusal in the server's form, or nothing that could be read.
import { acceptLanguage, type Lang } from "./lang";
import type { Refusal } from "./types";

export type Answer<T> =
  | { kind: "ok"; status: number; data: T; etag: string | null; date: string | null }
  | { kind: "same"; date: string | null }
  | { kind: "refused"; status: number; refusal: Refusal; retryAfter: number | null; date: string | null }
  /// No answer, or one that is not the server's own (a hotel's log-in page, a proxy's error).
  | { kind: "unreachable" };

export interface Ask {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: string;
  key?: string;
  etag?: string | null;
  lang: Lang;
  timeout?: number; ///< ms; 10 s unless said
}
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

function headers(ask: Ask): Record<string, string> {
  const all: Record<string, string> = { Accept: "application/json", "Accept-Language": acceptLanguage(ask.lang) };
  if (ask.body !== undefined) all["Content-Type"] = "application/json";
  if (ask.key !== undefined) all["Idempotency-Key"] = ask.key;
  if (ask.etag) all["If-None-Match"] = ask.etag;
  return all;
}

const isRefusal = (value: unknown): value is { error: Refusal } => {
  const error = (value as { error?: Partial<Refusal> } | null)?.error;
  return typeof error?.reason === "string" && typeof error.message === "string";
};

function seconds(text: string | null): number | null {
  const n = Number(text);
  return text !== null && Number.isFinite(n) && n >= 0 ? n : null;
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const date = response.headers.get("Date");
  if (response.status === 304) return { kind: "same", date };
  const said: unknown = await response.json();
  if (response.ok && typeof said === "object" && said !== null)
    return { kind: "ok", status: response.status, data: said as T, etag: response.headers.get("ETag"), date };
  if (!isRefusal(said)) return { kind: "unreachable" };
  return { kind: "refused", status: response.status, refusal: said.error,
    retryAfter: seconds(response.headers.get("Retry-After")), date };
}

export async function request<T>(url: string, ask: Ask, fetcher: Fetch = (u, i) => fetch(u, i)): Promise<Answer<T>> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ask.timeout ?? 10_000);
  try {
    const init: RequestInit = { method: ask.method ?? "GET", headers: headers(ask), signal: stop.signal,
      credentials: "omit", cache: "no-store", redirect: "error" };
    if (ask.body !== undefined) init.body = ask.body;
    return await answerOf<T>(await fetcher(url, init));
  } catch {
    return { kind: "unreachable" };
  } finally {
    clearTimeout(timer);
  }
}

export const facilityUrl = (id: string): string => `/v1/facilities/${encodeURIComponent(id)}`;
/// `from`: "2026-11-30"; null: today.
export const slotsUrl = (id: string, service: string, from: string | null, days: number): string =>
  `${facilityUrl(id)}/services/${encodeURIComponent(service)}/slots?days=${days}${from === null ? "" : `&from=${from}`}`;
export const numberUrl = (id: string, name: string): string => `${facilityUrl(id)}/numbers/${encodeURIComponent(name)}`;
export const ticketUrl = (token: string): string => `/v1/tickets/${encodeURIComponent(token)}`;
export const liveUrl = (what: "facility" | "token", id: string, base: string): string =>
  `${base.replace(/^http/, "ws")}/v1/live?${what}=${encodeURIComponent(id)}`;
