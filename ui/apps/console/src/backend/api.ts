// What the office's JSON API says, as types. The calls are in `backend.ts`.

/** A region by its GB/T 2260 code, with its names from the caller's top down to its own. */
export interface RegionRef {
  code: string;
  name: string;
  path: string[];
}

export type Level = "province" | "city" | "district" | "street" | "community";

/** One region of the tree, with what is below it. */
export interface RegionNode {
  code: string;
  name: string;
  level: Level;
  /** Whether the office serves it: false on the way down to the caller's own subtree. */
  served: boolean;
  children: RegionNode[];
}

/** What a deployment's card says. */
export interface Card {
  name: string;
  url: string;
  /** Eight groups of the root's fingerprint. */
  fingerprint: string[];
  caFingerprint: string[] | null;
  trial: boolean;
}

export interface NamedRegion {
  code: string;
  name: string;
}

/** What is given to an administrator, one by one. */
export const GIVEN = [
  "people.manage",
  "stations.manage",
  "residents.look",
  "residents.trace",
  "residents.export",
  "residents.erase",
] as const;
export type GivenRight = (typeof GIVEN)[number];

export type Right = GivenRight | "stations.see" | "regions.import" | "audit.read";

export type Role = "administrator" | "auditor";

/** Who is signed in. */
export interface Me {
  id: string;
  name: string;
  account: string;
  role: Role;
  region: RegionRef;
  lastSignIn?: string | null;
  idleSeconds: number;
  deployment: { name: string; trial: boolean };
  may: string[];
}

export interface FirstStart {
  state: "locked" | "trust" | "administrator" | "ticket";
  minutesLeft: number;
  triesLeft: number;
  /** Whether this build can make a trial. */
  trial?: boolean;
  deployment?: { name: string; trial: boolean } | null;
  top?: NamedRegion | null;
  communities?: NamedRegion[] | null;
}

/** A file to import; the content is in base64. */
export interface NamedFile {
  name: string;
  content: string;
}

export interface TrustPreview {
  root: { version: number; keys: number; threshold: number; expires: string };
  list: { version: number; issuers: number; issued: string };
  delegation: NamedRegion;
  communities: NamedRegion[];
  regions: { cities: number; districts: number; streets: number; communities: number } | null;
  missing: string[];
  fingerprint: string[];
}

export interface Totp {
  secret: string;
  uri: string;
}

export interface NewAdministrator {
  name: string;
  phone: string;
  account: string;
  passphrase: string;
  laptopSecret: string;
}

export type Credentials = { account: string; passphrase: string } & ({ code: string } | { word: string });

/** A ticket; its text is said once, when it is made. */
export interface Ticket {
  id: string;
  text?: string | null;
  laptop: string;
  community: RegionRef;
  url: string;
  issued: string;
  expires: string;
  by: string;
}

/** A one-use invitation; its word is said once, when it is made. */
export interface Invitation {
  word: string;
  url: string;
  expires: string;
}

export type PersonState = "active" | "invited" | "invitation-expired" | "no-second-factor" | "disabled";

/** Somebody of the console; name and phone number are masked. */
export interface Person {
  id: string;
  name: string;
  role: Role;
  level: Level;
  region: RegionRef;
  phone: string;
  state: PersonState;
  invitation?: { expires: string } | null;
  disabledAt?: string | null;
  lastSignIn?: string | null;
  account?: string | null;
  rights: GivenRight[];
}

/** What is to be another; `rights` are all that they are to have. */
export interface PersonChange {
  role?: Role;
  region?: string;
  rights?: GivenRight[];
  confirm?: boolean;
}

export type Outcome =
  "new" | "ambiguous" | "bad-phone" | "unknown-region" | "bad-name" | "duplicate" | "already" | "not-a-line";

/** What a pasted line means. */
export interface PastedLine {
  line: number;
  text: string;
  outcome: Outcome;
  region?: RegionRef | null;
  level?: Level | null;
  candidates?: RegionRef[] | null;
  /** Where the slip is: UTF-16 offsets in the line. */
  mark?: [number, number] | null;
  name?: string | null;
  /** The line that a duplicate repeats. */
  of?: number | null;
  digits?: number | null;
  /** What a name may not hold. */
  characters?: string | null;
}

export interface PastePreview {
  lines: PastedLine[];
  counts: { add: number; choose: number; wrong: number; unchanged: number };
}

export interface Pasted {
  text: string;
  role: Role;
  /** Line number to region code, where a name was ambiguous. */
  choices: Record<string, string>;
}

export interface Added {
  person: Person;
  invitation: Invitation;
}

/** An invitation as the invited person sees it. */
export interface OpenInvitation {
  name: string;
  role: Role;
  region: RegionRef;
  expires: string;
  totp: Totp;
}

export type Acceptance = {
  word: string;
  account: string;
  passphrase: string;
  laptopSecret: string;
} & ({ code: string } | { words: true });

export type StationState = "online" | "behind" | "offline" | "clock" | "trust" | "withdrawn" | "new";

export interface Alert {
  id: string;
  kind: string;
  since: string;
  count: number;
  action?: "withdraw" | "look" | null;
}

export interface Station {
  id: string;
  name: string;
  community: RegionRef;
  checkpoint?: string | null;
  state: StationState;
  lastSeen?: string | null;
  waiting?: number | null;
  version?: string | null;
  /** Age of the trust list that it judges by, in seconds. */
  trustAge?: number | null;
  alerts: Alert[];
}

export interface Stations {
  stations: Station[];
  /** Those that nobody has used yet, without their text. */
  tickets: Ticket[];
}

export interface NewTickets {
  community: string;
  hours: number;
  laptops: string[];
}

export type Directions = "in" | "out" | "both";

/** A change that was made at a station and is not in its community's file. */
export interface WaitingChange {
  station: string;
  at: string;
  by?: string | null;
  change: { kind: string; subject?: string | null };
  /** `waits`, or the code for which it was refused. */
  state: string;
}

/** A community's checkpoints and people, as its stations see them. */
export interface CommunityRoster {
  community: RegionRef;
  version: number;
  issued: string;
  checkpoints: { id: string; name: string; directions: Directions }[];
  people: { id: string; name: string; phone: string; role: "administrator" | "collector" }[];
  waiting: WaitingChange[];
}

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

export type AuditKind = "all" | "people" | "looks" | "roster" | "session";

export interface AuditEntry {
  seq: number;
  at: string;
  /** Null: the office itself. */
  actor: { id: string; name: string } | null;
  act: string;
  object?: string | null;
  reason?: string | null;
  /** The first eight hexadecimal digits. */
  hash: string;
  /** Whether its personal fields were erased. */
  erased: boolean;
}

export interface Audit {
  entries: AuditEntry[];
  count: number;
  head: string;
  checked: { at: string; ok: boolean; since: string } | null;
}

export interface AuditCheck {
  count: number;
  ok: boolean;
  brokenAt?: number | null;
}

export interface RegionsPreview {
  rows: number;
  byLevel: Partial<Record<Level, number>>;
  errors: { line: number; code: string }[];
}
