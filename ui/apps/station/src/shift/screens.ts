import type { Action } from "../keymap";
import type { Screens } from "../screen";
import type { ShiftId, ShiftScreen } from "../bindings";
import ChooseCheckpoint from "./ChooseCheckpoint.svelte";
import SignIn from "./SignIn.svelte";

/** The screens at the beginning and end of a shift. Enter in a form is the form's own. */
export const shiftScreens: Screens<ShiftScreen> = {
  "signed-out": {
    component: SignIn,
    keymap: () => [],
  },
  "choose-checkpoint": {
    component: ChooseCheckpoint,
    keymap: (_, { shift }) => endShift(shift),
  },
};

/** Ends the shift that the bar shows, and no other. */
export function endShift(shift: ShiftId | null): Action[] {
  if (shift === null) return [];
  return [{ key: "F9", label: "end-shift", command: { wing: "shift", kind: "end-shift", shift } }];
}
