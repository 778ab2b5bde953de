import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ResidentView } from "../src/bindings";
import { SHOWN } from "../src/words";

const LIST = join(import.meta.dirname, "../../station/src/voice/clips.json");

test("what the station says aloud is what stands here, letter by letter", () => {
  const clips = JSON.parse(readFileSync(LIST, "utf8")) as { clip: string; text: string }[];
  // Nobody is called to an idle gate, and a closed one is silent.
  const spoken = (Object.keys(SHOWN) as ResidentView[]).filter(
    (view) => view !== "ready" && view !== "closed",
  );
  const said = Object.fromEntries(clips.map(({ clip, text }) => [clip, text]));
  const shown = spoken.flatMap((view) => [
    [`zh/${view}`, SHOWN[view].zh.join("")],
    [`en/${view}`, SHOWN[view].en.join(" ")],
  ]);
  expect(said).toEqual(Object.fromEntries(shown));
});
