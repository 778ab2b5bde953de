import type { Backend } from "./backend";
import type { ResidentView } from "./bindings";
import { SHOWN } from "./words";

/** Creates a host that shows what the address names (`?fake=pass`), or each in turn. */
export function createFake(search: URLSearchParams): Backend {
  const all = Object.keys(SHOWN) as ResidentView[];
  const named = all.find((view) => view === search.get("fake"));
  let at = 0;
  return {
    next: (seen) => {
      if (named === undefined || seen !== null) {
        const later = named ?? all[at++ % all.length] ?? "wait";
        return new Promise((resolve) => setTimeout(() => resolve(later), 1000));
      }
      return Promise.resolve(named);
    },
  };
}
