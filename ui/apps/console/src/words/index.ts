import type { Language } from "@kadian/kit";
import type { Problem } from "../backend/problem";
import { FIELD_PROBLEMS, known, PROBLEMS } from "./codes";
import { en } from "./en";
import type { Words } from "./words";
import { zh } from "./zh";

export type { Words } from "./words";

const WORDS: Record<Language, Words> = { zh, en };

export function wordsIn(language: Language): Words {
  return WORDS[language];
}

/** Returns one sentence for a problem. */
export function problemText(words: Words, problem: Problem): string {
  const { retryAfter, communities = [] } = problem.more;
  const code = known(PROBLEMS, problem.code);
  const said = code === undefined ? words.otherProblem(problem.code) : words.problem[code];
  if (communities.length > 0) return words.about(communities) + said;
  return retryAfter === undefined ? said : said + words.waitSeconds(Math.ceil(retryAfter));
}

/** Returns what is wrong with a field in one sentence, or undefined where nothing is. */
export function fieldText(words: Words, code: string | undefined, secret = false): string | undefined {
  if (code === undefined) return undefined;
  if (code === "too-short" && secret) return words.fieldProblem["too-short-secret"];
  const found = known(FIELD_PROBLEMS, code);
  return found === undefined ? words.otherProblem(code) : words.fieldProblem[found];
}
