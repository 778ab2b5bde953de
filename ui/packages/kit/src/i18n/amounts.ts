/** Amounts as both languages write them. Times are local, on a 24-hour clock. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Unit = "second" | "minute" | "hour" | "day";

/** Returns a duration in the largest unit that fits, rounded down. */
export function amount(seconds: number): { count: number; unit: Unit } {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return { count: whole, unit: "second" };
  if (whole < HOUR) return { count: Math.floor(whole / MINUTE), unit: "minute" };
  if (whole < DAY) return { count: Math.floor(whole / HOUR), unit: "hour" };
  return { count: Math.floor(whole / DAY), unit: "day" };
}

/** Returns the whole days in a duration. */
export function days(seconds: number): number {
  return Math.floor(Math.max(0, seconds) / DAY);
}

/** Returns a moment (Unix time in seconds) as `19:42`. */
export function clock(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

/** Returns the day of a moment as `2020-04-02`, which reads the same in every language. */
export function dateOf(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  return [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join("-");
}

/** Counts the midnights between two moments: 0 is the same day, 1 is yesterday. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((midnight(later) - midnight(earlier)) / DAY);
}

/** Returns a temperature in 0.1 °C as `36.5`. */
export function degrees(tenths: number): string {
  return (tenths / 10).toFixed(1);
}

/** Returns the numbers of the bits that are set, lowest first. There are six symptoms. */
export function bitsOf(bits: number): number[] {
  return [0, 1, 2, 3, 4, 5].filter((bit) => (bits & (1 << bit)) !== 0);
}

/** Returns the local day as UTC midnight, so that every day has the same length. */
function midnight(timestamp: number): number {
  const date = new Date(timestamp * 1000);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 1000;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
