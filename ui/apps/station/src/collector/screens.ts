import type { CollectorScreen, ResultView } from "../bindings";
import type { Flood } from "../drawing/flood";
import { endShift, NO_CODE, OPEN_WORKBENCH, SWITCH_CHECKPOINT, type Action } from "../keymap";
import type { Screens } from "../screen";
import AddressScreen from "./AddressScreen.svelte";
import Ready from "./Ready.svelte";
import Recorded from "./Recorded.svelte";
import Result from "./Result.svelte";
import Unconfirmed from "./Unconfirmed.svelte";

/** The collector's screens: from waiting for a code to "recorded". */
export const collectorScreens: Screens<CollectorScreen> = {
  ready: {
    component: Ready,
    keymap: (_, situation) => [NO_CODE, ...endShift(situation), SWITCH_CHECKPOINT, OPEN_WORKBENCH],
  },
  result: {
    component: Result,
    flood: ({ result }) => floodOf(result),
    moment: ({ result }) => result.scan,
    keymap: ({ result }) => keymapOf(result),
  },
  recording: {
    component: Result,
    flood: ({ result }) => floodOf(result),
    // The keys keep their places and do nothing.
    keymap: ({ result }) =>
      keymapOf(result).map((action) => ({
        ...action,
        disabled: true,
        label: action.key === "Enter" ? "recording" : action.label,
      })),
  },
  recorded: {
    component: Recorded,
    keymap: () => [],
  },
  unconfirmed: {
    component: Unconfirmed,
    keymap: () => [],
  },
  "declare-again": {
    component: AddressScreen,
    flood: () => "paper",
    keymap: ({ countdown }) => [back(countdown)],
  },
  "no-code": {
    component: AddressScreen,
    flood: () => "paper",
    keymap: ({ countdown }) => [back(countdown)],
  },
};

const back = (countdown: ResultView["countdown"]): Action => ({
  key: "Escape",
  label: "back",
  command: { wing: "collector", kind: "back" },
  look: "solid",
  countdown,
});

function floodOf({ answer }: ResultView): Flood {
  return answer.kind === "unjudged" ? "slate" : answer.kind;
}

/** Returns the keys of a result, the large one first. */
function keymapOf(result: ResultView): Action[] {
  if (result.recordedBefore !== null) return [next(result), ...againKeys(result)];
  const { scan, countdown, canConfirm, canTurnAway } = result;
  if (!canConfirm && !canTurnAway) return [next(result), ...declareAgain(result, "plain")];
  const confirm: Action = {
    key: "Enter",
    label: confirmLabel(result),
    command: { wing: "collector", kind: "confirm", scan },
    look: "solid",
  };
  const turnAway: Action = {
    key: "T",
    label: "turn-away",
    command: { wing: "collector", kind: "turn-away", scan },
    look: "heavy",
  };
  return [
    ...(canConfirm ? [confirm] : []),
    ...(canTurnAway ? [turnAway] : []),
    ...declareAgain(result, endsInTwoWays(result) ? "minor" : "plain"),
    { key: "Escape", label: "discard", command: { wing: "collector", kind: "discard", scan }, countdown },
  ];
}

/** Tells whether the answer leaves the end to the person, though one of the two may be barred for now. */
function endsInTwoWays({ answer }: ResultView): boolean {
  return answer.kind === "check" || answer.kind === "unjudged";
}

/** Leads to the next person: the main key where nothing has to be recorded. */
function next({ scan, countdown }: ResultView): Action {
  return {
    key: "Escape",
    label: "next",
    command: { wing: "collector", kind: "discard", scan },
    look: "solid",
    countdown,
  };
}

/** Returns the keys that record somebody once more. */
function againKeys(result: ResultView): Action[] {
  const { scan, canConfirm, canTurnAway } = result;
  const confirm: Action = {
    key: "Enter",
    label: endsInTwoWays(result) ? "let-through-again" : "record-again",
    command: { wing: "collector", kind: "confirm", scan },
    look: endsInTwoWays(result) ? "minor" : "plain",
  };
  const turnAway: Action = {
    key: "T",
    label: "turn-away-again",
    command: { wing: "collector", kind: "turn-away", scan },
    look: "minor",
  };
  return [...(canConfirm ? [confirm] : []), ...(canTurnAway ? [turnAway] : [])];
}

/** Returns the key that leads to the issuer's address, where there is one. */
function declareAgain({ scan, canDeclareAgain }: ResultView, look: "plain" | "minor"): Action[] {
  if (!canDeclareAgain) return [];
  return [
    { key: "R", label: "declare-again", command: { wing: "collector", kind: "declare-again", scan }, look },
  ];
}

function confirmLabel(result: ResultView): Action["label"] {
  // Of two ways each keeps its name: nobody should take one for the other when trying again.
  if (endsInTwoWays(result)) return "let-through";
  return result.notRecorded === null ? "confirm" : "retry";
}
