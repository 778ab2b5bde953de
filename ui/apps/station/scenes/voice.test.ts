import type { Server } from "node:http";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "../../../tests/browser/serve";
import { contentPolicy, FLAGS, newWindow } from "./window";

// The clips of the built window reach a loudspeaker under the window's own content policy, in Debian's Chromium.

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

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

/** A clip that was begun: when, how long it is, and how far it swings. */
interface Begun {
  at: number;
  seconds: number;
  loudest: number;
}
declare global {
  interface Window {
    begun: Begun[];
  }
}

test("what is heard on the device page is two clips after the tones, one after the other", async () => {
  const { page, open, complaints } = await newWindow(browser);
  await page.addInitScript(() => {
    window.begun = [];
    type Start = (this: AudioBufferSourceNode, at: number) => void;
    const start: Start = Reflect.get(AudioBufferSourceNode.prototype, "start");
    AudioBufferSourceNode.prototype.start = function (at = 0) {
      const samples = this.buffer?.getChannelData(0) ?? new Float32Array();
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      window.begun.push({ at: at - this.context.currentTime, seconds: this.buffer?.duration ?? 0, loudest });
      start.call(this, at);
    };
  });
  await open(`${address}/?fake=workbench-device&voice=both&lang=zh`);
  // A click would be too early for ever: no time passes in a scene.
  await page.locator('[data-row="voice"] button', { hasText: "试听" }).press("Enter");
  await page.waitForFunction(() => window.begun.length === 2);
  const [zh, en] = (await page.evaluate(() => window.begun)) as [Begun, Begun];
  for (const { seconds, loudest } of [zh, en]) {
    expect(seconds).toBeGreaterThan(0.5);
    expect(loudest).toBeGreaterThan(0.5);
    expect(loudest).toBeLessThanOrEqual(1);
  }
  // The two tones of a pass take 180 ms.
  expect(zh.at).toBeGreaterThan(0.18);
  expect(en.at).toBeGreaterThan(zh.at + zh.seconds);
  expect(complaints()).toEqual([]);
});
