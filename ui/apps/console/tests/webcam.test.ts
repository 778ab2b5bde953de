import { expect, test } from "vitest";
import { LASTS_MS, readFrames } from "../src/residents/webcam";

/** Plays a camera and a clock that only waiting moves; reading takes as long as it is told to. */
function play(takes: number, last: number): Parameters<typeof readFrames>[0] & { sent: number[] } {
  let now = 0;
  const sent: number[] = [];
  return {
    sent,
    frame: () => Promise.resolve(new Uint8Array([sent.length])),
    read: () => {
      sent.push(now);
      now += takes;
      return Promise.resolve(sent.length === last);
    },
    wait: (ms) => {
      now += ms;
      return Promise.resolve();
    },
    now: () => now,
    signal: new AbortController().signal,
  };
}

test("frames follow one another three times a second, and no faster than they are read", async () => {
  const quick = play(10, 4);
  expect(await readFrames(quick)).toBe(false);
  expect(quick.sent).toEqual([0, 334, 668, 1002]);
  const slow = play(900, 3);
  await readFrames(slow);
  expect(slow.sent).toEqual([0, 900, 1800]);
});

test("after a minute without a code it is over", async () => {
  const camera = play(10, 0);
  expect(await readFrames(camera)).toBe(true);
  expect(camera.sent.length).toBe(Math.ceil(LASTS_MS / 334));
});

test("nothing is sent once it is stopped", async () => {
  const stop = new AbortController();
  const camera = { ...play(10, 0), signal: stop.signal };
  const frame = camera.frame;
  camera.frame = () => {
    if (camera.sent.length === 2) stop.abort();
    return frame();
  };
  expect(await readFrames(camera)).toBe(false);
  expect(camera.sent.length).toBe(2);
});
