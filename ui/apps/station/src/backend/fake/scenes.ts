import type {
  Answer,
  CameraView,
  CheckpointRow,
  CodeFields,
  Fault,
  Hint,
  Refusal,
  ResultView,
  Screen,
  Sound,
  StatusBar,
  View,
} from "../../bindings";
import type { Pose } from "./picture";

/** One moment of a station; all of it is sample data. */
export interface Scene {
  view: View;
  pose: Pose;
  sound?: Sound;
}

/** 19:42 in the local time zone, so that every machine shows the same clock. */
export const NOW = Math.floor(new Date(2026, 10, 24, 19, 42, 8).getTime() / 1000);
const DAY = 86_400;
const LIMITS = { soft: 7 * DAY, hard: 45 * DAY };

export const ADDRESS = "https://code.example.cn/declare?from=420106001001";
const BOTH = { directions: "both", direction: "in" } as const;
export const ROWS: CheckpointRow[] = [
  { id: "0000000000000001", name: "样例社区 · 东门", last: true, ...BOTH },
  { id: "0000000000000002", name: "样例社区 · 西门", last: false, directions: "entry", direction: "in" },
  {
    id: "0000000000000003",
    name: "样例社区 · 地下车库入口",
    last: false,
    directions: "exit",
    direction: "out",
  },
];

const CAMERA: CameraView = { opening: false, heldBy: null, mend: null, frozen: false, lesser: null };

export const bar = (more: Partial<StatusBar> = {}): StatusBar => ({
  checkpoint: "样例社区 · 东门",
  collector: "李*",
  shift: 1,
  direction: "in",
  line: "online",
  waiting: 12,
  trust: { seconds: 2 * 3600, old: false, limits: LIMITS },
  clockWrong: false,
  assertedBy: null,
  battery: { percent: 78, charging: false },
  simulatedCamera: false,
  camera: CAMERA,
  busy: false,
  now: NOW,
  ...more,
});

const fields = (more: Partial<CodeFields> = {}): CodeFields => ({
  maskedName: "张*",
  maskedId: "4201**********1234",
  temperature: 365,
  symptoms: 0,
  declaredHoursAgo: 2,
  issuerZh: "样例市",
  issuerEn: "Sample City",
  validUntil: NOW + 4 * 60,
  over: false,
  seenAt: NOW,
  issuedSecondsAgo: 40,
  isStatic: false,
  certificate: null,
  noticeZh: null,
  noticeEn: null,
  ...more,
});

export const result = (answer: Answer, more: Partial<ResultView> = {}): ResultView => {
  const total = answer.kind === "pass" ? 20 : answer.kind === "check" ? 90 : 30;
  const left = answer.kind === "pass" ? 12 : answer.kind === "check" ? 74 : 25;
  return {
    scan: 7,
    answer,
    recordedBefore: null,
    fields: fields(),
    canConfirm: answer.kind !== "invalid",
    canTurnAway: answer.kind === "check" || answer.kind === "unjudged",
    canDeclareAgain: true,
    countdown: { total, left },
    notRecorded: null,
    ...more,
  };
};

const at = (screen: Screen, pose: Pose = "none", more: Partial<StatusBar> = {}): Scene => ({
  view: { screen, bar: bar(more) },
  pose,
});

const shown = (answer: Answer, more: Partial<ResultView> = {}): Scene => ({
  ...at({ wing: "collector", kind: "result", result: result(answer, more) }, "far"),
  sound: answer.kind === "unjudged" ? "fault" : answer.kind,
});

const refused = (refusal: Refusal, more: Partial<ResultView> = {}): Scene =>
  shown(
    { kind: "invalid", refusal },
    { countdown: { total: 30, left: 18 }, fields: null, canDeclareAgain: false, ...more },
  );

const hint = (of: Hint, pose: Pose = "far"): Scene =>
  at({ wing: "collector", kind: "ready", hint: of }, pose);

const fault = (of: Fault, more: Partial<StatusBar> = {}): Scene => ({
  ...at(
    { wing: "station", kind: "fault", fault: of, seconds: 18, mayAssertTime: of === "clock-wrong" },
    "black",
    more,
  ),
  sound: "fault",
});

const green: Answer = { kind: "pass", reason: { kind: "colour", colour: "green", origin: "city" } };
const OLD_TRUST: Partial<StatusBar> = {
  line: "offline",
  waiting: 86,
  trust: { seconds: 46 * DAY, old: true, limits: LIMITS },
};

/** Every scene by name. */
export const SCENES: Record<string, Scene> = {
  ready: at({ wing: "collector", kind: "ready", hint: null }),
  simulated: at({ wing: "collector", kind: "ready", hint: null }, "far", { simulatedCamera: true }),
  offline: at({ wing: "collector", kind: "ready", hint: null }, "low", {
    line: "offline",
    waiting: 312,
    trust: { seconds: 2 * DAY, old: false, limits: LIMITS },
    battery: { percent: 64, charging: false },
  }),
  worn: at({ wing: "collector", kind: "ready", hint: null }, "none", {
    line: "offline",
    waiting: 1204,
    trust: { seconds: 9 * DAY, old: true, limits: LIMITS },
    clockWrong: true,
    battery: { percent: 14, charging: false },
    simulatedCamera: true,
  }),
  busy: at({ wing: "collector", kind: "ready", hint: null }, "far", { busy: true }),
  "hint-too-far": hint("too-far"),
  "hint-blurred": hint("blurred"),
  "hint-too-bright": hint("too-bright"),
  "hint-cut-off": hint("cut-off", "low"),
  "hint-too-dark": hint("too-dark"),
  "hint-one-at-a-time": hint("one-at-a-time"),

  pass: shown(green),
  grey: shown(
    { kind: "check", reason: { kind: "colour", colour: "grey", origin: "province" } },
    {
      fields: fields({
        issuerZh: "样例省",
        issuerEn: "Sample Province",
        noticeZh: "信息已登记，封闭管理期间，暂不制发红黄绿健康码",
        noticeEn: "Registered; while the place is closed no colours are issued",
      }),
    },
  ),
  certificate: shown(
    {
      kind: "check",
      reason: { kind: "certificate", certificate: "vaccination", finding: "accepted", days: 120 },
    },
    {
      canDeclareAgain: false,
      fields: fields({
        maskedName: "M***********",
        maskedId: "",
        issuerZh: "样例国",
        issuerEn: "Sample Country",
        temperature: null,
        validUntil: NOW + 200 * DAY,
        issuedSecondsAgo: 100 * DAY,
        certificate: {
          kind: "vaccination",
          dose: { number: 2, of: 2 },
          daysAgo: 120,
          hoursAgo: null,
          name: [
            { initial: "M", length: 6 },
            { initial: "E", length: 5 },
          ],
          birth: { year: 1998, month: null, day: 26 },
        },
      }),
    },
  ),
  check: shown(
    { kind: "check", reason: { kind: "colour", colour: "yellow", origin: "country" } },
    {
      fields: fields({
        maskedName: "王**",
        maskedId: "3301**********5678",
        temperature: 368,
        declaredHoursAgo: 26,
        issuerZh: "样例省",
        issuerEn: "Sample Province",
        issuedSecondsAgo: 70,
        validUntil: NOW + 3 * 60,
      }),
    },
  ),
  "check-fever": shown(
    { kind: "check", reason: { kind: "fever", tenths: 379 } },
    { fields: fields({ temperature: 379, symptoms: 0b101, declaredHoursAgo: 3 }) },
  ),
  "check-symptoms": shown(
    { kind: "check", reason: { kind: "symptoms", bits: 0b111111 } },
    { fields: fields({ temperature: null, symptoms: 0b111111, declaredHoursAgo: 30 }) },
  ),
  "check-old": shown(
    { kind: "check", reason: { kind: "old-declaration", hours: 40 } },
    { fields: fields({ declaredHoursAgo: 40 }) },
  ),
  "check-paper": shown(
    { kind: "check", reason: { kind: "paper-code" } },
    {
      fields: fields({
        isStatic: true,
        issuedSecondsAgo: 3 * DAY,
        validUntil: NOW + 27 * DAY,
        declaredHoursAgo: 72,
      }),
    },
  ),
  "check-long": shown(
    { kind: "check", reason: { kind: "symptoms", bits: 0b011100 } },
    {
      fields: fields({
        maskedName: "A*********",
        symptoms: 0b011100,
        issuerZh: "样例省人民政府政务服务和大数据管理局",
        issuerEn: "Government Services and Big Data Office of Sample Province",
        issuedSecondsAgo: -90,
      }),
    },
  ),
  stop: shown(
    { kind: "stop", reason: { kind: "colour", colour: "red", origin: "province" } },
    {
      fields: fields({
        maskedName: "赵*",
        maskedId: "4211**********9012",
        temperature: 379,
        symptoms: 1,
        declaredHoursAgo: 3,
        issuerZh: "样例省",
        issuerEn: "Sample Province",
        issuedSecondsAgo: 130,
        validUntil: NOW + 2 * 60,
      }),
    },
  ),
  "invalid-expired": refused(
    { kind: "expired", exp: NOW - 12 * 60 - 8 },
    {
      fields: fields({ validUntil: NOW - 12 * 60 - 8, over: true, issuedSecondsAgo: 17 * 60 }),
      canDeclareAgain: true,
    },
  ),
  "invalid-signature": refused({ kind: "signature" }),
  "invalid-foreign": refused({ kind: "not-a-health-code" }),
  "invalid-revoked": refused({ kind: "revoked" }, { fields: fields(), canDeclareAgain: true }),
  unjudged: {
    ...shown({ kind: "unjudged", fault: "trust-expired" }),
    view: {
      screen: {
        wing: "collector",
        kind: "result",
        result: result({ kind: "unjudged", fault: "trust-expired" }),
      },
      bar: bar(OLD_TRUST),
    },
  },
  "again-pass": shown(green, {
    recordedBefore: { shown: "pass", outcome: "let-through" },
    countdown: { total: 8, left: 6 },
  }),
  recording: at({ wing: "collector", kind: "recording", result: result(green) }, "far"),
  "not-recorded": shown(green, { notRecorded: "disk-full" }),
  recorded: { ...at({ wing: "collector", kind: "recorded" }, "low", { waiting: 13 }), sound: "recorded" },

  "fault-camera-none": fault("camera-none"),
  "fault-camera-busy": fault("camera-busy"),
  "fault-camera-no-permission": fault("camera-no-permission"),
  "fault-camera-busy-held": fault("camera-busy", { camera: { ...CAMERA, heldBy: "meeting" } }),
  "fault-camera-mend": fault("camera-no-permission", {
    camera: { ...CAMERA, mend: "sudo usermod -aG video collector" },
  }),
  "fault-camera-returning": fault("camera-lost", { camera: { ...CAMERA, opening: true } }),
  "fault-camera-lost": fault("camera-lost"),
  "fault-camera-stalled": fault("camera-stalled"),
  "fault-camera-covered": fault("camera-covered"),
  "fault-trust-missing": fault("trust-missing", {
    line: "offline",
    trust: { seconds: null, old: false, limits: null },
  }),
  "fault-trust-expired": fault("trust-expired", OLD_TRUST),
  "fault-community-expired": fault("community-expired"),
  "out-of-service": at({
    wing: "station",
    kind: "out-of-service",
    contact: "样例社区居委会 027-0000",
    waiting: 12,
  }),
  "fault-clock-wrong": fault("clock-wrong", { line: "offline", clockWrong: true }),
  "fault-disk-full": fault("disk-full", { line: "offline", waiting: 48_210 }),
  "fault-disk-read-only": fault("disk-read-only"),
  "fault-outbox-damaged": fault("outbox-damaged", { waiting: 0 }),

  "signed-out": at(
    { wing: "shift", kind: "signed-out", checking: false, problem: null, choices: [] },
    "none",
    {
      collector: null,
    },
  ),
  "signed-out-wrong": at(
    {
      wing: "shift",
      kind: "signed-out",
      checking: false,
      problem: { kind: "wrong-digits-or-secret" },
      choices: [],
    },
    "none",
    { collector: null, checkpoint: null },
  ),
  "signed-out-wait": at(
    {
      wing: "shift",
      kind: "signed-out",
      checking: false,
      problem: { kind: "wait", seconds: 25 },
      choices: [],
    },
    "none",
    { collector: null },
  ),
  "signed-out-checking": at(
    { wing: "shift", kind: "signed-out", checking: true, problem: null, choices: [] },
    "none",
    {
      collector: null,
    },
  ),
  "choose-checkpoint": at(
    { wing: "shift", kind: "choose-checkpoint", rows: ROWS, mayAdd: true, problem: null },
    "none",
    {
      checkpoint: null,
    },
  ),
  "choose-checkpoint-many": at(
    {
      wing: "shift",
      kind: "choose-checkpoint",
      rows: [
        ...ROWS,
        ...Array.from({ length: 9 }, (_, index) => ({
          id: String(index + 10).padStart(16, "0"),
          name: `样例社区 · ${index + 4} 号楼北侧临时出入口`,
          last: false,
          ...BOTH,
        })),
      ],
      mayAdd: true,
      problem: "exists",
    },
    "none",
    { checkpoint: null },
  ),
  "choose-checkpoint-none": at(
    { wing: "shift", kind: "choose-checkpoint", rows: [], mayAdd: false, problem: null },
    "none",
    { checkpoint: null },
  ),
  "declare-again": at({
    wing: "collector",
    kind: "declare-again",
    url: ADDRESS,
    countdown: { total: 60, left: 48 },
  }),
  "no-code": at({ wing: "collector", kind: "no-code", url: ADDRESS, countdown: { total: 60, left: 48 } }),
  "no-code-nowhere": at({ wing: "collector", kind: "no-code", url: "", countdown: { total: 60, left: 48 } }),
};
