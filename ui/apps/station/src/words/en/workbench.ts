import type { WorkbenchWords } from "../workbench";
import type { WorkbenchButtons } from "../words";
import { collector } from "./collector";
import { device } from "./device";
import { span } from "./amounts";
import { shift } from "./shift";
import { stick } from "./stick";

export const workbench: WorkbenchWords = {
  title: "Workbench",
  pages: {
    checkpoints: {
      name: "Checkpoints",
      note: "This laptop stands at one checkpoint at a time. Each record names it, and the direction.",
    },
    policy: {
      name: "Rules",
      note: "Which colour, from where, decides the screen. Expired, forged, revoked codes are always invalid.",
    },
    trust: {
      name: "Trust",
      note: "The issuers’ keys, revocations, rules and the list of people. The older, the stricter.",
    },
    collectors: {
      name: "Collectors",
      note: "Only those on this list work here. Who is removed is signed out at once.",
    },
    device: { name: device.name, note: device.note },
    stick: {
      name: "USB stick",
      note: "For gates without a network. The same records sent later by a network count once.",
    },
    enrolment: {
      name: "Enrolment",
      note: "Which community this laptop belongs to, and which office it obeys.",
    },
  },
  pagesLabel: "Pages of the workbench",
  leaveKiosk: "Leave kiosk",

  notices: "The office did not agree",
  notDone: {
    "checkpoint-added": (subject) => `Checkpoint “${subject}” was not added`,
    "checkpoint-changed": (subject) => `Checkpoint “${subject}” was not changed`,
    "checkpoint-removed": (subject) => `Checkpoint “${subject}” was not removed`,
    "person-added": (subject) => `${subject} was not authorised`,
    "person-removed": (subject) => `${subject} was not removed`,
    "person-restored": (subject) => `${subject} was not brought back`,
    "pin-changed": (subject) => `${subject} got no other PIN`,
    "policy-stricter": () => "The rules were not made stricter",
  },
  refusedWhy: {
    "not-allowed": "Whoever did it had no right to.",
    "not-there": "It is on no list: removed elsewhere, most likely.",
    taken: "It is there already: one with this name, or the same person.",
    full: "There are as many as there can be.",
    "last-administrator": "The last administrator stays.",
    unverified: "The office could not verify the code that was shown.",
    future: "This laptop’s clock is ahead of the office’s.",
    unusable: "No laptop could use it.",
  },
  noticesSeen: "Seen",

  problem: {
    checkpoint: ({ why }) => shift.checkpointProblem[why],
    current: () => "In use, so it stays. Switch to another one first.",
    "no-checkpoint": () => "There is no checkpoint yet. Add one, then authorise collectors.",
    "no-place": () => "There is no position now. Wait for one, or add it without.",
    "not-allowed": () => "You have no right to do this.",
    "too-many": () => "Too many changes wait for the office. Go online first.",
    "not-stricter": () => "It can only be made stricter than it is.",
    gone: () => "It is gone: removed elsewhere, most likely.",
  },
  saving: "Saving…",
  pending: "the office has to check it",
  undo: "Undo",
  undoNote: (seconds) => `${seconds} s to take it back; then other laptops are told`,
  keys: { choose: "choose", remove: "remove", undo: "undo" },

  current: "Current checkpoint",
  currentStays: "In use, so it stays. Switch to another one first.",
  noCurrent: "None is chosen yet. Choose one in a shift, or below.",
  setCurrent: "Make current",
  change: "Change",
  save: "Save",
  cancel: "Leave it",
  remove: "Remove",
  removed: (name) => `“${name}” was removed`,
  newCheckpoint: "New checkpoint",
  add: "Add",
  directionsOf: { entry: "in only", exit: "out only", both: "in and out" },
  noOthers: "There are no others. Add one below.",
  placed: "place known",
  byPlace: "Here",
  noPlace: "No position yet: please wait",
  here: (latitude, longitude, within) =>
    `At ${latitude}, ${longitude}${within === null ? "" : `, within ${within} m`}`,

  onDuty: "On duty",
  listed: "may work here",
  personRemoved: (name) => `${name} was removed and is signed out`,
  noCollectors: "There are none yet. Press F2 and scan their own health code.",
  scanTheirs: "They show their own code and choose a PIN",
  phonesMasked: "Phones are masked",

  noPolicy: "No rules are in force. Go online for a newer trust list.",
  origin: {
    community: "Community",
    city: "City",
    province: "Province",
    country: "Elsewhere",
    foreign: "Abroad",
  },
  colour: { green: "Green", yellow: "Yellow", red: "Red", grey: "Grey", uncoloured: "No colour" },
  level: {
    nation: "Nation",
    province: "Province",
    city: "City",
    district: "District",
    street: "Street",
    community: "Community",
  },
  levelsLabel: "Documents in force",
  saidBy: (level, document) => `${level}: ${document}`,
  inForce: (from, until) => (until === "" ? `from ${from}` : `${from} to ${until}`),
  stricterNote: "A community can only be stricter. The office publishes it; then all laptops follow.",
  askedFor: (value) => `asked for ${value}`,
  declarationLimit: "A declaration is good for",
  feverLimit: "Look closer from",
  repeatLimit: "Same person within",
  keptFor: (days) =>
    days === null
      ? "The office keeps passages until they are erased."
      : `The office keeps passages for ${days === 1 ? "1 day" : `${days} days`}.`,
  hours: (count) => (count % 24 === 0 && count > 24 ? `${count / 24} days` : `${count} hours`),
  seconds: (count) => `${count} s`,

  noTrust: "This laptop has no trust list yet.",
  updateNow: "Update now",
  asking: "Updating…",
  update: {
    asking: () => "Asking the office.",
    "no-answer": () => "The office does not answer; the list stays. Look at the network, then try again.",
    current: () => "There is nothing newer.",
    coming: () => "The office has newer files. They are coming down.",
    newer: ({ from, to }) =>
      from === to
        ? `Updated: the list stays version ${to}, the community’s file is new.`
        : `Updated: version ${from} → ${to}, signatures hold.`,
  },
  ago: (seconds) => `${span(seconds)} old`,
  versionOf: (version, date, clock) => `Version ${version} · signed ${date} ${clock}`,
  version: (version) => `Version ${version}`,
  whenLabel: (soft, hard) => `The bar warns in ${soft} days, no pass from ${hard} days on`,
  warns: (days) => `${days} d: the bar warns`,
  ends: (days) => `${days} d: no pass`,
  judged: "As usual",
  judgedOld: "As usual, but update",
  byHand: "By hand",
  kind: "Kind",
  foreign: "Abroad",
  keyPeriod: "Key in force (the line is today)",
  period: (from, until) => `${from} to ${until}`,
  keyChanges: (days) => `changes in ${days} d`,
  keyEnds: (days) => `ends in ${days} d`,
  keyFrom: (days) => `begins in ${days} d`,
  keyOver: "over",
  moreIssuers: (count) => `${count} more keys are not listed here.`,
  revoked: "Revoked",
  communityFile: "Community’s file",
  communityUntil: (soft, hard) => `warns from ${soft}, ends ${hard}`,
  rootFile: "Root",
  signers: "Signers abroad",

  stick,

  field: {
    community: "Community",
    office: "Office",
    laptop: "This laptop",
    since: "Enrolled",
    station: "Number",
  },
  region: (digits) => `region ${digits}`,
  port: (port) => `port ${port}`,
  unsaid: "not on record",
  card: "Fingerprint",
  cardNote: (root) => `Root version ${root}. Compare all eight groups with the card.`,
  enrolAgain: "Enrol again",
  enrolAgainNote:
    "For another community, office or name, with a new ticket. Identity and waiting records stay.",
  leave: "Leave service",
  leaveNote:
    "This laptop is no checkpoint any more. Keys, roster and records go; only a new ticket brings it back.",
  leaveSteps: (waiting, online) => [
    "It stops judging at once, and everybody is signed out.",
    waiting === 0
      ? "No records wait."
      : online
        ? `It sends the ${waiting} that wait first.`
        : `It is offline: the ${waiting} that wait are sent once online, or written to a file on the next screen.`,
    "Then keys, roster and trust list are erased. That cannot be undone.",
  ],
  leaveNow: "Yes, leave service",
  leaveNot: "Stay",
  leaveFailed: "Nothing changed: this laptop could not write. Look at its disk, then try again.",

  newPin: "New PIN",
  newPinNote: "They choose it. The old one ends at once; whoever is on duty signs in again.",
  setPin: "Set the new PIN",
  whatThen: [
    { title: "Now", note: "They sign in here with the new PIN" },
    { title: "Once online", note: "The office checks it; other laptops follow" },
    { title: "If the office says no", note: "It says why here; the old PIN stays" },
  ],

  removedHere: "removed",
  restorable: "removed; can be restored until the office publishes it",
  restore: "Restore",

  adding: "Add a collector",
  steps: ["Scan", "Phone", "Their PIN"],
  holdOut: { lines: ["Their own", "code, please"], gloss: "Hold out their own health code" },
  holdOutNote: "It has to be valid. A red code authorises nobody.",
  onTheCode: "On the code",
  verifiedAt: (clock) => `Signature holds, read ${clock}`,
  identity: "ID",
  issuer: "Issuer",
  home: "Home",
  isItThem: "Is it them? Look at them and ask for the name.",
  phone: "Phone",
  phoneNote: "11 digits. The list shows the first three and last four; they sign in by the last four.",
  phoneMasked: (masked, digits) => `The list shows ${masked}. They sign in with ${digits}.`,
  pin: "PIN, 6 digits or more",
  again: "Once more",
  typedDigits: (count) => `${count} digits typed`,
  handOver: (name) => `Hand the keyboard to ${name}.`,
  handOverNote: "Nobody else sees the PIN, nor does the administrator.",
  then: [
    { title: "Now", note: "They can sign in at this laptop" },
    { title: "Once online", note: "The office checks it; other laptops know them" },
    { title: "If the office says no", note: "It says why here, and signs them out" },
  ],
  addProblem: {
    refused: (_, refusal) => refusal,
    certificate: () => "This is a certificate from abroad. Scan a health code.",
    stop: () => "By the rules in force this code is turned back. It authorises nobody.",
    unjudged: ({ fault }) => collector.unjudgedWhy[fault],
    phone: () => "A phone has 11 digits and begins with 1.",
    listed: () => "Somebody with this name and phone is listed.",
    "pin-short": () => "A PIN has 6 digits or more.",
    "pin-long": () => "That PIN is too long.",
    "pin-not-digits": () => "A PIN has digits alone.",
    "pin-trivial": () => "That PIN is easy to guess. Choose another.",
    "pin-in-phone": () => "A PIN may not stand in the phone number.",
    "pins-differ": () => "The two PINs differ.",
    "too-many": () => "Too many changes wait for the office. Go online first.",
    "not-recorded": () => "It was not saved. Try once more.",
  },
};

/** The labels of the wing's buttons. */
export const workbenchButtons: WorkbenchButtons = {
  lock: "Lock",
  "scan-collector": "Scan to add",
  "scan-again": "No, scan again",
  "stop-adding-collector": "Cancel",
  "self-test": "Self-test",
};
