import { screen } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { bar, result } from "../src/backend/fake/scenes";
import type { Answer, View } from "../src/bindings";
import { play, press, sceneOf, text } from "./play";

describe("verdicts", () => {
  const reason = { kind: "colour", colour: "green", origin: "city" } as const;
  test.each<[Answer, string, string, string]>([
    [{ kind: "pass", reason }, "通行", "pass", "pass"],
    [{ kind: "check", reason }, "核实", "check", "check"],
    [{ kind: "stop", reason }, "劝返", "stop", "stop"],
    [{ kind: "invalid", refusal: { kind: "revoked" } }, "无效", "invalid", "invalid"],
    [{ kind: "unjudged", fault: "clock-wrong" }, "未判定", "slate", "clock"],
  ])("%o has its word, its flood and its shape", async (answer, word, flood, plate) => {
    await play({ screen: { wing: "collector", kind: "result", result: result(answer) }, bar: bar() });
    expect(document.querySelector("h1 .word")?.textContent).toBe(word);
    expect(document.querySelector(".station")?.getAttribute("data-flood")).toBe(flood);
    expect(document.querySelector("[data-plate]")?.getAttribute("data-plate")).toBe(plate);
    expect(screen.getByRole("alert").textContent).toContain(word);
  });

  test("a code that nobody signed shows only why it is refused", async () => {
    await play(sceneOf("invalid-signature"));
    expect([...document.querySelectorAll("dt")].map((term) => term.textContent)).toEqual(["代码"]);
    expect(document.querySelector("dd")?.textContent).toBe("signature");
    expect(text()).not.toMatch(/张|4201|样例市/);
  });

  test("an invalid code cannot be confirmed, by key or by hand", async () => {
    const { sent } = await play(sceneOf("invalid-expired"));
    expect(document.querySelector('[aria-keyshortcuts="Enter"]')).toBeNull();
    await press("Enter");
    expect(sent).toEqual([]);
    await press("Escape");
    expect(sent).toEqual([{ wing: "collector", kind: "discard", scan: 7 }]);
  });

  test("the mask's stars stay stars", async () => {
    await play(sceneOf("pass"));
    const values = [...document.querySelectorAll("dd")].map((value) => value.textContent.trim());
    expect(values.slice(0, 2)).toEqual(["张*", "4201**********1234"]);
  });

  test("what was not recorded says so, and can be tried again", async () => {
    const { sent } = await play(sceneOf("not-recorded"));
    expect(text()).toContain("没登记上");
    expect(text()).toContain("未登记，再试一次");
    await press("Enter");
    expect(sent).toEqual([{ wing: "collector", kind: "confirm", scan: 7 }]);
  });

  test("while it is being recorded no key acts", async () => {
    const { sent } = await play(sceneOf("recording"));
    expect(text()).toContain("正在登记…");
    for (const key of ["Enter", "Escape", "r"]) await press(key);
    expect(sent).toEqual([]);
  });
});

describe("the countdown", () => {
  test("stands in the button that acts at zero, and steps with the view", async () => {
    const view = (left: number): View => ({
      screen: {
        wing: "collector",
        kind: "result",
        result: result(
          { kind: "pass", reason: { kind: "colour", colour: "green", origin: "city" } },
          { countdown: { total: 20, left } },
        ),
      },
      bar: bar(),
    });
    const { show } = await play(view(20));
    const fill = (): string => document.querySelector<HTMLElement>(".fill")?.style.width ?? "";
    const esc = document.querySelector('[aria-keyshortcuts="Escape"]');
    expect(fill()).toBe("100%");
    await show(view(5));
    expect(fill()).toBe("25%");
    expect(esc?.textContent).toContain("5");
    await show(view(0));
    expect(fill()).toBe("0%");
    expect(document.querySelectorAll(".fill")).toHaveLength(1);
  });
});

test("without an address the screen shows whom to ask, and no QR code", async () => {
  await play(sceneOf("no-code-nowhere"));
  expect(document.querySelector('.qr svg[role="img"]')).toBeNull();
  expect(text()).toContain("值班员");
});
