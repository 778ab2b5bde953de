/**
 * Reads what a hand scanner types into the window, and tells its keys from a person's.
 *
 * A scan is known by what codes begin with, typed faster than anybody types it, or by many keys at a speed
 * that no hand has. From then on every key is the scanner's, its closing Enter included, until it pauses. The
 * few keys before that were held back by the key filter; what they typed into a field is taken out again.
 */

import { beginningIn, characterOf, isEnd, textIn } from "./scanKeys";

/** Keys further apart than this are not of one scan's beginning. */
export const TOGETHER_MS = 250;
/** So many characters, each this close to the one before, are a scanner's, whatever they say. */
export const FAST_CHARACTERS = 8;
export const FAST_MS = 35;
/** A pause of this length ends a scan that no key has ended. Bluetooth sends some keys late. */
export const PAUSE_MS = 500;
/** What follows the closing key within this time is still the scanner's: the second key of two. */
export const TAIL_MS = 120;
/** A page that was busy for longer first takes the keys that came meanwhile. */
const LATE_MS = 15;
/** No scan is longer: the most that one QR code holds, and what a scanner adds. */
export const LONGEST = 4296 + 32;

/** A key that went down. */
export interface ScanKey {
  /** A `KeyboardEvent.code`. */
  code: string;
  shift: boolean;
  control: boolean;
  alt: boolean;
  repeat: boolean;
  /** Milliseconds on any steady clock. */
  at: number;
  /** Whether it goes into a text field, into which a person types as fast as they can. */
  inField: boolean;
}

export interface ScanReader {
  /** Takes a key that went down. Returns whether it is a scanner's: then nobody else may see it. */
  down(key: ScanKey): boolean;
  /** Takes a key that went up. Returns whether it is a scanner's. */
  up(code: string, at: number): boolean;
}

export interface ScanReaderOptions {
  /** A key came that may be the first of a scan. */
  onfirst?: () => void;
  /** A scan has begun: whatever was typed since the first key is the scanner's. */
  onbegin?: () => void;
  /** So many characters have come; none once the scan is over. */
  onprogress?: (characters: number) => void;
  /** A scan is over. `undefined` for one that is longer than any code. */
  onread: (text: string | undefined) => void;
}

export function createScanReader({ onfirst, onbegin, onprogress, onread }: ScanReaderOptions): ScanReader {
  let typed = "";
  let scanning = false;
  let tooLong = false;
  /** When the last character came. */
  let last = -Infinity;
  /** Characters in a row that came as fast as no hand types. */
  let fast = 0;
  /** Until when keys belong to a scan that is over. */
  let tailUntil = -Infinity;
  /** The number that is typed on the keypad while Alt is held: how some scanners write any character. */
  let number: string | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  function forget(): void {
    typed = "";
    fast = 0;
    tooLong = false;
    number = undefined;
  }

  function end(): void {
    clearTimeout(pause);
    const text = tooLong ? undefined : textIn(typed);
    scanning = false;
    forget();
    onprogress?.(0);
    if (text !== "") onread(text);
  }

  function endAfterPause(ms: number, mayBeLate = true): void {
    clearTimeout(pause);
    const due = performance.now() + ms;
    pause = setTimeout(() => {
      // A key may have come in time, and wait behind what kept the page busy.
      if (mayBeLate && performance.now() > due + LATE_MS) endAfterPause(LATE_MS, false);
      else end();
    }, ms);
  }

  function take(character: string, at: number, inField: boolean): void {
    const gap = at - last;
    last = at;
    if (typed === "") onfirst?.();
    fast = gap < FAST_MS && !inField ? fast + 1 : 1;
    if (typed.length < LONGEST) typed += character;
    else tooLong = true;
    if (scanning) {
      onprogress?.(typed.length);
    } else if (beginningIn(typed) >= 0 || fast >= FAST_CHARACTERS) {
      scanning = true;
      onbegin?.();
      onprogress?.(typed.length);
    }
  }

  return {
    down({ code, shift, control, alt, repeat, at, inField }) {
      // Without a name of the key nobody knows what it types.
      if (code === "") return scanning;
      const inTail = at < tailUntil;
      if (!scanning && at - last > TOGETHER_MS) forget();
      if (isEnd(code, control)) {
        if (scanning) {
          tailUntil = at + TAIL_MS;
          end();
          return true;
        }
        forget();
        return inTail;
      }
      if (!repeat) {
        const keypad = /^Numpad(\d)$/.exec(code)?.[1];
        const character = control ? undefined : characterOf(code, shift);
        if (alt && keypad !== undefined) number = (number ?? "") + keypad;
        else if (!alt && character !== undefined) take(character, at, inField);
      }
      if (scanning) endAfterPause(PAUSE_MS);
      return scanning || inTail;
    },
    up(code, at) {
      if ((code === "AltLeft" || code === "AltRight") && number !== undefined) {
        const character = String.fromCharCode(Number(number) % 128);
        number = undefined;
        if (character >= " ") take(character, at, false);
      }
      return scanning || at < tailUntil;
    },
  };
}
