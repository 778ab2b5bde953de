import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

// Follows the imports of all sources. Imports of types count too: who reads the code follows them.

const ROOT = resolve(import.meta.dirname, "..");
const KIT = "packages/kit/src/index.ts";
const IMPORT = /(?:\bfrom|\bimport|\bimport\()\s*"([^"]+)"/g;

const sources = ["packages", "apps"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /^[^/]+\/src\/.*\.(ts|svelte)$/.test(path))
    .map((path) => `${folder}/${path}`),
);
const imports = new Map(sources.map((file) => [file, importsOf(file)]));

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

function importsOf(file: string): string[] {
  return [...textOf(file).matchAll(IMPORT)].flatMap(([, name = ""]) => resolved(file, name) ?? []);
}

/** Returns the source file behind an import; undefined for packages and styles. */
function resolved(file: string, name: string): string | undefined {
  if (name === "@kadian/kit") return KIT;
  if (!name.startsWith(".")) return undefined;
  const path = relative(ROOT, resolve(ROOT, dirname(file), name));
  return [path, `${path}.ts`, `${path}/index.ts`].find((candidate) => sources.includes(candidate));
}

/** Returns the circles that a walk along the imports runs into. */
function circles(): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].join(" → "));
      return;
    }
    if (done.has(file)) return;
    for (const next of imports.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of sources) walk(file, []);
  return found;
}

/** Returns the package or app that a file belongs to, such as `apps/station`. */
function home(file: string): string {
  return file.split("/").slice(0, 2).join("/");
}

test("the sources are found, and their imports are followed", () => {
  expect(imports.get("apps/station/src/main.ts")).toContain("apps/station/src/App.svelte");
  expect(imports.get("apps/station/src/App.svelte")).toContain(KIT);
});

test("no files import each other in a circle", () => {
  expect(circles()).toEqual([]);
});

test("the kit imports nothing but itself, and an app nothing but itself and the kit", () => {
  const strangers = sources.flatMap((file) =>
    (imports.get(file) ?? [])
      .filter((target) => home(target) !== home(file) && target !== KIT)
      .map((target) => `${file} → ${target}`),
  );
  expect(strangers).toEqual([]);
});

test("no file is longer than 400 lines", () => {
  const written = sources.filter((file) => !file.endsWith("/bindings.ts"));
  expect(written.filter((file) => textOf(file).split("\n").length > 400)).toEqual([]);
});
