import type { ConsentWords } from "../deskWords";

export const consents: ConsentWords = {
  consents: {
    title: "要两个人同意的事",
    acts: { "residents.trace": "查谁同时经过", "residents.export": "导出通行登记" },
    mine: (act) => `你请求${act}`,
    asks: (name, act) => `${name} 请求${act}`,
    until: (time) => `到 ${time} 作废`,
    by: (name) => `由 ${name} 决定`,
    states: { waits: "等待同意", agreed: "已同意", refused: "已拒绝", used: "已用过", over: "已过期" },
    agree: "同意",
    refuse: "拒绝",
    open: "现在看（只一次）",
    foot: "由同级或上级、有同样权限的另一位管理员决定。请求和决定都记入审计日志。",
    begun: (time) =>
      `这里规定要两个人同意。请求已记入审计；另一位有这项权限的管理员同意后，回到居民查询页打开。${time} 前有效，只用一次。`,
  },
};
