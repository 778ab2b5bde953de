import { Problem } from "../problem";
import type { StickTaken } from "../sticks";

/** Plays an office that takes a file in; one that begins with "?" is no file of reports. */
export function sampleTaken(content: string): StickTaken {
  if (atob(content).startsWith("?")) {
    throw new Problem("invalid", { status: 422, fields: [{ name: "reports", code: "malformed" }] });
  }
  return {
    station: "01".repeat(16),
    name: "样例 08",
    batches: 2,
    new: 86,
    known: 12,
    conflicts: 0,
    refused: [],
    receipts: btoa("receipts"),
  };
}
