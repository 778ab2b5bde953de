import type { StationScreen } from "../bindings";
import { OPEN_WORKBENCH, type Action } from "../keymap";
import type { Screens } from "../screen";
import FaultScreen from "./FaultScreen.svelte";
import OutOfService from "./OutOfService.svelte";

/** The screens on which the station speaks of itself. */
export const stationScreens: Screens<StationScreen> = {
  fault: {
    component: FaultScreen,
    flood: () => "slate",
    moment: ({ fault }) => fault,
    keymap: ({ mayAssertTime }, { now }) => {
      const seen: Action = {
        key: "Enter",
        label: "fault-seen",
        command: { wing: "station", kind: "fault-seen" },
      };
      const vouch: Action = {
        key: "F5",
        label: "assert-time",
        command: { wing: "station", kind: "assert-time", shown: now },
        place: "step",
      };
      return [seen, ...(mayAssertTime ? [vouch] : []), OPEN_WORKBENCH];
    },
  },
  "out-of-service": {
    component: OutOfService,
    flood: () => "slate",
    keymap: () => [],
  },
};
