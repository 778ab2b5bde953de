import type { Component } from "svelte";
import type { StatusBar } from "./bindings";
import type { Flood } from "./drawing/flood";
import type { Action } from "./keymap";

/** What the window has to know about one kind of screen. */
export interface ScreenKind<S> {
  /** Draws the screen. */
  component: Component<{ screen: S }> | Component<Record<string, never>>;
  /** Returns the key map; the bar names the shift and the time that a key is about. */
  keymap: (screen: S, bar: StatusBar) => readonly Action[];
  /** Returns what fills the whole window; a screen without one stands beside the camera's picture. */
  flood?: (screen: S) => Flood;
  /** Returns what tells one moment of the screen from the next; a person then looks at something new. */
  moment?: (screen: S) => string | number;
}

/** Every screen of a wing. A screen that is missing here does not compile. */
export type Screens<S extends { kind: string }> = {
  [K in S["kind"]]: ScreenKind<Extract<S, { kind: K }>>;
};
