import type { TraceWords } from "../deskWords";

export const traces: TraceWords = {
  traces: {
    title: (checkpoint, time) => `谁在 ${time} 前后经过${checkpoint}`,
    note: "只看这个卡点、这段时间，姓名和号码都遮住。要另写理由，先记入审计日志。",
    minutes: "前后多少分钟",
    within: (minutes) => `${minutes} 分钟`,
    go: "查谁同时经过",
    back: "回到登记",
    found: (people, minutes, who) => `前后 ${minutes} 分钟之内，除 ${who} 之外有 ${people} 人。`,
    cut: (shown, all) => `有 ${all} 人，只列出时间最近的 ${shown} 人。要看其余的人，请把时间缩短，分几次查。`,
    more: "这段时间经过的人太多，没有全部看完。请把时间缩短，分几次查。",
    erased: (passages) => `另有 ${passages} 次登记的个人信息已抹去，不知道是谁。`,
    people: "同时经过的人",
    nobody: (minutes) => `前后 ${minutes} 分钟之内没有别人经过。`,
    time: "时间",
    name: "姓名",
    shown: "当时显示",
    times: "次数",
    phone: "手机号",
    openPhone: "看手机号",
    openGo: "记入审计，看这一个号码",
    noPhone: {
      "sealed-elsewhere": "申报封给了别的机构，这里打不开。",
      "none-declared": "申报里没有手机号。",
      certificate: "境外证书里没有手机号。",
      erased: "个人信息已抹去。",
    },
    phonesLeft: (numbers) => `24 小时内还可看 ${numbers} 个号码`,
    foot: "同时经过不等于有过接触。每看一个手机号，都另记一条审计。",
  },
};
