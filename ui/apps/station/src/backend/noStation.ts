import type { CommandError, CommandErrorCode } from "../bindings";

/** Why there is no station behind the window. */
export type NoStation = Extract<CommandErrorCode, "not-enrolled" | "in-use" | "no-station">;

/** Returns the reason that an error of the backend names; `no-station` if it names none. */
export function whyNoStation(error: unknown): NoStation {
  const code = codeOf(error);
  return code === "not-enrolled" || code === "in-use" ? code : "no-station";
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null ? (error as Partial<CommandError>).code : undefined;
}
