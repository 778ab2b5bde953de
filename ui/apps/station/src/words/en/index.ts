import { dateAndClock } from "@kadian/kit";
import type { Words } from "../words";
import { collector } from "./collector";
import { shift } from "./shift";
import { station } from "./station";

export const en: Words = {
  tag: "en",
  button: {
    confirm: "Confirm and submit",
    retry: "Not recorded, try again",
    recording: "Recording…",
    "record-again": "Record again",
    "record-unjudged": "Record as “Not judged”",
    discard: "Discard",
    next: "Scan the next one",
    "declare-again": "Declare again",
    "no-code": "No code?",
    back: "Back",
    "sign-in": "Sign in",
    "add-checkpoint": "Add",
    "switch-checkpoint": "Switch checkpoint",
    "end-shift": "End shift",
    "fault-seen": "Seen",
    "assert-time": (now) => `It is ${dateAndClock(now)}`,
  },
  withKey: (label, key) => `${label} (${key})`,
  ...collector,
  ...shift,
  ...station,
};
