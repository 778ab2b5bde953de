import type { ShiftButtons, ShiftWords } from "../words";
import { span } from "./amounts";

export const shift: ShiftWords = {
  signIn: { lines: ["采集员", "登录"], gloss: "采集员登录" },
  phone: "手机号后四位",
  pin: "6 位 PIN",
  pinFilled: (digits) => `已输入 ${digits} 位`,
  checking: "正在核对…",
  signInProblem: {
    "wrong-digits-or-secret": () => "手机尾号或 PIN 不对。",
    wait: ({ seconds }) => `错得太多，请等 ${span(seconds)}再试。`,
    removed: () => "名单里没有你了，请找管理员。",
    changed: () => "你的 PIN 或身份变了，请重新登录。",
    idle: () => "很久没有操作，已自动退出。",
  },
  checkpoints: { lines: ["在哪个点？"], gloss: "选择采集点" },
  lastTime: "上次",
  addCheckpoint: "添加采集点",
  checkpointName: "采集点名称",
  checkpointProblem: {
    "bad-name": "请填名称，最多 40 个字。",
    exists: "已有同名的采集点。",
    "not-recorded": "没有存下来，请再试一次。",
  },
  noCheckpoints: "还没有采集点。请叫管理员添加。",
  followSystem: "跟随系统",
};

/** The labels of the wing's buttons. */
export const shiftButtons: ShiftButtons = {
  "sign-in": "登录",
  "add-checkpoint": "添加",
  "switch-checkpoint": "换采集点",
  "end-shift": "结束值班",
};
