import { bytes } from "../../workbench/stick";
import type { StickWords } from "../stick";

const signed = (count: number): string => (count < 0 ? `−${-count}` : `+${count}`);

export const stick: StickWords = {
  notPlugged: "没有插 U 盘",
  looking: "正在看……",
  none: "插上 U 盘，等它出现在这里。",
  silent: "U 盘没有回应。拔下来再插一次，或者换一个。",
  plugged: "已插入，只看固定的几个文件",
  named: (name, free) => `${name}${free === null ? "" : ` · 剩 ${bytes(free)}`}`,
  others: (count) => `还插着 ${count} 个，不动它们`,
  carry: "三件一次做完",
  carrying: "正在做……先别拔",
  rowsLabel: "这个 U 盘上的三件事",
  trust: {
    nothing: () => "信任包进来：U 盘上没有",
    current: () => "信任包进来：没有更新的",
    newer: ({ list, community }) =>
      list.from === list.to
        ? `信任包进来：名册 ${community.from} → ${community.to} 版`
        : `信任包进来：${list.from} → ${list.to} 版`,
    problem: (_, why) => `信任包进来：${why(_.why)}`,
  },
  trustNote: {
    nothing: () => "用后台给本社区导出的 U 盘",
    current: () => "本机的已经是这一版，或者更新",
    newer: ({ revocations, policies, people, checkpoints }) =>
      [
        "签名有效",
        revocations === 0 ? "吊销不变" : `吊销 ${signed(revocations)}`,
        policies ? "规则有变" : "规则不变",
        people === 0 ? "名册人数不变" : `名册 ${signed(people)} 人`,
        ...(checkpoints === 0 ? [] : [`卡点 ${signed(checkpoints)}`]),
      ].join(" · "),
    problem: () => "现用的信任包不变",
  },
  leftOut: "有一份没有收：",
  receipts: {
    nothing: () => "回执进来：U 盘上没有",
    known: () => "回执进来：都核销过了",
    settles: ({ reports }) => `回执进来：带走的 ${reports} 条，后台收到了`,
    problem: (_, why) => `回执进来：${why(_.why)}`,
  },
  receiptsNote: {
    nothing: () => "后台收过登记以后，回执写在 U 盘上",
    known: () => "没有还要核销的",
    settles: ({ reports }, carried) =>
      carried ? `本机这 ${reports} 条已经删掉` : `本机可以放心删掉这 ${reports} 条`,
    problem: () => "本机的登记一条不少",
  },
  reports: {
    nothing: () => "登记出去：没有待传的",
    out: ({ reports }) => `登记出去：${reports} 条`,
    there: ({ reports }) => `登记出去：${reports} 条都在 U 盘上了`,
    problem: (_, why) => `登记出去：${why(_.why)}`,
  },
  reportsNote: {
    nothing: () => "后台都收到了",
    out: ({ more }) =>
      more > 0
        ? `封存的，只有后台能打开 · 还有 ${more} 条下次再带`
        : "封存的，只有后台能打开 · 收到回执之前，本机一直留着",
    there: () => "收到回执之前，本机一直留着",
    problem: () => "没有写出去，本机一条不少",
  },
  state: {
    in: "可以导入",
    settle: "可以核销",
    out: "可以导出",
    done: "已完成",
    nothing: "不用做",
    no: "没有做",
  },
  problem: {
    "too-large": "有个文件大得不对。",
    "not-a-file": "有个名字不是文件，是链接或者别的。",
    pulled: "U 盘拔掉了，或者坏了。再插一次。",
    full: "U 盘满了。换一个，或者腾出地方。",
    "read-only": "U 盘写不进去。看看写保护开关。",
    malformed: "文件不完整。请后台再导出一次。",
    "other-station": "是给别的工作站或社区的。",
    "other-deployment": "不是本部署的，或者被改过。",
    older: "比本机的旧。",
    expired: "已经过期。请后台再导出一次。",
    future: "日期在将来。先看看本机的钟。",
    incomplete: "少了一份文件。请后台再导出一次。",
    "not-kept": "本机的硬盘写不进去。先腾出地方。",
    "no-station": "这台机器没有信任包，或者已经停用。",
  },
  aloneUntil: (date) => `能独立判定到 ${date}`,
  aloneOver: "已经不能独立判定",
  daysLeft: (days) => `还有 ${days} 天`,
  updated: "更新",
  today: (day) => `现在 · 第 ${day} 天`,
  afterwards: (version, until) => `导入 ${version} 版后：到 ${until}`,
  room: (days) => (days >= 3650 ? "还能存 10 年以上" : `还能存 ${days} 天`),
  roomUnknown: "还能存多久：不知道",
  roomNote: (aDay, waiting) => `按每天 ${aDay} 条计，现存 ${waiting} 条`,
};
