import type { PortWords } from "../ports";

export const ports: PortWords = {
  row: { scanner: "扫码枪", relay: "继电器" },
  choosing: { scanner: "用哪个扫码枪", relay: "灯或道闸接在哪个串口" },
  usedAs: { scanner: "正在用作扫码枪", relay: "正在用作继电器" },
  noDevices: "没有插着可选的扫码枪。插上一个，再打开这里。",
  noPorts: "没有插着串口。插上继电器，再打开这里。",
  keyboard: "键盘",
  port: "串口",

  way: { none: "不用", window: "往窗口里打字", serial: "串口", keyboard: "键盘" },
  wayNote: {
    none: "扫码枪打进来的字不理会",
    window: "插上就扫，不用设置",
  },
  keyboardNote: "选中后它只在这里扫码，不能再打字",
  reads: (clock) => (clock === null ? "已连接，还没有读过" : `已连接，上次 ${clock} 读到`),
  scannerFault: {
    absent: "未连接：请插上，或重新选择",
    "no-permission": "本账户无权读它：见 docs/scanners.md",
    busy: "被别的程序占用：请关掉它",
    unusable: "这样用不了：请重新选择",
  },

  noRelay: "没有",
  relayNote: "放行时亮灯或抬杆",
  relayNone: "不接灯，也不接道闸",
  kind: { bytes: "继电器板", rts: "RTS 线", dtr: "DTR 线" },
  kindLabel: "怎样控制",
  pulseLabel: "接通多久",
  pulse: (millis) => `${millis / 1000} 秒`,
  careful: "选定之前不打开任何串口。选错的话，串口上接的东西可能会动。",
  tryOut: "动作一次",
  tried: "已动作一次",
  relayFault: {
    absent: "未连接：请插上。没有它照常查验",
    "no-permission": "本账户无权用它：见 docs/relay.md",
    busy: "被别的程序占用：请关掉它",
    unusable: "这样用不了：请换一种控制方式或串口",
    "is-scanner": "它就是扫码枪：请给其中一个换串口",
  },
};
