import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { violationsIn } from "../../../tests/browser/axe";
import { open } from "./opened";
import { SCENES, type Scene } from "./scenes";
import { Served, isAsked } from "./served";

// Every page in both languages and looks, in Debian's Chromium: axe finds nothing, nothing is cut,
// nothing breaks the content policy. With PICTURES=folder each is drawn there, to be looked at.

const APP = join(import.meta.dirname, "..");
const PICTURES = process.env["PICTURES"];

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
] as const;

const served = new Served();

beforeAll(() => {
  if (PICTURES !== undefined) mkdirSync(join(APP, PICTURES), { recursive: true });
});

/** Returns what does not fit: a page wider than its window, a text wider than its place, or lines over one another. */
function cutTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const cut: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) cut.push(`page: ${root.scrollWidth} > ${root.clientWidth}`);
    for (const node of document.querySelectorAll<HTMLElement>("main, main *, nav *, header *")) {
      const style = getComputedStyle(node);
      if (node.closest(".preview, .visually-hidden, .lines, [hidden]") !== null) continue;
      const clips = style.overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1;
      if (clips) cut.push(`${node.tagName}.${node.className}: ${node.textContent.slice(0, 60)}`);
      const says = [...node.childNodes].some((child) => child instanceof Text && child.data.trim() !== "");
      if (says && parseFloat(style.lineHeight) < parseFloat(style.fontSize))
        cut.push(`lines over one another: ${node.tagName}.${node.className}`);
      const box = node.getBoundingClientRect();
      if (box.width > 0 && box.right > window.innerWidth + 1 && node.closest(".scroll-x") === null)
        cut.push(`beyond the window: ${node.tagName}.${node.className}`);
    }
    return cut;
  });
}

/** Returns what is wrong with a scene, and draws it if pictures were asked for. */
async function examine(
  context: BrowserContext,
  scene: Scene,
  language: string,
  theme: string,
): Promise<{ cut: string[]; complaints: string[]; violations: string[] }> {
  const { page, complaints } = await open(context, served.address, scene, language, theme);
  const cut: string[] = [];
  for (const size of SIZES) {
    await page.setViewportSize(size);
    cut.push(...(await cutTexts(page)).map((text) => `${size.width}: ${text}`));
    if (PICTURES === undefined) continue;
    const file = `${scene.name}-${language}-${theme}-${size.width}.png`;
    await page.screenshot({ path: join(APP, PICTURES, file) });
  }
  return { cut, complaints, violations: await violationsIn(page) };
}

describe.concurrent.each(["zh", "en"])("in %s", (language) => {
  describe.each(["light", "dark"])("%s", (theme) => {
    test.each(SCENES.filter(isAsked))("$name is whole, and axe finds nothing", async (scene) => {
      const found = await served.inWindow(SIZES[0], (context) => examine(context, scene, language, theme));
      expect(found).toEqual({ cut: [], complaints: [], violations: [] });
    });
  });
});
