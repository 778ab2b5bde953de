import { clock, days } from "@kadian/kit";
import type { FaultWords, StationButtons, StationWords } from "../words";
import { span } from "./amounts";

const UNPLUG = { title: "插紧 USB 线", note: "摄像头一端和电脑一端" };
const OTHER_PORT = { title: "换一个 USB 口", note: "不要经过集线器" };
const CALL_CAMERA = { title: "还不行：叫管理员", note: "另选或更换摄像头", calls: true as const };
const GET_ONLINE = { title: "连上网络", note: "自动更新，屏幕自动恢复" };
const NO_NETWORK = { title: "没有网络：叫管理员", note: "可用手机热点，连上一次就够", calls: true as const };
const disk = (why: string): FaultWords => ({
  why,
  do: "请先停止放行登记，并呼叫管理员。",
  steps: [
    { title: "不要关机", note: "已登记的仍封存在本机" },
    { title: "连上网络", note: "待传的登记上传后会腾出空间" },
    { title: "叫管理员", note: "检查磁盘空间和写入权限", calls: true as const },
  ],
  activity: "正在重试",
});

export const station: StationWords = {
  pleaseWait: "请稍候",
  callWhom: "请联系",
  lost: {
    "struck-together": "按到了两个键，没有执行",
    "not-delivered": "没有送到本机，请再按一次",
  },
  scanning: (read, of) => `正在读码：${read} / 约 ${of} 个字符`,
  silent: { why: "本机没有回应，与健康码无关。", do: "请等十秒。还不行，请关掉窗口再打开。" },
  noStation: {
    "not-enrolled": {
      word: "尚未启用",
      why: "这台电脑还不是卡点。",
      do: "请技术员给它一张入网票。",
    },
    "in-use": {
      word: "已经打开",
      why: "本卡点已在另一个窗口打开。",
      do: "关掉这个窗口，用那一个。",
    },
    withdrawn: {
      word: "已停用",
      why: "登记已全部送达，本机已清空。",
      do: "请居民改走别的卡点。要恢复，请联系社区。",
    },
    left: {
      word: "已退出",
      why: "这台电脑已退出服务，密钥和数据都已清除。",
      do: "要再当卡点，请用一张新的入网票。",
    },
    "no-station": {
      word: "打不开",
      why: "读不出本卡点自己的文件。",
      do: "重新打开；还不行，请找技术员。",
    },
  },
  leaving: {
    word: "退出中",
    why: "管理员让这台电脑退出服务，与居民无关。",
    do: "不再判定。请居民改走别的卡点。",
    steps: [
      { title: "先上传待传的登记", note: "请保持开机、联网" },
      { title: "传完自动清除", note: "密钥、名册、信任包" },
    ],
    export: "改为导出成文件",
    exportNote: (count) => `把没送达的 ${count} 条封存写成文件，再清除。文件要交给后台；丢了就没有了。`,
    exportNow: (count) => `导出 ${count} 条，然后清除`,
    exportNot: "继续等上传",
    exportFailed: "没有导出，登记都还在。请检查磁盘空间，再试一次。",
    code: "STATION-LEAVING",
  },
  exported: (count) => `没送达的 ${count} 条已封存，写在下面的文件夹里。请交给后台：`,
  outOfService: {
    word: "已停用",
    why: "社区停用了这台电脑，与居民无关。",
    do: "不再判定。请居民改走别的卡点。",
    waiting: (count) => `还有 ${count} 条记录没有送达`,
    nothingWaits: "已全部送达",
    steps: [
      { title: "已登记的照常上传", note: "封存的，只有后台能打开" },
      { title: "送完后，本机自动清空", note: "名册、钥匙、信任包都删除" },
    ],
    call: "要恢复或有疑问，请联系",
    nobody: "社区管理员",
    code: "STATION-WITHDRAWN",
  },
  fault: {
    "camera-none": {
      why: "没有找到摄像头，与健康码无关。",
      do: "请插上 USB 摄像头，画面会自动出现。",
      steps: [{ title: "插上摄像头", note: "任何 USB 摄像头都可以" }, OTHER_PORT, CALL_CAMERA],
      activity: "正在寻找摄像头",
    },
    "camera-busy": {
      why: "摄像头被占用，与健康码无关。",
      do: "请关掉占用它的程序，画面会自动恢复。",
      steps: [
        { title: "关掉视频程序", note: "会议、相机、浏览器" },
        { title: "拔下再插上", note: "等 3 秒再插" },
        CALL_CAMERA,
      ],
      activity: "正在重新打开",
    },
    "camera-no-permission": {
      why: "没有权限开摄像头，与健康码无关。",
      do: "请叫管理员给本账户开放摄像头。",
      steps: [
        { title: "叫管理员", note: "本账户要能使用视频设备", calls: true as const },
        { title: "重新登录系统", note: "权限在登录后生效" },
      ],
      activity: "正在重新打开",
    },
    "camera-lost": {
      why: "摄像头断开了，与健康码无关。",
      do: "请插好 USB 线，画面会自动恢复。",
      steps: [UNPLUG, OTHER_PORT, CALL_CAMERA],
      activity: "正在重新连接",
    },
    "camera-stalled": {
      why: "摄像头没有画面，与健康码无关。",
      do: "请拔下 USB 线再插上，会自动恢复。",
      steps: [{ title: "拔下再插上", note: "等 3 秒再插" }, OTHER_PORT, CALL_CAMERA],
      activity: "正在等待画面",
    },
    "camera-covered": {
      why: "画面全黑，与健康码无关。",
      do: "请打开镜头盖，或开灯照明。",
      steps: [
        { title: "打开镜头盖", note: "有的摄像头带挡片" },
        { title: "开灯照明", note: "照亮摄像头前面" },
        CALL_CAMERA,
      ],
      activity: "正在等待画面",
    },
    "trust-missing": {
      why: "本机没有信任包，与健康码无关。",
      do: "请连上网络，信任包会自动下载。",
      steps: [GET_ONLINE, NO_NETWORK],
      activity: "正在等待信任包",
    },
    "trust-expired": {
      why: "信任包太久没有更新，与健康码无关。",
      do: "不判“通行”。核对证件，可登记为“未判定”。",
      steps: [GET_ONLINE, NO_NETWORK],
      activity: "正在等待更新",
    },
    "community-expired": {
      why: "社区名册太久没有更新，与健康码无关。",
      do: "不判“通行”。核对证件，可登记为“未判定”。",
      steps: [GET_ONLINE, NO_NETWORK],
      activity: "正在等待更新",
    },
    "policy-missing": {
      why: "本机的规定没有到齐，与健康码无关。",
      do: "不判“通行”。核对证件，可登记为“未判定”。",
      steps: [GET_ONLINE, NO_NETWORK],
      activity: "正在等待规定",
    },
    "no-policy": {
      why: "现在没有生效的规定，与健康码无关。",
      do: "不判“通行”。核对证件，可登记为“未判定”。",
      steps: [GET_ONLINE, NO_NETWORK],
      activity: "正在等待规定",
    },
    "clock-wrong": {
      why: "本机时钟不准，与健康码无关。",
      do: "不判“通行”。核对证件，可登记为“未判定”。",
      steps: [{ title: "连上网络", note: "自动校时，屏幕自动恢复" }],
      activity: "正在等待校时",
    },
    "disk-full": disk("磁盘已满，登记不了。"),
    "disk-read-only": disk("磁盘写不进，登记不了。"),
    "disk-failing": disk("磁盘读写出错，登记不了。"),
    "outbox-busy": {
      why: "待传队列被别的程序占用，登记不了。",
      do: "请关掉占用它的程序，屏幕会自动恢复。",
      steps: [
        { title: "关掉别的程序", note: "备份、杀毒、查看数据库的" },
        { title: "叫管理员", note: "找出占用它的程序", calls: true as const },
      ],
      activity: "正在重试",
    },
    "outbox-damaged": {
      why: "待传队列打不开，登记不了。",
      do: "请先停止放行登记，并呼叫管理员。",
      steps: [
        { title: "不要关机", note: "本机正在读出已登记的" },
        { title: "叫管理员", note: "告知右下角的代码", calls: true as const },
      ],
      activity: "正在修复",
    },
    "outbox-silent": {
      why: "待传队列没有回应，登记不了。",
      do: "请先停止放行登记，并呼叫管理员。",
      steps: [
        { title: "等一会儿", note: "回应了，屏幕自动恢复" },
        { title: "叫管理员", note: "检查磁盘；还不行，重新打开", calls: true as const },
      ],
      activity: "正在等待回应",
    },
  },
  dateInWords,
  clockSays: (timestamp) => ({
    title: "没有网络：叫管理员",
    calls: true,
    note: `本机显示 ${dateInWords(timestamp)}，${clock(timestamp)}`,
  }),
  vouch: (timestamp) => ({ title: dateInWords(timestamp), note: "没有网络：管理员与手表核对，对了才按" }),
  trustExpiredWhy: (count, limit) =>
    limit ? `信任包 ${count} 天未更新，上限 ${limit} 天。` : `信任包 ${count} 天没有更新，已到期限。`,
  trustMeter: {
    updated: "更新",
    soft: (count) => `${count} 天 提醒`,
    hard: (count) => `${count} 天 停判“通行”`,
    now: (count) => `${count} 天`,
  },
  faultSince: (activity, seconds, code) => `${activity} · 已 ${span(seconds)} · ${code}`,
  cameraReturning: "摄像头回来了，正在启动",
  closeProgram: (program) => ({ title: `关掉“${program}”`, note: "是它占用了摄像头" }),
  mendCamera: { title: "叫管理员，在终端运行", calls: true as const },
  safe: (waiting) =>
    waiting > 0 ? `待传的 ${waiting} 条记录不受影响，封存在本机` : "记录都已上传，不受影响",
  safeDamaged: "能读出的登记会自动保留",
  safeUncounted: "已登记的不受影响，封存在本机",
  bar: {
    collector: (name) => `采集员 ${name}`,
    administrator: (name) => `管理员 ${name}`,
    signedOut: "未登录",
    noCheckpoint: "未选卡点",
    online: "在线",
    offline: "离线",
    offlineClock: "时钟不准，离线",
    asserted: (name) => `${name} 核对`,
    waiting: (count) => `待传 ${count}`,
    waitingNote: "封存在本机、等待上传的记录：通行、登录和卡点变更都算。",
    setAside: (count) => `${count} 条被退回，请找管理员`,
    setAsideNote: "后台读不了这几条记录。记录仍封存在本机，请管理员导出。",
    trust: (seconds) => `信任包 ${seconds < 60 ? "刚更新" : `${span(seconds)}前`}`,
    trustOld: (seconds) => (days(seconds) < 1 ? "信任包已旧" : `信任包 ${days(seconds)} 天`),
    trustMissing: "没有信任包",
    clockWrong: "时钟不准",
    busy: "电脑繁忙",
    scanner: {
      absent: "扫码枪未连接",
      "no-permission": "扫码枪没有权限",
      busy: "扫码枪被其他程序占用",
      unusable: "扫码枪不能用",
    },
    relay: {
      absent: "继电器未连接",
      "no-permission": "继电器没有权限",
      busy: "继电器被其他程序占用",
      unusable: "继电器不能用",
      "is-scanner": "继电器选成了扫码枪",
    },
    trial: "试用",
    battery: (percent, charging) => `电量 ${percent}%${charging ? "，正在充电" : ""}`,
    theme: { light: "浅色", dark: "深色", contrast: "高对比" },
    showGloss: "显示英文",
    hideGloss: "不显示英文",
    muted: "静音",
    mute: "关闭声音",
    unmute: "打开声音",
    label: "状态",
  },
  simulated: "模拟摄像头",
  still: "画面停住了",
  noPicture: "还没有画面",
  cameraStarting: "摄像头正在启动",
  lesserPicture: ({ width, height, rate, small }) =>
    small ? `画面 ${width}×${height}：摄像头没有更大的` : `每秒 ${rate} 张：摄像头没有更快的`,
  preview: "摄像头画面",
};

/** The labels of the wing's buttons. */
export const stationButtons: StationButtons = {
  "carry-stick": "没有网络，导出到 U 盘",
  "fault-silent": "已静音",
  "fault-seen": "知道了",
  "assert-time": (now) => `${clock(now)} 没错`,
};

const WEEKDAY = new Intl.DateTimeFormat("zh-Hans", { weekday: "long" });

/** Returns a day as `2026 年 11 月 28 日，星期六`. */
function dateInWords(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  const day = `${date.getFullYear()} 年 ${date.getMonth() + 1} 月 ${date.getDate()} 日`;
  return `${day}，${WEEKDAY.format(date)}`;
}
