import type { Page } from "playwright-core";

// One round of the Tab key over a page, with the arrow keys in lists and trees that are one stop.

/** More stops than any page has: whoever takes more steps walks in a circle that leaves something out. */
const MOST_STEPS = 400;

/** What is wrong with a page for somebody who has a keyboard alone. */
export interface Round {
  /** Controls that no key reaches. */
  missed: string[];
  /** Stops at which no ring shows where one is. */
  ringless: string[];
  /** Stops that something else covers, or that are outside the window. */
  hidden: string[];
  /** Whether Tab comes round, and Shift Tab too. */
  trapped: boolean;
}

/** Marks every control that is to be reached, and defines what the steps ask of the page. */
function prepare(): void {
  const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex], [role=option]";
  const named = (node: Element): string =>
    `${node.tagName.toLowerCase()}${node.id === "" ? "" : `#${node.id}`} ${(node.getAttribute("aria-label") ?? node.textContent).trim().slice(0, 40)}`;
  const isOffered = (node: HTMLElement): boolean => {
    if (
      node.matches(":disabled, [type=hidden], h1, h2, h3, p, [role=alertdialog], [role=group][tabindex='-1']")
    )
      return false;
    // An input method's own way to do what other keys do: a mouse's arrow, a chooser behind its button.
    if (node.matches("[tabindex='-1'][aria-hidden=true], [type=file][tabindex='-1']")) return false;
    // Options are walked by the field that has the keyboard.
    if (node.closest("[role=listbox]") !== null) return false;
    return node.checkVisibility({ checkVisibilityCSS: true }) && node.getClientRects().length > 0;
  };
  const hasRing = (style: CSSStyleDeclaration): boolean =>
    (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2) ||
    /0px 0px 0px [3-9]px/.test(style.boxShadow);
  const ringOf = (node: Element): boolean => {
    const drawn = [
      node.closest(".control"),
      node.closest(".boxes")?.querySelector(".next"),
      node.closest(".lines"),
    ];
    return (
      [getComputedStyle(node), getComputedStyle(node, "::after")].some(hasRing) ||
      drawn.some((one) => one && hasRing(getComputedStyle(one)))
    );
  };
  const isSeen = (node: Element): boolean => {
    const [box] = node.getClientRects();
    if (box === undefined) return false;
    const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return (
      at !== null && (node.contains(at) || at.contains(node) || at.closest("label") === node.closest("label"))
    );
  };
  const radios = (node: Element): string | null =>
    node.matches("[type=radio]") ? node.getAttribute("name") : null;

  let last: Element | null = null;
  const wanted = new Set([...document.querySelectorAll<HTMLElement>(CONTROLS)].filter(isOffered));
  Object.assign(window, {
    /** Says where the focus is, and crosses it off. */
    kadianStep: () => {
      const node = document.activeElement;
      const stays = node === last;
      last = node;
      if (node === null || node === document.body) return null;
      wanted.delete(node as HTMLElement);
      // The arrow keys choose among radio buttons of one name: one stop stands for all.
      for (const other of [...wanted])
        if (radios(other) !== null && radios(other) === radios(node)) wanted.delete(other);
      return {
        name: named(node),
        stays,
        roves: node.matches("[data-rove], [role=treeitem]"),
        ring: ringOf(node),
        seen: isSeen(node),
        first: (node as HTMLElement).dataset["walked"] === undefined,
      };
    },
    kadianMark: () => ((document.activeElement as HTMLElement).dataset["walked"] = ""),
    kadianMissed: () => [...wanted].filter((node) => node.isConnected && isOffered(node)).map(named),
    kadianUnmark: () => {
      for (const node of document.querySelectorAll<HTMLElement>("[data-walked]"))
        delete node.dataset["walked"];
    },
  });
}

interface Step {
  name: string;
  /** The key moved nothing: a list's end, or a date's next part. */
  stays: boolean;
  roves: boolean;
  ring: boolean;
  seen: boolean;
  first: boolean;
}

/** Walks once round a page as it is. */
export async function walkRound(page: Page): Promise<Round> {
  await page.evaluate(prepare);
  const round: Round = { missed: [], ringless: [], hidden: [], trapped: false };
  const step = (): Promise<Step | null> => page.evaluate("kadianStep()");
  const look = ({ name, ring, seen }: Step): void => {
    if (!ring) round.ringless.push(name);
    if (!seen) round.hidden.push(name);
  };
  round.trapped = !(await tabRound(page, "Tab", async (here) => {
    look(here);
    if (!here.roves) return;
    for (const key of ["ArrowDown", "ArrowUp"]) {
      for (;;) {
        await page.keyboard.press(key);
        const there = await step();
        if (there === null || there.stays) break;
        look(there);
      }
    }
  }));
  round.missed = await page.evaluate("kadianMissed()");
  await page.evaluate("kadianUnmark()");
  if (!(await tabRound(page, "Shift+Tab", () => Promise.resolve()))) round.trapped = true;
  return round;
}

/** Presses a key until it comes back to a stop that it had left. Returns whether it did. A date's parts are one stop. */
async function tabRound(page: Page, key: string, at: (step: Step) => Promise<void>): Promise<boolean> {
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    await page.keyboard.press(key);
    const here = await page.evaluate<Step | null>("kadianStep()");
    if (here === null || here.stays) continue;
    if (!here.first) return true;
    await page.evaluate("kadianMark()");
    await at(here);
  }
  return false;
}
