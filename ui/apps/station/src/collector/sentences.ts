import { textOf } from "@kadian/kit";
import type { ResultView } from "../bindings";
import type { Sentences, Words } from "../words";

/** Returns the two sentences of an answer: why, and what to do. */
export function sentencesOf(words: Words, result: ResultView): Sentences {
  if (result.notRecorded !== null) {
    return { why: words.notRecordedWhy[result.notRecorded], do: words.notRecordedDo };
  }
  const { answer } = result;
  if (result.recordedBefore !== null) {
    return { why: words.recordedBefore(words.verdict[result.recordedBefore.shown]), do: words.sameOrOther };
  }
  switch (answer.kind) {
    case "pass":
      return { why: textOf(words.reasonWhy, answer.reason), do: words.passDo };
    case "check":
      return { why: textOf(words.reasonWhy, answer.reason), do: textOf(words.checkDo, answer.reason) };
    case "stop":
      return { why: textOf(words.reasonWhy, answer.reason), do: words.stopDo };
    case "invalid":
      return {
        why: textOf(words.refusalWhy, answer.refusal, result.fields?.seenAt ?? null),
        do: words.refusalDo[answer.refusal.kind],
      };
    case "unjudged":
      return { why: words.unjudgedWhy[answer.fault], do: words.unjudgedDo };
  }
}
