import { dateOf } from "@kadian/kit";
import type { Collector, Named, Stint, Tally, WorkHour } from "../backend/board";
import type { Band } from "../parts/chart";
import type { Words } from "../words";
import { known, REFUSALS } from "../words/codes";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The days that can be asked for, back from today. */
export const PERIODS = [1, 7, 31] as const;

/** Returns the first and the last second of so many days, the last of them today. */
export function period(days: number, now: number): { from: number; until: number } {
  const midnight = new Date(now * 1000);
  midnight.setHours(0, 0, 0, 0);
  const until = Math.floor(midnight.getTime() / 1000) + DAY;
  return { from: until - days * DAY, until };
}

export function added(tallies: readonly Tally[]): Tally {
  const sum = { passed: 0, letThrough: 0, turnedAway: 0, stopped: 0, unjudged: 0 };
  for (const tally of tallies) for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += tally[key];
  return sum;
}

export function people(tally: Tally): number {
  return tally.passed + tally.letThrough + tally.turnedAway + tally.stopped + tally.unjudged;
}

/** Returns how many seconds somebody stood at checkpoints within a time; what has no end lasts until `now`. */
export function worked(stints: readonly Stint[], from: number, until: number, now: number): number {
  const lasts = ({ began, ended }: Stint): number =>
    Math.max(0, Math.min(ended ?? now, until) - Math.max(began, from));
  return stints.reduce((all, stint) => all + lasts(stint), 0);
}

/** Returns whether somebody is at work as far as anybody knows: a shift of today whose end nobody has reported. */
export function isOn({ began, ended }: Stint, now: number): boolean {
  return ended === null && dateOf(began) === dateOf(now);
}

/** Returns the share of a part in a whole, in percent. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((100 * part) / whole);
}

/** Returns how much that is for an hour of work; of less than ten minutes nothing is said. */
export function anHour(count: number, seconds: number): number | undefined {
  return seconds < HOUR / 6 ? undefined : Math.round((count * HOUR) / seconds);
}

/** A day at one checkpoint, in one direction. */
export interface DayRow {
  day: string;
  checkpoint: Named;
  direction: "in" | "out";
  stints: Stint[];
  tally: Tally;
  seconds: number;
}

/** Puts somebody's work together by day, checkpoint and direction; the latest day first. */
export function byDay({ hours, stints }: Collector, now: number): DayRow[] {
  const rows = new Map<string, DayRow>();
  const row = (at: number, checkpoint: Named, direction: "in" | "out"): DayRow => {
    const day = dateOf(at);
    const key = `${day} ${checkpoint.id} ${direction}`;
    const found = rows.get(key) ?? { day, checkpoint, direction, stints: [], tally: added([]), seconds: 0 };
    rows.set(key, found);
    return found;
  };
  for (const stint of stints) {
    const of = row(stint.began, stint.checkpoint, stint.direction);
    of.stints.push(stint);
    of.seconds += Math.max(0, (stint.ended ?? now) - stint.began);
  }
  for (const { at, checkpoint, direction, tally } of hours) {
    const of = row(at, checkpoint, direction);
    of.tally = added([of.tally, tally]);
  }
  return [...rows.values()].sort(
    (one, other) =>
      other.day.localeCompare(one.day) || (other.stints[0]?.began ?? 0) - (one.stints[0]?.began ?? 0),
  );
}

/** Returns the days on which something was recorded, the latest first. */
export function daysOf(hours: readonly WorkHour[]): string[] {
  return [...new Set(hours.map(({ at }) => dateOf(at)))].sort().reverse();
}

/** Returns a day's hours from the first with anything to the last, and what was recorded in each. */
export function hoursOf(
  hours: readonly WorkHour[],
  day: string,
  words: Words,
): { starts: number[]; bands: Band[] } {
  const own = hours.filter(({ at }) => dateOf(at) === day);
  const first = Math.min(...own.map(({ at }) => at));
  const last = Math.max(...own.map(({ at }) => at));
  const starts = own.length === 0 ? [] : range(first, last);
  const of = (start: number): Tally => added(own.filter(({ at }) => at === start).map(({ tally }) => tally));
  const tallies = starts.map(of);
  const keys = ["passed", "letThrough", "turnedAway", "stopped", "unjudged"] as const;
  const bands = keys.map((key) => ({
    key,
    name: words.board.kinds[key],
    values: tallies.map((tally) => tally[key]),
  }));
  return { starts, bands: bands.filter(({ key, values }) => key !== "unjudged" || values.some(Boolean)) };
}

function range(first: number, last: number): number[] {
  const count = Math.min(48, (last - first) / HOUR + 1);
  return Array.from({ length: count }, (_, at) => first + at * HOUR);
}

/** Names why a code was invalid. */
export function refusalText(words: Words, code: string): string {
  const refusal = known(REFUSALS, code);
  return refusal === undefined ? words.work.otherRefusal(code) : words.work.refusal[refusal];
}
