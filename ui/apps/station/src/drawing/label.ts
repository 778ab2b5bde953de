import type { StationContext } from "../context";
import type { Action } from "../keymap";

/** Returns the label of an action's button. */
export function labelOf({ look, now }: StationContext, action: Action): string {
  const label = look.words.button[action.label];
  return typeof label === "string" ? label : label(now);
}
