// What the console says of residents: looks, traces, phone numbers, erasures and exports.
import type { RegionRef } from "./api";

/** What a look at a resident needs. */
export interface LookTerms {
  reasons: string[];
  leastCase: number;
  leastWords: number;
  seconds: number;
  left: number;
  /** Whether the secret by which the oldest passages were filed is lost. */
  lost: boolean;
}

export interface NewLook {
  reason: string;
  case: string;
  words: string;
  /** A whole number, or the text of a code. */
  who: string;
  region: string;
}

export interface LookPassage {
  /** By what who passed at the same time is asked for; null for whoever may not. */
  passage?: string | null;
  at: string;
  received: string;
  /** Its checkpoint in `places`; null for one that nobody knows. */
  place?: number | null;
  community: RegionRef;
  direction: "in" | "out";
  shown: string;
  outcome: "let-through" | "turned-away";
  colour: string;
  issuer: string;
  collector?: string | null;
  /** Whether the collector was removed since. */
  collectorGone: boolean;
  name: string;
  identity: string;
}

/** A checkpoint at which somebody passed, or one beside it. */
export interface LookPlace {
  name: string;
  community: RegionRef;
  /** Whether it was removed since. */
  gone: boolean;
  /** Degrees north and east in millionths. */
  place?: [number, number] | null;
}

/** One resident's passages, until the look is over. */
export interface Look {
  entry: number;
  reason: string;
  case: string;
  words: string;
  who: string;
  shut: boolean;
  seconds: number;
  passages: LookPassage[];
  places: LookPlace[];
  more: boolean;
  left: number;
}

/** Who passed within some minutes of a passage that an open look shows. */
export interface NewTrace {
  /** The look's entry. */
  entry: number;
  passage: string;
  minutes: number;
  reason: string;
  case: string;
  words: string;
}

export interface TracedPerson {
  /** Their nearest passage, by which their phone number is asked for. */
  passage: string;
  at: string;
  direction: "in" | "out";
  shown: string;
  outcome: "let-through" | "turned-away";
  colour: string;
  name: string;
  identity: string;
  times: number;
}

export interface Trace {
  entry: number;
  reason: string;
  case: string;
  words: string;
  who: string;
  at: string;
  checkpoint?: string | null;
  minutes: number;
  seconds: number;
  people: TracedPerson[];
  /** How many they are, with those who are not shown. */
  all: number;
  /** Whether more passed than were looked through. */
  more: boolean;
  /** Passages of people who were erased since. */
  erased: number;
  left: number;
}

/** What waits for the consent of a second person. */
export interface Consent {
  id: string;
  right: "residents.trace" | "residents.export";
  by: string;
  mine: boolean;
  who: string;
  reason: string;
  asked: string;
  expires: string;
  state: "waits" | "agreed" | "refused" | "used" | "over";
  decidedBy?: string | null;
}

/** That another administrator has to agree first. */
export interface Waits {
  waits: Consent;
}

export type NewPhone = Omit<NewTrace, "minutes">;

/** One phone number, or why there is none. */
export interface Phone {
  entry: number;
  name: string;
  identity: string;
  phone?: string | null;
  why?: string | null;
  left: number;
}

/** Whom to erase: the person of an open look, named once more. */
export interface NewErasure {
  look: number;
  who: string;
  reason: string;
  case: string;
  words: string;
}

export interface Erasure {
  id: string;
  /** The receipt comes once what had arrived is opened. */
  waits: boolean;
  passages: number;
  held: number;
  entries: number;
  shut: number;
  overwritten: boolean;
  copies: { name: string; made: string; until?: string | null }[];
  more: number;
  /** In base64. */
  receipt?: string | null;
}

export interface NewExport {
  region: string;
  /** Seconds since 1970, the end not in it. */
  from: number;
  until: number;
  reason: string;
  case: string;
  words: string;
}
