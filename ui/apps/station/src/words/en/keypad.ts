import type { KeypadWords } from "../keypad";

export const keypad: KeypadWords = {
  label: "Keys on the screen",
  open: "Keys",
  backspace: "Delete",
  enter: "Enter",
  shift: "Shift",
  letters: "Letters",
  digits: "Digits",
  space: "Space",
  hide: "Put away",
};
