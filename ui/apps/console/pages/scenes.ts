import type { Page } from "playwright-core";

/** One page in one state, by its address and what is done on it. */
export interface Scene {
  name: string;
  /** Behind the office's address: the fake's query and the page. */
  path: string;
  act?: (page: Page) => Promise<void>;
  /** Compare with this picture of the design. */
  like?: string;
}

/** The lines of the design's picture, with every kind of slip. */
export const LINES = [
  "样例甲 样例区样例街道样例社区 13800000031",
  "样例乙 示例街道 13800000032",
  "样例丙 红旗社区 13800000033",
  "样例丁 样板社区 1380000034",
  "样例戊，样例街道样板社区，138-0000-0035",
  "样例己 外区社区 13800000036",
  "=样例庚() 示例社区 13800000037",
  "样例辛 新村社区 13800000038",
  "样例甲 样例区样例街道样例社区 13800000031",
  "陈样例 样例社区 13800000000",
].join("\n");

const fields = async (page: Page, values: string[]): Promise<void> => {
  const inputs = page.locator("main input.control:not([role])");
  for (const [index, value] of values.entries()) await inputs.nth(index).fill(value);
};

const administrator = async (page: Page): Promise<void> => {
  const secret = "sample passphrase";
  await fields(page, ["样例甲", "13800000001", "jia.sample", "sample secret", secret, secret]);
};

const drawn = (page: Page): Promise<void> => page.locator(".chart canvas").waitFor();

const look = async (page: Page, who: string): Promise<void> => {
  await page.locator("[name=case]").fill("样例-0316");
  await page.locator("textarea").fill("核对 11 月 21 日至 23 日经过的卡点");
  await page.locator("[name=who]").fill(who);
  await page.keyboard.press("Enter");
  await page.locator(".why").waitFor();
};

export const SCENES: Scene[] = [
  { name: "first-start-locked", path: "?first=locked#/first-start" },
  { name: "first-start", path: "?first=trust#/first-start" },
  {
    name: "first-start-folder",
    path: "?first=trust#/first-start",
    like: "console-first-start-zh",
    act: async (page) => {
      await page.locator("input[type=file]").evaluate((input: HTMLInputElement) => {
        const files = new DataTransfer();
        files.items.add(new File(["sample"], "root.cose"));
        files.items.add(new File(["sample"], "sealing.key"));
        input.files = files.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
      await page.locator("ol li").nth(5).waitFor();
    },
  },
  { name: "first-start-fields", path: "?first=administrator#/first-start", act: administrator },
  {
    name: "first-start-admin",
    path: "?first=administrator#/first-start",
    like: "console-first-start-admin-zh",
    act: async (page) => {
      await administrator(page);
      await page.locator("button[type=submit]").click();
      await page.locator("input[inputmode=numeric]").fill("41");
    },
  },
  {
    name: "first-start-words",
    path: "?first=administrator#/first-start",
    act: async (page) => {
      await administrator(page);
      await page.locator("button[type=submit]").click();
      await page.locator("button.link").click();
      await page.locator("main ol li").first().waitFor();
    },
  },
  { name: "first-start-ticket", path: "?first=ticket#/first-start" },
  {
    name: "first-start-done",
    path: "?first=ticket#/first-start",
    act: async (page) => {
      await fields(page, ["样例 01"]);
      await page.locator("button[type=submit]").click();
      await page.locator("main section").first().waitFor();
    },
  },
  { name: "signin", path: "#/people", like: "console-signin-zh" },
  {
    name: "signin-wrong",
    path: "?trial#/people",
    act: async (page) => {
      await fields(page, ["chen.sample", "wrong"]);
      await page.locator("input[inputmode=numeric]").fill("418000");
      await page.keyboard.press("Enter");
      await page.locator(".error").waitFor();
    },
  },
  {
    name: "signin-word",
    path: "#/people",
    act: (page) => page.locator("main button.ghost").nth(1).click(),
  },
  { name: "invitation", path: "#/invitation" },
  {
    name: "invitation-unknown",
    path: "#/invitation/NOBODY",
    act: (page) => page.locator(".error").waitFor(),
  },
  {
    name: "invitation-open",
    path: "#/invitation/SAMPLE-0001",
    act: (page) => page.locator("main input[inputmode=numeric]").waitFor(),
  },
  { name: "people", path: "?as=district#/people" },
  { name: "people-empty", path: "?as=city&empty#/people" },
  { name: "people-auditor", path: "?as=auditor#/people/p2" },
  {
    name: "people-invited",
    path: "?as=district#/people/p2",
    like: "console-people-zh",
    act: async (page) => {
      await page.locator("aside button.solid").click();
      await page.locator("aside [role=img]").waitFor();
    },
  },
  { name: "people-disabled", path: "?as=district#/people/p8" },
  {
    name: "people-change",
    path: "?as=district#/people/p5",
    act: (page) => page.locator("aside button.wide").first().click(),
  },
  {
    name: "people-add",
    path: "?as=district#/people/add",
    act: async (page) => {
      await page.locator("aside input").nth(0).fill("样例=甲");
      await page.locator("aside input").nth(1).fill("13800000031");
      await page.locator("aside [role=combobox]").fill("新村");
      await page.locator("aside [role=option]").click();
      await page.locator("aside button[type=submit]").click();
      await page.locator("aside .error").waitFor();
    },
  },
  {
    name: "people-picker",
    path: "?as=district#/people/add",
    act: (page) => page.locator("aside [role=combobox]").fill("红旗"),
  },
  {
    name: "paste",
    path: "?as=district#/people/paste",
    like: "console-paste-zh",
    act: async (page) => {
      await page.locator("textarea").fill(LINES);
      await page.locator("li[data-outcome]").nth(9).waitFor();
    },
  },
  {
    name: "paste-done",
    path: "?as=district#/people/paste",
    act: async (page) => {
      await page.locator("textarea").fill(LINES);
      await page.locator("li[data-outcome]").nth(9).waitFor();
      await page.keyboard.press("Control+Enter");
      await page.locator("#added").waitFor();
    },
  },
  { name: "paste-empty", path: "?as=district#/people/paste" },
  { name: "board", path: "?as=community#/board", like: "console-board-zh", act: drawn },
  { name: "board-wide", path: "?as=city#/board", act: drawn },
  {
    name: "board-table",
    path: "?as=community#/board",
    act: async (page) => {
      await drawn(page);
      await page.locator(".chart button").click();
      await page.locator(".chart table").waitFor();
    },
  },
  { name: "board-empty", path: "?as=city&empty#/board", act: drawn },
  {
    name: "board-cut",
    path: "?as=community&cut#/board",
    act: (page) => page.locator(".live .warn").waitFor(),
  },
  { name: "work", path: "?as=community#/work", like: "console-collector-work-zh", act: drawn },
  { name: "work-wide", path: "?as=district#/work" },
  { name: "work-empty", path: "?as=community&empty#/work" },
  { name: "stations", path: "?as=community&trial#/stations" },
  { name: "stations-wide", path: "?as=city#/stations" },
  { name: "stations-empty", path: "?as=city&empty#/stations" },
  { name: "stations-ticket", path: "?as=community#/stations/t8", like: "console-stations-zh" },
  {
    name: "stations-withdraw",
    path: "?as=community#/stations/s4",
    act: async (page) => {
      await page.locator("aside button.danger").click();
      await page.locator("[role=alertdialog]").waitFor();
    },
  },
  {
    name: "tickets-new",
    path: "?as=community#/stations/new",
    act: (page) => page.locator("textarea").fill("样例 08\n样例 09\n样例 10"),
  },
  {
    name: "tickets-made",
    path: "?as=community#/stations/new",
    act: async (page) => {
      await page.locator("textarea").fill("样例 08\n样例 09\n样例 10");
      await page.keyboard.press("Control+Enter");
      await page.locator("#made").waitFor();
    },
  },
  { name: "sticks", path: "?as=community#/stations/stick" },
  {
    name: "sticks-taken",
    path: "?as=community#/stations/stick",
    act: async (page) => {
      const file = { name: "reports.cbor", mimeType: "application/cbor", buffer: Buffer.from("x") };
      await page.locator("input[type=file]").setInputFiles(file);
      await page.locator("[data-taken]").waitFor();
    },
  },
  ...["enrolled", "late"].map((name) => ({
    name: `sticks-${name}`,
    path: "?as=community#/stations/stick",
    act: async (page: Page) => {
      const buffer = Buffer.from(name === "late" ? "?" : "x");
      const file = { name: "request.cbor", mimeType: "application/cbor", buffer };
      await page.locator("input[type=file]").setInputFiles(file);
      await page.locator(name === "late" ? "[role=alert]" : "[data-answered]").waitFor();
    },
  })),
  { name: "roster", path: "?as=district#/roster" },
  { name: "roster-empty", path: "?as=city&empty#/roster" },
  {
    name: "regions",
    path: "?as=city#/regions",
    act: async (page) => {
      await page.locator("textarea").fill("99,样例省\n9901,样例市\n没有代码\n990101,样例区");
      await page.locator(".errors").waitFor();
    },
  },
  {
    name: "residents",
    path: "?as=community#/residents",
    like: "console-resident-reason-zh",
    act: async (page) => {
      await page.locator("[name=case]").fill("样例-0316");
      await page.locator("textarea").fill("核对 11 月 21 日至 23 日经过的卡点");
      await page.locator("[name=who]").fill("00000019900101");
    },
  },
  {
    name: "residents-wrong",
    path: "?as=district#/residents",
    act: async (page) => {
      await page.locator("textarea").fill("核对 11 月 21 日至 23 日经过的卡点");
      await page.locator("[name=who]").fill("E1234");
      await page.keyboard.press("Enter");
      await page.locator(".error").waitFor();
    },
  },
  {
    name: "resident",
    path: "?as=community#/residents",
    like: "console-resident-zh",
    act: (page) => look(page, "990101199001010011"),
  },
  { name: "resident-family", path: "?as=district#/residents", act: (page) => look(page, "13800000000") },
  { name: "resident-shut", path: "?as=district#/residents", act: (page) => look(page, "KD1:SAMPLE") },
  {
    name: "resident-nobody",
    path: "?as=district&empty#/residents",
    act: (page) => look(page, "990101199001010011"),
  },
  {
    name: "resident-table",
    path: "?as=district#/residents",
    act: async (page) => {
      await look(page, "990101199001010011");
      await page.locator(".places header button").nth(1).click();
      await page.locator(".places table").waitFor();
    },
  },
  {
    name: "resident-erase",
    path: "?as=community#/residents",
    act: async (page) => {
      await look(page, "990101199001010011");
      await page.locator(".who button").click();
      await page.locator(".form [name=case]").fill("样例-0317");
      await page.locator("[name=erase-who]").fill("990101199001010011");
    },
  },
  {
    name: "resident-erased",
    path: "?as=community#/residents",
    act: async (page) => {
      await look(page, "990101199001010011");
      await page.locator(".who button").click();
      await page.locator(".form .reasons button").nth(1).click();
      await page.locator(".form [name=case]").fill("样例-0317");
      await page.locator("[name=erase-who]").fill("990101199001010011");
      await page.locator(".form button[type=submit]").click();
      await page.locator(".erased").waitFor();
    },
  },
  { name: "exports", path: "?as=community#/exports" },
  {
    name: "resident-trace",
    path: "?as=community#/residents",
    act: async (page) => {
      await look(page, "990101199001010011");
      await page.locator("li[data-shown] button").first().click();
      await page.locator(".form textarea").fill("样例-0316 的同一案，找同时经过的人");
    },
  },
  {
    name: "resident-picture",
    path: "?as=community#/residents",
    act: async (page) => {
      await page.locator("main input[type=file]").evaluate((input: HTMLInputElement) => {
        const files = new DataTransfer();
        files.items.add(new File(["<html>"], "code.png"));
        input.files = files.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
      await page.locator(".pictured .error").waitFor();
    },
  },
  {
    name: "resident-no-camera",
    path: "?as=community#/residents",
    act: async (page) => {
      await page.locator("#film").click();
      await page.locator(".camera .error").waitFor();
    },
  },
  { name: "residents-lost", path: "?as=community&lost#/residents" },
  { name: "resident-consents", path: "?as=community&two#/residents" },
  {
    name: "resident-waits",
    path: "?as=community&two#/residents",
    act: async (page) => {
      await look(page, "990101199001010011");
      await page.locator("li[data-shown] button").first().click();
      await page.locator(".form button[type=submit]").click();
      await page.locator(".form [role=status]").waitFor();
    },
  },
  {
    name: "resident-traced",
    path: "?as=community#/residents",
    act: async (page) => {
      await look(page, "990101199001010011");
      await page.locator("li[data-shown] button").first().click();
      await page.locator(".form .buttons button").nth(3).click();
      await page.locator(".form button[type=submit]").click();
      await page.locator("tbody tr").first().waitFor();
      await page.locator("tbody tr button").nth(2).click();
      await page.locator("tbody form button[type=submit]").click();
      await page.locator("tbody [role=status]").waitFor();
      await page.locator("tbody tr button").first().click();
    },
  },
  {
    name: "people-rights",
    path: "?as=district&without=residents.erase#/people/p5",
    act: async (page) => {
      await page
        .locator("aside button")
        .filter({ hasText: /改角色|Change role/ })
        .click();
      await page.locator("aside fieldset").waitFor();
    },
  },
  {
    name: "resident-over",
    path: "?as=community#/residents",
    act: async (page) => {
      await look(page, "990101199001010011");
      await page.locator(".why button").click();
      await page.locator(".over").waitFor();
    },
  },
  { name: "audit", path: "?as=district#/audit", like: "console-audit-zh" },
  {
    name: "audit-found",
    path: "?as=district#/audit",
    act: async (page) => {
      await page.locator("[type=search]").fill("样例-0316");
      await page.locator("tbody tr:nth-child(5)").waitFor();
      await page.locator("main select").selectOption("days");
      await page.locator("[type=date]").first().fill("2026-01-06");
      await page.locator("tbody tr").first().waitFor();
    },
  },
  { name: "card", path: "?as=community&trial#/card" },
  { name: "account", path: "?as=city#/account" },
  {
    name: "account-words",
    path: "?as=city#/account",
    act: async (page) => {
      await page.locator("main input").fill("sample passphrase");
      await page.locator("main button[type=submit]").click();
      await page.locator("main ol li").first().waitFor();
    },
  },
  { name: "unreachable", path: "?as=city&down#/people" },
];
