// SPDX-License-Identifier: Apache-2.0
// The fields of one person: card and birth date of somebody the clinic knows, name and phone of a first visit.
import { useSay, useSite } from "./context";
import type { Entry, Field, Mistake } from "./form";
import { Icon } from "./icons";
import { booking } from "./words/booking";

/// Id of a field, for labels, errors and the list of mistakes.
export const fieldId = (entry: Entry, field: Field): string => `${field}-${entry.id}${field === "birth" ? "-year" : ""}`;

interface Props {
  entry: Entry;
  place: number;
  alone: boolean;
  ways: readonly ("card" | "first")[];
  mistakes: Mistake[];
  change: (entry: Entry) => void;
  remove: () => void;
}
type Change = (part: Partial<Entry>) => void;

export function PersonFields({ entry, place, alone, ways, mistakes, change, remove }: Props) {
  const say = useSay(booking);
  const set: Change = (part) => change({ ...entry, ...part });
  const wrong = (field: Field) => mistakes.find((each) => each.place === place && each.field === field)?.why;
  return (
    <fieldset class="panel person" id={`person-${entry.id}`} tabIndex={-1}>
      <legend><Icon name="person" size={22} />{say("person", { n: place + 1 })}</legend>
      {!alone && (
        <button type="button" class="button small remove" onClick={remove}>
          <Icon name="cross" size={18} /><span aria-hidden="true">{say("remove")}</span>
          <span class="unseen">{say("remove.which", { n: place + 1 })}</span>
        </button>
      )}
      {ways.length > 1 && <How entry={entry} set={set} />}
      {entry.how === "card" ? <Known entry={entry} set={set} wrong={wrong} /> : <First entry={entry} set={set} wrong={wrong} />}
    </fieldset>
  );
}

function How({ entry, set }: { entry: Entry; set: Change }) {
  const say = useSay(booking);
  return (
    <div class="choice" role="radiogroup" aria-labelledby={`how-${entry.id}`}>
      <p class="question" id={`how-${entry.id}`}>{say("how")}</p>
      {(["card", "first"] as const).map((how) => (
        <label key={how} class="option">
          <input type="radio" name={`how-${entry.id}`} checked={entry.how === how} onChange={() => set({ how })} />
          <span><Icon name="check" size={20} />{say(`how.${how}`)}</span>
        </label>
      ))}
    </div>
  );
}

interface FieldsProps { entry: Entry; set: Change; wrong: (field: Field) => string | undefined }

function Trouble({ id, why }: { id: string; why: string | undefined }) {
  const say = useSay(booking);
  return why === undefined ? null
    : <p class="trouble" id={id}><Icon name="warn" size={20} />{say(why as keyof typeof booking)}</p>;
}

interface TextProps {
  id: string; label: string; hint: string; value: string; why: string | undefined; change: (text: string) => void;
  mode?: "text" | "tel" | "numeric"; complete?: string; long?: boolean;
}
function TextField({ id, label, hint, value, why, change, mode = "text", complete = "off", long = false }: TextProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <p class="hint" id={`${id}-hint`}>{hint}</p>
      <Trouble id={`${id}-why`} why={why} />
      <input id={id} class={long ? "long" : ""} value={value} autocomplete={complete} inputMode={mode} autoCapitalize="off" spellcheck={false}
        aria-invalid={why !== undefined} aria-describedby={`${id}-hint${why ? ` ${id}-why` : ""}`} required
        onInput={(event) => change(event.currentTarget.value)} />
    </div>
  );
}

function Known({ entry, set, wrong }: FieldsProps) {
  const say = useSay(booking);
  const { lang } = useSite();
  const cjk = lang === "ja" || lang === "zh" || lang === "ko"; // the unit stands behind the figure
  const birth = `birth-${entry.id}`;
  const why = wrong("birth");
  return (
    <>
      <TextField id={fieldId(entry, "card")} label={say("card")} hint={say("card.hint")} value={entry.card} why={wrong("card")}
        change={(card) => set({ card })} />
      <fieldset class="field birth" aria-describedby={`${birth}-hint${why ? ` ${birth}-why` : ""}`}>
        <legend>{say("birth")}</legend>
        <p class="hint" id={`${birth}-hint`}>{say("birth.hint")}</p>
        <Trouble id={`${birth}-why`} why={why} />
        <div class={cjk ? "dates" : "dates above"}>
          {(["year", "month", "day"] as const).map((part) => (
            <label key={part} class={part}>
              <input id={`${birth}-${part}`} inputMode="numeric" autocomplete="off" value={entry[part]} aria-invalid={why !== undefined} required
                onInput={(event) => set({ [part]: event.currentTarget.value })} />
              <span>{say(part)}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}

function First({ entry, set, wrong }: FieldsProps) {
  const say = useSay(booking);
  return (
    <>
      <TextField id={fieldId(entry, "name")} label={say("name")} hint={say("name.hint")} value={entry.name} why={wrong("name")} long
        change={(name) => set({ name })} />
      <TextField id={fieldId(entry, "phone")} label={say("tel")} hint={say("tel.hint")} value={entry.phone} why={wrong("phone")} mode="tel" long
        change={(phone) => set({ phone })} />
    </>
  );
}
