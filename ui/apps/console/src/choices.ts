import { resolveLanguage, type Language } from "@kadian/kit";
import { THEMES, type Theme } from "./theme";

// Language and look are kept in this browser. Nothing else is.
const LANGUAGE = "kadian.language";
const THEME = "kadian.theme";

export function storedLanguage(): Language {
  const stored = read(LANGUAGE);
  return resolveLanguage(stored === "zh" || stored === "en" ? stored : "system", navigator.languages);
}

export function storedTheme(): Theme {
  const stored = read(THEME);
  return THEMES.find((theme) => theme === stored) ?? "light";
}

export function storeLanguage(language: Language): void {
  write(LANGUAGE, language);
}

export function storeTheme(theme: Theme): void {
  write(THEME, theme);
}

// A browser may keep its storage to itself.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice then lasts as long as the page.
  }
}
