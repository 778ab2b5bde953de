import type {
  Acceptance,
  Added,
  Audit,
  AuditCheck,
  AuditWanted,
  Card,
  CommunityRoster,
  Credentials,
  FirstStart,
  Invitation,
  Me,
  NamedFile,
  NewAdministrator,
  NewTickets,
  OpenInvitation,
  Pasted,
  PastePreview,
  Person,
  PersonChange,
  RegionNode,
  RegionsPreview,
  Stations,
  Ticket,
  Totp,
  TrustPreview,
} from "./api";
import type {
  Consent,
  Erasure,
  Look,
  LookTerms,
  NewErasure,
  NewExport,
  NewLook,
  NewPhone,
  NewTrace,
  Phone,
  Trace,
  Waits,
} from "./residents";
import type { Board, Work } from "./board";
import type { StickAnswered, StickTaken } from "./sticks";

/**
 * The office behind the pages, which know nothing else of the world. There are two hosts: `http` is
 * the real office; `fake` plays one for tests, pictures and design. Every call may throw a `Problem`.
 */
export interface Backend {
  /** Returns null from an office that serves. */
  firstStart: () => Promise<FirstStart | null>;
  unlock: (word: string) => Promise<void>;
  previewTrust: (files: NamedFile[]) => Promise<TrustPreview>;
  importTrust: (files: NamedFile[]) => Promise<void>;
  makeTrial: () => Promise<void>;
  firstAdministrator: (administrator: NewAdministrator) => Promise<Totp>;
  /** Returns the one-use words if there is to be no authenticator. */
  confirmAdministrator: (by: { code: string } | { words: true }) => Promise<string[]>;
  firstTicket: (ticket: { community: string; laptop: string; hours: number }) => Promise<{
    ticket: Ticket;
    card: Card;
  }>;

  signIn: (credentials: Credentials) => Promise<Me>;
  /** Returns null while nobody is signed in. */
  session: () => Promise<Me | null>;
  signOut: () => Promise<void>;
  deployment: () => Promise<Card>;
  makeWords: (passphrase: string) => Promise<string[]>;

  openInvitation: (word: string) => Promise<OpenInvitation>;
  acceptInvitation: (acceptance: Acceptance) => Promise<{ me: Me; words: string[] }>;

  regions: () => Promise<RegionNode>;
  previewRegions: (csv: string) => Promise<RegionsPreview>;
  importRegions: (csv: string) => Promise<void>;

  people: (region: string) => Promise<Person[]>;
  previewPeople: (pasted: Pasted, signal?: AbortSignal) => Promise<PastePreview>;
  /** Adds what can be added, and returns the lines that are left. */
  addPeople: (pasted: Pasted) => Promise<{ added: Added[]; left: string }>;
  /** With `confirm`, even where a community is left without an administrator; so are the two below. */
  invite: (id: string, confirm?: boolean) => Promise<Invitation>;
  endInvitation: (id: string) => Promise<void>;
  changePerson: (id: string, change: PersonChange) => Promise<Person>;
  disable: (id: string, confirm?: boolean) => Promise<Person>;
  enable: (id: string) => Promise<Person>;

  /** Hears a region's board now and whenever it changes, until the stream ends or the signal says so. */
  watchBoard: (region: string, heard: (board: Board) => void, signal: AbortSignal) => Promise<void>;
  /** Returns what collectors did between two Unix seconds. */
  work: (region: string, from: number, until: number) => Promise<Work>;

  stations: (region: string) => Promise<Stations>;
  withdraw: (id: string) => Promise<void>;
  makeTickets: (tickets: NewTickets) => Promise<Ticket[]>;
  revokeTicket: (id: string) => Promise<void>;
  /** Takes in a file of reports, which is given in base64. */
  takeStick: (content: string) => Promise<StickTaken>;
  /** Takes a laptop in by its request on a stick. */
  answerStick: (content: string) => Promise<StickAnswered>;
  /** Returns a community's trust files for a stick, as a tar archive. */
  stickTrust: (region: string) => Promise<Blob>;
  roster: (region: string) => Promise<CommunityRoster[]>;

  lookTerms: () => Promise<LookTerms>;
  /** Begins and ends in one answer: the office keeps nothing of it but the entry in its log. */
  look: (look: NewLook) => Promise<Look>;
  /** Returns the text of the code in a picture, which is given in base64. */
  readCode: (content: string) => Promise<string>;
  /** Goes on from an open look. */
  trace: (trace: NewTrace) => Promise<Trace | Waits>;
  /** Shows what another administrator agreed to, once. */
  traceAgreed: (consent: string) => Promise<Trace>;
  /** Opens one number of somebody whom a trace shows. */
  openPhone: (phone: NewPhone) => Promise<Phone>;
  consents: () => Promise<Consent[]>;
  decideConsent: (id: string, agree: boolean) => Promise<Consent>;
  erase: (erasure: NewErasure) => Promise<Erasure>;
  erasure: (id: string) => Promise<Erasure>;
  /** Returns passages as CSV, or what waits for another one's consent. */
  exportPassages: (wanted: NewExport) => Promise<Blob | Consent>;
  /** Returns them once another one agreed. */
  exportAgreed: (consent: string) => Promise<Blob>;

  audit: (wanted: AuditWanted, before?: number) => Promise<Audit>;
  checkAudit: () => Promise<AuditCheck>;
  /** Returns the whole log as JSON lines. */
  exportAudit: () => Promise<Blob>;
}
