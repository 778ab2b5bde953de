import { amount, clock, daysBetween, resolveLanguage } from "@kadian/kit";
import { describe, expect, test } from "vitest";
import type {
  Answer,
  CertificateKind,
  Colour,
  Fault,
  Finding,
  Hint,
  Origin,
  Reason,
  RecordedBefore,
  Refusal,
} from "../src/bindings";
import { result } from "../src/backend/fake/samples";
import { sentencesOf } from "../src/collector/sentences";
import { sentencesOfFault } from "../src/station/sentences";
import type { Sentences, Words } from "../src/words";
import { en } from "../src/words/en";
import { zh } from "../src/words/zh";

// The longest sentences, in characters. A longer one is the wrong sentence.
const LONGEST = { "zh-Hans": { why: 18, do: 22 }, en: { why: 45, do: 50 } };

const SEEN = 1_790_000_000;
const AGES = [0, 59, 60, 12 * 60, 59 * 60, 23 * 3600, 48 * 3600, 300 * 86_400];
const FAULTS = Object.keys(zh.fault) as Fault[];
const COLOURS: Colour[] = ["green", "yellow", "red", "grey", "uncoloured"];
const ORIGINS: Origin[] = ["community", "city", "province", "country", "foreign"];

const KINDS: CertificateKind[] = ["vaccination", "test", "recovery"];
const FINDINGS: Finding[] = [
  "accepted",
  "no-rule",
  "not-accepted",
  "detected",
  "too-few-doses",
  "too-recent",
  "too-long-ago",
  "own-days-to-come",
  "own-days-over",
  "unlisted",
];

const REASONS: Reason[] = [
  ...COLOURS.flatMap((colour) => ORIGINS.map((origin): Reason => ({ kind: "colour", colour, origin }))),
  { kind: "fever", tenths: 379 },
  ...Array.from({ length: 63 }, (_, index): Reason => ({ kind: "symptoms", bits: index + 1 })),
  ...[1, 23, 24, 400, 9999].map((hours): Reason => ({ kind: "old-declaration", hours })),
  { kind: "paper-code" },
  { kind: "passport" },
  ...KINDS.flatMap((certificate) =>
    FINDINGS.flatMap((finding) =>
      [0, 1, 270, 9999].flatMap((days): Reason[] =>
        [null, 1, 9999].map((hours) => ({ kind: "certificate", certificate, finding, days, hours })),
      ),
    ),
  ),
];
const REFUSALS: Refusal[] = (Object.keys(zh.refusalDo) as Refusal["kind"][]).flatMap((kind): Refusal[] => {
  if (kind === "expired") return AGES.map((age) => ({ kind, exp: SEEN - age }));
  if (kind === "not-yet-valid") return AGES.map((age) => ({ kind, iat: SEEN + age }));
  return [{ kind } as Refusal];
});
const ANSWERS: Answer[] = [
  ...REASONS.flatMap((reason): Answer[] => [
    { kind: "pass", reason },
    { kind: "check", reason },
    { kind: "stop", reason },
  ]),
  ...REFUSALS.map((refusal): Answer => ({ kind: "invalid", refusal })),
  ...FAULTS.map((fault): Answer => ({ kind: "unjudged", fault })),
];

const BEFORE: RecordedBefore[] = (["pass", "check", "stop", "unjudged"] as const).flatMap((shown) =>
  (["let-through", "turned-away"] as const).map((outcome) => ({ shown, outcome })),
);

/** Counts the characters; in Chinese without the spaces beside Latin text. */
function lengthOf(words: Words, text: string): number {
  return Array.from(words.tag === "en" ? text : text.replaceAll(" ", "")).length;
}

function check(words: Words, sentences: Sentences): void {
  for (const part of ["why", "do"] as const) {
    const text = sentences[part];
    expect(text, text).toMatch(words.tag === "en" ? /^[A-Z0-9].*[.”]\.?$/ : /。$/);
    expect(text).not.toMatch(/undefined|NaN|null|[!！]/);
    expect(lengthOf(words, text), text).toBeLessThanOrEqual(LONGEST[words.tag][part]);
  }
}

describe.each([zh, en])("sentences in $tag", (words) => {
  test("every answer has one line why and one line what to do", () => {
    for (const answer of ANSWERS) {
      const shown = result(answer);
      const fields = shown.fields === null ? null : { ...shown.fields, seenAt: SEEN };
      check(words, sentencesOf(words, { ...shown, fields }));
      check(words, sentencesOf(words, { ...shown, fields: null }));
      check(words, sentencesOf(words, { ...shown, family: "certificate", fields }));
      check(words, sentencesOf(words, { ...shown, family: "certificate", fields: null }));
    }
  });

  test("somebody who was just recorded gets one more sentence, and is never let through a Stop", () => {
    for (const answer of ANSWERS) {
      for (const before of BEFORE) {
        const sentences = sentencesOf(words, result(answer, { recordedBefore: before, fields: null }));
        check(words, sentences);
        expect(sentences.before).toMatch(
          words.tag === "en" ? /^Just recorded as “.*”\.$/ : /^刚刚登记为“.*”。$/,
        );
        if (answer.kind === "stop") expect([words.stopDo, words.againDo.stop]).toContain(sentences.do);
        if (before.outcome === "turned-away") expect(sentences.do).not.toBe(words.againDo.letThrough);
      }
    }
    const all = BEFORE.map((before) => words.recordedBefore(before));
    // What a Pass and a Stop came to goes without saying.
    expect(new Set(all).size).toBe(BEFORE.length - 2);
  });

  test("every fault has its lines, one to three steps, and what to say when nothing was recorded", () => {
    for (const fault of FAULTS) {
      for (const seconds of [null, 46 * 86_400, 4000 * 86_400]) {
        for (const limits of [null, { soft: 7 * 86_400, hard: 45 * 86_400 }]) {
          check(words, sentencesOfFault(words, fault, { seconds, old: true, limits }));
        }
      }
      check(
        words,
        sentencesOf(words, result({ kind: "stop", reason: REASONS[0] as Reason }, { notRecorded: fault })),
      );
      expect(words.fault[fault].steps.length).toBeGreaterThan(0);
      expect(words.fault[fault].steps.length).toBeLessThanOrEqual(3);
    }
  });

  test("no text is empty", () => {
    const empty: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (typeof value === "string" && value.trim() === "") empty.push(path);
      if (typeof value === "object" && value !== null) {
        for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
      }
    };
    walk(words, words.tag);
    expect(empty).toEqual([]);
  });

  test("grey is told apart from red, in what it says and in what to do", () => {
    const of = (colour: Colour, kind: "check" | "stop"): Sentences =>
      sentencesOf(words, result({ kind, reason: { kind: "colour", colour, origin: "province" } }));
    expect(of("grey", "check").why).not.toBe(of("red", "stop").why);
    expect(of("grey", "check").do).not.toBe(of("red", "stop").do);
    expect(of("grey", "check").do).not.toBe(of("yellow", "check").do);
  });

  test("a colour says where its holder belongs, and never who issued it", () => {
    for (const colour of COLOURS) {
      for (const origin of ORIGINS) {
        const { why } = sentencesOf(
          words,
          result({ kind: "stop", reason: { kind: "colour", colour, origin } }),
        );
        expect(why).not.toMatch(/签发|issued/);
      }
    }
  });

  test("help names the one file that a ticket has on a stick", () => {
    expect(words.entrance.openFrom).toBe("ticket.txt");
  });

  test("what waits is counted as records of every kind, not as passages", () => {
    const record = words.tag === "en" ? /record/i : /记录/;
    for (const text of [words.safe(12), words.offline.note(12), words.bar.waitingNote]) {
      expect(text).toMatch(record);
    }
    expect(words.outOfService.waiting(12)).toMatch(record);
  });

  test("a code of a phone whose clock is a little fast was issued just now", () => {
    expect(words.codeAge(-60)).toBe(words.tag === "en" ? "issued just now" : "刚刚签发");
    expect(words.codeAge(61)).toMatch(words.tag === "en" ? /1 min/ : /1 分钟前签发/);
  });

  test("a day has its year where that is another one, and spaces around its figures", () => {
    const at = (year: number, month: number): number => new Date(year, month - 1, 3, 12).getTime() / 1000;
    const seen = at(2026, 12);
    expect(words.day(at(2026, 11), seen)).toBe(words.tag === "en" ? "3 Nov" : "11 月 3 日");
    expect(words.day(at(2027, 1), seen)).toBe(words.tag === "en" ? "3 Jan 2027" : "2027 年 1 月 3 日");
  });

  test("a date is named in words", () => {
    const moment = new Date(2026, 10, 28, 8, 5).getTime() / 1000;
    const day = words.tag === "en" ? "Saturday 28 November 2026" : "2026 年 11 月 28 日，星期六";
    expect(words.dateInWords(moment)).toBe(day);
    expect(words.vouch(moment).title).toBe(day);
    expect(words.clockSays(moment).note).toContain(day);
    expect(words.button["assert-time"](moment)).toContain("08:05");
  });

  test("a fever or a symptom is named", () => {
    const fever = sentencesOf(words, result({ kind: "check", reason: { kind: "fever", tenths: 379 } }));
    expect(fever.why).toContain("37.9");
  });
});

test("both languages have the same shape", () => {
  const shape = (value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort()
            .map(([key, inner]) => [key, shape(inner)]),
        )
      : typeof value;
  expect(shape(en)).toEqual(shape(zh));
});

test("English holds no Chinese, and Chinese no English sentences", () => {
  expect(JSON.stringify(en)).not.toMatch(/[\u4e00-\u9fff]/);
  expect(JSON.stringify({ ...zh, tag: "" })).not.toMatch(/[a-z]{4,} [a-z]{3,}/);
});

test("each hint has its own headline in each language", () => {
  const hints = Object.keys(zh.hint) as Hint[];
  for (const words of [zh, en])
    expect(new Set(hints.map((hint) => words.hint[hint].gloss)).size).toBe(hints.length);
});

test("amounts take the largest unit that fits", () => {
  expect(amount(59)).toEqual({ count: 59, unit: "second" });
  expect(amount(60)).toEqual({ count: 1, unit: "minute" });
  expect(amount(7199)).toEqual({ count: 1, unit: "hour" });
  expect(amount(2 * 86_400)).toEqual({ count: 2, unit: "day" });
  expect(amount(-5)).toEqual({ count: 0, unit: "second" });
});

test("times are local", () => {
  const evening = Math.floor(new Date(2026, 10, 24, 19, 42).getTime() / 1000);
  expect(clock(evening)).toBe("19:42");
  expect(daysBetween(evening - 20 * 3600, evening)).toBe(1);
  expect(daysBetween(evening - 19 * 3600, evening)).toBe(0);
});

test("the system's language is followed, and Chinese is spoken where it has none of ours", () => {
  expect(resolveLanguage("system", ["fr-FR", "en-GB", "zh-CN"])).toBe("en");
  expect(resolveLanguage("system", ["zh-TW"])).toBe("zh");
  expect(resolveLanguage("system", ["fr"])).toBe("zh");
  expect(resolveLanguage("en", ["zh"])).toBe("en");
});
