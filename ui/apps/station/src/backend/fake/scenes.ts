import type { CertificateFields, Reason, RecordedBefore, ResultView } from "../../bindings";
import {
  ADDRESS,
  at,
  bar,
  CAMERA,
  CERTIFICATE,
  CONTACT,
  DAY,
  fault,
  faultFor,
  fields,
  green,
  hint,
  LIMITS,
  NOBODY,
  NOW,
  OLD_TRUST,
  refused,
  result,
  shown,
  type Scene,
} from "./samples";
import { DEVICE } from "./device";
import { SHIFT } from "./shift";
import { WORKBENCH } from "./workbench";

const yellow = (more: Partial<ResultView> = {}): Scene =>
  shown(
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
      ...more,
    },
  );

const red = (more: Partial<ResultView> = {}): Scene =>
  shown(
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
      ...more,
    },
  );

const certificate = (reason: Reason, of: CertificateFields): Scene =>
  shown(
    { kind: "check", reason },
    {
      canDeclareAgain: false,
      countdown: { total: 90, left: 90 },
      fields: fields({
        maskedName: "M***********",
        maskedId: "",
        issuerZh: "样例国",
        issuerEn: "Sample Country",
        temperature: null,
        validUntil: NOW + 188 * DAY,
        issuedSecondsAgo: 47 * DAY,
        certificate: of,
      }),
    },
  );

/** The same scene for somebody who was just recorded. */
const again = (scene: Scene, recordedBefore: RecordedBefore, total: number, left: number): Scene => {
  const { screen, bar: under } = scene.view;
  if (screen.kind !== "result") return scene;
  const repeated = { ...screen.result, recordedBefore, countdown: { total, left } };
  const view = { ...scene.view, screen: { ...screen, result: repeated }, bar: { ...under, waiting: 13 } };
  return { ...scene, view };
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
  asserted: at({ wing: "collector", kind: "ready", hint: null }, "none", {
    line: "offline-clock",
    assertedBy: "王*",
    direction: "out",
  }),
  busy: at({ wing: "collector", kind: "ready", hint: null }, "far", { busy: true }),
  "set-aside": at({ wing: "collector", kind: "ready", hint: null }, "far", { setAside: 2 }),
  "hint-take-away": hint("take-away"),
  "hint-too-far": hint("too-far"),
  "hint-blurred": hint("blurred"),
  "hint-too-bright": hint("too-bright"),
  "hint-cut-off": hint("cut-off", "low"),
  "hint-too-dark": hint("too-dark"),
  "hint-one-at-a-time": hint("one-at-a-time"),
  "hint-scan-incomplete": hint("scan-incomplete"),
  "hint-scan-doubled": hint("scan-doubled"),
  "hint-scanned-twice": hint("scanned-twice"),
  "hint-scanner-off": hint("scanner-off"),
  "scanner-reading": at({ wing: "collector", kind: "ready", hint: null }, "far", {
    scanner: { way: "serial", fault: null, reading: 210 },
  }),
  "scanner-absent": at({ wing: "collector", kind: "ready", hint: null }, "far", {
    scanner: { way: "keyboard", fault: "absent", reading: null },
  }),
  "relay-absent": at({ wing: "collector", kind: "ready", hint: null }, "far", {
    relay: { chosen: true, fault: "absent" },
  }),
  "hint-one-of-several": hint("one-of-several"),

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
  certificate: certificate({ kind: "passport" }, CERTIFICATE),
  "certificate-test": certificate(
    { kind: "passport" },
    { ...CERTIFICATE, kind: "test", dose: null, daysAgo: 1, hoursAgo: 36, birth: null },
  ),
  "certificate-long": certificate(
    { kind: "certificate", certificate: "recovery", finding: "accepted", days: 120, hours: null },
    {
      kind: "recovery",
      dose: null,
      daysAgo: 120,
      hoursAgo: null,
      name: ["B", "V", "D", "L", "M"].map((initial, index) => ({ initial, length: 3 + 4 * index })),
      birth: { year: null, month: null, day: null },
    },
  ),
  check: yellow(),
  "check-no-address": yellow({ canDeclareAgain: false }),
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
  stop: red(),
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
      contact: CONTACT,
      screen: {
        wing: "collector",
        kind: "result",
        result: result({ kind: "unjudged", fault: "trust-expired" }),
      },
      bar: bar(OLD_TRUST),
    },
  },
  "again-pass": again(shown(green), { shown: "pass", outcome: "let-through" }, 8, 6),
  "again-check": again(yellow(), { shown: "check", outcome: "let-through" }, 90, 85),
  "again-check-away": again(yellow(), { shown: "check", outcome: "turned-away" }, 90, 85),
  "again-stop": again(red(), { shown: "stop", outcome: "turned-away" }, 30, 25),
  "again-unjudged": again(
    shown({ kind: "unjudged", fault: "trust-expired" }),
    { shown: "unjudged", outcome: "let-through" },
    30,
    25,
  ),
  recording: at({ wing: "collector", kind: "recording", result: result(green) }, "far"),
  "recording-check": at(
    {
      wing: "collector",
      kind: "recording",
      result: result({ kind: "check", reason: { kind: "paper-code" } }),
    },
    "far",
  ),
  "not-recorded": shown(green, { notRecorded: "disk-full" }),
  "not-recorded-check": yellow({ notRecorded: "disk-full" }),
  "silent-let-through": yellow({ notRecorded: "outbox-silent", canTurnAway: false }),
  "silent-turned-away": yellow({ notRecorded: "outbox-silent", canConfirm: false }),
  recorded: { ...at({ wing: "collector", kind: "recorded" }, "low", { waiting: 13 }), sound: "recorded" },

  unconfirmed: { ...at({ wing: "collector", kind: "unconfirmed" }, "low"), sound: "unconfirmed" },

  "fault-seen": at(
    { wing: "station", kind: "fault", fault: "camera-lost", seconds: 48, seen: true, mayAssertTime: false },
    "black",
  ),
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
  "fault-community-expired": fault("community-expired", OLD_TRUST),
  "fault-policy-missing": fault("policy-missing"),
  "fault-no-policy": fault("no-policy"),
  "fault-clock-wrong-collector": faultFor("clock-wrong", false, { line: "offline-clock", clockWrong: true }),
  "fault-clock-wrong": fault("clock-wrong", { line: "offline-clock", clockWrong: true }),
  "fault-disk-full": fault("disk-full", { line: "offline", waiting: 48_210 }),
  "fault-disk-read-only": fault("disk-read-only"),
  "fault-disk-failing": fault("disk-failing"),
  "fault-outbox-busy": fault("outbox-busy"),
  "fault-outbox-silent": fault("outbox-silent"),
  "out-of-service": at(
    {
      wing: "station",
      kind: "out-of-service",
      left: false,
      contact: "样例社区值班室 000-0000-0000",
      waiting: 12,
      stick: null,
      carrying: false,
    },
    "none",
    NOBODY,
  ),
  "out-of-service-empty": at(
    {
      wing: "station",
      kind: "out-of-service",
      left: false,
      contact: "",
      waiting: 0,
      stick: null,
      carrying: false,
    },
    "none",
    { ...NOBODY, waiting: 0 },
  ),
  leaving: at(
    {
      wing: "station",
      kind: "out-of-service",
      left: true,
      contact: "",
      waiting: 12,
      stick: null,
      carrying: false,
    },
    "none",
    {
      ...NOBODY,
      line: "offline",
    },
  ),
  "fault-outbox-damaged": fault("outbox-damaged", { waiting: 0 }),

  ...SHIFT,
  ...WORKBENCH,
  ...DEVICE,
  "declare-again": at({
    wing: "collector",
    kind: "declare-again",
    url: ADDRESS,
    countdown: { total: 60, left: 48 },
  }),
  "no-code": at({ wing: "collector", kind: "no-code", url: ADDRESS, countdown: { total: 60, left: 48 } }),
  "no-code-nowhere": at({ wing: "collector", kind: "no-code", url: "", countdown: { total: 60, left: 48 } }),
};
