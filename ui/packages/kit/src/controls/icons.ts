/** The interface icons. */
export type IconName =
  | "place"
  | "person"
  | "online"
  | "offline"
  | "sealed"
  | "trust"
  | "trust-old"
  | "clock"
  | "sound"
  | "muted"
  | "battery"
  | "camera"
  | "plus";
