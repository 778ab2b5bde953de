import { fireEvent } from "@testing-library/svelte";
import { tick } from "svelte";
import { describe, expect, test, vi } from "vitest";
import type { GpsView, WorkbenchScreen } from "../src/bindings";
import { digitsOf, fieldOf, grouped, masked } from "../src/workbench/phone";
import { choices, percent } from "../src/workbench/rules";
import { REMOVE, swiped, swipedTo } from "../src/workbench/swipe";
import { play, press, sceneOf, text } from "./play";

const field = (selector: string): HTMLInputElement => {
  const found = document.querySelector<HTMLInputElement>(selector);
  if (found === null) throw new Error(`no field ${selector}`);
  return found;
};
const type = (selector: string, value: string): Promise<boolean> =>
  fireEvent.input(field(selector), { target: { value } });
const row = (id: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`[data-id="${id}"]`);
  if (found === null) throw new Error(`no row ${id}`);
  return found;
};
/** Returns the workbench's scene with something else in it. */
const withScreen = (name: string, more: Partial<WorkbenchScreen>): ReturnType<typeof sceneOf> => {
  const view = sceneOf(name);
  return { ...view, screen: { ...view.screen, ...more } as typeof view.screen };
};

describe("collectors", () => {
  test("Delete removes the row that has the keyboard, and Ctrl+Z takes the last removal back", async () => {
    const { sent } = await play(sceneOf("workbench-collectors"));
    await fireEvent.keyDown(window, { key: "Delete" });
    expect(sent).toEqual([]);
    row("0000000000000004").focus();
    await fireEvent.keyDown(row("0000000000000004"), { key: "Delete" });
    await fireEvent.keyDown(window, { key: "z", ctrlKey: true });
    expect(sent).toEqual([
      { wing: "workbench", kind: "remove-collector", id: "0000000000000004" },
      { wing: "workbench", kind: "undo-last" },
    ]);
  });

  test("arrow keys choose a row", async () => {
    await play(sceneOf("workbench-collectors"));
    row("0000000000000003").focus();
    await fireEvent.keyDown(row("0000000000000003"), { key: "ArrowDown" });
    expect(document.activeElement).toBe(row("0000000000000005"));
  });

  test("somebody who was removed can be brought back by their own button", async () => {
    const { sent } = await play(sceneOf("workbench-undo"));
    const undo = document.querySelector<HTMLElement>('[data-undo="0000000000000004"]');
    expect(undo?.textContent).toMatch(/已移除 孙\*，并已登出.*7 秒/s);
    undo?.querySelector("button")?.click();
    expect(sent).toEqual([{ wing: "workbench", kind: "undo", id: "0000000000000004" }]);
  });

  test("whoever was removed for good can be restored until the office has published it", async () => {
    const { sent } = await play(sceneOf("workbench-removed"));
    const gone = document.querySelector<HTMLElement>('[data-removed="0000000000000004"]');
    expect(gone?.textContent).toMatch(/孙\*.*已移除，后台发布前可以恢复/s);
    gone?.querySelector("button")?.click();
    expect(sent).toEqual([{ wing: "workbench", kind: "restore-collector", id: "0000000000000004" }]);
    // Until its report is on the disk a removal cannot be answered.
    expect(document.querySelector('[data-removed="0000000000000005"] button')).toBeNull();
  });

  test("what the office refused is a sentence that names whom, until it was seen", async () => {
    const { sent } = await play(sceneOf("workbench-notices"), "en");
    const notices = document.querySelector("[data-notices]");
    expect(notices?.textContent).toMatch(/孙\* was not authorised.*had no right/s);
    notices?.querySelector("button")?.click();
    expect(sent).toEqual([{ wing: "workbench", kind: "notices-seen" }]);
  });

  test("without a checkpoint the page says that one comes first", async () => {
    await play(sceneOf("workbench-collectors-none"));
    expect(text()).toContain("请先添加一个卡点");
  });
});

describe("another PIN", () => {
  test("is typed twice by its collector, sent once, and nothing of it stays in the page", async () => {
    const { sent, show } = await play(sceneOf("workbench-collectors"));
    document.querySelector<HTMLElement>('[aria-label="换 PIN 李*"]')?.click();
    expect(sent.splice(0)).toEqual([{ wing: "workbench", kind: "choose-new-pin", id: "0000000000000001" }]);
    await show(sceneOf("workbench-pin"));
    expect(text()).toMatch(/李\*.*138\*{4}0001/s);
    expect(document.activeElement).toBe(field("#pin"));
    const submit = (): Promise<boolean> =>
      fireEvent.submit(document.querySelector("#new-pin") as HTMLFormElement);
    await type("#pin", "135791");
    await submit();
    expect(document.activeElement).toBe(field("#again"));
    await type("#again", "１３５791");
    await submit();
    expect(sent).toEqual([{ wing: "workbench", kind: "set-pin", pin: "135791", again: "135791" }]);
    expect(field("#pin").value + field("#again").value).toBe("");
    await show(sceneOf("workbench-pin-problem"));
    expect(document.querySelector("form [role=alert]")?.textContent).toBe("两次输入的 PIN 不一样。");
    await press("Escape");
    expect(sent.at(-1)).toEqual({ wing: "workbench", kind: "stop-adding" });
  });
});

describe("the enrolment", () => {
  const button = (label: string): HTMLButtonElement => {
    const found = [...document.querySelectorAll<HTMLButtonElement>(".act button")];
    const button = found.find(({ textContent }) => textContent.includes(label));
    if (button === undefined) throw new Error(`no button ${label}`);
    return button;
  };

  test("says where the laptop belongs, and opens the entrance for another ticket", async () => {
    const { laptop, sent } = await play(sceneOf("workbench-enrolment"));
    expect(text()).toMatch(/样例社区.*420106001001.*样例市卡点后台.*office.sample.invalid.*样例 08.*4F2A/s);
    button("重新入网").click();
    expect(laptop.tickets).toEqual([{ kind: "show" }]);
    expect(sent).toEqual([]);
  });

  test("is left by a second deliberate act alone, which says what becomes of the records", async () => {
    const { laptop, sent, show } = await play(sceneOf("workbench-enrolment"));
    button("退出服务").click();
    await tick();
    expect(text()).toContain("先上传待传的 12 条");
    expect(document.activeElement?.textContent).toContain("不退出");
    await fireEvent.keyDown(window, { key: "Escape" });
    expect([laptop.leaves, sent]).toEqual([[], []]);
    button("退出服务").click();
    await tick();
    laptop.writes = false;
    button("确认退出服务").click();
    await vi.waitFor(() => expect(text()).toContain("本机写不下"));
    laptop.writes = true;
    button("确认退出服务").click();
    expect(laptop.leaves).toEqual(["begin", "begin"]);
    await show(sceneOf("leaving"));
    expect(text()).toMatch(/退出中.*管理员让这台电脑退出服务/s);
    expect(text()).not.toContain("社区停用");
  });

  test("offline, what waits is written to a file only after its own question", async () => {
    const { laptop, show } = await play(sceneOf("leaving"));
    await fireEvent.keyDown(window, { key: "F5" });
    await fireEvent.keyDown(window, { key: "F2" });
    expect(text()).toContain("把没送达的 12 条封存写成文件");
    await fireEvent.keyDown(window, { key: "Escape" });
    expect(laptop.leaves).toEqual([]);
    await fireEvent.keyDown(window, { key: "F2" });
    laptop.writes = false;
    await fireEvent.keyDown(window, { key: "F5" });
    await vi.waitFor(() => expect(text()).toContain("没有导出，登记都还在"));
    expect(laptop.leaves).toEqual(["export"]);
    const view = sceneOf("leaving");
    await show({ ...view, screen: { ...view.screen, waiting: 0 } as typeof view.screen });
    await fireEvent.keyDown(window, { key: "F2" });
    expect(text()).not.toContain("写成文件");
  });
});

describe("a swipe", () => {
  test("goes to the left only, shows the button or removes, by how far it went", () => {
    expect(swipedTo({ x: 500, offset: 0 }, 560)).toBe(0);
    expect(swipedTo({ x: 500, offset: -REMOVE }, 440)).toBe(-REMOVE - 60);
    expect(swiped(-20, 1000)).toEqual({ removes: false, offset: 0 });
    expect(swiped(-100, 1000)).toEqual({ removes: false, offset: -REMOVE });
    expect(swiped(-501, 1000)).toEqual({ removes: true, offset: 0 });
    expect(swiped(-501, 0).removes).toBe(false);
  });
});

describe("checkpoints", () => {
  test("what was typed stays where the station did not take it, and goes once it did", async () => {
    const { sent, show } = await play(sceneOf("workbench-checkpoints"));
    await type("#new-checkpoint", " 西门 ");
    await fireEvent.submit(document.querySelector("form.new") as HTMLFormElement);
    expect(sent).toEqual([{ wing: "workbench", kind: "add-checkpoint", name: "西门", directions: "both" }]);
    await show(
      withScreen("workbench-checkpoints", { problem: { kind: "checkpoint", why: "exists" } } as never),
    );
    expect(field("#new-checkpoint").value).toBe(" 西门 ");
    expect(document.querySelector(".new [role=alert]")?.textContent).toBe("已有同名的卡点。");
    await show(withScreen("workbench-checkpoints", { saving: true }));
    await show(sceneOf("workbench-checkpoints"));
    await tick();
    expect(field("#new-checkpoint").value).toBe("");
  });

  test("with a GPS receiver it may be here, once somebody asks", async () => {
    const { sent, show } = await play(sceneOf("workbench-checkpoints"));
    const button = (): HTMLButtonElement | undefined =>
      [...document.querySelectorAll<HTMLButtonElement>("form.new button")].find(({ textContent }) =>
        textContent.includes("按定位填写"),
      );
    expect(button()).toBeUndefined();
    const withGps = (gps: GpsView): Promise<void> => show(withScreen("workbench-checkpoints", { gps }));
    await withGps({ kind: "idle" });
    button()?.click();
    expect(sent.splice(0)).toEqual([{ wing: "workbench", kind: "locate", asked: true }]);
    await withGps({ kind: "asked", here: null });
    expect(text()).toContain("没有定位信号");
    expect(button()?.getAttribute("aria-pressed")).toBe("true");
    await show(sceneOf("workbench-checkpoints-here"));
    expect(text()).toContain("定位 30.59310, 114.30540 · 误差约 15 米");
    button()?.click();
    expect(sent).toEqual([{ wing: "workbench", kind: "locate", asked: false }]);
  });

  test("one is changed in its row, and Esc ends that before it locks anything", async () => {
    const { sent } = await play(sceneOf("workbench-checkpoints"));
    document.querySelector<HTMLElement>('[aria-label="修改 北门"]')?.click();
    await tick();
    await type(".edit input", "北大门");
    await fireEvent.submit(document.querySelector("form.edit") as HTMLFormElement);
    expect(sent).toEqual([
      {
        wing: "workbench",
        kind: "change-checkpoint",
        id: "0000000000000002",
        name: "北大门",
        directions: "entry",
      },
    ]);
    await fireEvent.keyDown(field(".edit input"), { key: "Escape" });
    expect(document.querySelector(".edit")).toBeNull();
    expect(sent).toHaveLength(1);
    await fireEvent.keyDown(window, { key: "Escape" });
    expect(sent.at(-1)).toEqual({ wing: "workbench", kind: "lock" });
  });

  test("the current one has no button that removes it, and says why", async () => {
    await play(sceneOf("workbench-checkpoints"));
    expect(document.querySelector(".hero")?.textContent).toContain("正在使用，不能删除");
    expect(document.querySelector('[aria-label="删除 样例社区 · 东门"]')).toBeNull();
    expect(document.querySelector('[aria-label="删除 北门"]')).not.toBeNull();
  });
});

describe("authorising a collector", () => {
  test("phone and PIN are sent once they are whole, and no PIN stays in the page", async () => {
    const { sent } = await play(sceneOf("workbench-add"));
    await type("#phone", "135-0000 0006");
    expect(field("#phone").value).toBe("135 0000 0006");
    expect(text()).toContain("名单上只显示 135****0006");
    const submit = (): Promise<boolean> =>
      fireEvent.submit(document.querySelector("#add-collector") as HTMLFormElement);
    await submit();
    expect(sent).toEqual([]);
    await type("#pin", "135791");
    await type("#again", "135791");
    await submit();
    expect(sent).toEqual([
      { wing: "workbench", kind: "add-collector", phone: "13500000006", pin: "135791", again: "135791" },
    ]);
    await tick();
    expect([field("#pin").value, field("#again").value, field("#phone").value]).toEqual([
      "",
      "",
      "135 0000 0006",
    ]);
  });

  test("a problem stands at its field", async () => {
    await play(sceneOf("workbench-add-problem"));
    expect(document.querySelector("#add-collector .problem")?.textContent).toBe(
      "这个 PIN 太好猜，请换一个。",
    );
    expect(fieldOf({ kind: "listed" })).toBe("phone");
    expect(fieldOf({ kind: "pins-differ" })).toBe("pin");
    expect(fieldOf({ kind: "stop" })).toBe("code");
    expect(fieldOf({ kind: "not-recorded" })).toBe("form");
  });

  test("a code that is refused says why, and the camera goes on", async () => {
    await play(sceneOf("workbench-scan-refused"));
    expect(text()).toContain("已过期");
    expect(document.querySelector(".camera")).not.toBeNull();
  });

  test("F2 scans anew, Esc gives up", async () => {
    const { sent } = await play(sceneOf("workbench-add"));
    (document.activeElement as HTMLElement).blur();
    await press("F2");
    await press("Escape");
    expect(sent.map(({ kind }) => kind)).toEqual(["scan-collector", "stop-adding"]);
  });

  test("phone numbers are taken as people write them", () => {
    expect(digitsOf("+86 135-0000-0006")).toBe("13500000006");
    expect(digitsOf("１３５")).toBe("135");
    expect(grouped("1350000")).toBe("135 0000");
    expect(masked("13500000006")).toBe("135****0006");
  });
});

describe("the rules", () => {
  const cell = (index: number): HTMLElement => {
    const found = document.querySelector<HTMLElement>(`[data-cell="${index}"]`);
    if (found === null) throw new Error(`no cell ${index}`);
    return found;
  };
  const menu = (): HTMLButtonElement[] => [
    ...document.querySelectorAll<HTMLButtonElement>("[role=menu] button"),
  ];

  test("a cell opens to what is stricter; milder is locked, and Esc only closes it", async () => {
    const { sent } = await play(sceneOf("workbench-policy"));
    cell(0).click();
    await tick();
    expect(menu().map(({ disabled }) => disabled)).toEqual([true, false, false]);
    expect(document.querySelector("[role=menu]")?.textContent).toContain("国家：样例国 1 号");
    await fireEvent.keyDown(menu()[1] as HTMLElement, { key: "Escape" });
    expect(menu()).toEqual([]);
    expect(sent).toEqual([]);
    cell(1).click();
    await tick();
    expect(menu().map(({ disabled }) => disabled)).toEqual([true, true, false]);
    menu()[2]?.click();
    expect(sent).toEqual([{ wing: "workbench", kind: "make-cell-stricter", cell: 1, ruling: "stop" }]);
  });

  test("what is as strict as can be does not open, and the arrows go from cell to cell", async () => {
    await play(sceneOf("workbench-policy"));
    cell(2).click();
    await tick();
    expect(menu()).toEqual([]);
    cell(2).focus();
    await fireEvent.keyDown(cell(2), { key: "ArrowRight" });
    expect(document.activeElement).toBe(cell(7));
    await fireEvent.keyDown(cell(7), { key: "ArrowDown" });
    expect(document.activeElement).toBe(cell(8));
    await fireEvent.keyDown(cell(9), { key: "ArrowDown" });
    expect(document.activeElement).toBe(cell(8));
  });

  test("a limit can only be made stricter, and what was asked for is marked", async () => {
    const { sent, show } = await play(sceneOf("workbench-policy"));
    const press = (label: string): void => {
      const all = [...document.querySelectorAll<HTMLButtonElement>(".limits button")];
      all.find((button) => button.textContent.trim() === label)?.click();
    };
    press("3 天");
    press("24 小时");
    press("37.0 °C");
    expect(sent).toEqual([
      { wing: "workbench", kind: "make-limits-stricter", fever: null, declarationHours: 24 },
      { wing: "workbench", kind: "make-limits-stricter", fever: 370, declarationHours: null },
    ]);
    await show(sceneOf("workbench-policy-asked"));
    expect(text()).toContain("已申请 24 小时");
    expect(cell(10).textContent).toContain("→ 核实");
    expect(choices("hours", { value: 72, by: 0, asked: 24 })).toEqual([12, 24, 72]);
    expect(choices("tenths", { value: 360, by: 0, asked: null })).toEqual([360]);
  });
});

describe("trust", () => {
  test("says what is in force, when keys change, and how old it is", async () => {
    await play(sceneOf("workbench-trust"));
    for (const said of ["2 小时前", "第 218 版", "22 天后换钥", "1,204", "7 天 屏幕提醒", "45 天 停判"]) {
      expect(text()).toContain(said);
    }
    expect(percent(5, 0, 10)).toBe(50);
    expect([percent(-5, 0, 10), percent(50, 0, 10), percent(1, 1, 1)]).toEqual([0, 100, 0]);
  });

  test("update now asks once and says what came of it", async () => {
    const { sent, show } = await play(sceneOf("workbench-trust"), "en");
    const update = (): HTMLButtonElement | null => document.querySelector("header button");
    update()?.click();
    expect(sent).toEqual([{ wing: "workbench", kind: "update-trust" }]);
    await show(sceneOf("workbench-trust-asking"));
    expect(update()?.disabled).toBe(true);
    await show(sceneOf("workbench-trust-no-answer"));
    expect(text()).toContain("does not answer");
    await show(sceneOf("workbench-trust-newer"));
    expect(text()).toContain("version 217 → 218");
  });
});

test("a collector at the workbench's door is told why there is none and whom to ask", async () => {
  const { sent } = await play(sceneOf("door-collector"));
  expect(text()).toMatch(/李\* 是采集员，没有社区工作台.*居委会 000-0000-0000/s);
  await press("Escape");
  expect(sent).toEqual([{ wing: "shift", kind: "back" }]);
});

test("F10 opens the workbench from wherever somebody stands", async () => {
  for (const scene of ["ready", "signed-out", "choose-checkpoint", "fault-camera-none"]) {
    const { sent } = await play(sceneOf(scene));
    await press("F10");
    expect(sent.at(-1), scene).toEqual({ wing: "shift", kind: "open-workbench" });
    document.body.replaceChildren();
  }
});
