// SPDX-License-Identifier: Apache-2.0
// Counting in easy Japanese, which is written as it is spoken: ひとり, 10ぷん, 25ふん, はつか.

const days: Readonly<Record<number, string>> = {
  1: "ついたち", 2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか", 8: "ようか", 9: "ここのか", 10: "とおか",
  14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか",
};

/// The day of a month.
export const easyDay = (n: number): string => days[n] ?? `${n}にち`;

/// People and minutes of a text, put as they are said.
export const counted = (text: string): string => text
  .replace(/(\d+)にん/g, (all, n: string) => (n === "1" ? "ひとり" : n === "2" ? "ふたり" : all))
  .replace(/(\d)[ふぷ]ん/g, (_, last: string) => `${last}${"2579".includes(last) ? "ふん" : "ぷん"}`);
