import type { StickSeen } from "../bindings";

/** What a row of a stick says at its end. */
export type RowState = "in" | "settle" | "out" | "done" | "nothing" | "no";

/** Returns what the rows for trust, receipts and reports say at their ends. */
export function stateOf({ carried, trust, receipts, reports }: StickSeen): [RowState, RowState, RowState] {
  const of = (kind: string, acts: string, can: RowState): RowState => {
    if (kind === "problem") return "no";
    if (kind !== acts) return "nothing";
    return carried ? "done" : can;
  };
  return [
    of(trust.kind, "newer", "in"),
    of(receipts.kind, "settles", "settle"),
    of(reports.kind, "out", "out"),
  ];
}

/** Returns a number of bytes in the unit in which sticks are sold. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [left, unit] = [count, 0];
  while (left >= 1000 && unit < units.length - 1) {
    left /= 1000;
    unit += 1;
  }
  return `${left < 10 && unit > 0 ? left.toFixed(1) : Math.floor(left).toString()} ${units[unit] ?? ""}`;
}
