// SPDX-License-Identifier: Apache-2.0
// The clinic's hours as clinics print them: sessions down, weekdays across, Monday first.
import { Fragment } from "preact";
import { useSay, useSite } from "./context";
import { date, weekday, weekdayName } from "./format";
import type { Lang } from "./lang";
import { Name } from "./parts";
import type { Service } from "./types";
import { common } from "./words/common";
import { facility } from "./words/facility";

const week = [1, 2, 3, 4, 5, 6, 0];

/// "月・火・金" or "毎日".
export function days(weekdays: readonly number[], each: (day: number) => string, all: string, dot: string): string {
  return weekdays.length === 0 || week.every((day) => weekdays.includes(day)) ? all
    : week.filter((day) => weekdays.includes(day)).map(each).join(dot);
}

/// Services that keep the same hours stand together.
export function alike<T>(services: readonly Service[], of: (service: Service) => T[]): Service[][] {
  const groups = new Map<string, Service[]>();
  for (const each of services.filter((one) => of(one).length > 0)) {
    const key = JSON.stringify(of(each));
    groups.set(key, [...groups.get(key) ?? [], each]);
  }
  return [...groups.values()];
}

const dot = (lang: Lang): string => (lang === "ja" || lang === "easy" ? "・" : lang === "zh" ? "、" : ", ");

export function Names({ services }: { services: readonly Service[] }) {
  const site = useSite();
  return <>{services.map((each, at) => <Fragment key={each.id}>{at > 0 && dot(site.lang)}<Name label={each.name} /></Fragment>)}</>;
}

export function Hours({ services }: { services: readonly Service[] }) {
  const words = useSay(facility);
  const groups = alike(services, (each) => each.hours);
  if (groups.length === 0) return <p>{words("hours.none")}</p>;
  return <>{groups.map((group) => <HoursTable key={group[0]!.id} group={group} caption={services.length > 1} />)}</>;
}

function HoursTable({ group, caption }: { group: readonly Service[]; caption: boolean }) {
  const site = useSite();
  const words = useSay(facility);
  const say = useSay(common);
  // With large letters the table is wider than a phone: it then scrolls by itself, also by keyboard.
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={words("hours")}><table class="hours">
      <caption class={caption ? "" : "unseen"}><Names services={group} /></caption>
      <thead>
        <tr><th scope="col">{words("hours.time")}</th>
          {week.map((day) => <th key={day} scope="col">
            <span aria-hidden="true">{weekday(day, site.lang)}</span><span class="unseen">{weekdayName(day, site.lang)}</span></th>)}
        </tr>
      </thead>
      <tbody>
        {group[0]!.hours.map((row) => {
          const key = `session.${row.session}`;
          return (
            <tr key={`${row.session}${row.opens}`}>
              <th scope="row">{key in common && <small>{say(key as keyof typeof common)}</small>}<span class="time">{row.opens}–{row.closes}</span></th>
              {week.map((day) => {
                const yes = row.weekdays.length === 0 || row.weekdays.includes(day);
                return <td key={day}><span aria-hidden="true">{yes ? "●" : "／"}</span>
                  <span class="unseen">{words(yes ? "hours.yes" : "hours.no")}</span></td>;
              })}
            </tr>
          );
        })}
      </tbody>
    </table></div>
  );
}

/// When bookings from outside are taken.
export function Windows({ services }: { services: readonly Service[] }) {
  const site = useSite();
  const words = useSay(facility);
  const groups = alike(services, (each) => each.windows);
  if (groups.length === 0) return null;
  return (
    <>
      <h3>{words("hours.windows")}</h3>
      <dl class="facts">
        {groups.map((group) => (
          <Fragment key={group[0]!.id}>
            <dt><Names services={group} /></dt>
            <dd>{group[0]!.windows.map((w) => (
              <p key={`${w.opens}${w.weekdays.join()}`}>{days(w.weekdays, (day) => weekday(day, site.lang), words("everyday"), dot(site.lang))}{" "}
                <span class="time">{w.opens}–{w.closes}</span></p>
            ))}</dd>
          </Fragment>
        ))}
      </dl>
    </>
  );
}

/// Dates that are not as their weekday is.
export function Exceptions({ services }: { services: readonly Service[] }) {
  const site = useSite();
  const words = useSay(facility);
  const groups = alike(services, (each) => each.exceptions);
  if (groups.length === 0) return null;
  return (
    <>
      <h3>{words("hours.exceptions")}</h3>
      <dl class="facts">
        {groups.map((group) => (
          <Fragment key={group[0]!.id}>
            <dt><Names services={group} /></dt>
            <dd>{group[0]!.exceptions.map((each) => (
              <p key={each.date}>{date(Date.parse(`${each.date}T12:00:00+09:00`), site.lang)}{" "}
                {each.windows.length === 0 ? words("hours.off")
                  : each.windows.map((w, at) => <Fragment key={w.opens}>{at > 0 && dot(site.lang)}<span class="time">{w.opens}–{w.closes}</span></Fragment>)}</p>
            ))}</dd>
          </Fragment>
        ))}
      </dl>
    </>
  );
}
