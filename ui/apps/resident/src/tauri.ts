import { invoke } from "@tauri-apps/api/core";
import type { Backend } from "./backend";

/** Creates the host that asks the station's window. It hears no events: it has no right to. */
export function createTauri(): Backend {
  return { next: (seen) => invoke("resident", { seen }) };
}
