import type { SticksWords } from "../sticks";

export const sticks: SticksWords = {
  open: "U 盘",
  title: "U 盘",
  note: "给没有网络的工作站用。同一份文件再来一次，或者同样的登记以后再上传，都不会重复。",
  brought: "U 盘带来的登记",
  broughtNote: "U 盘上以工作站编号命名的文件夹里，有一份 reports.cbor。",
  choose: "选择 reports.cbor",
  taking: "正在收……",
  taken: (name, fresh, known) => `${name}：新收 ${fresh} 条${known === 0 ? "" : `，${known} 条早就收到了`}`,
  conflicts: (count) => `有 ${count} 条，后台原有的是另一份。两份都留着，警示里有说明。`,
  refused: (count, code) => `有 ${count} 段没有通过验证（${code}），其余的都收了。`,
  receipts: "保存 receipts.cbor",
  receiptsNote: "把它放在 U 盘上 reports.cbor 旁边。工作站见到它，才会删掉这些登记。",
  give: "给 U 盘的信任包",
  giveNote: "把压缩包解开，放在 U 盘最上层。里面的名册和卡点，只有本社区的工作站能打开。",
  community: "社区",
  download: "保存信任包",
  given: "已保存。请解开，放在 U 盘最上层。",
  problems: {
    "too-large": "这份文件比工作站写的大。请在后台的机器上用命令导入。",
    malformed: "这不是登记文件，或者已经损坏。",
    "other-station": "这份文件里混着两台工作站的登记。",
  },
};
