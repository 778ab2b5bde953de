import type { CollectorWords } from "../words";

/** What keeps a code from being read, and what to do about it. */
export const hints: CollectorWords["hint"] = {
  "too-far": {
    lines: ["再近", "一点"],
    gloss: "再近一点",
    note: "看到码了，但太小，读不清。",
    act: "请让二维码占满取景框。",
  },
  blurred: { lines: ["拿稳"], gloss: "拿稳", note: "看到码了，但画面模糊。", act: "请停住不动，等一下。" },
  "too-bright": {
    lines: ["太亮", "转一下"],
    gloss: "太亮，转一下",
    note: "屏幕反光，读不清。",
    act: "请稍微转动手机，避开反光。",
  },
  "cut-off": {
    lines: ["露出", "整个码"],
    gloss: "露出整个码",
    note: "二维码有一部分在画面外。",
    act: "请移到取景框中间。",
  },
  "too-dark": {
    lines: ["太暗", "调亮些"],
    gloss: "太暗，调亮些",
    note: "光线不够，读不清。",
    act: "请调亮屏幕，或开灯照明。",
  },
  "take-away": {
    lines: ["拿开", "再出示"],
    gloss: "拿开，再出示",
    note: "这个码刚才处理过了。",
    act: "请拿开，再出示一次。",
  },
  "one-of-several": {
    lines: ["不是", "健康码"],
    gloss: "不是健康码",
    note: "这是一组二维码中的一个。",
    act: "请出示健康码。",
  },
  "one-at-a-time": {
    lines: ["一次", "一个码"],
    gloss: "一次一个码",
    note: "画面里有几个码。",
    act: "请只留一个在取景框里。",
  },
  "scan-incomplete": {
    lines: ["请再", "扫一次"],
    gloss: "请再扫一次",
    note: "扫码枪只送来了一部分。",
    act: "请拿稳，再扫一次。",
  },
  "scan-doubled": {
    lines: ["两个码", "连上了"],
    gloss: "两个码连上了",
    note: "扫码枪把两个码连在了一起。",
    act: "请扫一个，看到结果再扫下一个。",
  },
  "scanned-twice": {
    lines: ["已经", "读过"],
    gloss: "已经读过",
    note: "扫码枪刚刚读过这个码。",
    act: "请把码拿开，或等两秒再扫。",
  },
  "scanner-off": {
    lines: ["扫码枪", "未启用"],
    gloss: "扫码枪未启用",
    note: "有扫码枪在输入，但没有选用。",
    act: "请管理员选用。",
  },
};
