import type { ByKind, Theme } from "@kadian/kit";
import type {
  Answer,
  CertificateKind,
  CheckpointProblem,
  CollectorInput,
  Colour,
  Direction,
  Directions,
  Fault,
  Hint,
  LesserPicture,
  NoStation,
  Reason,
  RecordedBefore,
  Refusal,
  RelayTrouble,
  ScannerTrouble,
  ShiftInput,
  SignInProblem,
  StationInput,
} from "../bindings";
import type { DeviceWords } from "./device";
import type { EntranceWords } from "./entrance";
import type { KeypadWords } from "./keypad";
import type { Headline, Sentences } from "./parts";
import type { SideWords } from "./side";
import type { WorkbenchWords } from "./workbench";

export type { Headline, Sentences } from "./parts";

/** Every text of the window in one language. A missing text, or a code without one, does not compile. */
export interface Words extends CollectorWords, ShiftWords, StationWords, EntranceWords {
  workbench: WorkbenchWords;
  keypad: KeypadWords;
  device: DeviceWords;
  side: SideWords;
  /** Goes into `<html lang>`. */
  tag: "zh-Hans" | "en";
  /** The language's name in itself; on the key that switches to it. */
  languageName: string;
  button: CollectorButtons & ShiftButtons & StationButtons & WorkbenchButtons;
  /** A label with the printed name of its key, for a tooltip. */
  withKey: (label: string, key: string) => string;
}

/** A button is named by the input that it sends, or by what else it is called in some states. */
export type ButtonName = keyof Words["button"];

export type CollectorButtons = Record<
  | Exclude<CollectorInput["kind"], "keep-open">
  | "let-through"
  | "next"
  | "record-again"
  | "let-through-again"
  | "turn-away-again"
  | "recording"
  | "retry",
  string
>;
/** "back" is the collector's. */
export type ShiftButtons = Record<
  Exclude<ShiftInput["kind"], "back"> | "back-to-sign-in" | "stop-adding",
  string
>;
export type StationButtons = Record<Exclude<StationInput["kind"], "assert-time"> | "fault-silent", string> & {
  /** An administrator vouches for the time that the label names; the date stands beside it. */
  "assert-time": (now: number) => string;
};

export type WorkbenchButtons = Record<
  "lock" | "scan-collector" | "scan-again" | "stop-adding-collector" | "self-test",
  string
>;

export interface CollectorWords {
  /** The one big word. */
  verdict: Record<Answer["kind"], string>;

  /** One sentence each: why, and what to do. */
  reasonWhy: ByKind<Reason>;
  checkDo: ByKind<Reason>;
  passDo: string;
  stopDo: string;
  /** The colour alone, where a second sentence shares the line. */
  colourOnly: Record<Colour, string>;
  /** Says what was recorded of the same person a moment ago, and whether they were let through. */
  recordedBefore: (before: RecordedBefore) => string;
  /** What to do with somebody who was just recorded, by what was done then. */
  againDo: Record<"letThrough" | "turnAway" | "stop", string>;
  refusalWhy: ByKind<Refusal, [seenAt: number | null]>;
  refusalDo: Record<Refusal["kind"], string>;
  /** What is said of a certificate instead, where it differs. */
  certificateRefusalWhy: Partial<ByKind<Refusal, [seenAt: number | null]>>;
  certificateRefusalDo: Partial<Record<Refusal["kind"], string>>;
  unjudgedWhy: Record<Fault, string>;
  unjudgedDo: string;
  notRecordedWhy: Record<Fault, string>;
  notRecordedDo: string;

  field: Record<
    | "name"
    | "initials"
    | "birth"
    | "identity"
    | "certificate"
    | "declared"
    | "issuer"
    | "country"
    | "validUntil"
    | "code",
    string
  >;
  /** The declared temperature in 0.1 °C, and the declared symptoms, one bit each. */
  declared: (tenths: number | null, bits: number) => string;
  declaredAge: (hours: number, seenAt: number) => string;
  /** The age of a code. Below zero the clocks differ a little: it was issued just now. */
  codeAge: (seconds: number) => string;
  /** What a certificate from abroad certifies, and how long ago that was. */
  certificate: Record<CertificateKind, string>;
  certificateDay: (days: number) => string;
  certificateHours: (hours: number) => string;
  overSince: (seconds: number) => string;
  /** A day, with its year unless that is the year of the scan. */
  day: (timestamp: number, seenAt: number) => string;

  /** Stands on the confirm button: what the record will say. */
  recordedAs: (word: string) => string;
  /** Follow the number of a countdown. */
  seconds: string;
  thenBack: string;
  thenBackShort: string;

  ready: Headline;
  readyNote: string;
  hint: Record<Hint, Headline & { note: string; act: string }>;
  offline: { title: string; note: (waiting: number) => string };
  recorded: Headline & { note: string; act: string };
  /** Nobody confirmed a result in its time. */
  unconfirmed: Headline & { note: string; act: string };
  /** A key without a meaning of its own gives a result more time. */
  keepOpen: string;

  /** The screens that show an address to scan. */
  address: Record<"declare-again" | "no-code", { title: string; note: string; act: string }>;
  noAddress: string;
  qrLabel: (url: string) => string;
}

export interface ShiftWords {
  signIn: Headline;
  digits: string;
  secret: string;
  secretFilled: (digits: number) => string;
  checking: string;
  /** The shift that was just ended; follows the number of seconds in which it can be taken up again. */
  ended: string;
  endedSeconds: (left: number) => string;
  signInProblem: ByKind<SignInProblem>;
  /** An administrator signs in to the workbench. */
  door: Headline;
  /** Why somebody has no workbench, and whom to ask; the contact may be empty. */
  noWorkbench: (name: string) => string;
  whomToAsk: (contact: string) => string;

  /** Several people's phones end in these digits. */
  whichPerson: Headline;
  whichPersonNote: (digits: string) => string;

  checkpoints: Headline;
  lastTime: string;
  /** Names a direction, or those that a checkpoint has. */
  direction: Record<Direction, string>;
  directions: Record<Directions, string>;
  directionLabel: string;
  /** Says what Enter will start. */
  willRecord: (checkpoint: string, direction: Direction) => string;
  willAdd: (name: string) => string;
  willRecordNote: string;
  willAddNote: string;
  /** Stand beside the arrow keys. */
  arrows: { checkpoint: string; direction: string };
  addCheckpoint: string;
  addCheckpointNote: string;
  checkpointName: string;
  checkpointProblem: Record<CheckpointProblem, string>;
  noCheckpoints: string;
}

/** Why what a person did came to nothing: keys struck together, or a station that did not answer. */
export type LostInput = "struck-together" | "not-delivered";

export interface StationWords {
  pleaseWait: string;
  /** Stands before whom to call. */
  callWhom: string;
  /** What a key or a click came to nothing for. */
  lost: Record<LostInput, string>;
  /** A hand scanner is typing a code: so many of so many characters have come. */
  scanning: (read: number, of: number) => string;
  /** The gate has gone silent. */
  silent: Sentences;
  /** The window opened, but there is no station behind it. */
  noStation: Record<NoStation, Sentences & { word: string }>;

  /** An administrator here takes the laptop out of service. */
  leaving: Sentences & {
    word: string;
    steps: { title: string; note: string }[];
    /** What can be done where the office cannot be reached. */
    export: string;
    exportNote: (count: number) => string;
    exportNow: (count: number) => string;
    exportNot: string;
    exportFailed: string;
    code: string;
  };
  /** Where the reports are that a laptop could not send before it left service. */
  exported: (count: number) => string;

  /** The station was withdrawn. */
  outOfService: Sentences & {
    word: string;
    waiting: (count: number) => string;
    nothingWaits: string;
    steps: { title: string; note: string }[];
    call: string;
    /** Whom to call where the office named nobody. */
    nobody: string;
    code: string;
  };

  fault: Record<Fault, FaultWords>;
  /** The day of a moment in words. */
  dateInWords: (timestamp: number) => string;
  /** Steps of a wrong clock: what it says, and what somebody who may vouch for it does. */
  clockSays: (timestamp: number) => FaultStep;
  vouch: (timestamp: number) => { title: string; note: string };
  /** `limit` is null if it is not known. */
  trustExpiredWhy: (days: number, limit: number | null) => string;
  trustMeter: {
    updated: string;
    soft: (days: number) => string;
    hard: (days: number) => string;
    now: (days: number) => string;
  };
  /** Replaces a fault's activity once the camera is there again. */
  cameraReturning: string;
  /** The step that names the program which holds the camera. */
  closeProgram: (program: string) => { title: string; note: string };
  /** The step that names the command which lets this account use the camera. */
  mendCamera: { title: string; calls: true };
  faultSince: (activity: string, seconds: number, code: string) => string;
  /** What happens to records meanwhile. */
  safe: (waiting: number) => string;
  safeDamaged: string;
  /** Nobody can count them while another program holds the outbox. */
  safeUncounted: string;

  bar: {
    collector: (name: string) => string;
    administrator: (name: string) => string;
    signedOut: string;
    noCheckpoint: string;
    online: string;
    offline: string;
    offlineClock: string;
    /** Follows the time for which somebody vouches. */
    asserted: (name: string) => string;
    waiting: (count: number) => string;
    /** What is counted. */
    waitingNote: string;
    /** Records whose shape the office does not take, and whom to call. */
    setAside: (count: number) => string;
    /** What that means, and what to do. */
    setAsideNote: string;
    trust: (seconds: number) => string;
    trustOld: (seconds: number) => string;
    trustMissing: string;
    clockWrong: string;
    /** Other programs leave too little time for reading codes. */
    busy: string;
    /** The hand scanner that was chosen does not work. */
    scanner: Record<ScannerTrouble, string>;
    /** The relay of a lamp or a barrier does not work; the gate goes on. */
    relay: Record<RelayTrouble, string>;
    /** The deployment is for trying only. */
    trial: string;
    battery: (percent: number, charging: boolean) => string;
    /** What the key for it leads to. */
    theme: Record<Theme, string>;
    showGloss: string;
    hideGloss: string;
    muted: string;
    mute: string;
    unmute: string;
    label: string;
  };

  simulated: string;
  still: string;
  noPicture: string;
  /** The camera is there, but its first picture has not come. */
  cameraStarting: string;
  /** The camera gives a smaller picture, or fewer, than it should. */
  lesserPicture: (picture: LesserPicture) => string;
  preview: string;
}

/** One step against a fault. */
export interface FaultStep {
  title: string;
  note: string;
  /** Whether somebody is to be called: then whom stands beside it. */
  calls?: true;
}

export interface FaultWords extends Sentences {
  steps: FaultStep[];
  /** What the station does about it. */
  activity: string;
}
