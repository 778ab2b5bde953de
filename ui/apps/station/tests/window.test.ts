import { render, waitFor } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";
import App from "../src/App.svelte";
import type { Backend } from "../src/backend/backend";
import type { NoStation, WindowView } from "../src/bindings";
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
  const without = (start: Backend["start"]): Backend => ({
    start,
    user: () => Promise.reject(new Error("no station")),
    leave: () => Promise.reject(new Error("no station")),
    ticket: () => Promise.reject(new Error("no station")),
    settings: () => Promise.reject(new Error("no station")),
    setLanguage: () => Promise.reject(new Error("no station")),
    setTheme: () => Promise.reject(new Error("no station")),
    setGloss: () => Promise.reject(new Error("no station")),
    kiosk: () => Promise.reject(new Error("no station")),
    leaveKiosk: () => Promise.reject(new Error("no station")),
    setKiosk: () => Promise.reject(new Error("no station")),
    displays: () => Promise.resolve([]),
    setResidentDisplay: () => Promise.reject(new Error("no station")),
    setDevice: () => Promise.reject(new Error("no station")),
    saveDiagnostics: () => Promise.reject(new Error("no station")),
    seen: () => undefined,
    frame: () => "",
  });

  test.each([
    ["a view", "not-enrolled"],
    ["a view", "in-use"],
    ["a view", "withdrawn"],
    ["a view", "left"],
    ["a view", "no-station"],
    ["an error", "no-station"],
  ] as ["a view" | "an error", NoStation][])(
    "%s says %s and what to do, in either language",
    async (by, why) => {
      const failing = vi.fn().mockRejectedValue(new TypeError("no such command"));
      const start: Backend["start"] =
        by === "an error" ? failing : () => Promise.resolve({ state: "no-station", why });
      render(App, { backend: without(start), player: { play: () => undefined } });
      await waitFor(() => expect(document.querySelector("main")?.dataset["noStation"]).toBe(why));
      const zh = wordsIn("zh").noStation[why];
      expect(text()).toContain(zh.why);
      expect(text()).toContain(zh.do);
      // The first press already shows the other language.
      await press("F6");
      expect(text()).toContain(wordsIn("en").noStation[why].do);
      expect(document.documentElement.lang).toBe("en");
    },
  );

  test("a laptop that was withdrawn says whom to ask", async () => {
    const contact = "样例社区值班室 000-0000-0000";
    const start: Backend["start"] = () => Promise.resolve({ state: "no-station", why: "withdrawn", contact });
    render(App, { backend: without(start), player: { play: () => undefined } });
    await waitFor(() => expect(text()).toContain(contact));
  });

  test("a laptop that left service says where the reports are that it could not send", async () => {
    const exported = { reports: 12, folder: "/home/sample/kadian-reports" };
    const start: Backend["start"] = () => Promise.resolve({ state: "no-station", why: "left", exported });
    render(App, { backend: without(start), player: { play: () => undefined } });
    await waitFor(() => expect(text()).toMatch(/没送达的 12 条.*\/home\/sample\/kadian-reports/s));
    expect(text()).not.toContain("社区停用");
  });

  test("a laptop that is enrolled while its window is open becomes a station", async () => {
    let show: (view: WindowView) => void = () => undefined;
    let enrolled = false;
    const backend: Backend = {
      ...without((onView) => {
        show = onView;
        return Promise.resolve({ state: "no-station", why: "not-enrolled" });
      }),
      settings: () =>
        enrolled
          ? Promise.resolve({
              name: "样例",
              language: "en",
              theme: "system",
              gloss: true,
              mirrored: false,
              residentDisplay: { kind: "none" },
              kiosk: false,
              volume: 80,
              lamp: "when-dark",
              voice: "off",
            })
          : Promise.reject(new Error("no station")),
    };
    render(App, { backend, player: { play: () => undefined } });
    await waitFor(() => expect(document.querySelector("main")?.dataset["noStation"]).toBe("not-enrolled"));
    enrolled = true;
    show({ state: "station", view: sceneOf("signed-out") });
    await waitFor(() => expect(document.querySelector("[data-no-station]")).toBeNull());
    await waitFor(() => expect(document.documentElement.lang).toBe("en"));
  });
});
