import type { Sound } from "../bindings/Sound";

/** One tone of a sound. */
export interface Tone {
  wave: OscillatorType;
  /** Where it begins, in hertz. */
  from: number;
  /** Where it ends, in hertz. */
  to: number;
  /** After the sound's start, in milliseconds. */
  start: number;
  length: number;
  decibels: number;
}

const LOUD = -12;
const SQUARE = -18; // A square wave carries further than a sine.

const sine = (hertz: number, start: number, length: number): Tone => ({
  wave: "sine",
  from: hertz,
  to: hertz,
  start,
  length,
  decibels: LOUD,
});
const buzz = (start: number): Tone => ({
  wave: "square",
  from: 294,
  to: 294,
  start,
  length: 80,
  decibels: SQUARE,
});

/** What each moment sounds like: told apart without looking. */
export const SOUNDS: Record<Sound, Tone[]> = {
  pass: [sine(660, 0, 90), sine(990, 90, 90)],
  check: [sine(740, 0, 140), sine(740, 230, 140)],
  stop: [{ wave: "triangle", from: 330, to: 220, start: 0, length: 600, decibels: LOUD }],
  invalid: [buzz(0), buzz(140), buzz(280)],
  recorded: [sine(1200, 0, 30)],
  again: [sine(520, 0, 40)],
  fault: [sine(440, 0, 200), sine(349, 200, 200)],
};

export interface Player {
  play(sound: Sound): void;
}

/**
 * Plays by WebAudio. Without a sound card, or before the window may play, it stays silent and
 * nothing else is disturbed.
 */
export function createPlayer(open: () => AudioContext = () => new AudioContext()): Player {
  let context: AudioContext | undefined;
  return {
    play(sound) {
      try {
        context ??= open();
        if (context.state === "suspended") void context.resume().catch(() => undefined);
        for (const tone of SOUNDS[sound]) schedule(context, tone);
      } catch {
        context = undefined;
      }
    },
  };
}

function schedule(context: AudioContext, tone: Tone): void {
  const start = context.currentTime + tone.start / 1000;
  const end = start + tone.length / 1000;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = tone.wave;
  oscillator.frequency.setValueAtTime(tone.from, start);
  if (tone.to !== tone.from) oscillator.frequency.linearRampToValueAtTime(tone.to, end);
  const level = 10 ** (tone.decibels / 20);
  // A few milliseconds up and a short decay: a bare start or stop would click.
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(level, start + 0.004);
  gain.gain.setValueAtTime(level, Math.max(start + 0.004, end - 0.03));
  gain.gain.exponentialRampToValueAtTime(0.0001, end);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(end + 0.01);
}
