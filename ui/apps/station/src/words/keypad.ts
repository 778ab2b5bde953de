import type { Special } from "../keypad/keypad.svelte";

/** The keyboard on the screen: its keys, its name, and the button that opens it. */
export type KeypadWords = Record<Special | "label" | "open", string>;
