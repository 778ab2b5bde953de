import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { result } from "../src/backend/fake/samples";
import { LATE_SECONDS, listenedUntil, RECORDING_SECONDS, VIEW_SECONDS } from "../src/silence";
import { play, press, sceneOf, text } from "./play";

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ["setInterval", "clearInterval", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const LEFT = 12;
const view = (kind: "result" | "recording", name = "pass"): ReturnType<typeof sceneOf> => {
  const { screen, bar } = sceneOf(name);
  if (screen.kind !== "result") throw new Error("not a result");
  const shown = result(screen.result.answer, { countdown: { total: 20, left: LEFT } });
  return { screen: { wing: "collector", kind, result: shown }, bar, contact: "" };
};
const alert = (): string => document.querySelector('[role="alert"]')?.textContent ?? "";

describe("a gate that has gone silent", () => {
  test.each(["pass", "check", "stop", "invalid-expired", "unjudged"])(
    "shows no %s although its countdown is not over, and takes no key",
    async (name) => {
      const { sent } = await play(view("result", name));
      const before = text();
      await vi.advanceTimersByTimeAsync(LATE_SECONDS * 1000);
      expect(text()).toBe(before);
      await vi.advanceTimersByTimeAsync((VIEW_SECONDS + 1) * 1000);
      expect(document.querySelector(".station")?.getAttribute("data-flood")).toBe("slate");
      expect(document.querySelector("[data-answer]")).toBeNull();
      expect(text()).toContain("请稍候");
      expect(text()).toContain("本机没有回应");
      expect(alert()).toContain("本机没有回应");
      for (const key of ["Enter", "Escape"]) await press(key);
      expect(sent).toEqual([]);
    },
  );

  test("shows none that is being recorded for too long", async () => {
    await play(view("recording"));
    await vi.advanceTimersByTimeAsync((RECORDING_SECONDS + LATE_SECONDS - 1) * 1000);
    expect(text()).toContain("通行");
    await vi.advanceTimersByTimeAsync(3000);
    expect(text()).not.toContain("通行");
  });

  test("is on the screen again as soon as it speaks", async () => {
    const { show } = await play(view("result"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(text()).toContain("请稍候");
    await show(view("result", "stop"));
    expect(text()).toContain("劝返");
  });
});

test("a gate that counts down is not silent", async () => {
  const { show } = await play(view("result"));
  for (let second = 0; second < 30; second += 1) {
    await vi.advanceTimersByTimeAsync(1000);
    await show(view("result"));
  }
  expect(text()).toContain("通行");
});

test("a gate whose views come three seconds late is not silent", async () => {
  const { show } = await play(view("result"));
  for (let turn = 0; turn < 5; turn += 1) {
    await vi.advanceTimersByTimeAsync(LATE_SECONDS * 1000);
    expect(text()).toContain("通行");
    await show(view("result"));
  }
});

test("a page that was asleep reads what waits before it calls the gate silent", () => {
  expect(listenedUntil(5000, 5000, 6000)).toBe(6000);
  expect(listenedUntil(5000, 5000, 65_000)).toBe(5000);
  expect(listenedUntil(5000, 65_000, 66_000)).toBe(66_000);
});

test("a screen without a verdict stays", async () => {
  await play(sceneOf("ready"));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(text()).toContain("请出示健康码");
});
