import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Scene } from "./scenes";
import { nameOf, VARIANTS } from "./variants";

/** Half of 1366: what is on it can be read. */
const WIDTH = 683;

/** Makes a page for each variant that shows all scenes, and the folders into which they are drawn. */
export function makeSheets(folder: string, scenes: readonly Scene[]): void {
  for (const name of VARIANTS.map(nameOf)) {
    rmSync(join(folder, name), { recursive: true, force: true });
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, `${name}.html`), sheet(name, scenes));
  }
}

function sheet(variant: string, scenes: readonly Scene[]): string {
  const figures = scenes.map(
    ({ name }) =>
      `<figure><img src="${variant}/${name}.png" width="${WIDTH}" loading="lazy" alt=""><figcaption>${name}</figcaption></figure>`,
  );
  return `<!doctype html>
<meta charset="utf-8">
<title>${variant}</title>
<style>
body { margin: 16px; font: 13px sans-serif; background: #777; color: #fff; }
main { display: grid; grid-template-columns: repeat(auto-fill, ${WIDTH}px); gap: 12px; }
figure { margin: 0; }
</style>
<main>
${figures.join("\n")}
</main>
`;
}
