import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { createSpeaker, lengthOf, readClip, type Clip, type Speaker } from "@kadian/kit";
import type { Settings } from "../src/bindings";
import { SOUNDS } from "../src/sounds";
import { createVoice, WORDS } from "../src/voice/voice";
import clips from "../src/voice/clips.json";
import { play, sceneOf } from "./play";

const FOLDER = join(import.meta.dirname, "../src/voice/clips");
const fileOf = (clip: string): Buffer => readFileSync(join(FOLDER, `${clip}.wav`));

test("each word has its clip in both languages, and each clip its word", () => {
  const named = clips.map(({ clip }) => clip).sort();
  expect(named).toEqual(
    ["en", "zh"].flatMap((language) => WORDS.map((word) => `${language}/${word}`)).sort(),
  );
  const files = ["en", "zh"].flatMap((language) =>
    readdirSync(join(FOLDER, language)).map((file) => `${language}/${file.replace(/\.wav$/, "")}`),
  );
  expect(files.sort()).toEqual(named);
});

test("a clip belongs to its words: cargo xtask voices makes it anew once they change", () => {
  for (const { clip, text, reads, sum } of clips) {
    const made = createHash("sha256").update(`${text}\n${reads}\n`).update(fileOf(clip)).digest("hex");
    expect(made, clip).toBe(sum);
  }
});

test("every clip is read, is a word long, and all of them are small", () => {
  let bytes = 0;
  for (const { clip } of clips) {
    bytes += statSync(join(FOLDER, `${clip}.wav`)).size;
    const { rate, samples } = readClip(fileOf(clip)) as Clip;
    expect(samples.length / rate, clip).toBeGreaterThan(0.5);
    expect(samples.length / rate, clip).toBeLessThan(4);
    expect(Math.max(...samples.map((sample) => Math.abs(sample))), clip).toBeGreaterThan(0.5);
  }
  expect(bytes).toBeLessThan(500_000);
});

test("a file that is no clip is refused", () => {
  const good = new Uint8Array(fileOf("zh/pass"));
  expect(readClip(good)).toBeDefined();
  const changed = (at: number, byte: number): Uint8Array => {
    const copy = good.slice();
    copy[at] = byte;
    return copy;
  };
  // RIFF, WAVE, the size of a chunk, the format, channels, the rate, bits.
  for (const [at, byte] of [
    [0, 0],
    [8, 0],
    [19, 0xff],
    [20, 1],
    [22, 2],
    [26, 0xff],
    [34, 16],
  ] as const) {
    expect(readClip(changed(at, byte)), `${at}`).toBeUndefined();
  }
  for (let length = 0; length < good.length; length += 997) {
    expect(readClip(good.slice(0, length)), `${length} bytes`).toBeUndefined();
  }
});

test("µ-law is expanded as G.711 says", () => {
  const header = fileOf("zh/pass").subarray(0, 58);
  const wav = Buffer.concat([header, Buffer.from([0xff, 0x7f, 0x80, 0x00, 0xf0])]);
  wav.writeUInt32LE(5, 54);
  const levels = [...(readClip(wav) as Clip).samples].map((sample) => Math.round(sample * 0x8000) + 0);
  expect(levels).toEqual([0, 0, 32124, -32124, 120]);
});

/** A speaker that notes what it is asked. */
function noted(): { speaker: Speaker; said: unknown[] } {
  const said: unknown[] = [];
  const speaker: Speaker = {
    say: (clips, after, gain) => said.push([clips.map(({ rate }) => rate), after, gain]),
    stop: () => said.push("cut"),
  };
  return { speaker, said };
}
const NUMBERS: Record<string, number> = { "zh/pass": 1, "en/pass": 2, "zh/wait": 3, "en/wait": 4 };
const load = (language: string, word: string): Promise<Clip | undefined> => {
  const rate = NUMBERS[`${language}/${word}`];
  return Promise.resolve(rate === undefined ? undefined : { rate, samples: new Float32Array(1) });
};

test.each([
  ["off", []],
  ["zh", [1]],
  ["en", [2]],
  ["both", [1, 2]],
] as [Settings["voice"], number[]][])("with %s these clips are said: %s", async (languages, rates) => {
  const { speaker, said } = noted();
  createVoice(speaker, load).say("pass", languages, 0.3, 0.5);
  await vi.waitFor(() => expect(said).toEqual(["cut", ...(rates.length > 0 ? [[rates, 0.3, 0.5]] : [])]));
});

test("of two results the later one alone is said, and nothing that was stopped", async () => {
  const { speaker, said } = noted();
  const voice = createVoice(speaker, load);
  voice.say("pass", "zh", 0, 1);
  voice.say("wait", "zh", 0, 1);
  await vi.waitFor(() => expect(said).toEqual(["cut", "cut", [[3], 0, 1]]));
  voice.say("pass", "zh", 0, 1);
  voice.stop();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(said.slice(3)).toEqual(["cut", "cut"]);
});

test("a clip that is missing is silence", async () => {
  const { speaker, said } = noted();
  createVoice(speaker, () => Promise.reject(new Error("gone"))).say("pass", "both", 0, 1);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(said).toEqual(["cut"]);
});

test("the clips that the page carries are those of the folder", async () => {
  const said: (readonly Clip[])[] = [];
  const voice = createVoice({ say: (clips) => said.push(clips), stop: () => undefined });
  for (const word of WORDS) {
    said.length = 0;
    voice.say(word, "both", 0, 1);
    await vi.waitFor(() => expect(said).toHaveLength(1));
    expect(said[0]).toEqual(["zh", "en"].map((language) => readClip(fileOf(`${language}/${word}`))));
  }
});

test("without a sound card nothing is said, and nothing else is disturbed", () => {
  const open = vi.fn(() => {
    throw new Error("no sound card");
  });
  const speaker = createSpeaker(open);
  speaker.say([{ rate: 16000, samples: new Float32Array(1) }], 0, 1);
  speaker.stop();
  speaker.say([{ rate: 16000, samples: new Float32Array(1) }], 0, 1);
  expect(open).toHaveBeenCalledTimes(2);
});

const SPOKEN = { voice: "both" } as const;

test("a word comes after the verdict's own sound, and never instead of it", async () => {
  const { sound, heard, said } = await play(sceneOf("pass"), "zh", undefined, SPOKEN);
  sound("pass", "pass");
  sound("stop", "wait");
  sound("tick");
  expect(heard).toEqual(["pass", "stop", "tick"]);
  expect(said).toEqual([
    ["pass", "both", lengthOf(SOUNDS.pass) + 0.15],
    ["wait", "both", lengthOf(SOUNDS.stop) + 0.15],
  ]);
});

test("nothing is said by default", async () => {
  const off = await play(sceneOf("pass"));
  off.sound("pass", "pass");
  expect(off.said).toEqual([]);
  expect(off.heard).toEqual(["pass"]);
});

test("nothing is said without volume", async () => {
  const { speaker, said } = noted();
  createVoice(speaker, load).say("pass", "zh", 0, 0);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(said).toEqual(["cut"]);
});

test("muting cuts off what is being said, and so does a page that is no open gate", async () => {
  const { sound, said, show } = await play(sceneOf("pass"), "zh", undefined, SPOKEN);
  sound("pass", "pass");
  await show(sceneOf("recorded"));
  expect(said.splice(0)).toHaveLength(1);
  await show(sceneOf("signed-out"));
  expect(said.splice(0)).toEqual(["cut"]);
  await show(sceneOf("pass"));
  said.length = 0;
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "F7", bubbles: true, cancelable: true }));
  window.dispatchEvent(new KeyboardEvent("keyup", { key: "F7", bubbles: true }));
  await vi.waitFor(() => expect(said).toEqual(["cut"]));
  sound("pass", "pass");
  expect(said).toEqual(["cut"]);
});
