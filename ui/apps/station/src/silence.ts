import type { Screen } from "./bindings";

/** How many seconds late the gate's next view may be. */
export const LATE_SECONDS = 3;
/** The gate says within so many seconds what became of a recording. */
const RECORDING_SECONDS = 10;

/**
 * Tells whether the gate has gone silent: it showed a verdict, whose time is over, and has sent
 * nothing for `seconds`. What is on the screen then says nothing about anybody.
 */
export function isSilent(screen: Screen, seconds: number): boolean {
  if (screen.kind === "result") return seconds > screen.result.countdown.left + LATE_SECONDS;
  if (screen.kind === "recording") {
    return seconds > Math.max(screen.result.countdown.left, RECORDING_SECONDS) + LATE_SECONDS;
  }
  return false;
}
