import type { LookTerms } from "../backend/residents";

/** Why somebody does something, as it is typed. */
export interface Why {
  reason: string;
  case: string;
  words: string;
}

/** Tells whether a reason will do. */
export function explains({ reason, case: number, words }: Why, terms: LookTerms | undefined): boolean {
  const lengthOf = (text: string): number => text.trim().length;
  if (terms === undefined || reason === "") return false;
  return (
    lengthOf(number) >= terms.leastCase || (lengthOf(number) === 0 && lengthOf(words) >= terms.leastWords)
  );
}
