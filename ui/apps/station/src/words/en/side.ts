import type { SideWords } from "../side";

export const side: SideWords = {
  name: "Residents' screen, voice and kiosk",
  row: { display: "Residents", voice: "Voice", kiosk: "Kiosk" },
  display: {
    none: "None",
    window: "A window",
    choose: { none: "None", window: "Window" },
    noneNote: "Plug a second screen in, then choose it here",
    windowNote: "Move it to where residents see it",
    note: "No name, no number",
    missing: (name) => `${name} is not connected`,
    missingNote: "Plug it in: it comes back within a second. Or choose another one",
    taken: (name) => `The collector's window is on ${name}`,
    takenNote: "Move that window to another screen, and this one appears",
  },
  voice: { off: "Off", zh: "Chinese", en: "English", both: "Both" },
  voiceNote: "Says what the residents' screen shows after a verdict's tones, and nothing else",
  voiceMuted: "Muted now: turn the sound on first",
  hear: "Listen",
  kiosk: { off: "Off", on: "On" },
  kioskNow: { locked: "Locked now", open: "Not locked now" },
  kioskNote: "While it is locked, only an administrator leaves this window",
  kioskLater: {
    on: "Locked from the program's next start on",
    off: "Not locked from the next start on, unless the start command has --kiosk",
  },
  notKept: "It was not saved. Check the disk, then try again.",
};
