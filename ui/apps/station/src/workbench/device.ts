import type { DeviceView } from "../bindings";

/** Whether a list or a text lies over the device page, with nothing behind it: what is read first has no test. */
export function isCovered({ diagnostics, cameras, scanners, relays }: DeviceView): boolean {
  return [diagnostics, cameras, scanners, relays].some((over) => over !== null);
}
