import { textOf } from "@kadian/kit";
import type { Answer, Reason, RecordedBefore, Refusal, ResultView } from "../bindings";
import type { Sentences, Words } from "../words";

/** The sentences of an answer: why, what was recorded a moment ago, and what to do. */
export interface AnswerSentences extends Sentences {
  /** What was recorded of the same person a moment ago; null if nothing was. */
  before: string | null;
  /** Whether somebody is to be called. */
  calls: boolean;
}

/** Returns the sentences of an answer. */
export function sentencesOf(words: Words, result: ResultView): AnswerSentences {
  const { answer, recordedBefore } = result;
  const before = recordedBefore === null ? null : words.recordedBefore(recordedBefore);
  if (result.notRecorded !== null) {
    return {
      why: words.notRecordedWhy[result.notRecorded],
      before: null,
      do: words.notRecordedDo,
      calls: true,
    };
  }
  return {
    why: whyOf(words, result),
    before,
    do: againDo(words, answer, recordedBefore) ?? doOf(words, result),
    calls: answer.kind === "stop" || (answer.kind === "invalid" && mayCall(result, answer.refusal)),
  };
}

/** Refusals for which the officer on duty may have another way. */
const MAY_CALL: ReadonlySet<Refusal["kind"]> = new Set([
  "wrong-usage",
  "wrong-version",
  "several-events",
  "born-after-issue",
  "impossible-date",
  "no-name",
  "unreadable-name",
]);

/** And those of certificates: there is no app here that gives another one. */
const MAY_CALL_FOR_CERTIFICATE: ReadonlySet<Refusal["kind"]> = new Set([
  "unknown-issuer",
  "bad-claims",
  "wrong-issuer",
  "key-not-in-force",
  "not-recognised",
  "revoked",
  "not-yet-valid",
  "expired",
]);

function mayCall({ family }: ResultView, { kind }: Refusal): boolean {
  return MAY_CALL.has(kind) || (family === "certificate" && MAY_CALL_FOR_CERTIFICATE.has(kind));
}

function whyOf(words: Words, { answer, family, recordedBefore, fields }: ResultView): string {
  switch (answer.kind) {
    case "pass":
    case "check":
    case "stop":
      // Two sentences share the line, so the first says less.
      if (recordedBefore !== null && answer.reason.kind === "colour")
        return words.colourOnly[answer.reason.colour];
      return textOf(words.reasonWhy, comparable(answer) ?? answer.reason);
    case "invalid": {
      const own = family === "certificate" ? words.certificateRefusalWhy : {};
      return textOf({ ...words.refusalWhy, ...own }, answer.refusal, fields?.seenAt ?? null);
    }
    case "unjudged":
      return words.unjudgedWhy[answer.fault];
  }
}

/** A certificate that is good enough is checked for one reason only: whether it is this person's. */
function comparable(answer: Exclude<Answer, { kind: "invalid" | "unjudged" }>): Reason | null {
  const { kind, reason } = answer;
  const isAccepted = reason.kind === "certificate" && reason.finding === "accepted";
  return kind === "check" && isAccepted ? { kind: "passport" } : null;
}

function doOf(words: Words, { answer, family }: ResultView): string {
  switch (answer.kind) {
    case "pass":
      return words.passDo;
    case "check":
      return textOf(words.checkDo, answer.reason);
    case "stop":
      return words.stopDo;
    case "invalid":
      return (
        (family === "certificate" ? words.certificateRefusalDo[answer.refusal.kind] : undefined) ??
        words.refusalDo[answer.refusal.kind]
      );
    case "unjudged":
      return words.unjudgedDo;
  }
}

/**
 * Returns what to do with somebody who was just recorded. What was done then is done again only if
 * the answer still allows it: a Stop never lets anybody through because they were recorded before.
 */
function againDo(words: Words, answer: Answer, before: RecordedBefore | null): string | null {
  if (before === null) return null;
  const { letThrough, turnAway, stop } = words.againDo;
  switch (answer.kind) {
    case "pass":
      return before.outcome === "let-through" ? letThrough : null;
    case "check":
    case "unjudged":
      if (before.shown !== answer.kind) return null;
      return before.outcome === "let-through" ? letThrough : turnAway;
    case "stop":
      return before.shown === "stop" ? stop : null;
    case "invalid":
      return null;
  }
}
