import { expect, test } from "vitest";
import { bar } from "../src/backend/fake/scenes";
import { play, press, sceneOf, text } from "./play";

test("F5 vouches for the time only if the gate allows this person to", async () => {
  const { sent, show } = await play(sceneOf("fault-trust-expired"));
  await press("F5");
  await show(sceneOf("fault-clock-wrong"));
  expect(document.querySelector('[aria-keyshortcuts="F5"]')?.textContent).toMatch(
    /\d{4}-\d\d-\d\d \d\d:\d\d/,
  );
  await press("F5");
  const shown = sceneOf("fault-clock-wrong").bar.now;
  expect(sent).toEqual([{ wing: "station", kind: "assert-time", shown }]);
});

test("an item of the bar becomes a pill only if somebody should act", async () => {
  const { show } = await play(sceneOf("ready"));
  const pills = (): number => document.querySelectorAll("footer .pill").length;
  expect(pills()).toBe(0);
  await show({ ...sceneOf("ready"), bar: bar({ waiting: 99, battery: { percent: 20, charging: false } }) });
  expect(pills()).toBe(0);
  await show(sceneOf("worn"));
  expect(pills()).toBe(4);
});

test("a fault of the camera names the program, the command, and that it is coming back", async () => {
  const { show } = await play(sceneOf("fault-camera-busy-held"));
  expect(text()).toContain("关掉“meeting”");
  await show(sceneOf("fault-camera-mend"));
  expect(document.querySelector("code")?.textContent).toBe("sudo usermod -aG video collector");
  await show(sceneOf("fault-camera-lost"));
  expect(text()).toContain("正在重新连接");
  await show(sceneOf("fault-camera-returning"));
  expect(text()).toContain("摄像头回来了");
});
