import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { Pasted } from "../src/backend/api";
import { createFake } from "../src/backend/fake/fake";
import { Problem } from "../src/backend/problem";
import { choicesFor, marked } from "../src/people/lines";
import { addressOf } from "../src/people/people";
import { arrived, follow, key, open, press, rows, type } from "./play";

const LINES = [
  "样例甲 样例区样例街道样例社区 13800000031",
  "样例丙 红旗社区 13800000033",
  "样例丁 样板社区 1380000034",
  "=样例庚() 示例社区 13800000037",
].join("\n");

test("those stand first who need something, and can be shown alone", async () => {
  await open("?as=district#/people");
  expect(rows()).toHaveLength(8);
  expect(rows()[0]).toContain("邀请已过期");
  await press("需要处理 3");
  expect(rows()).toHaveLength(3);
});

test("people are found by name, last four digits and region", async () => {
  await open("?as=district#/people");
  for (const [text, count] of [
    ["郑", 1],
    ["0025", 1],
    ["示例街道", 2],
    ["nobody", 0],
  ] as const) {
    await type("姓名、手机后四位、区划", text);
    expect(rows(), text).toHaveLength(count);
  }
  expect(screen.getByText("没有符合的人。")).toBeTruthy();
});

test("an empty list says so and offers the first action", async () => {
  await open("?as=city&empty#/people");
  expect(screen.getByText(/这里还没有人/)).toBeTruthy();
  expect(screen.getAllByRole("link", { name: "添加一人" }).length).toBe(2);
});

test("rows are one stop of the Tab key, and Esc closes what is open", async () => {
  await open("?as=district#/people/p2");
  const stops = [...document.querySelectorAll<HTMLElement>("[data-rove]")].filter(
    ({ tabIndex }) => tabIndex === 0,
  );
  expect(stops.map(({ textContent }) => textContent)).toEqual(["郑*"]);
  expect(screen.getByRole("complementary")).toBeTruthy();
  await key("Escape");
  await arrived("#/people");
  expect(screen.queryByRole("complementary")).toBeNull();
});

test("an invitation is shown only when it is made, and can be ended", async () => {
  await open("?as=district#/people/p1");
  expect(screen.queryByRole("img")).toBeNull();
  await press("再发一次");
  expect(await screen.findByRole("img", { name: "许**的邀请，二维码" })).toBeTruthy();
  await press("作废许**的邀请");
  await waitFor(() => expect(screen.queryByRole("img")).toBeNull());
  expect(rows()[0]).toContain("邀请已过期");
});

test("somebody is disabled by name, and enabled again", async () => {
  await open("?as=district#/people/p5");
  await press("停用褚*");
  await waitFor(() => expect(rows().find((row) => row.includes("褚*"))).toContain("已停用"));
  await press("重新启用褚*");
  await waitFor(() => expect(rows().find((row) => row.includes("褚*"))).toContain("在用"));
});

test("the last administrator cannot be disabled, and the page says why", async () => {
  await open("?as=district#/people/p5", { disable: () => Promise.reject(new Problem("last-administrator")) });
  await press("停用褚*");
  expect(await screen.findByText("这是最上一级的最后一位管理员，不能停用。")).toBeTruthy();
});

test("who is a community's only administrator is disabled once somebody has read what follows", async () => {
  const confirmed: boolean[] = [];
  await open("?as=district#/people/p5", {
    disable: (_, confirm = false) => {
      confirmed.push(confirm);
      const more = { status: 409, communities: ["新村社区"] };
      return Promise.reject(new Problem(confirm ? "store" : "no-administrator-left", more));
    },
  });
  await press("停用褚*");
  expect(await screen.findByText("新村社区：之后就没有管理员了，没有人能添加采集员和采集点。")).toBeTruthy();
  await screen.findByRole("button", { name: "仍然这样做" });
  await press("仍然这样做");
  await waitFor(() => expect(confirmed).toEqual([false, true]));
  await waitFor(() => expect(screen.queryByText("仍然这样做")).toBeNull());
});

test("the printed code opens the invitation, whether or not the office's address names the word", () => {
  const invitation = { word: "A1-B2", expires: "" };
  const address = "https://office.sample.invalid/console/#/invitation";
  expect(addressOf({ ...invitation, url: address })).toBe(`${address}/A1-B2`);
  expect(addressOf({ ...invitation, url: `${address}/A1-B2` })).toBe(`${address}/A1-B2`);
});

test("role and region are changed together", async () => {
  await open("?as=district#/people/p5");
  await press("改角色、区划或权限");
  await type("管哪里（含其下）", "新村");
  await fireEvent.keyDown(screen.getByRole("combobox", { name: "管哪里（含其下）" }), { key: "Enter" });
  await press("改好了");
  await waitFor(() => expect(rows().find((row) => row.includes("褚*"))).toContain("示例街道 / 新村社区"));
});

test("one person is added as a line whose place is chosen", async () => {
  const sent: Pasted[] = [];
  const fake = createFake(new URLSearchParams("as=district"));
  const addPeople = (pasted: Pasted): ReturnType<typeof fake.addPeople> => {
    sent.push(pasted);
    return fake.addPeople(pasted);
  };
  await open("#/people/add", { ...fake, addPeople });
  await type("姓名", "样例=甲");
  await type("手机号", "13800000031");
  await type("管哪里（含其下）", "示例街道红旗");
  await fireEvent.keyDown(screen.getByRole("combobox", { name: "管哪里（含其下）" }), { key: "Enter" });
  await press("添加，给一份邀请");
  expect(await screen.findByText("姓名里不能有 =")).toBeTruthy();
  expect(screen.getByLabelText("手机号")).toHaveProperty("value", "13800000031");
  await type("姓名", "样例甲");
  await press("添加，给一份邀请");
  expect(await screen.findByRole("img", { name: /的邀请，二维码/ })).toBeTruthy();
  await waitFor(() => expect(rows()[0]).toContain("示例街道 / 红旗社区"));
  expect(sent).toEqual([
    {
      text: "样例甲\t样例市样例区示例街道红旗社区\t13800000031",
      role: "administrator",
      choices: { "1": "990101002002" },
    },
  ]);
});

test("pasted lines are read as they are typed, and only those are added that can be", async () => {
  await open("?as=district#/people");
  await follow("粘贴名单");
  await type("原文", LINES);
  expect(await screen.findByText("1 人可以添加")).toBeTruthy();
  expect(screen.getByText("手机号 10 位，少 1 位")).toBeTruthy();
  expect(screen.getByText("姓名里不能有 = ( )")).toBeTruthy();
  expect(document.querySelectorAll(".behind u")).toHaveLength(3);

  await press("示例街道 / 红旗社区");
  expect(await screen.findByText("2 人可以添加")).toBeTruthy();
  await key("Enter", { ctrlKey: true });
  expect(await screen.findByText("已添加 2 人，每人一份邀请")).toBeTruthy();
  await press("回到剩下的 2 行");
  expect(screen.getByLabelText("原文")).toHaveProperty("value", LINES.split("\n").slice(2).join("\n"));
});

test("what was pasted is still there when the page is opened again", async () => {
  await open("?as=district#/people/paste");
  await type("原文", LINES);
  await key("Escape");
  await arrived("#/people");
  await follow("粘贴名单");
  expect(screen.getByLabelText("原文")).toHaveProperty("value", LINES);
});

test("more than a thousand lines are too many, and nothing is asked", async () => {
  const previewPeople = vi.fn(() => Promise.reject(new Problem("too-many-lines")));
  await open("?as=district#/people/paste", { previewPeople });
  await type("原文", "样例甲 样例社区 13800000031\n".repeat(1001));
  expect(screen.getByText(/一次最多 1,000 行/)).toBeTruthy();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(previewPeople).not.toHaveBeenCalled();
});

test("a choice stays with its line when lines above it come and go", () => {
  const chosen = new Map([["样例丙 红旗社区 1", "990101002002"]]);
  expect(choicesFor("样例丙 红旗社区 1", chosen)).toEqual({ "1": "990101002002" });
  expect(choicesFor("x\n\n 样例丙 红旗社区 1 ", chosen)).toEqual({ "3": "990101002002" });
  expect(choicesFor("样例丙 红旗社区 2", chosen)).toEqual({});
});

test("markup and right-to-left text are text", async () => {
  await open("?as=district#/people/paste");
  await type("原文", "<b>甲</b> 样例社区 13800000031\n\u202eגבר 样例社区 13800000032");
  expect(await screen.findAllByText(/姓名里不能有/)).toHaveLength(2);
  expect(document.querySelector(".behind b")).toBeNull();
  expect(marked("ab", [0, 1])).toEqual(["", "a", "b"]);
});

test("rights are given one by one, and nobody gives what they have not", async () => {
  const fake = createFake(new URLSearchParams("as=district&without=residents.erase"));
  const changed: unknown[] = [];
  const changePerson: typeof fake.changePerson = (id, change) => {
    changed.push(change);
    return fake.changePerson(id, change);
  };
  await open("#/people/p5", { ...fake, changePerson });
  expect(screen.getByText("再写理由后看谁同时经过").closest("li")?.className).toContain("faint");
  await press("改角色、区划或权限");
  const erase = screen.getByRole<HTMLInputElement>("checkbox", { name: /抹去一位居民.*你自己没有，不能给/ });
  expect(erase.disabled).toBe(true);
  await fireEvent.click(screen.getByRole("checkbox", { name: "再写理由后看谁同时经过" }));
  await fireEvent.click(screen.getByRole("checkbox", { name: "添加、改和停用人员" }));
  await press("改好了");
  await waitFor(() => {
    expect(changed).toEqual([
      expect.objectContaining({ rights: ["stations.manage", "residents.look", "residents.trace"] }),
    ]);
  });
  await waitFor(() => {
    expect(screen.getByText("再写理由后看谁同时经过").closest("li")?.className).not.toContain("faint");
  });
});

test("who may not manage people has no page of them", async () => {
  await open("?as=district&without=people.manage#/stations");
  expect(screen.queryByRole("link", { name: "人员与权限" })).toBeNull();
});
