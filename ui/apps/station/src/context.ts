import { createContext } from "svelte";
import type { DisplayInfo, KioskState, LeaveStep, ResidentView, Sound, StatusBar } from "./bindings";
import type { Action, CheckpointChoice, Command } from "./keymap";
import type { Keypad } from "./keypad/keypad.svelte";
import type { Look } from "./look.svelte";
import type { LostInput } from "./words/words";

/** What every component of the window may read, and how it asks for something. */
export interface StationContext {
  readonly look: Look;
  readonly bar: StatusBar;
  /** Whom to call in this community; may be empty. */
  readonly contact: string;
  /** Why what a person did last came to nothing; null once that was said. */
  readonly lost: LostInput | null;
  /** Whether a key without a meaning of its own gives the result on the screen more time. */
  readonly keepsOpen: boolean;
  /** What the wall clock says now, in Unix seconds. */
  readonly now: number;
  /** The key map of the screen that is shown. */
  readonly keymap: readonly Action[];
  /** Which checkpoint is chosen on the screen that asks for one; null until a person chose otherwise. */
  readonly choice: CheckpointChoice | null;
  choose: (choice: CheckpointChoice) => void;
  send: (command: Command) => void;
  /** Opens the entrance, in which an administrator enrols this laptop again. */
  enrolAgain: () => void;
  /** Takes this laptop out of service, step by step. Rejects where the station did not. */
  leave: (step: LeaveStep) => Promise<void>;
  /** The keyboard on the screen. */
  readonly keypad: Keypad;
  /** Tells whether nobody may leave this window. */
  kiosk: () => Promise<KioskState>;
  /** Leaves the kiosk. Rejects where the station did not. */
  leaveKiosk: () => Promise<void>;
  /** Lists the displays that are connected. */
  displays: () => Promise<DisplayInfo[]>;
  /** Plays a sound as loud as somebody chose, and says a word after it, unless the window is muted. */
  play: (sound: Sound, says?: ResidentView) => void;
  /** Saves the diagnostics that are shown, and resolves to where. */
  saveDiagnostics: () => Promise<string>;
}

export const [useStation, provideStation] = createContext<StationContext>();

/** What draws the camera's picture. */
export interface CameraContext {
  /** Returns the address of the next picture. */
  readonly frame: (asks: number) => string;
  readonly mirrored: boolean;
  /** Takes the number of pictures that were shown. */
  readonly onframes: (count: number) => void;
}

export const [useCamera, provideCamera] = createContext<CameraContext>();
