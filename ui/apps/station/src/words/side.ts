/** What an administrator reads about the resident's side and the kiosk, on the device page. */
export interface SideWords {
  name: string;
  row: Record<"display" | "voice" | "kiosk", string>;
  /** Where the resident's side is. */
  display: {
    none: string;
    window: string;
    /** The choices, on their buttons. */
    choose: Record<"none" | "window", string>;
    noneNote: string;
    windowNote: string;
    /** What stands on it. */
    note: string;
    missing: (name: string) => string;
    missingNote: string;
    /** The collector's window is on it. */
    taken: (name: string) => string;
    takenNote: string;
  };
  voice: Record<"off" | "zh" | "en" | "both", string>;
  voiceNote: string;
  /** The window is muted, or the volume is nothing. */
  voiceMuted: string;
  hear: string;
  kiosk: Record<"off" | "on", string>;
  kioskNow: Record<"locked" | "open", string>;
  kioskNote: string;
  /** What was chosen does not hold yet. */
  kioskLater: Record<"on" | "off", string>;
  notKept: string;
}
