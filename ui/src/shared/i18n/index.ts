import type { Words } from "./words";
import { en } from "./en";
import { zh } from "./zh";

export type { Words } from "./words";
export { textOf } from "./words";

/** What a person may choose; the station keeps it. */
export type LanguageChoice = "zh" | "en" | "system";
/** What the screen can be in. */
export type Language = "zh" | "en";

const WORDS: Record<Language, Words> = { zh, en };

export function wordsIn(language: Language): Words {
  return WORDS[language];
}

/** The second language, shown small beside the big word. */
export function other(language: Language): Language {
  return language === "zh" ? "en" : "zh";
}

/** The first of the system's languages that the station speaks; Chinese where it speaks none. */
export function resolve(choice: LanguageChoice, system: readonly string[]): Language {
  if (choice !== "system") return choice;
  for (const tag of system) {
    const lower = tag.toLowerCase();
    if (lower.startsWith("zh")) return "zh";
    if (lower.startsWith("en")) return "en";
  }
  return "zh";
}

/** zh → en → system → zh. */
export function nextChoice(choice: LanguageChoice): LanguageChoice {
  const order: Record<LanguageChoice, LanguageChoice> = { zh: "en", en: "system", system: "zh" };
  return order[choice];
}
