import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, CDPSession, Page } from "playwright-core";

/** A window in which scenes are shown, at a moment that does not pass. */
export interface Window {
  page: Page;
  open: (address: string) => Promise<void>;
  /** Returns what the browser complained of since it was last asked. */
  complaints: () => string[];
  /** Draws the window, or a part of it, as a PNG in base64. */
  draw: (of?: Part) => Promise<string>;
}
/** A part of the window, in its own pixels. */
export interface Part {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Each step is at once; what takes longer is broken. */
const STEP_MS = 10_000;

/** Letters are drawn the same on every machine: unhinted, without the screen's subpixels. */
export const FLAGS = [
  "--no-sandbox",
  "--font-render-hinting=none",
  "--disable-lcd-text",
  "--force-color-profile=srgb",
  "--disable-gpu",
  "--hide-scrollbars",
  "--autoplay-policy=no-user-gesture-required",
];

/** The window's own content policy. */
export function contentPolicy(): string {
  const config = join(import.meta.dirname, "../../../../src-tauri/tauri.conf.json");
  const { csp } = (JSON.parse(readFileSync(config, "utf8")) as { app: { security: { csp: Policy } } }).app
    .security;
  // Pages come from a server here; it may also be asked for the icon.
  return Object.entries(csp)
    .map(([kind, sources]) => `${kind} ${sources}`)
    .join("; ");
}
type Policy = Record<string, string>;

/** Returns a window in which one scene after another is opened. With a clock its test lets time pass. */
export async function newWindow(browser: Browser, { clock = false } = {}): Promise<Window> {
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    reducedMotion: "reduce",
    colorScheme: "dark",
    timezoneId: "Asia/Shanghai",
    locale: "zh-CN",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  if (clock) await page.clock.install();
  // No time passes, though timers go off; but where it is noticed that nothing comes any more.
  await page.addInitScript(() => {
    if (!location.search.includes("&silent")) performance.now = () => 0;
  });
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  const session = await context.newCDPSession(page);
  return {
    page,
    open: (address) => open(page, address),
    complaints: () => complaints.splice(0),
    draw: (part) => draw(session, page, part),
  };
}

/** Opens a scene, and waits for everything that is on its way. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page
    .locator(address.includes("&silent") ? "[data-screen=silent] main" : "main")
    .first()
    .waitFor();
  // The camera's picture has come, where there is one.
  if ((await page.locator(".camera").count()) > 0) {
    await page.locator("img.front").waitFor();
    await page.evaluate(stopPictures);
  }
  if (address.includes("&touch")) {
    await page.evaluate(touchField);
    await page.locator(".keypad").waitFor();
  }
  if (address.includes("&kiosk")) await page.locator("nav [aria-keyshortcuts=F11]").waitFor();
  // A caret blinks; fields inherit its colour.
  await page.evaluate(() => {
    document.documentElement.style.caretColor = "transparent";
  });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  // What moves has arrived: without motion nothing goes on for ever.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish();
  });
}

/** A finger in the first field opens the keyboard on the screen. */
function touchField(): void {
  const field = document.querySelector("main input");
  const touch = { bubbles: true, pointerType: "touch" };
  field?.dispatchEvent(new PointerEvent("pointerdown", touch));
  if (field instanceof HTMLElement) field.focus();
}

/** One picture is enough: those that follow look the same, and cost as much as everything else. */
function stopPictures(): void {
  const picture = document.querySelector(".camera");
  for (const image of picture?.querySelectorAll("img") ?? []) {
    image.addEventListener("load", (event) => event.stopImmediatePropagation(), { capture: true });
    Object.defineProperty(image, "src", { set: () => undefined });
  }
}

async function draw(session: CDPSession, page: Page, part?: Part): Promise<string> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  const clip = { ...(part ?? { x: 0, y: 0, width, height }), scale: 1 };
  const { data } = await session.send("Page.captureScreenshot", {
    format: "png",
    optimizeForSpeed: true,
    captureBeyondViewport: false,
    clip,
  });
  return data;
}
