import { describe, expect, test } from "vitest";
import { SCENES } from "../src/backend/fake/scenes";
import { collectorScreens } from "../src/collector/screens";
import { shiftScreens } from "../src/shift/screens";
import { stationScreens } from "../src/station/screens";
import { wordsIn } from "../src/words";
import { workbenchScreens } from "../src/workbench/screens";
import { play, sceneOf, text } from "./play";

describe.each(["zh", "en"] as const)("every scene in %s", (language) => {
  test.each(Object.keys(SCENES))("%s is shown whole", async (name) => {
    await play(sceneOf(name), language);
    expect(document.documentElement.lang).toBe(wordsIn(language).tag);
    expect(text().trim()).not.toBe("");
    expect(document.body.textContent).not.toMatch(/undefined|NaN|\[object/);
    expect(document.querySelector("main h1")).not.toBeNull();
    expect(document.querySelector("footer")).not.toBeNull();
  });
});

test("every screen has a scene", () => {
  const wings = {
    collector: collectorScreens,
    shift: shiftScreens,
    station: stationScreens,
    workbench: workbenchScreens,
  };
  const screens = Object.entries(wings).flatMap(([wing, kinds]) =>
    Object.keys(kinds).map((kind) => `${wing} ${kind}`),
  );
  const played = Object.values(SCENES).map(({ view: { screen } }) => `${screen.wing} ${screen.kind}`);
  expect(new Set(played)).toEqual(new Set(screens));
});
