import type { ByKind } from "@kadian/kit";
import type {
  AddProblem,
  ChangeKind,
  ChangeProblem,
  Directions,
  OfficeRefusal,
  WorkbenchPage,
} from "../bindings";
import type { Headline } from "./parts";

/** What an administrator reads at the desk. */
export interface WorkbenchWords {
  title: string;
  pages: Record<WorkbenchPage, { name: string; note: string }>;
  pagesLabel: string;

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

  onDuty: string;
  listed: string;
  personRemoved: (name: string) => string;
  noCollectors: string;
  scanTheirs: string;
  phonesMasked: string;

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
