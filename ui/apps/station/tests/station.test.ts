import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LanguageChoice } from "@kadian/kit";
import App from "../src/App.svelte";
import type { Backend } from "../src/backend/backend";
import { bar, result, SCENES } from "../src/backend/fake/scenes";
import type { Answer, Sound, UserInput, View } from "../src/bindings";
import { wordsIn } from "../src/words";

interface Played {
  show: (view: View) => Promise<void>;
  sound: (sound: Sound) => void;
  sent: UserInput[];
  kept: LanguageChoice[];
  heard: Sound[];
  /** Pictures shown, at each heartbeat. */
  beats: number[];
}

/** A station that shows what it is told and remembers what it was asked. */
async function play(view: View, language: LanguageChoice = "zh"): Promise<Played> {
  const sent: UserInput[] = [];
  const kept: LanguageChoice[] = [];
  const heard: Sound[] = [];
  const beats: number[] = [];
  let onView: (view: View) => void = () => undefined;
  let onSound: (sound: Sound) => void = () => undefined;
  const backend: Backend = {
    start: (toView, toSound) => {
      onView = toView;
      onSound = toSound;
      return Promise.resolve(view);
    },
    user: (input) => {
      sent.push(input);
      return Promise.resolve();
    },
    settings: () => Promise.resolve({ name: "样例", language, mirrored: false }),
    setLanguage: (choice) => {
      kept.push(choice);
      return Promise.resolve();
    },
    seen: (frames) => {
      beats.push(frames);
    },
    frame: (asks) => `preview://localhost/frame?ask=${asks}`,
  };
  render(App, { backend, player: { play: (sound: Sound) => heard.push(sound) } });
  await waitFor(() => expect(document.querySelector(".station")).not.toBeNull());
  return {
    show: async (next) => {
      onView(next);
      await tick();
    },
    sound: (sound) => onSound(sound),
    sent,
    kept,
    heard,
    beats,
  };
}

const sceneOf = (name: string): View => {
  const scene = SCENES[name];
  if (scene === undefined) throw new Error(`no scene ${name}`);
  return scene.view;
};
const text = (): string => document.querySelector("main")?.textContent ?? "";

/** A key as a person presses it: alone. */
async function press(key: string): Promise<void> {
  window.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  window.dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true }));
  await new Promise((resolve) => setTimeout(resolve, 250));
}

beforeEach(() => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["zh-CN"]);
});
afterEach(() => {
  cleanup();
});

describe.each(["zh", "en"] as const)("every scene in %s", (language) => {
  test.each(Object.keys(SCENES))("%s is shown whole", async (name) => {
    await play(sceneOf(name), language);
    expect(document.documentElement.lang).toBe(wordsIn(language).tag);
    expect(text().trim()).not.toBe("");
    expect(document.body.textContent).not.toMatch(/undefined|NaN|\[object/);
    expect(document.querySelector("main h1")).not.toBeNull();
    expect(document.querySelector("footer")).not.toBeNull();
  });
});

describe("verdicts", () => {
  const reason = { kind: "colour", colour: "green", origin: "city" } as const;
  test.each<[Answer, string, string, string]>([
    [{ kind: "pass", reason }, "通行", "pass", "pass"],
    [{ kind: "check", reason }, "核实", "check", "check"],
    [{ kind: "stop", reason }, "劝返", "stop", "stop"],
    [{ kind: "invalid", refusal: { kind: "revoked" } }, "无效", "invalid", "invalid"],
    [{ kind: "again" }, "刚登记过", "paper", "again"],
    [{ kind: "unjudged", fault: "clock-wrong" }, "未判定", "slate", "clock"],
  ])("%o has its word, its flood and its shape", async (answer, word, flood, plate) => {
    await play({ screen: { wing: "collector", kind: "result", result: result(answer) }, bar: bar() });
    expect(document.querySelector("h1 .word")?.textContent).toBe(word);
    expect(document.querySelector(".station")?.getAttribute("data-flood")).toBe(flood);
    expect(document.querySelector("[data-plate]")?.getAttribute("data-plate")).toBe(plate);
    expect(screen.getByRole("alert").textContent).toContain(word);
  });

  test("of a code that nobody signed only the reason is shown", async () => {
    await play(sceneOf("invalid-signature"));
    expect([...document.querySelectorAll("dt")].map((term) => term.textContent)).toEqual(["代码"]);
    expect(document.querySelector("dd")?.textContent).toBe("signature");
    expect(text()).not.toMatch(/张|4201|样例市/);
  });

  test("an invalid code cannot be confirmed, by key or by hand", async () => {
    const { sent } = await play(sceneOf("invalid-expired"));
    expect(document.querySelector('[aria-keyshortcuts="Enter"]')).toBeNull();
    await press("Enter");
    expect(sent).toEqual([]);
    await press("Escape");
    expect(sent).toEqual([{ wing: "collector", kind: "discard", scan: 7 }]);
  });

  test("the mask's stars stay stars", async () => {
    await play(sceneOf("pass"));
    const values = [...document.querySelectorAll("dd")].map((value) => value.textContent.trim());
    expect(values.slice(0, 2)).toEqual(["张*", "4201**********1234"]);
  });

  test("what was not recorded says so, and can be tried again", async () => {
    const { sent } = await play(sceneOf("not-recorded"));
    expect(text()).toContain("没登记上");
    expect(text()).toContain("未登记，再试一次");
    await press("Enter");
    expect(sent).toEqual([{ wing: "collector", kind: "confirm", scan: 7 }]);
  });

  test("while it is being recorded no key acts", async () => {
    const { sent } = await play(sceneOf("recording"));
    expect(text()).toContain("正在登记…");
    for (const key of ["Enter", "Escape", "r"]) await press(key);
    expect(sent).toEqual([]);
  });
});

describe("the countdown", () => {
  test("stands in the button that happens at zero, and steps with the view", async () => {
    const view = (left: number): View => ({
      screen: {
        wing: "collector",
        kind: "result",
        result: result(
          { kind: "pass", reason: { kind: "colour", colour: "green", origin: "city" } },
          { countdown: { total: 20, left } },
        ),
      },
      bar: bar(),
    });
    const { show } = await play(view(20));
    const fill = (): string => document.querySelector<HTMLElement>(".fill")?.style.width ?? "";
    const esc = document.querySelector('[aria-keyshortcuts="Escape"]');
    expect(fill()).toBe("100%");
    await show(view(5));
    expect(fill()).toBe("25%");
    expect(esc?.textContent).toContain("5");
    await show(view(0));
    expect(fill()).toBe("0%");
    expect(document.querySelectorAll(".fill")).toHaveLength(1);
  });
});

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

  test("a hand scanner's text and its Enter record nothing", async () => {
    const { sent } = await play(sceneOf("pass"));
    for (const key of [...Array.from("KD1:RN 0R"), "Enter"]) {
      window.dispatchEvent(new KeyboardEvent("keydown", { key }));
      window.dispatchEvent(new KeyboardEvent("keyup", { key }));
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(sent).toEqual([]);
  });

  test("nor does its Enter press the button that has the keyboard", async () => {
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

test("F5 vouches for the time only where the gate lets this person", async () => {
  const { sent, show } = await play(sceneOf("fault-trust-expired"));
  await press("F5");
  await show(sceneOf("fault-clock-wrong"));
  expect(document.querySelector('[aria-keyshortcuts="F5"]')?.textContent).toMatch(
    /\d{4}-\d\d-\d\d \d\d:\d\d/,
  );
  await press("F5");
  expect(sent).toEqual([{ wing: "station", kind: "assert-time" }]);
});

describe("signing in", () => {
  const type = async (id: string, value: string): Promise<void> => {
    const field = document.querySelector<HTMLInputElement>(`#${id}`);
    if (field === null) throw new Error(`no field ${id}`);
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await tick();
  };

  test("sends phone and PIN as typed, and keeps no PIN", async () => {
    const { sent } = await play(sceneOf("signed-out"));
    await type("phone", "13800000001");
    await type("pin", "246810");
    expect(document.querySelectorAll(".pin .filled")).toHaveLength(6);
    document.querySelector("form")?.requestSubmit();
    await tick();
    expect(sent).toEqual([{ wing: "shift", kind: "sign-in", phone: "13800000001", pin: "246810" }]);
    expect(document.querySelector<HTMLInputElement>("#pin")?.value).toBe("");
  });

  test("a scanner's text in the field does not sign in", async () => {
    await play(sceneOf("signed-out"));
    const field = document.querySelector<HTMLInputElement>("#phone");
    let last = new KeyboardEvent("keydown");
    for (const key of [...Array.from("KD1:AB12"), "Enter"]) {
      last = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      field?.dispatchEvent(last);
    }
    expect(last.defaultPrevented).toBe(true);
  });

  test("F6 changes the language, and the station keeps it", async () => {
    const { kept } = await play(sceneOf("signed-out"));
    await press("F6");
    expect(kept).toEqual(["en"]);
    expect(document.documentElement.lang).toBe("en");
    expect(text()).toContain("Sign in");
  });
});

test("a checkpoint is chosen by its row, the last one first in reach", async () => {
  const { sent } = await play(sceneOf("choose-checkpoint"));
  expect(document.activeElement?.textContent).toContain("东门");
  await press("ArrowDown");
  expect(document.activeElement?.textContent).toContain("西门");
  await press("Enter");
  expect(sent).toEqual([{ wing: "shift", kind: "choose-checkpoint", id: "0000000000000002" }]);
});

test("F7 mutes: the pill says so, and nothing is played", async () => {
  const { sound, heard } = await play(sceneOf("ready"));
  sound("pass");
  await press("F7");
  sound("stop");
  expect(heard).toEqual(["pass"]);
  expect(document.querySelector(".pill")?.textContent).toContain("静音");
});

test("an item of the bar becomes a pill only where somebody should act", async () => {
  const { show } = await play(sceneOf("ready"));
  const pills = (): number => document.querySelectorAll("footer .pill").length;
  expect(pills()).toBe(0);
  await show({ ...sceneOf("ready"), bar: bar({ waiting: 99, battery: { percent: 20, charging: false } }) });
  expect(pills()).toBe(0);
  await show(sceneOf("worn"));
  expect(pills()).toBe(4);
});

test("a simulated camera is named on the picture, also where nobody is signed in", async () => {
  const { show } = await play(sceneOf("simulated"));
  expect(text()).toContain("模拟摄像头");
  await show({ ...sceneOf("signed-out"), bar: bar({ simulatedCamera: true, collector: null }) });
  expect(text()).toContain("模拟摄像头");
});

test("a picture that does not move is not called live", async () => {
  await play(sceneOf("ready"));
  await waitFor(() => expect(document.querySelector('[data-still="true"]')).not.toBeNull(), {
    timeout: 4000,
  });
  expect(text()).toContain("还没有画面");
});

test("a picture that did not come is asked for at another address", async () => {
  await play(sceneOf("ready"));
  const addresses = new Set<string>();
  for (let tries = 0; tries < 3; tries += 1) {
    const image = await waitFor(() => {
      const asking = [...document.querySelectorAll<HTMLImageElement>(".picture img")].find(
        (candidate) => candidate.src !== "" && !addresses.has(candidate.src),
      );
      expect(asking).toBeDefined();
      return asking as HTMLImageElement;
    });
    addresses.add(image.src);
    await fireEvent.error(image);
  }
  expect(addresses.size).toBe(3);
});

test("a camera that is starting, or gives too little, says so on the picture", async () => {
  const camera = { opening: true, heldBy: null, mend: null, frozen: false, lesser: null };
  const { show } = await play({ ...sceneOf("ready"), bar: bar({ camera }) });
  expect(text()).toContain("摄像头正在启动");
  const lesser = { width: 640, height: 480, rate: 30, small: true };
  await show({ ...sceneOf("signed-out"), bar: bar({ camera: { ...camera, opening: false, lesser } }) });
  await waitFor(() => expect(text()).not.toContain("摄像头正在启动"));
  const image = document.querySelectorAll<HTMLImageElement>(".picture img")[1] as HTMLImageElement;
  await fireEvent.load(image);
  await waitFor(() => expect(text()).toContain("640×480"));
  await show({ ...sceneOf("ready"), bar: bar({ camera: { ...camera, opening: false, frozen: true } }) });
  expect(document.querySelector('[data-still="true"]')).not.toBeNull();
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

test("the page says that it lives, on screens without a picture too", async () => {
  const { beats } = await play(sceneOf("fault-camera-lost"));
  await waitFor(() => expect(beats.length).toBeGreaterThan(1), { timeout: 4000 });
});

test("nowhere to go: no QR, and whom to ask", async () => {
  await play(sceneOf("no-code-nowhere"));
  expect(document.querySelector('.qr svg[role="img"]')).toBeNull();
  expect(text()).toContain("值班员");
});

describe("a window without a station", () => {
  const without = (error: unknown): Backend => ({
    start: vi.fn().mockRejectedValue(error),
    user: () => Promise.reject(new Error("no station")),
    settings: () => Promise.reject(new Error("no station")),
    setLanguage: () => Promise.reject(new Error("no station")),
    seen: () => undefined,
    frame: () => "",
  });

  test.each([
    [{ code: "not-enrolled", retry: false }, "not-enrolled"],
    [{ code: "in-use", retry: false }, "in-use"],
    [{ code: "something new", retry: false }, "no-station"],
    [new TypeError("no such command"), "no-station"],
  ] as const)("%o says %s and what to do, in either language", async (error, why) => {
    render(App, { backend: without(error), player: { play: () => undefined } });
    await waitFor(() => expect(document.querySelector("main")?.dataset["noStation"]).toBe(why));
    const zh = wordsIn("zh").noStation[why];
    expect(text()).toContain(zh.why);
    expect(text()).toContain(zh.do);
    // The system's language, Chinese here; then Chinese by choice; then English.
    await press("F6");
    await press("F6");
    expect(text()).toContain(wordsIn("en").noStation[why].do);
    expect(document.documentElement.lang).toBe("en");
  });
});
