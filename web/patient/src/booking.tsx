// SPDX-License-Identifier: Apache-2.0
// Booking in steps: who comes, when (of a slot), and a last look before it is sent. Nothing typed leaves the page's
// memory but in the request itself.
import { useEffect, useRef, useState } from "preact/hooks";
import { facilityUrl, type Answer } from "./api";
import { attemptFor, send, unsettled, type Attempt } from "./attempt";
import { acceptanceOf, Choices, wayId, waysOf } from "./choices";
import { useArrival, useSay, useSite } from "./context";
import { entry, kindChoices, mistakes, mostPeople, refusedField, requestOf, usualNear, wayOf, type Form, type Mistake } from "./form";
import { Icon } from "./icons";
import { nameOf } from "./lang";
import { emailId, MailFields } from "./mail";
import { BackWord, Closed, Frame, Name, Note } from "./parts";
import { fieldId, PersonFields } from "./person";
import { Review, type Outcome } from "./review";
import { otherTime } from "./slots";
import type { Acceptance, Booking, Facility, Refusal, Service, Status } from "./types";
import { When, type Trouble } from "./when";
import { booking as table } from "./words/booking";
import { common } from "./words/common";
import { mail } from "./words/mail";
import { slots } from "./words/slots";

interface Props { facility: Facility; status: Status | null; service: string; way: string; step: string }

function firstForm(facility: Facility, status: Status | null, wanted: string, way: string): Form {
  const service = facility.services.find((each) => each.id === wanted) ?? facility.services[0];
  const ways = service ? waysOf(facility, service, status) : { queue: false, slots: false };
  return { service: service?.id ?? "", kind: kindChoices(service?.kinds ?? [])[0] ?? "",
    way: ways.slots && (way === "slot" || !ways.queue) ? "slot" : "queue", slot: null,
    people: [entry(0, facility.booking_kinds.includes("card") ? "card" : "first")], email: "", near: usualNear };
}

type Step = "who" | "when" | "check";

/// The step that the address asks for, as far as what is before it is done.
function stepOf(asked: string, form: Form, right: boolean, under: boolean): Step {
  if (under) return "check";
  if (!right) return "who";
  if (form.way === "slot" && (asked === "when" || (asked === "check" && form.slot === null))) return "when";
  return asked === "check" ? "check" : "who";
}

export function BookingPage({ facility, status, service: wanted, way: asked, step: to }: Props) {
  const site = useSite();
  const say = useSay(table);
  const ofSlots = useSay(slots);
  const [typed, setForm] = useState(() => firstForm(facility, status, wanted, asked));
  const [found, setFound] = useState<Mistake[]>([]);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const service = facility.services.find((each) => each.id === typed.service);
  const ways = service ? waysOf(facility, service, status) : { queue: false, slots: false };
  const way = wayOf(typed, ways.queue, ways.slots);
  const form: Form = way === null ? typed : { ...typed, way };
  const home = `/f/${encodeURIComponent(facility.id)}`;
  const here = `${home}?book=${encodeURIComponent(wanted)}${asked === "" ? "" : `&way=${encodeURIComponent(asked)}`}`;
  const sender = useSender(facility, (mistake) => {
    setFound([mistake]);
    site.go(here, true);
  }, (refusal) => {
    setTrouble(form.slot && { slot: form.slot, refusal });
    setForm({ ...form, slot: null });
    site.go(`${here}&step=when`, true);
  });
  const wrongs = (): Mistake[] => [...(way === null ? [{ place: -1, field: "way" as const, why: "way.choose" }] : []),
    ...mistakes(form, site.clock.now())];
  const step = stepOf(to, form, found.length === 0 && wrongs().length === 0, sender.outcome.kind !== "idle");
  const heading = useArrival<HTMLHeadingElement>(step);
  const title = `${form.way === "slot" ? ofSlots("title") : say("title")} - ${nameOf(facility.name, site.lang).text}`;
  if (service === undefined || (!ways.queue && !ways.slots && sender.outcome.kind === "idle"))
    return <NotNow facility={facility} home={home} title={title} acceptance={service && acceptanceOf(service, status)} />;
  return (
    <Frame name={facility.name} home={home} title={title}>
      <h1 class="title" tabIndex={-1} ref={heading}>{step === "check" ? say("check") : form.way === "slot" ? ofSlots("title") : say("title")}</h1>
      <Steps all={form.way === "slot" ? ["who", "when", "check"] : ["who", "check"]} now={step} />
      {site.booked !== null && sender.outcome.kind === "idle" && step === "who" && <Taken booking={site.booked} />}
      {step === "check" && <Review form={form} facility={facility} service={service} acceptance={acceptanceOf(service, status)} outcome={sender.outcome}
        edit={() => { sender.clear(); site.go(form.way === "slot" ? `${here}&step=when` : here, true); }} home={home}
        send={() => sender.send(form, service)} />}
      {step === "when" && <When key={service.id} facility={facility} service={service} form={form} trouble={trouble}
        choose={(slot) => {
          setForm({ ...form, slot });
          if (slot !== null) setTrouble(null);
        }}
        back={() => site.go(here, true)} next={() => site.go(`${here}&step=check`)} />}
      {step === "who" && <Who facility={facility} status={status} form={form} service={service} found={found} change={setForm} home={home}
        next={() => {
          const wrong = wrongs();
          setFound(wrong);
          if (wrong.length === 0) site.go(`${here}&step=${form.way === "slot" ? "when" : "check"}`);
        }} />}
    </Frame>
  );
}

/// Sends one attempt at a time; whatever comes of it becomes an Outcome.
function useSender(facility: Facility, mistaken: (mistake: Mistake) => void, elsewhen: (refusal: Refusal) => void) {
  const site = useSite();
  const [outcome, tell] = useState<Outcome>({ kind: "idle" });
  const attempt = useRef<Attempt | null>(null);
  const busy = useRef(false);
  const settle = (answer: Answer<Booking>, form: Form) => {
    if (unsettled(answer)) return tell({ kind: "unsure" });
    attempt.current = null;
    if (answer.kind === "ok" && answer.data.tickets[0]) {
      site.clock.hear(answer.date);
      site.took(answer.data);
      return site.go(`/t/${encodeURIComponent(answer.data.tickets[0].token)}`, true);
    }
    if (answer.kind !== "refused") return tell({ kind: "unsure" });
    if (form.way === "slot" && otherTime(answer.refusal.reason)) {
      tell({ kind: "idle" });
      return elsewhen(answer.refusal);
    }
    const mistake = refusedField(answer.refusal.reason, answer.refusal.detail, form.people);
    tell(mistake === null ? { kind: "refused", refusal: answer.refusal, retryAfter: answer.retryAfter } : { kind: "idle" });
    if (mistake !== null) mistaken(mistake);
  };
  const go = async (form: Form, service: Service) => {
    if (busy.current) return; // a second tap while the first is under way
    busy.current = true;
    attempt.current = attemptFor(requestOf(form, service.kinds, site.clock.now(), site.lang), attempt.current);
    tell({ kind: "sending", again: 0 });
    const answer = await send(`${facilityUrl(facility.id)}/bookings`, attempt.current, site.lang,
      (again) => tell({ kind: "sending", again }));
    busy.current = false;
    settle(answer, form);
  };
  return { outcome, send: (form: Form, service: Service) => void go(form, service), clear: () => tell({ kind: "idle" }) };
}

function Steps({ all, now }: { all: Step[]; now: Step }) {
  const say = useSay(table);
  const ofSlots = useSay(slots);
  return (
    <ol class="steps">
      {all.map((each, at) => {
        const past = at < all.indexOf(now);
        return (
          <li key={each} class={past ? "past" : each === now ? "now" : ""} aria-current={each === now ? "step" : undefined}>
            {past ? <><Icon name="check" size={20} /><span class="unseen">{say("step.done")}</span></> : <span aria-hidden="true">{at + 1}</span>}
            {each === "when" ? ofSlots("step.when") : say(`step.${each}`)}</li>
        );
      })}
    </ol>
  );
}

function Taken({ booking }: { booking: Booking }) {
  const site = useSite();
  const say = useSay(common);
  const first = booking.tickets[0]!;
  const address = `/t/${encodeURIComponent(first.token)}`;
  const numbers = booking.tickets.flatMap((each) => (each.number === null ? [] : [say("number", { n: each.number })]));
  return <Note tone="good" icon="ticket"><p><a href={address} onClick={(event) => {
    event.preventDefault();
    site.go(address);
  }}>{numbers.length > 0 ? numbers.join(" ・ ") : say("site")}</a></p></Note>;
}

function NotNow({ facility, home, title, acceptance }:
  { facility: Facility; home: string; title: string; acceptance: Acceptance | undefined }) {
  const site = useSite();
  const say = useSay(table);
  const words = useSay(common);
  return (
    <Frame name={facility.name} home={home} title={title}>
      <h1 class="title">{say("nobooking")}</h1>
      {acceptance && !acceptance.open && <Note tone="quiet" icon="moon"><Closed acceptance={acceptance} /></Note>}
      <a class="button main" href={home} onClick={(event) => {
        event.preventDefault();
        site.go(home);
      }}>{words("to.clinic")}</a>
    </Frame>
  );
}

interface WhoProps {
  facility: Facility; status: Status | null; form: Form; service: Service; found: Mistake[]; home: string;
  change: (form: Form) => void; next: () => void;
}

function Who({ facility, status, form, service, found, change, next, home }: WhoProps) {
  const site = useSite();
  const say = useSay(table);
  const [told, tell] = useState("");
  const put = (place: number) => (each: Form["people"][number]) =>
    change({ ...form, people: form.people.map((old, at) => (at === place ? each : old)) });
  const focus = (id: number) => setTimeout(() => document.getElementById(`person-${id}`)?.focus(), 0);
  const add = () => {
    const id = Math.max(...form.people.map((each) => each.id)) + 1;
    change({ ...form, people: [...form.people, entry(id, form.people[0]!.how)] });
    tell(say("added", { n: form.people.length + 1 }));
    focus(id);
  };
  const remove = (place: number) => {
    const people = form.people.filter((_, at) => at !== place);
    change({ ...form, people });
    tell(say("removed", { n: place + 1 }));
    focus(people[Math.max(0, place - 1)]!.id);
  };
  return (
    <form noValidate onSubmit={(event) => {
      event.preventDefault();
      next();
    }}>
      <Summary found={found} form={form} />
      <Choices facility={facility} status={status} form={form} service={service} change={change} />
      <h2 class="lead">{say("people")}</h2>
      {form.people.map((each, place) => (
        <PersonFields key={each.id} entry={each} place={place} alone={form.people.length === 1} ways={facility.booking_kinds}
          mistakes={found} change={put(place)} remove={() => remove(place)} />
      ))}
      {form.people.length < mostPeople && (
        <div class="more">
          <button type="button" class="button dashed" onClick={add}><Icon name="plus" size={22} />{say("add")}</button>
          <p class="hint">{say("people.hint")}</p>
        </div>
      )}
      {facility.options.mail && <MailChoice form={form} wrong={found.some((each) => each.field === "email")} change={change} />}
      <p class="unseen" role="status">{told}</p>
      <Note tone="quiet" icon="info"><p>{say("privacy")}</p></Note>
      <div class="sticky">
        <p class="sum"><b><Name label={service.name} /></b><span>{say("count", { n: form.people.length })}</span></p>
        <div class="buttons">
          <a class="button plain" href={home} onClick={(event) => {
            event.preventDefault();
            site.go(home);
          }}><BackWord /></a>
          <button type="submit" class="button main">{say("next")}<Icon name="right" size={24} /></button>
        </div>
      </div>
    </form>
  );
}

function MailChoice({ form, wrong, change }: { form: Form; wrong: boolean; change: (form: Form) => void }) {
  const say = useSay(mail);
  return (
    <fieldset class="panel mail">
      <legend><Icon name="mail" size={22} />{say("title")}</legend>
      <p>{say("what")}</p>
      <MailFields email={form.email} near={form.near} wrong={wrong} hint change={(email, near) => change({ ...form, email, near })} />
    </fieldset>
  );
}

/// All that is wrong, first on the page and focused, each a link to its field.
function Summary({ found, form }: { found: Mistake[]; form: Form }) {
  const say = useSay(table);
  const mailSay = useSay(mail);
  const ofSlots = useSay(slots);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (found.length === 0) return;
    const timer = setTimeout(() => box.current?.focus(), 0); // behind the heading of the step
    return () => clearTimeout(timer);
  }, [found]);
  if (found.length === 0) return null;
  return (
    <div class="note wrong" tabIndex={-1} ref={box} role="group" aria-labelledby="wrong-title">
      <Icon name="warn" size={28} />
      <div class="body">
        <h2 id="wrong-title">{say("wrong", { n: found.length })}</h2>
        <ul>{found.map((each) => {
          const person = form.people[each.place];
          if (person === undefined && each.field !== "email" && each.field !== "way") return null;
          const id = person !== undefined ? fieldId(person, each.field) : each.field === "way" ? wayId : emailId;
          return <li key={id + each.why}><a href={`#${id}`} onClick={(event) => {
            event.preventDefault();
            document.getElementById(id)?.focus();
          }}>{each.field === "email" ? mailSay("email.wrong") : each.field === "way" ? ofSlots("way.choose")
            : <>{form.people.length > 1 && `${say("person", { n: each.place + 1 })}: `}{say(each.why as keyof typeof table)}</>}</a></li>;
        })}</ul>
      </div>
    </div>
  );
}
