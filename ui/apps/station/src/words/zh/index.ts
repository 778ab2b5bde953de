import type { Words } from "../words";
import { collector, collectorButtons } from "./collector";
import { device } from "./device";
import { entrance } from "./entrance";
import { keypad } from "./keypad";
import { shift, shiftButtons } from "./shift";
import { side } from "./side";
import { station, stationButtons } from "./station";
import { workbench, workbenchButtons } from "./workbench";

export const zh: Words = {
  tag: "zh-Hans",
  languageName: "中文",
  button: { ...collectorButtons, ...shiftButtons, ...stationButtons, ...workbenchButtons },
  withKey: (label, key) => `${label}（${key}）`,
  ...collector,
  ...shift,
  ...station,
  entrance,
  workbench,
  keypad,
  device,
  side,
};
