import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** Returns what axe finds on a page as it is now, each kind with the elements it is about. */
export async function violationsIn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
  );
}
