import { describe, expect, test } from "vitest";
import { looked, play, press, sceneOf } from "./play";

describe("keys", () => {
  test("the scan in the command is the one that was looked at", async () => {
    const { sent, show } = await play(sceneOf("pass"));
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    const other = sceneOf("stop");
    if (other.screen.kind !== "result") throw new Error("not a result");
    await show({ ...other, screen: { ...other.screen, result: { ...other.screen.result, scan: 8 } } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(sent).toEqual([{ wing: "collector", kind: "confirm", scan: 7 }]);
  });

  test("a letter that was pressed before anybody can have looked does nothing", async () => {
    const { sent, show } = await play(sceneOf("pass"));
    await looked();
    await show(sceneOf("ready"));
    await show(sceneOf("check"));
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "t" }));
    window.dispatchEvent(new KeyboardEvent("keyup", { key: "t" }));
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(sent).toEqual([]);
    await press("t");
    expect(sent.map(({ kind }) => kind)).toEqual(["turn-away"]);
  });

  test("a hand scanner's text and its Enter record nothing", async () => {
    const { sent } = await play(sceneOf("pass"));
    for (const key of [...Array.from("KD1:RN 0R"), "Enter"]) {
      window.dispatchEvent(new KeyboardEvent("keydown", { key }));
      window.dispatchEvent(new KeyboardEvent("keyup", { key }));
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(sent).toEqual([]);
  });

  test.each([20, 120, 390])("a scanner that types every %i ms does nothing to a check", async (gap) => {
    const { sent } = await play(sceneOf("check"));
    let at = performance.now() + 5000;
    for (const key of [...Array.from("KD1:TRN0T"), "Enter"]) {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      window.dispatchEvent(Object.defineProperty(event, "timeStamp", { value: at }));
      window.dispatchEvent(new KeyboardEvent("keyup", { key }));
      at += gap;
    }
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(sent).toEqual([]);
  });

  test("a scanner that types by Alt and numbers presses no Enter either", async () => {
    const { sent } = await play(sceneOf("pass"));
    for (const key of "0075") {
      window.dispatchEvent(new KeyboardEvent("keydown", { key, altKey: true }));
      window.dispatchEvent(new KeyboardEvent("keyup", { key, altKey: true }));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await press("Enter");
    expect(sent).toEqual([]);
  });

  test("a hand scanner's Enter does not press the focused button", async () => {
    const { sent } = await play(sceneOf("pass"));
    const button = document.querySelector<HTMLButtonElement>('[aria-keyshortcuts="R"]');
    button?.focus();
    for (const key of [...Array.from("KD1:X Y"), "Enter"]) {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      button?.dispatchEvent(event);
      if (key === "Enter" || key === " ") expect(event.defaultPrevented).toBe(true);
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(sent).toEqual([]);
  });

  test("Enter presses a button that was reached by Tab", async () => {
    const { sent } = await play(sceneOf("pass"));
    document.querySelector<HTMLButtonElement>('[aria-keyshortcuts="R"]')?.focus();
    await press("Enter");
    expect(sent).toEqual([{ wing: "collector", kind: "declare-again", scan: 7 }]);
  });

  test("N, F8 and F9 on the ready screen; Esc on an address; Enter on a fault", async () => {
    const { sent, show } = await play(sceneOf("ready"));
    for (const key of ["n", "F8", "F9", "Enter", "Escape"]) await press(key);
    await show(sceneOf("no-code"));
    await press("Escape");
    await show(sceneOf("fault-camera-lost"));
    await press("Enter");
    expect(sent.map(({ kind }) => kind)).toEqual([
      "no-code",
      "switch-checkpoint",
      "end-shift",
      "back",
      "fault-seen",
    ]);
  });
});
