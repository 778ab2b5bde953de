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

/** Which entries of the log are wanted. */
export interface AuditWanted {
  region: string;
  kind: AuditKind;
  /** Seconds since 1970, the end not in it. */
  from?: number;
  until?: number;
  /** What was typed, and the codes of the acts whose names have it in them. */
  find?: string;
  acts?: string[];
}

export interface Audit {
  entries: AuditEntry[];
  count: number;
  head: string;
  checked: { at: string; ok: boolean; since: string } | null;
  /** Looks at residents among what is sought; null on pages behind the first one. */
  looks?: { count: number; more: boolean } | null;
  /** Before which number to go on; null where there is nothing older. */
  next?: number | null;
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
