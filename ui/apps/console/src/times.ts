import { clock, dateOf } from "@kadian/kit";

/** Returns a moment of the API in Unix seconds. */
export function unix(moment: string): number {
  return Math.floor(Date.parse(moment) / 1000);
}

/** Returns a moment as `11-23 19:42`, with its year if that is another one than now. */
export function moment(text: string, now: number): string {
  const at = unix(text);
  return `${dayOf(text, now)} ${clock(at)}`;
}

/** Returns the day of a moment as `11-23`, with its year if that is another one than now. */
export function dayOf(text: string, now: number): string {
  const day = dateOf(unix(text));
  return day.slice(0, 4) === dateOf(now).slice(0, 4) ? day.slice(5) : day;
}
