import type { LanguageChoice, ThemeChoice } from "@kadian/kit";
import type {
  DeviceSetting,
  DisplayInfo,
  KioskState,
  LeaveStep,
  ResidentDisplay,
  Settings,
  Sounded,
  TicketInput,
  UserInput,
  WindowView,
} from "../bindings";

/**
 * The station behind the window, which knows nothing else of the world. There are two hosts:
 * `tauri` is the real station; `fake` plays scenes for tests, pictures and design.
 */
export interface Backend {
  /** Begins to listen, and resolves to what is to be shown now. */
  start: (onView: (view: WindowView) => void, onSound: (sounded: Sounded) => void) => Promise<WindowView>;
  user: (input: UserInput) => Promise<void>;
  /** Hands in what a person did with a ticket. */
  ticket: (input: TicketInput) => Promise<void>;
  /** Takes the station out of service, step by step: begun by an administrator in its workbench. */
  leave: (step: LeaveStep) => Promise<void>;
  settings: () => Promise<Settings>;
  setLanguage: (language: LanguageChoice) => Promise<void>;
  setTheme: (theme: ThemeChoice) => Promise<void>;
  /** Chooses whether the second language stands beside the first. */
  setGloss: (gloss: boolean) => Promise<void>;
  /** Tells whether nobody may leave this window. */
  kiosk: () => Promise<KioskState>;
  /** Leaves the kiosk. Rejects where no administrator asks for it. */
  leaveKiosk: () => Promise<void>;
  /** Chooses whether this laptop is a kiosk from the next start on: an administrator may. */
  setKiosk: (kiosk: boolean) => Promise<void>;
  /** Lists the displays that are connected. */
  displays: () => Promise<DisplayInfo[]>;
  /** Chooses where the resident's side is shown: an administrator may. It acts within a second. */
  setResidentDisplay: (display: ResidentDisplay) => Promise<void>;
  /** Changes a setting of the device page: an administrator may. */
  setDevice: (setting: DeviceSetting) => Promise<void>;
  /** Saves the diagnostics that are shown, and resolves to where. */
  saveDiagnostics: () => Promise<string>;
  /** Tells the station that the page is alive, and how many frames of the preview it has shown. */
  seen: (frames: number) => void;
  /** Returns the address of the camera's next picture; `asks` makes each address a new one. */
  frame: (asks: number) => string;
}
