import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  ALONE_MS,
  BURST_MS,
  CHARACTER_HOLD_MS,
  createKeyFilter,
  QUIET_MS,
  type KeyFilter,
} from "../src/keyboard/keyFilter";

let at = 10_000;
let keys: KeyFilter;
let acted: string[];

beforeEach(() => {
  vi.useFakeTimers();
  keys = createKeyFilter();
  acted = [];
});
afterEach(() => {
  vi.useRealTimers();
});

function pass(ms: number): void {
  at += ms;
  vi.advanceTimersByTime(ms);
}
function down(key: string, repeat = false): void {
  keys.down({ key, repeat, at }, () => acted.push(key));
}
function press(key: string): void {
  down(key);
  pass(3);
  keys.up(key, at);
}
/** Types as a hand scanner does: a few milliseconds between keys, and Enter at the end. */
function scan(text: string, gap: number, end = "Enter"): void {
  for (const key of text) {
    press(key);
    pass(gap);
  }
  press(end);
}

test("a person's keys act, once each", () => {
  press("Enter");
  pass(300);
  press("r");
  pass(CHARACTER_HOLD_MS);
  press("Escape");
  pass(300);
  expect(acted).toEqual(["Enter", "r", "Escape"]);
});

test.each(["Enter", "Escape", "F8", "F9"])("a person's %s acts at once", (key) => {
  press(key);
  pass(BURST_MS);
  expect(acted).toEqual([key]);
});

test("a key that is held down acts once", () => {
  down("Enter");
  pass(500);
  for (let index = 0; index < 40; index += 1) {
    down("Enter", true);
    pass(33);
  }
  expect(acted).toEqual(["Enter"]);
});

test("a system that repeats a held key as up and down does not make it act again", () => {
  down("Enter");
  pass(500);
  for (let index = 0; index < 40; index += 1) {
    keys.up("Enter", at);
    down("Enter");
    pass(40);
  }
  expect(acted).toEqual(["Enter"]);
});

test("after the window lost the keyboard, a key acts again", () => {
  down("Enter");
  pass(100);
  keys.release();
  pass(100);
  down("Enter");
  pass(100);
  expect(acted).toEqual(["Enter", "Enter"]);
});

test.each(["t", "T", "r", "N", "7", "x", " ", "，"])("%s acts only if it stands alone", (key) => {
  press(key);
  pass(ALONE_MS);
  expect(acted).toEqual([]);
  pass(CHARACTER_HOLD_MS);
  expect(acted).toEqual([key]);
});

/** The characters of codes; each of the keys that mean something is among them. */
const CODE = "KD1:TRN0123456789ABCDEFGHIJKLMOPQSUVWXYZ $%*+-./:trn";

/** Returns numbers from 0 to 1 that follow from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

test("no scanner presses anything, however slow it is and whatever it ends with", () => {
  for (let seed = 0; seed < 3000; seed += 1) {
    const random = randomFrom(seed);
    const slowest = random() * ALONE_MS;
    const jitters = random() < 0.5;
    const gap = (): number => Math.floor(slowest * (jitters ? random() : 1));
    const length = 2 + Math.floor(random() * 30);
    const text = Array.from({ length }, () => CODE[Math.floor(random() * CODE.length)] ?? "T");
    const end = ["Enter", "Tab", "Escape", undefined][Math.floor(random() * 4)];
    for (const key of text) {
      // Held for no longer than to the next key.
      const before = gap();
      down(key);
      pass(Math.min(3, before));
      keys.up(key, at);
      pass(Math.max(0, before - 3));
    }
    if (end !== undefined) press(end);
    pass(2000);
    expect(acted, `seed ${seed}: ${text.join("")}, ${slowest} ms`).toEqual([]);
  }
});

test("a person's key that falls into a scan is swallowed with it", () => {
  for (const gap of [20, 100, 390]) {
    scan("KD1:T", gap, "T");
    pass(gap);
    press("Enter");
    pass(gap);
    scan("R9N", gap);
    pass(2000);
  }
  expect(acted).toEqual([]);
});

test.each([0, 2, 10, 25])("a scanner that types every %i ms presses nothing, nor does its Enter", (gap) => {
  scan("RN KD1:NNRR00 N", gap);
  pass(1000);
  expect(acted).toEqual([]);
});

test("a scanner presses nothing if its Enter comes late or first, or if it types a single character", () => {
  scan("KD1:ABC", 5, "x");
  pass(QUIET_MS - 20);
  press("Enter");
  pass(1000);
  press("Enter");
  pass(5);
  scan("ABC", 5);
  pass(1000);
  scan("N", 5);
  pass(1000);
  scan("N", ALONE_MS - 3);
  pass(1000);
  expect(acted).toEqual([]);
});

test("after a scan a person's key acts again, and pressing it in vain makes nobody wait longer", () => {
  scan("KD1:ABC", 5, "x");
  for (let waited = 0; waited < QUIET_MS; waited += 200) {
    pass(200);
    press("Enter");
  }
  pass(BURST_MS);
  expect(acted).toEqual(["Enter"]);
});

test("a key that came while the page was busy still counts", () => {
  down("T");
  // The page does nothing for longer than the key is held back; then it hears of both at once.
  const typed = at;
  const blocked = vi.spyOn(performance, "now");
  const began = performance.now();
  blocked.mockReturnValue(began + 900);
  vi.advanceTimersByTime(CHARACTER_HOLD_MS);
  keys.down({ key: "1", repeat: false, at: typed + 200 }, undefined);
  blocked.mockRestore();
  pass(2000);
  expect(acted).toEqual([]);
});

test("what a person types into a field keeps no key from acting behind it", () => {
  for (const key of "east gate") {
    keys.down({ key, repeat: false, at, inField: true }, undefined);
    keys.up(key, at);
    pass(90);
  }
  expect(keys.down({ key: "Enter", repeat: false, at, inField: true }, undefined)).toBe(false);
  pass(90);
  keys.down({ key: "F9", repeat: false, at, inField: true }, () => acted.push("F9"));
  pass(BURST_MS);
  expect(acted).toEqual(["F9"]);
});

test("Shift and other modifiers neither act nor make a burst", () => {
  down("Shift");
  pass(5);
  press("N");
  pass(CHARACTER_HOLD_MS);
  expect(acted).toEqual(["N"]);
});
