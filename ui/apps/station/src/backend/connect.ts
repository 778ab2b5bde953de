import type { Backend } from "./backend";

/** Connects to the real station inside its window, and to scenes anywhere else. */
export async function connect(): Promise<Backend> {
  const tauri = await import("./tauri");
  if (tauri.isInWindow()) return tauri.createTauri();
  const { createFake } = await import("./fake/fake");
  return createFake(new URLSearchParams(location.search));
}
