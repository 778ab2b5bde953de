import { render, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import App from "../src/App.svelte";
import type { Backend } from "../src/backend/backend";
import { ENTRANCES } from "../src/backend/fake/entrances";
import type { EntranceView, TicketInput, WindowView } from "../src/bindings";
import { wordsIn } from "../src/words";
import { press, sceneOf, text } from "./play";

interface Opened {
  show: (view: WindowView) => void;
  sent: TicketInput[];
  kept: string[];
}

const entrance = (name: string): EntranceView => {
  const view = ENTRANCES[name];
  if (view === undefined) throw new Error(`no entrance ${name}`);
  return view;
};

async function open(name: string): Promise<Opened> {
  const sent: TicketInput[] = [];
  const kept: string[] = [];
  let onView: (view: WindowView) => void = () => undefined;
  const backend: Backend = {
    start: (toView) => {
      onView = toView;
      return Promise.resolve({ state: "entrance", view: entrance(name) });
    },
    user: () => Promise.reject(new Error("no station")),
    leave: () => Promise.reject(new Error("no station")),
    ticket: (input) => {
      sent.push(input);
      return Promise.resolve();
    },
    settings: () => Promise.reject(new Error("no station")),
    setTheme: (theme) => {
      kept.push(theme);
      return Promise.resolve();
    },
    setGloss: (gloss) => {
      kept.push(String(gloss));
      return Promise.resolve();
    },
    setLanguage: (language) => {
      kept.push(language);
      return Promise.resolve();
    },
    kiosk: () => Promise.reject(new Error("no station")),
    leaveKiosk: () => Promise.reject(new Error("no station")),
    setKiosk: () => Promise.reject(new Error("no station")),
    displays: () => Promise.resolve([]),
    setResidentDisplay: () => Promise.reject(new Error("no station")),
    setDevice: () => Promise.reject(new Error("no station")),
    saveDiagnostics: () => Promise.reject(new Error("no station")),
    seen: () => undefined,
    frame: () => "",
  };
  render(App, { backend, player: { play: () => undefined } });
  await waitFor(() => expect(document.querySelector("main h1")).not.toBeNull());
  return { show: (view) => onView(view), sent, kept };
}

describe.each(["zh", "en"] as const)("every moment before a station in %s", (language) => {
  test.each(Object.keys(ENTRANCES))("%s is shown whole", async (name) => {
    await open(name);
    if (language === "en") await press("F6");
    expect(document.documentElement.lang).toBe(wordsIn(language).tag);
    expect(document.body.textContent).not.toMatch(/undefined|NaN|\[object/);
    expect(document.querySelector("footer")?.textContent).toContain(wordsIn(language).entrance.bar);
    const { screen } = entrance(name);
    if (screen.kind === "failed") expect(text()).toContain(screen.failure.toUpperCase());
    if (screen.kind === "waiting" && screen.problem !== null) {
      expect(text()).toContain(wordsIn(language).entrance.problem[screen.problem].act);
    }
  });
});

const pasted = (text: string): Event =>
  Object.assign(new Event("paste", { bubbles: true, cancelable: true }), {
    clipboardData: { files: [], getData: () => text },
  });

test("what is pasted goes to the laptop as it is", async () => {
  const { sent } = await open("unenrolled");
  window.dispatchEvent(pasted("> KDT1:AB\r\n> CD"));
  expect(sent).toEqual([{ kind: "offer", text: "> KDT1:AB\r\n> CD" }]);
});

test("the text of a file that is pasted goes to the laptop, and not more of it than a ticket has", async () => {
  const { sent } = await open("unenrolled");
  const file = new File(["K".repeat(40_000)], "ticket.txt");
  // The window of the tests has blobs that cannot be read.
  const readable = (size: number): object => ({ text: () => Promise.resolve("K".repeat(size)) });
  Object.defineProperty(file, "slice", { value: (_: number, end: number) => readable(end) });
  const event = new Event("paste", { bubbles: true, cancelable: true });
  window.dispatchEvent(Object.assign(event, { clipboardData: { files: [file], getData: () => "" } }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual({ kind: "offer", text: "K".repeat(16 * 1024 + 1) });
});

test("Ctrl O has the laptop look for a ticket on a stick, and opens no dialog", async () => {
  const { sent } = await open("unenrolled");
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "o", ctrlKey: true, cancelable: true }));
  expect(sent).toEqual([{ kind: "from-stick" }]);
  expect(document.querySelector("input[type=file]")).toBeNull();
});

test("a hand scanner types a ticket and Enter", async () => {
  const { sent } = await open("unenrolled");
  const field = document.querySelector("textarea");
  if (field === null) throw new Error("no field");
  field.value = "KDT1:ABCD";
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  expect(sent).toEqual([{ kind: "offer", text: "KDT1:ABCD" }]);
});

test("the eight groups stand in their order for who listens, and Enter says that they agree", async () => {
  const { sent } = await open("enrol-confirm");
  const groups = [...document.querySelectorAll(".groups li")].map((item) => item.textContent);
  expect(new Set(groups).size).toBe(8);
  expect(groups[0]).toContain("4F2A");
  await press("Enter");
  await press("Escape");
  expect(sent).toEqual([{ kind: "confirm" }, { kind: "back" }]);
});

test.each(["enrol-confirm", "enrol-failed-no-route"])(
  "without a network F8 turns to a stick at %s",
  async (scene) => {
    const { sent } = await open(scene);
    await press("F8");
    expect(sent).toEqual([{ kind: "by-stick" }]);
  },
);

test("Enter does what is next with a stick, and says what is in the way", async () => {
  const { sent, show } = await open("enrol-stick-full");
  expect(text()).toContain("FULL");
  await press("Enter");
  await press("Escape");
  expect(sent).toEqual([{ kind: "confirm" }, { kind: "back" }]);
  show({ state: "entrance", view: entrance("enrol-stick-written") });
  await waitFor(() => expect(text()).toContain("样例 U 盘"));
});

test("a stick that is being read takes no key", async () => {
  const { sent } = await open("enrol-stick-busy");
  await press("Enter");
  await press("Escape");
  expect(sent).toEqual([]);
});

test("a station asks by no stick", async () => {
  const { sent } = await open("enrol-confirm-nameless");
  await press("F8");
  expect(sent).toEqual([]);
});

test("nobody can do anything while the laptop joins", async () => {
  const { sent } = await open("enrol-joining");
  await press("Enter");
  await press("Escape");
  expect(sent).toEqual([]);
  const states = [...document.querySelectorAll<HTMLElement>("[data-step]")].map(
    ({ dataset }) => dataset["state"],
  );
  expect(states).toEqual(["done", "done", "running", "pending"]);
});

test("a ticket that was used says when, and what to do if the other laptop is nobody's", async () => {
  await open("enrol-failed-ticket-used");
  expect(text()).toContain("19:31");
  expect(text()).toContain("停用");
  expect(text()).toContain("TICKET-USED");
});

test("a ticket that is over by this laptop's clock can be tried all the same", async () => {
  const { sent } = await open("enrol-confirm-nameless");
  expect(document.querySelector("[data-over]")).not.toBeNull();
  await press("Enter");
  expect(sent).toEqual([{ kind: "confirm" }]);
});

test("what was chosen before is kept by the station", async () => {
  const { show, kept } = await open("unenrolled");
  await press("F6");
  show({ state: "station", view: sceneOf("signed-out") });
  await waitFor(() => expect(kept).toEqual(["en", "en"]));
  // The settings could not be read before; they can be now, and the choice stays.
  await waitFor(() => expect(document.querySelector("[data-entrance]")).toBeNull());
});

test("a laptop that was withdrawn takes a new ticket", async () => {
  const { show, sent } = await open("unenrolled");
  show({ state: "no-station", why: "withdrawn", contact: "样例社区值班室" });
  await waitFor(() => expect(document.querySelector("[data-no-station]")).not.toBeNull());
  await press("Enter");
  expect(sent).toEqual([{ kind: "show" }]);
});
