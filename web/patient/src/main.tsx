// SPDX-License-Identifier: Apache-2.0
import { render } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ServerClock } from "./age";
import { SiteContext, type Site } from "./context";
import { FacilityRoute } from "./facility";
import { choose, langTags, type Lang } from "./lang";
import { Lost, useCommon } from "./parts";
import { carry, route } from "./route";
import { slipOf } from "./slip";
import { TicketRoute } from "./ticket";
import type { Booking } from "./types";
import "./style.css";

const kept = {
  get(): string | null {
    try {
      return localStorage.getItem("lang");
    } catch {
      return null; // storage can be forbidden; the address then keeps the language
    }
  },
  set(lang: Lang): void {
    try {
      localStorage.setItem("lang", lang);
    } catch {
      // as above
    }
  },
};

const clock = new ServerClock(() => performance.now(), Date.now());

function Nowhere() {
  const say = useCommon();
  return <Lost title={say("lost.facility")} what={say("lost.facility.do")} />;
}

const here = () => ({ path: location.pathname, search: location.search, hash: location.hash });

/// On another page the focus starts at its heading, unless the page has put it somewhere itself.
function useLanding(page: string): void {
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const lost = document.activeElement === null || document.activeElement === document.body;
    const heading = document.querySelector<HTMLElement>("main h1");
    if (!lost || heading === null) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }, [page]);
}

function App() {
  const [place, move] = useState(here);
  const [lang, setLang] = useState(() => choose(location.search, kept.get(), navigator.languages));
  const [booked, took] = useState<Booking | null>(null);
  useEffect(() => {
    const back = () => move(here());
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  useEffect(() => { document.documentElement.lang = langTags[lang]; }, [lang]);
  const site = useMemo<Site>(() => ({
    lang, clock, booked, took,
    choose: (wanted) => {
      kept.set(wanted);
      const address = new URL(location.href);
      address.searchParams.set("lang", wanted);
      history.replaceState(null, "", address);
      move(here());
      setLang(wanted);
    },
    go: (path, replace = false) => {
      const address = carry(path, location.search);
      if (replace) history.replaceState(null, "", address);
      else history.pushState(null, "", address);
      const other = route(location.pathname, "").page !== route(place.path, "").page;
      move(here());
      if (other || !replace) scrollTo(0, 0);
    },
  }), [lang, booked, place]);
  const to = route(place.path, place.search, place.hash);
  const held = useRef({ id: "", slip: "" });
  if (to.page === "facility" && slipOf(to.slip) !== null) held.current = to;
  useLanding(`${to.page} ${to.page === "facility" ? to.booking ?? "" : place.path}`);
  return (
    <SiteContext.Provider value={site}>
      {to.page === "facility" && <FacilityRoute key={to.id} id={to.id} booking={to.booking} way={to.way} step={to.step}
        slip={held.current.id === to.id ? slipOf(held.current.slip) : null} />}
      {to.page === "ticket" && <TicketRoute key={to.token} token={to.token} />}
      {to.page === "nowhere" && <Nowhere />}
    </SiteContext.Provider>
  );
}

render(<App />, document.getElementById("page")!);
