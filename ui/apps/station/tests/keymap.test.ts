import { bindingFor, capOf } from "@kadian/kit";
import { afterEach, expect, test, vi } from "vitest";
import { SCENES } from "../src/backend/fake/scenes";
import { WINDOW_KEYMAP } from "../src/keymap";
import { shown } from "../src/screens";
import { looked, play, sceneOf, situationOf } from "./play";

/** Longer than any key is held back, in case a scanner types. */
const KEY_MS = 1000;

afterEach(() => {
  vi.useRealTimers();
});

/** The event's name of a key, which for a letter is in lower case. */
const typed = (key: string): string => (key.length === 1 ? key.toLowerCase() : key);

test.each(Object.keys(SCENES))(
  "on %s every key has one button that says the key and does the same",
  async (name) => {
    const view = sceneOf(name);
    const { keymap } = shown(view.screen, situationOf(view));
    const keys = [...keymap, ...WINDOW_KEYMAP].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);

    const { sent } = await play(view);
    if (keys.includes("T") || keys.includes("R")) await looked();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let at = 0;
    const typedAt = (kind: string, key: string): KeyboardEvent =>
      Object.defineProperty(new KeyboardEvent(kind, { key: typed(key) }), "timeStamp", { value: at });
    for (const { key, command, disabled } of keymap) {
      const buttons = document.querySelectorAll<HTMLButtonElement>(`[aria-keyshortcuts="${key}"]`);
      expect(buttons).toHaveLength(1);
      expect(buttons[0]?.querySelector("kbd")?.textContent).toBe(capOf(key));
      expect(buttons[0]?.disabled).toBe(disabled ?? false);

      sent.length = 0;
      buttons[0]?.click();
      buttons[0]?.blur();
      (document.activeElement as HTMLElement | null)?.blur();
      window.dispatchEvent(typedAt("keydown", key));
      window.dispatchEvent(typedAt("keyup", key));
      at += KEY_MS;
      vi.advanceTimersByTime(KEY_MS);
      expect(sent).toEqual(disabled === true ? [] : [command, command]);
    }
    // No button names a key that the map does not have; Enter in a form is the form's own, and Ctrl Z a list's.
    // A page that asks twice before it acts has keys of its own.
    for (const button of document.querySelectorAll<HTMLButtonElement>(
      "[aria-keyshortcuts]:not([type=submit], [aria-keyshortcuts='Control+Z'], [data-own-keys=true] *)",
    )) {
      expect(keys).toContain(button.getAttribute("aria-keyshortcuts"));
    }
  },
);

test("a key that a screen does not name does nothing", () => {
  const { keymap } = shown(sceneOf("ready").screen, situationOf(sceneOf("ready")));
  expect(bindingFor(keymap, "n")?.label).toBe("no-code");
  expect(bindingFor(keymap, "N")?.label).toBe("no-code");
  expect(bindingFor(keymap, "Escape")).toBeUndefined();
});
