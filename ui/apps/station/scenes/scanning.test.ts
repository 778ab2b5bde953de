import type { Server } from "node:http";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve } from "../../../tests/browser/serve";
import { keysOf } from "../tests/typing";
import { SCENES } from "./scenes";
import { contentPolicy, FLAGS, newWindow } from "./window";

// A hand scanner's burst into every scene of the window, in Debian's Chromium: a report of its keyboard every
// 8 ms, Enter at its end. Whatever is on the screen stays as it is. The time is the test's: on a busy machine
// a burst takes as long as on an idle one.

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const ONLY = process.env["ONLY"]?.split(",");
const REPORT_MS = 8;
/** A code's beginning, and every letter that a screen has a key for. */
const BURST = "KD1:TRN0 TBI$%*+-./:";
/** Longer than anything waits that was held back. */
const QUIET_MS = 700;
/** The clock stops ahead of now. */
const DAY_MS = 86_400_000;

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
    await page.keyboard.press(shift ? `Shift+${code}` : code);
    // One report for the key that goes down, one for the same key that goes up.
    await page.clock.runFor(2 * REPORT_MS);
  }
  await page.keyboard.press("Enter");
}

describe.concurrent("a burst", () => {
  test.each(scenes)("into $name presses nothing", { timeout: 60_000 }, async ({ path }) => {
    const { page, open } = await newWindow(browser, { clock: true });
    await open(`${address}/?${path}&lang=zh&theme=dark`);
    await page.clock.pauseAt(Date.now() + DAY_MS);
    const stops = page.locator("main :is(button:enabled, input, textarea, [tabindex='0']):visible");
    const screen = page.locator(".station");
    // Once at nothing, once at the first field or button, once at the last.
    for (const at of [undefined, "first", "last"] as const) {
      if (at !== undefined && (await stops.count()) === 0) break;
      if (at !== undefined) await stops[at]().focus();
      const before = await page.evaluate(state);
      const waits = (await screen.getAttribute("data-screen")) === "entrance-waiting";
      await burst(page);
      await page.clock.runFor(QUIET_MS);
      if (waits) {
        // A laptop that waits for a ticket takes what was read, asks, and has pressed nothing.
        await page.locator("[data-screen='entrance-confirm']").waitFor();
        break;
      }
      expect(await page.evaluate(state)).toBe(before);
    }
    await page.context().close();
  });
});
