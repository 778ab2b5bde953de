import { ENTRANCES } from "../src/backend/fake/entrances";
import { NO_STATIONS } from "../src/backend/fake/fake";
import { SCENES as STATION } from "../src/backend/fake/scenes";

/** One state of the window, as the fake host is asked for it. */
export interface Scene {
  name: string;
  /** The fake's query. */
  path: string;
}

export const SCENES: readonly Scene[] = [
  ...[NO_STATIONS, ENTRANCES, STATION]
    .flatMap((scenes) => Object.keys(scenes))
    .map((name) => ({ name, path: `fake=${name}` })),
  // The gate says nothing any more: seen once that is noticed.
  { name: "silent", path: "fake=pass&silent" },
  // A finger was in the first field, and on the key for letters.
  { name: "keypad", path: "fake=signed-out&touch" },
  { name: "keypad-desk", path: "fake=workbench-checkpoints&touch" },
  { name: "keypad-pin", path: "fake=workbench-pin&touch" },
  { name: "kiosk", path: "fake=workbench-checkpoints&kiosk" },
];
