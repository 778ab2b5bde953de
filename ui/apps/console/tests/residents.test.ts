import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { NewLook } from "../src/backend/residents";
import { Problem } from "../src/backend/problem";
import { sampleLook } from "../src/backend/fake/looks";
import { byDay, missingDigits, peopleIn } from "../src/residents/residents";
import { schematic } from "../src/residents/schematic";
import { open, press, rows, settled, type } from "./play";

const NUMBER = "990101199001010011";
const button = (name: string): HTMLButtonElement => screen.getByRole("button", { name });

async function look(who = NUMBER): Promise<void> {
  await type("案号或工单号", "样例-0316");
  await type(/完整证件号/, who);
  await press("查询");
}

test("nothing can be asked without a reason and a whole number", async () => {
  const asked: NewLook[] = [];
  await open("?as=community#/residents", {
    look: (one) => {
      asked.push(one);
      return Promise.resolve(sampleLook(one, false));
    },
  });
  expect(button("查询").disabled).toBe(true);
  await type(/完整证件号/, NUMBER);
  expect(button("查询").disabled).toBe(true);
  await type(/^理由/, "太短");
  expect(button("查询").disabled).toBe(true);
  await type(/^理由/, "核对这个人经过的卡点");
  await type(/完整证件号/, "00000019900101");
  expect(screen.getByText(/还差 4 位/)).toBeTruthy();
  expect(button("查询").disabled).toBe(true);
  await type(/完整证件号/, NUMBER);
  await press("本人申请");
  await press("查询");
  await screen.findByText(/已记入审计 #20,419/);
  expect(asked).toEqual([
    {
      reason: "own-request",
      case: "",
      words: "核对这个人经过的卡点",
      who: NUMBER,
      region: "990101001001",
    },
  ]);
});

test("the reason stays on top, and each passage says where, what was shown and how it ended", async () => {
  await open("?as=community#/residents");
  await look();
  expect(await screen.findByText("流行病学调查 · 样例-0316")).toBeTruthy();
  const shown = [...document.querySelectorAll("li[data-shown]")].map((row) => row.textContent);
  expect(shown).toHaveLength(6);
  expect(shown[1]).toContain("离线登记");
  expect(shown[2]).toContain("示例门岗（已移除）");
  expect(shown[5]).toContain("已删除的卡点");
  expect(shown[4]).toContain("劝返");
  expect(document.body.textContent).not.toContain(NUMBER);
});

test("a look ends by itself, and nothing of it is left", async () => {
  await open("?as=community#/residents", {
    look: (one) => Promise.resolve({ ...sampleLook(one, false), seconds: 1 }),
  });
  await look();
  await waitFor(() => expect(screen.getByText(/这次查看已结束/)).toBeTruthy(), { timeout: 4000 });
  expect(document.querySelector("li[data-shown]")).toBeNull();
  expect(document.body.textContent).not.toContain("9901****");
  await settled();
  expect(screen.getByLabelText<HTMLInputElement>(/完整证件号/).value).toBe("");
});

test("who looks can end it, and is read the title", async () => {
  await open("?as=community#/residents");
  await look();
  await screen.findByText(/已记入审计/);
  await press("结束查看");
  expect(screen.getByText(/这次查看已结束/)).toBeTruthy();
  await waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
});

test("a family's phone names whose each passage is, and a shut declaration is said", async () => {
  await open("?as=community#/residents");
  await look("13800000000");
  expect(await screen.findByText(/有 2 个人/)).toBeTruthy();
  await press("结束查看");
  await settled();
  await look("KD1:SAMPLE");
  expect(await screen.findByText(/封给了别的机构/)).toBeTruthy();
});

test("what the office refuses is said beside its field, or in a sentence", async () => {
  let problem = new Problem("invalid", { fields: [{ name: "who", code: "not-signed" }] });
  await open("?as=community#/residents", { look: () => Promise.reject(problem) });
  await look("KD1:FORGED");
  expect(await screen.findByText("这个码不是已知发码机构签发的。")).toBeTruthy();
  problem = new Problem("looks-spent", { status: 429 });
  await press("查询");
  expect(await screen.findByText("24 小时内的查询次数已用完。")).toBeTruthy();
});

async function trace(minutes: string): Promise<void> {
  await look();
  await screen.findByText(/已记入审计 #20,419/);
  const [first] = screen.getAllByRole("button", { name: "谁同时经过" });
  if (first) await fireEvent.click(first);
  await screen.findByRole("heading", { name: /谁在 .* 前后经过东门/ });
  await screen.findByRole("button", { name: minutes });
  await press(minutes);
  await press("查谁同时经过");
  await screen.findByText(/已记入审计 #20,420/);
}

test("who passed then is shown masked, for a reason of its own, and how many are left out", async () => {
  await open("?as=community#/residents");
  await trace("60 分钟");
  expect(screen.getByText(/有 317 人，只列出时间最近的 200 人/)).toBeTruthy();
  expect(rows()).toHaveLength(200);
  expect(document.body.textContent).not.toMatch(/1[38]\d{9}/);
  await press("回到登记");
  expect(await screen.findByText(/已记入审计 #20,419/)).toBeTruthy();
}, 20_000);

test("one number is opened by one more act, or it is said why there is none", async () => {
  await open("?as=community#/residents");
  await trace("15 分钟");
  for (const [row, said] of [
    [0, "13800001000"],
    [2, "申报封给了别的机构，这里打不开。"],
  ] as const) {
    const [button] = within(screen.getAllByRole("row")[row + 1] ?? document.body).getAllByRole("button");
    if (button) await fireEvent.click(button);
    await screen.findByRole("button", { name: "记入审计，看这一个号码" });
    await press("记入审计，看这一个号码");
    expect(await screen.findByText(said)).toBeTruthy();
  }
});

test("a code as a picture is chosen, dropped or pasted, and another file has its own sentence", async () => {
  await open("?as=community#/residents");
  await screen.findByRole("button", { name: "健康码图片" });
  const who = screen.getByLabelText<HTMLInputElement>(/完整证件号/);
  const file = (text: string): File => {
    const made = new File([text], "code.png");
    // The DOM of these tests gives no bytes.
    made.arrayBuffer = () => Promise.resolve(new TextEncoder().encode(text).buffer);
    return made;
  };
  await fireEvent.drop(window, { dataTransfer: { types: ["Files"], files: [file("KD1:DROPPED")] } });
  await waitFor(() => {
    expect(who.value).toBe("KD1:DROPPED");
  });
  expect(await screen.findByText("已读出码的文字。")).toBeTruthy();
  await fireEvent.paste(window, { clipboardData: { files: [file("<html>")] } });
  expect(await screen.findByText("这是网页，不是图片。请把图片本身存下来。")).toBeTruthy();
  expect(who.value).toBe("KD1:DROPPED");
  const input = document.querySelector<HTMLInputElement>("input[type=file]");
  if (input) await fireEvent.change(input, { target: { files: [file("KD1:CHOSEN")] } });
  await waitFor(() => {
    expect(who.value).toBe("KD1:CHOSEN");
  });
  const large = file("");
  Object.defineProperty(large, "size", { value: 13 * 1024 * 1024 });
  await fireEvent.drop(window, { dataTransfer: { types: ["Files"], files: [large] } });
  expect(await screen.findByText(/文件大于 12 MB/)).toBeTruthy();
});

test("an office whose secret of person keys is lost says that numbers find nobody of before", async () => {
  await open("?as=community&lost#/residents");
  expect(await screen.findByText(/换了 person.key/)).toBeTruthy();
});

test("where two people are needed the request waits, and what was agreed to is opened once", async () => {
  await open("?as=community&two#/residents");
  await screen.findByRole("button", { name: "同意" });
  expect(screen.getAllByText("流行病学调查 · 样例-0317 · ±15 min").length).toBeGreaterThan(0);
  await press("同意");
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: "同意" })).toBeNull();
  });
  await look();
  await screen.findByText(/已记入审计 #20,419/);
  const [first] = screen.getAllByRole("button", { name: "谁同时经过" });
  if (first) await fireEvent.click(first);
  await screen.findByRole("button", { name: "查谁同时经过" });
  await press("查谁同时经过");
  expect(await screen.findByText(/这里规定要两个人同意/)).toBeTruthy();
  await press("结束查看");
  await screen.findByRole("button", { name: "现在看（只一次）" });
  await press("现在看（只一次）");
  expect(await screen.findByRole("heading", { name: /谁在 .* 前后经过东门/ })).toBeTruthy();
});

test("who may not trace is not offered it", async () => {
  await open("?as=community&without=residents.trace#/residents");
  await look();
  await screen.findByText(/已记入审计 #20,419/);
  expect(screen.queryByRole("button", { name: "谁同时经过" })).toBeNull();
});

test("checkpoints are drawn with the order of passing, and the table says the same", async () => {
  await open("?as=community#/residents");
  await look();
  const drawing = await screen.findByRole("img", { name: /4 个卡点/ });
  expect(drawing.textContent).toContain("2 · 6");
  expect(drawing.textContent).toContain("示例门岗（已移除）");
  await press("表格");
  expect(rows()).toHaveLength(4);
  expect(rows()[0]).toContain("东门");
});

test("places are laid out as on the earth where all are known, and around a circle otherwise", () => {
  const { places, passages } = sampleLook(
    { reason: "other", case: "", words: "", who: NUMBER, region: "99" },
    false,
  );
  const known = schematic(places, passages);
  expect(known.onEarth).toBe(true);
  const [east, north] = known.pins;
  expect((east?.y ?? 0) < (north?.y ?? 0)).toBe(true);
  expect(known.lines).toHaveLength(4);
  const unknown = schematic(
    places.map((place) => ({ ...place, place: null })),
    passages,
  );
  expect(unknown.onEarth).toBe(false);
  for (const { x, y } of [...known.pins, ...unknown.pins]) expect([x, y].every((at) => at > 0)).toBe(true);
});

test("an auditor has no such page", async () => {
  await open("?as=auditor#/residents");
  expect(screen.queryByRole("link", { name: "居民查询" })).toBeNull();
  expect(screen.queryByText("为什么要看这个人的通行？")).toBeNull();
});

test("digits are counted, days and people put together", () => {
  expect(["1380000", "13800000000", "990101199001", NUMBER, "E12", "KD1:A"].map(missingDigits)).toEqual([
    4, 0, 6, 0, 0, 0,
  ]);
  const { passages } = sampleLook(
    { reason: "other", case: "", words: "", who: "13800000000", region: "99" },
    false,
  );
  expect(peopleIn(passages)).toHaveLength(2);
  expect(byDay(passages).flatMap((day) => day.passages)).toEqual(passages);
});
