/**
 * Which keys a person pressed, and which a hand scanner typed.
 *
 * A hand scanner is a keyboard that types a code in a burst and closes it with Enter. None of its
 * keys may act: so each key is held for a moment, and dropped if another follows that fast. A key
 * held down acts once.
 */

/** Keys that follow one another faster than this were not typed by a person. */
export const BURST_MS = 35;
/** After a burst, everything is ignored until the keyboard was quiet for this long. */
export const QUIET_MS = 200;
/** Without a key-up, a key counts as held for as long as it repeats within this. */
export const HELD_MS = 700;

export interface KeyPress {
  key: string;
  repeat: boolean;
  /** Milliseconds on any steady clock. */
  at: number;
}

export interface Keys {
  /**
   * A key went down. `act` is what it means on the screen as it is now; it runs a moment later,
   * if the key stood alone.
   */
  down(press: KeyPress, act: (() => void) | undefined): void;
  up(key: string, at: number): void;
  /** The window lost the keyboard: nothing is held any more. */
  release(): void;
  /** Whether a burst is running: for fields, whose keys do not pass through here. */
  bursting(at: number): boolean;
}

export function createKeys(): Keys {
  const held = new Map<string, number>();
  const lifted = new Map<string, number>();
  let last = -Infinity;
  let burst = false;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const isRepeat = ({ key, repeat, at }: KeyPress): boolean => {
    const since = held.get(key);
    const lift = lifted.get(key);
    if (repeat) return true;
    if (since !== undefined && at - since < HELD_MS) return true;
    // Some systems repeat a held key as up and down at once.
    return lift !== undefined && at - lift < BURST_MS;
  };

  return {
    down(press, act) {
      const again = isRepeat(press);
      held.set(press.key, press.at);
      if (isModifier(press.key)) return;
      // A scanner types the same character twice running as well.
      const typedTwice = again && !press.repeat && isPrintable(press.key);
      if (again && !typedTwice) return;

      const gap = press.at - last;
      last = press.at;
      if (waiting !== undefined) clearTimeout(waiting);
      waiting = undefined;
      burst = gap < BURST_MS || (burst && gap < QUIET_MS);
      if (burst || again || act === undefined) return;
      waiting = setTimeout(() => {
        waiting = undefined;
        act();
      }, BURST_MS);
    },
    up(key, at) {
      held.delete(key);
      lifted.set(key, at);
    },
    release() {
      held.clear();
    },
    bursting(at) {
      return burst && at - last < QUIET_MS;
    },
  };
}

function isPrintable(key: string): boolean {
  return [...key].length === 1;
}

function isModifier(key: string): boolean {
  return ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"].includes(key);
}
