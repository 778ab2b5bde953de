import type { ShiftButtons, ShiftWords } from "../words";
import { span } from "./amounts";

export const shift: ShiftWords = {
  signIn: { lines: ["Sign in"], gloss: "Sign in" },
  digits: "Last four digits of your phone",
  secret: "PIN of 6 digits; administrators: secret",
  secretFilled: (count) => `${count} characters typed`,
  checking: "Checking…",
  ended: "The shift has ended.",
  endedSeconds: (left) => `You can take that back for ${left} s.`,
  signInProblem: {
    "wrong-digits-or-secret": () => "Digits or PIN are not right.",
    wait: ({ seconds }) => `Too many tries. Wait ${span(seconds)}.`,
    removed: () => "You are off the list. Ask the admin.",
    changed: () => "PIN or role changed. Sign in again.",
    idle: () => "Signed out: no key or code for long.",
    "not-checked": () => "Laptop too busy to check. Try again.",
  },
  door: { lines: ["Workbench"], gloss: "Administrator signs in" },
  noWorkbench: (name) => `${name} is a collector and has no workbench.`,
  whomToAsk: (contact) =>
    `It is for the community’s administrators. Ask ${contact === "" ? "the community" : contact} for it.`,
  whichPerson: { lines: ["Which", "of you?"], gloss: "Which of you?" },
  whichPersonNote: (digits) => `These phones end in ${digits}.`,
  checkpoints: { lines: ["Which", "place?"], gloss: "Which checkpoint?" },
  lastTime: "Here last time",
  direction: { in: "In", out: "Out" },
  directions: { entry: "In only", exit: "Out only", both: "Both" },
  directionLabel: "In or out",
  willRecord: (checkpoint, direction) => `${checkpoint}, recording “${direction === "in" ? "In" : "Out"}”.`,
  willAdd: (name) => (name === "" ? "Type the checkpoint's name." : `Adds “${name}”.`),
  willRecordNote: "Each record names the checkpoint and the direction.",
  willAddNote: "The community is told, and confirms it.",
  arrows: { checkpoint: "place", direction: "in or out" },
  addCheckpoint: "Not here? Type to add",
  addCheckpointNote: "The community is told, and confirms it",
  checkpointName: "Name of the checkpoint",
  checkpointProblem: {
    "bad-name": "Give it a name of up to 40 characters.",
    exists: "There is one with this name.",
    "not-recorded": "It was not saved. Try once more.",
  },
  noCheckpoints: "There is none yet. Ask the administrator.",
};

/** The labels of the wing's buttons. */
export const shiftButtons: ShiftButtons = {
  "sign-in": "Sign in",
  "choose-checkpoint": "Start shift",
  "add-checkpoint": "Add",
  "stop-adding": "Do not add",
  "back-to-sign-in": "Sign out",
  "switch-checkpoint": "Switch checkpoint",
  "end-shift": "End shift",
  "resume-shift": "Take back, go on",
  "open-workbench": "Workbench",
};
