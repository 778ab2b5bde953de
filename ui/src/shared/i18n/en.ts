import { amount, bitsOf, dateAndClock, days, daysBetween, degrees, type Unit } from "./amounts";
import type { FaultWords, Words } from "./words";
import type { CertificateKind } from "../../bindings/CertificateKind";
import type { Colour } from "../../bindings/Colour";
import type { Origin } from "../../bindings/Origin";

const SHORT: Record<Unit, string> = { second: "s", minute: "min", hour: "h", day: "d" };
const COLOUR: Record<Colour, string> = {
  green: "Green code, issued",
  yellow: "Yellow code, issued",
  red: "Red code, issued",
  grey: "Grey, no colour yet,",
  uncoloured: "No-colour code, issued",
};
const ORIGIN: Record<Origin, string> = {
  community: "this community",
  city: "this city",
  province: "this province",
  country: "another province",
  foreign: "abroad",
};
const CERTIFICATE: Record<CertificateKind, string> = {
  vaccination: "Vaccination",
  test: "Test",
  recovery: "Recovery",
};
const SYMPTOM = ["cough", "fatigue", "short breath", "sore throat", "diarrhoea", "a close contact"];

/** `12 minutes`, in a sentence. */
const span = (seconds: number): string => {
  const { count, unit } = amount(seconds);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
};

/** `12 min`, beside a figure. */
const short = (seconds: number): string => {
  const { count, unit } = amount(seconds);
  return `${count} ${SHORT[unit]}`;
};

/** At most two by name, so that the line stays one line. */
const symptoms = (bits: number): string => {
  const names = bitsOf(bits).map((bit) => SYMPTOM[bit] ?? "");
  if (names.length > 2) return `${names[0]} and ${names.length - 1} more`;
  return names.join(" and ");
};

/** In the row of fields there is room for one. */
const symptomsShort = (bits: number): string => {
  const names = bitsOf(bits).map((bit) => SYMPTOM[bit] ?? "");
  return names.length > 1 ? `${names[0]} +${names.length - 1}` : names.join("");
};

const REFRESH = "Ask them to refresh it, then scan again.";
const OFFICIAL = "Ask them to open it from the official app.";
const OTHER = "Ask for another certificate, or call the officer.";
const UNPLUG = { title: "Push the USB plug in", note: "At the camera and at the laptop" };
const OTHER_PORT = { title: "Use another USB port", note: "Not through a hub" };
const CALL_CAMERA = { title: "Still dark: call the admin", note: "Choose or replace the camera" };
const GET_ONLINE = { title: "Connect to the network", note: "It updates, and the screen returns by itself" };
const BY_STICK = { title: "No network: call the admin", note: "To import the trust list by USB stick" };
const disk = (why: string): FaultWords => ({
  why,
  do: "Pause recording and call the administrator.",
  steps: [
    { title: "Leave it running", note: "Records stay sealed here" },
    { title: "Connect to the network", note: "Uploading makes room" },
    { title: "Call the administrator", note: "To check the disk" },
  ],
  activity: "Trying again",
});

export const en: Words = {
  tag: "en",
  verdict: {
    pass: "Pass",
    check: "Check",
    stop: "Stop",
    invalid: "Invalid",
    again: "Already recorded",
    unjudged: "Not judged",
  },
  pleaseWait: "Please wait",
  noStation: {
    "not-enrolled": {
      word: "Not set up",
      why: "This laptop is no station yet.",
      do: "A technician enrols it with a ticket.",
    },
    "in-use": {
      word: "In use",
      why: "This station is open in another window.",
      do: "Close this one and use the other.",
    },
    "no-station": {
      word: "Won't open",
      why: "The station's own files can't be read.",
      do: "Restart it; if that fails, call a technician.",
    },
  },

  reasonWhy: {
    colour: ({ colour, origin }) => `${COLOUR[colour]} ${by(origin)}.`,
    fever: ({ tenths }) => `Declared ${degrees(tenths)} °C, a fever.`,
    symptoms: ({ bits }) => `Declared ${symptoms(bits)}.`,
    "old-declaration": ({ hours }) => `The declaration is ${span(hours * 3600)} old.`,
    "paper-code": () => "Paper code: compare it with their ID.",
    certificate: ({ certificate, finding, days: count }) => {
      const what = CERTIFICATE[certificate];
      const ago = plural(count, "day");
      switch (finding) {
        case "accepted":
          return `${what} abroad, ${ago} ago.`;
        case "no-rule":
          return "Foreign certificate: there is no rule here.";
        case "not-accepted":
          return `${what} abroad: not accepted here.`;
        case "detected":
          return "The test abroad was positive.";
        case "too-few-doses":
          return "Too few doses of vaccine abroad.";
        case "too-recent":
          return `${what} abroad only ${ago} ago.`;
        case "too-long-ago":
          return `${what} abroad ${ago} ago: too long.`;
      }
    },
  },
  checkDo: {
    colour: ({ colour }) =>
      colour === "grey"
        ? "Check their ID, ask where they go, then record."
        : "Check their ID and temperature, then record.",
    fever: () => "Measure the temperature again, then record.",
    symptoms: () => "Ask how they feel, measure, then record.",
    "old-declaration": () => "Ask them to declare again, or check and record.",
    "paper-code": () => "Check name and number on their ID, then record.",
    certificate: () => "Compare it with their passport, then record.",
  },
  passDo: "Let them through.",
  stopDo: "Do not let through. Call the officer on duty.",
  refusalWhy: {
    "not-a-health-code": () => "This is not a health code.",
    "too-long": () => "This code is too long to be a health code.",
    "bad-encoding": () => "This code is wrongly encoded.",
    truncated: () => "This code is cut short.",
    malformed: () => "This code is not built as it should be.",
    "non-canonical": () => "This code is not written by the standard.",
    "bad-headers": () => "This code's header is not as it should be.",
    "wrong-algorithm": () => "This code is signed in a way not accepted.",
    "unknown-issuer": () => "This code's issuer is not on the trust list.",
    signature: () => "The code's signature fails: maybe altered.",
    "bad-claims": () => "What this code says is not allowed.",
    "wrong-issuer": () => "The code names an issuer who did not sign it.",
    "key-not-in-force": () => "The issuer's key was not in force then.",
    "life-too-long": () => "This code is valid for longer than allowed.",
    "out-of-region": () => "The issuer may not issue for that region.",
    "not-recognised": () => "The code's issuer is not recognised here.",
    revoked: () => "This code was revoked by its issuer.",
    "not-yet-valid": ({ iat }, seenAt) =>
      seenAt === null
        ? "This code is not valid yet."
        : `This code is valid only in ${span(iat - seenAt)}.`,
    expired: ({ exp }, seenAt) =>
      seenAt === null ? "This code has expired." : `This code expired ${span(seenAt - exp)} ago.`,
    "inflates-too-far": () => "This code unpacks to far too much.",
    "bad-compression": () => "This certificate is packed the wrong way.",
    "duplicate-kid": () => "This certificate names its key twice.",
    "wrong-usage": () => "Its key may not sign this kind.",
    "wrong-version": () => "This certificate's version is unknown here.",
    "impossible-date": () => "A date on this certificate can't be right.",
    "no-name": () => "There is no name on this certificate.",
    "unreadable-name": () => "This certificate's name can't be shown.",
  },
  refusalDo: {
    "inflates-too-far": OFFICIAL,
    "bad-compression": OFFICIAL,
    "duplicate-kid": OFFICIAL,
    "wrong-usage": OTHER,
    "wrong-version": OTHER,
    "impossible-date": OTHER,
    "no-name": OTHER,
    "unreadable-name": OTHER,
    "not-a-health-code": "Ask them to open their health code, scan again.",
    "too-long": "Ask them to open their health code, scan again.",
    "bad-encoding": REFRESH,
    truncated: "Ask them to show all of it, then scan again.",
    malformed: REFRESH,
    "non-canonical": OFFICIAL,
    "bad-headers": OFFICIAL,
    "wrong-algorithm": OFFICIAL,
    "unknown-issuer": "Ask for a code from an official issuer.",
    signature: OFFICIAL,
    "bad-claims": OFFICIAL,
    "wrong-issuer": OFFICIAL,
    "key-not-in-force": REFRESH,
    "life-too-long": OFFICIAL,
    "out-of-region": "Ask for a code issued for their own region.",
    "not-recognised": "Ask for a code that is recognised here.",
    revoked: "Do not let through. Ask them to declare again.",
    "not-yet-valid": "Ask them to check the phone's time and refresh.",
    expired: REFRESH,
  },
  again: {
    why: "This person was just recorded here.",
    do: "No need again. Someone else? Ask for theirs.",
  },
  unjudgedWhy: {
    "camera-none": "No camera: this laptop cannot judge.",
    "camera-busy": "Camera in use: this laptop cannot judge.",
    "camera-no-permission": "Camera closed: this laptop cannot judge.",
    "camera-lost": "Camera gone: this laptop cannot judge.",
    "camera-stalled": "No picture: this laptop cannot judge.",
    "camera-covered": "Lens covered: this laptop cannot judge.",
    "trust-missing": "No trust list: this laptop cannot judge.",
    "trust-expired": "Old trust list: this laptop cannot judge.",
    "clock-wrong": "Wrong clock: this laptop cannot judge.",
    "disk-full": "Disk full: this laptop cannot judge.",
    "disk-read-only": "Disk read-only: this laptop cannot judge.",
    "outbox-damaged": "Outbox damaged: this laptop cannot judge.",
  },
  unjudgedDo: "Check their ID; record it as “Not judged”.",
  notRecordedWhy: {
    "camera-none": "No camera: it was not recorded.",
    "camera-busy": "Camera in use: it was not recorded.",
    "camera-no-permission": "Camera closed: it was not recorded.",
    "camera-lost": "Camera gone: it was not recorded.",
    "camera-stalled": "No picture: it was not recorded.",
    "camera-covered": "Lens covered: it was not recorded.",
    "trust-missing": "No trust list: it was not recorded.",
    "trust-expired": "Old trust list: it was not recorded.",
    "clock-wrong": "Wrong clock: it was not recorded.",
    "disk-full": "The disk is full: it was not recorded.",
    "disk-read-only": "The disk is read-only: it was not recorded.",
    "outbox-damaged": "The outbox is damaged: it was not recorded.",
  },
  notRecordedDo: "Try once more; if it fails, call the admin.",

  fault: {
    "camera-none": {
      why: "No camera found; it is not the code.",
      do: "Plug in a USB camera; the picture comes by itself.",
      steps: [{ title: "Plug in a camera", note: "Any USB camera will do" }, OTHER_PORT, CALL_CAMERA],
      activity: "Looking for a camera",
    },
    "camera-busy": {
      why: "The camera is in use; it is not the code.",
      do: "Close what uses it; the picture comes back.",
      steps: [
        { title: "Close video programs", note: "Meetings, camera, browser" },
        { title: "Unplug, plug in again", note: "Wait three seconds between" },
        CALL_CAMERA,
      ],
      activity: "Opening it again",
    },
    "camera-no-permission": {
      why: "This account may not use the camera.",
      do: "Call the administrator to allow the camera.",
      steps: [
        { title: "Call the administrator", note: "This account needs access to video devices" },
        { title: "Sign in to the system again", note: "The permission counts after that" },
      ],
      activity: "Opening it again",
    },
    "camera-lost": {
      why: "The camera is gone; it is not the code.",
      do: "Push the USB plug in; the picture comes back.",
      steps: [UNPLUG, OTHER_PORT, CALL_CAMERA],
      activity: "Reconnecting",
    },
    "camera-stalled": {
      why: "The camera sends nothing; it is not the code.",
      do: "Unplug it and plug it in; the picture comes back.",
      steps: [{ title: "Unplug, plug in again", note: "Wait three seconds between" }, OTHER_PORT, CALL_CAMERA],
      activity: "Waiting for a picture",
    },
    "camera-covered": {
      why: "The picture is black; it is not the code.",
      do: "Open the lens cover, or switch on a light.",
      steps: [
        { title: "Open the lens cover", note: "Some cameras have a slide" },
        { title: "Switch on a light", note: "Before the camera" },
        CALL_CAMERA,
      ],
      activity: "Waiting for a picture",
    },
    "trust-missing": {
      why: "There is no trust list on this laptop.",
      do: "Connect to the network; it comes by itself.",
      steps: [GET_ONLINE, BY_STICK],
      activity: "Waiting for it",
    },
    "trust-expired": {
      why: "The trust list is too old, not the code.",
      do: "No passes. Check ID; record as “Not judged”.",
      steps: [GET_ONLINE, BY_STICK],
      activity: "Waiting for an update",
    },
    "clock-wrong": {
      why: "This laptop's clock is wrong.",
      do: "No passes. Check ID; record as “Not judged”.",
      steps: [
        { title: "Connect to the network", note: "It sets the clock, and the screen returns" },
        { title: "No network: call the admin", note: "To set this laptop's time" },
      ],
      activity: "Waiting for the time",
    },
    "disk-full": disk("The disk is full: nothing can be recorded."),
    "disk-read-only": disk("The disk is read-only: nothing is recorded."),
    "outbox-damaged": {
      why: "The outbox won't open: nothing is recorded.",
      do: "Pause recording and call the administrator.",
      steps: [
        { title: "Leave it running", note: "It is reading out what was recorded" },
        { title: "Call the administrator", note: "And tell them the code below" },
      ],
      activity: "Repairing",
    },
  },
  trustExpiredWhy: (count, limit) =>
    limit ? `Trust list ${count} days old; the limit is ${limit}.` : `The trust list is ${count} days old: too old.`,
  trustMeter: {
    updated: "Updated",
    soft: (count) => `${count} days: reminder`,
    hard: (count) => `${count} days: no passes`,
    now: (count) => `${count} days`,
  },
  faultSince: (activity, seconds, code) => `${activity} · for ${short(seconds)} · ${code}`,
  cameraReturning: "The camera is back, starting",
  closeProgram: (program) => ({ title: `Close “${program}”`, note: "It is using the camera" }),
  mendCamera: { title: "Call the admin, to run in a terminal" },
  safe: (waiting) =>
    waiting > 0 ? `The ${waiting} recorded are safe, sealed on this laptop` : "All recorded are uploaded and safe",
  safeDamaged: "Whatever can be read is kept",
  seen: "Seen",
  timeIsRight: (now) => `It is ${dateAndClock(now)}`,

  field: {
    name: "Name",
    identity: "Identity",
    certificate: "Certificate",
    declared: "Declared",
    issuer: "Issuer",
    validUntil: "Valid until",
    code: "Code",
  },
  declared: (tenths, bits) => {
    const warmth = tenths === null ? "No temperature" : `${degrees(tenths)} °C`;
    return `${warmth}, ${bits === 0 ? "well" : symptomsShort(bits)}`;
  },
  declaredAge: (hours, seenAt) => {
    if (hours < 1) return "within 1 h";
    if (hours < 24) return `${hours} h ago`;
    const nights = daysBetween(seenAt - hours * 3600, seenAt);
    return nights <= 1 ? "yesterday" : `${nights} days ago`;
  },
  certificate: CERTIFICATE,
  certificateAge: (count) => (count === 0 ? "today" : `${plural(count, "day")} ago`),
  codeAge: (seconds) => (seconds < 0 ? `issued in ${short(-seconds)}` : `${short(seconds)} old`),
  overSince: (seconds) => `${short(seconds)} ago`,

  key: {
    confirm: "Confirm and submit",
    retry: "Not recorded, try again",
    recording: "Recording…",
    discard: "Discard",
    declareAgain: "Declare again",
    next: "Scan the next one",
    recordAgain: "Record again",
    noCode: "No code?",
    endShift: "End shift",
    back: "Back",
    signIn: "Sign in",
    choose: "Choose",
    add: "Add",
    cancel: "Cancel",
    switchCheckpoint: "Switch checkpoint",
  },
  recordedAs: (word) => `as “${word}”`,
  recordAs: (word) => `Record as “${word}”`,
  seconds: "s",
  thenBack: "s, then back by itself",

  ready: { lines: ["Show", "a code"], gloss: "Show your health code" },
  readyNote: "Screen to the camera, inside the frame.",
  hint: {
    "too-far": {
      lines: ["Move", "closer"],
      gloss: "Move closer",
      note: "The code is seen but too small to read.",
      act: "Fill the frame with it.",
    },
    blurred: { lines: ["Hold", "still"], gloss: "Hold still", note: "The code is seen but blurred.", act: "Keep it still for a moment." },
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
    "one-at-a-time": {
      lines: ["One at", "a time"],
      gloss: "One at a time",
      note: "There are several codes in the picture.",
      act: "Keep only one in the frame.",
    },
  },
  offline: {
    title: "Offline, works as usual",
    note: (waiting) => `${waiting} records, sealed here, upload later.`,
  },
  recorded: {
    lines: ["Recorded"],
    gloss: "Recorded",
    note: "Sealed on this laptop.",
    act: "Next, please show a code.",
  },

  signIn: { lines: ["Sign in"], gloss: "Sign in" },
  phone: "Phone",
  pin: "PIN, 6 digits",
  pinFilled: (digits) => `${digits} digits typed`,
  checking: "Checking…",
  signInProblem: {
    "wrong-phone-or-pin": () => "Phone or PIN is not right.",
    wait: ({ seconds }) => `Too many tries. Wait ${span(seconds)}.`,
    removed: () => "You are off the list. Ask the admin.",
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

  declareAgain: {
    lines: ["Declare", "again"],
    gloss: "Declare again",
    note: "Scan this with their phone, to declare again.",
    act: "Then show the new health code.",
  },
  noCode: {
    lines: ["No code?"],
    gloss: "No code?",
    note: "Scan this with a phone, to get a health code.",
    act: "Family may do it for a child or an old person.",
  },
  noAddress: "Not done online here. Ask the officer on duty.",
  qrLabel: (url) => `QR code: ${url}`,

  bar: {
    collector: (name) => `Collector ${name}`,
    signedOut: "Signed out",
    noCheckpoint: "No checkpoint",
    online: "Online",
    offline: "Offline",
    waiting: (count) => `${count} waiting`,
    trust: (seconds) => (seconds < 60 ? "Trust list just updated" : `Trust list ${short(seconds)} old`),
    trustOld: (seconds) => (days(seconds) < 1 ? "Trust list is old" : `Trust list ${plural(days(seconds), "day")}`),
    trustMissing: "No trust list",
    clockWrong: "Clock wrong",
    busy: "Computer busy",
    battery: (percent, charging) => `Battery ${percent}%${charging ? ", charging" : ""}`,
    muted: "Muted",
    mute: "Sound off (F7)",
    unmute: "Sound on (F7)",
    switchCheckpoint: "Switch checkpoint (F8)",
    label: "Status",
  },
  language: "Language",
  followSystem: "System",
  simulated: "Simulated camera",
  still: "The picture stands still",
  noPicture: "No picture yet",
  cameraStarting: "The camera is starting",
  lesserPicture: ({ width, height, rate, small }) =>
    small ? `${width}×${height}: the camera has no larger` : `${rate} pictures a second: the camera has no more`,
  preview: "Camera picture",
};

function by(origin: Origin): string {
  return origin === "foreign" ? ORIGIN.foreign : `by ${ORIGIN[origin]}`;
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
