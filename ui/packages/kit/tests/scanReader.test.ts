import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  createScanReader,
  FAST_CHARACTERS,
  LONGEST,
  PAUSE_MS,
  TAIL_MS,
  TOGETHER_MS,
  type ScanReader,
} from "../src/keyboard/scanReader";
import { characterOf } from "../src/keyboard/scanKeys";

const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/** As long as codes are: 430 characters, every one of the alphabet among them. */
const CODE = "KD1:" + BASE45.repeat(10).slice(0, 426);

const CODES = [
  ...Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (letter) => `Key${letter}`),
  ...Array.from("0123456789", (digit) => `Digit${digit}`),
  "Space",
  "Minus",
  "Equal",
  "BracketLeft",
  "BracketRight",
  "Semicolon",
  "Quote",
  "Comma",
  "Period",
  "Slash",
];

/** Returns the key of a character on the layout of the United States, and whether Shift is held. */
function keyOf(character: string): { code: string; shift: boolean } {
  for (const shift of [false, true]) {
    const code = CODES.find((code) => characterOf(code, shift) === character);
    if (code !== undefined) return { code, shift };
  }
  throw new Error(`no key types ${character}`);
}

let at = 10_000;
let reader: ScanReader;
let read: (string | undefined)[];
let progress: number[];
let begun: number;
/** Keys that others saw. */
let passed: string[];

beforeEach(() => {
  vi.useFakeTimers();
  read = [];
  progress = [];
  passed = [];
  begun = 0;
  reader = createScanReader({
    onbegin: () => (begun += 1),
    onprogress: (characters) => progress.push(characters),
    onread: (text) => read.push(text),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

function pass(ms: number): void {
  at += ms;
  vi.advanceTimersByTime(ms);
}
function press(
  code: string,
  more: Partial<{ shift: boolean; control: boolean; inField: boolean }> = {},
): void {
  const { shift = false, control = false, inField = false } = more;
  if (!reader.down({ code, shift, control, alt: false, repeat: false, at, inField })) passed.push(code);
  reader.up(code, at);
}
/** Types a text as a scanner does, with so many milliseconds from key to key. */
function type(text: string, gap: number, end = "Enter", inField = false): void {
  for (const character of text) {
    const { code, shift } = keyOf(character);
    if (shift) press("ShiftLeft", { inField });
    press(code, { shift, inField });
    pass(gap);
  }
  if (end !== "") press(end, { inField });
}

test.each([1, 8, 16, 25, 60, 100])("a whole code is read at a key every %i ms, with its Enter", (gap) => {
  type(CODE, gap);
  expect(read).toEqual([CODE]);
  // The first four characters were the filter's.
  expect(passed).toEqual(["ShiftLeft", "KeyK", "ShiftLeft", "KeyD", "Digit1", "ShiftLeft"]);
  expect(progress.at(-2)).toBe(CODE.length);
  expect(progress.at(-1)).toBe(0);
});

test.each(["Enter", "NumpadEnter", "Tab"])("%s ends a scan, and so does what follows it at once", (end) => {
  type(CODE, 8, end);
  pass(TAIL_MS - 1);
  press("Enter");
  expect(read).toEqual([CODE]);
  expect(passed).not.toContain("Enter");
  pass(TAIL_MS);
  press("Enter");
  expect(passed).toContain("Enter");
});

test("a pause ends a scan that has no closing key", () => {
  type(CODE, 25, "");
  pass(PAUSE_MS - 26);
  expect(read).toEqual([]);
  pass(30);
  expect(read).toEqual([CODE]);
});

test("what a scanner adds is left out, and small letters are read in capitals", () => {
  type(`]Q1${CODE.toLowerCase()}`, 8);
  pass(1000);
  type(`#7 ${CODE}`, 8);
  expect(read).toEqual([CODE, CODE]);
});

test("a text that is no code is read by its speed alone", () => {
  type("6901234567892", 10);
  pass(1000);
  type("]E06901234567892", 10);
  expect(read).toEqual(["6901234567892", "6901234567892"]);
  expect(passed.filter((code) => code !== "ShiftLeft").length).toBe(2 * (FAST_CHARACTERS - 1));
});

test("a person's typing is nobody else's, in a field and outside of one", () => {
  for (const inField of [true, false]) {
    type("246810", 60, "Enter", inField);
    pass(700);
    type("ADMIN SECRET 2026", 70, "Enter", inField);
    pass(700);
  }
  expect([begun, read]).toEqual([0, []]);
  expect(passed.filter((code) => code === "Enter").length).toBe(4);
});

test("a field may be filled as fast as anybody likes", () => {
  type("13500000006", 0, "Enter", true);
  pass(700);
  type("A LONG NAME OF A PLACE", 1, "", true);
  expect([begun, read]).toEqual([0, []]);
});

test("the beginning of a code that a person types slowly is theirs", () => {
  type("KD1:6BF", TOGETHER_MS + 1, "Enter", true);
  expect([begun, read]).toEqual([0, []]);
  expect(passed).toContain("Enter");
});

test("two scans with nothing between their lines are two", () => {
  type(CODE, 8);
  type(CODE.replace("0", "1"), 8);
  expect(read).toEqual([CODE, CODE.replace("0", "1")]);
});

test("what is longer than any code is broken, and the next one whole", () => {
  type("KD1:" + "A".repeat(LONGEST), 1);
  pass(1000);
  type(CODE, 8);
  expect(read).toEqual([undefined, CODE]);
});

test("a key that repeats types nothing twice, and one without a name is the scanner's while it types", () => {
  type("KD1:6", 8, "");
  const held = { code: "Digit6", shift: false, control: false, alt: false, repeat: true, at, inField: false };
  expect(reader.down(held)).toBe(true);
  expect(reader.down({ ...held, code: "", repeat: false })).toBe(true);
  type("BF", 8);
  expect(read).toEqual(["KD1:6BF"]);
  pass(1000);
  expect(reader.down({ ...held, code: "", repeat: false, at })).toBe(false);
});

test("a character may come as its number, with Alt", () => {
  type("KD1:", 8, "");
  for (const digit of "46") {
    const code = `Numpad${digit}`;
    reader.down({ code, shift: false, control: false, alt: true, repeat: false, at, inField: false });
  }
  expect(reader.up("AltLeft", at)).toBe(true);
  type("BF", 8);
  expect(read).toEqual(["KD1:.BF"]);
});
