import { daysBetween, degrees } from "@kadian/kit";
import type { CertificateKind, Colour, Origin, RecordedBefore } from "../../bindings";
import type { CollectorButtons, CollectorWords } from "../words";
import { span, symptoms } from "./amounts";
import { hints } from "./hints";

const COLOUR: Record<Colour, string> = {
  green: "绿码有效",
  yellow: "黄码有效",
  red: "红码有效",
  grey: "灰码，尚未定色",
  uncoloured: "健康码有效，不分颜色",
};
const ORIGIN: Record<Origin, string> = {
  community: "本社区居民",
  city: "本市居民",
  province: "本省居民",
  country: "外省居民",
  foreign: "境外人员",
};
const CERTIFICATE: Record<CertificateKind, string> = { vaccination: "接种", test: "检测", recovery: "康复" };
const COMPARE = "比对首字母和出生日期，一致才放行。";
const REFRESH = "请居民刷新健康码，再扫一次。";
const OFFICIAL = "请居民从官方渠道打开健康码，再扫。";
const OTHER = "请其出示另一证书，或呼叫值班员。";
const FROM_APP = "请其从官方应用打开证书，再扫。";

export const collector: CollectorWords = {
  verdict: {
    pass: "通行",
    check: "核实",
    stop: "劝返",
    invalid: "无效",
    unjudged: "未判定",
  },
  reasonWhy: {
    colour: ({ colour, origin }) => `${ORIGIN[origin]}，${COLOUR[colour]}。`,
    fever: ({ tenths }) => `申报体温 ${degrees(tenths)} ℃，属发热。`,
    symptoms: ({ bits }) => `申报有${symptoms(bits)}。`,
    "old-declaration": ({ hours }) => `申报已过 ${span(hours * 3600)}，需要更新。`,
    "paper-code": () => "纸质码，须与证件核对。",
    passport: () => "境外证书有效，须与护照核对。",
    certificate: ({ certificate, finding, days, hours }) => {
      const what = `境外${CERTIFICATE[certificate]}`;
      const ago = hours === null ? `${days} 天` : `${hours} 小时`;
      switch (finding) {
        case "accepted":
          return `${what}证书，${ago}前。`;
        case "no-rule":
          return "境外证书，这里还没有规定。";
        case "not-accepted":
          return `这里不认可${what}证书。`;
        case "detected":
          return "境外检测的结果是阳性。";
        case "unlisted":
          return `${what}证书所写的不在名录中。`;
        case "too-few-doses":
          return "境外接种的剂次不够。";
        case "too-recent":
          return `${what}才 ${ago}，还不够久。`;
        case "too-long-ago":
          return `${what}已 ${ago}，过久了。`;
        case "own-days-to-come":
          return "未到证书自身的起始日。";
        case "own-days-over":
          return "证书自身的截止日已过。";
      }
    },
  },
  checkDo: {
    colour: ({ colour }) =>
      colour === "grey" ? "请核对身份证并问明事由，再选结果。" : "请核对身份证并测体温，再选结果。",
    fever: () => "请用额温枪复测体温，再选结果。",
    symptoms: () => "请询问症状并测体温，再选结果。",
    "old-declaration": () => "请居民重新申报，或核实后选结果。",
    "paper-code": () => "请核对证件上的姓名和号码，再选结果。",
    passport: () => COMPARE,
    certificate: () => COMPARE,
  },
  passDo: "请放行。",
  stopDo: "请勿放行。请其在旁等候，并呼叫值班员。",
  colourOnly: {
    green: `${COLOUR.green}。`,
    yellow: `${COLOUR.yellow}。`,
    red: `${COLOUR.red}。`,
    grey: "灰码。",
    uncoloured: "健康码有效。",
  },
  recordedBefore: (before) => `刚刚登记为“${recordedAs(before)}”。`,
  againDo: {
    letThrough: "同一人请放行。换了人，请其出示本人的码。",
    turnAway: "同一人仍劝返。换了人，请其出示本人的码。",
    stop: "请勿放行，不用再登记。请呼叫值班员。",
  },
  refusalWhy: {
    "not-a-health-code": () => "这不是健康码。",
    "too-long": () => "这个码太长，不是健康码。",
    "bad-encoding": () => "这个码的编码有误。",
    truncated: () => "这个码不完整。",
    malformed: () => "这个码的格式不对。",
    "non-canonical": () => "这个码的写法不合规范。",
    "bad-headers": () => "这个码的头部不合规范。",
    "wrong-algorithm": () => "这个码的签名方式不受认可。",
    "unknown-issuer": () => "这个码的发码机构不在信任包里。",
    signature: () => "这个码的签名不符，可能被改过。",
    "bad-claims": () => "这个码的内容不合规定。",
    "wrong-issuer": () => "码里的机构与签名的机构不符。",
    "key-not-in-force": () => "签发时，机构的密钥不在有效期。",
    "life-too-long": () => "这个码的有效期超出了规定。",
    "out-of-region": () => "发码机构无权为该地区发码。",
    "not-recognised": () => "本卡点不认可这家发码机构。",
    revoked: () => "这个码已被发码机构撤销。",
    "not-yet-valid": ({ iat }, seenAt) =>
      seenAt === null ? "这个码还没有生效。" : `这个码 ${span(iat - seenAt)}后才生效。`,
    expired: ({ exp }, seenAt) =>
      seenAt === null ? "这个码已经过期。" : `这个码 ${span(seenAt - exp)}前已过期。`,
    "inflates-too-far": () => "这个码解开后过大，不是证书。",
    "bad-compression": () => "这个证书的压缩方式不对。",
    "duplicate-kid": () => "这个证书两次指明密钥。",
    "wrong-usage": () => "签名的密钥不得签发这种证书。",
    "wrong-version": () => "这个证书的版本不受支持。",
    "several-events": () => "这个证书写有不止一次事件。",
    "born-after-issue": () => "出生日期晚于证书签发。",
    "impossible-date": () => "证书上的日期不可能成立。",
    "no-name": () => "这个证书上没有姓名。",
    "unreadable-name": () => "证书上的姓名无法显示。",
  },
  refusalDo: {
    "inflates-too-far": FROM_APP,
    "bad-compression": FROM_APP,
    "duplicate-kid": FROM_APP,
    "wrong-usage": OTHER,
    "wrong-version": OTHER,
    "several-events": OTHER,
    "born-after-issue": OTHER,
    "impossible-date": OTHER,
    "no-name": OTHER,
    "unreadable-name": OTHER,
    "not-a-health-code": "请居民打开健康码，再扫一次。",
    "too-long": "请居民打开健康码，再扫一次。",
    "bad-encoding": REFRESH,
    truncated: "请居民露出整个码，再扫一次。",
    malformed: REFRESH,
    "non-canonical": OFFICIAL,
    "bad-headers": OFFICIAL,
    "wrong-algorithm": OFFICIAL,
    "unknown-issuer": "请居民出示官方发码机构的健康码。",
    signature: OFFICIAL,
    "bad-claims": OFFICIAL,
    "wrong-issuer": OFFICIAL,
    "key-not-in-force": REFRESH,
    "life-too-long": OFFICIAL,
    "out-of-region": "请居民出示所在地区签发的健康码。",
    "not-recognised": "请居民出示本地认可的健康码。",
    revoked: "请勿放行。请居民重新申报，再扫新码。",
    "not-yet-valid": "请居民检查手机时间，刷新后再扫。",
    expired: REFRESH,
  },
  certificateRefusalWhy: {
    "too-long": () => "这个证书太长。",
    "bad-encoding": () => "这个证书的编码有误。",
    truncated: () => "这个证书不完整。",
    malformed: () => "这个证书的格式不对。",
    "bad-headers": () => "这个证书的头部不合规范。",
    "wrong-algorithm": () => "这个证书的签名方式不受认可。",
    "unknown-issuer": () => "证书的签发方不在信任包里。",
    signature: () => "证书的签名不符，可能被改过。",
    "bad-claims": () => "这个证书的内容不合规定。",
    "wrong-issuer": () => "证书写的机构与签名的不符。",
    "key-not-in-force": () => "签发时，签名密钥不在有效期。",
    "not-recognised": () => "本卡点不认可这种证书。",
    revoked: () => "这个证书已被撤销。",
    "not-yet-valid": ({ iat }, seenAt) =>
      seenAt === null ? "这个证书还没有生效。" : `证书 ${span(iat - seenAt)}后才生效。`,
    expired: ({ exp }, seenAt) =>
      seenAt === null ? "这个证书已经过期。" : `证书 ${span(seenAt - exp)}前已过期。`,
  },
  certificateRefusalDo: {
    "too-long": FROM_APP,
    "bad-encoding": FROM_APP,
    truncated: "请其露出整个码，再扫一次。",
    malformed: FROM_APP,
    "bad-headers": FROM_APP,
    "wrong-algorithm": FROM_APP,
    "unknown-issuer": OTHER,
    signature: FROM_APP,
    "bad-claims": OTHER,
    "wrong-issuer": OTHER,
    "key-not-in-force": OTHER,
    "not-recognised": OTHER,
    revoked: "请勿放行。请其在旁等候，并呼叫值班员。",
    "not-yet-valid": OTHER,
    expired: OTHER,
  },
  unjudgedWhy: {
    "camera-none": "没有摄像头，本机不能判定。",
    "camera-busy": "摄像头被占用，本机不能判定。",
    "camera-no-permission": "摄像头打不开，本机不能判定。",
    "camera-lost": "摄像头断开，本机不能判定。",
    "camera-stalled": "摄像头无画面，本机不能判定。",
    "camera-covered": "镜头被遮住，本机不能判定。",
    "trust-missing": "没有信任包，本机不能判定。",
    "trust-expired": "信任包过期，本机不能判定。",
    "community-expired": "社区名册过期，本机不能判定。",
    "policy-missing": "规定没有到齐，本机不能判定。",
    "no-policy": "没有生效的规定，本机不能判定。",
    "clock-wrong": "时钟不准，本机不能判定。",
    "disk-full": "磁盘已满，本机不能判定。",
    "disk-read-only": "磁盘写不进，本机不能判定。",
    "disk-failing": "磁盘读写出错，本机不能判定。",
    "outbox-busy": "待传队列被占用，本机不能判定。",
    "outbox-damaged": "待传队列损坏，本机不能判定。",
    "outbox-silent": "待传队列没有回应，本机不能判定。",
  },
  unjudgedDo: "请核对证件，可登记为“未判定”。",
  notRecordedWhy: {
    "camera-none": "没有摄像头，没登记上。",
    "camera-busy": "摄像头被占用，没登记上。",
    "camera-no-permission": "摄像头打不开，没登记上。",
    "camera-lost": "摄像头断开，没登记上。",
    "camera-stalled": "摄像头无画面，没登记上。",
    "camera-covered": "镜头被遮住，没登记上。",
    "trust-missing": "没有信任包，没登记上。",
    "trust-expired": "信任包过期，没登记上。",
    "community-expired": "社区名册过期，没登记上。",
    "policy-missing": "规定没有到齐，没登记上。",
    "no-policy": "没有生效的规定，没登记上。",
    "clock-wrong": "时钟不准，没登记上。",
    "disk-full": "磁盘已满，这次没登记上。",
    "disk-read-only": "磁盘写不进，这次没登记上。",
    "disk-failing": "磁盘读写出错，这次没登记上。",
    "outbox-busy": "待传队列被占用，这次没登记上。",
    "outbox-damaged": "待传队列损坏，这次没登记上。",
    "outbox-silent": "十秒没有回应，这次没登记上。",
  },
  notRecordedDo: "请再试一次；还不行，请叫管理员。",
  field: {
    name: "姓名",
    initials: "姓名（首字母）",
    birth: "出生日期",
    identity: "证件号",
    certificate: "证书",
    declared: "申报",
    issuer: "发码机构",
    country: "签发国家",
    validUntil: "有效至",
    code: "代码",
  },
  declared: (tenths, bits) => {
    const warmth = tenths === null ? "未报体温" : `${degrees(tenths)} ℃`;
    return `${warmth} ${bits === 0 ? "无症状" : symptoms(bits)}`;
  },
  declaredAge: (hours, seenAt) => {
    if (hours < 1) return "1 小时内";
    if (hours < 24) return `${hours} 小时前`;
    const nights = daysBetween(seenAt - hours * 3600, seenAt);
    return nights <= 1 ? "昨天" : `${nights} 天前`;
  },
  certificate: CERTIFICATE,
  certificateDay: (count) => (count === 0 ? "今天" : `第 ${count} 天`),
  certificateHours: (count) => (count < 1 ? "1 小时内" : `${count} 小时前`),
  codeAge: (seconds) => (seconds < 1 ? "刚刚签发" : `${span(seconds)}前签发`),
  day: (timestamp, seenAt) => {
    const date = new Date(timestamp * 1000);
    const day = `${date.getMonth() + 1} 月 ${date.getDate()} 日`;
    const year = date.getFullYear();
    return year === new Date(seenAt * 1000).getFullYear() ? day : `${year} 年 ${day}`;
  },
  overSince: (seconds) => `${span(seconds)}前`,
  recordedAs: (word) => `登记为“${word}”`,
  seconds: "秒",
  thenBack: "秒后自动返回",
  thenBackShort: "秒后自动返回",
  ready: { lines: ["请出示", "健康码"], gloss: "请出示健康码" },
  readyNote: "屏幕朝镜头，放进取景框。",
  hint: hints,
  offline: {
    title: "离线，照常使用",
    // WebKit breaks Chinese at no punctuation, only at a blank: not beside the figure, but after the comma.
    note: (waiting) => `${waiting}\u00a0条记录封存在本机，\u200b联网后自动上传。`,
  },
  recorded: {
    lines: ["已登记"],
    gloss: "已登记",
    note: "已封存在本机。",
    act: "下一位，请出示健康码。",
  },
  unconfirmed: {
    lines: ["未登记"],
    gloss: "未登记",
    note: "没有人按 Enter，这一次没有登记。",
    act: "要登记，请拿开后再出示。",
  },
  keepOpen: "按别的键：延长时间",
  noAddress: "本地没有网上办理，请找值班员。",
  qrLabel: (url) => `二维码：${url}`,
  address: {
    "declare-again": {
      title: "请重新申报",
      note: "请居民用手机扫左边的二维码，重新申报。",
      act: "申报后，出示新的健康码。",
    },
    "no-code": {
      title: "没有码？",
      note: "请用手机扫左边的二维码，申领健康码。",
      act: "老人、孩子可由家人代办。",
    },
  },
};

/** The labels of the wing's buttons. */
export const collectorButtons: CollectorButtons = {
  confirm: "确认并提交",
  retry: "未登记，再试一次",
  recording: "正在登记…",
  "let-through": "核实无误，放行",
  "turn-away": "核实不符，劝返",
  "record-again": "再登记一次",
  "let-through-again": "再登记放行",
  "turn-away-again": "再登记劝返",
  discard: "放弃",
  next: "扫下一位",
  "declare-again": "请重新申报",
  "no-code": "没有码？",
  back: "返回",
};

/** Names what was recorded; a check with what became of it. */
function recordedAs({ shown, outcome }: RecordedBefore): string {
  const done = outcome === "let-through" ? "放行" : "劝返";
  const as: Record<RecordedBefore["shown"], string> = {
    pass: "通行",
    check: `核实后${done}`,
    stop: "劝返",
    unjudged: `未判定，${done}`,
  };
  return as[shown];
}
