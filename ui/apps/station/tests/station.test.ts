import { expect, test } from "vitest";
import { bar, NOW } from "../src/backend/fake/samples";
import { play, press, sceneOf, text } from "./play";

test("F5 vouches for the time only if the gate allows this person to", async () => {
  const { sent, show } = await play(sceneOf("fault-trust-expired"));
  await press("F5");
  await show(sceneOf("fault-clock-wrong"));
  const named = document.querySelector('[aria-keyshortcuts="F5"]');
  expect(named?.textContent).toContain("19:42 没错");
  expect(named?.closest("li")?.textContent).toContain("2026 年 11 月 24 日，星期二");
  await press("F5");
  expect(sent).toEqual([{ wing: "station", kind: "assert-time", shown: expect.any(Number) as number }]);
  const [{ shown } = { shown: 0 }] = sent as { shown: number }[];
  expect(shown - NOW).toBeLessThan(5);
  expect(shown).toBeGreaterThanOrEqual(NOW);
});

test("somebody who may not vouch sees the date, too, and no F5", async () => {
  await play(sceneOf("fault-clock-wrong-collector"), "en");
  expect(text()).toContain("Tuesday 24 November 2026");
  expect(document.querySelector('[aria-keyshortcuts="F5"]')).toBeNull();
});

test("the bar says who vouches for the time, why it is offline, and in which direction people pass", async () => {
  const { show } = await play(sceneOf("asserted"));
  const footer = (): string => document.querySelector("footer")?.textContent ?? "";
  expect(document.querySelector("[data-asserted]")?.textContent).toMatch(/19:42\s*王\* 核对/);
  expect(footer()).toContain("时钟不准，离线");
  expect(document.querySelector("footer [data-direction]")?.textContent).toBe("出");
  await show(sceneOf("ready"));
  expect(document.querySelector("[data-asserted]")).toBeNull();
  expect(document.querySelector("footer [data-direction]")?.textContent).toBe("进");
  await show(sceneOf("signed-out"));
  expect(document.querySelector("footer [data-direction]")).toBeNull();
});

test("out of service says whom to call and what still leaves, and takes no key", async () => {
  const { sent, show } = await play(sceneOf("out-of-service"));
  expect(text()).toContain("已停用");
  expect(text()).toContain("样例社区值班室");
  expect(text()).toContain("还有 12 条");
  for (const key of ["Enter", "Escape", "F9", "n"]) await press(key);
  expect(sent).toEqual([]);
  await show(sceneOf("out-of-service-empty"));
  expect(text()).toContain("已全部送达");
  expect(text()).toContain("社区管理员");
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

test("the bar of a trial deployment says so on every screen", async () => {
  const { show } = await play({ ...sceneOf("ready"), bar: bar({ trial: true }) });
  expect(document.querySelector("footer [data-trial]")?.textContent).toBe("试用");
  await show({ ...sceneOf("signed-out"), bar: bar({ trial: true }) });
  expect(document.querySelector("footer [data-trial]")).not.toBeNull();
  await show(sceneOf("ready"));
  expect(document.querySelector("footer [data-trial]")).toBeNull();
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

test("an outbox that another program holds is not called damaged, and nobody counts what is in it", async () => {
  const { show } = await play(sceneOf("fault-outbox-busy"), "en");
  expect(text()).toContain("Another program holds the outbox");
  expect(text()).toContain("OUTBOX-BUSY");
  expect(text()).toContain("All recorded are safe, sealed on this laptop");
  await show(sceneOf("fault-disk-failing"));
  expect(text()).toContain("Whatever can be read is kept");
});
