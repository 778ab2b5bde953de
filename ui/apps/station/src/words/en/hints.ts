import type { CollectorWords } from "../words";

/** What keeps a code from being read, and what to do about it. */
export const hints: CollectorWords["hint"] = {
  "too-far": {
    lines: ["Move", "closer"],
    gloss: "Move closer",
    note: "The code is seen but too small to read.",
    act: "Fill the frame with it.",
  },
  blurred: {
    lines: ["Hold", "still"],
    gloss: "Hold still",
    note: "The code is seen but blurred.",
    act: "Keep it still for a moment.",
  },
  "too-bright": {
    lines: ["Tilt it", "a little"],
    gloss: "Too bright: tilt it",
    note: "The screen reflects a light.",
    act: "Turn the phone away from it.",
  },
  "cut-off": {
    lines: ["Show", "all of it"],
    gloss: "Show all of it",
    note: "Part of the code is outside the picture.",
    act: "Move it to the middle.",
  },
  "too-dark": {
    lines: ["Make it", "brighter"],
    gloss: "Too dark: brighter",
    note: "There is too little light to read it.",
    act: "Turn up the screen, or a light.",
  },
  "take-away": {
    lines: ["Take it", "away"],
    gloss: "Take it away",
    note: "This code was dealt with just now.",
    act: "Take it away, then show it again.",
  },
  "one-of-several": {
    lines: ["Another", "code"],
    gloss: "Another code",
    note: "It is one of several that belong together.",
    act: "Ask for the health code.",
  },
  "one-at-a-time": {
    lines: ["One at", "a time"],
    gloss: "One at a time",
    note: "There are several codes in the picture.",
    act: "Keep only one in the frame.",
  },
  "scan-incomplete": {
    lines: ["Scan", "once more"],
    gloss: "Scan once more",
    note: "Only a part of the code came from the scanner.",
    act: "Hold still, and scan again.",
  },
  "scan-doubled": {
    lines: ["Two codes", "in one"],
    gloss: "Two codes in one",
    note: "The scanner sent two codes as one.",
    act: "Scan one, and wait for its answer.",
  },
  "scanned-twice": {
    lines: ["Read", "already"],
    gloss: "Read already",
    note: "The scanner read this code a moment ago.",
    act: "Take it away, or wait two seconds.",
  },
  "scanner-off": {
    lines: ["Scanner", "is off"],
    gloss: "Scanner is off",
    note: "A scanner types, and none is to be used.",
    act: "An administrator chooses it.",
  },
};
