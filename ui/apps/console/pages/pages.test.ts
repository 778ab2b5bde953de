import { mkdirSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violationsIn } from "../../../tests/browser/axe";
import { serve } from "../../../tests/browser/serve";
import { CHROMIUM, CONTENT_POLICY, PERMISSIONS_POLICY, open } from "./opened";
import { SCENES, type Scene } from "./scenes";

// Every page in both languages and looks, in Debian's Chromium: axe finds nothing, nothing is cut,
// nothing breaks the content policy. With PICTURES=folder each is drawn there, to be looked at.

const APP = join(import.meta.dirname, "..");
const PICTURES = process.env["PICTURES"];
/** Parts of names, to look at a few scenes alone. */
const ONLY = process.env["ONLY"]?.split(",");

const scenes = SCENES.filter(({ name }) => ONLY === undefined || ONLY.some((part) => name.includes(part)));
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
];

let browser: Browser;
let server: Server;
let address: string;

beforeAll(async () => {
  ({ server, address } = await serve(join(APP, "build/pages"), CONTENT_POLICY, {
    "Permissions-Policy": PERMISSIONS_POLICY,
  }));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  if (PICTURES !== undefined) mkdirSync(join(APP, PICTURES), { recursive: true });
});

afterAll(async () => {
  await browser.close();
  server.close();
});

/** Returns what does not fit: a page wider than its window, or a text wider than its place. */
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
  const { page, complaints } = await open(context, address, scene, language, theme);
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
    test.each(scenes)("$name is whole, and axe finds nothing", async (scene) => {
      const context = await browser.newContext({ viewport: SIZES[0] ?? null, reducedMotion: "reduce" });
      const found = await examine(context, scene, language, theme).finally(() => context.close());
      expect(found).toEqual({ cut: [], complaints: [], violations: [] });
    });
  });
});
