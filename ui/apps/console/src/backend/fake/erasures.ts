import type { Erasure, NewErasure } from "../residents";
import { Problem } from "../problem";
import { at } from "./samples";

const DAY = 24 * 3600;

export function endedErasure(): Erasure {
  return {
    id: "5d0c3a6f1e0b4c7d8a9b0c1d2e3f4a5b",
    waits: false,
    passages: 6,
    held: 1,
    entries: 3,
    shut: 2,
    overwritten: true,
    copies: [
      { name: "copies", made: at(-90 * DAY), until: null },
      { name: "2026-11-21T08.data.age", made: at(-2 * DAY), until: at(88 * DAY) },
      { name: "2026-11-20T08.data.age", made: at(-3 * DAY), until: at(87 * DAY) },
    ],
    more: 85,
    receipt: "0oRB",
  };
}

/** Plays an office that erases at once; with another number than the look's it refuses. */
export function sampleErasure({ who }: NewErasure): Erasure {
  if (!who.startsWith("KD1:") && who.replaceAll(/\D/g, "").endsWith("99"))
    throw new Problem("invalid", { status: 422, fields: [{ name: "who", code: "another-person" }] });
  return endedErasure();
}
