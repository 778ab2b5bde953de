/**
 * A key map says once which key does what. The keyboard, the printed key caps, the accessible
 * shortcuts and the labels all read it.
 */

/** A key as the browser names it; letters in upper case, pressed with or without Shift. */
export type Key = "Enter" | "Escape" | `F${number}` | Letter;

// prettier-ignore
type Letter =
  | "A" | "B" | "C" | "D" | "E" | "F" | "G" | "H" | "I" | "J" | "K" | "L" | "M"
  | "N" | "O" | "P" | "Q" | "R" | "S" | "T" | "U" | "V" | "W" | "X" | "Y" | "Z";

/** What one key does on a screen. */
export interface KeyBinding<Command> {
  key: Key;
  command: Command;
  /** The button is shown, but neither it nor its key does anything now. */
  disabled?: boolean;
}

/** Returns what a pressed key does, if anything. `pressed` is a `KeyboardEvent.key`. */
export function bindingFor<B extends KeyBinding<unknown>>(
  keymap: readonly B[],
  pressed: string,
): B | undefined {
  const key = pressed.length === 1 ? pressed.toUpperCase() : pressed;
  return keymap.find((binding) => binding.key === key && binding.disabled !== true);
}

/** Returns what is printed on the key. */
export function capOf(key: Key): string {
  return key === "Escape" ? "Esc" : key;
}
