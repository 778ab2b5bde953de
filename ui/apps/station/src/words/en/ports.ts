import type { PortWords } from "../ports";

export const ports: PortWords = {
  row: { scanner: "Hand scanner", relay: "Relay" },
  choosing: { scanner: "Which hand scanner", relay: "Which port the lamp or barrier is at" },
  usedAs: { scanner: "In use as the scanner", relay: "In use as the relay" },
  noDevices: "No scanner of its own is plugged in. Plug one in, then open this again.",
  noPorts: "No serial port is plugged in. Plug the relay in, then open this again.",
  keyboard: "Keyboard",
  port: "Serial port",

  way: { none: "None", window: "Types into the window", serial: "Serial port", keyboard: "Keyboard" },
  wayNote: {
    none: "What a scanner types is swallowed",
    window: "Plug it in, and scan: nothing to set up",
  },
  keyboardNote: "It then types codes here, and nothing else any more",
  reads: (clock) => (clock === null ? "There, has read nothing yet" : `There, read last at ${clock}`),
  scannerFault: {
    absent: "Not there: plug it in, or choose it again",
    "no-permission": "This account may not read it: see docs/scanners.md",
    busy: "Another program holds it: close that",
    unusable: "Does not work like this: choose it again",
  },

  noRelay: "None",
  relayNote: "A lamp or a barrier that obeys whoever was let through",
  relayNone: "No lamp and no barrier",
  kind: { bytes: "Board", rts: "Line RTS", dtr: "Line DTR" },
  kindLabel: "How it switches",
  pulseLabel: "On for",
  pulse: (millis) => `${millis / 1000} s`,
  careful: "Nothing is opened until you choose. What hangs on a wrong port may move.",
  tryOut: "Pulse once",
  tried: "Pulsed once",
  relayFault: {
    absent: "Not there: plug it in. The gate goes on without it",
    "no-permission": "This account may not use it: see docs/relay.md",
    busy: "Another program holds it: close that",
    unusable: "Does not work like this: choose another kind or port",
    "is-scanner": "It is the hand scanner: choose another port for one of them",
  },
};
