import { mkdirSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violationsIn } from "../../../tests/browser/axe";
import { serve } from "../../../tests/browser/serve";
import type { ResidentView } from "../src/bindings";
import { SHOWN } from "../src/words";

// Everything that the resident's side can say, on screens of several shapes: nothing is cut, axe finds
// nothing, the content policy is kept. SHEETS=1 draws them into target/scenes/resident.

const APP = join(import.meta.dirname, "..");
const TARGET = join(APP, "../../../target/scenes/resident");
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const SHEETS = process.env["SHEETS"] === "1";
const SIZES = [
  [1366, 768],
  [1024, 600],
  [1920, 1080],
  [1280, 1024],
  [768, 1366],
  [480, 800],
] as const;

let browser: Browser;
let server: Server;
let address: string;

beforeAll(async () => {
  const config = join(APP, "../../../src-tauri/tauri.conf.json");
  const { app } = JSON.parse(readFileSync(config, "utf8")) as {
    app: { security: { csp: Record<string, string> } };
  };
  const policy = Object.entries(app.security.csp).map(([kind, sources]) => `${kind} ${sources}`);
  ({ server, address } = await serve(join(APP, "build/pages"), policy.join("; ")));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  if (SHEETS) mkdirSync(TARGET, { recursive: true });
});

afterAll(async () => {
  await browser.close();
  server.close();
});

test.each(Object.keys(SHOWN) as ResidentView[])("%s", async (view) => {
  const page = await browser.newPage();
  const wrong: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") wrong.push(message.text());
  });
  page.on("pageerror", (error) => wrong.push(error.message));
  await page.goto(`${address}/?fake=${view}`);
  await page.locator(`main[data-resident=${view}]`).waitFor();
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll("span, svg")]
        .map((element) => [element.textContent, element.getBoundingClientRect()] as const)
        .filter(
          ([, { left, top, right, bottom }]) =>
            left < 0 || top < 0 || right > innerWidth || bottom > innerHeight,
        )
        .map(([text]) => text),
    );
    expect(outside, `cut at ${width}×${height}`).toEqual([]);
    if (SHEETS) await page.screenshot({ path: join(TARGET, `${view}-${width}.png`) });
  }
  wrong.push(...(await violationsIn(page)));
  expect(wrong).toEqual([]);
  await page.close();
});
