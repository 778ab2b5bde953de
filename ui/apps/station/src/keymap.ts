import type { KeyBinding, Look } from "@kadian/kit";
import type { Countdown, Direction, Directions, ShiftId, UserInput } from "./bindings";
import type { ButtonName } from "./words/words";

/** What the window does by itself, without asking the gate. */
export interface WindowCommand {
  wing: "window";
  kind: "switch-language" | "switch-theme" | "toggle-gloss" | "toggle-sound" | "stop-adding";
}

/** What a key or a button can ask for. */
export type Command = UserInput | WindowCommand;

/**
 * One line of a screen's key map: the key, what it asks for, and how its button looks. Keyboard,
 * key cap, accessible shortcut and label all come from it.
 */
export interface Action extends KeyBinding<Command> {
  /** Names the button's label. */
  label: ButtonName;
  /** Where the button stands, if not at the foot of the screen. */
  place?: "bar" | "bar-person" | "step" | "page";
  /** How a large button looks, if not like any other at the foot of a result. */
  look?: Look;
  /** When it is over, the gate does by itself what the button says. */
  countdown?: Countdown;
}

/** What a key map depends on beside the screen. */
export interface Situation {
  /** What the clock on the screen says, in Unix seconds. */
  now: number;
  shift: ShiftId | null;
  /** Whether the station stands at a checkpoint. */
  hasCheckpoint: boolean;
  /** What is chosen on the screen that asks for a checkpoint; null until a person chose otherwise. */
  choice: CheckpointChoice | null;
}

/** A checkpoint of the list with a direction, or one that is being added. */
export type CheckpointChoice =
  { kind: "row"; id: string; direction: Direction } | { kind: "add"; name: string; directions: Directions };

/** Opens the workbench; its button stands in the bar, beside whoever is signed in. */
export const OPEN_WORKBENCH: Action = {
  key: "F10",
  label: "open-workbench",
  command: { wing: "shift", kind: "open-workbench" },
  place: "bar-person",
};

/** Shows where to get a code. */
export const NO_CODE: Action = {
  key: "N",
  label: "no-code",
  command: { wing: "collector", kind: "no-code" },
};

/** Chooses another checkpoint; its button is the checkpoint's name in the bar. */
export const SWITCH_CHECKPOINT: Action = {
  key: "F8",
  label: "switch-checkpoint",
  command: { wing: "shift", kind: "switch-checkpoint" },
  place: "bar",
};

/** Ends the shift, if somebody is signed in. */
export function endShift({ shift }: Situation): Action[] {
  if (shift === null) return [];
  return [{ key: "F9", label: "end-shift", command: { wing: "shift", kind: "end-shift", shift } }];
}

/** The keys that mean the same on every screen. */
export const SWITCH_THEME = { key: "F3", command: { wing: "window", kind: "switch-theme" } } as const;
export const TOGGLE_GLOSS = { key: "F4", command: { wing: "window", kind: "toggle-gloss" } } as const;
export const SWITCH_LANGUAGE = { key: "F6", command: { wing: "window", kind: "switch-language" } } as const;
export const TOGGLE_SOUND = { key: "F7", command: { wing: "window", kind: "toggle-sound" } } as const;
export const WINDOW_KEYMAP: readonly KeyBinding<WindowCommand>[] = [
  SWITCH_THEME,
  TOGGLE_GLOSS,
  SWITCH_LANGUAGE,
  TOGGLE_SOUND,
];

/** Returns the actions whose buttons stand at the foot of the screen. */
export function footOf(keymap: readonly Action[]): Action[] {
  return keymap.filter(({ place }) => place === undefined);
}
