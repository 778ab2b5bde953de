import type { ShiftScreen } from "../bindings";
import { OPEN_WORKBENCH, type Action, type CheckpointChoice, type Situation } from "../keymap";
import type { Screens } from "../screen";
import { chosen, isName } from "./choice";
import ChooseCheckpoint from "./ChooseCheckpoint.svelte";
import SignIn from "./SignIn.svelte";

/** The screens at the beginning and end of a shift. Enter in a form is the form's own. */
export const shiftScreens: Screens<ShiftScreen> = {
  "signed-out": {
    component: SignIn,
    moment: ({ choices }) => choices.map(({ id }) => id).join(),
    keymap: ({ choices, resumable }) => {
      if (choices.length > 0) return [BACK];
      return resumable === null ? [OPEN_WORKBENCH] : [RESUME, OPEN_WORKBENCH];
    },
  },
  door: {
    component: SignIn,
    moment: ({ choices }) => choices.map(({ id }) => id).join(),
    keymap: () => [BACK],
  },
  "choose-checkpoint": {
    component: ChooseCheckpoint,
    whole: true,
    keymap: ({ rows }, situation) => {
      const choice = chosen(rows, situation.choice);
      if (choice?.kind === "add") return [STOP_ADDING, add(choice)];
      return [back(situation), ...start(choice), OPEN_WORKBENCH];
    },
  },
};

const BACK: Action = { key: "Escape", label: "back", command: { wing: "shift", kind: "back" } };

/** Whoever ended the shift by mistake goes on. */
const RESUME: Action = {
  key: "Escape",
  label: "resume-shift",
  command: { wing: "shift", kind: "resume-shift" },
  place: "page",
};

const STOP_ADDING: Action = {
  key: "Escape",
  label: "stop-adding",
  command: { wing: "window", kind: "stop-adding" },
};

function back({ hasCheckpoint }: Situation): Action {
  const label = hasCheckpoint ? "back" : "back-to-sign-in";
  return { key: "Escape", label, command: { wing: "shift", kind: "back" } };
}

function start(choice: Extract<CheckpointChoice, { kind: "row" }> | null): Action[] {
  if (choice === null) return [];
  const { id, direction } = choice;
  return [
    {
      key: "Enter",
      label: "choose-checkpoint",
      command: { wing: "shift", kind: "choose-checkpoint", id, direction },
      look: "solid",
    },
  ];
}

function add({ name, directions }: Extract<CheckpointChoice, { kind: "add" }>): Action {
  return {
    key: "Enter",
    label: "add-checkpoint",
    command: { wing: "shift", kind: "add-checkpoint", name: name.trim(), directions },
    disabled: !isName(name),
    look: "solid",
  };
}
