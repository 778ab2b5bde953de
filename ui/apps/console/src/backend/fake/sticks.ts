import { Problem } from "../problem";
import type { StickAnswered, StickTaken } from "../sticks";

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

/** Plays an office that takes a laptop in; a request that begins with "?" has a ticket whose time is over. */
export function sampleAnswered(content: string): StickAnswered {
  if (atob(content).startsWith("?")) {
    throw new Problem("invalid", { status: 422, fields: [{ name: "request", code: "ticket-expired" }] });
  }
  return {
    station: "02".repeat(16),
    name: "样例 09",
    community: "990101001001",
    place: "样例社区",
    answer: btoa("answer"),
  };
}
