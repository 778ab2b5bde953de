import type { Origin, PolicyLimit, Ruling } from "../bindings";

/** The table's rows as the station sends them. */
export const ORIGINS: readonly Origin[] = ["community", "city", "province", "country", "foreign"];
/** The cells of a row. */
export const COLOURS = ["green", "yellow", "red", "grey", "uncoloured"] as const;
/** From the mildest to the strictest. */
export const RULINGS: readonly Ruling[] = ["pass", "check", "stop"];

const HOURS = [12, 24, 72, 168];
const TENTHS = [370, 372, 373, 375];

/** Tells whether a ruling is stricter than another. */
export function isStricter(ruling: Ruling, than: Ruling): boolean {
  return RULINGS.indexOf(ruling) > RULINGS.indexOf(than);
}

/** Returns what a limit may be made, ascending; what holds is the last. */
export function choices(kind: "hours" | "tenths", { value, asked }: PolicyLimit): number[] {
  const all = kind === "hours" ? HOURS : TENTHS;
  const stricter = all.filter((choice) => choice < value && (asked === null || choice <= asked));
  return [...new Set([...stricter, ...(asked === null ? [] : [asked]), value])].sort((a, b) => a - b);
}

/** Returns where a moment stands between two others, in percent. */
export function percent(at: number, from: number, to: number): number {
  return Math.min(100, Math.max(0, ((at - from) / Math.max(1, to - from)) * 100));
}
