import { createSpeaker, readClip, type Clip, type Speaker } from "@kadian/kit";
import type { ResidentView, Voice as Languages } from "../bindings";

/** A language that can be spoken. */
export type Spoken = "zh" | "en";

/** Says what the resident's side shows. It knows nothing else about anybody. */
export interface Voice {
  /** Loads what will be said, so that the first word is not late. */
  prepare(languages: Languages): void;
  /** Says a word, `after` so many seconds. What is being said is cut off. */
  say(word: ResidentView, languages: Languages, after: number, gain: number): void;
  /** Cuts off what is being said. */
  stop(): void;
}

/** Returns a clip by language and word; undefined where there is none. */
export type Load = (language: Spoken, word: ResidentView) => Promise<Clip | undefined>;

const SPEAKS: Record<Languages, readonly Spoken[]> = {
  off: [],
  zh: ["zh"],
  en: ["en"],
  both: ["zh", "en"],
};
/** The words that are spoken. Nobody is called to an idle gate, and a closed one is silent. */
export const WORDS: readonly ResidentView[] = ["pass", "check", "passport", "refresh", "wait"];

/** A clip is as loud as a file can be: more gain would distort it. */
const LOUDEST = 1.1;

/** Creates the voice. It stays silent, and disturbs nothing else, where a clip or a sound card is missing. */
export function createVoice(speaker: Speaker, load: Load = loadClip): Voice {
  const loaded = new Map<string, Promise<Clip | undefined>>();
  const clip = (language: Spoken, word: ResidentView): Promise<Clip | undefined> => {
    const name = `${language}/${word}`;
    const found = loaded.get(name) ?? load(language, word).catch(() => undefined);
    loaded.set(name, found);
    return found;
  };
  /** Counts what was asked for: whoever waits for a clip is late once something else was. */
  let asked = 0;
  return {
    prepare(languages) {
      for (const language of SPEAKS[languages]) for (const word of WORDS) void clip(language, word);
    },
    say(word, languages, after, gain) {
      speaker.stop();
      const mine = ++asked;
      if (gain <= 0) return;
      const clips = Promise.all(SPEAKS[languages].map((language) => clip(language, word)));
      void clips.then((found) => {
        const said = found.filter((one) => one !== undefined);
        if (mine === asked && said.length > 0) speaker.say(said, after, Math.min(LOUDEST, gain));
      });
    },
    stop() {
      asked += 1;
      speaker.stop();
    },
  };
}

/** Creates the voice of a real window. */
export function createOwnVoice(): Voice {
  return createVoice(createSpeaker(() => new AudioContext()));
}

// Each clip is a part of a script: the window's content policy lets the page fetch nothing.
const CLIPS = import.meta.glob<string>("./clips/*/*.wav", { query: "?inline", import: "default" });

async function loadClip(language: Spoken, word: ResidentView): Promise<Clip | undefined> {
  const address = await CLIPS[`./clips/${language}/${word}.wav`]?.();
  if (address === undefined) return undefined;
  const base64 = address.slice(address.indexOf(",") + 1);
  return readClip(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
}
