/** Amounts of time and warmth, as both languages count them. Times are local, of 24 hours. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Unit = "second" | "minute" | "hour" | "day";

/** The largest unit that fits, and how many of it. */
export function amount(seconds: number): { count: number; unit: Unit } {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return { count: whole, unit: "second" };
  if (whole < HOUR) return { count: Math.floor(whole / MINUTE), unit: "minute" };
  if (whole < DAY) return { count: Math.floor(whole / HOUR), unit: "hour" };
  return { count: Math.floor(whole / DAY), unit: "day" };
}

/** Whole days, for what is counted in days only. */
export function days(seconds: number): number {
  return Math.floor(Math.max(0, seconds) / DAY);
}

/** `19:42`. */
export function clock(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Date and hour by this laptop's own zone, as `2020-04-02 19:42`: the same in every language. */
export function dateAndClock(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(timestamp)}`;
}

/** Midnights between two moments: 0 is the same day, 1 yesterday. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((midnight(later) - midnight(earlier)) / DAY);
}

/** `36.5`. */
export function degrees(tenths: number): string {
  return (tenths / 10).toFixed(1);
}

/** The bits of declared symptoms that are set, lowest first. */
export function bitsOf(bits: number): number[] {
  return [0, 1, 2, 3, 4, 5].filter((bit) => (bits & (1 << bit)) !== 0);
}

function midnight(timestamp: number): number {
  const date = new Date(timestamp * 1000);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 1000;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
