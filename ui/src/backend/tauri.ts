import { invoke, isTauri } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { CommandError } from "../bindings/CommandError";
import type { Sound } from "../bindings/Sound";
import type { View } from "../bindings/View";
import type { Backend } from ".";

const START_AGAIN_MS = 250;

/** Whether this page runs inside the station's own window. */
export function isInWindow(): boolean {
  return isTauri();
}

/** The station behind the real window. */
export function createTauri(): Backend {
  return {
    async start(onView, onSound) {
      // Listening comes first, so that no view is missed between the two.
      await listen<View>("view", ({ payload }) => onView(payload));
      await listen<Sound>("sound", ({ payload }) => onSound(payload));
      return firstView();
    },
    user: (input) => invoke("user", { input }),
    settings: () => invoke("settings"),
    setLanguage: (language) => invoke("set_language", { language }),
    seen: (frames) => {
      void invoke("seen", { heartbeat: frames }).catch(() => undefined);
    },
    frame: (asks) => `${previewRoot()}/frame?ask=${asks}`,
  };
}

/** The station may still be starting: a code that says so is asked again. */
async function firstView(): Promise<View> {
  for (;;) {
    try {
      return await invoke<View>("start");
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, START_AGAIN_MS));
    }
  }
}

function isRetryable(error: unknown): boolean {
  return typeof error === "object" && error !== null && (error as Partial<CommandError>).retry === true;
}

/** A custom scheme; WebView2 on Windows knows it only as a host name. */
function previewRoot(): string {
  return navigator.userAgent.includes("Windows") ? "http://preview.localhost" : "preview://localhost";
}
