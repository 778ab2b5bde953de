import { clock, days } from "@kadian/kit";
import type { FaultWords, StationButtons, StationWords } from "../words";
import { plural, short } from "./amounts";

const UNPLUG = { title: "Push the USB plug in", note: "At the camera and at the laptop" };
const OTHER_PORT = { title: "Use another USB port", note: "Not through a hub" };
const CALL_CAMERA = {
  title: "Still dark: call the admin",
  note: "Choose or replace the camera",
  calls: true as const,
};
const GET_ONLINE = { title: "Connect to the network", note: "It updates, and the screen returns by itself" };
const NO_NETWORK = {
  title: "No network: call the admin",
  note: "A phone's hotspot will do, once",
  calls: true as const,
};
const disk = (why: string): FaultWords => ({
  why,
  do: "Pause recording and call the administrator.",
  steps: [
    { title: "Leave it running", note: "Records stay sealed here" },
    { title: "Connect to the network", note: "Uploading makes room" },
    { title: "Call the administrator", note: "To check the disk", calls: true as const },
  ],
  activity: "Trying again",
});

export const station: StationWords = {
  pleaseWait: "Please wait",
  callWhom: "Call",
  lost: {
    "struck-together": "Two keys at once: nothing done",
    "not-delivered": "It did not arrive: press again",
  },
  scanning: (read, of) => `Reading the code: ${read} of about ${of} characters`,
  silent: {
    why: "This laptop is silent; it is not the code.",
    do: "Wait ten seconds, then close it and open it again.",
  },
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
    withdrawn: {
      word: "Out of service",
      why: "Everything was sent; this laptop is empty.",
      do: "Use another checkpoint. To return it, ask.",
    },
    left: {
      word: "Left service",
      why: "This laptop has left service and is erased.",
      do: "To be a checkpoint again it needs a new ticket.",
    },
    "no-station": {
      word: "Won't open",
      why: "The station's own files can't be read.",
      do: "Restart it; if that fails, call a technician.",
    },
  },
  leaving: {
    word: "Leaving",
    why: "An administrator takes this laptop out of service.",
    do: "It judges nothing. Use another checkpoint.",
    steps: [
      { title: "It sends what waits", note: "Leave it switched on and online" },
      { title: "Then it erases itself", note: "Keys, roster and trust list" },
    ],
    export: "Write a file instead",
    exportNote: (count) =>
      `The ${count} that wait are written to a file, sealed, and then erased here. The office needs that file: if it is lost, they are.`,
    exportNow: (count) => `Write ${count} to a file, then erase`,
    exportNot: "Go on sending",
    exportFailed: "Nothing was written, and nothing is lost. Look at the disk, then try again.",
    code: "STATION-LEAVING",
  },
  exported: (count) =>
    `${plural(count, "record")} could not be sent. They are sealed in this folder; take it to the office:`,
  outOfService: {
    word: "Out of service",
    why: "Your community withdrew this laptop.",
    do: "It judges nothing. Use another checkpoint.",
    waiting: (count) => `${plural(count, "record")} still to send`,
    nothingWaits: "Everything is sent",
    steps: [
      { title: "Records are still sent", note: "Sealed; the office opens them" },
      { title: "Then it erases itself", note: "Roster, keys and trust list" },
    ],
    call: "To return it, or to ask, call",
    nobody: "the community's administrator",
    code: "STATION-WITHDRAWN",
  },
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
        {
          title: "Call the administrator",
          note: "This account needs access to video devices",
          calls: true as const,
        },
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
      steps: [
        { title: "Unplug, plug in again", note: "Wait three seconds between" },
        OTHER_PORT,
        CALL_CAMERA,
      ],
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
      steps: [GET_ONLINE, NO_NETWORK],
      activity: "Waiting for it",
    },
    "trust-expired": {
      why: "The trust list is too old, not the code.",
      do: "No passes. Check ID; record as “Not judged”.",
      steps: [GET_ONLINE, NO_NETWORK],
      activity: "Waiting for an update",
    },
    "community-expired": {
      why: "The community's roster is too old.",
      do: "No passes. Check ID; record as “Not judged”.",
      steps: [GET_ONLINE, NO_NETWORK],
      activity: "Waiting for an update",
    },
    "policy-missing": {
      why: "A policy is missing on this laptop.",
      do: "No passes. Check ID; record as “Not judged”.",
      steps: [GET_ONLINE, NO_NETWORK],
      activity: "Waiting for the policy",
    },
    "no-policy": {
      why: "No policy is in force; it is not the code.",
      do: "No passes. Check ID; record as “Not judged”.",
      steps: [GET_ONLINE, NO_NETWORK],
      activity: "Waiting for the policy",
    },
    "clock-wrong": {
      why: "This laptop's clock is wrong.",
      do: "No passes. Check ID; record as “Not judged”.",
      steps: [{ title: "Connect to the network", note: "It sets the clock, and the screen returns" }],
      activity: "Waiting for the time",
    },
    "disk-full": disk("The disk is full: nothing can be recorded."),
    "disk-read-only": disk("The disk is read-only: nothing is recorded."),
    "disk-failing": disk("The disk has errors: nothing is recorded."),
    "outbox-busy": {
      why: "Another program holds the outbox.",
      do: "Close that program; the screen returns.",
      steps: [
        { title: "Close other programs", note: "Backup, virus scan, database viewer" },
        { title: "Call the administrator", note: "To find the program that holds it", calls: true as const },
      ],
      activity: "Trying again",
    },
    "outbox-damaged": {
      why: "The outbox won't open: nothing is recorded.",
      do: "Pause recording and call the administrator.",
      steps: [
        { title: "Leave it running", note: "It is reading out what was recorded" },
        { title: "Call the administrator", note: "And tell them the code below", calls: true as const },
      ],
      activity: "Repairing",
    },
    "outbox-silent": {
      why: "The outbox is silent: nothing is recorded.",
      do: "Pause recording and call the administrator.",
      steps: [
        { title: "Wait a little", note: "The screen returns once it answers" },
        {
          title: "Call the administrator",
          note: "To check the disk, or to open this anew",
          calls: true as const,
        },
      ],
      activity: "Waiting for an answer",
    },
  },
  dateInWords,
  clockSays: (timestamp) => ({
    title: "No network: call the admin",
    calls: true,
    note: `This laptop says ${dateInWords(timestamp)}, ${clock(timestamp)}`,
  }),
  vouch: (timestamp) => ({
    title: dateInWords(timestamp),
    note: "No network: compare with a watch",
  }),
  trustExpiredWhy: (count, limit) =>
    limit
      ? `Trust list ${count} days old; the limit is ${limit}.`
      : `The trust list is ${count} days old: too old.`,
  trustMeter: {
    updated: "Updated",
    soft: (count) => `${count} days: reminder`,
    hard: (count) => `${count} days: no passes`,
    now: (count) => `${count} days`,
  },
  faultSince: (activity, seconds, code) => `${activity} · for ${short(seconds)} · ${code}`,
  cameraReturning: "The camera is back, starting",
  closeProgram: (program) => ({ title: `Close “${program}”`, note: "It is using the camera" }),
  mendCamera: { title: "Call the admin, to run in a terminal", calls: true as const },
  safe: (waiting) =>
    waiting > 0
      ? `${plural(waiting, "record")} waiting: safe, sealed on this laptop`
      : "All records are uploaded and safe",
  safeDamaged: "Whatever can be read is kept",
  safeUncounted: "All recorded are safe, sealed on this laptop",
  bar: {
    collector: (name) => `Collector ${name}`,
    administrator: (name) => `Administrator ${name}`,
    signedOut: "Signed out",
    noCheckpoint: "No checkpoint",
    online: "Online",
    offline: "Offline",
    offlineClock: "Offline: wrong clock",
    asserted: (name) => `by ${name}`,
    waiting: (count) => `${count} waiting`,
    waitingNote:
      "Records sealed on this laptop that wait to be sent: passages, sign-ins, changes of checkpoints.",
    setAside: (count) => `${count} refused: call the admin`,
    setAsideNote:
      "The back office cannot read these records. They stay sealed on this laptop; an administrator exports them with `kadian station export`.",
    trust: (seconds) => (seconds < 60 ? "Trust list just updated" : `Trust list ${short(seconds)} old`),
    trustOld: (seconds) =>
      days(seconds) < 1 ? "Trust list is old" : `Trust list ${plural(days(seconds), "day")}`,
    trustMissing: "No trust list",
    clockWrong: "Clock wrong",
    busy: "Computer busy",
    scanner: {
      absent: "Scanner unplugged",
      "no-permission": "Scanner: no permission",
      busy: "Scanner held by another program",
      unusable: "Scanner does not work",
    },
    relay: {
      absent: "Relay unplugged",
      "no-permission": "Relay: no permission",
      busy: "Relay held by another program",
      unusable: "Relay does not work",
      "is-scanner": "Relay is the scanner",
    },
    trial: "Trial",
    battery: (percent, charging) => `Battery ${percent}%${charging ? ", charging" : ""}`,
    theme: { light: "Light", dark: "Dark", contrast: "High contrast" },
    showGloss: "Show Chinese",
    hideGloss: "Hide Chinese",
    muted: "Muted",
    mute: "Sound off",
    unmute: "Sound on",
    label: "Status",
  },
  simulated: "Simulated camera",
  still: "The picture stands still",
  noPicture: "No picture yet",
  cameraStarting: "The camera is starting",
  lesserPicture: ({ width, height, rate, small }) =>
    small
      ? `${width}×${height}: the camera has no larger`
      : `${rate} pictures a second: the camera has no more`,
  preview: "Camera picture",
};

/** The labels of the wing's buttons. */
export const stationButtons: StationButtons = {
  "carry-stick": "Offline? Write to a stick",
  "fault-silent": "Silenced",
  "fault-seen": "Seen",
  "assert-time": (now) => `It is ${clock(now)}`,
};

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const WEEKDAY = new Intl.DateTimeFormat("en-GB", { weekday: "long" });

/** Returns a day as `Saturday 28 November 2026`. */
function dateInWords(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  return `${WEEKDAY.format(date)} ${DAY.format(date)}`;
}
