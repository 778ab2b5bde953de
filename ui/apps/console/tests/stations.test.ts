import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import { ALERTS, known } from "../src/words/codes";
import { arrived, follow, key, open, press, rows, type } from "./play";

test("what needs a person stands on top as sentences, and the worst station first", async () => {
  await open("?as=community#/stations");
  expect(screen.getByText(/它的记录分成了两支/)).toBeTruthy();
  expect(rows()[0]).toContain("样例 04");
  expect(rows()[0]).toContain("离线");
  await press("需要处理 3");
  expect(rows()).toHaveLength(3);
});

test("a withdrawal asks once more by the station's name, and Esc takes the question back", async () => {
  await open("?as=community#/stations");
  await follow("撤销 样例 04");
  await press("撤销 样例 04");
  expect(screen.getByRole("alertdialog").textContent).toContain("确定撤销 样例 04？");
  await key("Escape");
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(screen.getByRole("complementary")).toBeTruthy();

  await press("撤销 样例 04");
  const dialog = screen.getByRole("alertdialog");
  await fireEvent.click(dialog.querySelector("button") ?? dialog);
  await waitFor(() => expect(rows().find((row) => row.includes("样例 04"))).toContain("已撤销"));
});

test("tickets are issued for one to fifty names", async () => {
  await open("?as=community#/stations/new");
  const names = screen.getByLabelText("电脑名称，一行一台");
  await fireEvent.input(names, { target: { value: "样例\n".repeat(51) } });
  expect(screen.getByText("一次最多 50 台。")).toBeTruthy();
  expect(screen.getByRole("button", { name: /签发这 51 张票/ })).toHaveProperty("disabled", true);
  await fireEvent.input(names, { target: { value: "样例 08\n\n 样例 09 " } });
  await type("有效多久（小时）", "721");
  expect(screen.getByText("1 到 720 小时。")).toBeTruthy();
  await type("有效多久（小时）", "8");
  await key("Enter", { ctrlKey: true });
  expect(await screen.findByText("已签发 2 张票")).toBeTruthy();
});

test("a printed ticket has a page of its own, in both languages, and no fingerprint", async () => {
  const print = vi.fn();
  vi.stubGlobal("print", print);
  await open("?as=community&trial#/stations/new");
  await fireEvent.input(screen.getByLabelText("电脑名称，一行一台"), {
    target: { value: "样例 08\n样例 09" },
  });
  await key("Enter", { ctrlKey: true });
  await screen.findByText("已签发 2 张票");
  await press("打印 2 页");
  await waitFor(() => expect(print).toHaveBeenCalled());
  const sheets = [...document.querySelectorAll(".sheets .a4")];
  expect(sheets).toHaveLength(2);
  expect(sheets[0]?.textContent).toContain("样例 08");
  expect(sheets[0]?.textContent).toContain("Valid until");
  expect(sheets[0]?.textContent).toContain("试用");
  expect(sheets[0]?.textContent).not.toMatch(/4F2A|91C0/);
  window.dispatchEvent(new Event("afterprint"));
  await waitFor(() => expect(document.querySelector(".sheets")).toBeNull());
  vi.unstubAllGlobals();
});

test("a ticket that nobody used can be taken back, and shows no text of its own", async () => {
  await open("?as=community#/stations/t8");
  expect(screen.queryByRole("img")).toBeNull();
  expect(screen.getByText(/票只在签发时显示/)).toBeTruthy();
  await press("作废这张票");
  await arrived("#/stations");
  expect(screen.queryByText("样例 08")).toBeNull();
});

test("an empty region offers the first ticket", async () => {
  await open("?as=city&empty#/stations");
  expect(screen.getByText(/这里还没有工作站/)).toBeTruthy();
  expect(screen.getAllByRole("link", { name: "新入网票" }).length).toBe(2);
});

test("an alert that has no words is named by its code", () => {
  expect(known(ALERTS, "fork")).toBe("fork");
  expect(known(ALERTS, "brand-new")).toBeUndefined();
});
