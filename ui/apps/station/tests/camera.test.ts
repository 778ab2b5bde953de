import { fireEvent, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { bar } from "../src/backend/fake/samples";
import { play, sceneOf, text } from "./play";

test("a simulated camera is named on the picture, also while nobody is signed in", async () => {
  const { show } = await play(sceneOf("simulated"));
  expect(text()).toContain("模拟摄像头");
  await show({ ...sceneOf("signed-out"), bar: bar({ simulatedCamera: true, collector: null }) });
  expect(text()).toContain("模拟摄像头");
});

test("a picture that does not move is not called live", async () => {
  await play(sceneOf("ready"));
  await waitFor(() => expect(document.querySelector('[data-still="true"]')).not.toBeNull(), {
    timeout: 4000,
  });
  expect(text()).toContain("还没有画面");
});

test("a picture that did not come is asked for at another address", async () => {
  await play(sceneOf("ready"));
  const addresses = new Set<string>();
  for (let tries = 0; tries < 3; tries += 1) {
    const image = await waitFor(() => {
      const asking = [...document.querySelectorAll<HTMLImageElement>(".picture img")].find(
        (candidate) => candidate.src !== "" && !addresses.has(candidate.src),
      );
      expect(asking).toBeDefined();
      return asking as HTMLImageElement;
    });
    addresses.add(image.src);
    await fireEvent.error(image);
  }
  expect(addresses.size).toBe(3);
});

test("a camera that is starting, or gives too little, says so on the picture", async () => {
  const camera = { opening: true, heldBy: null, mend: null, frozen: false, lesser: null, otherOut: null };
  const { show } = await play({ ...sceneOf("ready"), bar: bar({ camera }) });
  expect(text()).toContain("摄像头正在启动");
  const lesser = { width: 640, height: 480, rate: 30, small: true };
  await show({ ...sceneOf("signed-out"), bar: bar({ camera: { ...camera, opening: false, lesser } }) });
  await waitFor(() => expect(text()).not.toContain("摄像头正在启动"));
  const image = document.querySelectorAll<HTMLImageElement>(".picture img")[1] as HTMLImageElement;
  await fireEvent.load(image);
  await waitFor(() => expect(text()).toContain("640×480"));
  await show({ ...sceneOf("ready"), bar: bar({ camera: { ...camera, opening: false, frozen: true } }) });
  expect(document.querySelector('[data-still="true"]')).not.toBeNull();
});
