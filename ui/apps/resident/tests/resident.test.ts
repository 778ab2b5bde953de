import { cleanup, render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Backend } from "../src/backend";
import type { ResidentView } from "../src/bindings";
import Resident from "../src/Resident.svelte";
import { SHOWN } from "../src/words";

/** Returns what the page says that it shows. */
const shown = (): string | undefined => screen.getByRole("main").dataset["resident"];
const ALL = Object.keys(SHOWN) as ResidentView[];

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** A station that answers when the test says so. */
function station(): {
  backend: Backend;
  answer: (view: ResidentView) => Promise<void>;
  asked: () => unknown[];
} {
  const asked: (ResidentView | null)[] = [];
  let resolve: (view: ResidentView) => void = () => undefined;
  const next = (seen: ResidentView | null): Promise<ResidentView> => {
    asked.push(seen);
    return new Promise((done) => (resolve = done));
  };
  const answer = async (view: ResidentView): Promise<void> => {
    resolve(view);
    await vi.advanceTimersByTimeAsync(0);
    await tick();
  };
  return { backend: { next }, answer, asked: () => asked };
}

test("each view says what to do in two languages, and no verdict word", async () => {
  const { backend, answer } = station();
  render(Resident, { backend });
  for (const view of ALL) {
    await answer(view);
    const status = screen.getByRole("status");
    expect(shown()).toBe(view);
    const text = status.textContent;
    for (const line of [...SHOWN[view].zh, ...SHOWN[view].en]) expect(text).toContain(line);
    expect(text).not.toMatch(/[0-9*]|劝返|无效|核实|通行|Stop|Invalid|Check\b/);
  }
});

test("only Pass and Check have a verdict's colour, and their plates alone are solid", () => {
  expect(ALL.filter((view) => SHOWN[view].flood === "pass")).toEqual(["pass"]);
  expect(ALL.filter((view) => SHOWN[view].flood === "check")).toEqual(["check", "passport"]);
  for (const view of ALL) {
    const { flood, picture } = SHOWN[view];
    expect(picture === "pass" || picture === "check", view).toBe(flood === "pass" || flood === "check");
  }
});

test("it asks again with what it shows, and begins closed", async () => {
  const { backend, answer, asked } = station();
  render(Resident, { backend });
  expect(shown()).toBe("closed");
  await answer("ready");
  await answer("pass");
  expect(asked()).toEqual([null, "ready", "pass"]);
});

test("after four seconds of silence nothing is said about anybody", async () => {
  const { backend, answer } = station();
  render(Resident, { backend });
  await answer("pass");
  await vi.advanceTimersByTimeAsync(3900);
  expect(shown()).toBe("pass");
  await vi.advanceTimersByTimeAsync(200);
  expect(shown()).toBe("wait");
  await answer("ready");
  expect(shown()).toBe("ready");
});

test("a refused question is asked anew, and its answer is taken", async () => {
  let asks = 0;
  const next = (): Promise<ResidentView> => {
    asks += 1;
    if (asks === 1) return Promise.reject(new Error("not yet"));
    return asks === 2 ? Promise.resolve("ready") : new Promise(() => undefined);
  };
  render(Resident, { backend: { next } });
  await vi.advanceTimersByTimeAsync(300);
  expect(shown()).toBe("ready");
});

test("no key and no gesture does anything", async () => {
  const { backend, answer } = station();
  render(Resident, { backend });
  await answer("ready");
  for (const event of [
    new KeyboardEvent("keydown", { key: "F5", cancelable: true }),
    new MouseEvent("contextmenu", { cancelable: true }),
    new Event("dragover", { cancelable: true }),
    new Event("drop", { cancelable: true }),
  ]) {
    window.dispatchEvent(event);
    expect(event.defaultPrevented, event.type).toBe(true);
  }
});
