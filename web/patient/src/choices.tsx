// SPDX-License-Identifier: Apache-2.0
// What is chosen before the people: the service, how to book it (順番予約 or 時間帯予約), what for.
import { useSay } from "./context";
import { kindChoices, wayOf, type Form, type Way } from "./form";
import { Icon } from "./icons";
import { Closed, Name } from "./parts";
import type { Acceptance, Facility, Service, Status } from "./types";
import { booking as table } from "./words/booking";
import { slots } from "./words/slots";

export const acceptanceOf = (service: Service, status: Status | null): Acceptance =>
  status?.services.find((each) => each.id === service.id)?.booking ?? service.booking;

export interface Ways { queue: boolean; slots: boolean }
/// Which ways there are now: slots are not held to the queue's windows, its cap or its pause.
export function waysOf(facility: Facility, service: Service, status: Status | null): Ways {
  const ok = (status?.state ?? facility.state) === "ok";
  return { queue: ok && acceptanceOf(service, status).open, slots: ok && service.slots === true };
}

interface Props { facility: Facility; status: Status | null; form: Form; service: Service; change: (form: Form) => void }

export function Choices({ facility, status, form, service, change }: Props) {
  const say = useSay(table);
  const open = (each: Service) => {
    const ways = waysOf(facility, each, status);
    return ways.queue || ways.slots;
  };
  const services = facility.services.filter((each) => each.id === form.service || open(each));
  const kinds = kindChoices(service.kinds);
  const known = (kind: string) => { const key = `kind.${kind}`; return key in table ? say(key as keyof typeof table) : kind; };
  const turnTo = (each: Service) => {
    const ways = waysOf(facility, each, status);
    change({ ...form, service: each.id, kind: kindChoices(each.kinds)[0] ?? "", slot: null, way: wayOf(form, ways.queue, ways.slots) ?? "slot" });
  };
  return (
    <>
      {services.length > 1 && (
        <fieldset class="panel choice"><legend>{say("service")}</legend>
          {services.map((each) => (
            <label key={each.id} class="option">
              <input type="radio" name="service" checked={each.id === form.service} onChange={() => turnTo(each)} />
              <span><Icon name="check" size={20} /><Name label={each.name} /></span>
            </label>
          ))}
        </fieldset>
      )}
      {service.slots === true && <WayChoice form={form} ways={waysOf(facility, service, status)} acceptance={acceptanceOf(service, status)}
        change={(way) => change({ ...form, way })} />}
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

export const wayId = "way-slot";

/// Both ways, also while one of them is closed: then with its reason.
function WayChoice({ form, ways, acceptance, change }: { form: Form; ways: Ways; acceptance: Acceptance; change: (way: Way) => void }) {
  const say = useSay(slots);
  const chosen = wayOf(form, ways.queue, ways.slots);
  return (
    <fieldset class="panel choice"><legend>{say("way")}</legend>
      {(["queue", "slot"] as const).map((way) => {
        const closed = way === "queue" && !ways.queue;
        return (
          <label key={way} class="option two">
            <input type="radio" name="way" id={`way-${way}`} checked={chosen === way} disabled={closed}
              aria-describedby={closed ? "way-closed" : undefined} onChange={() => change(way)} />
            <span><Icon name="check" size={20} /><span><b>{say(`way.${way}`)}</b><small>{say(`way.${way}.what`)}</small></span></span>
          </label>
        );
      })}
      {!ways.queue && <div class="closed" id="way-closed"><Closed acceptance={acceptance} /></div>}
    </fieldset>
  );
}
