import type { Board, Minutes, Need } from "../backend/board";
import type { Band } from "../parts/chart";
import type { Words } from "../words";
import { ALERTS, known, NEEDS } from "../words/codes";

/** Minutes that are over, of which the average is taken. */
const RECENT = 5;

/** What stands in a chart and in the table behind it, from the bottom up. */
export const KINDS = ["passed", "letThrough", "turnedAway", "stopped", "unjudged", "invalid"] as const;
export type Kind = (typeof KINDS)[number];

export function bandsOf(minutes: Minutes, words: Words): Band[] {
  return KINDS.map((key) => ({ key, name: words.board.kinds[key], values: minutes[key] })).filter(
    // What is rare is left out where it did not happen.
    ({ key, values }) => (key !== "unjudged" && key !== "turnedAway") || values.some((value) => value > 0),
  );
}

/** Returns how many people passed or were turned away in each minute. */
export function people(minutes: Minutes): number[] {
  return minutes.passed.map((passed, at) =>
    (["letThrough", "turnedAway", "stopped", "unjudged"] as const).reduce(
      (sum, key) => sum + (minutes[key][at] ?? 0),
      passed,
    ),
  );
}

/** Returns the people of the last minute that is over, and of one on average of the last few. */
export function pace(minutes: Minutes): { last: number; average: number } {
  const over = people(minutes).slice(0, -1);
  const recent = over.slice(-RECENT);
  const sum = recent.reduce((all, count) => all + count, 0);
  return { last: over.at(-1) ?? 0, average: Math.round(sum / Math.max(1, recent.length)) };
}

export function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** Returns where each minute of a board begins, in Unix seconds. */
export function starts({ from, minutes }: Board): number[] {
  return minutes.passed.map((_, minute) => from + minute * 60);
}

/** Says in two sentences what needs a person, and where something can be done about it. */
export function needText(words: Words, need: Need): { what: string; then: string } {
  const code = known(NEEDS, need.code);
  if (code === undefined) return { what: words.board.otherNeed(need.code), then: "" };
  const name = need.station?.name ?? "";
  const kind = known(ALERTS, need.kind ?? "");
  const alert = kind === undefined ? words.stations.otherAlert(need.kind ?? "") : words.stations.alert[kind];
  const lasts = typeof need.seconds !== "number" ? "" : words.duration(need.seconds);
  return words.board.need[code](name, need.count ?? 0, lasts, alert);
}

/** Names the page on which something can be done. */
export function needPage({ code, station }: Need): { page: "stations" | "roster" | "card"; part: string } {
  if (station) return { page: "stations", part: station.id };
  // The card says by which certificate the office answers.
  if (code.startsWith("tls")) return { page: "card", part: "" };
  return { page: code.startsWith("community") ? "roster" : "stations", part: "" };
}
