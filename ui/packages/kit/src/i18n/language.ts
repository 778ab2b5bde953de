/** What a person may choose; the station keeps the choice. */
export type LanguageChoice = Language | "system";
/** The languages of the screens. */
export type Language = "zh" | "en";

/** Returns the second language, which is shown small beside the first. */
export function otherLanguage(language: Language): Language {
  return language === "zh" ? "en" : "zh";
}

/** Returns the first of the system's languages that has words here; Chinese if none has. */
export function resolveLanguage(choice: LanguageChoice, system: readonly string[]): Language {
  if (choice !== "system") return choice;
  for (const tag of system) {
    const lower = tag.toLowerCase();
    if (lower.startsWith("zh")) return "zh";
    if (lower.startsWith("en")) return "en";
  }
  return "zh";
}
