import type { Tone } from "@kadian/kit";
import type { Sound } from "./bindings";

const LOUD = -12;
const SQUARE = -18; // A square wave carries further than a sine.
const SOFT = -18;

const sine = (hertz: number, start: number, length: number, decibels = LOUD): Tone => ({
  wave: "sine",
  from: hertz,
  to: hertz,
  start,
  length,
  decibels,
});
const buzz = (start: number): Tone => ({
  wave: "square",
  from: 294,
  to: 294,
  start,
  length: 80,
  decibels: SQUARE,
});

/** The volume at which sounds are as loud as designed. */
const AS_DESIGNED = 80;

/** Returns by what a sound is made louder at a volume from 0 to 100; an ear hears decibels. */
export function loudness(volume: number): number {
  return volume <= 0 ? 0 : 10 ** ((volume - AS_DESIGNED) / 40);
}

/** What each moment sounds like; a person can tell them apart without looking. */
export const SOUNDS: Record<Sound, Tone[]> = {
  pass: [sine(660, 0, 90), sine(990, 90, 90)],
  check: [sine(740, 0, 140), sine(740, 230, 140)],
  stop: [{ wave: "triangle", from: 330, to: 220, start: 0, length: 600, decibels: LOUD }],
  invalid: [buzz(0), buzz(140), buzz(280)],
  recorded: [sine(1200, 0, 30)],
  tick: [sine(880, 0, 20, SOFT)],
  unconfirmed: [sine(990, 0, 90), sine(660, 90, 90)],
  fault: [sine(440, 0, 200), sine(349, 200, 200)],
};
