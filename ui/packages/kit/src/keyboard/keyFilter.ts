/**
 * Tells a person's keys from a hand scanner's.
 *
 * A hand scanner is a keyboard that types a code character by character and ends it with Enter. None
 * of its keys may act, however slowly it types. So a key that types a character is held back, and acts
 * only if it stands alone. Any other key acts at once, unless a character came just before it: then it
 * is the end of what a scanner typed. A key that is held down acts once.
 *
 * A glove also strikes two keys at once. Where the other one types nothing and means nothing, it is as
 * if only the first was struck. Otherwise neither acts, and the person is told so.
 */

/** A character acts only if no other character comes within this time, before it or after it. */
export const ALONE_MS = 400;
/** A single character waits for this long before it acts: `ALONE_MS`, and time for a late event. */
export const CHARACTER_HOLD_MS = ALONE_MS + 20;
/** After two characters that close together nothing acts until none came for this long. */
export const QUIET_MS = 2 * ALONE_MS;
/** A scanner types more characters than this; fewer came from a person who struck two keys. */
const STRUCK_CHARACTERS = 2;
/** Any two keys that follow one another faster than this were not pressed by a person. */
export const BURST_MS = 35;
/** What goes into a text field is a scanner's again only after this long without a burst. */
export const FIELD_QUIET_MS = 200;
/** A page that was busy for longer first takes the keys that came meanwhile. */
export const LATE_MS = 15;
/** A key that comes again within this time, with no key-up between, is still held down. */
export const HELD_MS = 700;

export interface KeyPress {
  /** A `KeyboardEvent.key`. */
  key: string;
  repeat: boolean;
  /** Milliseconds on any steady clock. */
  at: number;
  /** Whether it went into a text field, into which a person types as fast as they can. */
  inField?: boolean;
  /** What it means is of no consequence: nobody has to be told if it does not act. */
  isMinor?: boolean;
}

export interface KeyFilter {
  /**
   * Takes a key that went down. `act` is what the key means on the screen at this moment; it runs
   * once it is sure that a person pressed the key. Returns whether a scanner typed it.
   */
  down(press: KeyPress, act: (() => void) | undefined): boolean;
  up(key: string, at: number): void;
  /** Forgets which keys are held: the window lost the keyboard. */
  release(): void;
  /** Tells whether a scanner is typing into a text field. */
  isBurst(at: number): boolean;
}

/** Creates the filter. `onclash` is called when a person's keys came too close together to act. */
export function createKeyFilter(onclash: () => void = () => undefined): KeyFilter {
  const held = new Map<string, number>();
  const lifted = new Map<string, number>();
  let last = -Infinity;
  let lastCharacter = -Infinity;
  /** Two keys came faster than any person's. */
  let burst = false;
  /** Two characters came so close together that a scanner may have typed them. */
  let scan = false;
  /** Characters since the last pause. */
  let characters = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let waitsForMinor = false;

  const isRepeat = ({ key, repeat, at }: KeyPress): boolean => {
    if (repeat) return true;
    const since = held.get(key);
    if (since !== undefined && at - since < HELD_MS) return true;
    // Some systems repeat a held key as up and down at once.
    const lift = lifted.get(key);
    return lift !== undefined && at - lift < BURST_MS;
  };

  /** Takes note of when the key came, and tells whether a scanner typed it. */
  function isScanned({ key, at, inField = false }: KeyPress): boolean {
    const gap = at - last;
    const sinceCharacter = at - lastCharacter;
    last = at;
    if (gap > QUIET_MS) characters = 0;
    if (isCharacter(key) && !inField) characters += 1;
    burst = gap < BURST_MS || (burst && gap < FIELD_QUIET_MS);
    scan = scan && sinceCharacter <= QUIET_MS;
    const follows = scan || sinceCharacter <= ALONE_MS;
    if (isCharacter(key)) {
      // What a person types into a field does not make a scan.
      scan = follows && !inField;
      lastCharacter = inField ? -Infinity : at;
    }
    return burst || (follows && !inField);
  }

  /** Tells whether a key without a meaning can be overlooked: it types nothing, and no scanner typed it. */
  function isStruckAlong({ key, at, inField = false }: KeyPress): boolean {
    return !isCharacter(key) && !inField && at - lastCharacter > QUIET_MS;
  }

  /** Runs `act` after a time, unless another key comes. */
  function hold(act: () => void, ms: number, mayBeLate = true): void {
    const due = performance.now() + ms;
    waiting = setTimeout(() => {
      waiting = undefined;
      // A key may have come in time, and wait behind what kept the page busy.
      if (mayBeLate && performance.now() > due + LATE_MS) hold(act, LATE_MS, false);
      else act();
    }, ms);
  }

  return {
    down(press, act) {
      const again = isRepeat(press);
      held.set(press.key, press.at);
      if (isModifier(press.key)) return false;
      // A scanner also types the same character twice running.
      const typedTwice = again && !press.repeat && isCharacter(press.key);
      if (again && !typedTwice) return false;

      if (act === undefined && isStruckAlong(press)) return false;
      const isMinor = act === undefined || press.isMinor === true;
      const cutShort = waiting !== undefined && !waitsForMinor;
      clearTimeout(waiting);
      waiting = undefined;
      const scanned = isScanned(press);
      if ((cutShort || (scanned && !isMinor)) && characters <= STRUCK_CHARACTERS) onclash();
      if (scanned || again || act === undefined) return scanned;
      waitsForMinor = isMinor;
      hold(act, isCharacter(press.key) ? CHARACTER_HOLD_MS : BURST_MS);
      return false;
    },
    up(key, at) {
      held.delete(key);
      lifted.set(key, at);
    },
    release() {
      held.clear();
    },
    isBurst(at) {
      return burst && at - last < FIELD_QUIET_MS;
    },
  };
}

/** Tells whether a key types something. What a keyboard layout or an input method hides counts, too. */
export function isCharacter(key: string): boolean {
  return Array.from(key).length === 1 || ["Dead", "Process", "Unidentified"].includes(key);
}

function isModifier(key: string): boolean {
  return ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"].includes(key);
}
