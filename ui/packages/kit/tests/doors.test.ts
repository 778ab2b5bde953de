import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { closeDoors } from "../src";

let open: () => void;
let field: HTMLInputElement;
beforeEach(() => {
  open = closeDoors();
  field = document.body.appendChild(document.createElement("input"));
});
afterEach(() => {
  open();
  field.remove();
});

/** Returns whether the browser's own answer to an event was stopped. */
function isClosed(event: Event, target: EventTarget = document.body): boolean {
  return !target.dispatchEvent(event);
}
const key = (name: string, init: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...init });

test.each(["w", "q", "r", "p", "f", "s", "u", "t", "n", "l", "j", "h", "d", "g", "+", "-", "0", "="])(
  "Ctrl and %s do nothing",
  (name) => {
    expect(isClosed(key(name, { ctrlKey: true }))).toBe(true);
    expect(isClosed(key(name, { ctrlKey: true }), field)).toBe(true);
    expect(isClosed(key(name.toUpperCase(), { ctrlKey: true, shiftKey: true }))).toBe(true);
    expect(isClosed(key(name, { metaKey: true }))).toBe(true);
  },
);

test.each(["i", "c", "j", "v"])("Ctrl, Shift and %s open no tools", (name) => {
  expect(isClosed(key(name.toUpperCase(), { ctrlKey: true, shiftKey: true }))).toBe(true);
});

test.each(["F1", "F3", "F5", "F7", "F11", "F12", "BrowserBack", "BrowserRefresh", "LaunchMail"])(
  "%s is the page's own, never the browser's",
  (name) => {
    expect(isClosed(key(name))).toBe(true);
    expect(isClosed(key(name), field)).toBe(true);
  },
);

test("nothing goes back or forward", () => {
  expect(isClosed(key("Backspace"))).toBe(true);
  for (const arrow of ["ArrowLeft", "ArrowRight", "Home"]) {
    expect(isClosed(key(arrow, { altKey: true })), arrow).toBe(true);
  }
});

test.each(["v", "z", "o", "c", "x", "a"])("Ctrl and %s stay", (name) => {
  expect(isClosed(key(name, { ctrlKey: true }), field)).toBe(false);
});

test("a field is typed in as ever", () => {
  for (const name of ["a", "1", "Backspace", "ArrowLeft", "Enter", "Tab", "Escape"]) {
    expect(isClosed(key(name), field), name).toBe(false);
  }
  expect(isClosed(key("ArrowLeft", { ctrlKey: true }), field)).toBe(false);
  // What AltGr types is a character: the browser says Ctrl and Alt.
  expect(isClosed(key("@", { ctrlKey: true, altKey: true }), field)).toBe(false);
});

test.each(["contextmenu", "dragstart", "dragover", "drop"])("%s opens nothing", (kind) => {
  expect(isClosed(new Event(kind, { bubbles: true, cancelable: true }), field)).toBe(true);
});

test("the wheel enlarges nothing, and scrolls", () => {
  const wheel = (ctrlKey: boolean): WheelEvent =>
    new WheelEvent("wheel", { bubbles: true, cancelable: true, ctrlKey });
  expect(isClosed(wheel(true))).toBe(true);
  expect(isClosed(wheel(false))).toBe(false);
});

test("the page hears every key that was stopped", () => {
  const heard: string[] = [];
  const hear = (event: KeyboardEvent): number => heard.push(event.key);
  window.addEventListener("keydown", hear);
  document.body.dispatchEvent(key("F5"));
  window.removeEventListener("keydown", hear);
  expect(heard).toEqual(["F5"]);
});

test("a script does not close the page", () => {
  const before = vi.fn();
  open();
  Object.defineProperty(window, "close", { value: before, configurable: true, writable: true });
  open = closeDoors();
  window.close();
  expect(before).not.toHaveBeenCalled();
  open();
  window.close();
  expect(before).toHaveBeenCalledOnce();
});

test("closed doors can be opened", () => {
  open();
  expect(isClosed(key("F5"))).toBe(false);
});
