// SPDX-License-Identifier: Apache-2.0
// A clinic's page: the line as it stands, what the clinic says, hours, and the way there.
import { useEffect, useRef, useState } from "preact/hooks";
import { facilityUrl, liveUrl, request } from "./api";
import { BookingPage } from "./booking";
import { useSay, useSite, useWatch } from "./context";
import { ending, isoDay, japanDay, spoken } from "./format";
import { alike, Exceptions, Hours, Windows } from "./hours";
import { Icon } from "./icons";
import { nameOf } from "./lang";
import { Mine } from "./mine";
import { AgeNote, Announcements, AsOf, Closed, Frame, Lost, Messages, Name, Note, Phone, StateNote, useCommon, useTrust, Wait } from "./parts";
import { Rule } from "./rule";
import type { Slip } from "./slip";
import type { Acceptance, Facility, Service, ServiceStatus, Status } from "./types";
import { facility as table } from "./words/facility";
import { slots } from "./words/slots";

export const useWords = () => useSay(table);

const FACILITY_EVERY = 300_000;

/// The page of the clinic is asked for anew when its contract's state is no longer what the page says, in another
/// language, when somebody comes back to it, and every few minutes: an end may be put off, a day announced.
function useFacility(id: string, state: string | undefined): { data: Facility | null; lost: boolean; again: () => void } {
  const site = useSite();
  const [data, show] = useState<Facility | null>(null);
  const [lost, lose] = useState(false);
  const [turn, again] = useState(0);
  const changed = data !== null && state !== undefined && state !== data.state;
  const wanted = `${id} ${site.lang} ${turn}`;
  const have = useRef("");
  useEffect(() => {
    const anew = () => again((n) => n + 1);
    const seen = () => { if (!document.hidden) anew(); };
    const timer = setInterval(anew, FACILITY_EVERY);
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, []);
  useEffect(() => {
    if (have.current === wanted && !changed) return;
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    void request<Facility>(facilityUrl(id), { lang: site.lang }).then((answer) => {
      if (over) return;
      if (answer.kind === "ok") {
        site.clock.hear(answer.date);
        have.current = wanted;
        show(answer.data);
      } else if (answer.kind === "refused" && answer.status === 404) lose(true);
      else timer = setTimeout(() => again((n) => n + 1), data === null ? 5_000 : 30_000);
    });
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [wanted, changed]);
  return { data, lost, again: () => again((n) => n + 1) };
}

interface RouteProps { id: string; booking: string | null; way: string; step: string; slip: Slip | null }

export function FacilityRoute({ id, booking, way, step, slip }: RouteProps) {
  const status = useWatch<Status>(`${facilityUrl(id)}/status`, liveUrl("facility", id, location.origin), "status");
  const page = useFacility(id, status.data?.state);
  const say = useCommon();
  const [slow, tire] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => tire(true), 6_000);
    return () => clearTimeout(timer);
  }, []);
  if (page.lost) return <Lost title={say("lost.facility")} what={say("lost.facility.do")} />;
  if (page.data === null) {
    if (!slow && !status.tried) return <Frame name={null} title={say("site")}><p class="loading">{say("loading")}</p></Frame>;
    if (!slow && status.data !== null) return <Frame name={null} title={say("site")}><p class="loading">{say("loading")}</p></Frame>;
    return (
      <Lost title={say("down")} what={say("down.do")}>
        <button class="button main" onClick={() => { page.again(); status.refresh(); }}>{say("retry")}</button>
      </Lost>
    );
  }
  if (booking !== null) return <BookingPage facility={page.data} status={status.data} service={booking} way={way} step={step} />;
  return <FacilityPage facility={page.data} status={status.data} slip={slip} />;
}

/// `slip`: of whoever came by the code of one.
function FacilityPage({ facility, status, slip }: { facility: Facility; status: Status | null; slip: Slip | null }) {
  const site = useSite();
  const words = useWords();
  const aged = status ?? facility;
  const state = status?.state ?? facility.state;
  const here = state !== "ended" && state !== "not_begun";
  const line = facility.options.queue && facility.services.length > 0 && here;
  const held = slip !== null && slip.date === isoDay(japanDay(site.clock.now()));
  const rules = alike(facility.services, (each) => [each.absence]);
  return (
    <Frame name={facility.name} title={nameOf(facility.name, site.lang).text}>
      <h1 class="unseen"><Name label={facility.name} /></h1>
      {line && slip !== null && <Mine facility={facility} slip={slip} />}
      <StateNote state={state} message={facility.state_message} until={facility.state_until} />
      <Announcements all={facility.announcements} />
      {line && <AgeNote aged={aged} />}
      <Messages messages={(status ?? facility).messages} />
      {line ? (
        <section aria-labelledby="line-title">
          <div class="row"><h2 id="line-title">{words("status")}</h2><AsOf aged={aged} /></div>
          {facility.services.map((each) => (
            <Line key={each.id} facility={facility} service={each} status={status?.services.find((s) => s.id === each.id) ?? null}
              aged={aged} ok={state === "ok"} held={held} />
          ))}
        </section>
      ) : here && <Note tone="rule" icon="info"><p>{words("signage")}</p></Note>}
      {line && rules.map((group) => (
        <Rule key={group[0]!.id} absence={group[0]!.absence} services={rules.length > 1 ? group : []} />
      ))}
      <Note tone="quiet" icon="tel"><p>{words("unwell")}</p><Phone phone={facility.phone} /></Note>
      <section class="panel" aria-labelledby="hours-title">
        <h2 id="hours-title"><Icon name="calendar" size={22} />{words("hours")}</h2>
        <Hours services={facility.services} />
        {line && <Windows services={facility.services} />}
        {line && <Exceptions services={facility.services} />}
      </section>
      <section class="panel" aria-labelledby="access-title">
        <h2 id="access-title"><Icon name="building" size={22} />{words("access")}</h2>
        <dl class="facts">
          <dt>{words("address")}</dt>
          <dd lang="ja">{facility.address.postal !== "" && <>〒{facility.address.postal}<br /></>}{facility.address.text}</dd>
          {facility.address.access !== "" && <><dt>{words("way")}</dt><dd lang="ja">{facility.address.access}</dd></>}
          {facility.phone !== "" && <><dt>{words("tel")}</dt><dd><Phone phone={facility.phone} look="bare" /></dd></>}
        </dl>
      </section>
    </Frame>
  );
}

interface LineProps { facility: Facility; service: Service; status: ServiceStatus | null; aged: { as_of: string | null; stale: boolean }; ok: boolean; held: boolean }

function Line({ facility, service, status, aged, ok, held }: LineProps) {
  const words = useWords();
  const trusted = useTrust(aged);
  const title = `line-${service.id}`;
  const counter = status?.state ?? "before";
  const over = counter === "closed" && status?.calling === null && !status.waiting;
  return (
    <article class={`line panel ${trusted === "fresh" ? "" : "hatched"}`} aria-labelledby={title}>
      <div class="row">
        <h3 id={title}><Name label={service.name} /></h3>
        <span class={`chip ${counter}`}><Icon name={counter === "open" ? "check" : counter === "before" ? "hourglass" : "moon"} size={18} />
          {words(counter === "open" && !ok ? "counter.open.desk" : `counter.${counter}`)}</span>
      </div>
      {!over && <Figures status={status} trusted={trusted !== "gone" && trusted !== "never"} now={trusted === "fresh"} />}
      <Way facility={facility} service={service} acceptance={status?.booking ?? service.booking} ok={ok} held={held} />
    </article>
  );
}

/// Number called, people and wait. What is too old is not shown; a wait only while it is fresh.
function Figures({ status, trusted, now }: { status: ServiceStatus | null; trusted: boolean; now: boolean }) {
  const words = useWords();
  const common = useCommon();
  const known = trusted && status !== null;
  const called = known && status.calling !== null;
  const range = known && now ? status.wait : null;
  return (
    <dl class="figures">
      <div class="fig called"><dt>{words("calling")}</dt>
        <dd>{called ? <span class="stone now">{status.calling}</span>
          : <span class="small">{known ? words("calling.none") : words("unknown")}</span>}</dd></div>
      <div class="fig"><dt>{words("waiting")}</dt>
        <dd>{known && status.waiting !== null ? <b>{common("people", { n: status.waiting })}</b> : <span class="small">{words("unknown")}</span>}</dd></div>
      {status?.state === "open" && (
        <div class="fig wide"><dt>{words("wait")}<small>{words("wait.for")}</small></dt>
          <dd>{range ? <Wait range={range} about /> : <span class="small">{now ? common("wait.unknown") : words("unknown")}</span>}</dd></div>
      )}
    </dl>
  );
}

interface WayProps { facility: Facility; service: Service; acceptance: Acceptance; ok: boolean; held: boolean }

/// Who has a number in hand (`held`) is not led to a second one; somebody else of the family may want one.
function Way({ facility, service, acceptance, ok, held }: WayProps) {
  const site = useSite();
  const words = useWords();
  const address = `/f/${encodeURIComponent(facility.id)}?book=${encodeURIComponent(service.id)}`;
  if (!ok) return null;
  if (!acceptance.open) {
    return (
      <>
        <div class="way closed">
          <p class="how"><Icon name="moon" size={20} /><b>{words("book.online")}</b> {words("closed.now")}</p>
          <Closed acceptance={acceptance} />
          {acceptance.opens_at !== null && service.draw_seconds > 0
            && <p class="draw">{words("draw.later", { n: service.draw_seconds })}</p>}
        </div>
        {service.slots === true && <ByTime service={service} address={`${address}&way=slot`} look={held ? "plain" : "main"} />}
      </>
    );
  }
  return (
    <div class="way">
      <p class="how"><Icon name="check" size={20} /><b>{words("book.online")}</b> {acceptance.closes_at
        ? words("open.until", { t: ending(Date.parse(acceptance.closes_at), site.clock.now(), site.lang) }) : words("open.now")}</p>
      <Left left={acceptance.left} />
      {acceptance.drawing_until && <p class="draw">{words("draw", { t: spoken(Date.parse(acceptance.drawing_until), site.lang) })}</p>}
      <a class={held ? "button small" : "button main"} href={address} onClick={(event) => {
        event.preventDefault();
        site.go(address);
      }}>
        <Icon name="ticket" size={held ? 22 : 26} /><span aria-hidden="true">{words(held ? "book.other" : "book")}</span>
        <span class="unseen">{words("book.which", { service: nameOf(service.name, site.lang).text })}</span>
      </a>
      {service.slots === true && <ByTime service={service} address={`${address}&way=slot`} look="plain" />}
    </div>
  );
}

/// The way to slot booking: beside the queue, and also while the queue is closed.
function ByTime({ service, address, look }: { service: Service; address: string; look: "main" | "plain" }) {
  const site = useSite();
  const say = useSay(slots);
  return (
    <div class="way">
      <p class="how"><Icon name="check" size={20} /><b>{say("way.slot")}</b> {say("way.slot.can")}</p>
      <a class={`button slots ${look}`} href={address} onClick={(event) => {
        event.preventDefault();
        site.go(address);
      }}>
        <Icon name="calendar" size={26} /><span aria-hidden="true">{say("title")}</span>
        <span class="unseen">{say("which", { service: nameOf(service.name, site.lang).text })}</span>
      </a>
    </div>
  );
}

export function Left({ left }: { left: number | null }) {
  const words = useWords();
  if (left === null) return null;
  const few = left <= 5;
  return <p class="left"><span aria-hidden="true">{few ? "△" : "◎"}</span> {words(few ? "left.few" : "left.many", { n: left })}</p>;
}
