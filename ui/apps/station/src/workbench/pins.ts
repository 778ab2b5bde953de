/** What a collector typed as their PIN, twice. */
export interface Pins {
  pin: string;
  again: string;
}

/** Digits of a PIN, at least. */
export const PIN_DIGITS = 6;

/** Tells whether both are long enough. */
export function isWhole({ pin, again }: Pins): boolean {
  return pin.length >= PIN_DIGITS && again.length >= PIN_DIGITS;
}

/** Goes to the field of a PIN that is not filled yet, or to the first one. */
export function focusPins(pins: Pins): void {
  const first = pins.pin.length < PIN_DIGITS || isWhole(pins);
  document.querySelector<HTMLInputElement>(first ? "#pin" : "#again")?.focus();
}
