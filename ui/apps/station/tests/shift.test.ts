import { fireEvent } from "@testing-library/svelte";
import { tick } from "svelte";
import { describe, expect, test } from "vitest";
import type { CheckpointRow } from "../src/bindings";
import { ROWS } from "../src/backend/fake/samples";
import { play, press, sceneOf, text } from "./play";

const field = (selector: string): HTMLInputElement => {
  const found = document.querySelector<HTMLInputElement>(selector);
  if (found === null) throw new Error(`no field ${selector}`);
  return found;
};
const type = async (selector: string, value: string): Promise<void> => {
  field(selector).value = value;
  field(selector).dispatchEvent(new Event("input", { bubbles: true }));
  await tick();
};
const submit = async (): Promise<void> => {
  document.querySelector("form")?.requestSubmit();
  await tick();
};
const several = sceneOf("signed-out-several");
const boxes = (id: string): string[] =>
  [...(field(`#${id}`).parentElement?.querySelectorAll("i") ?? [])].map((box) => box.textContent);

describe("signing in", () => {
  test("sends four digits and the PIN as typed, and keeps no PIN in the field", async () => {
    const { sent } = await play(sceneOf("signed-out"));
    expect(document.activeElement?.id).toBe("digits");
    await type("#digits", "00x01");
    expect(boxes("digits")).toEqual(["0", "0", "0", "1"]);
    expect(document.activeElement?.id).toBe("secret");
    await type("#secret", "246810");
    expect(boxes("secret")).toEqual(["", "", "", "", "", ""]);
    expect(document.querySelectorAll(".hidden .filled")).toHaveLength(6);
    await submit();
    expect(sent).toEqual([
      { wing: "shift", kind: "sign-in", digits: "0001", person: null, secret: "246810" },
    ]);
    expect(field("#secret").value).toBe("");
    expect(document.body.textContent).not.toContain("246810");
  });

  test("digits of an input method in full-width mode are digits", async () => {
    const { sent } = await play(sceneOf("signed-out"));
    await type("#digits", "０００１");
    expect(boxes("digits")).toEqual(["0", "0", "0", "1"]);
    await type("#secret", "246810");
    await submit();
    expect(sent).toMatchObject([{ digits: "0001" }]);
  });

  test("while one person has to wait, another signs in", async () => {
    const { sent } = await play(sceneOf("signed-out-wait"));
    await type("#digits", "0002");
    await type("#secret", "246810");
    await submit();
    expect(sent).toMatchObject([{ digits: "0002", secret: "246810" }]);
  });

  test("and is asked which of several people it is", async () => {
    const { sent, show } = await play(sceneOf("signed-out-wait"));
    await type("#digits", "0001");
    await type("#secret", "246810");
    await submit();
    await show(sceneOf("signed-out-wait"));
    await show(several);
    await press("Enter");
    expect(sent.map((input) => "person" in input && input.person)).toEqual([null, "00000000000000a1"]);
  });

  test("an administrator's longer secret is one row of dots", async () => {
    const { sent } = await play(sceneOf("signed-out"));
    await type("#digits", "0002");
    await type("#secret", "correct horse");
    expect(boxes("secret")).toEqual(["•".repeat(13)]);
    await submit();
    expect(sent).toMatchObject([{ secret: "correct horse" }]);
  });

  test.each([
    ["three digits", "001", "246810"],
    ["a PIN of five", "0001", "24681"],
    ["what a scanner typed", "0001", "KD1:".padEnd(200, "A1")],
  ])("nothing is sent with %s", async (_, digits, secret) => {
    const { sent } = await play(sceneOf("signed-out"));
    await type("#digits", digits);
    await type("#secret", secret);
    await submit();
    expect(sent).toEqual([]);
  });

  test("where several people have these digits, the same try is sent again with one of them", async () => {
    const { sent, show } = await play(sceneOf("signed-out"));
    await type("#digits", "0001");
    await type("#secret", "246810");
    await submit();
    await show(several);
    expect(text()).toContain("后四位都是 0001");
    expect(document.activeElement?.textContent).toContain("李*");
    await press("ArrowDown");
    expect(document.activeElement?.textContent).toContain("欧阳**");
    await press("Enter");
    expect(sent[1]).toEqual({
      wing: "shift",
      kind: "sign-in",
      digits: "0001",
      person: "00000000000000a2",
      secret: "246810",
    });
  });

  test("Esc forgets the people to choose from, and the secret with them", async () => {
    const { sent, show } = await play(sceneOf("signed-out"));
    await type("#digits", "0001");
    await type("#secret", "246810");
    await submit();
    await show(several);
    await press("Escape");
    expect(sent[1]).toEqual({ wing: "shift", kind: "back" });
    await show(sceneOf("signed-out"));
    await show(several);
    await press("Enter");
    expect(sent).toHaveLength(2);
  });

  test.each([
    ["signed-out-wrong", "后四位或 PIN 不对"],
    ["signed-out-wait", "请等 25 秒"],
    ["signed-out-removed", "名单里没有你了"],
    ["signed-out-changed", "PIN 或权限改了"],
    ["signed-out-idle", "很久没有操作"],
  ])("%s says why", async (name, sentence) => {
    await play(sceneOf(name));
    expect(text()).toContain(sentence);
  });

  test("after a wrong try the secret has the keyboard", async () => {
    const { show } = await play(sceneOf("signed-out"));
    await show(sceneOf("signed-out-checking"));
    field("#digits").focus();
    await show(sceneOf("signed-out-wrong"));
    expect(document.activeElement?.id).toBe("secret");
  });

  test("a scanner's text in the field does not sign in", async () => {
    await play(sceneOf("signed-out"));
    let last = new KeyboardEvent("keydown");
    for (const key of [...Array.from("KD1:AB12"), "Enter"]) {
      last = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      field("#digits").dispatchEvent(last);
    }
    expect(last.defaultPrevented).toBe(true);
  });

  test("a person types as usual: no key is held back or taken away", async () => {
    await play(sceneOf("signed-out"));
    let at = performance.now() + 5000;
    for (const key of [...Array.from("Tr N246810tt"), "Backspace", "Enter"]) {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      field("#secret").dispatchEvent(Object.defineProperty(event, "timeStamp", { value: at }));
      field("#secret").dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true }));
      expect(event.defaultPrevented, key).toBe(false);
      at += 120;
    }
  });

  test("F6 changes the language, and the station keeps it", async () => {
    const { kept } = await play(sceneOf("signed-out"));
    await press("F6");
    expect(kept).toEqual(["en"]);
    expect(document.documentElement.lang).toBe("en");
    expect(text()).toContain("Sign in");
  });
});

describe("choosing a checkpoint", () => {
  const on = (): string => document.querySelector(".row.on .name span")?.textContent.trim() ?? "";
  const set = (): string => document.querySelector('.row.on [aria-pressed="true"]')?.textContent.trim() ?? "";

  test("Enter starts at the last one, in the direction of the last time", async () => {
    const { sent } = await play(sceneOf("choose-checkpoint"));
    expect(on()).toContain("东门");
    expect(set()).toBe("进");
    expect(text()).toContain("东门，登记“进”。");
    await press("Enter");
    expect(sent).toEqual([
      { wing: "shift", kind: "choose-checkpoint", id: "0000000000000001", direction: "in" },
    ]);
  });

  test("the arrows choose the checkpoint and its direction", async () => {
    const { sent } = await play(sceneOf("choose-checkpoint"));
    await press("ArrowRight");
    expect(text()).toContain("东门，登记“出”。");
    await press("ArrowDown");
    expect(on()).toContain("北门");
    // It has one direction only.
    await press("ArrowRight");
    expect(text()).toContain("北门，登记“进”。");
    await press("ArrowDown");
    await press("ArrowRight");
    await press("Enter");
    expect(sent).toEqual([
      { wing: "shift", kind: "choose-checkpoint", id: "0000000000000003", direction: "out" },
    ]);
  });

  test("a click chooses a row or its direction, and starts nothing", async () => {
    const { sent } = await play(sceneOf("choose-checkpoint"));
    const third = document.querySelectorAll(".pick li")[2];
    await fireEvent.click(third?.querySelector('[data-value="out"]') as Element);
    expect(on()).toContain("样例小学门口");
    expect(set()).toBe("出");
    await fireEvent.click(document.querySelector(".pick li .name") as Element);
    expect(on()).toContain("东门");
    expect(sent).toEqual([]);
  });

  test("typing adds one, with the direction that the arrows choose", async () => {
    const { sent, show } = await play(sceneOf("choose-checkpoint"));
    await press("南");
    expect(document.activeElement).toBe(field(".add input"));
    await type(".add input", " 南门 ");
    await fireEvent.keyDown(field(".add input"), { key: "ArrowLeft" });
    expect(text()).toContain("添加“南门”。");
    await submit();
    expect(sent).toEqual([{ wing: "shift", kind: "add-checkpoint", name: "南门", directions: "exit" }]);
    // A name that was refused stays where it was typed.
    const refused = { ...sceneOf("choose-checkpoint") };
    await show({
      ...refused,
      screen: { wing: "shift", kind: "choose-checkpoint", rows: ROWS, mayAdd: true, problem: "exists" },
    });
    expect(field(".add input").value).toBe(" 南门 ");
    expect(text()).toContain("已有同名的卡点");
    // One that was taken is chosen.
    const added = { ...ROWS[0], id: "0000000000000009", name: "南门", last: false } as CheckpointRow;
    await show({
      ...refused,
      screen: {
        wing: "shift",
        kind: "choose-checkpoint",
        rows: [added, ...ROWS],
        mayAdd: true,
        problem: null,
      },
    });
    expect(on()).toBe("南门");
    expect(document.activeElement).not.toBe(field(".add input"));
  });

  test("what a scanner typed is too long for a name, and adds nothing", async () => {
    const { sent } = await play(sceneOf("choose-checkpoint"));
    await press("K");
    await type(".add input", "KD1:".padEnd(120, "TRN"));
    await submit();
    expect(sent).toEqual([]);
    expect(text()).toContain("最多 40 个字");
  });

  test("Esc stops adding, then goes back to signing in", async () => {
    const { sent } = await play(sceneOf("choose-checkpoint"));
    await press("K");
    await fireEvent.keyDown(field(".add input"), { key: "Escape" });
    await fireEvent.keyUp(field(".add input"), { key: "Escape" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(on()).toContain("东门");
    expect(document.activeElement).not.toBe(field(".add input"));
    expect(sent).toEqual([]);
    await press("Escape");
    expect(sent).toEqual([{ wing: "shift", kind: "back" }]);
  });

  test("who may not add types in vain", async () => {
    await play(sceneOf("switch-checkpoint"));
    await press("K");
    expect(document.querySelector(".add")).toBeNull();
    expect(on()).toContain("东门");
  });
});
