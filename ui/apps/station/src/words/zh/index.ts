import { dateAndClock } from "@kadian/kit";
import type { Words } from "../words";
import { collector } from "./collector";
import { shift } from "./shift";
import { station } from "./station";

export const zh: Words = {
  tag: "zh-Hans",
  button: {
    confirm: "确认并提交",
    retry: "未登记，再试一次",
    recording: "正在登记…",
    "record-again": "再登记一次",
    "record-unjudged": "登记为“未判定”",
    discard: "放弃",
    next: "扫下一位",
    "declare-again": "请重新申报",
    "no-code": "没有码？",
    back: "返回",
    "sign-in": "登录",
    "add-checkpoint": "添加",
    "switch-checkpoint": "换采集点",
    "end-shift": "结束值班",
    "fault-seen": "知道了",
    "assert-time": (now) => `${dateAndClock(now)} 没错`,
  },
  withKey: (label, key) => `${label}（${key}）`,
  ...collector,
  ...shift,
  ...station,
};
