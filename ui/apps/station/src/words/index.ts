import { resolveLanguage, type Language, type LanguageChoice } from "@kadian/kit";
import { en } from "./en";
import type { Words } from "./words";
import { zh } from "./zh";

export type { Headline, Sentences, Words } from "./words";

const WORDS: Record<Language, Words> = { zh, en };

export function wordsIn(language: Language): Words {
  return WORDS[language];
}

/** Returns the language of the screen for what was chosen. */
export function languageOf(choice: LanguageChoice): Language {
  return resolveLanguage(choice, navigator.languages);
}
