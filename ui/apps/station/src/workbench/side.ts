import type { DisplayInfo, ResidentDisplay } from "../bindings";

/** Where the resident's side is now, or why it is not where it was chosen to be. */
export type ShownAt =
  | { kind: "none" }
  | { kind: "window" }
  | { kind: "there"; name: string; width: number; height: number }
  | { kind: "missing" | "taken"; name: string };

/** Returns where the resident's side is, of what was chosen and what is connected. */
export function shownAt(chosen: ResidentDisplay, connected: readonly DisplayInfo[]): ShownAt {
  if (chosen.kind !== "display") return { kind: chosen.kind };
  const { name } = chosen;
  const found = connected.find((display) => display.name === name);
  if (found === undefined) return { kind: "missing", name };
  if (found.collectors) return { kind: "taken", name };
  return { kind: "there", name, width: found.width, height: found.height };
}

/** Returns what can be chosen, and what was: never the collector's own display. */
export function optionsOf(chosen: ResidentDisplay, connected: readonly DisplayInfo[]): ResidentDisplay[] {
  const free = connected.filter(({ collectors }) => !collectors).map(({ name }) => name);
  const chosenName = chosen.kind === "display" && !free.includes(chosen.name) ? [chosen.name] : [];
  const displays = [...free, ...chosenName].map((name): ResidentDisplay => ({ kind: "display", name }));
  return [{ kind: "none" }, { kind: "window" }, ...displays];
}

/** Returns a choice as a word: a display's name may be that of another choice. */
export function valueOf(choice: ResidentDisplay): string {
  return choice.kind === "display" ? `display ${choice.name}` : choice.kind;
}
