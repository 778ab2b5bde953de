const DAY = 24 * 3600;
/** Days in one export; the office refuses more. */
export const MOST_DAYS = 31;

/** Returns a moment's day as a date field has it, by the clock of this machine. */
export function dayText(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Returns the span of whole days, both of them in it; undefined for days that are none, or too many. */
export function spanOf(from: string, until: string): { from: number; until: number } | undefined {
  const begin = startOf(from);
  const last = startOf(until);
  if (begin === undefined || last === undefined || last < begin) return undefined;
  // A day may have 23 or 25 hours.
  const end = startOf(dayText(last + 1.5 * DAY));
  if (end === undefined || Math.round((end - begin) / DAY) > MOST_DAYS) return undefined;
  return { from: begin, until: end };
}

/** Returns the first second of a day as a date field has it. */
export function startOf(day: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const seconds = new Date(`${day}T00:00:00`).getTime() / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
