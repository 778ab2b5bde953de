import { expect, test, vi } from "vitest";
import { play, press, sceneOf, text } from "./play";

const root = document.documentElement;

/** An operating system whose preferences change. */
function system(): { prefer: (...queries: string[]) => void } {
  let preferred: string[] = [];
  const heard: (() => void)[] = [];
  vi.stubGlobal("matchMedia", (query: string) => ({
    get matches() {
      return preferred.some((part) => query.includes(part));
    },
    addEventListener: (_: string, listener: () => void) => heard.push(listener),
    removeEventListener: () => undefined,
  }));
  return {
    prefer: (...queries) => {
      preferred = queries;
      for (const listener of heard) listener();
    },
  };
}

test("the window follows the system's light, dark and contrast while it runs", async () => {
  const { prefer } = system();
  await play(sceneOf("ready"));
  expect(root.dataset["theme"]).toBe("light");
  prefer("color-scheme: dark");
  await vi.waitFor(() => expect(root.dataset["theme"]).toBe("dark"));
  prefer("color-scheme: dark", "contrast: more");
  await vi.waitFor(() => expect(root.dataset["theme"]).toBe("contrast"));
  vi.unstubAllGlobals();
});

test("each F3 shows another theme at once, and the station keeps it", async () => {
  const { prefer } = system();
  const { kept } = await play(sceneOf("pass"));
  const seen = [root.dataset["theme"]];
  for (let presses = 0; presses < 3; presses += 1) {
    await press("F3");
    seen.push(root.dataset["theme"]);
  }
  expect(seen).toEqual(["light", "dark", "contrast", "light"]);
  expect(kept).toEqual(["dark", "contrast", "light"]);
  // What a person chose is not changed by the system.
  prefer("color-scheme: dark");
  expect(root.dataset["theme"]).toBe("light");
  vi.unstubAllGlobals();
});

test("F4 leaves out the second language and brings it back, and the station keeps it", async () => {
  const { kept } = await play(sceneOf("check"));
  expect(root.dataset["gloss"]).toBe("on");
  await press("F4");
  expect(root.dataset["gloss"]).toBe("off");
  await press("F4");
  expect(root.dataset["gloss"]).toBe("on");
  expect(kept).toEqual([false, true]);
});

test("the keys for it are printed where nobody stands at the gate", async () => {
  const { show } = await play(sceneOf("signed-out"));
  const footer = (): string => document.querySelector("footer")?.textContent ?? "";
  expect(footer()).toMatch(/F3.*F4/);
  await show(sceneOf("workbench-policy"));
  expect(footer()).toMatch(/F3.*F4/);
  await show(sceneOf("pass"));
  expect(footer()).not.toContain("F3");
});

test("every gloss says in which language it is", async () => {
  await play(sceneOf("ready"));
  const gloss = document.querySelector(".gloss");
  expect([gloss?.textContent, gloss?.getAttribute("lang")]).toEqual(["Show your health code", "en"]);
});

test("the browser's own menu does not come up", async () => {
  await play(sceneOf("ready"));
  const asked = new MouseEvent("contextmenu", { bubbles: true, cancelable: true });
  document.body.dispatchEvent(asked);
  expect(asked.defaultPrevented).toBe(true);
  expect(text()).not.toBe("");
});

test("a screen reader is told of the address to scan, and of each choice of a checkpoint", async () => {
  const said = (): string => document.querySelector('[role="status"].visually-hidden')?.textContent ?? "";
  const { show } = await play(sceneOf("declare-again"));
  expect(said()).toContain("请重新申报");
  await show(sceneOf("no-code"));
  expect(said()).toContain("没有码");
  await show(sceneOf("choose-checkpoint"));
  expect(said()).toContain("东门");
  await press("ArrowDown");
  expect(said()).toContain("北门");
});
