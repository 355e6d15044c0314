// SPDX-License-Identifier: Apache-2.0
// Parts that the pages share: the frame, the state of the service, messages, ages and telephone.
import { Fragment, type ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { trust, type Trust } from "./age";
import { useSay, useSite, useTick } from "./context";
import { clock, dial, ending, ends, isSpaced, moment, wait } from "./format";
import { Icon, type IconName } from "./icons";
import { breakableName, isJapanese, isLang, langNames, langs, langTags, nameOf, read } from "./lang";
import type { Acceptance, Aged, Announcement, FacilityState, Label, Message, Range, Refusal } from "./types";
import { common } from "./words/common";
import { notices } from "./words/notices";

export const useCommon = () => useSay(common);

export const BackWord = () => <>{useCommon()("back")}</>;

export function Name({ label }: { label: Label }) {
  const site = useSite();
  const name = nameOf(label, site.lang);
  if (site.lang === "easy" && label.reading !== "" && label.reading !== label.ja)
    return <ruby>{breakableName(label.ja)}<rp>（</rp><rt>{label.reading}</rt><rp>）</rp></ruby>;
  return <span lang={name.lang === langTags[site.lang] ? undefined : name.lang}>{breakableName(name.text)}</span>;
}

function Languages() {
  const site = useSite();
  const say = useCommon();
  return (
    <label class="languages">
      <Icon name="globe" size={20} />
      <span class="unseen">{say("language")}</span>
      <select value={site.lang} onChange={(event) => {
        const chosen = event.currentTarget.value;
        if (isLang(chosen)) site.choose(chosen);
      }}>
        {langs.map((each) => <option key={each} value={each} lang={langTags[each]}>{langNames[each]}</option>)}
      </select>
    </label>
  );
}

interface FrameProps { name: Label | null; home?: string; title: string; children: ComponentChildren }

/// Head, main part and what is said to screen readers; every page stands in it.
export function Frame({ name, home, title, children }: FrameProps) {
  const site = useSite();
  const say = useCommon();
  useEffect(() => { document.title = title; }, [title]);
  const go = (event: Event) => {
    event.preventDefault();
    if (home) site.go(home);
  };
  const shown = name ? <Name label={name} /> : say("site");
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => {
        event.preventDefault();
        document.getElementById("main")?.focus();
      }}>{say("skip")}</a>
      <header class="head">
        <p class="clinic">{home ? <a href={home} onClick={go}>{shown}</a> : shown}</p>
        <Languages />
      </header>
      <main id="main" tabIndex={-1}>{children}</main>
    </>
  );
}

export function Note({ tone, icon, children }: { tone: string; icon: IconName; children: ComponentChildren }) {
  return <div class={`note ${tone}`}><Icon name={icon} size={28} /><div class="body">{children}</div></div>;
}

/// `bare`: where a word for it stands beside it already.
export function Phone({ phone, look = "link" }: { phone: string; look?: "link" | "bare" | "button" }) {
  const say = useCommon();
  const number = dial(phone);
  if (number === "") return phone === "" ? null : <span>{phone}</span>;
  const shown = <span class="dial">{phone}</span>;
  return (
    <a class={look === "button" ? "button plain" : "tel"} href={`tel:${number}`}>
      <Icon name="tel" size={22} />
      {look === "bare" ? shown : <span>{say("phone")} {shown}</span>}
    </a>
  );
}

const isWord = (key: string): key is keyof typeof common => Object.prototype.hasOwnProperty.call(common, key);

const stateIcons: Readonly<Record<Exclude<FacilityState, "ok">, IconName>> =
  { outside_hours: "moon", maintenance: "wrench", suspended: "stop", not_begun: "stop", ended: "stop" };

/// Why the service as a whole is not there, and until when. Nothing when all is well.
export function StateNote({ state, message, until }: { state: FacilityState; message: string; until: string | null }) {
  const site = useSite();
  const say = useCommon();
  if (state === "ok") return null;
  const title = `state.${state}`; // a page that was opened long ago may be told of one that it does not know
  const why = `why.${state}`;
  const usual = isWord(why) ? common[why][0] : ""; // else the provider's own words
  const own = isJapanese(site.lang) && message !== "" && message !== usual;
  return (
    <section class={`note state ${state}`} aria-labelledby="state-title">
      <Icon name={stateIcons[state] ?? "info"} size={32} />
      <div class="body">
        <h2 id="state-title">{say(isWord(title) ? title : "state.suspended")}</h2>
        {own && <p lang="ja">{message}</p>}
        {until && <p>{state === "not_begun" ? say("state.from", { t: moment(Date.parse(until), site.clock.now(), site.lang) })
          : say("state.until", { t: ending(Date.parse(until), site.clock.now(), site.lang) })}</p>}
        <p>{say("state.do")}</p>
      </div>
    </section>
  );
}

/// What will not be as usual, before it is so.
export function Announcements({ all }: { all: readonly Announcement[] }) {
  const site = useSite();
  const say = useCommon();
  const now = site.clock.now();
  return (
    <>
      {all.map((each, at) => {
        const title = `ahead.${each.reason}`;
        const from = Date.parse(each.from);
        const until = each.until === null ? null : Date.parse(each.until);
        const t = { f: moment(from, now, site.lang), u: until === null ? "" : ending(until, now, site.lang) };
        return (
          <Note key={at} tone="rule ahead" icon={each.reason.startsWith("hours") ? "calendar" : "wrench"}>
            {isWord(title) && <h2>{say(title)}</h2>}
            <p>{until === from ? say("ahead.none") : say(until === null ? "ahead.from" : "ahead.span", t)}</p>
            {each.words !== "" && <p lang="ja">{each.words}</p>}
          </Note>
        );
      })}
    </>
  );
}

/// A reason in the reader's language; the server's own sentence where the reason is not known here.
export function Why({ refusal }: { refusal: Pick<Refusal, "reason" | "message"> }) {
  const site = useSite();
  const say = useCommon();
  const key = `why.${refusal.reason}`;
  if (isWord(key)) return <>{say(key)}</>;
  if (refusal.message !== "") return <span lang={isJapanese(site.lang) ? "ja" : "en"}>{refusal.message}</span>;
  return <>{say("why.other")}</>;
}

/// "つぎは あす 午前6:00から …", when that is known.
export function Opens({ at }: { at: string | null | undefined }) {
  const site = useSite();
  const say = useCommon();
  return at ? <>{say("opens", { t: moment(Date.parse(at), site.clock.now(), site.lang) })}</> : null;
}

export function Closed({ acceptance }: { acceptance: Acceptance }) {
  return (
    <>
      <p class="why"><Why refusal={acceptance} /></p>
      {acceptance.opens_at && <p class="opens"><Opens at={acceptance.opens_at} /></p>}
    </>
  );
}

export function Messages({ messages }: { messages: Message[] }) {
  const site = useSite();
  const say = useCommon();
  if (messages.length === 0) return null;
  const words = read(notices, site.lang);
  const known = (m: Message) => {
    const key = m.minutes > 0 ? `${m.pattern}.n` : m.pattern;
    return Object.prototype.hasOwnProperty.call(notices, key) ? words(key as keyof typeof notices, { n: m.minutes }) : null;
  };
  return (
    <section class="note says" aria-labelledby="says-title">
      <Icon name="notice" size={28} />
      <div class="body">
        <h2 id="says-title">{say("clinic.says")}</h2>
        {messages.map((m) => {
          const own = known(m);
          return own !== null ? <p key={m.id} class="lines">{own}</p> : (
            <p key={m.id} class="lines"><span lang="ja">{m.text}</span>
              {!isJapanese(site.lang) && <small> {say("in.japanese")}</small>}</p>
          );
        })}
      </div>
    </section>
  );
}

export function useTrust(aged: Aged): Trust {
  const { clock: server } = useSite();
  useTick(5_000);
  return trust(aged, server.now(), server.silence());
}

/// A wait that breaks between its ends only, and is set smaller when it is long.
export function Wait({ range, about = false }: { range: Range; about?: boolean }) {
  const { lang } = useSite();
  const say = useCommon();
  const text = wait(range, lang);
  const [before = "", after = ""] = about ? say("about", { range: "|" }).split("|") : [];
  return <b class={text.length > 9 ? "wait long" : "wait"}>{before}{ends(text).map((each, at) => <Fragment key={at}>{at > 0 && isSpaced(text) && " "}<span>{each}</span></Fragment>)}{after}</b>;
}

/// "9:15 現在": the time of what is shown.
export function AsOf({ aged }: { aged: Aged }) {
  const say = useCommon();
  return aged.as_of === null ? null : (
    <span class="asof"><Icon name="clock" size={18} />{say("age.fresh", { t: clock(Date.parse(aged.as_of)) })}</span>
  );
}

/// Says when what is shown cannot be trusted, and what to do then. Nothing while it can.
export function AgeNote({ aged }: { aged: Aged }) {
  const say = useCommon();
  const how = useTrust(aged);
  return (
    <div role="status" class="told">
      {how !== "fresh" && (
        <Note tone="aged" icon={how === "cut" ? "linkoff" : "clockoff"}>
          <p><b>{say(`age.${how}`)}</b></p>
          {aged.as_of !== null && how !== "never" && <p>{say("age.then", { t: clock(Date.parse(aged.as_of)) })}</p>}
        </Note>
      )}
    </div>
  );
}

/// A link that leads nowhere, or a page that cannot be loaded yet.
export function Lost({ title, what, children }: { title: string; what: string; children?: ComponentChildren }) {
  return (
    <Frame name={null} title={title}>
      <section class="lost">
        <svg class="stones" viewBox="0 0 200 70" aria-hidden="true" focusable="false">
          <ellipse cx="38" cy="44" rx="30" ry="19" /><ellipse cx="104" cy="34" rx="25" ry="15" />
          <ellipse class="gap" cx="164" cy="24" rx="22" ry="13" />
        </svg>
        <h1>{title}</h1>
        <p>{what}</p>
        {children}
      </section>
    </Frame>
  );
}
