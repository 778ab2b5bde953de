import { mkdirSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violationsIn } from "../../../tests/browser/axe";
import { serve } from "../../../tests/browser/serve";
import { SCENES, type Scene } from "./scenes";

// Every page in both languages and looks, in Debian's Chromium: axe finds nothing, nothing is cut,
// nothing breaks the content policy. With PICTURES=folder each is drawn there, to be looked at.

/** What the office sends with its pages, or more strictly: nothing is styled inline. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

const APP = join(import.meta.dirname, "..");
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const PICTURES = process.env["PICTURES"];
/** Parts of names, to look at a few scenes alone. */
const ONLY = process.env["ONLY"]?.split(",");

const scenes = SCENES.filter(({ name }) => ONLY === undefined || ONLY.some((part) => name.includes(part)));
/** Each step is at once; what takes longer is broken. */
const STEP_MS = 10_000;
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
];

let browser: Browser;
let server: Server;
let address: string;

beforeAll(async () => {
  ({ server, address } = await serve(join(APP, "build/pages"), CONTENT_POLICY));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  if (PICTURES !== undefined) mkdirSync(join(APP, PICTURES), { recursive: true });
});

afterAll(async () => {
  await browser.close();
  server.close();
});

/** Opens a scene and does on it what it says. `complaints` grows with what the browser complains of. */
async function open(
  context: BrowserContext,
  scene: Scene,
  language: string,
  theme: string,
): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.addInitScript(
    ([chosenLanguage, chosenTheme]) => {
      localStorage.setItem("kadian.language", chosenLanguage ?? "");
      localStorage.setItem("kadian.theme", chosenTheme ?? "");
    },
    [language, theme],
  );
  await page.goto(`${address}/${scene.path}`);
  await page.locator("main").waitFor();
  await page.evaluate(() => document.fonts.ready);
  // Whatever is on its way has come.
  await page.locator("main .bars").waitFor({ state: "detached" });
  await scene.act?.(page);
  return { page, complaints };
}

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
  const { page, complaints } = await open(context, scene, language, theme);
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
