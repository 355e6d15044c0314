// SPDX-License-Identifier: Apache-2.0
// The seven languages, where the choice is kept, and how a table of words is read.
import counters from "../../../assets/phrases/counters.json";
import { counted } from "./easy";

export const langs = ["ja", "easy", "en", "zh", "ko", "vi", "pt"] as const;
export type Lang = (typeof langs)[number];
/// One text in the order of `langs`.
export type Row = readonly [string, string, string, string, string, string, string];
export type Table = Readonly<Record<string, Row>>;
export type Args = Readonly<Record<string, string | number>>;

export const langNames: Readonly<Record<Lang, string>> = {
  ja: "日本語", easy: "やさしい日本語", en: "English", zh: "中文", ko: "한국어", vi: "Tiếng Việt", pt: "Português",
};
/// For the `lang` attribute: what a screen reader speaks.
export const langTags: Readonly<Record<Lang, string>> = {
  ja: "ja", easy: "ja", en: "en", zh: "zh-Hans", ko: "ko", vi: "vi", pt: "pt-BR",
};

export const isLang = (text: unknown): text is Lang => langs.includes(text as Lang);
export const isJapanese = (lang: Lang): boolean => lang === "ja" || lang === "easy";

/// `{name}` is filled in from `args`; an unknown name stays as it is, so that a mistake is seen.
export const fill = (text: string, args: Args = {}): string =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => (name in args ? String(args[name]) : all));

/// Our Japanese is broken at its spaces only (`word-break: keep-all`); this lets it break behind 。、） too.
export const breakable = (text: string): string => text.replace(/([。、）])(?=\S)/g, "$1\u200b");

/// A clinic's name, which may be broken before the word for what it is.
export const breakableName = (name: string): string => name.replace(/(.)(?=クリニック|医院|病院|診療所)/gu, "$1\u200b");

/// Of one there may be words of its own, `key.one`.
export const read = <T extends Table>(table: T, lang: Lang) => (key: keyof T & string, args?: Args): string => {
  const row: Row = (args?.n === 1 ? table[`${key}.one`] : undefined) ?? table[key]!;
  const text = fill(row[langs.indexOf(lang)]!, args);
  if (lang === "easy") return breakable(counted(text));
  return isJapanese(lang) ? breakable(text) : text;
};

/// The address says it, else what was chosen before, else what the browser prefers, else Japanese.
export function choose(search: string, kept: string | null, preferred: readonly string[]): Lang {
  const asked = new URLSearchParams(search).get("lang");
  if (isLang(asked)) return asked;
  if (isLang(kept)) return kept;
  for (const each of preferred) {
    const short = each.toLowerCase().split("-")[0];
    if (short !== "easy" && isLang(short)) return short;
  }
  return "ja";
}

const usual: Readonly<Record<string, Readonly<Record<Lang, string>>>> = counters;

/// A name in the reader's writing, as at the kiosk: the field's word for a usual counter, else English where there is one,
/// else as the clinic writes it.
export function nameOf(label: { ja: string; en: string }, lang: Lang): { text: string; lang: string } {
  const known = !isJapanese(lang) && (lang !== "en" || label.en === "") && Object.prototype.hasOwnProperty.call(usual, label.ja);
  if (known) return { text: usual[label.ja]![lang], lang: langTags[lang] };
  return asWritten(label, lang);
}

/// A room as it stands at its door. A reading is written for the voice, "しんさつしつ、いち": in Easy Japanese the number stays
/// in digits.
export function roomOf(label: { ja: string; en: string; reading: string }, lang: Lang): string {
  if (lang !== "easy" || label.reading === "") return asWritten(label, lang).text;
  const digits = /[0-9０-９]+$/.exec(label.ja)?.[0] ?? "";
  const last = label.reading.lastIndexOf("、");
  return (digits !== "" && last >= 0 ? label.reading.slice(0, last) + digits : label.reading).replace(/、/g, " ");
}

function asWritten(label: { ja: string; en: string }, lang: Lang): { text: string; lang: string } {
  const foreign = !isJapanese(lang) && lang !== "zh" && label.en !== "";
  return foreign ? { text: label.en, lang: "en" } : { text: label.ja, lang: "ja" };
}

/// The server has words in Japanese and English.
export const acceptLanguage = (lang: Lang): "ja" | "en" => (isJapanese(lang) ? "ja" : "en");
