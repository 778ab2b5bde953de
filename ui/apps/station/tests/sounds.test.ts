import { expect, test, vi } from "vitest";
import { createPlayer } from "@kadian/kit";
import type { Sound } from "../src/bindings";
import { SOUNDS } from "../src/sounds";

const shape = (sound: Sound): unknown[] =>
  SOUNDS[sound].map(({ wave, from, to, start, length }) => [wave, from, to, start, length]);

test("each moment has the sound that the screens ask for", () => {
  expect(shape("pass")).toEqual([
    ["sine", 660, 660, 0, 90],
    ["sine", 990, 990, 90, 90],
  ]);
  expect(shape("check")).toEqual([
    ["sine", 740, 740, 0, 140],
    ["sine", 740, 740, 230, 140],
  ]);
  expect(shape("stop")).toEqual([["triangle", 330, 220, 0, 600]]);
  expect(SOUNDS.invalid).toHaveLength(3);
  for (const tone of SOUNDS.invalid) {
    expect(tone).toMatchObject({ wave: "square", from: 294, length: 80, decibels: -18 });
  }
  expect(shape("recorded")).toEqual([["sine", 1200, 1200, 0, 30]]);
  expect(shape("fault")).toEqual([
    ["sine", 440, 440, 0, 200],
    ["sine", 349, 349, 200, 200],
  ]);
});

test("no two moments sound alike", () => {
  const all = (Object.keys(SOUNDS) as Sound[]).map((sound) => JSON.stringify(SOUNDS[sound]));
  expect(new Set(all).size).toBe(all.length);
});

test("without a sound card it stays silent and well, and tries again next time", () => {
  const open = vi.fn(() => {
    throw new Error("no sound card");
  });
  const player = createPlayer(SOUNDS, open);
  player.play("pass");
  player.play("stop");
  expect(open).toHaveBeenCalledTimes(2);
});
