import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violationsIn } from "../../../tests/browser/axe";
import { serve } from "../../../tests/browser/serve";
import { compare } from "./comparing";
import { hardToSee } from "./focus";
import { whatIsWrong } from "./looking";
import { SCENES, type Scene } from "./scenes";
import { makeSheets } from "./sheets";
import { COLUMNS, DRAWN, LIKE, nameOf, TILE, VARIANTS, type Variant } from "./variants";
import { contentPolicy, FLAGS, newWindow, type Window } from "./window";

// Every scene of the window in Debian's Chromium, in each language, theme and size: it looks as it did
// when its picture was stored, axe finds nothing, nothing is cut. See ui/README.md.

const APP = join(import.meta.dirname, "..");
const STORED = join(import.meta.dirname, "stored");
const TARGET = join(APP, "../../../target/scenes");
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
/** Parts of names, to look at a few scenes alone. */
const ONLY = process.env["ONLY"]?.split(",");
/** Stores what is drawn now instead of comparing. */
const STORE = process.env["STORE"] === "1";

/** Writes each picture as it is drawn, too, and makes sheets of them. */
const SHEETS = process.env["SHEETS"] === "1";

/** A pixel differs if one of its colours does by more than this, of 255. */
const COLOUR = 40;
/** So many pixels may differ: another processor rounds the edge of a letter elsewhere. */
const PIXELS = 12;
const scenes = SCENES.filter(({ name }) => ONLY === undefined || ONLY.some((part) => name.includes(part)));

let browser: Browser;
let server: Server;
let address: string;
/** A page in which pictures are compared. */
let table: Page;

beforeAll(async () => {
  ({ server, address } = await serve(join(APP, "build/scenes"), contentPolicy()));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  table = await browser.newPage();
  rmSync(join(TARGET, "different"), { recursive: true, force: true });
  mkdirSync(join(TARGET, "different"), { recursive: true });
  mkdirSync(STORED, { recursive: true });
  if (SHEETS) makeSheets(TARGET, scenes);
});

afterAll(async () => {
  await browser.close();
  server.close();
});

const storedAs = (name: string): string => join(STORED, `${name}.webp`);

/** Windows that nobody uses at the moment. */
const free: Window[] = [];

async function inWindow(use: (window: Window) => Promise<void>): Promise<void> {
  const window = free.pop() ?? (await newWindow(browser));
  await use(window);
  // One that was left in the middle of something is not used again.
  free.push(window);
}

/** Draws a scene in one language and theme, in each size. `wrong` grows with what is. */
async function drawAll(
  window: Window,
  { name: scene, path }: Scene,
  variants: readonly Variant[],
  wrong: string[],
): Promise<Map<Variant, string>> {
  const [{ language, theme }] = variants as [Variant];
  const { page, complaints, draw } = window;
  await page.setViewportSize(DRAWN);
  await window.open(`${address}/?${path}&lang=${language}&theme=${theme}`);
  const say = (kind: string, found: readonly string[]): void => {
    wrong.push(...found.map((text) => `${language} ${theme} ${kind}: ${text}`));
  };
  const drawn = new Map<Variant, string>();
  for (const variant of variants) {
    const { name, width, height } = variant.size;
    await page.setViewportSize({ width, height });
    await page.evaluate(settle);
    const picture = await draw();
    drawn.set(variant, picture);
    if (SHEETS) writeFileSync(join(TARGET, nameOf(variant), `${scene}.png`), Buffer.from(picture, "base64"));
    if (variants.length > 1) say(name, await page.evaluate(whatIsWrong));
  }
  await page.setViewportSize(DRAWN);
  if (variants.length > 1) say("axe", await violationsIn(page));
  if (language === "zh") say("focus", await hardToSee(window, table));
  say("browser", complaints());
  return drawn;
}

/** Lets everything that gives way if it does not fit do so once more, in the window as it is now. */
async function settle(): Promise<void> {
  const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));
  await frame();
  await frame();
  for (const element of document.querySelectorAll("[data-shrink]")) {
    const nothing = document.createTextNode("");
    element.append(nothing);
    nothing.remove();
  }
  await frame();
  await frame();
}

describe.concurrent("every scene", () => {
  test.each(scenes)("$name", async (scene) => {
    const { name } = scene;
    const wrong: string[] = [];
    const stored = existsSync(storedAs(name)) ? readFileSync(storedAs(name), "base64") : null;
    const drawn = new Map<Variant, string>();
    await inWindow(async (window) => {
      for (const language of ["zh", "en"])
        for (const theme of ["dark", "light"]) {
          const variants = VARIANTS.filter((of) => of.language === language && of.theme === theme);
          for (const [variant, picture] of await drawAll(window, scene, variants, wrong))
            drawn.set(variant, picture);
        }
    });
    const { different, toStore, sheet } = await table.evaluate(compare, {
      taken: VARIANTS.map((variant) => drawn.get(variant) ?? ""),
      stored,
      tile: TILE,
      columns: COLUMNS,
      like: LIKE,
      colour: COLOUR,
      pixels: PIXELS,
      names: VARIANTS.map(nameOf),
    });
    // Storing leaves alone what looks the same, so that a change shows what it changes.
    if (STORE && different.length > 0) writeFileSync(storedAs(name), Buffer.from(toStore, "base64"));
    if (sheet !== null && !STORE)
      writeFileSync(join(TARGET, "different", `${name}.png`), Buffer.from(sheet, "base64"));
    const changed = STORE ? [] : different;
    expect({
      wrong,
      different: changed.map(
        ({ variant, pixels }) => `${nameOf(VARIANTS[variant] as Variant)}: ${pixels} pixels`,
      ),
    }).toEqual({ wrong: [], different: [] });
  });
});

/** One scene of each ground and kind of control: high contrast changes colours alone. */
const GROUNDS = [
  "ready",
  "pass",
  "check",
  "stop",
  "invalid-expired",
  "no-code",
  "fault-clock-wrong",
  "signed-out",
  "choose-checkpoint",
  "workbench-checkpoints",
  "workbench-policy",
];
test.concurrent.each(GROUNDS)("%s is seen in high contrast", async (name) => {
  await inWindow(async (window) => {
    await window.page.setViewportSize(DRAWN);
    await window.open(`${address}/?fake=${name}&lang=zh&theme=contrast`);
    expect([...(await violationsIn(window.page)), ...(await hardToSee(window, table))]).toEqual([]);
  });
});

test.concurrent("a ring that nobody sees is found", async () => {
  await inWindow(async (window) => {
    await window.open(`${address}/?fake=no-code`);
    expect(await hardToSee(window, table)).toEqual([]);
    await window.page.addStyleTag({
      content: ":focus-visible { box-shadow: 0 0 0 5px #b9bdc1 !important; }",
    });
    expect(await hardToSee(window, table)).not.toEqual([]);
    await window.page.addStyleTag({ content: ":focus-visible { box-shadow: none !important; }" });
    expect(await hardToSee(window, table)).not.toEqual([]);
  });
});

test("no picture is stored of a scene that is gone", () => {
  const names = new Set(SCENES.map(({ name }) => `${name}.webp`));
  const left = readdirSync(STORED).filter((file) => !names.has(file));
  if (STORE) for (const file of left) rmSync(join(STORED, file));
  else expect(left).toEqual([]);
});
