import type { KeypadWords } from "../keypad";

export const keypad: KeypadWords = {
  label: "屏幕键盘",
  open: "键盘",
  backspace: "退格",
  enter: "确定",
  shift: "大写",
  letters: "字母",
  digits: "数字",
  space: "空格",
  hide: "收起",
};
