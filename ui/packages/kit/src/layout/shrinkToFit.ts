import type { Attachment } from "svelte/attachments";

/**
 * Gives up what matters least until everything fits. It sets `data-shrink` on the element to 0, 1,
 * 2 … and stops at the first level at which nothing inside is cut. Styles say what each level gives
 * up. The element must fit its height, and the elements inside that have `data-line` their width.
 */
export function shrinkToFit(levels: number): Attachment<HTMLElement> {
  return (node) => {
    const apply = (): void => {
      for (let level = 0; level <= levels; level += 1) {
        node.dataset["shrink"] = String(level);
        if (!isCut(node)) return;
      }
    };
    apply();
    // The window of the tests has no layout.
    if (typeof ResizeObserver === "undefined") return undefined;
    const sizes = new ResizeObserver(apply);
    sizes.observe(node);
    const texts = new MutationObserver(apply);
    texts.observe(node, { subtree: true, childList: true, characterData: true });
    void document.fonts.ready.then(apply);
    return () => {
      sizes.disconnect();
      texts.disconnect();
    };
  };
}

function isCut(node: HTMLElement): boolean {
  if (node.scrollHeight > node.clientHeight + 1) return true;
  return [...node.querySelectorAll<HTMLElement>("[data-line]")].some(
    (line) => line.scrollWidth > line.clientWidth + 1,
  );
}
