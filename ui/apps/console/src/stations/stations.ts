import type { IconName } from "@kadian/kit";
import type { Alert, Station, StationState } from "../backend/api";
import { ALERTS, known } from "../words/codes";
import type { Words } from "../words";

export const STATE_LOOK: Record<StationState, "plain" | "ink" | "bad" | "warn" | "accent"> = {
  online: "plain",
  behind: "ink",
  offline: "ink",
  clock: "bad",
  trust: "warn",
  withdrawn: "plain",
  new: "accent",
};

export const STATE_ICON: Partial<Record<StationState, IconName>> = {
  behind: "sealed",
  offline: "offline",
  clock: "clock",
  trust: "trust-old",
};

/** Tells whether somebody should look at a station. */
export function isNeedy({ state, alerts }: Station): boolean {
  return (
    alerts.length > 0 || state === "behind" || state === "offline" || state === "clock" || state === "trust"
  );
}

/** Says an alert in one sentence. */
export function alertText(words: Words, { kind }: Alert): string {
  const code = known(ALERTS, kind);
  return code === undefined ? words.stations.otherAlert(kind) : words.stations.alert[code];
}

/** Returns the bytes of a text in base64. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Says how often an alert came, if it was more than once. */
export function alertTimes(words: Words, { count }: Alert): string {
  return count > 1 ? ` · ${words.stations.times(count)}` : "";
}
