import { daysBetween, degrees } from "@kadian/kit";
import type { Colour, Origin, RecordedBefore } from "../../bindings";
import type { CollectorButtons, CollectorWords } from "../words";
import { plural, short, span, symptoms, symptomsShort } from "./amounts";
import { hints } from "./hints";

const COLOUR: Record<Colour, string> = {
  green: "Green code",
  yellow: "Yellow code",
  red: "Red code",
  grey: "Grey, no colour yet",
  uncoloured: "Code without colours",
};
const RESIDENT: Record<Origin, string> = {
  community: "a resident of this community",
  city: "a resident of this city",
  province: "a resident of this province",
  country: "from another province",
  foreign: "from abroad",
};
/** Where the colour's name is longer. */
const FROM: Record<Origin, string> = {
  ...RESIDENT,
  community: "from this community",
  city: "from this city",
  province: "from this province",
};
const CERTIFICATE = { vaccination: "Vaccination", test: "Test", recovery: "Recovery" };
const COMPARE = "Compare initials and birth date: both must match.";
const REFRESH = "Ask them to refresh it, then scan again.";
const OFFICIAL = "Ask them to open it from the official app.";
const OTHER = "Ask for another certificate, or call the officer.";

export const collector: CollectorWords = {
  verdict: {
    pass: "Pass",
    check: "Check",
    stop: "Stop",
    invalid: "Invalid",
    unjudged: "Not judged",
  },
  reasonWhy: {
    colour: ({ colour, origin }) => {
      const isLong = colour === "grey" || colour === "uncoloured";
      return `${COLOUR[colour]}, ${(isLong ? FROM : RESIDENT)[origin]}.`;
    },
    fever: ({ tenths }) => `Declared ${degrees(tenths)} °C, a fever.`,
    symptoms: ({ bits }) => `Declared ${symptoms(bits)}.`,
    "old-declaration": ({ hours }) => `The declaration is ${span(hours * 3600)} old.`,
    "paper-code": () => "Paper code: compare it with their ID.",
    passport: () => "Certificate valid: compare with a passport.",
    certificate: ({ certificate, finding, days: count, hours }) => {
      const what = CERTIFICATE[certificate];
      const ago = hours === null ? plural(count, "day") : plural(hours, "hour");
      switch (finding) {
        case "accepted":
          return `${what} abroad, ${ago} ago.`;
        case "no-rule":
          return "Foreign certificate: there is no rule here.";
        case "not-accepted":
          return `${what} abroad: not accepted here.`;
        case "detected":
          return "The test abroad was positive.";
        case "unlisted":
          return `${what} abroad: not on the list here.`;
        case "too-few-doses":
          return "Too few doses of vaccine abroad.";
        case "too-recent":
          return `${what} abroad only ${ago} ago.`;
        case "too-long-ago":
          return `${what} abroad ${ago} ago: too long.`;
        case "own-days-to-come":
          return "Its own first day is yet to come.";
        case "own-days-over":
          return "The certificate's own last day is over.";
      }
    },
  },
  checkDo: {
    colour: ({ colour }) =>
      colour === "grey"
        ? "Check the ID card, ask where they go."
        : "Check the ID card, take the temperature.",
    fever: () => "Take the temperature again, then choose.",
    symptoms: () => "Ask how they feel, measure, then choose.",
    "old-declaration": () => "Ask them to declare again, or check and choose.",
    "paper-code": () => "Check name and number on the ID, then choose.",
    passport: () => COMPARE,
    certificate: () => COMPARE,
  },
  passDo: "Let them through.",
  stopDo: "Do not let through. Call the officer on duty.",
  colourOnly: {
    green: "Green code.",
    yellow: "Yellow code.",
    red: "Red code.",
    grey: "Grey code.",
    uncoloured: "Code without colours.",
  },
  recordedBefore: (before) => `Just recorded as “${recordedAs(before)}”.`,
  againDo: {
    letThrough: "Same person: let through. Else ask for their code.",
    turnAway: "Same person: turn away. Else ask for their code.",
    stop: "Do not let through; recorded. Call the officer.",
  },
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
      seenAt === null ? "This code is not valid yet." : `This code is valid only in ${span(iat - seenAt)}.`,
    expired: ({ exp }, seenAt) =>
      seenAt === null ? "This code has expired." : `This code expired ${span(seenAt - exp)} ago.`,
    "inflates-too-far": () => "This code unpacks to far too much.",
    "bad-compression": () => "This certificate is packed the wrong way.",
    "duplicate-kid": () => "This certificate names its key twice.",
    "wrong-usage": () => "Its key may not sign this kind.",
    "wrong-version": () => "This certificate's version is unknown here.",
    "several-events": () => "This certificate has more than one event.",
    "born-after-issue": () => "They were born after this was issued.",
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
    "several-events": OTHER,
    "born-after-issue": OTHER,
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
  certificateRefusalWhy: {
    "too-long": () => "This certificate is too long.",
    "bad-encoding": () => "This certificate is wrongly encoded.",
    truncated: () => "This certificate is cut short.",
    malformed: () => "This certificate is not built right.",
    "bad-headers": () => "This certificate's header is not right.",
    "wrong-algorithm": () => "This certificate is signed in another way.",
    "unknown-issuer": () => "This certificate's signer is not listed.",
    signature: () => "Its signature fails: maybe altered.",
    "bad-claims": () => "What this certificate says is not allowed.",
    "wrong-issuer": () => "It names an issuer who did not sign it.",
    "key-not-in-force": () => "Its signer's key was not in force then.",
    "not-recognised": () => "This certificate is not recognised here.",
    revoked: () => "This certificate was revoked.",
    "not-yet-valid": ({ iat }, seenAt) =>
      seenAt === null ? "It is not valid yet." : `It is valid only in ${span(iat - seenAt)}.`,
    expired: ({ exp }, seenAt) =>
      seenAt === null ? "This certificate has expired." : `It expired ${span(seenAt - exp)} ago.`,
  },
  certificateRefusalDo: {
    "too-long": OFFICIAL,
    "bad-encoding": OFFICIAL,
    truncated: "Ask them to show all of it, then scan again.",
    malformed: OFFICIAL,
    "bad-headers": OFFICIAL,
    "wrong-algorithm": OFFICIAL,
    "unknown-issuer": OTHER,
    signature: OFFICIAL,
    "bad-claims": OTHER,
    "wrong-issuer": OTHER,
    "key-not-in-force": OTHER,
    "not-recognised": OTHER,
    revoked: "Do not let through. Call the officer on duty.",
    "not-yet-valid": OTHER,
    expired: OTHER,
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
    "community-expired": "Old roster: this laptop cannot judge.",
    "policy-missing": "A policy is missing: it cannot be judged.",
    "no-policy": "No policy in force: it cannot be judged.",
    "clock-wrong": "Wrong clock: this laptop cannot judge.",
    "disk-full": "Disk full: this laptop cannot judge.",
    "disk-read-only": "Disk read-only: this laptop cannot judge.",
    "disk-failing": "Disk errors: this laptop cannot judge.",
    "outbox-busy": "Outbox in use: this laptop cannot judge.",
    "outbox-damaged": "Outbox damaged: this laptop cannot judge.",
    "outbox-silent": "Outbox silent: this laptop cannot judge.",
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
    "community-expired": "Old roster: it was not recorded.",
    "policy-missing": "A policy is missing: it was not recorded.",
    "no-policy": "No policy in force: it was not recorded.",
    "clock-wrong": "Wrong clock: it was not recorded.",
    "disk-full": "The disk is full: it was not recorded.",
    "disk-read-only": "The disk is read-only: it was not recorded.",
    "disk-failing": "The disk has errors: it was not recorded.",
    "outbox-busy": "The outbox is in use: it was not recorded.",
    "outbox-damaged": "The outbox is damaged: it was not recorded.",
    "outbox-silent": "No answer for ten seconds: not recorded.",
  },
  notRecordedDo: "Try once more; if it fails, call the admin.",
  field: {
    name: "Name",
    initials: "Name (initials)",
    birth: "Born",
    identity: "Identity",
    certificate: "Certificate",
    declared: "Declared",
    issuer: "Issuer",
    country: "Country",
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
  certificate: { ...CERTIFICATE, vaccination: "Vaccine" },
  certificateDay: (count) => (count === 0 ? "today" : `day ${count}`),
  certificateHours: (count) => (count < 1 ? "within 1 h" : `${count} h ago`),
  codeAge: (seconds) => (seconds < 1 ? "issued just now" : `${short(seconds)} old`),
  day: (timestamp, seenAt) => {
    const date = new Date(timestamp * 1000);
    const isThisYear = date.getFullYear() === new Date(seenAt * 1000).getFullYear();
    const year = isThisYear ? {} : ({ year: "numeric" } as const);
    return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", ...year }).format(date);
  },
  overSince: (seconds) => `${short(seconds)} ago`,
  recordedAs: (word) => `as “${word}”`,
  seconds: "s",
  thenBack: "s, then back by itself",
  thenBackShort: "s",
  ready: { lines: ["Show", "a code"], gloss: "Show your health code" },
  readyNote: "Screen to the camera, inside the frame.",
  hint: hints,
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
  unconfirmed: {
    lines: ["Not", "recorded"],
    gloss: "Not recorded",
    note: "Nobody pressed Enter in time.",
    act: "To record it, take it away and show it again.",
  },
  keepOpen: "Other keys: more time",
  noAddress: "Not done online here. Ask the officer on duty.",
  qrLabel: (url) => `QR code: ${url}`,
  address: {
    "declare-again": {
      title: "Declare again",
      note: "Scan this with their phone, to declare again.",
      act: "Then show the new health code.",
    },
    "no-code": {
      title: "No code?",
      note: "Scan this with a phone, to get a health code.",
      act: "Family may do it for a child or an old person.",
    },
  },
};

/** The labels of the wing's buttons. */
export const collectorButtons: CollectorButtons = {
  confirm: "Confirm and submit",
  retry: "Not recorded, try again",
  recording: "Recording…",
  "let-through": "Let through",
  "turn-away": "Turn away",
  "record-again": "Record again",
  "let-through-again": "Let through again",
  "turn-away-again": "Turn away again",
  discard: "Discard",
  next: "Scan the next one",
  "declare-again": "Declare again",
  "no-code": "No code?",
  back: "Back",
};

/** Names what was recorded; a check with what became of it. */
function recordedAs({ shown, outcome }: RecordedBefore): string {
  const done = outcome === "let-through" ? "let through" : "turned away";
  const as: Record<RecordedBefore["shown"], string> = {
    pass: "Pass",
    check: `Check, ${done}`,
    stop: "Stop",
    unjudged: `Not judged, ${done}`,
  };
  return as[shown];
}
