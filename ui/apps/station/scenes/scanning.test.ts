import type { Server } from "node:http";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve } from "../../../tests/browser/serve";
import { keysOf } from "../tests/typing";
import { SCENES } from "./scenes";
import { contentPolicy, FLAGS, newWindow } from "./window";

// A hand scanner's burst into every scene of the window, in Debian's Chromium: a report of its keyboard every
// 8 ms, Enter at its end. Whatever is on the screen stays as it is.

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const ONLY = process.env["ONLY"]?.split(",");
const REPORT_MS = 8;
/** A code's beginning, and every letter that a screen has a key for. */
const BURST = "KD1:TRN0 TBI$%*+-./:";
/** Longer than anything waits that was held back. */
const QUIET_MS = 700;

const scenes = SCENES.filter(
  ({ name }) => name !== "silent" && (ONLY === undefined || ONLY.some((part) => name.includes(part))),
);

let browser: Browser;
let server: Server;
let address: string;

beforeAll(async () => {
  ({ server, address } = await serve(join(import.meta.dirname, "../build/scenes"), contentPolicy()));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});
afterAll(async () => {
  await browser.close();
  server.close();
});

/** What a scene looks like and holds, without what has the focus. */
function state(): string {
  const fields = [...document.querySelectorAll("input, textarea")] as HTMLInputElement[];
  const station = document.querySelector<HTMLElement>(".station")?.dataset["screen"];
  return JSON.stringify([station, document.body.innerText, fields.map(({ value }) => value)]);
}

async function burst(page: Page): Promise<void> {
  for (const { code, shift } of keysOf(BURST)) {
    if (shift) await page.keyboard.down("ShiftLeft");
    await page.keyboard.press(code, { delay: REPORT_MS });
    if (shift) await page.keyboard.up("ShiftLeft");
    await page.waitForTimeout(REPORT_MS);
  }
  await page.keyboard.press("Enter", { delay: REPORT_MS });
}

describe.concurrent("a burst", () => {
  test.each(scenes)("into $name presses nothing", { timeout: 60_000 }, async ({ path }) => {
    const { page, open } = await newWindow(browser);
    await open(`${address}/?${path}&lang=zh&theme=dark`);
    const stops = page.locator("main :is(button:enabled, input, textarea, [tabindex='0']):visible");
    const before = await page.evaluate(state);
    // Once at nothing, once at the first field or button, once at the last.
    for (const at of new Set([-1, 0, (await stops.count()) - 1])) {
      if (at >= 0) await stops.nth(at).focus();
      await burst(page);
      await page.waitForTimeout(QUIET_MS);
      expect(await page.evaluate(state)).toBe(before);
    }
    await page.context().close();
  });
});
