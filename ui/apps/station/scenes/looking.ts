// What is looked at in every scene, inside its page. Playwright hands the function over as text, so it
// may use nothing from outside itself.

/** Returns what does not fit: what is cut, what lies on something else, and words broken in their middle. */
export function whatIsWrong(): string[] {
  /** A pixel more or less is rounding. */
  const SLACK = 1.5;
  const found = new Set<string>();
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth)
    found.add(`wider than the window: ${root.scrollWidth} > ${root.clientWidth}`);

  interface Box {
    element: Element;
    text: string;
    rect: DOMRect;
  }
  const boxes: Box[] = [];

  function isSeen(element: Element): boolean {
    if (element.closest(".visually-hidden, [hidden]") !== null) return false;
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  }
  /** Returns what is left of a box where its ancestors cut it off, and whether one of them scrolls. */
  function visiblePart(element: Element, rect: DOMRect): { rect: DOMRect; scrolls: boolean } {
    let { left, top, right, bottom } = rect;
    let scrolls = false;
    const cut = (by: { left: number; top: number; right: number; bottom: number }): void => {
      left = Math.max(left, by.left);
      top = Math.max(top, by.top);
      right = Math.min(right, by.right);
      bottom = Math.min(bottom, by.bottom);
    };
    for (let node: Element | null = element; node !== null; node = node.parentElement) {
      const { overflowX, overflowY, textOverflow } = getComputedStyle(node);
      if (overflowX === "visible" && overflowY === "visible") continue;
      // What scrolls may be longer than its place, and dots at the end say that there is more.
      if (/auto|scroll/.test(overflowX + overflowY) || textOverflow === "ellipsis") scrolls = true;
      cut(node.getBoundingClientRect());
    }
    cut({ left: 0, top: 0, right: innerWidth, bottom: innerHeight });
    return { rect: new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top)), scrolls };
  }
  function add(element: Element, text: string, rect: DOMRect): void {
    if (rect.width === 0 || rect.height === 0) return;
    const visible = visiblePart(element, rect);
    const lost = rect.width - visible.rect.width > SLACK || rect.height - visible.rect.height > SLACK;
    if (lost && !visible.scrolls) found.add(`cut: ${text}`);
    if (visible.rect.width > SLACK && visible.rect.height > SLACK)
      boxes.push({ element, text, rect: visible.rect });
  }

  const range = document.createRange();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = new Intl.Segmenter(root.lang, { granularity: "word" });
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent ?? "";
    if (element === null || text.trim() === "" || !isSeen(element)) continue;
    range.selectNodeContents(node);
    const { lineHeight, fontSize } = getComputedStyle(element);
    for (const rect of range.getClientRects()) {
      // Letters don't fill their line: only where they stand may nothing else be.
      const spare = Math.max(0, rect.height - Math.min(parseFloat(fontSize), parseFloat(lineHeight) || 1e9));
      add(
        element,
        text.trim(),
        new DOMRect(rect.x, rect.y + spare / 2, rect.width, Math.max(1, rect.height - spare)),
      );
    }
    // What is typed as it is, or is no word at all, may break anywhere.
    if (element.closest("code, .url, bdi, .groups") !== null) continue;
    for (const { segment, index, isWordLike } of words.segment(text)) {
      if (isWordLike !== true || segment.length < 2) continue;
      range.setStart(node, index);
      range.setEnd(node, index + segment.length);
      const [first, ...rest] = range.getClientRects();
      if (first !== undefined && rest.some(({ top }) => top > first.top + first.height / 2))
        found.add(`broken: ${segment} in ${text.trim()}`);
    }
  }
  for (const button of document.querySelectorAll("button, input:not([type=file]), textarea, [tabindex]")) {
    if (isSeen(button))
      add(button, `[${button.textContent.trim() || button.tagName}]`, button.getBoundingClientRect());
  }

  // No two lie on one another, except what stands inside the other.
  for (const [at, one] of boxes.entries()) {
    for (const other of boxes.slice(at + 1)) {
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      const width = Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
      const height = Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
      if (width > 2 && height > 2) found.add(`on one another: ${one.text} | ${other.text}`);
    }
  }
  return [...found];
}
