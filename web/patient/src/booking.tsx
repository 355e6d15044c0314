// SPDX-License-Identifier: Apache-2.0
// Booking in two steps: who comes, and a last look before it is sent. Nothing typed leaves the page's memory but in
// the request itself.
import { useEffect, useRef, useState } from "preact/hooks";
import { facilityUrl, type Answer } from "./api";
import { attemptFor, send, unsettled, type Attempt } from "./attempt";
import { useArrival, useSay, useSite } from "./context";
import { entry, kindChoices, mistakes, mostPeople, refusedField, requestOf, usualNear, type Form, type Mistake } from "./form";
import { Icon } from "./icons";
import { nameOf } from "./lang";
import { emailId, MailFields } from "./mail";
import { Closed, Frame, Name, Note } from "./parts";
import { fieldId, PersonFields } from "./person";
import { Review, type Outcome } from "./review";
import type { Acceptance, Booking, Facility, Service, Status } from "./types";
import { booking as table } from "./words/booking";
import { common } from "./words/common";
import { mail } from "./words/mail";

interface Props { facility: Facility; status: Status | null; service: string; step: string }

const acceptanceOf = (service: Service, status: Status | null): Acceptance =>
  status?.services.find((each) => each.id === service.id)?.booking ?? service.booking;

function firstForm(facility: Facility, wanted: string): Form {
  const service = facility.services.find((each) => each.id === wanted) ?? facility.services[0];
  return { service: service?.id ?? "", kind: kindChoices(service?.kinds ?? [])[0] ?? "",
    people: [entry(0, facility.booking_kinds.includes("card") ? "card" : "first")], email: "", near: usualNear };
}

export function BookingPage({ facility, status, service: wanted, step }: Props) {
  const site = useSite();
  const say = useSay(table);
  const [form, setForm] = useState(() => firstForm(facility, wanted));
  const [found, setFound] = useState<Mistake[]>([]);
  const service = facility.services.find((each) => each.id === form.service);
  const home = `/f/${encodeURIComponent(facility.id)}`;
  const here = `${home}?book=${encodeURIComponent(wanted)}`;
  const sender = useSender(facility, (mistake) => {
    setFound([mistake]);
    site.go(here, true);
  });
  const ready = found.length === 0 && mistakes(form, site.clock.now()).length === 0;
  const checking = (step === "check" && ready) || sender.outcome.kind !== "idle";
  const heading = useArrival<HTMLHeadingElement>(checking);
  const open = service !== undefined && acceptanceOf(service, status).open && (status?.state ?? facility.state) === "ok";
  const title = `${say("title")} - ${nameOf(facility.name, site.lang).text}`;
  if (service === undefined || (!open && sender.outcome.kind === "idle"))
    return <NotNow facility={facility} home={home} title={title} acceptance={service && acceptanceOf(service, status)} />;
  return (
    <Frame name={facility.name} home={home} title={title}>
      <h1 class="title" tabIndex={-1} ref={heading}>{say(checking ? "check" : "title")}</h1>
      <Steps checking={checking} />
      {site.booked !== null && sender.outcome.kind === "idle" && !checking && <Taken booking={site.booked} />}
      {checking
        ? <Review form={form} facility={facility} service={service} acceptance={acceptanceOf(service, status)} outcome={sender.outcome}
          edit={() => { sender.clear(); site.go(here, true); }} home={home} send={() => sender.send(form, service)} />
        : <Who facility={facility} status={status} form={form} service={service} found={found} change={setForm} home={home}
          next={() => {
            const wrong = mistakes(form, site.clock.now());
            setFound(wrong);
            if (wrong.length === 0) site.go(`${here}&step=check`);
          }} />}
    </Frame>
  );
}

/// Sends one attempt at a time; whatever comes of it becomes an Outcome.
function useSender(facility: Facility, mistaken: (mistake: Mistake) => void) {
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

function Steps({ checking }: { checking: boolean }) {
  const say = useSay(table);
  return (
    <ol class="steps">
      <li class={checking ? "past" : "now"} aria-current={checking ? undefined : "step"}>
        {checking ? <><Icon name="check" size={20} /><span class="unseen">{say("step.done")}</span></> : <span aria-hidden="true">1</span>}
        {say("step.who")}</li>
      <li class={checking ? "now" : ""} aria-current={checking ? "step" : undefined}><span aria-hidden="true">2</span>{say("step.check")}</li>
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
  return (
    <Frame name={facility.name} home={home} title={title}>
      <h1 class="title">{say("nobooking")}</h1>
      {acceptance && !acceptance.open && <Note tone="quiet" icon="moon"><Closed acceptance={acceptance} /></Note>}
      <a class="button main" href={home} onClick={(event) => {
        event.preventDefault();
        site.go(home);
      }}>{say("to.clinic")}</a>
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
        <p class="sum"><b><Name label={service.name} /></b><span>{form.people.length === 1 ? say("count.one") : say("count", { n: form.people.length })}</span></p>
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

export const BackWord = () => <>{useSay(common)("back")}</>;

/// All that is wrong, first on the page and focused, each a link to its field.
function Summary({ found, form }: { found: Mistake[]; form: Form }) {
  const say = useSay(table);
  const mailSay = useSay(mail);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => { if (found.length > 0) box.current?.focus(); }, [found]);
  if (found.length === 0) return null;
  return (
    <div class="note wrong" tabIndex={-1} ref={box} role="group" aria-labelledby="wrong-title">
      <Icon name="warn" size={28} />
      <div class="body">
        <h2 id="wrong-title">{found.length === 1 ? say("wrong.one") : say("wrong", { n: found.length })}</h2>
        <ul>{found.map((each) => {
          const person = form.people[each.place];
          if (person === undefined && each.field !== "email") return null;
          const id = person === undefined ? emailId : fieldId(person, each.field);
          return <li key={id + each.why}><a href={`#${id}`} onClick={(event) => {
            event.preventDefault();
            document.getElementById(id)?.focus();
          }}>{each.field === "email" ? mailSay("email.wrong")
            : <>{form.people.length > 1 && `${say("person", { n: each.place + 1 })}: `}{say(each.why as keyof typeof table)}</>}</a></li>;
        })}</ul>
      </div>
    </div>
  );
}

function Choices({ facility, status, form, service, change }: Omit<WhoProps, "found" | "home" | "next">) {
  const say = useSay(table);
  const services = facility.services.filter((each) => each.id === form.service || acceptanceOf(each, status).open);
  const kinds = kindChoices(service.kinds);
  const known = (kind: string) => { const key = `kind.${kind}`; return key in table ? say(key as keyof typeof table) : kind; };
  return (
    <>
      {services.length > 1 && (
        <fieldset class="panel choice"><legend>{say("service")}</legend>
          {services.map((each) => (
            <label key={each.id} class="option">
              <input type="radio" name="service" checked={each.id === form.service}
                onChange={() => change({ ...form, service: each.id, kind: kindChoices(each.kinds)[0] ?? "" })} />
              <span><Icon name="check" size={20} /><Name label={each.name} /></span>
            </label>
          ))}
        </fieldset>
      )}
      {kinds.length > 1 && (
        <fieldset class="panel choice"><legend>{say("kind")}</legend>
          {kinds.map((kind) => (
            <label key={kind} class="option">
              <input type="radio" name="kind" checked={kind === form.kind} onChange={() => change({ ...form, kind })} />
              <span><Icon name="check" size={20} />{known(kind)}</span>
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}
