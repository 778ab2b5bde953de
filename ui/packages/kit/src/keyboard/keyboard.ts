import { createKeyFilter, isCharacter, type KeyPress } from "./keyFilter";
import { bindingFor, type KeyBinding } from "./keymap";

/** The window's handlers for keys and clicks. */
export interface Keyboard {
  keydown: (event: KeyboardEvent) => void;
  keyup: (event: KeyboardEvent) => void;
  click: (event: MouseEvent) => void;
  /** The window lost the keyboard. */
  release: () => void;
}

/** What else a window may want to know. */
export interface KeyboardOptions {
  /**
   * Tells whether nobody can have looked at the screen yet. A key that is held back then means nothing:
   * when it is let go of, whoever carries it out could no longer tell.
   */
  isNew?: () => boolean;
  /** A person pressed a key that means nothing on this screen, or holds one down. */
  onother?: () => void;
  /** A person's keys came so close together that neither acts. */
  onclash?: () => void;
}

/**
 * Creates the window's keyboard. `keymap` returns what the keys mean on the screen as it is now,
 * `send` carries it out. What a hand scanner types acts on nothing.
 */
export function createKeyboard<Command>(
  keymap: () => readonly KeyBinding<Command>[],
  send: (command: Command) => void,
  { isNew, onother, onclash }: KeyboardOptions = {},
): Keyboard {
  const filter = createKeyFilter(onclash);

  function actOf(key: string): (() => void) | undefined {
    if (isCharacter(key) && isNew?.() === true) return undefined;
    // The command is the one of the screen that the person looks at while the key goes down.
    const binding = bindingFor(keymap(), key);
    return (
      binding &&
      (() => {
        send(binding.command);
      })
    );
  }

  function keydown(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) {
      // Means nothing here, but a scanner may type a character so (Alt and its number).
      filter.down(pressOf(event), undefined);
      return;
    }
    if (event.target instanceof HTMLInputElement) {
      keydownInField(event, event.target);
      return;
    }
    const focused = document.activeElement;
    const presses = event.key === "Enter" || event.key === " ";
    if (presses && focused instanceof HTMLButtonElement) {
      event.preventDefault();
      filter.down(pressOf(event), () => {
        if (focused.isConnected) focused.click();
      });
      return;
    }
    const act = actOf(event.key);
    const isOther = bindingFor(keymap(), event.key) === undefined;
    const scanned = isOther ? downOther(event) : filter.down(pressOf(event), act);
    // A scanner's Tab must not move the focus either.
    if (scanned || act !== undefined || presses) event.preventDefault();
  }

  /** A key that means nothing here still says that somebody is there, unless a scanner typed it. */
  function downOther(event: KeyboardEvent): boolean {
    if (isCharacter(event.key) && !event.repeat) {
      return filter.down({ ...pressOf(event), isMinor: true }, onother);
    }
    const scanned = filter.down(pressOf(event), undefined);
    if (!scanned) onother?.();
    return scanned;
  }

  /** A field takes its text itself, but neither a scanner's text nor the Enter behind it. */
  function keydownInField(event: KeyboardEvent, field: HTMLInputElement): void {
    if (takesDigits(field) && /^\d$/.test(event.key)) {
      // Digits may be typed, pasted or driven as fast as anybody likes.
      if (filter.isBurst(event.timeStamp)) event.preventDefault();
      return;
    }
    if (event.key === "Enter") {
      const scanned = filter.down(pressOf(event), undefined) || event.repeat;
      if (scanned || filter.isBurst(event.timeStamp)) event.preventDefault();
      return;
    }
    const act = /^(F\d+|Escape)$/.test(event.key) ? actOf(event.key) : undefined;
    if (act !== undefined) event.preventDefault();
    filter.down(pressOf(event), act);
  }

  return {
    keydown,
    keyup(event) {
      filter.up(event.key, event.timeStamp);
      if (event.key === " " && event.target instanceof HTMLButtonElement) event.preventDefault();
    },
    click(event) {
      // A button that was clicked does not keep the focus: Enter means what the screen says.
      if (event.detail === 0 || !(event.target instanceof Element)) return;
      event.target.closest("button")?.blur();
    },
    release() {
      filter.release();
    },
  };
}

/** Tells whether a field is for digits, or for a secret that may be all digits. */
function takesDigits(field: HTMLInputElement): boolean {
  return field.inputMode === "numeric" || field.type === "password";
}

function pressOf(event: KeyboardEvent): KeyPress {
  const inField = event.target instanceof HTMLInputElement;
  return { key: event.key, repeat: event.repeat, at: event.timeStamp, inField };
}
