import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violationsIn } from "../../../tests/browser/axe";
import { visit } from "./opened";
import { Served } from "./served";

// A camera at the office's computer: Chromium's own simulated one. It is let go of whenever it is not needed.

const WIDTH = 640;
const HEIGHT = 480;

let folder: string;

/** Returns a film of one frame: light at the left, dark at the right. */
function film(): Buffer {
  const light = Buffer.from(
    Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => (at % WIDTH < WIDTH / 2 ? 220 : 40)),
  );
  const colours = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  return Buffer.concat([
    Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\nFRAME\n`),
    light,
    colours,
  ]);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kadian-film-"));
  writeFileSync(join(folder, "film.y4m"), film());
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const served = new Served(() => [
  "--use-fake-device-for-media-stream",
  `--use-file-for-fake-video-capture=${join(folder, "film.y4m")}`,
]);

/** Opens the camera on the page of residents; every track that the page was handed is kept, to be asked. */
async function filming(context: BrowserContext): Promise<{ page: Page; complaints: string[] }> {
  await context.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    const media = navigator.mediaDevices;
    const open = media.getUserMedia.bind(media);
    media.getUserMedia = async (wanted) => {
      const stream = await open(wanted);
      tracks.push(...stream.getTracks());
      return stream;
    };
    Object.assign(window, { kadianTracks: () => tracks.map(({ readyState }) => readyState) });
  });
  const opened = await visit(context, `${served.address}/?as=community#/residents`, "zh", "light");
  await opened.page.locator("#film").click();
  return opened;
}

const letGo = (page: Page): Promise<unknown> =>
  page.waitForFunction("kadianTracks().length === 1 && kadianTracks()[0] === 'ended'");

describe("a camera at the office's computer", () => {
  test("shows what it sees, is read until there is a code, and is let go of then", async () => {
    const context = await served.browser.newContext({ permissions: ["camera"], reducedMotion: "reduce" });
    try {
      const { page, complaints } = await filming(context);
      await page.locator("video.seen").waitFor();
      expect(await violationsIn(page)).toEqual([]);
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>("[name=who]")?.value !== "");
      expect(await page.locator("[name=who]").inputValue()).toBe("KD1:SAMPLE");
      await letGo(page);
      await page.locator("#film").and(page.locator(":focus")).waitFor();
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  });

  test.each([
    ["Esc", (page: Page) => page.keyboard.press("Escape"), undefined],
    [
      "another window before it",
      (page: Page) =>
        page.evaluate(() => {
          Object.defineProperty(document, "visibilityState", { value: "hidden" });
          document.dispatchEvent(new Event("visibilitychange"));
        }),
      "窗口被遮住",
    ],
    ["another page", (page: Page) => page.evaluate(() => (location.hash = "#/work")), undefined],
  ])("is let go of by %s", async (_, act, said) => {
    const context = await served.browser.newContext({ permissions: ["camera"], reducedMotion: "reduce" });
    try {
      const { page } = await filming(context);
      await page.locator("video.seen").waitFor();
      await act(page);
      await letGo(page);
      if (said !== undefined) expect(await page.locator(".camera .error").innerText()).toContain(said);
    } finally {
      await context.close();
    }
  });

  test("that may not be used is said in a sentence", async () => {
    const context = await served.browser.newContext({ reducedMotion: "reduce" });
    try {
      await context.clearPermissions();
      const { page } = await filming(context);
      await page.locator(".camera .error").waitFor();
      expect(await page.locator(".camera .error").innerText()).toContain("没有允许");
    } finally {
      await context.close();
    }
  });
});
