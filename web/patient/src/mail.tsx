// SPDX-License-Identifier: Apache-2.0
// The notice by e-mail: its fields, and its place on a number's page. The address is sent and forgotten; the server never
// tells it back, so that to change it is to enter it anew.
import { useEffect, useRef, useState } from "preact/hooks";
import { request, ticketUrl, type Ask } from "./api";
import { useSay, useSite } from "./context";
import { emailOf, mostNear, usualNear } from "./form";
import { Icon } from "./icons";
import { Note, Why } from "./parts";
import type { Refusal, Ticket } from "./types";
import { mail as table } from "./words/mail";

export const emailId = "notice-email";

/// "あと 3人に なったら"
export function useWhen(): (near: number) => string {
  const say = useSay(table);
  return (near) => (near === 1 ? say("near.one") : say("near.n", { n: near }));
}

interface FieldsProps {
  email: string; near: number; wrong: boolean; hint: boolean; change: (email: string, near: number) => void;
}

export function MailFields({ email, near, wrong, hint, change }: FieldsProps) {
  const say = useSay(table);
  const when = useWhen();
  const described = [hint ? `${emailId}-hint` : "", wrong ? `${emailId}-why` : ""].filter((each) => each !== "").join(" ");
  return (
    <>
      <div class="field">
        <label for={emailId}>{say("email")}</label>
        {hint && <p class="hint" id={`${emailId}-hint`}>{say("email.hint")}</p>}
        {wrong && <p class="trouble" id={`${emailId}-why`}><Icon name="warn" size={20} />{say("email.wrong")}</p>}
        <input id={emailId} class="long" type="text" inputMode="email" autocomplete="email" autoCapitalize="off" spellcheck={false} value={email}
          aria-invalid={wrong} aria-describedby={described === "" ? undefined : described} onInput={(event) => change(event.currentTarget.value, near)} />
      </div>
      <div class="field">
        <label for="notice-near">{say("near")}</label>
        <select id="notice-near" value={near} onChange={(event) => change(email, Number(event.currentTarget.value))}>
          {Array.from({ length: mostNear }, (_, at) => <option key={at} value={at + 1}>{when(at + 1)}</option>)}
        </select>
      </div>
    </>
  );
}

/// What becomes of the notice, and how to set, change or stop it. Nothing where none can be asked for.
export function MailPanel({ ticket, put }: { ticket: Ticket; put: (ticket: Ticket) => void }) {
  const say = useSay(table);
  const [open, show] = useState(false);
  const { busy, failed, act, clear } = useChange(ticket, put, () => show(false));
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(open);
  useEffect(() => {
    if (before.current !== open) (open ? document.getElementById(emailId) : heading.current)?.focus();
    before.current = open;
  }, [open]);
  const notice = ticket.notice;
  if (notice === null && !ticket.may.notice) return null;
  return (
    <section class="panel mail" aria-labelledby="mail-title">
      <h2 id="mail-title" tabIndex={-1} ref={heading}><Icon name="mail" size={22} />{say("title.ticket")}</h2>
      <div role="status" class="told">
        {notice?.state === "waiting" && <p class="told"><Icon name="clock" size={22} /><span>{say("waiting", { n: notice.near })}</span></p>}
        {notice?.state === "sent" && <p class="told good"><Icon name="check" size={22} /><span>{say("sent")}</span></p>}
        {notice?.state === "failed" && <p class="told bad"><Icon name="warn" size={22} /><span>{say("failed")}</span></p>}
        {busy && <p class="unseen">{say("busy")}</p>}
      </div>
      <div role="alert" class="told">{failed !== null && <Note tone="wrong" icon="warn"><p><b>{say("not.done")}</b></p><p><Why refusal={failed} /></p></Note>}</div>
      {ticket.may.notice && open && <MailForm near={notice?.near ?? usualNear} busy={busy} close={() => { clear(); show(false); }}
        set={(body) => void act({ method: "PUT", body })} />}
      {ticket.may.notice && !open && (
        <div class="ways">
          <button class="button plain" aria-disabled={busy} onClick={() => { clear(); show(true); }}>{say(notice?.state === "waiting" ? "change" : "open")}</button>
          {notice?.state === "waiting" && <button class="button plain" aria-disabled={busy} onClick={() => void act({ method: "DELETE" })}>
            <Icon name="cross" size={22} />{say("stop")}</button>}
        </div>
      )}
    </section>
  );
}

/// One change at a time; `done` when the server has taken it.
function useChange(ticket: Ticket, put: (ticket: Ticket) => void, done: () => void) {
  const site = useSite();
  const [busy, work] = useState(false);
  const [failed, fail] = useState<Refusal | null>(null);
  const running = useRef(false);
  const act = async (ask: Pick<Ask, "method" | "body">) => {
    if (running.current) return;
    running.current = true;
    work(true);
    fail(null);
    const answer = await request<Ticket>(`${ticketUrl(ticket.token)}/notice`, { ...ask, lang: site.lang, timeout: 15_000 });
    running.current = false;
    work(false);
    if (answer.kind === "ok") {
      put(answer.data);
      done();
    } else fail(answer.kind === "refused" ? answer.refusal : { code: "internal", reason: "unreachable", message: "" });
  };
  return { busy, failed, act, clear: () => fail(null) };
}

function MailForm({ near: first, busy, close, set }: { near: number; busy: boolean; close: () => void; set: (body: string) => void }) {
  const site = useSite();
  const say = useSay(table);
  const [email, write] = useState("");
  const [near, choose] = useState(first);
  const [wrong, mark] = useState(false);
  return (
    <form noValidate onSubmit={(event) => {
      event.preventDefault();
      const address = emailOf(email);
      mark(address === null);
      if (address === null) document.getElementById(emailId)?.focus();
      else set(JSON.stringify({ email: address, near, lang: site.lang }));
    }}>
      <p>{say("what")}</p>
      <MailFields email={email} near={near} wrong={wrong} hint={false} change={(text, n) => { write(text); choose(n); }} />
      <div class="buttons">
        <button type="button" class="button plain" onClick={close}>{say("close")}</button>
        <button type="submit" class="button main" aria-disabled={busy}>{say(busy ? "busy" : "set")}</button>
      </div>
    </form>
  );
}
