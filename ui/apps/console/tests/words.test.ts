import { describe, expect, test } from "vitest";
import { Problem } from "../src/backend/problem";
import { fieldText, problemText, wordsIn } from "../src/words";

const zh = wordsIn("zh");
const en = wordsIn("en");

const ARGUMENTS: Record<string, unknown[]> = {
  day: [new Date(2026, 10, 29)],
  path: [["A", "B"]],
  about: [["A", "B"]],
  isNewAs: ["street"],
};

/** Every text, and what every function makes of some arguments, by its path. */
function texts(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") {
    const name = path.slice(path.lastIndexOf(".") + 1);
    return texts((value as (...args: unknown[]) => unknown)(...(ARGUMENTS[name] ?? [3, 2, "5", 4])), path);
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

test("both languages have the same shape", () => {
  const paths = (words: unknown): string[] =>
    texts(words)
      .map(([path]) => path)
      .sort();
  expect(paths(en).filter((path) => !paths(zh).includes(path))).toEqual([]);
  expect(paths(en)).toEqual(paths(zh));
});

describe.each([zh, en])("in $tag", (words) => {
  test("no text is empty, and none shouts or pleads", () => {
    for (const [path, text] of texts(words)) {
      expect(text.trim(), path).not.toBe("");
      expect(text, path).not.toMatch(/[!！]|undefined|NaN|\[object/);
    }
  });

  test("a problem that nobody knows is named by its code", () => {
    expect(problemText(words, new Problem("odd-one"))).toContain("odd-one");
    expect(fieldText(words, "odd-one")).toContain("odd-one");
    expect(problemText(words, new Problem("wrong-credentials", { retryAfter: 3.2 }))).toContain("4");
  });
});

test("English holds no Chinese but the name that authenticators show, and Chinese no English sentences", () => {
  for (const [path, text] of texts({ ...en, signIn: { ...en.signIn, codeNote: "-" } }))
    expect(text, path).not.toMatch(/[\u4e00-\u9fff]/);
  for (const [path, text] of texts(zh)) expect(text, path).not.toMatch(/[a-z]{4,} (?!audit|verify)[a-z]{3,}/);
});
