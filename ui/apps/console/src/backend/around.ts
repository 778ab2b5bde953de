import type { Backend } from "./backend";

/** Returns a backend whose every call goes through `wrap`. */
export function around(backend: Backend, wrap: (call: () => Promise<unknown>) => Promise<unknown>): Backend {
  const calls = Object.entries(backend).map(([name, call]: [string, (...given: unknown[]) => unknown]) => [
    name,
    (...given: unknown[]) => wrap(() => new Promise((resolve) => resolve(call(...given)))),
  ]);
  // Each call keeps its name, and returns what it returned.
  return Object.fromEntries(calls) as Backend;
}
