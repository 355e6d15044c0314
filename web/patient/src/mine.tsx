// SPDX-License-Identifier: Apache-2.0
// The number of a paper slip, at the top of the clinic's page that the slip's code leads to. It is everybody's to read, as on
// the board; nothing can be done with it here.
import type { ComponentChildren } from "preact";
import { liveUrl, numberUrl } from "./api";
import { useSay, useSite, useWatch } from "./context";
import { date, isoDay, japanDay } from "./format";
import { Icon } from "./icons";
import { roomOf } from "./lang";
import { AsOf, Name, useCommon, useTrust } from "./parts";
import type { Stands } from "./say";
import { shownOf, type Slip } from "./slip";
import { Figures, icons, Speaker } from "./ticket";
import type { Facility, Service, SlipNumber } from "./types";
import { ticket as table } from "./words/ticket";

interface Props { facility: Facility; slip: Slip }

export function Mine({ facility, slip }: Props) {
  const site = useSite();
  const say = useSay(table);
  const common = useCommon();
  const service = facility.services.find((each) => each.id === slip.service);
  const number = shownOf(slip, service);
  if (slip.date !== isoDay(japanDay(site.clock.now())))
    return <Held number={number} service={service}><p>{say("date", { date: date(Date.parse(slip.date), site.lang) })}</p><p>{common("why.not_today")}</p></Held>;
  return <Today facility={facility} slip={slip} service={service} number={number} />;
}

interface HeldProps { number: string; service: Service | undefined; state?: string; aged?: ComponentChildren; children: ComponentChildren }

function Held({ number, service, state = "", aged, children }: HeldProps) {
  const say = useSay(table);
  return (
    <section class={`card held ${state}`} aria-labelledby="mine-title">
      <div class="face">
        <div class="row top"><h2 id="mine-title">{say("mine")}</h2>{service && <Name label={service.name} />}{aged}</div>
        <p class={`number ${number.length <= 5 ? "more" : "long"}`}>{number}</p>
        {children}
      </div>
    </section>
  );
}

const asTicket: Readonly<Record<SlipNumber["state"], Stands["state"]>> = { unknown: "waiting", over: "done", booked: "booked", waiting: "waiting",
  called: "called", in_room: "in_room", absent: "absent", hold: "hold" };

function Today({ facility, slip, service, number }: Props & { service: Service | undefined; number: string }) {
  const common = useCommon();
  const live = `${liveUrl("facility", facility.id, location.origin)}&number=${encodeURIComponent(slip.name)}`;
  const { data, refused, tried } = useWatch<SlipNumber>(numberUrl(facility.id, slip.name), live, "number");
  const trusted = useTrust(data ?? facility);
  if (data === null && refused === null && !tried) return <Held number={number} service={service}><p>{common("loading")}</p></Held>;
  const state = data?.state ?? "unknown";
  const stands = { state: asTicket[state], ahead: data?.ahead ?? null, wait: data?.wait ?? null, room: data?.room ?? null, arrival: "none" as const };
  return (
    <div class="mine">
      <Speaker ticket={stands} />
      <Held number={data?.number ?? number} service={service} state={`${stands.state} ${data !== null && trusted !== "fresh" ? "hatched" : ""}`}
        aged={data !== null && <AsOf aged={data} />}>
        {state !== "unknown" && <Figures ticket={stands} now={trusted === "fresh"} />}
      </Held>
      <Standing state={state} stands={stands} />
    </div>
  );
}

function Standing({ state, stands }: { state: SlipNumber["state"]; stands: Stands }) {
  const site = useSite();
  const say = useSay(table);
  const room = stands.room === null ? null : roomOf(stands.room.name, site.lang);
  const known = state === "unknown" || state === "over" ? null : state;
  return (
    <section class={`standing ${known === null ? "" : known}`}>
      <Icon name={known === null ? "info" : icons[known]} size={known === "called" ? 44 : 32} />
      <div class="body">
        {known !== null && known !== "booked" && <h2>{known === "waiting" && stands.ahead === 0 ? say("ahead.next") : say(`state.${known}`)}</h2>}
        <p>{known === null || known === "booked" ? say(`mine.${state}` as keyof typeof table)
          : known === "called" && room !== null ? say("do.called.room", { room }) : say(`do.${known}`)}</p>
      </div>
    </section>
  );
}
