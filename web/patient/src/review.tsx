// SPDX-License-Identifier: Apache-2.0
// The last look before a booking is sent, and what came of it when that was not a number.
import { useEffect, useRef } from "preact/hooks";
import { useSay, useSite } from "./context";
import { birthOf, emailOf, kindChoices, kindOf, plain, type Entry, type Form } from "./form";
import { birthDate, clock, spoken } from "./format";
import { Icon } from "./icons";
import { useWhen } from "./mail";
import { Name, Note, Opens, Phone, Why } from "./parts";
import { Rule } from "./rule";
import type { Acceptance, Facility, Refusal, Service } from "./types";
import { SlotText } from "./when";
import { booking as table } from "./words/booking";
import { common } from "./words/common";
import { facility as facilityTable } from "./words/facility";
import { mail } from "./words/mail";
import { slots } from "./words/slots";

export type Outcome =
  | { kind: "idle" }
  | { kind: "sending"; again: number }
  | { kind: "unsure" } ///< it may have been booked: only the same attempt may be sent
  | { kind: "refused"; refusal: Refusal; retryAfter: number | null };

interface Props {
  form: Form; facility: Facility; service: Service; acceptance: Acceptance; outcome: Outcome; home: string;
  edit: () => void; send: () => void;
}

export function Review({ form, facility, service, acceptance, outcome, edit, send, home }: Props) {
  const site = useSite();
  const say = useSay(table);
  const words = useSay(facilityTable);
  const ofSlots = useSay(slots);
  const slot = form.way === "slot" ? form.slot : null;
  const kind = kindOf(form, service.kinds);
  const kindKey = `kind.${kind}` as keyof typeof table;
  return (
    <form onSubmit={(event) => {
      event.preventDefault();
      send();
    }}>
      <Came outcome={outcome} facility={facility} />
      <section class="panel">
        <div class="row"><h2><Name label={service.name} /></h2>
          {kind !== undefined && kindChoices(service.kinds).length > 1 && <span>{kindKey in table ? say(kindKey) : kind}</span>}</div>
        {slot !== null && <dl class="facts check"><dt>{ofSlots("when")}</dt><dd class="big"><SlotText slot={slot} /></dd></dl>}
        {form.people.map((each, place) => <Person key={each.id} entry={each} place={place} alone={form.people.length === 1} />)}
      </section>
      {emailOf(form.email) !== null && <MailWish form={form} />}
      {slot !== null && <Note tone="quiet" icon="clock"><p>{ofSlots("turn")}</p></Note>}
      {slot === null && acceptance.drawing_until && (
        <Note tone="aged" icon="swap"><p>{words("draw", { t: spoken(Date.parse(acceptance.drawing_until), site.lang) })}</p></Note>
      )}
      <Rule absence={service.absence} />
      <Foot outcome={outcome} people={say("count", { n: form.people.length })} press={slot === null ? say("send") : ofSlots("send")} edit={edit} home={home} />
    </form>
  );
}

function Person({ entry, place, alone }: { entry: Entry; place: number; alone: boolean }) {
  const site = useSite();
  const say = useSay(table);
  const birth = birthOf(entry, site.clock.now());
  return (
    <>
      {!alone && <h3>{say("person", { n: place + 1 })}</h3>}
      <dl class="facts check">
        {entry.how === "card" ? (
          <><dt>{say("card")}</dt><dd class="big">{plain(entry.card)}</dd>
            <dt>{say("birth")}</dt><dd>{birth && birthDate(birth, site.lang)}</dd></>
        ) : (
          <><dt>{say("name")}</dt><dd class="big">{entry.name.trim()}</dd>
            <dt>{say("tel")}</dt><dd>{plain(entry.phone)}</dd></>
        )}
      </dl>
    </>
  );
}

function MailWish({ form }: { form: Form }) {
  const say = useSay(mail);
  const when = useWhen();
  return (
    <section class="panel mail">
      <h2><Icon name="mail" size={22} />{say("title.ticket")}</h2>
      <dl class="facts check">
        <dt>{say("email")}</dt><dd class="address">{emailOf(form.email)?.split(/(?=@)/).map((each) => <span key={each} class="whole">{each}</span>)}</dd>
        <dt>{say("near")}</dt><dd>{when(form.near)}</dd>
      </dl>
    </section>
  );
}

/// What came of the sending; focused when it is not what was hoped for.
function Came({ outcome, facility }: { outcome: Outcome; facility: Facility }) {
  const site = useSite();
  const say = useSay(table);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (outcome.kind === "refused" || outcome.kind === "unsure") box.current?.focus();
  }, [outcome]);
  const late = outcome.kind === "refused" && !outcome.refusal.opens_at && outcome.retryAfter !== null && outcome.retryAfter > 0
    ? clock(site.clock.now() + outcome.retryAfter * 1000 + 59_000) : null;
  return (
    <div ref={box} tabIndex={-1} class="came" role="group">
      {outcome.kind === "unsure" && (
        <Note tone="wrong" icon="linkoff"><h2>{say("unsure")}</h2><p>{say("unsure.do")}</p><Phone phone={facility.phone} /></Note>
      )}
      {outcome.kind === "refused" && (
        <Note tone="wrong" icon="warn">
          <h2>{say("refused")}</h2>
          <p><Why refusal={outcome.refusal} /></p>
          {outcome.refusal.opens_at && <p><Opens at={outcome.refusal.opens_at} /></p>}
          {late && <p>{say("later", { t: late })}</p>}
          <Phone phone={facility.phone} />
        </Note>
      )}
    </div>
  );
}

/// The line above the buttons keeps its height, so that they do not move under a finger that taps twice.
function Foot({ outcome, people, press, edit, home }: { outcome: Outcome; people: string; press: string; edit: () => void; home: string }) {
  const site = useSite();
  const say = useSay(table);
  const words = useSay(common);
  const busy = outcome.kind === "sending";
  return (
    <div class="sticky">
      <p class={busy ? "sum steady busy" : "sum steady"} role="status">{!busy && people}{busy && <><Icon name="hourglass" size={20} />{outcome.again > 0 ? say("again", { n: outcome.again + 1 })
        : say("sending.sub")}</>}</p>
      <div class="buttons">
        {outcome.kind !== "unsure" && outcome.kind !== "sending" && (
          outcome.kind === "refused" && outcome.refusal.reason !== "not_recognised"
            ? <a class="button plain" href={home} onClick={(event) => {
              event.preventDefault();
              site.go(home);
            }}>{words("back")}</a>
            : <button type="button" class="button plain" onClick={edit}>{say("edit")}</button>
        )}
        <button type="submit" class="button main" aria-disabled={busy}>
          {busy ? say("sending") : outcome.kind === "unsure" ? say("unsure.again") : press}
        </button>
      </div>
    </div>
  );
}
