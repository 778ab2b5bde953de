import type { ByKind } from "@kadian/kit";
import type {
  AddProblem,
  ChangeKind,
  ChangeProblem,
  Colour,
  Directions,
  OfficeRefusal,
  Origin,
  RegionLevel,
  TrustUpdate,
  WorkbenchPage,
} from "../bindings";
import type { Headline } from "./parts";
import type { StickWords } from "./stick";

/** What an administrator reads at the desk. */
export interface WorkbenchWords {
  title: string;
  pages: Record<WorkbenchPage, { name: string; note: string }>;
  pagesLabel: string;
  /** Leaves the kiosk, in which nobody but an administrator leaves the window. */
  leaveKiosk: string;

  /** What the office refused: what was not done, of whom, and why. */
  notices: string;
  notDone: Record<ChangeKind, (subject: string) => string>;
  refusedWhy: Record<OfficeRefusal, string>;
  noticesSeen: string;

  problem: ByKind<ChangeProblem>;
  saving: string;
  /** A change waits for the office. */
  pending: string;
  undo: string;
  undoNote: (seconds: number) => string;
  /** Stand beside the keys of a list. */
  keys: Record<"choose" | "remove" | "undo", string>;

  current: string;
  currentStays: string;
  noCurrent: string;
  setCurrent: string;
  change: string;
  save: string;
  cancel: string;
  remove: string;
  removed: (name: string) => string;
  newCheckpoint: string;
  add: string;
  directionsOf: Record<Directions, string>;
  noOthers: string;
  placed: string;
  byPlace: string;
  noPlace: string;
  here: (latitude: string, longitude: string, within: number | null) => string;

  onDuty: string;
  listed: string;
  personRemoved: (name: string) => string;
  noCollectors: string;
  scanTheirs: string;
  phonesMasked: string;

  noPolicy: string;
  origin: Record<Origin, string>;
  colour: Record<Colour, string>;
  level: Record<RegionLevel, string>;
  levelsLabel: string;
  /** Names the document that a cell comes from. */
  saidBy: (level: string, document: string) => string;
  /** From when a document is in force, and until when; the end may be empty. */
  inForce: (from: string, until: string) => string;
  stricterNote: string;
  askedFor: (value: string) => string;
  declarationLimit: string;
  feverLimit: string;
  repeatLimit: string;
  keptFor: (days: number | null) => string;
  hours: (count: number) => string;
  seconds: (count: number) => string;

  noTrust: string;
  updateNow: string;
  asking: string;
  update: ByKind<TrustUpdate>;
  ago: (seconds: number) => string;
  versionOf: (version: number, date: string, clock: string) => string;
  version: (version: number) => string;
  /** What happens when, on the line of the list's age. */
  whenLabel: (soft: number, hard: number) => string;
  warns: (days: number) => string;
  ends: (days: number) => string;
  judged: string;
  judgedOld: string;
  byHand: string;
  kind: string;
  foreign: string;
  keyPeriod: string;
  period: (from: string, until: string) => string;
  keyChanges: (days: number) => string;
  keyEnds: (days: number) => string;
  keyFrom: (days: number) => string;
  keyOver: string;
  moreIssuers: (count: number) => string;
  revoked: string;
  communityFile: string;
  communityUntil: (soft: string, hard: string) => string;
  rootFile: string;
  signers: string;

  stick: StickWords;

  /** Where the laptop belongs. */
  field: Record<"community" | "office" | "laptop" | "since" | "station", string>;
  region: (digits: string) => string;
  port: (port: number) => string;
  unsaid: string;
  card: string;
  cardNote: (root: number) => string;
  enrolAgain: string;
  enrolAgainNote: string;
  leave: string;
  leaveNote: string;
  /** What leaving does, by how many reports wait and whether the office is reached. */
  leaveSteps: (waiting: number, online: boolean) => string[];
  leaveNow: string;
  leaveNot: string;
  leaveFailed: string;

  newPin: string;
  newPinNote: string;
  setPin: string;
  whatThen: { title: string; note: string }[];

  removedHere: string;
  restorable: string;
  restore: string;

  adding: string;
  steps: [string, string, string];
  holdOut: Headline;
  holdOutNote: string;
  onTheCode: string;
  verifiedAt: (clock: string) => string;
  identity: string;
  issuer: string;
  home: string;
  isItThem: string;
  phone: string;
  phoneNote: string;
  phoneMasked: (masked: string, digits: string) => string;
  pin: string;
  again: string;
  typedDigits: (count: number) => string;
  handOver: (name: string) => string;
  handOverNote: string;
  then: { title: string; note: string }[];
  addProblem: ByKind<AddProblem, [refusal: string]>;
}
