import type { WorkbenchScreen } from "../bindings";
import type { Action } from "../keymap";
import type { Screens } from "../screen";
import AddCollector from "./AddCollector.svelte";
import Checkpoints from "./Checkpoints.svelte";
import Collectors from "./Collectors.svelte";
import { isCovered } from "./device";
import Device from "./Device.svelte";
import Enrolment from "./Enrolment.svelte";
import NewPin from "./NewPin.svelte";
import Policy from "./Policy.svelte";
import Stick from "./Stick.svelte";
import Trust from "./Trust.svelte";

/** The pages of the workbench. Enter in a form is the form's own, and Delete that of a list. */
export const workbenchScreens: Screens<WorkbenchScreen> = {
  checkpoints: {
    component: Checkpoints,
    whole: true,
    keymap: () => [LOCK],
  },
  collectors: {
    component: Collectors,
    whole: true,
    keymap: () => [LOCK, { ...SCAN, label: "scan-collector", look: "solid" }],
  },
  policy: {
    component: Policy,
    whole: true,
    keymap: () => [LOCK],
  },
  trust: {
    component: Trust,
    whole: true,
    keymap: () => [LOCK],
  },
  stick: {
    component: Stick,
    whole: true,
    keymap: ({ stick }) =>
      (stick.seen?.stick ?? null) === null ? [LOCK] : [LOCK, { ...CARRY, disabled: stick.carrying }],
  },
  device: {
    component: Device,
    whole: true,
    keymap: ({ device }) => (isCovered(device) ? [LOCK] : [LOCK, SELF_TEST]),
  },
  enrolment: {
    component: Enrolment,
    whole: true,
    keymap: () => [LOCK],
  },
  "new-pin": {
    component: NewPin,
    whole: true,
    keymap: ({ saving }) => [LOCK, { ...STOP, disabled: saving }],
  },
  "add-collector": {
    component: AddCollector,
    whole: true,
    moment: ({ person }) => (person === null ? "scan" : "form"),
    keymap: ({ person, saving }) =>
      person === null ? [LOCK, STOP] : [LOCK, { ...STOP, disabled: saving }, { ...SCAN, disabled: saving }],
  },
};

const LOCK: Action = {
  key: "F10",
  label: "lock",
  command: { wing: "workbench", kind: "lock" },
  place: "page",
};
const CARRY: Action = {
  key: "Enter",
  label: "carry-stick",
  command: { wing: "workbench", kind: "carry-stick" },
  place: "page",
};
const SELF_TEST: Action = {
  key: "F5",
  label: "self-test",
  command: { wing: "workbench", kind: "device", input: { ask: "self-test" } },
  place: "page",
};
const SCAN: Action = {
  key: "F2",
  label: "scan-again",
  command: { wing: "workbench", kind: "scan-collector" },
  place: "page",
};
const STOP: Action = {
  key: "Escape",
  label: "stop-adding-collector",
  command: { wing: "workbench", kind: "stop-adding" },
  place: "page",
};
