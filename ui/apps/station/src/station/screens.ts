import type { StationScreen } from "../bindings";
import { endShift, NO_CODE, OPEN_WORKBENCH, SWITCH_CHECKPOINT, type Action } from "../keymap";
import type { Screens } from "../screen";
import FaultScreen from "./FaultScreen.svelte";
import OutOfService from "./OutOfService.svelte";

/** The screens on which the station speaks of itself. */
export const stationScreens: Screens<StationScreen> = {
  fault: {
    component: FaultScreen,
    flood: () => "slate",
    moment: ({ fault }) => fault,
    keymap: ({ fault, seen, mayAssertTime }, situation) => {
      const heard: Action = {
        key: "Enter",
        label: seen ? "fault-silent" : "fault-seen",
        command: { wing: "station", kind: "fault-seen" },
        disabled: seen,
      };
      const vouch: Action = {
        key: "F5",
        label: "assert-time",
        command: { wing: "station", kind: "assert-time", shown: situation.now },
        place: "step",
      };
      // Without trust there is no address to show, and nobody can be signed in.
      const noCode = fault === "trust-missing" ? [] : [NO_CODE];
      const onDuty = situation.shift === null ? [] : [...noCode, ...endShift(situation), SWITCH_CHECKPOINT];
      return [heard, ...(mayAssertTime ? [vouch] : []), ...onDuty, OPEN_WORKBENCH];
    },
  },
  "out-of-service": {
    component: OutOfService,
    flood: () => "slate",
    keymap: ({ carrying }) => [
      {
        key: "F10",
        label: "carry-stick",
        command: { wing: "station", kind: "carry-stick" },
        place: "page",
        disabled: carrying,
      },
    ],
  },
};
