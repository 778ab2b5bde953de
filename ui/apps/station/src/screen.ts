import type { Component } from "svelte";
import type { Flood } from "./drawing/flood";
import type { Action, Situation } from "./keymap";

/** What the window has to know about one kind of screen. */
export interface ScreenKind<S> {
  /** Draws the screen. */
  component: Component<{ screen: S }> | Component<Record<string, never>>;
  /** Returns the key map. */
  keymap: (screen: S, situation: Situation) => readonly Action[];
  /** Returns what fills the whole window; a screen without one stands beside the camera's picture. */
  flood?: (screen: S) => Flood;
  /** Fills the whole window without a flood. */
  whole?: true;
  /** Returns what tells one moment of the screen from the next; a person then looks at something new. */
  moment?: (screen: S) => string | number;
}

/** Every screen of a wing. A screen that is missing here does not compile. */
export type Screens<S extends { kind: string }> = {
  [K in S["kind"]]: ScreenKind<Extract<S, { kind: K }>>;
};
