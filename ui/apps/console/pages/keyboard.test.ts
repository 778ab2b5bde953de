import { describe, expect, test } from "vitest";
import { Hands } from "./keyboard/hands";
import { walkRound } from "./keyboard/round";
import { WALKS } from "./keyboard/walks";
import { open, visit } from "./opened";
import { SCENES } from "./scenes";
import { Served, isAsked } from "./served";

// The keyboard alone: it reaches every control of every page, a ring shows where it is, and nothing holds it. It does
// what each page is for; Esc closes what opened, and what opened it has the focus again.

/** A page of two hundred people has as many stops, twice. */
const LONGEST_MS = 120_000;
const SIZE = { width: 1280, height: 720 };

const served = new Served();

const LOOKS = [
  ["zh", "light"],
  ["en", "dark"],
] as const;

describe.concurrent.each(LOOKS)("the keyboard alone, in %s, %s", (language, theme) => {
  test.each(SCENES.filter(isAsked))(
    "reaches all of $name and leaves it",
    (scene) =>
      served.inWindow(SIZE, async (context) => {
        const { page } = await open(context, served.address, scene, language, theme);
        expect(await walkRound(page)).toEqual({ missed: [], ringless: [], hidden: [], trapped: false });
      }),
    LONGEST_MS,
  );
});

const walks = WALKS.filter(isAsked);
// What is done is found by its Chinese words.
describe.skipIf(walks.length === 0).concurrent("the keyboard alone", () => {
  test.each(walks)(
    "does it: $name",
    ({ path, act }) =>
      served.inWindow(SIZE, async (context) => {
        const { page, complaints } = await visit(context, `${served.address}/${path}`, "zh", "light");
        await act(new Hands(page));
        expect(complaints).toEqual([]);
      }),
    LONGEST_MS,
  );
});
