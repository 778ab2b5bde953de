import type { SideWords } from "../side";

export const side: SideWords = {
  name: "居民屏、语音和全屏锁定",
  row: { display: "居民屏", voice: "语音", kiosk: "全屏锁定" },
  display: {
    none: "没有",
    window: "一个窗口",
    choose: { none: "不用", window: "窗口" },
    noneNote: "接上第二块屏幕，再在这里选它",
    windowNote: "请把它拖到居民看得见的地方",
    note: "没有姓名，没有号码",
    missing: (name) => `${name} 没有接上`,
    missingNote: "接好线，一秒内自己出现；或另选一块",
    taken: (name) => `${name} 上是采集窗口`,
    takenNote: "把采集窗口移到另一块屏幕，居民屏就出现",
  },
  voice: { off: "关", zh: "中文", en: "英文", both: "先中后英" },
  voiceNote: "判定声之后读出居民屏上的字，别的不读",
  voiceMuted: "现在静音，读不出来。先开声音",
  hear: "试听",
  kiosk: { off: "关", on: "开" },
  kioskNow: { locked: "现在锁定", open: "现在不锁定" },
  kioskNote: "锁定时只有管理员能离开这个窗口",
  kioskLater: {
    on: "下次启动程序起锁定",
    off: "下次启动程序起不锁定（启动命令里有 --kiosk 的除外）",
  },
  notKept: "没有存下来。请检查磁盘空间，再试一次。",
};
