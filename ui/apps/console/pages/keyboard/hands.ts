import type { Locator, Page } from "playwright-core";

/** More stops than any page has. */
const MOST_STEPS = 300;
const ARRIVAL_MS = 5000;

/** Somebody without a mouse: whatever is done on a page is done by its keys. */
export class Hands {
  constructor(readonly page: Page) {}

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  /** Goes on with Tab to what a selector names. */
  async to(selector: string): Promise<void> {
    await this.page.locator(selector).first().waitFor();
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      await this.page.keyboard.press("Tab");
      if ((await this.focused(selector).count()) > 0) return;
    }
    throw new Error(`Tab does not lead to ${selector}`);
  }

  /** Goes there and types. */
  async fill(selector: string, text: string): Promise<void> {
    await this.to(selector);
    await this.type(text);
  }

  /** Goes there and presses Enter. */
  async open(selector: string): Promise<void> {
    await this.to(selector);
    await this.press("Enter");
  }

  /** Waits until the focus is somewhere, as after a page that opens or closes. */
  async at(selector: string): Promise<void> {
    try {
      await this.focused(selector).waitFor({ timeout: ARRIVAL_MS });
    } catch {
      const there = await this.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
      throw new Error(`the focus is not at ${selector} but at ${there ?? "nothing"}`);
    }
  }

  shown(selector: string): Promise<void> {
    return this.page.locator(selector).first().waitFor();
  }

  gone(selector: string): Promise<void> {
    return this.page.locator(selector).first().waitFor({ state: "detached" });
  }

  private focused(selector: string): Locator {
    return this.page.locator(selector).and(this.page.locator(":focus"));
  }
}
