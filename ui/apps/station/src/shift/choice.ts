import type { CheckpointRow } from "../bindings";
import type { CheckpointChoice } from "../keymap";

/** Returns what is chosen: the first row, until a person chose otherwise. */
export function chosen(
  rows: readonly CheckpointRow[],
  choice: CheckpointChoice | null,
): CheckpointChoice | null {
  if (choice?.kind === "add") return choice;
  if (choice !== null && rows.some(({ id }) => id === choice.id)) return choice;
  const first = rows[0];
  return first === undefined ? null : { kind: "row", id: first.id, direction: first.direction };
}

/** A longer name is none, and what a scanner typed is always longer. */
const NAME_CHARACTERS = 40;

/** Tells whether a checkpoint can be called this. */
export function isName(name: string): boolean {
  const { length } = Array.from(name.trim());
  return length > 0 && length <= NAME_CHARACTERS;
}
