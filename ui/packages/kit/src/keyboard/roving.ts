import type { Attachment } from "svelte/attachments";

const STEPS: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/**
 * Makes the elements inside that have `data-rove` one stop of the Tab key: arrow keys, Home and End
 * move among them. The one with `data-current` is the stop until another one has had the focus.
 */
export function roving(): Attachment<HTMLElement> {
  return (node) => {
    const items = (): HTMLElement[] => [...node.querySelectorAll<HTMLElement>("[data-rove]")];

    function setStop(stop: HTMLElement | undefined): void {
      for (const item of items()) item.tabIndex = item === stop ? 0 : -1;
    }
    function refresh(): void {
      const all = items();
      const stops = all.filter((item) => item.tabIndex === 0);
      if (stops.length !== 1) setStop(all.find((item) => item.hasAttribute("data-current")) ?? all[0]);
    }
    function keydown(event: KeyboardEvent): void {
      const step = STEPS[event.key];
      const all = items();
      const at = all.indexOf(event.target as HTMLElement);
      if (step === undefined || at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      all[step(at, all.length - 1)]?.focus();
    }
    function focusin(event: FocusEvent): void {
      const item = event.target;
      if (item instanceof HTMLElement && item.hasAttribute("data-rove")) setStop(item);
    }

    setStop(items().find((item) => item.hasAttribute("data-current")) ?? items()[0]);
    node.addEventListener("keydown", keydown);
    node.addEventListener("focusin", focusin);
    const changes = new MutationObserver(refresh);
    changes.observe(node, { subtree: true, childList: true });
    return () => {
      node.removeEventListener("keydown", keydown);
      node.removeEventListener("focusin", focusin);
      changes.disconnect();
    };
  };
}
