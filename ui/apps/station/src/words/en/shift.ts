import type { ShiftButtons, ShiftWords } from "../words";
import { span } from "./amounts";

export const shift: ShiftWords = {
  signIn: { lines: ["Sign in"], gloss: "Sign in" },
  phone: "Last 4 digits of the phone",
  pin: "PIN, 6 digits",
  pinFilled: (digits) => `${digits} digits typed`,
  checking: "Checking…",
  signInProblem: {
    "wrong-digits-or-secret": () => "Digits or PIN are not right.",
    wait: ({ seconds }) => `Too many tries. Wait ${span(seconds)}.`,
    removed: () => "You are off the list. Ask the admin.",
    changed: () => "Your PIN or role has changed. Sign in anew.",
    idle: () => "Signed out: no key for a long time.",
  },
  checkpoints: { lines: ["Where?"], gloss: "Choose the checkpoint" },
  lastTime: "last time",
  addCheckpoint: "Add one",
  checkpointName: "Name of the checkpoint",
  checkpointProblem: {
    "bad-name": "Give it a name of up to 40 characters.",
    exists: "There is one with this name.",
    "not-recorded": "It was not saved. Try once more.",
  },
  noCheckpoints: "There is none yet. Ask the administrator.",
  followSystem: "System",
};

/** The labels of the wing's buttons. */
export const shiftButtons: ShiftButtons = {
  "sign-in": "Sign in",
  "add-checkpoint": "Add",
  "switch-checkpoint": "Switch checkpoint",
  "end-shift": "End shift",
};
