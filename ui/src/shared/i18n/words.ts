import type { NoStation } from "../../backend";
import type { Answer } from "../../bindings/Answer";
import type { CertificateKind } from "../../bindings/CertificateKind";
import type { CheckpointProblem } from "../../bindings/CheckpointProblem";
import type { Fault } from "../../bindings/Fault";
import type { Hint } from "../../bindings/Hint";
import type { LesserPicture } from "../../bindings/LesserPicture";
import type { Reason } from "../../bindings/Reason";
import type { Refusal } from "../../bindings/Refusal";
import type { SignInProblem } from "../../bindings/SignInProblem";

/**
 * Every text of the station, one object per language. A missing text, or a code without a
 * sentence, does not compile.
 */
export interface Words {
  /** Goes into `<html lang>`. */
  tag: "zh-Hans" | "en";

  /** The one big word. */
  verdict: Record<Answer["kind"], string>;
  pleaseWait: string;
  /** The window opened, and there is no station behind it. */
  noStation: Record<NoStation, { word: string; why: string; do: string }>;

  /** One line each: why, and what to do. */
  reasonWhy: ByKind<Reason>;
  checkDo: ByKind<Reason>;
  passDo: string;
  stopDo: string;
  refusalWhy: ByKind<Refusal, [seenAt: number | null]>;
  refusalDo: Record<Refusal["kind"], string>;
  again: Lines;
  unjudgedWhy: Record<Fault, string>;
  unjudgedDo: string;
  notRecordedWhy: Record<Fault, string>;
  notRecordedDo: string;

  fault: Record<Fault, FaultWords>;
  /** The age in days, and the limit where it is at least a day. */
  trustExpiredWhy: (days: number, limit: number | null) => string;
  trustMeter: {
    updated: string;
    soft: (days: number) => string;
    hard: (days: number) => string;
    now: (days: number) => string;
  };
  /** Instead of the activity of a fault: the camera is there again. */
  cameraReturning: string;
  /** The step that names the program which holds the camera. */
  closeProgram: (program: string) => { title: string; note: string };
  /** The step that names the command which lets this account use the camera. */
  mendCamera: { title: string };
  faultSince: (activity: string, seconds: number, code: string) => string;
  safe: (waiting: number) => string;
  safeDamaged: string;
  seen: string;
  /** An administrator vouches for the date and time that it names. */
  timeIsRight: (now: number) => string;

  field: Record<"name" | "identity" | "certificate" | "declared" | "issuer" | "validUntil" | "code", string>;
  /** What the code declares: warmth in 0.1 °C, and the bits of symptoms. */
  declared: (tenths: number | null, bits: number) => string;
  declaredAge: (hours: number, seenAt: number) => string;
  codeAge: (seconds: number) => string;
  /** What a certificate from abroad certifies, and how long ago that was. */
  certificate: Record<CertificateKind, string>;
  certificateAge: (days: number) => string;
  overSince: (seconds: number) => string;

  key: Record<ButtonName, string>;
  /** Beside the confirm key: what will stand in the record. */
  recordedAs: (word: string) => string;
  /** The confirm key itself, where nothing was judged. */
  recordAs: (word: string) => string;
  seconds: string;
  thenBack: string;

  ready: Headline;
  readyNote: string;
  hint: Record<Hint, Headline & { note: string; act: string }>;
  offline: { title: string; note: (waiting: number) => string };
  recorded: Headline & { note: string; act: string };

  signIn: Headline;
  phone: string;
  pin: string;
  pinFilled: (digits: number) => string;
  checking: string;
  signInProblem: ByKind<SignInProblem>;

  checkpoints: Headline;
  lastTime: string;
  addCheckpoint: string;
  checkpointName: string;
  checkpointProblem: Record<CheckpointProblem, string>;
  noCheckpoints: string;

  declareAgain: Headline & { note: string; act: string };
  noCode: Headline & { note: string; act: string };
  noAddress: string;
  qrLabel: (url: string) => string;

  bar: {
    collector: (name: string) => string;
    signedOut: string;
    noCheckpoint: string;
    online: string;
    offline: string;
    waiting: (count: number) => string;
    trust: (seconds: number) => string;
    trustOld: (seconds: number) => string;
    trustMissing: string;
    clockWrong: string;
    /** Other programs leave too little time for reading codes. */
    busy: string;
    battery: (percent: number, charging: boolean) => string;
    muted: string;
    mute: string;
    unmute: string;
    switchCheckpoint: string;
    label: string;
  };
  language: string;
  followSystem: string;
  simulated: string;
  still: string;
  noPicture: string;
  /** The camera is there, and its first picture is waited for. */
  cameraStarting: string;
  /** The camera gives less than it should. */
  lesserPicture: (picture: LesserPicture) => string;
  preview: string;
}

/** A headline in its two lines, as it is broken on the screen. */
export interface Headline {
  lines: [string] | [string, string];
  /** The same as one line, for the gloss of the other language. */
  gloss: string;
}

export interface Lines {
  why: string;
  do: string;
}

export interface FaultWords extends Lines {
  steps: { title: string; note: string }[];
  /** What the station is doing about it. */
  activity: string;
}

export type ButtonName =
  | "confirm"
  | "retry"
  | "recording"
  | "discard"
  | "declareAgain"
  | "next"
  | "recordAgain"
  | "noCode"
  | "endShift"
  | "back"
  | "signIn"
  | "choose"
  | "add"
  | "cancel"
  | "switchCheckpoint";

/** One text for each variant of a tagged union. */
export type ByKind<U extends { kind: string }, More extends unknown[] = []> = {
  [K in U["kind"]]: (value: Extract<U, { kind: K }>, ...more: More) => string;
};

/** The text of one value of a tagged union. */
export function textOf<U extends { kind: string }, More extends unknown[]>(
  table: ByKind<U, More>,
  value: U,
  ...more: More
): string {
  const text = table[value.kind as U["kind"]] as (value: U, ...more: More) => string;
  return text(value, ...more);
}
