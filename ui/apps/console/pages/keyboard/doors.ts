import type { Hands } from "./hands";
import type { Walk } from "./walks";

const SECRET = "sample passphrase";

/** Fills the fields after one another, the first of which has the focus. */
async function fields(hands: Hands, values: string[]): Promise<void> {
  for (const [index, value] of values.entries()) {
    if (index > 0) await hands.to("main input:not(:disabled)");
    await hands.type(value);
  }
}

/** The pages before the desk. */
export const DOORS: Walk[] = [
  {
    name: "signing in, after a wrong passphrase",
    path: "?trial#/people",
    act: async (hands) => {
      await hands.at("[name=account]");
      await fields(hands, ["chen.sample", "wrong", "418000"]);
      await hands.press("Enter");
      await hands.shown(".error");
      await hands.fill("[name=passphrase]", "");
      await hands.press("Control+A");
      await hands.type(SECRET);
      await hands.fill("[inputmode=numeric]", "418001");
      await hands.shown("main button[type=submit]:not(:disabled)");
      await hands.press("Enter");
      await hands.shown("nav");
    },
  },
  {
    name: "signing in with a word from the page",
    path: "#/people",
    act: async (hands) => {
      await fields(hands, ["chen.sample", SECRET]);
      await hands.open("main .other button");
      await hands.press("Shift+Tab");
      await hands.to("form input:not([name])");
      await hands.type("amber-17-lotus");
      await hands.press("Enter");
      await hands.shown("nav");
    },
  },
  {
    name: "an invitation is opened and accepted",
    path: "#/invitation",
    act: async (hands) => {
      await hands.type("SAMPLE-0001");
      await hands.press("Enter");
      await hands.at("[name=account]");
      await fields(hands, ["yi.sample", "sample secret", SECRET, SECRET, "418000"]);
      await hands.press("Enter");
      await hands.shown("nav");
    },
  },
  {
    name: "a first start, from the word to the first ticket",
    path: "?first=locked#/first-start",
    act: async (hands) => {
      await hands.type("SAMPLE");
      await hands.press("Enter");
      await hands.to("[name=trust]");
      await hands.press("ArrowDown", "Enter");
      await hands.at("main input");
      await fields(hands, ["样例甲", "13800000001", "jia.sample", "sample secret", SECRET, SECRET]);
      await hands.press("Enter");
      await hands.to("[inputmode=numeric]");
      await hands.press("Escape");
      await hands.at("button[type=submit]");
      await hands.press("Enter");
      await hands.fill("[inputmode=numeric]", "418000");
      await hands.press("Enter");
      await hands.shown("main input");
      await hands.fill("main input.control:not([role])", "样例 01");
      await hands.press("Enter");
      await hands.shown("main section");
    },
  },
];
