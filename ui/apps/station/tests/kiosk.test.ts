import { tick } from "svelte";
import { expect, test } from "vitest";
import { play, sceneOf } from "./play";

const leave = (): HTMLButtonElement | null => document.querySelector("nav [aria-keyshortcuts=F11]");

test("only a locked window's workbench shows the way out", async () => {
  await play(sceneOf("workbench-checkpoints"));
  await tick();
  expect(leave()).toBeNull();
});

test("an administrator leaves the kiosk by a button or by its key, once", async () => {
  for (const press of [
    () => leave()?.click(),
    () => window.dispatchEvent(new KeyboardEvent("keydown", { key: "F11", cancelable: true })),
  ]) {
    document.body.replaceChildren();
    const { kiosk } = await play(sceneOf("workbench-checkpoints"), "zh", { locked: true, asked: 0 });
    await new Promise((resolve) => setTimeout(resolve));
    expect(leave()?.textContent).toContain("退出全屏锁定");
    press();
    await new Promise((resolve) => setTimeout(resolve));
    expect(kiosk).toEqual({ locked: false, asked: 1 });
    expect(leave()).toBeNull();
  }
});

test.each(["ready", "signed-out", "pass", "door", "choose-checkpoint", "fault-camera-lost"])(
  "on %s no key leaves the kiosk",
  async (scene) => {
    const { kiosk } = await play(sceneOf(scene), "zh", { locked: true, asked: 0 });
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "F11", cancelable: true }));
    await tick();
    expect(leave()).toBeNull();
    expect(kiosk.asked).toBe(0);
  },
);
