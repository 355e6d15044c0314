// SPDX-License-Identifier: Apache-2.0
// The clinic's hours as clinics print them: sessions down, weekdays across, Monday first.
import { Fragment } from "preact";
import { useSay, useSite } from "./context";
import { weekday, weekdayName } from "./format";
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

export function HoursTable({ service, many }: { service: Service; many: boolean }) {
  const site = useSite();
  const words = useSay(facility);
  const say = useSay(common);
  if (service.hours.length === 0) return many ? null : <p>{words("hours.none")}</p>;
  return (
    <table class="hours">
      <caption class={many ? "" : "unseen"}><Name label={service.name} /></caption>
      <thead>
        <tr><th scope="col">{words("hours.time")}</th>
          {week.map((day) => <th key={day} scope="col" class={day === 0 || day === 6 ? "rest" : ""}>
            <span aria-hidden="true">{weekday(day, site.lang)}</span><span class="unseen">{weekdayName(day, site.lang)}</span></th>)}
        </tr>
      </thead>
      <tbody>
        {service.hours.map((row) => {
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
    </table>
  );
}

/// When bookings from outside are taken, service by service.
export function Windows({ services }: { services: Service[] }) {
  const site = useSite();
  const words = useSay(facility);
  const some = services.filter((each) => each.windows.length > 0);
  if (some.length === 0) return null;
  const dot = site.lang === "ja" || site.lang === "easy" ? "・" : site.lang === "zh" ? "、" : ", ";
  return (
    <>
      <h3>{words("hours.windows")}</h3>
      <dl class="facts">
        {some.map((service) => (
          <Fragment key={service.id}>
            <dt><Name label={service.name} /></dt>
            <dd>{service.windows.map((w) => (
              <p key={`${w.opens}${w.weekdays.join()}`}>{days(w.weekdays, (day) => weekday(day, site.lang), words("everyday"), dot)}{" "}
                <span class="time">{w.opens}–{w.closes}</span></p>
            ))}</dd>
          </Fragment>
        ))}
      </dl>
    </>
  );
}
