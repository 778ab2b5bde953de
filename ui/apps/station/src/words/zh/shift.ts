import type { ShiftButtons, ShiftWords } from "../words";
import { span } from "./amounts";

export const shift: ShiftWords = {
  signIn: { lines: ["采集员", "登录"], gloss: "采集员登录" },
  digits: "手机号后四位",
  secret: "6 位 PIN，管理员用口令",
  secretFilled: (digits) => `已输入 ${digits} 位`,
  checking: "正在核对…",
  ended: "值班已结束。",
  endedSeconds: (left) => `${left} 秒内可以撤销。`,
  signInProblem: {
    "wrong-digits-or-secret": () => "后四位或 PIN 不对。",
    wait: ({ seconds }) => `错得太多，请等 ${span(seconds)}再试。`,
    removed: () => "名单里没有你了，请找管理员。",
    changed: () => "PIN 或权限改了，请重新登录。",
    idle: () => "很久没有操作，已自动登出。",
    "not-checked": () => "本机太忙，没核对成，请再试。",
  },
  door: { lines: ["管理员", "登录"], gloss: "管理员登录" },
  noWorkbench: (name) => `${name} 是采集员，没有社区工作台。`,
  whomToAsk: (contact) => `工作台只给社区管理员用。要开通，请找${contact === "" ? "社区" : ` ${contact} `}。`,
  whichPerson: { lines: ["是哪", "一位？"], gloss: "是哪一位？" },
  whichPersonNote: (digits) => `后四位都是 ${digits}。`,
  checkpoints: { lines: ["守哪个", "卡点？"], gloss: "守哪个卡点？" },
  lastTime: "上次在这里",
  direction: { in: "进", out: "出" },
  directions: { entry: "只进", exit: "只出", both: "都有" },
  directionLabel: "进或出",
  willRecord: (checkpoint, direction) => `${checkpoint}，登记“${direction === "in" ? "进" : "出"}”。`,
  willAdd: (name) => (name === "" ? "请输入卡点的名称。" : `添加“${name}”。`),
  willRecordNote: "每条登记都带上卡点和进出。",
  willAddNote: "通知社区，由社区确认。",
  arrows: { checkpoint: "卡点", direction: "进或出" },
  addCheckpoint: "没有？直接打字添加",
  addCheckpointNote: "通知社区，由社区确认",
  checkpointName: "卡点名称",
  checkpointProblem: {
    "bad-name": "请填名称，最多 40 个字。",
    exists: "已有同名的卡点。",
    "not-recorded": "没有存下来，请再试一次。",
  },
  noCheckpoints: "还没有卡点。请叫管理员添加。",
};

/** The labels of the wing's buttons. */
export const shiftButtons: ShiftButtons = {
  "sign-in": "登录",
  "choose-checkpoint": "开始值班",
  "add-checkpoint": "添加",
  "stop-adding": "不添加",
  "back-to-sign-in": "退回登录",
  "switch-checkpoint": "换卡点",
  "end-shift": "结束值班",
  "resume-shift": "撤销，继续值班",
  "open-workbench": "工作台",
};
