import { cleanup, render, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import App from "../src/App.svelte";
import type { Backend } from "../src/backend/backend";
import { ENTRANCES } from "../src/backend/fake/entrances";
import { NO_STATIONS } from "../src/backend/fake/fake";
import { SCENES } from "../src/backend/fake/scenes";
import type { WindowView } from "../src/bindings";
import { wordsIn } from "../src/words";
import { play, sceneOf } from "./play";
import { CODE, keysOf } from "./typing";

// What a hand scanner types reaches no button, field, dialog or shortcut, whatever is on the screen.

/** Everything that a window asked for. */
interface Asked {
  users: unknown[];
  tickets: unknown[];
  /** What only a person does. */
  others: string[];
}

/** Opens the window on any view. */
async function open(view: WindowView): Promise<Asked> {
  const asked: Asked = { users: [], tickets: [], others: [] };
  const other =
    (name: string) =>
    (...of: unknown[]): Promise<void> => {
      asked.others.push(`${name} ${JSON.stringify(of)}`);
      return Promise.resolve();
    };
  const backend: Backend = {
    start: () => Promise.resolve(view),
    user: (input) => {
      if (input.kind !== "keep-open") asked.users.push(input);
      return Promise.resolve();
    },
    ticket: (input) => {
      asked.tickets.push(input);
      return Promise.resolve();
    },
    leave: other("leave"),
    setLanguage: other("language"),
    setTheme: other("theme"),
    setGloss: other("gloss"),
    setKiosk: other("kiosk"),
    displays: () => Promise.resolve([]),
    setResidentDisplay: other("display"),
    setDevice: other("device"),
    saveDiagnostics: () => Promise.reject(new Error("no device page")),
    settings: () =>
      Promise.resolve({
        name: "样例",
        language: "zh",
        theme: "system",
        gloss: true,
        mirrored: false,
        volume: 80,
        lamp: "when-dark",
        voice: "off",
        residentDisplay: { kind: "none" },
        kiosk: false,
      }),
    kiosk: () => Promise.resolve({ chosen: false, locked: false }),
    leaveKiosk: () => Promise.reject(new Error("no administrator")),
    seen: () => undefined,
    frame: () => "",
  };
  render(App, { backend, player: { play: () => undefined } });
  await waitFor(() => expect(document.querySelector("main")).not.toBeNull());
  return asked;
}

type Field = HTMLInputElement | HTMLTextAreaElement;
const isField = (element: Element): element is Field =>
  element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
const values = (): string[] =>
  [...document.querySelectorAll<Field>("input, textarea")].map(({ value }) => value);

/** Types as a scanner does, at whatever has the focus, with so many milliseconds from key to key. */
function type(text: string, gap: number, ends: string[]): void {
  let at = performance.now() + 60_000;
  for (const key of [...keysOf(text), ...ends.map((code) => ({ code, key: code, shift: false }))]) {
    for (const kind of ["keydown", "keyup"]) {
      const target = document.activeElement ?? document.body;
      const init = { code: key.code, key: key.key, shiftKey: key.shift, bubbles: true, cancelable: true };
      const event = new KeyboardEvent(kind, init);
      Object.defineProperty(event, "timeStamp", { value: at });
      const acts = target.dispatchEvent(event);
      // What the browser does with a key that nobody stopped.
      if (kind === "keydown" && acts && isField(target) && key.key.length === 1) {
        target.value += key.key;
        target.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
      if (kind === "keydown" && acts && key.code === "Enter") {
        if (target instanceof HTMLButtonElement) target.click();
        if (target instanceof HTMLInputElement) target.form?.requestSubmit();
      }
    }
    at += gap;
  }
}

/** Every letter that a screen has a key for, and each key that does more than type. */
const SHORT = "KD1:TRN0 TBI$%*+-./:";

/** Longer than anything waits that was held back. */
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 550));

const views: [string, WindowView][] = [
  ...Object.entries(SCENES).map(([name, { view }]): [string, WindowView] => [
    name,
    { state: "station", view },
  ]),
  ...Object.entries(ENTRANCES).map(([name, view]): [string, WindowView] => [
    name,
    { state: "entrance", view },
  ]),
  ...Object.entries(NO_STATIONS).map(([name, why]): [string, WindowView] => [
    name,
    { state: "no-station", why },
  ]),
];

// A busy machine types slowly.
const PATIENCE = { timeout: 60_000 };

test.each(views)("on %s a burst presses nothing, and the text arrives", PATIENCE, async (_, view) => {
  const asked = await open(view);
  const before = values();
  // Whatever may have the keyboard has it once.
  const stops = [
    ...document.querySelectorAll<HTMLElement>("button:not(:disabled), input, textarea, [tabindex='0']"),
  ];
  const waits = view.state === "entrance" && view.view.screen.kind === "waiting";
  const reads = view.state === "station" || waits ? stops.length + 1 : 0;
  for (const stop of [document.body, ...stops]) {
    stop.focus();
    type(SHORT, 8, ["Enter", "Enter"]);
  }
  await quiet();
  expect(asked.others).toEqual([]);
  const typed = { wing: "scanner", kind: "typed", text: SHORT };
  expect(asked.users).toEqual(view.state === "station" ? Array<unknown>(reads).fill(typed) : []);
  expect(asked.tickets).toEqual(waits ? Array<unknown>(reads).fill({ kind: "offer", text: SHORT }) : []);
  expect(values()).toEqual(before);
  cleanup();
});

describe("a scan in the window", () => {
  test.each([1, 8, 25, 100])("is read at a key every %i ms", async (gap) => {
    const { sent } = await play(sceneOf("check"));
    type(CODE, gap, ["Enter"]);
    expect(sent).toEqual([{ wing: "scanner", kind: "typed", text: CODE }]);
    await quiet();
    expect(sent.length).toBe(1);
  });

  test("is read under any layout and a Chinese input method", async () => {
    const { sent } = await play(sceneOf("workbench-checkpoints"));
    const field = document.querySelector("input");
    field?.focus();
    let at = performance.now() + 60_000;
    for (const { code, shift } of keysOf(CODE)) {
      const init = { code, key: "Process", keyCode: 229, shiftKey: shift, isComposing: true };
      const event = new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true });
      Object.defineProperty(event, "timeStamp", { value: at });
      (document.activeElement ?? document.body).dispatchEvent(event);
      at += 8;
    }
    expect(field === document.activeElement && field !== null).toBe(false);
    await quiet();
    expect(sent).toEqual([{ wing: "scanner", kind: "typed", text: CODE }]);
  });

  test("says how far it is, in both languages", async () => {
    await play(sceneOf("ready"), "en");
    type(CODE.slice(0, 210), 8, []);
    await waitFor(() => {
      expect(document.querySelector("[data-scanning]")?.textContent).toContain(
        wordsIn("en").scanning(210, 430),
      );
    });
    expect(wordsIn("zh").scanning(210, 430)).toContain("210");
    await quiet();
    expect(document.querySelector("[data-scanning]")).toBeNull();
  });

  test("what the station reads shows in the same way", async () => {
    await play(sceneOf("scanner-reading"), "zh");
    expect(document.querySelector("[data-scanning='210']")).not.toBeNull();
  });

  test("leaves a person's typing alone", async () => {
    const { sent } = await play(sceneOf("signed-out"));
    const [digits, secret] = [...document.querySelectorAll("input")];
    digits?.focus();
    type("0001", 90, []);
    secret?.focus();
    type("246810", 90, []);
    expect([digits?.value, secret?.value]).toEqual(["0001", "246810"]);
    type("", 90, ["Enter"]);
    await quiet();
    expect(sent.map(({ kind }) => kind)).toEqual(["sign-in"]);
  });
});
