import { screen } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { bar, result } from "../src/backend/fake/samples";
import type { Answer, View } from "../src/bindings";
import { play, press, sceneOf, text } from "./play";

/** Returns what stands on the buttons, key first; without their countdown and note. */
const labels = (): string[] =>
  [...document.querySelectorAll(".acts button")].map((button) =>
    [...button.querySelectorAll("kbd, .label")].map((part) => part.textContent).join(""),
  );

describe("verdicts", () => {
  const reason = { kind: "colour", colour: "green", origin: "city" } as const;
  test.each<[Answer, string, string, string]>([
    [{ kind: "pass", reason }, "通行", "pass", "pass"],
    [{ kind: "check", reason }, "核实", "check", "check"],
    [{ kind: "stop", reason }, "劝返", "stop", "stop"],
    [{ kind: "invalid", refusal: { kind: "revoked" } }, "无效", "invalid", "invalid"],
    [{ kind: "unjudged", fault: "clock-wrong" }, "未判定", "slate", "clock"],
  ])("%o has its word, its flood and its shape", async (answer, word, flood, plate) => {
    await play({
      screen: { wing: "collector", kind: "result", result: result(answer) },
      bar: bar(),
      contact: "",
    });
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

  test.each(["recording", "recording-check"])("while it is being recorded no key acts (%s)", async (name) => {
    const { sent } = await play(sceneOf(name));
    expect(text()).toContain("正在登记…");
    for (const key of ["Enter", "Escape", "r", "t"]) await press(key);
    expect(sent).toEqual([]);
  });

  test("a check ends in one of two ways, each with its own key", async () => {
    const { sent } = await play(sceneOf("check"));
    expect(labels()).toEqual(["Enter核实无误，放行", "T核实不符，劝返", "R请重新申报", "Esc放弃"]);
    await press("t");
    await press("Enter");
    expect(sent).toEqual([
      { wing: "collector", kind: "turn-away", scan: 7 },
      { wing: "collector", kind: "confirm", scan: 7 },
    ]);
  });

  test("what is not judged ends as a check does; a pass and a stop do not", async () => {
    const { show } = await play(sceneOf("unjudged"));
    expect(labels().slice(0, 2)).toEqual(["Enter核实无误，放行", "T核实不符，劝返"]);
    for (const name of ["pass", "stop"]) {
      await show(sceneOf(name));
      expect(labels()).toEqual([expect.stringContaining("Enter确认并提交"), "R请重新申报", "Esc放弃"]);
    }
  });

  test("where there is no address to declare at there is no R", async () => {
    const { sent } = await play(sceneOf("check-no-address"));
    expect(labels()).toEqual(["Enter核实无误，放行", "T核实不符，劝返", "Esc放弃"]);
    await press("r");
    expect(sent).toEqual([]);
  });

  test("of a check that was not recorded neither way changes its name", async () => {
    await play(sceneOf("not-recorded-check"));
    expect(text()).toContain("没登记上");
    expect(labels().slice(0, 2)).toEqual(["Enter核实无误，放行", "T核实不符，劝返"]);
  });

  test.each([
    ["silent-let-through", "Enter核实无误，放行", "t"],
    ["silent-turned-away", "T核实不符，劝返", "Enter"],
  ])("whose record has no answer yet only its own end is offered: %s", async (scene, offered, other) => {
    const { sent } = await play(sceneOf(scene));
    expect(text()).toContain("没登记上");
    expect(labels()).toEqual([offered, expect.stringMatching(/^R/), "Esc放弃"]);
    await press(other);
    expect(sent).toEqual([]);
  });
});

describe("somebody who was just recorded", () => {
  test.each([
    ["again-pass", "通行", "pass", "刚刚登记为“通行”。", ["Esc扫下一位", "Enter再登记一次"]],
    [
      "again-check",
      "核实",
      "check",
      "刚刚登记为“核实后放行”。",
      ["Esc扫下一位", "Enter再登记放行", "T再登记劝返"],
    ],
    [
      "again-check-away",
      "核实",
      "check",
      "刚刚登记为“核实后劝返”。",
      ["Esc扫下一位", "Enter再登记放行", "T再登记劝返"],
    ],
    ["again-stop", "劝返", "stop", "刚刚登记为“劝返”。", ["Esc扫下一位", "Enter再登记一次"]],
  ])(
    "%s keeps word, flood and shape, says so, and Esc is the large key",
    async (name, word, flood, before, keys) => {
      const { sent } = await play(sceneOf(name));
      expect(document.querySelector("h1 .word")?.textContent).toBe(word);
      expect(document.querySelector(".station")?.getAttribute("data-flood")).toBe(flood);
      expect(document.querySelector("[data-plate]")?.getAttribute("data-plate")).toBe(flood);
      expect(document.querySelector(".why .before")?.textContent).toBe(before);
      expect(screen.getByRole("alert").textContent).toContain(before);
      expect(labels()).toEqual(keys);
      expect(document.querySelector(".acts .solid")?.getAttribute("aria-keyshortcuts")).toBe("Escape");
      await press("Enter");
      expect(sent).toEqual([{ wing: "collector", kind: "confirm", scan: 7 }]);
    },
  );

  test("is not let through because they were turned away, nor let go because they had passed", async () => {
    const { show } = await play(sceneOf("again-check-away"));
    expect(text()).toContain("同一人仍劝返");
    await show(sceneOf("again-stop"));
    expect(text()).toContain("请勿放行");
  });
});

describe("a certificate from abroad", () => {
  test("shows initials and birth date inside the corners of the frame, and no number", async () => {
    await play(sceneOf("certificate"));
    const framed = document.querySelector(".compare.framed");
    expect([...(framed?.querySelectorAll("dd") ?? [])].map((value) => value.textContent.trim())).toEqual([
      "M****** M*****",
      "1985-**-12",
    ]);
    expect(framed?.querySelectorAll("i")).toHaveLength(4);
    const terms = [...document.querySelectorAll("dt")].map((term) => term.textContent);
    expect(terms).toEqual(["姓名（首字母）", "出生日期", "证书", "签发国家", "有效至"]);
    expect(text()).toContain("接种 2/2");
    expect(text()).toContain("第 48 天");
    expect(text()).toMatch(/有效至\s*2027-\d\d-\d\d/);
    expect(text()).toContain("境外证书有效，须与护照核对。");
    expect(text()).toContain("比对首字母和出生日期");
  });

  test("counts a test in hours, and masks what the policy does not show", async () => {
    const { show } = await play(sceneOf("certificate-test"));
    expect(text()).toContain("36 小时前");
    expect(text()).not.toContain("出生日期*");
    await show(sceneOf("certificate-long"));
    expect(text()).toContain("****-**-**");
    expect(text()).toContain("B** V****** D********** L************** M***************");
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
      contact: "",
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
