import { invoke, isTauri } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { CommandError, Sounded, WindowView } from "../bindings";
import type { Backend } from "./backend";

const RETRY_MS = 250;

/** Tells whether this page runs inside the station's own window. */
export function isInWindow(): boolean {
  return isTauri();
}

/** Creates the host that speaks to the real station. */
export function createTauri(): Backend {
  return {
    async start(onView, onSound) {
      // Listening comes first, so that no view is missed between the two.
      await listen<WindowView>("view", ({ payload }) => {
        onView(payload);
      });
      await listen<Sounded>("sound", ({ payload }) => {
        onSound(payload);
      });
      return firstView();
    },
    user: (input) => invoke("user", { input }),
    ticket: (input) => invoke("ticket", { input }),
    leave: (step) => invoke("leave", { step }),
    settings: () => invoke("settings"),
    setLanguage: (language) => invoke("set_language", { language }),
    setTheme: (theme) => invoke("set_theme", { theme }),
    setGloss: (gloss) => invoke("set_gloss", { gloss }),
    kiosk: () => invoke("kiosk"),
    leaveKiosk: () => invoke("leave_kiosk"),
    setKiosk: (kiosk) => invoke("set_kiosk", { kiosk }),
    displays: () => invoke("displays"),
    setResidentDisplay: (display) => invoke("set_resident_display", { display }),
    setDevice: (setting) => invoke("set_device", { setting }),
    saveDiagnostics: () => invoke("save_diagnostics"),
    seen: (frames) => {
      void invoke("seen", { heartbeat: frames }).catch(() => undefined);
    },
    frame: (asks) => `${previewRoot()}/frame?ask=${String(asks)}`,
  };
}

/** Asks again for as long as the laptop says that it is still starting. */
async function firstView(): Promise<WindowView> {
  for (;;) {
    try {
      return await invoke<WindowView>("start");
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function isRetryable(error: unknown): boolean {
  return typeof error === "object" && error !== null && (error as Partial<CommandError>).retry === true;
}

/** Returns the custom scheme's root; WebView2 on Windows knows the scheme only as a host name. */
function previewRoot(): string {
  return navigator.userAgent.includes("Windows") ? "http://preview.localhost" : "preview://localhost";
}
