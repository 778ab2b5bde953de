/**
 * What keys type on a keyboard with the layout of the United States, which scanners come with.
 *
 * A `KeyboardEvent.code` names the key itself. The layout, an input method or Caps Lock of the laptop change
 * only what the key means to others.
 */

/** A key's name, and what it types alone and with Shift. */
const KEYS: Record<string, string> = {
  Space: "  ",
  Minus: "-_",
  Equal: "=+",
  BracketLeft: "[{",
  BracketRight: "]}",
  Backslash: "\\|",
  Semicolon: ";:",
  Quote: "'\"",
  Backquote: "`~",
  Comma: ",<",
  Period: ".>",
  Slash: "/?",
  NumpadMultiply: "**",
  NumpadAdd: "++",
  NumpadSubtract: "--",
  NumpadDecimal: "..",
  NumpadDivide: "//",
};
const SHIFTED_DIGITS = ")!@#$%^&*(";

/** Returns the character that a key types; undefined for one that types none. */
export function characterOf(code: string, shift: boolean): string | undefined {
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return shift ? SHIFTED_DIGITS[Number(digit)] : digit;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shift ? letter : letter.toLowerCase();
  return /^Numpad(\d)$/.exec(code)?.[1] ?? KEYS[code]?.[shift ? 1 : 0];
}

/** Returns whether a key ends what a scanner types: Enter, Tab, or their letters with Control. */
export function isEnd(code: string, control: boolean): boolean {
  return (
    code === "Enter" ||
    code === "NumpadEnter" ||
    code === "Tab" ||
    (control && ["KeyM", "KeyJ", "KeyI"].includes(code))
  );
}

/** What codes begin with. A scanner's own prefix stands before it. */
const BEGINNINGS = /KD1:|HC1:|KDT1:/i;
/** Most characters before a code that a scanner may add. */
const PREFIX = 32;
/** An AIM identifier (ISO/IEC 15424). */
const IDENTIFIER = /^\][a-z][a-z0-9]/i;

/** Returns where a code begins in what was typed; -1 if none does. */
export function beginningIn(typed: string): number {
  const at = typed.search(BEGINNINGS);
  return at <= PREFIX ? at : -1;
}

/** Returns a text without what the scanner added. A code's letters are capitals. */
export function textIn(typed: string): string {
  const at = beginningIn(typed);
  return at < 0 ? typed.replace(IDENTIFIER, "") : typed.slice(at).toUpperCase();
}
