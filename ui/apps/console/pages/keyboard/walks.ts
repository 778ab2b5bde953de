import { LINES } from "../scenes";
import type { Hands } from "./hands";
import { DOORS } from "./doors";

/** What somebody does on one page, from its address on. */
export interface Walk {
  name: string;
  path: string;
  act: (hands: Hands) => Promise<void>;
}

const IDENTITY = "990101199001010011";
const button = (text: string): string => `button:has-text("${text}")`;
const MAIN = "main .body";

async function look(hands: Hands): Promise<void> {
  await hands.fill("[name=case]", "样例-0316");
  await hands.fill("[name=who]", IDENTITY);
  await hands.press("Enter");
  await hands.at(".who h2");
}

export const WALKS: Walk[] = [
  ...DOORS,
  {
    name: "the board's chart opens its table, and the regions lead down to a laptop",
    path: "?as=city#/board",
    act: async (hands) => {
      await hands.open(".chart button");
      await hands.shown(".chart table");
      await hands.to(".chart .behind");
      await hands.press("Shift+Tab", "Enter");
      await hands.gone(".chart table");
      await hands.to("[role=treeitem]");
      // Down from the city: its district, its street, its community.
      for (const region of ["990101", "990101001", "990101001001"]) {
        await hands.press("ArrowRight", "ArrowRight", "Enter");
        await hands.page.waitForURL((url) => url.hash.endsWith(`region=${region}`));
      }
      await hands.open("main [data-rove]");
      await hands.shown("aside");
    },
  },
  {
    name: "a laptop is opened, asked about, kept, and closed, with the focus where it was",
    path: "?as=community#/stations",
    act: async (hands) => {
      await hands.to("tbody [data-rove]");
      await hands.press("ArrowDown", "ArrowDown", "Enter");
      await hands.shown("aside");
      await hands.open("#withdraw");
      await hands.at("[role=alertdialog]");
      await hands.press("Escape");
      await hands.at("#withdraw");
      await hands.press("Escape");
      await hands.gone("aside");
      await hands.at("tbody tr:nth-child(3) [data-rove]");
      await hands.press("Enter");
      await hands.open("#withdraw");
      await hands.open("[role=alertdialog] button");
      await hands.gone("[role=alertdialog]");
    },
  },
  {
    name: "tickets are made and closed",
    path: "?as=community#/stations",
    act: async (hands) => {
      await hands.open("#new-ticket");
      await hands.fill("textarea", "样例 08");
      await hands.press("Enter");
      await hands.type("样例 09");
      await hands.press("Control+Enter");
      await hands.at("#made");
      await hands.press("Escape");
      await hands.at("#new-ticket");
    },
  },
  {
    name: "another collector's work and its table",
    path: "?as=community#/work",
    act: async (hands) => {
      await hands.to(".who select");
      await hands.press("ArrowDown");
      await hands.page.waitForURL(/work\/0202/);
      await hands.open(".chart button");
      await hands.shown(".chart table");
      await hands.open("header button:not([aria-pressed=true])");
    },
  },
  {
    name: "a person is found, changed, and closed",
    path: "?as=district#/people",
    act: async (hands) => {
      await hands.to("tbody [data-rove]");
      await hands.press("End", "Home", "ArrowDown", "Enter");
      await hands.shown("aside");
      await hands.open("#change");
      await hands.to("#change-role");
      await hands.press("Escape");
      await hands.at("#change");
      await hands.press("Enter");
      await hands.to("aside [type=checkbox]");
      await hands.press("Space");
      await hands.open("aside button[type=submit]");
      await hands.at("#change");
      await hands.press("Escape");
      await hands.gone("aside");
      await hands.at("tbody tr:nth-child(2) [data-rove]");
      await hands.fill("[type=search]", "李");
    },
  },
  {
    name: "a person is added in a region that is typed",
    path: "?as=district#/people",
    act: async (hands) => {
      await hands.open('main a[href^="#/people/add"]');
      await hands.at("aside input");
      await hands.type("样例甲");
      await hands.press("Tab");
      await hands.type("13800000031");
      await hands.fill("aside [role=combobox]", "红旗");
      await hands.press("ArrowDown", "Escape");
      await hands.shown("aside");
      await hands.press("ArrowDown", "ArrowDown", "Enter");
      await hands.open("aside button[type=submit]");
      await hands.shown("aside [role=img]");
      await hands.press("Escape");
      await hands.gone("aside");
      await hands.at('main a[href^="#/people/add"]');
    },
  },
  {
    name: "pasted lines are added and closed",
    path: "?as=district#/people",
    act: async (hands) => {
      await hands.open("#paste");
      await hands.at("textarea");
      await hands.page.keyboard.insertText(LINES);
      await hands.shown("li[data-outcome]:nth-child(10)");
      await hands.press("Control+Enter");
      await hands.shown("#added");
      await hands.press("Escape");
      await hands.at("#paste");
    },
  },
  {
    name: "the regions' table is imported",
    path: "?as=city#/regions",
    act: async (hands) => {
      await hands.fill("textarea", "99,样例省");
      await hands.shown(".found");
      await hands.open(`${MAIN} .row ${button("导入这")}:not(:disabled)`);
      await hands.shown(".done");
    },
  },
  {
    name: "somebody is looked at, and who passed at the same time, and one phone number",
    path: "?as=community#/residents",
    act: async (hands) => {
      await hands.to(".reasons button");
      await hands.press("Tab", "Space");
      await look(hands);
      await hands.open("li[data-shown] button");
      await hands.at(".form h3");
      await hands.to(".form textarea");
      await hands.press("Escape");
      await hands.gone(".form");
      await hands.at("li[data-shown] button");
      await hands.press("Enter");
      await hands.open(`.form button[type=submit]`);
      await hands.shown("tbody tr");
      await hands.open("#phone-1");
      await hands.at("tbody .form");
      await hands.press("Escape");
      await hands.at("#phone-1");
      await hands.press("Enter");
      await hands.open("tbody form button[type=submit]");
      await hands.at("tbody [role=status]");
      await hands.open(`.why ${button("回到")}`);
      await hands.at(".who h2");
      await hands.open(".places button:not([aria-pressed=true])");
      await hands.shown(".places table");
      await hands.open(`.why ${button("结束")}`);
      await hands.at("main h1");
    },
  },
  {
    name: "a camera is opened, and closed",
    path: "?as=community#/residents",
    act: async (hands) => {
      await hands.open("#film");
      await hands.at(".camera button");
      await hands.shown(".camera .error");
      await hands.press("Escape");
      await hands.at("#film");
    },
  },
  {
    name: "somebody is erased, and the receipt closed",
    path: "?as=community#/residents",
    act: async (hands) => {
      await look(hands);
      await hands.open("#erase");
      await hands.at(".form h3");
      await hands.press("Escape");
      await hands.at("#erase");
      await hands.press("Enter");
      await hands.open(".form .reasons button");
      await hands.fill(".form [name=case]", "样例-0317");
      await hands.fill("[name=erase-who]", IDENTITY);
      await hands.press("Enter");
      await hands.at("#erased-title");
      await hands.open(`.erased ${button("关闭")}`);
      await hands.at("main h1");
    },
  },
  {
    name: "what another one asks for is agreed to",
    path: "?as=community&two#/residents",
    act: async (hands) => {
      await hands.open(`.consents ${button("同意")}`);
      await hands.gone(`.consents ${button("同意")}`);
      await hands.at("main h1");
    },
  },
  {
    name: "passages leave as a table",
    path: "?as=community#/exports",
    act: async (hands) => {
      await hands.open(".reasons button");
      await hands.fill("[name=case]", "样例-0318");
      const saved = hands.page.waitForEvent("download");
      await hands.press("Enter");
      await saved;
      await hands.shown(".made");
    },
  },
  {
    name: "the log is searched, narrowed, checked and saved",
    path: "?as=district#/audit",
    act: async (hands) => {
      await hands.fill("[type=search]", "样例-0316");
      await hands.gone("tbody tr:nth-child(7)");
      await hands.shown("tbody tr");
      await hands.to("main select");
      await hands.press("ArrowDown");
      await hands.open("section header button:not([aria-pressed=true])");
      await hands.open(`.chain ${button("重新校验")}`);
      const saved = hands.page.waitForEvent("download");
      await hands.open(`.chain ${button("导出")}`);
      await saved;
    },
  },
  {
    name: "one's own account: words, the language, the look, and out",
    path: "?as=city#/account",
    act: async (hands) => {
      await hands.fill("main input", "sample passphrase");
      await hands.press("Enter");
      await hands.at(".words h2");
      await hands.open(".words .row button:last-child");
      await hands.open('button:has([lang="en"])');
      await hands.open('button:has-text("Dark")');
      await hands.open('button:has-text("Sign out")');
      await hands.shown("[name=passphrase]");
    },
  },
];
