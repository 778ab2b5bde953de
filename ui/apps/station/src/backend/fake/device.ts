import type {
  CameraNow,
  DeviceView,
  Fault,
  PortItem,
  RelayNow,
  ScannerNow,
  SelfTest,
  TestFailure,
  TestFinding,
  TestLine,
  TestSubject,
} from "../../bindings";
import { at, CAMERA, NOW, type Scene } from "./samples";

const HD: CameraNow = {
  name: "Sample HD Webcam",
  format: "1920×1080 MJPEG 30/s",
  automatic: false,
  simulated: false,
  fault: null,
};
const DOWN: CameraNow = { ...HD, name: "Sample Document Camera", format: "1280×720 YUYV 30/s" };
const SCANNER: ScannerNow = { way: "serial", name: "Sample Scanner 2D", fault: null, lastRead: NOW - 240 };
const RELAY: RelayNow = {
  kind: "bytes",
  name: "Sample Relay Board",
  pulse: 500,
  fault: null,
  tried: { fault: null },
};
const PORTS: PortItem[] = [
  { key: "scanner", name: "Sample Scanner 2D", place: "SAMPLE0001", keyboard: false, usedAs: "scanner" },
  {
    key: "relay",
    name: "Sample Relay Board",
    place: "pci-0000:00:14.0-usb-2",
    keyboard: false,
    usedAs: "relay",
  },
  { key: "port", name: "", place: "/dev/ttyS0", keyboard: false, usedAs: null },
];
const KEYBOARD: PortItem = {
  key: "keyboard",
  name: "Sample Barcode Keyboard",
  place: "pci-0000:00:14.0-usb-4",
  keyboard: true,
  usedAs: null,
};
const VIEW: DeviceView = {
  first: HD,
  second: null,
  cameras: null,
  scanner: { way: "window", name: "", fault: null, lastRead: null },
  scanners: null,
  relay: { kind: null, name: "", pulse: 500, fault: null, tried: null },
  relays: null,
  read: null,
  selfTest: null,
  diagnostics: null,
  problem: null,
};

const well = (subject: TestSubject, found: TestFinding): TestLine => ({
  subject,
  outcome: { kind: "well", found },
});
const failed = (subject: TestSubject, why: TestFailure): TestLine => ({
  subject,
  outcome: { kind: "failed", why },
});
const asks: TestLine = { subject: "sound", outcome: { kind: "asks" } };
const test = (...lines: TestLine[]): SelfTest => ({ at: NOW, lines });

const WELL: TestLine[] = [
  well("camera", { kind: "pictures", rate: 30 }),
  well("reading", { kind: "samples", count: 6, millis: 18 }),
  asks,
  well("disk", { kind: "written", free: 41 * 1024 }),
  well("clock", { kind: "on-time" }),
  well("trust", { kind: "signed", list: 214, community: 37 }),
  well("outbox", { kind: "whole", waiting: 12 }),
  well("key", { kind: "signs" }),
  well("network", { kind: "answers" }),
  well("battery", { kind: "charge", percent: 78 }),
];

/** Replaces lines by what came of them instead. */
const but = (...lines: TestLine[]): TestLine[] =>
  WELL.map((line) => lines.find(({ subject }) => subject === line.subject) ?? line);

/** Every failure, as each of them reads. */
const FAILURES: readonly TestLine[][] = [
  but(
    failed("camera", { code: "few-pictures", rate: 4 }),
    failed("reading", { code: "samples-slow", millis: 900 }),
    failed("sound", { code: "not-heard" }),
    failed("disk", { code: "disk-full", free: 112 }),
    failed("clock", { code: "clock-wrong" }),
    failed("trust", { code: "trust-old", days: 12 }),
    failed("outbox", { code: "set-aside", count: 2 }),
    failed("key", { code: "key-unreadable" }),
    failed("network", { code: "network-clock" }),
    failed("battery", { code: "battery-low", percent: 14 }),
  ),
  but(
    failed("camera", { code: "frozen" }),
    failed("reading", { code: "samples-unread", read: 5, count: 6 }),
    failed("disk", { code: "disk-not-writable" }),
    failed("trust", { code: "trust-refused" }),
    failed("outbox", { code: "outbox-damaged" }),
    failed("key", { code: "key-wrong" }),
    failed("network", { code: "not-the-office" }),
  ),
  but(
    failed("camera", { code: "camera", fault: "camera-none" }),
    failed("reading", { code: "not-tried" }),
    failed("disk", { code: "disk-altered" }),
    failed("trust", { code: "trust-expired" }),
    failed("outbox", { code: "outbox-busy" }),
  ),
  [
    failed("scanner", { code: "scanner", trouble: "no-permission" }),
    failed("relay", { code: "relay", trouble: "busy" }),
    ...but(failed("disk", { code: "no-reserve" }), failed("trust", { code: "trust-missing" })),
    failed("display", { code: "display-missing" }),
  ],
];

const DIAGNOSTICS = `kadian: 0.1.0
written: 1795693328 (Unix seconds)
system: Debian GNU/Linux 13 (trixie), linux 6.12.57 x86_64
clock: trusted
camera: 1920×1080 MJPEG 30/s
second camera: none
plugged in: pci-0000:00:14.0-usb-2:1.0 1920×1080 MJPEG 30/s
root: version 2
trust list: version 214, 2 hours old
community file: version 37, 20 hours old
line: online
waiting: 12
set aside: 0
battery: 78 %
self-test: 3 minutes ago
  camera: well, {"kind":"pictures","rate":30}
  reading: well, {"kind":"samples","count":6,"millis":18}
  sound: not answered
  disk: FAILED, {"code":"disk-full","free":112}
fault: camera-lost, 42 minutes ago
`;

const device = (more: Partial<DeviceView> = {}, otherOut: Fault | null = null): Scene =>
  at(
    {
      wing: "workbench",
      kind: "device",
      frame: { community: "样例社区", notices: [] },
      device: { ...VIEW, ...more },
    },
    "far",
    { administrator: "陈*", camera: { ...CAMERA, otherOut } },
  );

/** The scenes of the device page, and of a gate with two cameras. */
export const DEVICE: Record<string, Scene> = {
  "workbench-device": device(),
  "workbench-device-read": device({
    read: { kind: "read", camera: "first", millis: 18 },
    selfTest: test(...WELL),
  }),
  "workbench-device-two": device(
    {
      first: { ...HD, fault: "camera-lost", format: "" },
      second: DOWN,
      read: { kind: "read", camera: "second", millis: 24 },
      problem: "not-saved",
    },
    "camera-lost",
  ),
  "workbench-device-unreadable": device({
    first: { ...HD, name: "", automatic: true, format: "" },
    read: { kind: "unreadable", hint: "too-far" },
  }),
  "workbench-device-cameras": device({
    cameras: [
      {
        camera: { name: "Sample HD Webcam", place: "pci-0000:00:14.0-usb-2:1.0" },
        format: "1920×1080 MJPEG 30/s",
        usedAs: "first",
      },
      {
        camera: { name: "Sample Document Camera", place: "pci-0000:00:14.0-usb-3:1.0" },
        format: "1280×720 YUYV 30/s",
        usedAs: null,
      },
      { camera: { name: "Sample Infrared", place: "pci-0000:00:14.0-usb-6:1.2" }, format: "", usedAs: null },
    ],
  }),
  "workbench-device-no-cameras": device({ first: { ...HD, fault: "camera-none", format: "" }, cameras: [] }),
  "workbench-device-ports": device({ scanner: SCANNER, relay: RELAY }),
  "workbench-device-ports-out": device({
    scanner: { ...SCANNER, fault: "no-permission", lastRead: null },
    relay: { ...RELAY, fault: "busy", tried: null },
    problem: "same-device",
  }),
  "workbench-device-scanners": device({ scanner: SCANNER, relay: RELAY, scanners: [...PORTS, KEYBOARD] }),
  "workbench-device-relays": device({ scanner: SCANNER, relay: RELAY, relays: PORTS }),
  "workbench-device-no-ports": device({ relays: [] }),
  "workbench-device-testing": device({
    selfTest: test(
      ...WELL.map((line, number): TestLine => {
        const running = number > 4 && line.outcome.kind !== "asks";
        return running ? { ...line, outcome: { kind: "running" } } : line;
      }),
    ),
  }),
  "workbench-device-well": device({
    selfTest: test(...but(well("sound", { kind: "heard" }), well("network", { kind: "offline" }))),
  }),
  ...Object.fromEntries(
    FAILURES.map((lines, number) => [
      `workbench-device-failed-${String(number + 1)}`,
      device({ selfTest: test(...lines) }),
    ]),
  ),
  "workbench-device-diagnostics": device({ diagnostics: DIAGNOSTICS }),
  "one-camera-left": at({ wing: "collector", kind: "ready", hint: null }, "far", {
    camera: { ...CAMERA, otherOut: "camera-stalled" },
  }),
};
