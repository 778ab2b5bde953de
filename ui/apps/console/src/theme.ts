/** The looks that a person may choose; the browser keeps the choice. */
export const THEMES = ["light", "dark", "system"] as const;
export type Theme = (typeof THEMES)[number];

/** Returns what `data-theme` is to say. Whoever asked their system for contrast gets it. */
export function shownTheme(theme: Theme): "light" | "dark" | "contrast" {
  if (asks("(prefers-contrast: more)")) return "contrast";
  if (theme !== "system") return theme;
  return asks("(prefers-color-scheme: dark)") ? "dark" : "light";
}

function asks(query: string): boolean {
  return typeof matchMedia === "function" && matchMedia(query).matches;
}
