import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BURST_MS, createKeyFilter, QUIET_MS, type KeyFilter } from "../src/keyboard/keyFilter";

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
  pass(300);
  press("Escape");
  pass(300);
  expect(acted).toEqual(["Enter", "r", "Escape"]);
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
  expect(acted).toEqual([]);
});

test("after a scan a person's key acts again", () => {
  scan("KD1:ABC", 5);
  pass(QUIET_MS + 1);
  press("Enter");
  pass(BURST_MS);
  expect(acted).toEqual(["Enter"]);
});

test("Shift and other modifiers neither act nor make a burst", () => {
  down("Shift");
  pass(5);
  press("N");
  pass(100);
  expect(acted).toEqual(["N"]);
});
