import { describe, expect, test } from "vitest";
import { STICKS } from "../src/backend/fake/sticks";
import type { StickProblem } from "../src/bindings";
import { wordsIn } from "../src/words";
import { bytes, stateOf } from "../src/workbench/stick";
import { play, press, sceneOf, text } from "./play";

describe("a stick", () => {
  test("is carried by Enter, once at a time, and not while none is plugged in", async () => {
    const first = await play(sceneOf("workbench-stick"));
    await press("Enter");
    expect(first.sent).toEqual([{ wing: "workbench", kind: "carry-stick" }]);
    for (const name of ["workbench-stick-carrying", "workbench-stick-none"]) {
      const { sent } = await play(sceneOf(name));
      await press("Enter");
      expect(sent, name).toEqual([]);
    }
  });

  test("says what comes in, what goes out, and for how long it lasts", async () => {
    await play(sceneOf("workbench-stick"));
    const said = text();
    for (const part of [
      "样例 U 盘",
      "218 → 219",
      "吊销 +12",
      "74 条",
      "86 条",
      "还有 36 天",
      "还能存 900 天",
    ]) {
      expect(said).toContain(part);
    }
  });

  test("says at the end of each row what is done with it", () => {
    const states = Object.entries(STICKS).flatMap(([name, { view }]) => {
      const stick = view.screen.kind === "stick" ? view.screen.stick.seen?.stick : undefined;
      return stick === undefined || stick === null ? [] : [[name, stateOf(stick)] as const];
    });
    expect(Object.fromEntries(states)).toMatchObject({
      "workbench-stick": ["in", "settle", "out"],
      "workbench-stick-carried": ["done", "done", "done"],
      "workbench-stick-full": ["nothing", "nothing", "no"],
      "workbench-stick-other": ["no", "no", "nothing"],
    });
  });

  test("is written to by F10 where the laptop is out of service", async () => {
    const { sent } = await play(sceneOf("out-of-service"));
    await press("F10");
    expect(sent).toEqual([{ wing: "station", kind: "carry-stick" }]);
  });

  test("has a sentence for each problem in both languages", () => {
    const codes = Object.keys(wordsIn("en").workbench.stick.problem) as StickProblem[];
    for (const language of ["en", "zh"] as const) {
      const sentences = codes.map((code) => wordsIn(language).workbench.stick.problem[code]);
      expect(new Set(sentences).size).toBe(codes.length);
    }
  });
});

test("bytes are told in the unit in which sticks are sold", () => {
  expect([0, 999, 1500, 14_000_000_000, 2_000_000_000_000].map(bytes)).toEqual([
    "0 B",
    "999 B",
    "1.5 kB",
    "14 GB",
    "2.0 TB",
  ]);
});
