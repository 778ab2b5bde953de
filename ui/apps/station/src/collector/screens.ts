import type { CollectorScreen, ResultView } from "../bindings";
import type { Flood } from "../drawing/flood";
import type { Action } from "../keymap";
import type { Screens } from "../screen";
import { endShift } from "../shift/screens";
import AddressScreen from "./AddressScreen.svelte";
import Ready from "./Ready.svelte";
import Recorded from "./Recorded.svelte";
import Result from "./Result.svelte";

/** The collector's screens: from waiting for a code to "recorded". */
export const collectorScreens: Screens<CollectorScreen> = {
  ready: {
    component: Ready,
    keymap: (_, { shift }) => [
      { key: "N", label: "no-code", command: { wing: "collector", kind: "no-code" } },
      ...endShift(shift),
      {
        key: "F8",
        label: "switch-checkpoint",
        command: { wing: "shift", kind: "switch-checkpoint" },
        place: "bar",
      },
    ],
  },
  result: {
    component: Result,
    flood: ({ result }) => floodOf(result),
    moment: ({ result }) => result.scan,
    keymap: ({ result }) => (isClosed(result) ? closedKeymap(result) : openKeymap(result)),
  },
  recording: {
    component: Result,
    flood: ({ result }) => floodOf(result),
    keymap: ({ result: { scan } }) => [
      {
        key: "Enter",
        label: "recording",
        command: { wing: "collector", kind: "confirm", scan },
        disabled: true,
      },
      {
        key: "R",
        label: "declare-again",
        command: { wing: "collector", kind: "declare-again", scan },
        disabled: true,
      },
      {
        key: "Escape",
        label: "discard",
        command: { wing: "collector", kind: "discard", scan },
        disabled: true,
      },
    ],
  },
  recorded: {
    component: Recorded,
    keymap: () => [],
  },
  "declare-again": {
    component: AddressScreen,
    flood: () => "paper",
    keymap: ({ countdown }) => [
      { key: "Escape", label: "back", command: { wing: "collector", kind: "back" }, countdown },
    ],
  },
  "no-code": {
    component: AddressScreen,
    flood: () => "paper",
    keymap: ({ countdown }) => [
      { key: "Escape", label: "back", command: { wing: "collector", kind: "back" }, countdown },
    ],
  },
};

function floodOf({ answer }: ResultView): Flood {
  switch (answer.kind) {
    case "unjudged":
      return "slate";
    case "pass":
    case "check":
    case "stop":
    case "invalid":
      return answer.kind;
  }
}

/** Tells whether there is nothing to record, or it was just recorded: Esc is the main button. */
function isClosed({ answer, recordedBefore }: ResultView): boolean {
  return answer.kind === "invalid" || recordedBefore !== null;
}

function closedKeymap({ scan, countdown, canConfirm, canTurnAway, canDeclareAgain }: ResultView): Action[] {
  const next: Action = {
    key: "Escape",
    label: "next",
    command: { wing: "collector", kind: "discard", scan },
    countdown,
  };
  if (canConfirm)
    return [
      next,
      { key: "Enter", label: "record-again", command: { wing: "collector", kind: "confirm", scan } },
      ...(canTurnAway ? [turnAway(scan)] : []),
    ];
  if (canDeclareAgain) {
    return [
      next,
      { key: "R", label: "declare-again", command: { wing: "collector", kind: "declare-again", scan } },
    ];
  }
  return [next];
}

function turnAway(scan: number): Action {
  return { key: "T", label: "turn-away", command: { wing: "collector", kind: "turn-away", scan } };
}

function openKeymap(result: ResultView): Action[] {
  const { scan, countdown, canConfirm, canTurnAway, canDeclareAgain } = result;
  return [
    {
      key: "Enter",
      label: confirmLabel(result),
      command: { wing: "collector", kind: "confirm", scan },
      disabled: !canConfirm,
    },
    ...(canTurnAway ? [turnAway(scan)] : []),
    {
      key: "R",
      label: "declare-again",
      command: { wing: "collector", kind: "declare-again", scan },
      disabled: !canDeclareAgain,
    },
    { key: "Escape", label: "discard", command: { wing: "collector", kind: "discard", scan }, countdown },
  ];
}

function confirmLabel({ answer, notRecorded }: ResultView): Action["label"] {
  if (notRecorded !== null) return "retry";
  return answer.kind === "unjudged" ? "record-unjudged" : "confirm";
}
