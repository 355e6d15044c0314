// SPDX-License-Identifier: Apache-2.0
// What every part of the page may ask for: the language, the server's clock, the way to another page.
import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { ServerClock } from "./age";
import { read, type Lang, type Table } from "./lang";
import type { Aged, Booking } from "./types";
import { Watch, type Seen, type SocketLike, type World } from "./watch";

export interface Site {
  lang: Lang;
  clock: ServerClock;
  choose: (lang: Lang) => void;
  /// To an address of this site, without loading it anew; `replace` takes the present one out of the history.
  go: (path: string, replace?: boolean) => void;
  /// What this visit has booked: in memory only, so that the number is on the page before it has been asked for.
  booked: Booking | null;
  took: (booking: Booking) => void;
}
export const SiteContext = createContext<Site>(null as unknown as Site);
export const useSite = (): Site => useContext(SiteContext);
/// Reads a table in the reader's language.
export const useSay = <T extends Table>(table: T) => read(table, useSite().lang);

const world: World = {
  fetch: (url, init) => fetch(url, init),
  socket: (url) => new WebSocket(url) as unknown as SocketLike,
  later: (ms, what) => {
    const timer = setTimeout(what, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/// Draws again every so many ms, so that an age does not stand still.
export function useTick(ms: number): void {
  const [, set] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => set((n) => n + 1), ms);
    return () => clearInterval(timer);
  }, [ms]);
}

export interface Watched<T> extends Seen<T> { put: (data: T) => void; refresh: () => void }

/// A document of the server, kept up to date while the page shows it.
export function useWatch<T extends Aged>(url: string, live: string, kind: string): Watched<T> {
  const { lang, clock } = useSite();
  const [seen, show] = useState<Seen<T>>({ data: null, refused: null, tried: false });
  const watch = useRef<Watch<T> | null>(null);
  const speaks = useRef(lang);
  speaks.current = lang;
  useEffect(() => {
    const mine = new Watch<T>(url, live, kind, () => speaks.current, clock, world, show);
    watch.current = mine;
    mine.start();
    const front = () => { if (!document.hidden) mine.refresh(); };
    const online = () => mine.refresh();
    document.addEventListener("visibilitychange", front);
    addEventListener("online", online);
    return () => {
      document.removeEventListener("visibilitychange", front);
      removeEventListener("online", online);
      mine.stop();
    };
  }, [url, live, kind, clock]);
  return { ...seen, put: (data) => watch.current?.put(data), refresh: () => watch.current?.refresh() };
}

/// Moves the focus to the heading of what has just appeared, so that a screen reader goes on from there.
export function useArrival<E extends HTMLElement>(when: unknown): { current: E | null } {
  const ref = useRef<E>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else ref.current?.focus();
  }, [when]);
  return ref;
}
