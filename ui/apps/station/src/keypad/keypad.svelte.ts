/** What can be typed on a screen: digits, or letters and digits. */
export type Pad = "digits" | "letters";
/** A key that types nothing by itself. */
export type Special = "backspace" | "enter" | "shift" | "letters" | "digits" | "space" | "hide";
export type PadKey = Special | { types: string };

const FIELDS = new Set(["text", "password", "tel", "search"]);

/**
 * A keyboard on the screen, for gloves and for laptops without keys. A finger in a field opens it, and so does a
 * button; it stays until somebody puts it away. What it types arrives in the field as if a key had typed it.
 */
export class Keypad {
  open = $state(false);
  pad: Pad = $state("digits");
  shifted = $state(false);
  /** The field that has the keyboard. */
  field: HTMLInputElement | undefined = $state.raw();

  /** Whether it is seen: it is open, and there is something to type into. */
  get shown(): boolean {
    return this.open && this.field !== undefined;
  }
  /** Whether letters mean anything in this field. */
  get hasLetters(): boolean {
    return this.field !== undefined && !isForDigits(this.field);
  }

  /** A field, or something else, has the keyboard now. */
  focused(target: EventTarget | null): void {
    const field = target instanceof HTMLInputElement && FIELDS.has(target.type) ? target : undefined;
    if (field === this.field) return;
    this.field = field;
    this.shifted = false;
    // A PIN is digits; an administrator, who has a secret, asks for the letters.
    if (field !== undefined)
      this.pad = isForDigits(field) || field.type === "password" ? "digits" : "letters";
  }

  /** A pointer touched something: a finger in a field wants to type. */
  touched({ pointerType, target }: PointerEvent): void {
    if (pointerType === "touch" && target instanceof HTMLInputElement && FIELDS.has(target.type))
      this.open = true;
  }

  press(key: PadKey): void {
    if (key === "hide") this.open = false;
    else if (key === "digits" || key === "letters") this.pad = key;
    else if (key === "shift") this.shifted = !this.shifted;
    else if (key === "enter") submit(this.field);
    else if (key === "backspace") replace(this.field, "");
    else {
      const typed = key === "space" ? " " : key.types;
      replace(this.field, this.shifted ? typed.toUpperCase() : typed);
      this.shifted = false;
    }
  }
}

function isForDigits(field: HTMLInputElement): boolean {
  return field.inputMode === "numeric" || field.inputMode === "tel" || field.type === "tel";
}

/** Types a text where the caret is; nothing takes away what is before it, or what is marked. */
function replace(field: HTMLInputElement | undefined, text: string): void {
  if (field === undefined || field.disabled || field.readOnly) return;
  const end = field.selectionEnd ?? field.value.length;
  const marked = field.selectionStart ?? end;
  const start = text === "" && marked === end ? Math.max(0, end - 1) : marked;
  const length = field.value.length - (end - start) + text.length;
  if (field.maxLength >= 0 && length > field.maxLength) return;
  field.setRangeText(text, start, end, "end");
  const inputType = text === "" ? "deleteContentBackward" : "insertText";
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType, data: text === "" ? null : text }));
}

/** Does what Enter does in a field: it sends the form, or else the page takes it. */
function submit(field: HTMLInputElement | undefined): void {
  if (field === undefined) return;
  if (field.form !== null) field.form.requestSubmit();
  else field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
}

const typing = (text: string): PadKey[] => Array.from(text, (types) => ({ types }));

/** Digits beside the camera's picture, as on a telephone. */
export const DIGITS_TALL: readonly PadKey[][] = [
  typing("123"),
  typing("456"),
  typing("789"),
  ["backspace", ...typing("0"), "enter"],
];
/** Digits along the foot of a page. */
export const DIGITS_WIDE: readonly PadKey[][] = [
  [...typing("12345"), "backspace"],
  [...typing("67890"), "enter"],
];
export const LETTERS: readonly PadKey[][] = [
  typing("1234567890"),
  typing("qwertyuiop"),
  [...typing("asdfghjkl"), "backspace"],
  ["shift", ...typing("zxcvbnm-"), "enter"],
];
