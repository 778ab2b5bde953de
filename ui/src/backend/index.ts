import type { CommandError } from "../bindings/CommandError";
import type { CommandErrorCode } from "../bindings/CommandErrorCode";
import type { Settings } from "../bindings/Settings";
import type { Sound } from "../bindings/Sound";
import type { UserInput } from "../bindings/UserInput";
import type { View } from "../bindings/View";
import type { LanguageChoice } from "../shared/i18n";

/** Why there is no station behind the window. */
export type NoStation = Extract<CommandErrorCode, "not-enrolled" | "in-use" | "no-station">;

/**
 * The station behind the window. The screen knows nothing else of the world: `tauri` is the real
 * one, `fake` plays scenes for tests, pictures and design.
 */
export interface Backend {
  /** Begins listening, and resolves to what is to be shown now. */
  start(onView: (view: View) => void, onSound: (sound: Sound) => void): Promise<View>;
  user(input: UserInput): Promise<void>;
  settings(): Promise<Settings>;
  setLanguage(language: LanguageChoice): Promise<void>;
  /** A heartbeat: so many frames of the preview were shown. */
  seen(frames: number): void;
  /** The address of the camera's next picture; of another one at each asking. */
  frame(asks: number): string;
  /** The fake's own wishes, for pictures. */
  theme?: string;
}

/** The real station inside its window, scenes anywhere else: a real window cannot play scenes. */
export async function connect(): Promise<Backend> {
  const tauri = await import("./tauri");
  if (tauri.isInWindow()) return tauri.createTauri();
  const { createFake } = await import("./fake");
  return createFake(new URLSearchParams(location.search));
}

/** Which of the reasons for having no station an error names; the last where it names none. */
export function whyNoStation(error: unknown): NoStation {
  const code = typeof error === "object" && error !== null ? (error as Partial<CommandError>).code : undefined;
  return code === "not-enrolled" || code === "in-use" ? code : "no-station";
}
