import { createScanReader, type ScanReaderOptions } from "./scanReader";

/** The window's handlers for what a hand scanner types. They come before all others: on capture. */
export interface Scans {
  keydown: (event: KeyboardEvent) => void;
  keyup: (event: KeyboardEvent) => void;
}

type Field = HTMLInputElement | HTMLTextAreaElement;

/** The fields as they were before a scan began. */
interface Before {
  values: Map<Field, string>;
  focused: Field | undefined;
}

export interface ScansOptions extends Pick<ScanReaderOptions, "onprogress" | "onread"> {
  /** A key came that may be the first of a scan: what it does may have to be undone. */
  onfirst?: () => void;
  /** It was the first of a scan: what it and those since did is to be undone. */
  onbegin?: () => void;
}

/**
 * Creates the handlers. No key of a scan reaches a button, a field, a dialog or a shortcut, and a field into
 * which the first ones went is as it was.
 */
export function createScans(options: ScansOptions): Scans {
  let before: Before | undefined;

  function putBack(): void {
    if (before === undefined) return;
    for (const field of fields()) {
      // One that was not there was opened by the scan.
      const value = before.values.get(field) ?? "";
      if (field.value === value) continue;
      field.value = value;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  }

  const reader = createScanReader({
    onfirst: () => {
      const focused = document.activeElement;
      before = {
        values: new Map(fields().map((field) => [field, field.value])),
        focused: isField(focused) ? focused : undefined,
      };
      options.onfirst?.();
    },
    onbegin: () => {
      putBack();
      options.onbegin?.();
    },
    onprogress: (characters) => {
      if (characters === 0) {
        putBack();
        if (before?.focused?.isConnected === true) before.focused.focus();
        before = undefined;
      }
      options.onprogress?.(characters);
    },
    onread: options.onread,
  });

  function swallow(event: Event): void {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  return {
    keydown(event) {
      const isScanned = reader.down({
        code: event.code,
        shift: event.shiftKey,
        control: event.ctrlKey,
        alt: event.altKey,
        repeat: event.repeat,
        at: event.timeStamp,
        inField: isField(event.target),
      });
      if (!isScanned) return;
      swallow(event);
      // An input method has the key already: without the field it has nothing to write into.
      const composes = event.isComposing || event.key === "Process";
      if (composes && isField(document.activeElement)) document.activeElement.blur();
    },
    keyup(event) {
      if (reader.up(event.code, event.timeStamp)) swallow(event);
    },
  };
}

function fields(): Field[] {
  return [...document.querySelectorAll<Field>("input, textarea")];
}

function isField(element: EventTarget | null): element is Field {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}
