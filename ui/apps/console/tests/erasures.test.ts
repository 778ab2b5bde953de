import { screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { NewErasure, NewExport } from "../src/backend/residents";
import { endedErasure, sampleErasure } from "../src/backend/fake/erasures";
import { MOST_DAYS, spanOf } from "../src/exports/days";
import { open, press, settled, type } from "./play";

const NUMBER = "990101199001010011";
const button = (name: string): HTMLButtonElement => screen.getByRole("button", { name });

async function look(): Promise<void> {
  await type("案号或工单号", "样例-0316");
  await type(/完整证件号/, NUMBER);
  await press("查询");
  await screen.findByText("流行病学调查 · 样例-0316");
}

test("erasing wants a reason of its own and the number once more, and ends the look with a receipt", async () => {
  const asked: NewErasure[] = [];
  await open("?as=community#/residents", {
    erase: (one) => {
      asked.push(one);
      return Promise.resolve(sampleErasure(one));
    },
  });
  await look();
  await press("抹去此人…");
  await settled();
  const go = "记入审计并抹去";
  expect(button(go).disabled).toBe(true);
  await press("本人申请");
  await type("案号或工单号", "样例-0317");
  expect(button(go).disabled).toBe(true);
  await type(/再输入一次/, "990101199001010099");
  await press(go);
  expect(await screen.findByText("这不是这次查看的人。")).toBeTruthy();
  await type(/再输入一次/, NUMBER);
  await press(go);
  expect(await screen.findByText("已抹去")).toBeTruthy();
  expect(asked[1]).toEqual({
    look: 20_419,
    who: NUMBER,
    reason: "own-request",
    case: "样例-0317",
    words: "",
  });
  expect(screen.getByText("2026-11-21T08.data.age")).toBeTruthy();
  expect(screen.getByText("没有期限，要有人删除")).toBeTruthy();
  expect(document.querySelector("li[data-shown]")).toBeNull();
  expect(button("下载回执").disabled).toBe(false);
  await press("关闭");
  expect(screen.getByText("为什么要看这个人的通行？")).toBeTruthy();
});

test("while what had arrived is opened the page says so, and has no receipt yet", async () => {
  await open("?as=community#/residents", {
    erase: () => Promise.resolve({ ...endedErasure(), waits: true, receipt: null }),
  });
  await look();
  await press("抹去此人…");
  await settled();
  await press("本人申请");
  await type("案号或工单号", "样例-0317");
  await type(/再输入一次/, NUMBER);
  await press("记入审计并抹去");
  expect(await screen.findByText("正在抹去")).toBeTruthy();
  expect(button("下载回执").disabled).toBe(true);
});

test("who may not erase or export sees no way to it", async () => {
  await open("?as=community&without=residents.erase&without=residents.export#/residents");
  expect(screen.queryByRole("link", { name: "导出登记" })).toBeNull();
  await look();
  expect(screen.queryByRole("button", { name: "抹去此人…" })).toBeNull();
});

test("an export is of whole days, and has a reason", async () => {
  const asked: NewExport[] = [];
  await open("?as=community#/exports", {
    exportPassages: (one) => {
      asked.push(one);
      return Promise.resolve(new Blob(["x"]));
    },
  });
  URL.createObjectURL = () => "blob:sample";
  URL.revokeObjectURL = () => undefined;
  expect(button("导出表格").disabled).toBe(true);
  await type("从", "2026-03-01");
  await type(/^到/, "2026-03-02");
  await press("流行病学调查");
  await type("案号或工单号", "样例-0318");
  await press("导出表格");
  expect(await screen.findByText(/已导出 passages-990101001001-2026-03-01-2026-03-02.csv/)).toBeTruthy();
  const [one] = asked;
  expect(one?.region).toBe("990101001001");
  expect((one?.until ?? 0) - (one?.from ?? 0)).toBe(2 * 86_400);
});

test("days that are none, or too many, are no span", () => {
  expect(spanOf("2026-03-02", "2026-03-01")).toBeUndefined();
  expect(spanOf("", "2026-03-01")).toBeUndefined();
  expect(spanOf("2026-03-01", "2026-03-31")?.until).toBeDefined();
  expect(spanOf("2026-03-01", "2026-04-01")).toBeUndefined();
  expect(MOST_DAYS).toBe(31);
});
