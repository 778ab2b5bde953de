import type { LookTerms } from "../backend/residents";

/** Why somebody does something, as it is typed. */
export interface Why {
  reason: string;
  case: string;
  words: string;
}

/** What the foot of a form that asks for a reason may show. */
export interface Foot {
  terms: LookTerms;
  /** Whether all is filled in that the act needs. */
  ready: boolean;
}

/** Tells whether a reason will do. */
export function explains({ reason, case: number, words }: Why, terms: LookTerms | undefined): boolean {
  const lengthOf = (text: string): number => text.trim().length;
  if (terms === undefined || reason === "") return false;
  return (
    lengthOf(number) >= terms.leastCase || (lengthOf(number) === 0 && lengthOf(words) >= terms.leastWords)
  );
}
