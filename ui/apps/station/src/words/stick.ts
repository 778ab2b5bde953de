import type { ByKind } from "@kadian/kit";
import type { ReceiptsOnStick, ReportsOnStick, StickProblem, TrustOnStick } from "../bindings";
import type { RowState } from "../workbench/stick";

/** Says in words why something does not come or go. */
type Why = [why: (problem: StickProblem) => string];

/** What is said of a stick, at the desk and on a laptop that is out of service. */
export interface StickWords {
  notPlugged: string;
  looking: string;
  none: string;
  silent: string;
  plugged: string;
  named: (name: string, free: number | null) => string;
  others: (count: number) => string;
  carry: string;
  carrying: string;
  rowsLabel: string;
  trust: ByKind<TrustOnStick, Why>;
  trustNote: ByKind<TrustOnStick, Why>;
  leftOut: string;
  receipts: ByKind<ReceiptsOnStick, Why>;
  receiptsNote: ByKind<ReceiptsOnStick, [carried: boolean]>;
  reports: ByKind<ReportsOnStick, Why>;
  reportsNote: ByKind<ReportsOnStick>;
  state: Record<RowState, string>;
  problem: Record<StickProblem, string>;
  aloneUntil: (date: string) => string;
  aloneOver: string;
  daysLeft: (days: number) => string;
  updated: string;
  today: (day: number) => string;
  afterwards: (version: number, until: string) => string;
  room: (days: number) => string;
  roomUnknown: string;
  roomNote: (aDay: number, waiting: number) => string;
}
