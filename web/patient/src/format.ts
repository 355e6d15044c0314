// SPDX-License-Identifier: Apache-2.0
// Moments, dates and ranges as people read them. Always Japan's time, whatever the phone's zone is.
import { counted, easyDay } from "./easy";
import type { Lang } from "./lang";
import type { Range } from "./types";

const hour = 3_600_000;
const day = 24 * hour;
const locales: Readonly<Record<Lang, string>> = {
  ja: "ja-JP", easy: "ja-JP", en: "en-GB", zh: "zh-CN", ko: "ko-KR", vi: "vi-VN", pt: "pt-BR",
};

/// Whole days since 1970 in Japan.
export const japanDay = (ms: number): number => Math.floor((ms + 9 * hour) / day);

/// "2026-11-26" of such a day.
export const isoDay = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/// "9:05", in 24 hours: for clocks and tables.
export function clock(ms: number): string {
  const minutes = Math.floor((((ms + 9 * hour) % day) + day) % day / 60_000);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

const noons: Readonly<Record<Lang, string>> = {
  ja: "正午", easy: "ひる 12:00", en: "noon", zh: "中午12:00", ko: "낮 12:00", vi: "12:00", pt: "12:00",
};
/// At the end of a day.
const midnights: Readonly<Record<Lang, string>> = {
  ja: "24:00", easy: "よる 12:00", en: "midnight", zh: "24:00", ko: "밤 12:00", vi: "24:00", pt: "meia-noite",
};

/// "午後2:30": for sentences. What is said of 12:00 and 0:00 is not the same twelve in any two languages.
export function spoken(ms: number, lang: Lang): string {
  if (clock(ms) === "12:00") return noons[lang];
  const [h = 0, rest = "00"] = clock(ms).split(":").map((part, at) => (at === 0 ? Number(part) : part)) as [number, string];
  const noon = h >= 12;
  switch (lang) {
    case "ja": return `${noon ? "午後" : "午前"}${h % 12}:${rest}`;
    case "easy": return `${noon ? "ごご" : "ごぜん"} ${h % 12}:${rest}`;
    case "en": return `${h % 12 === 0 ? 12 : h % 12}:${rest} ${noon ? "pm" : "am"}`;
    case "zh": return h === 12 ? `中午12:${rest}` : `${h === 0 ? "凌晨" : noon ? "下午" : "上午"}${h % 12}:${rest}`;
    case "ko": return `${noon ? "오후" : "오전"} ${h === 12 ? 12 : h % 12}:${rest}`;
    default: return `${h}:${rest}`;
  }
}

/// "11月26日(木)".
export function date(ms: number, lang: Lang): string {
  if (lang === "easy") {
    const at = new Date(ms + 9 * hour);
    return `${at.getUTCMonth() + 1}がつ ${easyDay(at.getUTCDate())}`;
  }
  return new Intl.DateTimeFormat(locales[lang],
    { month: lang === "ja" ? "long" : "short", day: "numeric", weekday: "short", timeZone: "Asia/Tokyo" }).format(ms);
}

/// Day and month alone, for a button: "11/26", "26 Nov", "26/11".
export function shortDate(ms: number, lang: Lang): string {
  const at = new Date(ms + 9 * hour);
  const [month, of] = [at.getUTCMonth() + 1, at.getUTCDate()];
  if (lang === "en") return `${of} ${new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" }).format(at)}`;
  return lang === "vi" || lang === "pt" ? `${of}/${month}` : `${month}/${of}`;
}

const tomorrow: Readonly<Record<Lang, string>> = {
  ja: "あす ", easy: "あした ", en: "tomorrow, ", zh: "明天", ko: "내일 ", vi: "ngày mai, ", pt: "amanhã, ",
};

/// The day, to stand before a time: nothing for today.
function dayBefore(ms: number, now: number, lang: Lang): string {
  const ahead = japanDay(ms) - japanDay(now);
  return ahead === 0 ? "" : ahead === 1 ? tomorrow[lang] : `${date(ms, lang)} `;
}

/// "午後2:30", "あす 午前6:00" or "11月28日(土) 午前6:00", seen from `now`; a day to come from its beginning is the day alone.
export function moment(ms: number, now: number, lang: Lang): string {
  const day = dayBefore(ms, now, lang);
  return clock(ms) === "0:00" && ms > now ? day.replace(/,? $/, "") : day + spoken(ms, lang);
}

/// As `moment`, for an end: midnight is the end of a day, not the beginning of the next.
export const ending = (ms: number, now: number, lang: Lang): string =>
  (clock(ms) === "0:00" ? dayBefore(ms - 1, now, lang) + midnights[lang] : moment(ms, now, lang));

/// "1980年1月1日" of the text 1980-01-01.
export function birthDate(iso: string, lang: Lang): string {
  const [y, m, d] = iso.split("-").map(Number) as [number, number, number];
  if (lang === "easy") return `${y}ねん ${m}がつ ${easyDay(d)}`;
  return new Intl.DateTimeFormat(locales[lang], { dateStyle: "long", timeZone: "UTC" }).format(Date.UTC(y, m - 1, d));
}

/// Short names of the weekdays, 0 = Sunday.
export function weekday(index: number, lang: Lang): string {
  if (lang === "ja") return "日月火水木金土"[index] ?? "";
  if (lang === "easy") return ["にち", "げつ", "か", "すい", "もく", "きん", "ど"][index] ?? "";
  const style = lang === "en" || lang === "zh" ? "short" : "narrow";
  const name = new Intl.DateTimeFormat(locales[lang], { weekday: lang === "zh" ? "narrow" : style, timeZone: "UTC" })
    .format(Date.UTC(2026, 10, 22 + index));
  return lang === "en" ? name.slice(0, 2) : lang === "vi" ? ["CN", "T2", "T3", "T4", "T5", "T6", "T7"][index] ?? name
    : lang === "pt" ? ["dom", "seg", "ter", "qua", "qui", "sex", "sáb"][index] ?? name : name;
}
/// The whole name, for screen readers.
export const weekdayName = (index: number, lang: Lang): string =>
  new Intl.DateTimeFormat(locales[lang], { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2026, 10, 22 + index));

const hours: Readonly<Record<Lang, [string, string]>> = {
  ja: ["時間", "分"], easy: ["じかん", "ふん"], en: [" h ", " min"], zh: ["小时", "分钟"], ko: ["시간 ", "분"],
  vi: [" giờ ", " phút"], pt: [" h ", " min"],
};
function minutes(n: number, lang: Lang): string {
  const [h, m] = hours[lang];
  const rest = n % 60 === 0 ? "" : n % 60 + m;
  const text = n < 60 ? `${n}${m}` : `${Math.floor(n / 60)}${h}${rest}`.trim().replace(/ /g, "\u00a0"); // one amount, one line
  return lang === "easy" ? counted(text) : text;
}

/// "20〜35分", "1時間5分〜1時間30分". Ends that agree are one number.
export function wait(range: Range, lang: Lang): string {
  const dash = { ja: "〜", easy: "〜", en: "–", zh: "～", ko: "~", vi: "–", pt: "–" }[lang];
  if (range.low === range.high) return minutes(range.low, lang);
  if (range.high < 60) return `${range.low}${dash}${minutes(range.high, lang)}`;
  const wide = lang === "en" || lang === "vi" || lang === "pt" ? ` ${dash} ` : dash;
  return `${minutes(range.low, lang)}${wide}${minutes(range.high, lang)}`;
}

const dashes: Readonly<Record<Lang, string>> = { ja: "〜", easy: "〜", en: " – ", zh: "～", ko: " ~ ", vi: " – ", pt: " – " };
/// From when to when of a slot, for sentences: "午前10:30〜午前11:00".
export const span = (from: number, to: number, lang: Lang): string => `${spoken(from, lang)}${dashes[lang]}${spoken(to, lang)}`;

/// Whether there is a space behind the dash of a wait: "1 h – 2 h".
export const isSpaced = (text: string): boolean => / [–～~] /.test(text);
/// The two ends of a wait, each to stay on one line: "45分〜" and "1時間15分".
export function ends(text: string): string[] {
  const found = /^(.+?[〜–～~])\s?(.+)$/.exec(text);
  return found ? [found[1]!, found[2]!] : [text];
}

/// When the call is to be expected, by the clock's minute, rounded outwards to 5 minutes: "9:35〜9:50"; without a beginning
/// when it may be now.
export function callRange(range: Range, now: number): { from: string | null; to: string } {
  const step = 5 * 60_000;
  const at = Math.floor(now / 60_000) * 60_000;
  const from = Math.floor((at + range.low * 60_000) / step) * step;
  return { from: from > at ? clock(from) : null, to: clock(Math.ceil((at + range.high * 60_000) / step) * step) };
}

/// What a telephone dials: digits and a leading plus. Empty when there is nothing to dial.
export function dial(phone: string): string {
  const number = phone.normalize("NFKC").replace(/[^0-9+]/g, "").replace(/(?!^)\+/g, "");
  return /^\+?[0-9]{3,}$/.test(number) ? number : "";
}
