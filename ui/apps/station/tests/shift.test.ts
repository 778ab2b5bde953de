import { tick } from "svelte";
import { describe, expect, test } from "vitest";
import { play, press, sceneOf, text } from "./play";

describe("signing in", () => {
  const type = async (id: string, value: string): Promise<void> => {
    const field = document.querySelector<HTMLInputElement>(`#${id}`);
    if (field === null) throw new Error(`no field ${id}`);
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await tick();
  };

  test("sends digits and PIN as typed, and keeps no PIN", async () => {
    const { sent } = await play(sceneOf("signed-out"));
    await type("phone", "0001");
    await type("pin", "246810");
    expect(document.querySelectorAll(".pin .filled")).toHaveLength(6);
    document.querySelector("form")?.requestSubmit();
    await tick();
    expect(sent).toEqual([
      { wing: "shift", kind: "sign-in", digits: "0001", person: null, secret: "246810" },
    ]);
    expect(document.querySelector<HTMLInputElement>("#pin")?.value).toBe("");
  });

  test("a scanner's text in the field does not sign in", async () => {
    await play(sceneOf("signed-out"));
    const field = document.querySelector<HTMLInputElement>("#phone");
    let last = new KeyboardEvent("keydown");
    for (const key of [...Array.from("KD1:AB12"), "Enter"]) {
      last = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      field?.dispatchEvent(last);
    }
    expect(last.defaultPrevented).toBe(true);
  });

  test("F6 changes the language, and the station keeps it", async () => {
    const { kept } = await play(sceneOf("signed-out"));
    await press("F6");
    expect(kept).toEqual(["en"]);
    expect(document.documentElement.lang).toBe("en");
    expect(text()).toContain("Sign in");
  });
});

test("a checkpoint is chosen by its row, the last one first in reach", async () => {
  const { sent } = await play(sceneOf("choose-checkpoint"));
  expect(document.activeElement?.textContent).toContain("东门");
  await press("ArrowDown");
  expect(document.activeElement?.textContent).toContain("西门");
  await press("Enter");
  expect(sent).toEqual([
    { wing: "shift", kind: "choose-checkpoint", id: "0000000000000002", direction: "in" },
  ]);
});
