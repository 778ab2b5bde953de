import { render, waitFor } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";
import App from "../src/App.svelte";
import type { Backend } from "../src/backend/backend";
import { wordsIn } from "../src/words";
import { play, press, sceneOf, text } from "./play";

test("F7 mutes: the pill says so, and nothing is played", async () => {
  const { sound, heard } = await play(sceneOf("ready"));
  sound("pass");
  await press("F7");
  sound("stop");
  expect(heard).toEqual(["pass"]);
  expect(document.querySelector(".pill")?.textContent).toContain("静音");
});

test("the page sends its heartbeat also on screens without a picture", async () => {
  const { beats } = await play(sceneOf("fault-camera-lost"));
  await waitFor(() => expect(beats.length).toBeGreaterThan(1), { timeout: 4000 });
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
    // F6 leads from the system's language, Chinese here, to Chinese by choice, then to English.
    await press("F6");
    await press("F6");
    expect(text()).toContain(wordsIn("en").noStation[why].do);
    expect(document.documentElement.lang).toBe("en");
  });
});
