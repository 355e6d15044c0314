// SPDX-License-Identifier: Apache-2.0
// The step in which a day and a time are chosen: what can be had first, what cannot with its reason in words.
import { Fragment } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { request, slotsUrl } from "./api";
import { useSay, useSite } from "./context";
import type { Form } from "./form";
import { clock, date as dateText, ends, shortDate, span, weekday } from "./format";
import { Icon } from "./icons";
import { isJapanese } from "./lang";
import { BackWord, Note, Why } from "./parts";
import { dateAfter, dateOf, daysAsked, firstDay, isFew, mayMore, noonOf, offersOf, opensOf, slotBegins, slotEnds, slotNamed, standingOf, withSlots } from "./slots";
import type { Facility, Refusal, Service, Slot, SlotDay, Slots } from "./types";
import { booking } from "./words/booking";
import { common } from "./words/common";
import { slots as table } from "./words/slots";

const again = 20_000; ///< ms after which the times are asked for again
const isWord = (key: string): key is keyof typeof table => Object.prototype.hasOwnProperty.call(table, key);

interface Told { days: SlotDay[]; state: "loading" | "ok" | "failed" }

/// The days of a service, asked for again while the page shows them; `more` adds those behind.
function useSlots(facility: string, service: string): Told & { more: () => void; refresh: () => void } {
  const site = useSite();
  const [pages, grow] = useState(1);
  const [turn, next] = useState(0);
  const [told, tell] = useState<Told>({ days: [], state: "loading" });
  useEffect(() => {
    let over = false;
    const read = async () => {
      const days: SlotDay[] = [];
      for (let page = 0; page < pages; ++page) {
        const from = days[0] === undefined ? null : dateAfter(days[0].date, page * daysAsked);
        const answer = await request<Slots>(slotsUrl(facility, service, from, daysAsked), { lang: site.lang });
        if (over) return;
        if (answer.kind !== "ok") return tell((old) => ({ days: old.days, state: old.days.length > 0 ? "ok" : "failed" }));
        site.clock.hear(answer.date);
        days.push(...answer.data.days);
      }
      tell({ days, state: "ok" });
    };
    void read();
    return () => { over = true; };
  }, [facility, service, pages, turn, site.lang]);
  useEffect(() => {
    const look = () => { if (!document.hidden) next((n) => n + 1); };
    const timer = setInterval(look, again);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return { ...told, more: () => grow((n) => n + 1), refresh: () => { tell((old) => ({ ...old, state: "loading" })); next((n) => n + 1); } };
}

/// "11月30日(月) 午前10:30〜午前11:00", which breaks between day and times only.
export function SlotText({ slot }: { slot: Slot }) {
  const { lang } = useSite();
  const gap = isJapanese(lang) || lang === "zh" ? "" : " ";
  return <><span class="whole">{dateText(slotBegins(slot), lang)}</span>{" "}
    {ends(span(slotBegins(slot), slotEnds(slot), lang)).map((each, at) => <Fragment key={each}>{at > 0 && gap}<span class="whole">{each}</span></Fragment>)}</>;
}

/// A slot that the server did not give.
export interface Trouble { slot: Slot; refusal: Refusal }

interface Props {
  facility: Facility; service: Service; form: Form; trouble: Trouble | null;
  choose: (slot: Slot | null) => void; next: () => void; back: () => void;
}

export function When({ facility, service, form, trouble, choose, next, back }: Props) {
  const site = useSite();
  const say = useSay(table);
  const words = useSay(booking);
  const told = useSlots(facility.id, service.id);
  const people = form.people.length;
  const [picked, pick] = useState<string | null>(() => {
    const last = form.slot ?? trouble?.slot;
    return last ? dateOf(last) : null;
  });
  const [problem, complain] = useState<"choose" | "gone" | null>(null);
  const [speech, speak] = useState("");
  const date = picked ?? firstDay(told.days, people);
  const day = told.days.find((each) => each.date === date) ?? null;
  useEffect(() => { // what was chosen may have been taken meanwhile
    if (form.slot === null || told.state !== "ok" || told.days.length === 0) return;
    const now = slotNamed(told.days, form.slot.slot);
    if (now !== null && offersOf({ date: "", slots: [now] }, people).free.length > 0) return;
    choose(null);
    complain("gone");
  }, [told.days, told.state, people]);
  const toDay = (each: SlotDay) => {
    const free = offersOf(each, people).free.length;
    pick(each.date);
    choose(null);
    complain(null);
    speak(say(free > 0 ? "told" : "told.none", { date: dateText(noonOf(each.date), site.lang), n: free }));
  };
  const count = words("count", { n: people });
  return (
    <form noValidate onSubmit={(event) => {
      event.preventDefault();
      if (form.slot !== null) next();
      else complain("choose");
    }}>
      <Problem trouble={trouble?.refusal ?? null} problem={problem} />
      {told.state === "loading" && told.days.length === 0 && <p class="loading" role="status">{say("loading")}</p>}
      {told.state === "failed" && <Failed retry={told.refresh} />}
      {told.state === "ok" && withSlots(told.days).length === 0 && <Note tone="quiet" icon="info"><p>{say("none")}</p></Note>}
      {day !== null && <Days days={told.days} chosen={day.date} people={people} pick={toDay} more={mayMore(told.days) ? told.more : null} />}
      {day !== null && <Times day={day} people={people} chosen={form.slot} pick={(slot) => {
        complain(null);
        choose(slot);
      }} />}
      <p class="unseen" role="status">{speech}</p>
      <Note tone="quiet" icon="clock"><p>{say("turn")}</p></Note>
      <div class="sticky">
        <p class="sum"><b>{form.slot === null ? say("chosen.none") : <SlotText slot={form.slot} />}</b><span>{count}</span></p>
        <div class="buttons">
          <button type="button" class="button plain" onClick={back}><BackWord /></button>
          <button type="submit" class="button main">{words("next")}<Icon name="right" size={24} /></button>
        </div>
      </div>
    </form>
  );
}

/// Why the person is here again, or what is missing; focused when it appears.
function Problem({ trouble, problem }: { trouble: Refusal | null; problem: "choose" | "gone" | null }) {
  const say = useSay(table);
  const box = useRef<HTMLDivElement>(null);
  const why = problem ?? trouble?.reason ?? "";
  useEffect(() => {
    if (why === "") return;
    const timer = setTimeout(() => box.current?.focus(), 0); // behind the heading of the step
    return () => clearTimeout(timer);
  }, [why]);
  if (why === "") return null;
  return (
    <div class="note wrong" tabIndex={-1} ref={box} role="group" aria-labelledby="slot-wrong">
      <Icon name="warn" size={28} />
      <div class="body">
        <h2 id="slot-wrong">{problem !== null ? say(problem) : <Why refusal={trouble!} />}</h2>
        {problem !== "choose" && <p>{say("kept")}</p>}
      </div>
    </div>
  );
}

function Failed({ retry }: { retry: () => void }) {
  const say = useSay(table);
  const words = useSay(common);
  return (
    <Note tone="aged" icon="linkoff">
      <p role="status">{say("failed")}</p>
      <button type="button" class="button" onClick={retry}>{words("retry")}</button>
    </Note>
  );
}

const mark = (standing: string): string => (standing === "many" ? "◎" : standing === "few" ? "△" : "×");

interface DaysProps { days: SlotDay[]; chosen: string; people: number; pick: (day: SlotDay) => void; more: (() => void) | null }

function Days({ days, chosen, people, pick, more }: DaysProps) {
  const { lang } = useSite();
  const say = useSay(table);
  return (
    <fieldset class="panel choice when">
      <legend><Icon name="calendar" size={22} />{say("day")}</legend>
      <div class="days">
        {withSlots(days).map((each) => {
          const standing = standingOf(each, people);
          const key = `day.${standing}`;
          const opens = standing === "slot_too_far" ? opensOf(each) : null;
          const name = weekday(new Date(noonOf(each.date)).getUTCDay(), lang);
          return (
            <label key={each.date} class={`option day ${standing === "many" || standing === "few" ? "" : "shut"}`}>
              <input type="radio" name="day" value={each.date} checked={each.date === chosen} onChange={() => pick(each)} />
              <span>
                <span class="unseen">{dateText(noonOf(each.date), lang)} </span>
                <span aria-hidden="true">{name}</span><b aria-hidden="true">{shortDate(noonOf(each.date), lang)}</b>
                <small><span aria-hidden="true">{mark(standing)}</span> {opens !== null ? <From date={opens} /> : say(isWord(key) ? key : "day.none")}</small>
              </span>
            </label>
          );
        })}
      </div>
      {more !== null && <button type="button" class="button dashed" onClick={more}><Icon name="plus" size={22} />{say("more")}</button>}
    </fieldset>
  );
}

interface TimesProps { day: SlotDay; people: number; chosen: Slot | null; pick: (slot: Slot) => void }

function Times({ day, people, chosen, pick }: TimesProps) {
  const { lang } = useSite();
  const say = useSay(table);
  const { free, rest } = offersOf(day, people);
  return (
    <fieldset class="panel choice">
      <legend><Icon name="clock" size={22} />{say("time", { date: dateText(noonOf(day.date), lang) })}</legend>
      {free.length === 0 ? <p>{say("none.day")}</p> : (
        <div class="times">
          {free.map((slot) => (
            <label key={slot.slot} class="option slot">
              <input type="radio" name="slot" value={slot.slot} checked={slot.slot === chosen?.slot} onChange={() => pick(slot)} />
              <span><b>{clock(slotBegins(slot))}</b><small>{isFew(slot.free) ? `△ ${say("free.one", { n: slot.free })}` : `◎ ${say("free.many")}`}</small></span>
            </label>
          ))}
        </div>
      )}
      {rest.length > 0 && (
        <section class="rest" aria-labelledby="rest-title">
          <h2 id="rest-title">{say("rest")}</h2>
          <dl>{rest.map((each) => (
            <div key={each.why}>
              <dt><span aria-hidden="true">×</span> <Reason slot={each.slots[0]!} why={each.why} people={people} /></dt>
              <dd>{each.slots.map((slot) => <span key={slot.slot} class="time">{clock(slotBegins(slot))} </span>)}</dd>
            </div>
          ))}</dl>
        </section>
      )}
    </fieldset>
  );
}

/// "12/1から".
function From({ date }: { date: string }) {
  const { lang } = useSite();
  return <>{useSay(table)("day.from", { t: shortDate(noonOf(date), lang) })}</>;
}

/// In a word or two where we have them, else as a sentence.
function Reason({ slot, why, people }: { slot: Slot; why: string; people: number }) {
  const say = useSay(table);
  const key = `day.${why}`;
  if (why === "slot_too_far" && slot.opens) return <From date={slot.opens} />;
  if (why === "few") return <>{say("rest.few", { n: people })}</>;
  return isWord(key) ? <>{say(key)}</> : <Why refusal={slot} />;
}
