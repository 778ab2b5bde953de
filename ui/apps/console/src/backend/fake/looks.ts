import type { Look, LookPassage, LookPlace, LookTerms, NewLook } from "../residents";
import { Problem } from "../problem";
import { at, refOf } from "./samples";

const HOUR = 3600;
const DAY = 24 * HOUR;

export function sampleTerms(lost: boolean): LookTerms {
  return {
    reasons: ["investigation", "own-request", "correction", "other"],
    leastCase: 4,
    leastWords: 10,
    seconds: 300,
    left: 47,
    lost,
  };
}

/** Places: two that are known on the earth as all are, and one that was removed. */
const PLACES: LookPlace[] = [
  ["东门", false, 30_500_100, 114_300_100],
  ["北门", false, 30_499_300, 114_301_600],
  ["样例小学门口", false, 30_501_100, 114_301_500],
  ["示例门岗", true, 30_499_900, 114_302_800],
  ["样例南门", false, 30_498_900, 114_300_400],
].map(([name, gone, north, east]) => ({
  name: name as string,
  gone: gone as boolean,
  community: refOf("990101001001"),
  place: [north as number, east as number],
}));

function passage(seconds: number, more: Partial<LookPassage>): LookPassage {
  return {
    passage: `p${seconds}`,
    at: at(-seconds),
    received: at(-seconds + 2),
    place: 0,
    community: refOf("990101001001"),
    direction: "in",
    shown: "pass",
    outcome: "let-through",
    colour: "green",
    issuer: "sample.city",
    collector: "李*",
    collectorGone: false,
    name: "张*",
    identity: "9901**********0011",
    ...more,
  };
}

/** Plays an office that knows a person, or with `none` nobody; the family's phone names two people. */
export function sampleLook(asked: NewLook, none: boolean): Look {
  const { who, reason, case: number, words } = asked;
  const digits = who.replaceAll(/\D/g, "");
  const isCode = who.startsWith("KD1:");
  if (!isCode && digits.length !== 11 && digits.length < 17)
    throw new Problem("invalid", { status: 422, fields: [{ name: "who", code: "not-whole" }] });
  const isPhone = digits.length === 11;
  const passages = [
    passage(2 * HOUR, {}),
    passage(5 * HOUR, {
      place: 1,
      shown: "check",
      colour: "yellow",
      collector: "周**",
      received: at(-2 * HOUR),
    }),
    passage(DAY + 3 * HOUR, { place: 3, shown: "check", collector: "吴*", collectorGone: true }),
    passage(DAY + 8 * HOUR, { place: 2, direction: "out", collector: "钱**" }),
    passage(2 * DAY + 4 * HOUR, { shown: "stop", outcome: "turned-away", colour: "red" }),
    passage(2 * DAY + 9 * HOUR, {
      place: null,
      shown: "unjudged-clock",
      colour: "uncoloured",
      collector: null,
      collectorGone: true,
    }),
  ].map((one, index) =>
    isPhone && index === 1 ? { ...one, name: "样*", identity: "9901**********0022" } : one,
  );
  return {
    reason,
    case: number,
    words,
    entry: 20_419,
    who: isCode ? "张* 9901**********0011" : isPhone ? "138****0000" : "9901**********0011",
    shut: isCode,
    seconds: 300,
    passages: none ? [] : passages,
    places: none ? [] : PLACES,
    more: false,
    left: 46,
  };
}
