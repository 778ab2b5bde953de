// A browser for stories: Debian's Chromium, driven by lines of JSON.
//
// Each line on standard input is `{do, …}`; the answer is one line on standard output, `{value}` or
// `{error, page, picture}`. Selectors are Playwright's. The browser ends with standard input.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const PATIENCE = 20_000;
const browser = await chromium.launch({
  executablePath: process.env.KADIAN_CHROMIUM ?? "/usr/bin/chromium",
  // As root Chromium refuses its sandbox; it only ever shows the office's own pages here.
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
let page = await person();

/** Opens a browser profile that knows nothing: another person at another computer. */
async function person() {
  const context = await browser.newContext({
    locale: "zh-CN",
    viewport: { width: 1440, height: 900 },
    ignoreHTTPSErrors: true,
  });
  context.setDefaultTimeout(PATIENCE);
  // A printer that keeps the last pages it was handed.
  await context.addInitScript(() => {
    window.print = () => {
      const texts = (selector) => [...document.querySelectorAll(selector)].map((found) => found.textContent);
      window.printed = { codes: texts(".sheets code"), text: texts(".sheets").join("\n") };
      window.dispatchEvent(new Event("afterprint"));
    };
  });
  return await context.newPage();
}

const doers = {
  person: async () => {
    await page.context().close();
    page = await person();
  },
  open: ({ url }) => page.goto(url).then(() => null),
  click: ({ at }) => page.locator(at).first().click(),
  fill: ({ at, text }) => page.locator(at).first().fill(text),
  choose: ({ at, value }) => page.locator(at).first().selectOption(value),
  press: ({ keys }) => page.keyboard.press(keys),
  upload: ({ at, path }) => page.locator(at).first().setInputFiles(path),
  wait: ({ at }) => page.locator(at).first().waitFor(),
  gone: ({ at }) => page.locator(at).first().waitFor({ state: "hidden" }),
  text: ({ at }) => page.locator(at).first().innerText(),
  value: ({ at }) => page.locator(at).first().inputValue(),
  printed: () => page.waitForFunction(() => window.printed).then((printed) => printed.jsonValue()),
  picture: ({ path }) => page.screenshot({ path, fullPage: true }).then(() => null),
};

async function answer(line) {
  try {
    const { do: what, ...rest } = JSON.parse(line);
    return { value: (await doers[what](rest)) ?? null };
  } catch (error) {
    const folder = await mkdtemp(join(tmpdir(), "kadian-browser-"));
    const picture = join(folder, "failed.png");
    const kept = await page.screenshot({ path: picture }).then(
      () => picture,
      () => rm(folder, { recursive: true }).then(() => null),
    );
    const text = await page
      .locator("body")
      .innerText()
      .catch(() => "");
    return { error: String(error), page: `${page.url()}\n${text}`, picture: kept };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
}
await browser.close();
