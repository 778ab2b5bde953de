import { waitFor } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";
import { play, press, sceneOf, text } from "./play";

const button = (key: string): HTMLButtonElement | null =>
  document.querySelector<HTMLButtonElement>(`button[aria-keyshortcuts="${key}"]`);

/** Clicks as a hand does; `count` is the number of the click in a row. */
function click(target: Element | null, count = 1): void {
  target?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: count }));
}

/** Presses two keys with so many milliseconds between them. */
async function strike(keys: readonly string[], gap: number): Promise<void> {
  let at = performance.now();
  for (const key of keys) {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    window.dispatchEvent(Object.defineProperty(event, "timeStamp", { value: at }));
    at += gap;
  }
  for (const key of keys) window.dispatchEvent(new KeyboardEvent("keyup", { key }));
  await new Promise((resolve) => setTimeout(resolve, 500));
}

const lost = (): string | undefined => document.querySelector<HTMLElement>("[data-lost]")?.dataset["lost"];

describe("a new screen's buttons", () => {
  test("take no second click of two, and take one a moment later", async () => {
    const { sent, show } = await play(sceneOf("signed-out"));
    await show(sceneOf("ready"));
    click(button("F9"), 2);
    expect(sent).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 450));
    click(button("F9"));
    expect(sent.map(({ kind }) => kind)).toEqual(["end-shift"]);
  });

  test("are pressed at once by whatever is no hand", async () => {
    const { sent, show } = await play(sceneOf("signed-out"));
    await show(sceneOf("ready"));
    click(button("F9"), 0);
    expect(sent.map(({ kind }) => kind)).toEqual(["end-shift"]);
  });
});

describe("keys that are struck together", () => {
  test.each([
    [["Backspace", "Enter"], ["confirm"]],
    [["Enter", "ArrowRight"], ["confirm"]],
  ])("%j: one that means nothing is overlooked", async (keys, kinds) => {
    const { sent } = await play(sceneOf("pass"));
    await strike(keys, 10);
    expect(sent.map(({ kind }) => kind)).toEqual(kinds);
    expect(lost()).toBeUndefined();
  });

  test.each([[["'", "Enter"]], [["Enter", "\\"]], [["Enter", "Escape"]]])(
    "%j: neither acts, and the bar says so",
    async (keys) => {
      const { sent } = await play(sceneOf("pass"));
      await strike(keys, 10);
      expect(sent).toEqual([]);
      expect(lost()).toBe("struck-together");
      expect(document.querySelector('[role="status"]')?.textContent).not.toBe("");
    },
  );

  test("a hand scanner is not told", async () => {
    const { sent } = await play(sceneOf("pass"));
    await strike([...Array.from("KD1:RN0R"), "Enter"], 8);
    expect(sent).toEqual([]);
    expect(lost()).toBeUndefined();
  });
});

test("a command that did not arrive is said, and no longer than it helps", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const { refuse } = await play(sceneOf("ready"));
    refuse();
    click(button("F9"), 0);
    await vi.advanceTimersByTimeAsync(10);
    expect(lost()).toBe("not-delivered");
    await vi.advanceTimersByTimeAsync(4000);
    expect(lost()).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

test("keys without a meaning, and held ones, give a result more time, once a second at most", async () => {
  const { sent, keptOpen } = await play(sceneOf("check"));
  await press("Control");
  for (let index = 0; index < 5; index += 1) {
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "Shift", repeat: true, bubbles: true }));
  }
  expect([sent, keptOpen()]).toEqual([[], 1]);
  const { keptOpen: atReady } = await play(sceneOf("ready"));
  await press("Shift");
  expect(atReady()).toBe(0);
});

test("a shift that was ended by mistake is taken up again by Esc", async () => {
  const { sent, show } = await play(sceneOf("signed-out-ended"));
  expect(text()).toContain("6 秒内可以撤销");
  await press("Escape");
  expect(sent).toEqual([{ wing: "shift", kind: "resume-shift" }]);
  await show(sceneOf("signed-out"));
  await press("Escape");
  expect(sent.length).toBe(1);
});

describe("a fault", () => {
  test("leaves every way out", async () => {
    const { sent } = await play(sceneOf("fault-clock-wrong-collector"));
    for (const key of ["Enter", "n", "F8", "F9", "F10"]) {
      expect(button(key.toUpperCase()) ?? button(key), key).not.toBeNull();
      await press(key);
    }
    const kinds = ["fault-seen", "no-code", "switch-checkpoint", "end-shift", "open-workbench"];
    expect(sent.map(({ kind }) => kind)).toEqual(kinds);
  });

  test("that somebody has seen says that it is silent", async () => {
    const { sent } = await play(sceneOf("fault-seen"));
    expect(button("Enter")?.textContent).toContain("已静音");
    expect(button("Enter")?.disabled).toBe(true);
    await press("Enter");
    expect(sent).toEqual([]);
  });

  test("without trust leads nowhere that is not there", async () => {
    const view = sceneOf("fault-trust-missing");
    await play({ ...view, bar: { ...view.bar, shift: null, collector: null } });
    for (const key of ["N", "F8", "F9"]) expect(button(key), key).toBeNull();
  });
});

test("the field has the keyboard again after a click on a button, and after a wrong PIN", async () => {
  const { show } = await play(sceneOf("signed-out"));
  const digits = document.querySelector<HTMLInputElement>("#digits");
  const secret = document.querySelector<HTMLInputElement>("#secret");
  expect(document.activeElement).toBe(digits);
  await new Promise((resolve) => setTimeout(resolve, 450));
  digits?.blur();
  click(button("F6"));
  await waitFor(() => expect(document.activeElement).toBe(digits));
  await show(sceneOf("signed-out-checking"));
  await show(sceneOf("signed-out-wrong"));
  await waitFor(() => expect(document.activeElement).toBe(secret));
});

test("the key of the language shows the other one in its own letters, and switches at once", async () => {
  const { kept } = await play(sceneOf("signed-out"), "system");
  expect(button("F6")?.textContent).toContain("English");
  await press("F6");
  expect(kept).toEqual(["en"]);
  await waitFor(() => expect(button("F6")?.textContent).toContain("中文"));
});

describe("whom to call", () => {
  test.each(["stop", "not-recorded", "fault-camera-lost", "signed-out-removed", "choose-checkpoint-none"])(
    "stands on %s",
    async (name) => {
      await play(sceneOf(name));
      expect(document.querySelector("[data-contact]")?.textContent).toContain("样例社区值班室");
    },
  );
  test("is left out where the community names nobody, and where nobody is to be called", async () => {
    await play({ ...sceneOf("stop"), contact: "" });
    expect(document.querySelector("[data-contact]")).toBeNull();
    await play(sceneOf("pass"));
    expect(document.querySelector("[data-contact]")).toBeNull();
  });
});
