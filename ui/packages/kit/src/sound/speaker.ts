import type { Clip } from "./clip";

/** Says clips one after another. */
export interface Speaker {
  /**
   * Says clips, `after` so many seconds and as loud as `gain` says. What is being said is cut off.
   */
  say(clips: readonly Clip[], after: number, gain: number): void;
  /** Cuts off what is being said. */
  stop(): void;
}

/** Seconds between two clips. */
const PAUSE = 0.25;
/** Seconds in which a clip that is cut off fades: a bare stop would click. */
const FADE = 0.02;

/** Creates a speaker that uses WebAudio. Like the player it stays silent and well without a sound card. */
export function createSpeaker(open: () => AudioContext): Speaker {
  let context: AudioContext | undefined;
  let saying: { source: AudioBufferSourceNode; loud: GainNode }[] = [];

  const stop = (): void => {
    const now = context?.currentTime ?? 0;
    for (const { source, loud } of saying) {
      loud.gain.setTargetAtTime(0, now, FADE / 4);
      source.stop(now + FADE);
    }
    saying = [];
  };
  const add = (to: AudioContext, { rate, samples }: Clip, at: number, gain: number): number => {
    const buffer = to.createBuffer(1, samples.length, rate);
    buffer.copyToChannel(samples, 0);
    const [source, loud] = [to.createBufferSource(), to.createGain()];
    source.buffer = buffer;
    loud.gain.value = gain;
    source.connect(loud).connect(to.destination);
    source.start(at);
    saying.push({ source, loud });
    return at + samples.length / rate;
  };

  return {
    say(clips, after, gain) {
      try {
        stop();
        if (gain <= 0) return;
        context ??= open();
        if (context.state === "suspended") void context.resume().catch(() => undefined);
        let at = context.currentTime + after;
        for (const clip of clips) at = add(context, clip, at, gain) + PAUSE;
      } catch {
        [context, saying] = [undefined, []];
      }
    },
    stop() {
      try {
        stop();
      } catch {
        [context, saying] = [undefined, []];
      }
    },
  };
}
