import type { Screen } from "./bindings";

/** The gate counts down beside a result: a view comes each second. */
export const VIEW_SECONDS = 1;
/** How many seconds late the gate's next view may be: a busy machine is no silent one. */
export const LATE_SECONDS = 3;
/** The gate says within so many seconds what became of a recording. */
export const RECORDING_SECONDS = 10;
/** A page whose own second took longer was asleep. */
const ASLEEP_MS = 2000;

/**
 * Tells whether the gate has gone silent: it showed a verdict, owes the next view, and has sent
 * nothing for `seconds`. What is on the screen then says nothing about anybody.
 */
export function isSilent(screen: Screen, seconds: number): boolean {
  if (screen.kind === "result") return seconds > VIEW_SECONDS + LATE_SECONDS;
  if (screen.kind === "recording") return seconds > RECORDING_SECONDS + LATE_SECONDS;
  return false;
}

/**
 * Returns until when the page has listened, at a tick of each second. A page that was itself asleep
 * first reads what waits for it: its own pause is not the gate's.
 */
export function listenedUntil(before: number, lastTick: number, tick: number): number {
  return tick - lastTick > ASLEEP_MS ? before : tick;
}
