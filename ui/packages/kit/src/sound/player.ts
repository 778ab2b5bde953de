/** One tone of a sound. */
export interface Tone {
  wave: OscillatorType;
  /** Frequency at the beginning, in hertz. */
  from: number;
  /** Frequency at the end, in hertz. */
  to: number;
  /** Milliseconds after the sound's start. */
  start: number;
  /** Duration in milliseconds. */
  length: number;
  decibels: number;
}

/** Returns how long a sound takes, in seconds. */
export function lengthOf(tones: readonly Tone[]): number {
  return Math.max(0, ...tones.map(({ start, length }) => start + length)) / 1000;
}

/** Plays the sounds of a table by name. */
export interface Player<Name extends string> {
  /** Plays a sound; `gain` makes it louder or, below 1, softer. */
  play(name: Name, gain?: number): void;
}

/**
 * Creates a player that uses WebAudio. It stays silent, and disturbs nothing else, while there is
 * no sound card or the window may not play yet.
 */
export function createPlayer<Name extends string>(
  sounds: Record<Name, Tone[]>,
  open: () => AudioContext = () => new AudioContext(),
): Player<Name> {
  let context: AudioContext | undefined;
  return {
    play(name, gain = 1) {
      if (gain <= 0) return;
      try {
        context ??= open();
        if (context.state === "suspended") void context.resume().catch(() => undefined);
        for (const tone of sounds[name]) schedule(context, tone, gain);
      } catch {
        context = undefined;
      }
    },
  };
}

/** Seconds up and down: a bare start or stop would click. */
const ATTACK = 0.004;
const DECAY = 0.03;
const SILENCE = 0.0001;

function schedule(context: AudioContext, tone: Tone, louder: number): void {
  const start = context.currentTime + tone.start / 1000;
  const end = start + tone.length / 1000;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = tone.wave;
  oscillator.frequency.setValueAtTime(tone.from, start);
  if (tone.to !== tone.from) oscillator.frequency.linearRampToValueAtTime(tone.to, end);
  const level = Math.min(1, louder * 10 ** (tone.decibels / 20));
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(level, start + ATTACK);
  gain.gain.setValueAtTime(level, Math.max(start + ATTACK, end - DECAY));
  gain.gain.exponentialRampToValueAtTime(SILENCE, end);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(end + 0.01);
}
