import { nextTheme, onSystemTheme, otherLanguage, systemTheme, type Theme } from "@kadian/kit";
import type { Backend } from "./backend/backend";
import type { DeviceSetting, ResidentDisplay, Settings } from "./bindings";
import type { WindowCommand } from "./keymap";
import { languageOf, wordsIn, type Words } from "./words";

const DEFAULTS: Settings = {
  name: "",
  language: "system",
  theme: "system",
  gloss: true,
  mirrored: false,
  residentDisplay: { kind: "none" },
  kiosk: false,
  volume: 80,
  lamp: "when-dark",
  voice: "off",
};

/** How the window looks, speaks and sounds, whatever it shows. The station keeps what a person chose. */
export class Look {
  muted = $state(false);
  #settings: Settings | undefined = $state.raw();
  #preferred = $state(systemTheme());
  readonly #backend: () => Backend;

  /** Reads the settings, and follows the operating system. To be called while a component is set up. */
  constructor(backend: () => Backend) {
    this.#backend = backend;
    $effect(() => onSystemTheme(() => (this.#preferred = systemTheme())));
    $effect(() => {
      this.#load();
    });
  }

  /** Whether the settings are known; the defaults hold until then. */
  get isKnown(): boolean {
    return this.#settings !== undefined;
  }
  /** The chosen language, which may be the system's. */
  get language(): Settings["language"] {
    return (this.#settings ?? DEFAULTS).language;
  }
  readonly words: Words = $derived(wordsIn(languageOf(this.language)));
  /** The same words in the second language, which stands small beside the first. */
  readonly otherWords: Words = $derived(wordsIn(otherLanguage(languageOf(this.language))));
  get theme(): Theme {
    const { theme } = this.#settings ?? DEFAULTS;
    return theme === "system" ? this.#preferred : theme;
  }
  /** Whether the second language stands beside the first. */
  get gloss(): boolean {
    return (this.#settings ?? DEFAULTS).gloss;
  }
  /** Whether the camera's picture is shown as in a mirror. */
  get mirrored(): boolean {
    return (this.#settings ?? DEFAULTS).mirrored;
  }

  /** How loud sounds are, from 0 to 100. */
  get volume(): number {
    return (this.#settings ?? DEFAULTS).volume;
  }
  /** When the screen is a lamp. */
  get lamp(): Settings["lamp"] {
    return (this.#settings ?? DEFAULTS).lamp;
  }
  /** In which languages the resident's side is spoken. */
  get voice(): Settings["voice"] {
    return (this.#settings ?? DEFAULTS).voice;
  }
  /** Where the resident's side was chosen to be. */
  get residentDisplay(): ResidentDisplay {
    return (this.#settings ?? DEFAULTS).residentDisplay;
  }
  /** Whether this laptop is a kiosk from the next start on. */
  get kiosk(): boolean {
    return (this.#settings ?? DEFAULTS).kiosk;
  }
  /** What somebody chose, which may be the system's. */
  get chosenTheme(): Settings["theme"] {
    return (this.#settings ?? DEFAULTS).theme;
  }

  /** Changes a setting of the device page. Rejects where the station did not keep it. */
  set(setting: DeviceSetting): Promise<void> {
    return this.#change({ [setting.kind]: setting.to }, (backend) => backend.setDevice(setting));
  }
  /** Chooses where the resident's side is. Rejects where the station did not keep it. */
  setResidentDisplay(residentDisplay: ResidentDisplay): Promise<void> {
    return this.#change({ residentDisplay }, (backend) => backend.setResidentDisplay(residentDisplay));
  }
  /** Chooses whether this laptop is a kiosk from the next start on. Rejects where the station did not keep it. */
  setKiosk(kiosk: boolean): Promise<void> {
    return this.#change({ kiosk }, (backend) => backend.setKiosk(kiosk));
  }
  chooseTheme(theme: Settings["theme"]): void {
    if (this.#settings === undefined) return;
    this.#settings = { ...this.#settings, theme };
    this.#keep(this.#backend().setTheme(theme));
  }
  chooseLanguage(language: Settings["language"]): void {
    if (this.#settings === undefined) return;
    this.#settings = { ...this.#settings, language };
    this.#keep(this.#backend().setLanguage(language));
  }

  /** Does what a key of the window asks for. */
  does(command: WindowCommand): void {
    if (command.kind === "toggle-sound") this.muted = !this.muted;
    // What is chosen before the settings are known would be lost as they come.
    if (this.#settings === undefined) return;
    if (command.kind === "switch-language") {
      // The first press already shows the other one, whatever the system speaks.
      const language = otherLanguage(languageOf(this.language));
      this.#settings = { ...this.#settings, language };
      this.#keep(this.#backend().setLanguage(language));
    } else if (command.kind === "switch-theme") {
      const theme = nextTheme(this.theme);
      this.#settings = { ...this.#settings, theme };
      this.#keep(this.#backend().setTheme(theme));
    } else if (command.kind === "toggle-gloss") {
      const gloss = !this.gloss;
      this.#settings = { ...this.#settings, gloss };
      this.#keep(this.#backend().setGloss(gloss));
    }
  }

  /** Keeps what somebody chose before, on a laptop that was just enrolled. */
  becomeStation(): void {
    const { language, theme, gloss } = this.#settings ?? DEFAULTS;
    const kept: Promise<void>[] = [];
    if (language !== DEFAULTS.language) kept.push(this.#backend().setLanguage(language));
    if (theme !== DEFAULTS.theme) kept.push(this.#backend().setTheme(theme));
    if (gloss !== DEFAULTS.gloss) kept.push(this.#backend().setGloss(gloss));
    void Promise.allSettled(kept).then(() => {
      this.#load();
    });
  }

  #load(): void {
    this.#backend()
      .settings()
      .then(
        (found) => (this.#settings = found),
        () => (this.#settings ??= DEFAULTS),
      );
  }

  async #change(to: Partial<Settings>, keep: (backend: Backend) => Promise<void>): Promise<void> {
    if (this.#settings === undefined) return;
    const before = this.#settings;
    this.#settings = { ...before, ...to };
    try {
      await keep(this.#backend());
    } catch (error) {
      this.#settings = before;
      throw error;
    }
  }

  /** A choice that was not kept holds until the window is closed. */
  #keep(kept: Promise<void>): void {
    kept.catch(() => undefined);
  }
}
