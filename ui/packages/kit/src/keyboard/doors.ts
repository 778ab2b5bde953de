/** What Ctrl does in a field, and the one shortcut that a station gives a meaning of its own. */
const KEPT = new Set(["a", "c", "v", "x", "z", "o"]);
/** Keys that move about in a field, also with Ctrl or Shift. */
const MOVES = /^(Arrow(Left|Right|Up|Down)|Home|End|Backspace|Delete|Tab|Shift|Control|Alt|Meta|AltGraph)$/;

/**
 * Closes the doors by which a browser leaves its page: shortcuts that load anew, print, search, zoom or go back,
 * the menu, what is dragged in or out, zooming by wheel or fingers, and closing. It stops what the browser would do, and
 * no listener of the page. Returns what opens them again.
 */
export function closeDoors(target: Window = window): () => void {
  const closed = new AbortController();
  const { signal } = closed;
  const close = (event: Event): void => event.preventDefault();
  for (const kind of ["contextmenu", "dragstart", "dragover", "drop", "gesturestart", "gesturechange"]) {
    target.addEventListener(kind, close, { signal, capture: true });
  }
  target.addEventListener(
    "keydown",
    (event) => {
      if (leaves(event)) event.preventDefault();
    },
    { signal, capture: true },
  );
  // A listener for the wheel is passive by itself, and could not stop anything.
  target.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || event.metaKey) event.preventDefault();
    },
    { signal, capture: true, passive: false },
  );
  target.addEventListener(
    "touchmove",
    (event) => {
      if (event.touches.length > 1) event.preventDefault();
    },
    { signal, capture: true, passive: false },
  );
  // A script that closes its page would leave a window without one.
  const before = Object.getOwnPropertyDescriptor(target, "close");
  Object.defineProperty(target, "close", { value: () => undefined, configurable: true });
  return () => {
    closed.abort();
    if (before !== undefined) Object.defineProperty(target, "close", before);
  };
}

/** Tells whether a key could lead out of the page. */
function leaves({ key, ctrlKey, altKey, metaKey, shiftKey, target }: KeyboardEvent): boolean {
  if (/^F\d+$/.test(key) || key.startsWith("Browser") || key.startsWith("Launch")) return true;
  const inField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  if (key === "Backspace") return !inField || altKey;
  if (altKey || metaKey) return MOVES.test(key) ? key.startsWith("Arrow") || key === "Home" : !ctrlKey;
  if (!ctrlKey) return false;
  return !MOVES.test(key) && (shiftKey || !KEPT.has(key.toLowerCase()));
}
