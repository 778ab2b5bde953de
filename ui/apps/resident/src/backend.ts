import type { ResidentView } from "./bindings";

/** What this page may ask: one thing. There are two hosts: the station's window, and a fake one. */
export interface Backend {
  /** Returns what is to be shown, once it is other than `seen`, and in a second at the latest. */
  next: (seen: ResidentView | null) => Promise<ResidentView>;
}
