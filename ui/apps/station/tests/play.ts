import type { LanguageChoice, ThemeChoice } from "@kadian/kit";
import { cleanup, render, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, beforeEach, expect, vi } from "vitest";
import App from "../src/App.svelte";
import type { Backend } from "../src/backend/backend";
import { SCENES } from "../src/backend/fake/scenes";
import type {
  DeviceSetting,
  DisplayInfo,
  LeaveStep,
  ResidentDisplay,
  ResidentView,
  Settings,
  Sound,
  Sounded,
  TicketInput,
  UserInput,
  View,
  WindowView,
} from "../src/bindings";
import type { Situation } from "../src/keymap";
import type { Voice } from "../src/voice/voice";

beforeEach(() => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["zh-CN"]);
  // The window of the tests has no layout.
  Element.prototype.scrollIntoView = () => undefined;
});
afterEach(() => {
  cleanup();
});

export interface Played {
  show: (view: View) => Promise<void>;
  sound: (sound: Sound, says?: ResidentView) => void;
  sent: UserInput[];
  /** How often a key gave a result more time: whatever has no meaning of its own does. */
  keptOpen: () => number;
  /** From now on no input arrives. */
  refuse: () => void;
  /** What was asked of the laptop behind the station, and whether it can write. */
  laptop: { tickets: TicketInput[]; leaves: LeaveStep[]; writes: boolean };
  /** Whether the window is locked, and how often it was asked to be left. */
  kiosk: { locked: boolean; asked: number };
  /** The languages, themes and glosses that were kept. */
  kept: (LanguageChoice | ThemeChoice | DeviceSetting["to"] | ResidentDisplay)[];
  heard: Sound[];
  /** What was said, in which languages, how many seconds after its sound; `cut` where it was cut off. */
  said: (string | [ResidentView, Settings["voice"], number])[];
  /** The displays that are connected. */
  displays: DisplayInfo[];
  /** The number of pictures shown, at each heartbeat. */
  beats: number[];
}

const DEVICE = { volume: 80, lamp: "when-dark", voice: "off" } as const;

/** Opens the window on a station that shows what it is told and remembers what it was asked. */
export async function play(
  view: View,
  language: LanguageChoice = "zh",
  kiosk: Played["kiosk"] = { locked: false, asked: 0 },
  settings: Partial<Settings> = {},
): Promise<Played> {
  const sent: UserInput[] = [];
  const kept: Played["kept"] = [];
  const heard: Sound[] = [];
  const said: Played["said"] = [];
  const displays: DisplayInfo[] = [];
  let keptOpen = 0;
  let refuses = false;
  const beats: number[] = [];
  const laptop: Played["laptop"] = { tickets: [], leaves: [], writes: true };
  let onView: (view: WindowView) => void = () => undefined;
  let onSound: (sounded: Sounded) => void = () => undefined;
  const backend: Backend = {
    start: (toView, toSound) => {
      onView = toView;
      onSound = toSound;
      return Promise.resolve({ state: "station", view });
    },
    user: (input) => {
      if (input.kind === "keep-open") keptOpen += 1;
      else sent.push(input);
      return refuses ? Promise.reject(new Error("gone")) : Promise.resolve();
    },
    leave: (step) => {
      laptop.leaves.push(step);
      return laptop.writes ? Promise.resolve() : Promise.reject(new Error("no disk"));
    },
    ticket: (input) => {
      laptop.tickets.push(input);
      return Promise.resolve();
    },
    settings: () =>
      Promise.resolve({
        name: "样例",
        language,
        theme: "system",
        gloss: true,
        mirrored: false,
        residentDisplay: { kind: "none" },
        kiosk: false,
        ...DEVICE,
        ...settings,
      }),
    kiosk: () => Promise.resolve({ chosen: kiosk.locked, locked: kiosk.locked }),
    leaveKiosk: () => {
      kiosk.asked += 1;
      kiosk.locked = false;
      return Promise.resolve();
    },
    setLanguage: (choice) => {
      kept.push(choice);
      return Promise.resolve();
    },
    setTheme: (choice) => {
      kept.push(choice);
      return Promise.resolve();
    },
    setGloss: (choice) => {
      kept.push(choice);
      return Promise.resolve();
    },
    setKiosk: (to) => {
      kept.push(to);
      return laptop.writes ? Promise.resolve() : Promise.reject(new Error("no disk"));
    },
    displays: () => Promise.resolve([...displays]),
    setResidentDisplay: (to) => {
      kept.push(to);
      return laptop.writes ? Promise.resolve() : Promise.reject(new Error("no disk"));
    },
    setDevice: (setting) => {
      kept.push(setting.to);
      return laptop.writes ? Promise.resolve() : Promise.reject(new Error("no disk"));
    },
    saveDiagnostics: () =>
      laptop.writes ? Promise.resolve("/home/sample/kadian.txt") : Promise.reject(new Error("no disk")),
    seen: (frames) => {
      beats.push(frames);
    },
    frame: (asks) => `preview://localhost/frame?ask=${asks}`,
  };
  const voice: Voice = {
    prepare: () => undefined,
    say: (word, languages, after) => said.push([word, languages, after]),
    stop: () => said.push("cut"),
  };
  render(App, { backend, player: { play: (sound: Sound) => heard.push(sound) }, voice });
  await waitFor(() => expect(document.querySelector(".station")).not.toBeNull());
  return {
    show: async (next) => {
      onView({ state: "station", view: next });
      await tick();
    },
    sound: (sound, says) => onSound({ sound, says: says ?? null }),
    sent,
    keptOpen: () => keptOpen,
    refuse: () => (refuses = true),
    laptop,
    kiosk,
    kept,
    heard,
    said,
    displays,
    beats,
  };
}

/** Returns the view of a scene. */
export const sceneOf = (name: string): View => {
  const scene = SCENES[name];
  if (scene === undefined) throw new Error(`no scene ${name}`);
  return scene.view;
};
/** Returns what the key map depends on, before a person chose anything. */
export const situationOf = ({ bar }: View): Situation => ({
  now: bar.now,
  shift: bar.shift,
  hasCheckpoint: bar.checkpoint !== null,
  choice: null,
});

/** Returns what the main part of the screen says. */
export const text = (): string => document.querySelector("main")?.textContent ?? "";

/** A letter means nothing for a result's first 300 ms. */
export const looked = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 320));

/** Presses a key as a person does: alone, and a letter after a look at the screen. */
export async function press(key: string): Promise<void> {
  if (key.length === 1) await looked();
  window.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  window.dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true }));
  await new Promise((resolve) => setTimeout(resolve, key.length === 1 ? 480 : 250));
}
