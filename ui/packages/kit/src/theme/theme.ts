/** The colours of the screens, as `data-theme` names them. */
export type Theme = "light" | "dark" | "contrast";
/** What a person may choose; the station keeps the choice. */
export type ThemeChoice = Theme | "system";

const CONTRAST = "(prefers-contrast: more)";
const DARK = "(prefers-color-scheme: dark)";

/** Returns what the operating system prefers now. */
export function systemTheme(): Theme {
  if (asks(CONTRAST)) return "contrast";
  return asks(DARK) ? "dark" : "light";
}

/** Calls back whenever the operating system prefers something else. Returns how to stop. */
export function onSystemTheme(changed: () => void): () => void {
  if (typeof matchMedia !== "function") return () => undefined;
  const queries = [CONTRAST, DARK].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener("change", changed);
  return () => {
    for (const query of queries) query.removeEventListener("change", changed);
  };
}

/** Returns the theme that follows the one that is shown: whoever asks for another sees another. */
export function nextTheme(shown: Theme): Theme {
  const next: Record<Theme, Theme> = { light: "dark", dark: "contrast", contrast: "light" };
  return next[shown];
}

function asks(query: string): boolean {
  return typeof matchMedia === "function" && matchMedia(query).matches;
}
