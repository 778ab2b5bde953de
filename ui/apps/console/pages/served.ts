import type { Server } from "node:http";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { serve } from "../../../tests/browser/serve";
import { CHROMIUM, CONTENT_POLICY, PERMISSIONS_POLICY } from "./opened";

/** Parts of names, to look at a few scenes alone. */
const ONLY = process.env["ONLY"]?.split(",");

export function isAsked({ name }: { name: string }): boolean {
  return ONLY === undefined || ONLY.some((part) => name.includes(part));
}

/** A browser, and the pages as the office serves them, for the tests of one file. */
export class Served {
  browser!: Browser;
  server!: Server;
  address = "";

  /** Some tests need a browser of their own kind: what it is started with is asked for when it is. */
  constructor(flags: () => string[] = () => []) {
    beforeAll(async () => {
      const pages = join(import.meta.dirname, "../build/pages");
      const served = await serve(pages, CONTENT_POLICY, { "Permissions-Policy": PERMISSIONS_POLICY });
      ({ server: this.server, address: this.address } = served);
      this.browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", ...flags()] });
    });
    afterAll(async () => {
      await this.browser.close();
      this.server.close();
    });
  }

  /** Uses a window of this size, and closes it. */
  async inWindow<T>(
    size: { width: number; height: number },
    use: (context: BrowserContext) => Promise<T>,
  ): Promise<T> {
    const context = await this.browser.newContext({ viewport: size, reducedMotion: "reduce" });
    return use(context).finally(() => context.close());
  }
}
