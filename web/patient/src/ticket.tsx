// SPDX-License-Identifier: Apache-2.0
// A number's page: where it stands, what to do, and why the order is as it is.
import { useEffect, useRef, useState } from "preact/hooks";
import { liveUrl, request, ticketUrl } from "./api";
import { useSay, useSite, useWatch } from "./context";
import { callRange, date, isoDay, japanDay, spoken } from "./format";
import { Icon, type IconName } from "./icons";
import { langTags, roomOf, type Lang } from "./lang";
import { MailPanel } from "./mail";
import { AgeNote, AsOf, Frame, Lost, Messages, Name, Note, Phone, useCommon, useTrust, Wait, Why } from "./parts";
import { Rule } from "./rule";
import { saying, type Stands } from "./say";
import type { Booking, Refusal, Relative, Ticket, TicketState } from "./types";
import { ticket as table } from "./words/ticket";

const useWords = () => useSay(table);
export const icons: Readonly<Record<TicketState, IconName>> = { drawing: "swap", not_drawn: "stop", booked: "phone", waiting: "person",
  called: "ripple", in_room: "door", done: "check", absent: "chair", hold: "pause", cancelled: "cross", no_show: "clockoff", void: "stop" };
const inLine = (state: TicketState) => state === "booked" || state === "waiting" || state === "absent" || state === "hold";
/// Who is away or on hold has a place that does not come nearer by itself.
const moves = (state: TicketState) => state === "booked" || state === "waiting";
const isOver = (state: TicketState) => !inLine(state) && state !== "called" && state !== "in_room" && state !== "drawing";

export function TicketRoute({ token }: { token: string }) {
  const site = useSite();
  const say = useCommon();
  const seen = useWatch<Ticket>(ticketUrl(token), liveUrl("token", token, location.origin), "ticket");
  useDraw(seen.data, seen.refresh);
  const fresh = site.booked?.tickets.some((each) => each.token === token) ? site.booked : null;
  if (seen.refused !== null) return <Lost title={say("lost.ticket")} what={say("lost.ticket.do")} />;
  if (seen.data !== null) return <TicketPage ticket={seen.data} put={seen.put} refresh={seen.refresh} fresh={fresh} />;
  if (fresh !== null) return <Fresh booking={fresh} token={token} />;
  if (!seen.tried) return <Frame name={null} title={say("site")}><p class="loading">{say("loading")}</p></Frame>;
  return <Lost title={say("down")} what={say("down.do")}><button class="button main" onClick={seen.refresh}>{say("retry")}</button></Lost>;
}

/// Asks again when the draw is over, in case nothing was pushed.
function useDraw(ticket: Ticket | null, refresh: () => void): void {
  const { clock } = useSite();
  const at = ticket?.state === "drawing" ? ticket.drawn_at : null;
  useEffect(() => {
    if (at === null) return;
    const timer = setTimeout(refresh, Math.max(1_000, Date.parse(at) - clock.now() + 1_500));
    return () => clearTimeout(timer);
  }, [at]);
}

/// The number as the booking answered it, until the ticket itself has come.
function Fresh({ booking, token }: { booking: Booking; token: string }) {
  const say = useWords();
  const mine = booking.tickets.find((each) => each.token === token)!;
  return (
    <Frame name={null} title={say("booked.new")}>
      <New booking={booking} />
      <Card number={mine.number} state={mine.state} drawnAt={booking.drawn_at}><span /></Card>
      {booking.tickets.length > 1 && <Family all={booking.tickets} token={token} />}
    </Frame>
  );
}

function New({ booking }: { booking: Booking }) {
  const say = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Note tone="good" icon="check">
      <h2 tabIndex={-1} ref={heading}>{say(booking.drawn_at !== null ? "draw.new" : booking.slot ? "booked.slot" : "booked.new")}</h2>
      <p>{say("booked.keep")}</p>
    </Note>
  );
}

interface PageProps { ticket: Ticket; put: (ticket: Ticket) => void; refresh: () => void; fresh: Booking | null }

function TicketPage({ ticket, put, refresh, fresh }: PageProps) {
  const site = useSite();
  const say = useWords();
  const common = useCommon();
  const title = ticket.number === null ? say("title.none") : say("title", { n: ticket.number });
  const heading = ticket.state === "called" ? `${say("state.called")} - ${title}` : title;
  const trusted = useTrust(ticket);
  const acts = useActs(ticket, put, refresh);
  const home = `/f/${encodeURIComponent(ticket.facility.id)}`;
  const today = isoDay(japanDay(site.clock.now()));
  const other = ticket.date !== today;
  const line = inLine(ticket.state) && !other; // a day to come has no line yet
  const past = ticket.date < today && !isOver(ticket.state); // the clinic never said what became of it
  return (
    <Frame name={ticket.facility.name} home={home} title={heading}>
      <h1 class="unseen">{title}</h1>
      <Speaker ticket={ticket} />
      {fresh !== null && <New booking={fresh} />}
      {line && <AgeNote aged={ticket} />}
      <Card number={ticket.number} state={ticket.state} drawnAt={ticket.drawn_at} hatched={line && trusted !== "fresh"}
        top={<><Name label={ticket.service.name} />{(other || ticket.slot !== null) && <span>{say("date", { date: dayOf(ticket, site.lang) })}</span>}
          {!other && <AsOf aged={ticket} />}</>}>
        {!other && <Figures ticket={ticket} now={trusted === "fresh"} />}
      </Card>
      {past ? <Note tone="rule" icon="info"><p>{common("why.not_today")}</p></Note> : <Standing ticket={ticket} />}
      {!other && !isOver(ticket.state) && <Messages messages={ticket.messages ?? []} />}
      {line && moves(ticket.state) && ticket.number !== null && trusted !== "gone" && trusted !== "never" && <Path ticket={ticket} />}
      {line && ticket.reasons.length > 0 && <Reasons ticket={ticket} />}
      {!past && (inLine(ticket.state) || ticket.state === "called") && <Rule absence={ticket.absence} />}
      <Actions ticket={ticket} acts={acts} />
      {!past && (inLine(ticket.state) || ticket.state === "drawing") && <MailPanel ticket={ticket} put={put} />}
      {ticket.family.length > 0 && <Family all={familyOf(ticket, fresh)} token={ticket.token} />}
      <a class="button plain" href={home} onClick={(event) => {
        event.preventDefault();
        site.go(home);
      }}><Icon name="building" size={22} />{common("to.clinic")}</a>
      {ticket.may.arrive && <Foot acts={acts} />}
    </Frame>
  );
}

/// Of a slot with its time: "11月30日(月) 午前10:30".
function dayOf(ticket: Ticket, lang: Lang): string {
  const day = date(Date.parse(ticket.date), lang);
  return ticket.slot === null ? day : `${day} ${spoken(Date.parse(`${ticket.slot}:00+09:00`), lang)}`;
}

/// All of one request; in the order of the booking while that is known.
function familyOf(ticket: Ticket, fresh: Booking | null): Relative[] {
  const all: Relative[] = [ticket, ...ticket.family];
  if (fresh === null) return all;
  const place = (each: Relative) => fresh.tickets.findIndex((one) => one.token === each.token);
  return all.sort((a, b) => place(a) - place(b));
}

/// Speaks changes to screen readers: two regions that are there from the start and stay.
export function Speaker({ ticket }: { ticket: Stands }) {
  const site = useSite();
  const say = useWords();
  const before = useRef<Stands | null>(null);
  const [told, tell] = useState({ text: "", urgent: false });
  useEffect(() => {
    const now = saying(before.current, ticket);
    before.current = ticket;
    if (now === null) return;
    const room = ticket.state === "called" && ticket.room ? say("do.called.room", { room: roomOf(ticket.room.name, site.lang) }) : "";
    const text = say(now.key as keyof typeof table, { n: ticket.ahead ?? 0 });
    tell({ text: room === "" ? text : `${text} ${room}`, urgent: now.urgent });
    if (now.urgent && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([300, 150, 300]);
  }, [ticket]);
  return (
    <>
      <p class="unseen" role="status">{told.urgent ? "" : told.text}</p>
      <p class="unseen" role="alert">{told.urgent ? told.text : ""}</p>
    </>
  );
}

interface CardProps {
  number: string | null; state: TicketState; drawnAt: string | null; hatched?: boolean;
  top?: preact.ComponentChildren; children: preact.ComponentChildren;
}

function Card({ number, state, drawnAt, hatched = false, top, children }: CardProps) {
  const site = useSite();
  const say = useWords();
  const size = number === null ? "word" : number.length <= 2 ? "two" : number.length === 3 ? "three" : number.length <= 5 ? "more" : "long";
  return (
    <section class={`card ${state} ${hatched ? "hatched" : ""}`} aria-label={say("spine")}>
      <p class={`spine ${langTags[site.lang] === "ja" || site.lang === "zh" || site.lang === "ko" ? "" : "latin"}`}><span>{say("spine")}</span></p>
      <div class="face">
        <svg class="rings" viewBox="0 0 320 250" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">
          {[60, 105, 155, 210].map((r) => <ellipse key={r} cx="160" cy="105" rx={r} ry={r * 0.6} />)}
        </svg>
        <div class="row top">{top}</div>
        <p class={`number ${size}`}>{number ?? say(state === "drawing" ? "draw.big" : "none.big")}</p>
        {drawnAt !== null && number === null && state === "drawing"
          && <p class="drawn">{say("draw.at", { t: spoken(Date.parse(drawnAt), site.lang) })}</p>}
        {children}
      </div>
    </section>
  );
}

export function Figures({ ticket, now }: { ticket: Pick<Ticket, "state" | "ahead" | "wait">; now: boolean }) {
  const site = useSite();
  const say = useWords();
  const common = useCommon();
  if (!moves(ticket.state)) return null;
  const range = now ? ticket.wait : null;
  const clocks = range === null ? null : callRange(range, site.clock.now());
  return (
    <dl class="ahead">
      <div><dt>{say("ahead")}</dt>
        <dd>{ticket.ahead === null ? <span class="small">{say("ahead.unknown")}</span> : <b>{common("people", { n: ticket.ahead })}</b>}</dd></div>
      <div><dt>{say("wait")}</dt>
        <dd>{range === null || clocks === null ? <span class="small">{now ? common("wait.unknown") : say("ahead.unknown")}</span>
          : <><Wait range={range} /><small>{clocks.from === null ? say("wait.until", { to: clocks.to }) : say("wait.clock", { from: clocks.from, to: clocks.to })}</small></>}</dd></div>
    </dl>
  );
}

function Standing({ ticket }: { ticket: Ticket }) {
  const site = useSite();
  const say = useWords();
  const state = ticket.state;
  const next = state === "waiting" && ticket.ahead === 0;
  const slot = state === "booked" && ticket.slot !== null;
  const room = ticket.room === null ? null : roomOf(ticket.room.name, site.lang);
  return (
    <section class={`standing ${state}`} aria-labelledby="standing-title">
      <Icon name={icons[state]} size={state === "called" ? 44 : 32} />
      <div class="body">
        <h2 id="standing-title">{next ? say("ahead.next") : say(slot ? "state.slot" : `state.${state}`)}</h2>
        <p>{state === "drawing" ? say("draw.fair") : state === "called" && room !== null ? say("do.called.room", { room })
          : say(slot ? "do.slot" : `do.${state}`)}</p>
        {ticket.arrival !== "none" && (state === "booked" || state === "waiting")
          && <p class="arrived"><Icon name="check" size={20} />{say(`arrival.${ticket.arrival}`)}</p>}
      </div>
    </section>
  );
}

const stoneSize = (number: string): string => (number.length > 5 ? "six" : number.length > 3 ? "four" : "");

/// From the number called last to this one: stones on a path.
function Path({ ticket }: { ticket: Ticket }) {
  const say = useWords();
  return (
    <section class="panel path" aria-labelledby="path-title">
      <h2 id="path-title"><Icon name="door" size={22} />{say("path")}</h2>
      {ticket.calling === null && <p>{say("path.none")}</p>}
      <ol>
        {ticket.calling !== null && <li><span class={`stone now ${stoneSize(ticket.calling)}`}>{ticket.calling}</span><span class="tag">{say("path.calling")}</span></li>}
        {ticket.ahead !== null && ticket.ahead > 0 && (
          <li class="between">
            <span class="dots" aria-hidden="true">{Array.from({ length: Math.min(ticket.ahead, 5) }, (_, at) => <i key={at} />)}</span>
            <span class="tag">{say("path.between", { n: ticket.ahead })}</span></li>
        )}
        <li><span class={`stone you ${stoneSize(ticket.number ?? "")}`}>{ticket.number}</span><span class="tag"><b>{say("path.you")}</b></span></li>
      </ol>
    </section>
  );
}

function Reasons({ ticket }: { ticket: Ticket }) {
  const site = useSite();
  const say = useWords();
  const known = (key: string): key is keyof typeof table => Object.prototype.hasOwnProperty.call(table, key);
  return (
    <Note tone="reasons" icon="updown">
      <h2>{say("reasons")}</h2>
      <ul>{ticket.reasons.map((each, at) => {
        const key = `reason.${each.reason}`;
        return <li key={at}>{known(key) ? say(key) : <span lang={langTags[site.lang] === "ja" ? "ja" : "en"}>{each.message}</span>}</li>;
      })}</ul>
    </Note>
  );
}

interface Acts { busy: "" | "arrive" | "cancel"; failed: Refusal | null; act: (what: "arrive" | "cancel") => void }

/// What the patient can say of this number, one at a time.
function useActs(ticket: Ticket, put: (ticket: Ticket) => void, refresh: () => void): Acts {
  const site = useSite();
  const [busy, work] = useState<Acts["busy"]>("");
  const [failed, fail] = useState<Refusal | null>(null);
  const running = useRef(false);
  const act = async (what: "arrive" | "cancel") => {
    if (running.current) return;
    running.current = true;
    work(what);
    fail(null);
    const answer = await request<Ticket>(`${ticketUrl(ticket.token)}/${what}`, { method: "POST", lang: site.lang, timeout: 15_000 });
    running.current = false;
    work("");
    if (answer.kind === "ok") put(answer.data);
    else {
      fail(answer.kind === "refused" ? answer.refusal : { code: "internal", reason: "unreachable", message: "" });
      refresh();
    }
  };
  return { busy, failed, act: (what) => void act(what) };
}

function Failed({ refusal }: { refusal: Refusal | null }) {
  const say = useWords();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (refusal !== null) box.current?.scrollIntoView({ block: "nearest" });
  }, [refusal]);
  return (
    <div role="alert" class="told" ref={box}>
      {refusal !== null && <Note tone="wrong" icon="warn"><p><b>{say("failed")}</b></p><p><Why refusal={refusal} /></p></Note>}
    </div>
  );
}

/// The arrival, in reach of the thumb as long as it can be told.
function Foot({ acts: { busy, failed, act } }: { acts: Acts }) {
  const say = useWords();
  return (
    <div class="sticky">
      <Failed refusal={failed} />
      <button class="button main tall" aria-disabled={busy !== ""} onClick={() => act("arrive")}>
        <Icon name="check" size={28} />{say(busy === "arrive" ? "arriving" : "arrive")}
      </button>
    </div>
  );
}

/// Telephone and cancellation.
function Actions({ ticket, acts: { busy, failed, act } }: { ticket: Ticket; acts: Acts }) {
  const say = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const asked = ticket.number === null ? say("cancel.ask.none") : say("cancel.ask", { n: ticket.number });
  const yes = ticket.number === null ? "cancel.yes.none" : ticket.slot === null ? "cancel.yes" : "cancel.yes.slot";
  return (
    <section class="actions">
      {!ticket.may.arrive && <Failed refusal={failed} />}
      <div class="pair">
        <Phone phone={ticket.facility.phone} look="button" />
        {ticket.may.cancel && (
          <button class="button plain" aria-disabled={busy !== ""} onClick={() => dialog.current?.showModal()}>
            <Icon name="cross" size={22} />{say(ticket.slot === null ? "cancel" : "cancel.slot")}
          </button>
        )}
      </div>
      <dialog ref={dialog} aria-labelledby="cancel-title">
        <h2 id="cancel-title">{asked}</h2>
        <p>{say("cancel.sub")}</p>
        <div class="buttons">
          <button class="button plain" autofocus onClick={() => dialog.current?.close()}>{say("cancel.no")}</button>
          <button class="button danger" onClick={() => {
            dialog.current?.close();
            act("cancel");
          }}><Icon name="cross" size={22} />{say(yes)}</button>
        </div>
      </dialog>
    </section>
  );
}

function Family({ all, token }: { all: readonly Relative[]; token: string }) {
  const site = useSite();
  const say = useWords();
  return (
    <section class="panel family" aria-labelledby="family-title">
      <h2 id="family-title"><Icon name="people" size={22} />{say("family")}</h2>
      <ul>{all.map((each, at) => {
        const address = `/t/${encodeURIComponent(each.token)}`;
        const mine = each.token === token;
        const inner = (
          <><span class={`stone k${at % 3 + 1} ${mine ? "you" : each.state}`}>{each.number ?? "–"}</span>
            <span class="what"><Icon name={icons[each.state]} size={20} />{say(`state.${each.state}`)}{each.number === null && <small>{say("family.none")}</small>}{mine && <small>{say("family.this")}</small>}</span></>
        );
        return <li key={each.token}>{mine ? <span class="member" aria-current="page">{inner}</span> : (
          <a class="member" href={address} onClick={(event) => {
            event.preventDefault();
            site.go(address);
          }}>{inner}<Icon name="right" size={20} /></a>
        )}</li>;
      })}</ul>
    </section>
  );
}
