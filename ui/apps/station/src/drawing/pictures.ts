import type { Fault, Hint } from "../bindings";

/** The small picture above a headline. */
export type PictureName = Hint | "phone" | "badge" | "place" | "sealed" | "unsealed" | "address" | "ticket";

/** What a whole-screen answer shows: the shape of its verdict, or the outline of a fault. */
export type Plate = "pass" | "check" | "stop" | "invalid" | "laptop" | FaultIcon;
export type FaultIcon = "camera" | "covered" | "shield" | "clock" | "disk";

const OF_FAULT: Record<Fault, FaultIcon> = {
  "camera-none": "camera",
  "camera-busy": "camera",
  "camera-no-permission": "camera",
  "camera-lost": "camera",
  "camera-stalled": "camera",
  "camera-covered": "covered",
  "trust-missing": "shield",
  "trust-expired": "shield",
  "community-expired": "shield",
  "policy-missing": "shield",
  "no-policy": "shield",
  "clock-wrong": "clock",
  "disk-full": "disk",
  "disk-read-only": "disk",
  "disk-failing": "disk",
  "outbox-busy": "disk",
  "outbox-damaged": "disk",
  "outbox-silent": "disk",
};

/** Returns the icon of a fault: an outline without a solid plate, so that it looks like no verdict. */
export function iconOf(fault: Fault): FaultIcon {
  return OF_FAULT[fault];
}
