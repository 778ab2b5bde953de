import type { Page } from "playwright-core";
import { DRAWN } from "./variants";
import type { Window } from "./window";

// The ring around whatever has the keyboard, measured in pixels: along the middle of each side, how the
// outermost ring contrasts with what is there without it.

/** WCAG 2.2, 1.4.11 and 2.4.13. */
const LEAST_CONTRAST = 3;
/** A ring reaches no farther out than this. */
const REACH = 12;
/** A scanner's keys follow one another faster. */
const BETWEEN_KEYS_MS = 40;
/** More stops of the Tab key has no screen. */
const MOST_STOPS = 60;

interface Stop {
  name: string;
  /** Where the ring is: around the element, or around the part of it that takes the next character. */
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Returns the stops of the Tab key whose focus is hard to see. `table` is a page that decodes pictures. */
export async function hardToSee({ page, draw }: Window, table: Page): Promise<string[]> {
  const seen = new Set<string>();
  const stops: Stop[] = [];
  const pictures: Picture[] = [];
  await page.evaluate(leave);
  // Until the page is scrolled on, one picture shows what is there without any ring.
  const grounds = [await draw()];
  let at = await page.evaluate(scrolled);
  while (seen.size < MOST_STOPS) {
    await page.waitForTimeout(BETWEEN_KEYS_MS);
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(stopOf);
    if (stop === null) break;
    const key = JSON.stringify(stop);
    if (seen.has(key)) break;
    seen.add(key);
    // What is drawn for nobody, such as the field that takes a scanner's text, has no ring either.
    if (stop.width === 0) continue;
    const { x, y, width, height } = stop;
    const left = Math.max(0, Math.floor(x - REACH));
    const top = Math.max(0, Math.floor(y - REACH));
    const right = Math.min(DRAWN.width, Math.ceil(x + width + REACH));
    const bottom = Math.min(DRAWN.height, Math.ceil(y + height + REACH));
    const clip = { x: left, y: top, width: right - left, height: bottom - top };
    const withRing = await draw(clip);
    const now = await page.evaluate(scrolled);
    if (now !== at) {
      // The next Tab goes on from what has lost the focus.
      await page.evaluate(leave);
      grounds.push(await draw());
      at = now;
    }
    stops.push(stop);
    const ground = grounds.length - 1;
    pictures.push({ withRing, ground, left, top, at: { x: x - left, y: y - top, width, height } });
  }
  const rings = await table.evaluate(ringsOf, { pictures, grounds, reach: REACH });
  return rings.flatMap((sides, at) => {
    const weak = sides.filter(({ contrast }) => contrast < LEAST_CONTRAST);
    if (weak.length === 0) return [];
    return [
      `${stops[at]?.name}: ${weak.map(({ side, contrast }) => `${side} ${contrast.toFixed(1)}`).join(", ")}`,
    ];
  });
}

/** Leaves every field. The keyboard on the screen goes away: it would come and go with a field's focus. */
function leave(): void {
  document.querySelector<HTMLElement>("[data-pad-key=hide]")?.click();
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** Returns how far everything is scrolled. */
function scrolled(): number {
  return [...document.querySelectorAll("*")].reduce((sum, { scrollTop }) => sum + scrollTop, 0);
}

function stopOf(): Stop | null {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const isDrawn = getComputedStyle(element).opacity !== "0";
  const part = (isDrawn ? null : element.parentElement?.querySelector(".next")) ?? element;
  const { x, y, width, height } =
    element.closest(".visually-hidden") === null ? part.getBoundingClientRect() : new DOMRect();
  const name =
    element.getAttribute("aria-label") ?? (element.textContent.trim() || element.id || element.tagName);
  return { name: name.replace(/\s+/g, " "), x, y, width, height };
}

/** A stop with its ring: the part of the window around it, and where the stop lies in that. */
interface Picture {
  withRing: string;
  /** Which ground it stands on. */
  ground: number;
  left: number;
  top: number;
  at: { x: number; y: number; width: number; height: number };
}
interface Pictures {
  pictures: Picture[];
  /** The whole window while nothing has the keyboard, at each place to which it was scrolled. */
  grounds: string[];
  reach: number;
}
interface Side {
  side: string;
  contrast: number;
}

/** Returns, for each stop, the contrast of the outermost ring at each side; 1 where there is none. Runs in a page. */
async function ringsOf({ pictures, grounds, reach }: Pictures): Promise<Side[][]> {
  async function pixels(base64: string): Promise<ImageData> {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    if (context === null) throw new Error("no canvas");
    context.drawImage(picture, 0, 0);
    return context.getImageData(0, 0, picture.width, picture.height);
  }
  const before = await Promise.all(grounds.map(pixels));
  function luminance({ data, width }: ImageData, x: number, y: number): number {
    const linear = (channel: number): number => {
      const value = (data[4 * (y * width + x) + channel] ?? 0) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * linear(0) + 0.7152 * linear(1) + 0.0722 * linear(2);
  }
  const SAMPLES = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7];
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 1;
  async function ringOf({ withRing, ground, left, top, at }: Picture): Promise<Side[]> {
    const now = await pixels(withRing);
    const without = before[ground];
    if (without === undefined) throw new Error("no ground");
    const contrastAt = (x: number, y: number): number => {
      const lights = [luminance(now, x, y), luminance(without, x + left, y + top)];
      const [dark = 0, light = 0] = lights.sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    const right = at.x + at.width;
    const bottom = at.y + at.height;
    /** The pixel that lies `out` pixels outside of a side, at a share of its length. */
    const SIDES: Record<string, (out: number, share: number) => [number, number]> = {
      top: (out, share) => [at.x + share * at.width, Math.round(at.y) - out],
      bottom: (out, share) => [at.x + share * at.width, Math.round(bottom) - 1 + out],
      left: (out, share) => [Math.round(at.x) - out, at.y + share * at.height],
      right: (out, share) => [Math.round(right) - 1 + out, at.y + share * at.height],
    };
    return Object.entries(SIDES).flatMap(([side, place]) => {
      const isInside = (out: number): boolean => {
        const [x, y] = place(out, 0.5);
        return x >= 0 && y >= 0 && x < now.width && y < now.height;
      };
      // Where the window ends, there is no place for a ring.
      if (!isInside(reach - 2)) return [];
      const contrasts: number[] = [];
      for (let out = reach - 2; out > -reach; out -= 1)
        contrasts.push(
          median(
            SAMPLES.map((share) => contrastAt(...(place(out, share).map(Math.floor) as [number, number]))),
          ),
        );
      const outermost = contrasts.findIndex((contrast) => contrast > 1.04);
      // Its first pixel may be drawn in part.
      return [{ side, contrast: outermost < 0 ? 1 : (contrasts[outermost + 1] ?? 1) }];
    });
  }
  return Promise.all(pictures.map(ringOf));
}
