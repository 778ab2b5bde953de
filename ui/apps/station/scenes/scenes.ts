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
  // The resident's side is on a display of its own and spoken, or its display is unplugged, or is the collector's.
  { name: "workbench-device-side", path: "fake=workbench-device&display=HDMI-1&voice=both&kiosk" },
  { name: "workbench-device-display-missing", path: "fake=workbench-device&display=DP-2&voice=zh" },
  { name: "workbench-device-display-taken", path: "fake=workbench-device&display=eDP-1" },
  { name: "workbench-device-window", path: "fake=workbench-device&display=window" },
  { name: "kiosk", path: "fake=workbench-checkpoints&kiosk" },
];
