import { fireEvent, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { createIdle } from "../src/desk/idle";
import { isWithin, levelOf, shortPath } from "../src/desk/regions";
import { arrived, key, open, press, settled } from "./play";

afterEach(() => vi.useRealTimers());

const entries = (): (string | null)[] =>
  [...document.querySelectorAll("nav .pages:not(.me) a")].map((link) => link.textContent.trim());

test("the side bar has the pages that there are, and no others", async () => {
  await open("?as=district#/people");
  expect(entries()).toEqual([
    "实时看板",
    "居民查询",
    "采集员工作",
    "导出登记",
    "卡点与名册",
    "工作站",
    "人员与权限",
    "审计日志",
    "部署卡",
  ]);
});

test("an auditor sees everything of their region and may change nothing", async () => {
  await open("?as=auditor#/people/p2");
  expect(screen.queryByRole("link", { name: "添加一人" })).toBeNull();
  expect(screen.queryByRole("button", { name: /作废|停用|改角色/ })).toBeNull();
  location.hash = "#/people/paste";
  await arrived("#/people/paste");
  expect(screen.queryByLabelText("原文")).toBeNull();
});

test("a trial is marked on every page", async () => {
  await open("?as=district&trial#/people");
  for (const page of ["roster", "stations", "audit", "card", "account"]) {
    location.hash = `#/${page}`;
    await arrived(`#/${page}`);
    expect(screen.getAllByText("试用").length).toBeGreaterThan(0);
  }
});

test("the tree shows the way down and no neighbours, and a region scopes the page", async () => {
  await open("?as=district#/people");
  const names = screen.getAllByRole("treeitem").map((item) => item.textContent.trim());
  expect(names).toEqual(["样例市", "样例区", "样例街道", "示例街道"]);
  await fireEvent.click(screen.getByRole("treeitem", { name: "示例街道" }));
  await arrived("#/people?region=990101002");
  expect(screen.getByText("全部 2")).toBeTruthy();
  expect(screen.getByRole("treeitem", { name: "示例街道" }).getAttribute("aria-selected")).toBe("true");
});

test("what is above one's own region cannot be chosen", async () => {
  await open("?as=district#/people");
  await fireEvent.click(screen.getByRole("treeitem", { name: "样例市" }));
  expect(location.hash).toBe("#/people");
  location.hash = "#/people?region=990102";
  await arrived("#/people?region=990102");
  expect(screen.getByRole("treeitem", { name: "样例区" }).getAttribute("aria-selected")).toBe("true");
});

test("arrow keys open, close and walk the tree", async () => {
  await open("?as=district#/people");
  screen.getByRole("treeitem", { name: "样例街道" }).focus();
  await key("ArrowRight");
  expect(screen.getByRole("treeitem", { name: "样例社区" })).toBeTruthy();
  await key("ArrowRight");
  expect(document.activeElement?.textContent.trim()).toBe("样例社区");
  await key("ArrowLeft");
  expect(document.activeElement?.textContent.trim()).toBe("样例街道");
  await key("ArrowLeft");
  expect(screen.queryByRole("treeitem", { name: "样例社区" })).toBeNull();
  await key("Enter");
  await arrived("#/people?region=990101001");
});

test("language and look change at once and are kept", async () => {
  await open("?as=district#/account");
  await press("English");
  expect(document.documentElement.lang).toBe("en");
  expect(localStorage.getItem("kadian.language")).toBe("en");
  await press("Dark");
  expect(document.documentElement.dataset["theme"]).toBe("dark");
  expect(localStorage.getItem("kadian.theme")).toBe("dark");
  await press("Light");
});

test("new words ask for the passphrase, and are shown once", async () => {
  await open("?as=district#/account");
  const passphrase = screen.getByLabelText("密码");
  await fireEvent.input(passphrase, { target: { value: "wrong" } });
  await press("换新的一页");
  expect(await screen.findByText("密码不对。")).toBeTruthy();
  await fireEvent.input(passphrase, { target: { value: "sample passphrase" } });
  await press("换新的一页");
  expect(await screen.findByText("amber-17-lotus")).toBeTruthy();
  await press("已经收好");
  expect(screen.queryByText("amber-17-lotus")).toBeNull();
});

test("signing out leaves nothing of the page behind", async () => {
  await open("?as=district#/account");
  await press("退出");
  expect(await screen.findByRole("heading", { level: 1, name: "登录" })).toBeTruthy();
  expect(document.body.textContent).not.toContain("林**");
  await settled();
});

test("whoever touches nothing for the whole time is signed out, and a touch begins it anew", () => {
  vi.useFakeTimers();
  const idle = vi.fn();
  const stop = createIdle(1200, idle);
  vi.advanceTimersByTime(1199_000);
  window.dispatchEvent(new Event("keydown"));
  vi.advanceTimersByTime(1199_000);
  expect(idle).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2_000);
  expect(idle).toHaveBeenCalled();
  stop();
});

test("a subtree is a prefix", () => {
  expect(isWithin("990101001", "990101")).toBe(true);
  expect(isWithin("990102", "990101")).toBe(false);
  expect(["99", "9901", "990101", "990101001", "990101001001"].map(levelOf)).toEqual([
    "province",
    "city",
    "district",
    "street",
    "community",
  ]);
  const region = { code: "990101001001", name: "丙", path: ["甲", "乙", "丙"] };
  expect(shortPath(region, { code: "990101", name: "甲" })).toEqual(["乙", "丙"]);
  expect(shortPath(region, region)).toEqual(["丙"]);
});
