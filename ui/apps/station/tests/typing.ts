import { characterOf } from "../../../packages/kit/src/keyboard/scanKeys";

/** A key as an event names it. */
export interface TypedKey {
  code: string;
  key: string;
  shift: boolean;
}

const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** A text as long as codes are, with every character that they have. */
export const CODE = "KD1:" + BASE45.repeat(10).slice(0, 426);

const CODES = [
  ...Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (letter) => `Key${letter}`),
  ...Array.from("0123456789", (digit) => `Digit${digit}`),
  ...["Space", "Minus", "Equal", "Semicolon", "Comma", "Period", "Slash"],
];

/** Returns the keys that type a text on the layout of the United States. */
export function keysOf(text: string): TypedKey[] {
  return Array.from(text, (key) => {
    for (const shift of [false, true]) {
      const code = CODES.find((code) => characterOf(code, shift) === key);
      if (code !== undefined) return { code, key, shift };
    }
    throw new Error(`no key types ${key}`);
  });
}
