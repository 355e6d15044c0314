// SPDX-License-Identifier: Apache-2.0
// What happens to whoever does not answer a call: shown before booking, and on the number's page.
import { useSay } from "./context";
import { Names } from "./hours";
import { Note } from "./parts";
import type { AbsenceRule, Service } from "./types";
import { facility } from "./words/facility";

export function Rule({ absence, services = [] }: { absence: AbsenceRule; services?: readonly Service[] }) {
  const words = useSay(facility);
  return (
    <Note tone="rule" icon="info">
      {services.length > 0 && <p><Names services={services} /></p>}
      <p><b>{words("rule")}</b></p>
      <p>{absence.back > 0 ? words("rule.back", { back: absence.back, times: absence.times }) : words("rule.end")}</p>
    </Note>
  );
}
