import type { Words } from "../words";
import { collector, collectorButtons } from "./collector";
import { entrance } from "./entrance";
import { shift, shiftButtons } from "./shift";
import { station, stationButtons } from "./station";

export const en: Words = {
  tag: "en",
  button: { ...collectorButtons, ...shiftButtons, ...stationButtons },
  withKey: (label, key) => `${label} (${key})`,
  ...collector,
  ...shift,
  ...station,
  entrance,
};
