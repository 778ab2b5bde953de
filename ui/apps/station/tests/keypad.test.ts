import { tick } from "svelte";
import { expect, test } from "vitest";
import { LETTERS } from "../src/keypad/keypad.svelte";
import { play, sceneOf } from "./play";

const pad = (): HTMLElement | null => document.querySelector(".keypad");

function one(selector: string): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>(selector);
  if (found === null) throw new Error(`there is no ${selector}`);
  return found;
}
const field = (id: string): HTMLInputElement => one(`#${id}`);

/** Presses keys of the pad, as a finger does: it never takes the keyboard from the field. */
async function touch(...keys: string[]): Promise<void> {
  for (const key of keys) {
    const button = one(`.keypad [data-pad-key="${key}"]`);
    const down = new Event("pointerdown", { bubbles: true, cancelable: true });
    expect(button.dispatchEvent(down), "the field keeps the keyboard").toBe(false);
    button.click();
    await tick();
  }
}

async function fingerIn(target: HTMLElement, pointerType = "touch"): Promise<void> {
  const down = new MouseEvent("pointerdown", { bubbles: true });
  target.dispatchEvent(Object.assign(down, { pointerType }));
  target.focus();
  await tick();
}

test("a finger in a field opens it, and a mouse does not", async () => {
  await play(sceneOf("signed-out"));
  await fingerIn(field("digits"), "mouse");
  expect(pad()).toBeNull();
  await fingerIn(field("digits"));
  expect(pad()?.dataset["pad"]).toBe("digits");
});

test("somebody signs in with a finger alone", async () => {
  const { sent } = await play(sceneOf("signed-out"));
  await fingerIn(field("digits"));
  await touch("0", "0", "9", "backspace", "0", "1");
  expect(document.activeElement).toBe(field("secret"));
  await touch("2", "4", "6", "8", "1", "0", "enter");
  expect(sent).toEqual([{ wing: "shift", kind: "sign-in", digits: "0001", secret: "246810", person: null }]);
});

test("a button opens it where no finger is noticed, and it stays until it is put away", async () => {
  await play(sceneOf("signed-out"));
  const button = [...document.querySelectorAll("button")].find(({ textContent }) =>
    textContent.includes("键盘"),
  );
  button?.click();
  await tick();
  expect(pad()).not.toBeNull();
  await touch("hide");
  expect(pad()).toBeNull();
  field("secret").focus();
  await tick();
  expect(pad()).toBeNull();
});

test("digits alone are offered for digits, letters too for a secret", async () => {
  await play(sceneOf("door"));
  await fingerIn(field("digits"));
  expect(pad()?.querySelector("[data-pad-key=letters]")).toBeNull();
  await fingerIn(field("secret"));
  await touch("letters", "a", "shift", "b", "c", "digits", "7");
  expect(field("secret").value).toBe("aBc7");
});

test("it types no more than a field takes, and over what is marked", async () => {
  await play(sceneOf("signed-out"));
  const digits = field("digits");
  await fingerIn(digits);
  await touch("1", "2", "3");
  digits.setSelectionRange(0, 3);
  await touch("9");
  expect(digits.value).toBe("9");
  await touch("8", "7", "6");
  await fingerIn(digits);
  await touch("5");
  expect(digits.value).toBe("9876");
});

test("a checkpoint's name is typed with letters, digits and spaces", async () => {
  await play(sceneOf("workbench-checkpoints"));
  const name = one("main input[type=text], main input:not([type])");
  await fingerIn(name);
  expect(pad()?.dataset["pad"]).toBe("letters");
  await touch("shift", "g", "a", "t", "e", "space", "2");
  expect(name.value).toBe("Gate 2");
});

test("the keyboard has every letter and every digit once", () => {
  const typed = LETTERS.flat().flatMap((key) => (typeof key === "string" ? [] : [key.types]));
  expect(typed.join("").split("").sort().join("")).toBe("-0123456789abcdefghijklmnopqrstuvwxyz");
});

test("keys still type while it is there", async () => {
  await play(sceneOf("signed-out"));
  await fingerIn(field("digits"));
  field("digits").value = "12";
  field("digits").dispatchEvent(new Event("input", { bubbles: true }));
  await touch("3");
  expect(field("digits").value).toBe("123");
});
