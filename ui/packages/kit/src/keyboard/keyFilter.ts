/**
 * Tells a person's keys from a hand scanner's.
 *
 * A hand scanner is a keyboard that types a code in a burst and ends it with Enter. None of its
 * keys may act. So each key is held back for a moment, and dropped if another follows that fast.
 * A key that is held down acts once.
 */

/** Keys that follow one another faster than this were not typed by a person. */
export const BURST_MS = 35;
/** After a burst, everything is ignored until the keyboard was quiet for this long. */
export const QUIET_MS = 200;
/** A key that comes again within this time, with no key-up between, is still held down. */
export const HELD_MS = 700;

export interface KeyPress {
  /** A `KeyboardEvent.key`. */
  key: string;
  repeat: boolean;
  /** Milliseconds on any steady clock. */
  at: number;
}

export interface KeyFilter {
  /**
   * Takes a key that went down. `act` is what the key means on the screen at this moment; it runs
   * after `BURST_MS`, and only if the key stood alone.
   */
  down(press: KeyPress, act: (() => void) | undefined): void;
  up(key: string, at: number): void;
  /** Forgets which keys are held: the window lost the keyboard. */
  release(): void;
  /** Tells whether a burst is running. Text fields ask this, as their keys do not pass through here. */
  isBurst(at: number): boolean;
}

export function createKeyFilter(): KeyFilter {
  const held = new Map<string, number>();
  const lifted = new Map<string, number>();
  let last = -Infinity;
  let burst = false;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const isRepeat = ({ key, repeat, at }: KeyPress): boolean => {
    if (repeat) return true;
    const since = held.get(key);
    if (since !== undefined && at - since < HELD_MS) return true;
    // Some systems repeat a held key as up and down at once.
    const lift = lifted.get(key);
    return lift !== undefined && at - lift < BURST_MS;
  };

  return {
    down(press, act) {
      const again = isRepeat(press);
      held.set(press.key, press.at);
      if (isModifier(press.key)) return;
      // A scanner also types the same character twice running.
      const typedTwice = again && !press.repeat && isPrintable(press.key);
      if (again && !typedTwice) return;

      const gap = press.at - last;
      last = press.at;
      clearTimeout(waiting);
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
    isBurst(at) {
      return burst && at - last < QUIET_MS;
    },
  };
}

function isPrintable(key: string): boolean {
  return Array.from(key).length === 1;
}

function isModifier(key: string): boolean {
  return ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"].includes(key);
}
