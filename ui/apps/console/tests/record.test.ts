import { screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import { open, press, rows, type } from "./play";

test("the roster shows checkpoints, people, and what waits or was refused", async () => {
  await open("?as=district#/roster");
  expect(screen.getByText("样例小学门口")).toBeTruthy();
  expect(screen.getByText("等待发布")).toBeTruthy();
  expect(screen.getByText("没有收下：此人当时没有这个权限")).toBeTruthy();
  expect(document.body.textContent).toContain("移除卡点 西门");
  expect(screen.getByText(/还没有卡点/)).toBeTruthy();
});

test("the audit log says that its chain is whole, and which entries are looks", async () => {
  await open("?as=district#/audit");
  expect(screen.getByText(/链完整：20,418 条/)).toBeTruthy();
  expect(rows()).toHaveLength(18);
  expect(rows().at(-1)).toContain("已抹去");
  await press("登录");
  await waitFor(() => expect(rows()).toHaveLength(2));
});

test("a chain that is broken says where", async () => {
  await open("?as=district#/audit", {
    checkAudit: () => Promise.resolve({ count: 20_418, ok: false, brokenAt: 1207 }),
  });
  await press("重新校验");
  expect(await screen.findByText(/链在第 1,207 条断开/)).toBeTruthy();
});

test("an act that has no words is shown as it is, and a region that was looked at is named", async () => {
  await open("?as=district#/audit", {
    audit: () =>
      Promise.resolve({
        entries: [
          {
            seq: 1,
            at: "2026-11-29T00:00:00Z",
            actor: null,
            act: "brand-new",
            object: "990101",
            hash: "00112233",
            erased: false,
          },
        ],
        count: 1,
        head: "0011",
        checked: null,
      }),
  });
  expect(rows()[0]).toContain("brand-new");
  // A region is named.
  expect(rows()[0]).toContain("样例市 / 样例区");
  expect(screen.getByText("1 条，还没有校验")).toBeTruthy();
});

test("a table of regions is looked at before it is imported", async () => {
  const importRegions = vi.fn(() => Promise.resolve());
  await open("?as=city#/regions", { importRegions });
  await type("或粘贴在这里", "99,样例省\n没有代码");
  expect(await screen.findByText("第 2 行：不是“代码,名称”")).toBeTruthy();
  expect(screen.getByRole("button", { name: /导入这/ })).toHaveProperty("disabled", true);
  await type("或粘贴在这里", "99,样例省\n9901,样例市");
  await waitFor(() =>
    expect(screen.getByRole("button", { name: "导入这 2 行" })).toHaveProperty("disabled", false),
  );
  await press("导入这 2 行");
  expect(await screen.findByText(/已导入/)).toBeTruthy();
  expect(importRegions).toHaveBeenCalledWith("99,样例省\n9901,样例市");
});

test("only an administrator at the top imports regions", async () => {
  await open("?as=district#/regions");
  expect(screen.getByText("名录由最上一级的管理员导入。")).toBeTruthy();
  expect(screen.queryByRole("link", { name: "导入名录" })).toBeNull();
});

test("the deployment's card is printed with its eight groups", async () => {
  vi.stubGlobal("print", vi.fn());
  await open("?as=community#/card");
  await press("打印部署卡");
  await waitFor(() => expect(document.querySelector(".sheets .a4")?.textContent).toContain("4F2A"));
  vi.unstubAllGlobals();
});
