import { tick } from "svelte";
import type { Attachment } from "svelte/attachments";

const TITLE = "main h1";

/**
 * What is open inside a page and closes with Esc. When it is gone and nothing else has taken the focus, what opened it
 * has it again: a selector, because whatever stood in its place may be made anew.
 */
export function closes(
  onclose: () => void,
  opener: () => string | HTMLElement | null,
): Attachment<HTMLElement> {
  return (node) => {
    node.dataset["closes"] = "";
    function keydown(event: KeyboardEvent): void {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      // What is open inside of something that is open closes first.
      const innermost = event.target instanceof Element ? event.target.closest("[data-closes]") : null;
      if (innermost !== null && innermost !== node) return;
      event.preventDefault();
      onclose();
    }
    window.addEventListener("keydown", keydown);
    return () => {
      window.removeEventListener("keydown", keydown);
      void tick().then(() => {
        // A page that opens takes the focus to its title where nothing has it.
        if (!isLost() && !document.activeElement?.matches(TITLE)) return;
        const back = opener();
        const found = typeof back === "string" ? document.querySelector<HTMLElement>(back) : back;
        if (found?.isConnected) found.focus();
        else toTitle();
      });
    };
  };
}

/** Reads the page from its title on if what had the focus is gone, as a list's row that an act removed. */
export async function keepFocus(had: Element | null): Promise<void> {
  await tick();
  if (had !== null && had !== document.body && isLost()) toTitle();
}

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function toTitle(): void {
  document.querySelector<HTMLElement>(TITLE)?.focus();
}
