import type { BrowserContext, Page } from "playwright-core";
import type { Scene } from "./scenes";

/** What the office sends with its pages, or more strictly: nothing is styled inline. */
export const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/** What of the computer the office lets its page use. */
export const PERMISSIONS_POLICY =
  "camera=(self), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

export const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
/** Each step is at once; what takes longer is broken. */
const STEP_MS = 10_000;

/** Opens a page. The list grows with what the browser complains of. */
export async function visit(
  context: BrowserContext,
  address: string,
  language: string,
  theme: string,
): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.addInitScript(
    ([chosenLanguage, chosenTheme]) => {
      localStorage.setItem("kadian.language", chosenLanguage ?? "");
      localStorage.setItem("kadian.theme", chosenTheme ?? "");
    },
    [language, theme],
  );
  await page.goto(address);
  await page.locator("main").waitFor();
  await page.evaluate(() => document.fonts.ready);
  // Whatever is on its way has come.
  await page.locator("main .bars").waitFor({ state: "detached" });
  return { page, complaints };
}

/** Opens a scene and does on it what it says. */
export async function open(
  context: BrowserContext,
  address: string,
  scene: Scene,
  language: string,
  theme: string,
): Promise<{ page: Page; complaints: string[] }> {
  const opened = await visit(context, `${address}/${scene.path}`, language, theme);
  await scene.act?.(opened.page);
  return opened;
}
