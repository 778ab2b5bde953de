import type { RegionRef, Station } from "./api";

// What the office says of what passes, and of collectors' work. No resident is in it.

/** Counts of the minutes of an hour, the last one not over yet. */
export interface Minutes {
  passed: number[];
  letThrough: number[];
  turnedAway: number[];
  stopped: number[];
  unjudged: number[];
  /** Invalid codes, which are no people; in the minute in which a laptop reported them. */
  invalid: number[];
}

export interface Named {
  id: string;
  name: string;
}

/** A laptop, and for how long something has been so. */
export interface Silent {
  station: string;
  name: string;
  checkpoint?: string | null;
  seconds: number;
  waiting?: number | null;
}

/** Something that needs a person; the page has its sentence. */
export interface Need {
  code: string;
  /** Of an alert: its kind. */
  kind?: string | null;
  station?: Named | null;
  count?: number | null;
  seconds?: number | null;
}

/** A region below, or a checkpoint. */
export interface Part extends Named {
  people: number;
  invalid: number;
  line: number[];
}

export interface Board {
  at: string;
  region: RegionRef;
  /** The Unix second at which the first minute begins. */
  from: number;
  minutes: Minutes;
  stations: { all: number; online: number; offline: number; behind: number; new: number };
  silent?: Silent | null;
  oldestTrust?: Silent | null;
  needs: Need[];
  parts: Part[];
  moreParts: number;
  rows: { station: Station; line: number[] }[];
  moreRows: number;
}

export interface Tally {
  passed: number;
  letThrough: number;
  turnedAway: number;
  stopped: number;
  unjudged: number;
}

export interface WorkHour {
  at: number;
  checkpoint: Named;
  direction: "in" | "out";
  tally: Tally;
}

/** Time at a checkpoint, in Unix seconds. */
export interface Stint {
  station: string;
  checkpoint: Named;
  direction: "in" | "out";
  began: number;
  /** Null where no report says so. */
  ended?: number | null;
}

export interface Invalid {
  refusal: string;
  count: number;
}

export interface Collector {
  id: string;
  /** Masked; null for one who was removed. */
  name?: string | null;
  phone?: string | null;
  stints: Stint[];
  hours: WorkHour[];
  invalid: Invalid[];
  wrongTries: number;
}

/** What the collectors of a community did; of a wider region, its communities. */
export interface Work {
  region: RegionRef;
  communities: RegionRef[];
  collectors: Collector[];
  nobody: Invalid[];
  nobodyTries: number;
  cut: boolean;
}
