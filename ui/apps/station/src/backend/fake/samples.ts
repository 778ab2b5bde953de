import type {
  Answer,
  CameraView,
  CertificateFields,
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
export const DAY = 86_400;
export const LIMITS = { soft: 7 * DAY, hard: 45 * DAY };

export const ADDRESS = "https://code.example.cn/declare?from=420106001001";
export const ROWS: CheckpointRow[] = [
  { id: "0000000000000001", name: "东门", last: true, directions: "both", direction: "in" },
  { id: "0000000000000002", name: "北门", last: false, directions: "entry", direction: "in" },
  { id: "0000000000000003", name: "样例小学门口", last: false, directions: "both", direction: "in" },
  { id: "0000000000000004", name: "临时帐篷", last: false, directions: "exit", direction: "out" },
];

export const CONTACT = "样例社区值班室 000-0000-0000";
/** What is in the bar while nobody is signed in. */
export const NOBODY: Partial<StatusBar> = { collector: null, shift: null, direction: null };
/** What is in the bar while a checkpoint is being chosen for the first time. */
export const NOWHERE: Partial<StatusBar> = { checkpoint: null, direction: null };

export const CAMERA: CameraView = {
  opening: false,
  heldBy: null,
  mend: null,
  frozen: false,
  lesser: null,
  otherOut: null,
};

export const bar = (more: Partial<StatusBar> = {}): StatusBar => ({
  checkpoint: "样例社区 · 东门",
  collector: "李*",
  administrator: null,
  shift: 3,
  direction: "in",
  line: "online",
  waiting: 12,
  setAside: 0,
  trust: { seconds: 2 * 3600, old: false, limits: LIMITS },
  clockWrong: false,
  assertedBy: null,
  battery: { percent: 78, charging: false },
  trial: false,
  simulatedCamera: false,
  camera: CAMERA,
  scanner: { way: "window", fault: null, reading: null },
  relay: { chosen: false, fault: null },
  busy: false,
  now: NOW,
  ...more,
});

export const CERTIFICATE: CertificateFields = {
  kind: "vaccination",
  dose: { number: 2, of: 2 },
  daysAgo: 48,
  hoursAgo: null,
  name: [
    { initial: "M", length: 7 },
    { initial: "M", length: 6 },
  ],
  birth: { year: 1985, month: null, day: 12 },
};

export const fields = (more: Partial<CodeFields> = {}): CodeFields => ({
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

const TIMES: Record<Answer["kind"], [total: number, left: number]> = {
  pass: [20, 12],
  check: [90, 87],
  stop: [30, 25],
  invalid: [30, 18],
  unjudged: [30, 25],
};

export const result = (answer: Answer, more: Partial<ResultView> = {}): ResultView => {
  const [total, left] = TIMES[answer.kind];
  return {
    scan: 7,
    answer,
    family: "code",
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

export const at = (screen: Screen, pose: Pose = "none", more: Partial<StatusBar> = {}): Scene => ({
  view: { screen, bar: bar(more), contact: CONTACT },
  pose,
});

export const shown = (answer: Answer, more: Partial<ResultView> = {}): Scene => ({
  ...at({ wing: "collector", kind: "result", result: result(answer, more) }, "far"),
  sound: answer.kind === "unjudged" ? "fault" : answer.kind,
});

export const refused = (refusal: Refusal, more: Partial<ResultView> = {}): Scene =>
  shown({ kind: "invalid", refusal }, { fields: null, canDeclareAgain: false, ...more });

export const hint = (of: Hint, pose: Pose = "far"): Scene =>
  at({ wing: "collector", kind: "ready", hint: of }, pose);

export const faultFor = (of: Fault, mayAssertTime: boolean, more: Partial<StatusBar> = {}): Scene => ({
  ...at(
    { wing: "station", kind: "fault", fault: of, seconds: 18, seen: false, mayAssertTime },
    "black",
    more,
  ),
  sound: "fault",
});

export const fault = (of: Fault, more: Partial<StatusBar> = {}): Scene =>
  faultFor(of, of === "clock-wrong", more);

export const green: Answer = { kind: "pass", reason: { kind: "colour", colour: "green", origin: "city" } };
export const OLD_TRUST: Partial<StatusBar> = {
  line: "offline",
  waiting: 86,
  trust: { seconds: 46 * DAY, old: true, limits: LIMITS },
};
