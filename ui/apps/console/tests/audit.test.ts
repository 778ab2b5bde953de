import { expect, test } from "vitest";
import { wantedOf, type Choice } from "../src/audit/wanted";
import { wordsIn } from "../src/words";
import { screen, waitFor } from "@testing-library/svelte";
import { open, rows, type } from "./play";

const NOW = 1_800_000_000;
const zh = wordsIn("zh");
const choice: Choice = { kind: "all", span: "week", from: "2026-11-01", until: "2026-11-02", find: "" };
const wanted = (more: Partial<Choice>): ReturnType<typeof wantedOf> =>
  wantedOf({ ...choice, ...more }, "9901", NOW, zh);

test("a span goes back so far, or from one day to another", () => {
  expect(wanted({})).toEqual({ region: "9901", kind: "all", from: NOW - 7 * 86_400 });
  expect(wanted({ span: "all", kind: "looks" })).toEqual({ region: "9901", kind: "looks" });
  const days = wanted({ span: "days" });
  expect((days?.until ?? 0) - (days?.from ?? 0)).toBe(2 * 86_400);
  expect(wanted({ span: "days", from: "2026-11-03" })).toBeUndefined();
  expect(wanted({ span: "days", from: "" })).toBeUndefined();
});

test("a text stands for the acts whose names have it", () => {
  const found = wanted({ span: "all", find: " 登录失败 " });
  expect(found).toEqual({ region: "9901", kind: "all", find: "登录失败", acts: ["sign-in-failed"] });
  expect(wantedOf({ ...choice, span: "all", find: "traced" }, "9901", NOW, wordsIn("en"))?.acts).toContain(
    "resident-traced",
  );
});

test("the log is searched by a case number, and a name of an act", async () => {
  await open("?as=district#/audit");
  await type("人、对象、理由", "样例-0316");
  await waitFor(() => expect(rows()).toHaveLength(5));
  expect(screen.getByRole("button", { name: /查询居民 \d/ }).textContent).toBe("查询居民 3");
  await type("人、对象、理由", "登录失败");
  await waitFor(() => expect(rows()).toHaveLength(1));
  await type("人、对象、理由", "没有这样的");
  expect(await screen.findByText("这段时间里没有符合的条目。")).toBeTruthy();
});
