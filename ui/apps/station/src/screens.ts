import type { Component } from "svelte";
import type { Screen } from "./bindings";
import { collectorScreens } from "./collector/screens";
import type { Flood } from "./drawing/flood";
import type { Action, Situation } from "./keymap";
import type { ScreenKind } from "./screen";
import { shiftScreens } from "./shift/screens";
import { stationScreens } from "./station/screens";
import SilentScreen from "./station/SilentScreen.svelte";
import { workbenchScreens } from "./workbench/screens";

/** What the window has to know about the screen that is shown now. */
export interface Shown {
  component: Component<{ screen: Screen }>;
  keymap: readonly Action[];
  /** What fills the whole window; null if the screen stands beside the camera's picture. */
  flood: Flood | null;
  /** Whether the screen leaves no place for the camera's picture. */
  whole: boolean;
  /** Changes whenever a person looks at something new. */
  moment: string;
}

const WINGS = {
  collector: collectorScreens,
  shift: shiftScreens,
  station: stationScreens,
  workbench: workbenchScreens,
};

/** Stands instead of a verdict whose time is over while the gate says nothing. No key means anything. */
export const SILENT: Shown = {
  component: SilentScreen as Component<object>,
  keymap: [],
  flood: "slate",
  whole: true,
  moment: "silent",
};

export function shown(screen: Screen, situation: Situation): Shown {
  // Wing and kind select the entry for exactly this screen; TypeScript cannot follow that.
  const wing = WINGS[screen.wing] as Partial<Record<string, unknown>>;
  const kind = wing[screen.kind] as ScreenKind<Screen>;
  return {
    component: kind.component as Component<{ screen: Screen }>,
    keymap: kind.keymap(screen, situation),
    flood: kind.flood?.(screen) ?? null,
    whole: kind.whole ?? kind.flood !== undefined,
    moment: `${screen.wing} ${screen.kind} ${kind.moment?.(screen) ?? ""}`,
  };
}
