/** What counts as a touch. */
const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

/**
 * Calls `onidle` once nobody has touched the page for so many seconds. Pages that read again by
 * themselves would keep a session alive for ever: this ends it where nobody is. Returns what stops it.
 */
export function createIdle(seconds: number, onidle: () => void): () => void {
  let touched = Date.now();
  const touch = (): void => {
    touched = Date.now();
  };
  const timer = setInterval(() => {
    if (Date.now() - touched >= seconds * 1000) onidle();
  }, 1000);
  for (const name of TOUCHES) window.addEventListener(name, touch, { passive: true });
  return () => {
    clearInterval(timer);
    for (const name of TOUCHES) window.removeEventListener(name, touch);
  };
}
