import { tick } from "svelte";
import { describe, expect, test, vi } from "vitest";
import { SCENES } from "../src/backend/fake/scenes";
import { loudness } from "../src/sounds";
import { en } from "../src/words/en";
import { zh } from "../src/words/zh";
import { play, press, sceneOf, text } from "./play";

const button = (label: string): HTMLButtonElement => {
  const found = [...document.querySelectorAll<HTMLButtonElement>("main button")].find(
    (one) => one.textContent.trim() === label || one.getAttribute("aria-label") === label,
  );
  if (found === undefined) throw new Error(`no button ${label}`);
  return found;
};
const said = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
const asked = (input: object): object => ({ wing: "workbench", kind: "device", input });

describe("the device page", () => {
  test("says that a code was read, how fast and by which camera, and nothing else of it", async () => {
    const { show } = await play(sceneOf("workbench-device"));
    const said = (): string => document.querySelector(".picture p")?.textContent ?? "";
    expect(said()).toContain("拿任意一张码来试");
    await show(sceneOf("workbench-device-read"));
    expect(said()).toContain("读到了，18 毫秒");
    await show(sceneOf("workbench-device-two"));
    expect(said()).toContain("24 毫秒（第二摄像头）");
    await show(sceneOf("workbench-device-unreadable"));
    expect(said()).toContain("再近一点");
  });

  test("lists the cameras, of which one is chosen at once", async () => {
    const { sent, show } = await play(sceneOf("workbench-device"));
    button("选择 第二摄像头").click();
    expect(sent.splice(0)).toEqual([asked({ ask: "list-cameras" })]);
    await show(sceneOf("workbench-device-cameras"));
    // One is used already, and one has no picture that can be used.
    expect(button("用这个 Sample HD Webcam").disabled).toBe(true);
    expect(button("用这个 Sample Infrared").disabled).toBe(true);
    button("用这个 Sample Document Camera").click();
    const camera = { name: "Sample Document Camera", place: "pci-0000:00:14.0-usb-3:1.0" };
    expect(sent.splice(0)).toEqual([asked({ ask: "choose-camera", which: "second", camera })]);
    await press("Escape");
    expect(sent).toEqual([asked({ ask: "hide-cameras" })]);
  });

  test("the hand scanner and the relay say how they do, and what to do", async () => {
    const { sent, show } = await play(sceneOf("workbench-device"));
    const row = (name: string): string => document.querySelector(`[data-row=${name}]`)?.textContent ?? "";
    expect(row("scanner")).toContain("插上就扫");
    expect(row("relay")).toContain("放行时亮灯或抬杆");
    expect(row("relay")).not.toContain("动作一次");
    await show(sceneOf("workbench-device-ports"));
    expect(row("scanner")).toContain("Sample Scanner 2D");
    expect(row("relay")).toContain("0.5 秒 · 已动作一次");
    button("动作一次").click();
    expect(sent.splice(0)).toEqual([asked({ ask: "try-relay" })]);
    await show(sceneOf("workbench-device-ports-out"));
    expect(row("scanner")).toContain("docs/scanners.md");
    expect(row("relay")).toContain("被别的程序占用");
    expect(said("[data-problem=same-device]")).toContain("不能既是扫码枪又是继电器");
  });

  test("a hand scanner is chosen among what is plugged in, the window and none", async () => {
    const { sent, show } = await play(sceneOf("workbench-device-ports"));
    button("另选 扫码枪").click();
    expect(sent.splice(0)).toEqual([asked({ ask: "list-scanners" })]);
    await show(sceneOf("workbench-device-scanners"));
    // It is the scanner already, and the relay is never one.
    expect(button("用这个 Sample Scanner 2D").disabled).toBe(true);
    expect(button("用这个 Sample Relay Board").disabled).toBe(true);
    button("用这个 Sample Barcode Keyboard").click();
    button("用这个 往窗口里打字").click();
    button("用这个 不用").click();
    const picks = [{ by: "device", key: "keyboard" }, { by: "window" }, { by: "none" }];
    expect(sent.splice(0)).toEqual(picks.map((pick) => asked({ ask: "choose-scanner", pick })));
    await press("Escape");
    expect(sent).toEqual([asked({ ask: "hide-ports" })]);
  });

  test("a relay is chosen with its kind and the length of a pulse", async () => {
    const { sent, show } = await play(sceneOf("workbench-device"));
    button("选择 继电器").click();
    expect(sent.splice(0)).toEqual([asked({ ask: "list-relays" })]);
    await show(sceneOf("workbench-device-relays"));
    expect(button("用这个 Sample Relay Board").disabled).toBe(true);
    expect(button("用这个 Sample Scanner 2D").disabled).toBe(true);
    button("RTS 线").click();
    button("1 秒").click();
    await tick();
    // In another way it is another choice.
    button("用这个 Sample Relay Board").click();
    button("用这个 /dev/ttyS0").click();
    button("用这个 不用").click();
    const picks = [
      { key: "relay", kind: "rts", pulse: 1000 },
      { key: "port", kind: "rts", pulse: 1000 },
      null,
    ];
    expect(sent.splice(0)).toEqual(picks.map((pick) => asked({ ask: "choose-relay", pick })));
    await show(sceneOf("workbench-device-no-ports"));
    expect(text()).toContain("没有插着串口");
  });

  test("the bar says of a relay that does not work, and of one that works nothing", async () => {
    const { show } = await play(sceneOf("relay-absent"));
    expect(said("footer [data-relay=absent]")).toBe("继电器未连接");
    await show(sceneOf("workbench-device-ports"));
    expect(document.querySelector("footer [data-relay]")).toBeNull();
  });

  test("F5 begins the self-test, whose question is answered by a button", async () => {
    const { sent, show } = await play(sceneOf("workbench-device"));
    await press("F5");
    expect(sent.splice(0)).toEqual([asked({ ask: "self-test" })]);
    await show(sceneOf("workbench-device-read"));
    button("没有").click();
    expect(sent).toEqual([asked({ ask: "heard", heard: false })]);
  });

  test("diagnostics are read before they are saved, and F5 does nothing meanwhile", async () => {
    const { sent, laptop } = await play(sceneOf("workbench-device-diagnostics"));
    const view = sceneOf("workbench-device-diagnostics");
    const shown = view.screen.kind === "device" ? view.screen.device.diagnostics : "";
    expect(document.querySelector("pre code")?.textContent).toBe(shown);
    await press("F5");
    expect(sent).toEqual([]);
    laptop.writes = false;
    button("存到下载文件夹").click();
    await vi.waitFor(() => expect(text()).toContain("没有存下来"));
    laptop.writes = true;
    button("存到下载文件夹").click();
    await vi.waitFor(() => expect(text()).toContain("/home/sample/kadian.txt"));
    await press("Escape");
    expect(sent).toEqual([asked({ ask: "hide-diagnostics" })]);
  });

  test("volume, mirror, lamp and look are kept, and a disk that refuses is said", async () => {
    const { kept, laptop, heard } = await play(sceneOf("workbench-device"));
    button("− 小声").click();
    button("镜像").click();
    document.querySelector<HTMLElement>('[data-row="lamp"] [data-value="off"]')?.click();
    document.querySelector<HTMLElement>('[data-row="screen"] [data-value="contrast"]')?.click();
    button("试听").click();
    await tick();
    expect(kept).toEqual([60, true, "off", "contrast"]);
    expect(heard).toEqual(["pass"]);
    expect(text()).toContain("音量 60");
    laptop.writes = false;
    button("＋ 大声").click();
    await vi.waitFor(() => expect(text()).toContain("没有存下来"));
    expect(text()).toContain("音量 60");
  });
});

describe("the rows of the resident's side", () => {
  const row = (name: string): HTMLElement =>
    document.querySelector<HTMLElement>(`[data-row="${name}"]`) as HTMLElement;
  const press = (name: string, value: string): void =>
    row(name).querySelector<HTMLElement>(`[data-value="${value}"]`)?.click();
  const HDMI = { name: "HDMI-1", width: 1920, height: 1080, collectors: false };
  const OWN = { name: "eDP-1", width: 1366, height: 768, collectors: true };

  test("a display is chosen among those that are free, and acts at once", async () => {
    const played = await play(sceneOf("ready"));
    played.displays.push(OWN, HDMI);
    await played.show(sceneOf("workbench-device"));
    await vi.waitFor(() => expect(row("display").textContent).toContain("HDMI-1"));
    expect(row("display").textContent).not.toContain("eDP-1");
    press("display", "display HDMI-1");
    await tick();
    expect(played.kept).toEqual([{ kind: "display", name: "HDMI-1" }]);
    expect(row("display").dataset["display"]).toBe("there");
    expect(row("display").textContent).toContain("1920×1080");
  });

  test("one that is unplugged, and one on which the collector's window is, say what to do", async () => {
    const residentDisplay = { kind: "display", name: "HDMI-1" } as const;
    const played = await play(sceneOf("workbench-device"), "zh", undefined, { residentDisplay });
    expect(row("display").dataset["display"]).toBe("missing");
    expect(row("display").textContent).toContain("HDMI-1 没有接上");
    played.displays.push({ ...HDMI, collectors: true });
    await vi.waitFor(() => expect(row("display").dataset["display"]).toBe("taken"), 5000);
    expect(row("display").textContent).toContain("把采集窗口移到另一块屏幕");
  });

  test("the voice is chosen and heard, and a choice that was not kept is said", async () => {
    const { kept, heard, said, laptop } = await play(sceneOf("workbench-device"));
    expect(button("试听 语音").disabled).toBe(true);
    press("voice", "both");
    await tick();
    button("试听 语音").click();
    expect(kept).toEqual(["both"]);
    expect(heard).toEqual(["pass"]);
    expect(said.map((one) => one.slice(0, 2))).toEqual([["pass", "both"]]);
    laptop.writes = false;
    press("voice", "off");
    await vi.waitFor(() => expect(text()).toContain("没有存下来"));
    expect(row("voice").querySelector('[aria-pressed="true"]')?.textContent).toBe("先中后英");
  });

  test("a kiosk that is chosen holds from the next start on", async () => {
    const { kept } = await play(sceneOf("workbench-device"));
    await tick();
    expect(row("kiosk").textContent).toContain("现在不锁定");
    press("kiosk", "on");
    await tick();
    expect(kept).toEqual([true]);
    expect(row("kiosk").textContent).toContain("下次启动程序起锁定");
  });
});

const FAILED = Object.keys(SCENES).filter((name) => name.startsWith("workbench-device-failed"));

test.each(["zh", "en"] as const)(
  "each failed line of the self-test is a sentence in %s",
  async (language) => {
    const { show } = await play(sceneOf(FAILED[0] as string), language);
    const codes = new Set<string>();
    for (const name of FAILED) {
      const view = sceneOf(name);
      await show(view);
      const lines = view.screen.kind === "device" ? (view.screen.device.selfTest?.lines ?? []) : [];
      for (const { subject, outcome } of lines) {
        if (outcome.kind !== "failed") continue;
        codes.add(outcome.why.code);
        const said = document.querySelector(`[data-subject="${subject}"] p`)?.textContent ?? "";
        expect(said.length, `${name} ${subject}`).toBeGreaterThan(8);
      }
    }
    const words = language === "zh" ? zh : en;
    expect([...codes].sort()).toEqual(Object.keys(words.device.failure).sort());
  },
);

test("the screen is a lamp only while it is too dark", async () => {
  const { show } = await play(sceneOf("hint-too-dark"));
  const lamp = (): string | null => document.querySelector(".station")?.getAttribute("data-lamp") ?? null;
  expect(lamp()).toBe("true");
  await show(sceneOf("hint-too-far"));
  expect(lamp()).toBe("false");
  await show(sceneOf("ready"));
  expect(lamp()).toBe("false");
});

test("one of two cameras that is out is said in the bar", async () => {
  await play(sceneOf("one-camera-left"));
  expect(document.querySelector("[data-other-out]")?.textContent).toContain("只剩一个摄像头");
});

test("a volume of nothing is silent, and the usual one is as designed", () => {
  expect([loudness(0), loudness(80)]).toEqual([0, 1]);
  expect(loudness(100)).toBeGreaterThan(1);
  expect(loudness(20)).toBeLessThan(0.1);
});
