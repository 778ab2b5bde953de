import type { Server } from "node:http";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve } from "../../../tests/browser/serve";
import { Hands } from "./keyboard/hands";
import { walkRound } from "./keyboard/round";
import { WALKS } from "./keyboard/walks";
import { CHROMIUM, CONTENT_POLICY, PERMISSIONS_POLICY, open, visit } from "./opened";
import { SCENES } from "./scenes";

// The keyboard alone: it reaches every control of every page, a ring shows where it is, and nothing holds it. It does
// what each page is for; Esc closes what opened, and what opened it has the focus again.

const APP = join(import.meta.dirname, "..");
const ONLY = process.env["ONLY"]?.split(",");
/** A page of two hundred people has as many stops, twice. */
const LONGEST_MS = 120_000;
const SIZE = { width: 1280, height: 720 };
const isAsked = ({ name }: { name: string }): boolean =>
  ONLY === undefined || ONLY.some((part) => name.includes(part));

let browser: Browser;
let server: Server;
let address: string;

beforeAll(async () => {
  ({ server, address } = await serve(join(APP, "build/pages"), CONTENT_POLICY, {
    "Permissions-Policy": PERMISSIONS_POLICY,
  }));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
});

afterAll(async () => {
  await browser.close();
  server.close();
});

describe.concurrent("the keyboard alone", { timeout: LONGEST_MS }, () => {
  test.each(SCENES.filter(isAsked))("reaches all of $name and leaves it", async (scene) => {
    const context = await browser.newContext({ viewport: SIZE, reducedMotion: "reduce" });
    try {
      const { page } = await open(context, address, scene, "zh", "light");
      expect(await walkRound(page)).toEqual({ missed: [], ringless: [], hidden: [], trapped: false });
    } finally {
      await context.close();
    }
  });

  test.each(WALKS.filter(isAsked))("does it: $name", async ({ path, act }) => {
    const context = await browser.newContext({ viewport: SIZE, reducedMotion: "reduce" });
    try {
      const { page, complaints } = await visit(context, `${address}/${path}`, "zh", "light");
      await act(new Hands(page));
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  });
});
