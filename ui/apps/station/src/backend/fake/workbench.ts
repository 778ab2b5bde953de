import type {
  AddProblem,
  CheckpointItem,
  CollectorItem,
  EnrolmentView,
  ScannedPerson,
  WorkbenchFrame,
} from "../../bindings";
import { RULES } from "./rules";
import { at, DAY, NOBODY, NOW, type Scene } from "./samples";
import { STICKS } from "./sticks";

const FRAME: WorkbenchFrame = { community: "样例社区", notices: [] };
const NOTICES: WorkbenchFrame = {
  ...FRAME,
  notices: [
    { change: "person-added", subject: "孙*", why: "not-allowed" },
    { change: "checkpoint-added", subject: "临时帐篷", why: "taken" },
  ],
};
const KEEPER = { administrator: "陈*" };

const door = (noAdministrator: string | null, nobody: boolean): Scene =>
  at(
    {
      wing: "shift",
      kind: "door",
      checking: false,
      problem: null,
      choices: [],
      noAdministrator,
      contact: "样例社区居委会 000-0000-0000",
    },
    "none",
    nobody ? NOBODY : {},
  );

const CURRENT: CheckpointItem = {
  id: "0000000000000001",
  name: "样例社区 · 东门",
  directions: "both",
  placed: false,
  pending: false,
  undo: null,
};
const CHECKPOINTS: CheckpointItem[] = [
  { ...CURRENT, id: "0000000000000002", name: "北门", directions: "entry" },
  { ...CURRENT, id: "0000000000000003", name: "样例小学门口" },
  { ...CURRENT, id: "0000000000000004", name: "临时帐篷", directions: "exit", placed: true, pending: true },
];

const person = (n: number, maskedName: string, maskedPhone: string): CollectorItem => ({
  id: String(n).padStart(16, "0"),
  maskedName,
  maskedPhone,
  state: "listed",
  onDuty: false,
  pending: false,
  undo: null,
});
const COLLECTORS: CollectorItem[] = [
  { ...person(3, "吴*", "136****0003"), pending: true },
  person(5, "钱**", "137****0005"),
  { ...person(1, "李*", "138****0001"), onDuty: true },
  person(4, "孙*", "138****0004"),
  person(2, "周**", "139****0002"),
];

const SCANNED: ScannedPerson = {
  maskedName: "郑*",
  maskedId: "4201**********0006",
  issuerZh: "样例市",
  issuerEn: "Sample City",
  region: "420106001001",
  livesHere: true,
  seenAt: NOW - 60,
};

const adding = (
  found: ScannedPerson | null,
  more: { problem?: AddProblem; saving?: boolean; hint?: "too-far" } = {},
): Scene =>
  at(
    {
      wing: "workbench",
      kind: "add-collector",
      frame: FRAME,
      person: found,
      hint: more.hint ?? null,
      saving: more.saving ?? false,
      problem: more.problem ?? null,
    },
    "far",
    KEEPER,
  );

const newPin = (more: { problem?: AddProblem; saving?: boolean } = {}): Scene =>
  at(
    {
      wing: "workbench",
      kind: "new-pin",
      frame: FRAME,
      maskedName: "李*",
      maskedPhone: "138****0001",
      saving: more.saving ?? false,
      problem: more.problem ?? null,
    },
    "none",
    KEEPER,
  );

const PLACE: EnrolmentView = {
  enrolment: {
    laptop: "样例 08",
    station: "7cb8c4eeba865f0b93ff7b745b8d092e",
    office: "样例市卡点后台",
    host: "office.sample.invalid",
    port: 8443,
    since: NOW - 47 * DAY,
  },
  region: "420106001001",
  root: {
    version: 2,
    fingerprint: ["4F2A", "91C0", "7D3E", "B816", "0A5D", "E2F4", "38B7", "C609"],
  },
};

const enrolment = (place: EnrolmentView): Scene =>
  at({ wing: "workbench", kind: "enrolment", frame: FRAME, place }, "none", KEEPER);

/** The workbench's scenes. */
export const WORKBENCH: Record<string, Scene> = {
  ...RULES,
  ...STICKS,
  door: door(null, true),
  "door-collector": door("李*", false),
  "workbench-checkpoints": at(
    {
      wing: "workbench",
      kind: "checkpoints",
      frame: FRAME,
      current: CURRENT,
      rows: CHECKPOINTS,
      gps: { kind: "unplugged" },
      saving: false,
      problem: null,
    },
    "none",
    KEEPER,
  ),
  "workbench-checkpoints-here": at(
    {
      wing: "workbench",
      kind: "checkpoints",
      frame: FRAME,
      current: CURRENT,
      rows: CHECKPOINTS,
      gps: {
        kind: "asked",
        here: { latitude: 30_593_100, longitude: 114_305_400, withinMetres: 15 },
      },
      saving: false,
      problem: null,
    },
    "none",
    KEEPER,
  ),
  "workbench-checkpoints-none": at(
    {
      wing: "workbench",
      kind: "checkpoints",
      frame: FRAME,
      current: null,
      rows: [],
      gps: { kind: "unplugged" },
      saving: false,
      problem: { kind: "checkpoint", why: "exists" },
    },
    "none",
    { ...KEEPER, collector: null, shift: null, checkpoint: null, direction: null },
  ),
  "workbench-collectors": at(
    { wing: "workbench", kind: "collectors", frame: FRAME, rows: COLLECTORS, problem: null },
    "none",
    KEEPER,
  ),
  "workbench-undo": at(
    {
      wing: "workbench",
      kind: "collectors",
      frame: FRAME,
      rows: COLLECTORS.map((row) =>
        row.maskedName === "孙*" ? { ...row, undo: { total: 10, left: 7 } } : row,
      ),
      problem: null,
    },
    "none",
    KEEPER,
  ),
  "workbench-removed": at(
    {
      wing: "workbench",
      kind: "collectors",
      frame: FRAME,
      rows: COLLECTORS.map((row) => {
        if (row.maskedName === "孙*") return { ...row, state: "restorable", pending: true };
        return row.maskedName === "钱**" ? { ...row, state: "removed" } : row;
      }),
      problem: null,
    },
    "none",
    KEEPER,
  ),
  "workbench-pin": newPin(),
  "workbench-pin-problem": newPin({ problem: { kind: "pins-differ" } }),
  "workbench-pin-saving": newPin({ saving: true }),
  "workbench-enrolment": enrolment(PLACE),
  "workbench-enrolment-bare": enrolment({
    enrolment: { ...PLACE.enrolment, office: "", since: null },
    region: "",
    root: null,
  }),
  "workbench-notices": at(
    {
      wing: "workbench",
      kind: "collectors",
      frame: NOTICES,
      rows: COLLECTORS.slice(0, 3),
      problem: null,
    },
    "none",
    KEEPER,
  ),
  "workbench-collectors-none": at(
    {
      wing: "workbench",
      kind: "collectors",
      frame: FRAME,
      rows: [],
      problem: { kind: "no-checkpoint" },
    },
    "none",
    { ...KEEPER, checkpoint: null, direction: null },
  ),
  "workbench-scan": adding(null),
  "workbench-scan-refused": adding(null, {
    problem: { kind: "refused", refusal: { kind: "expired", exp: NOW - 12 * 60 } },
  }),
  "workbench-add": adding(SCANNED),
  "workbench-add-elsewhere": adding({ ...SCANNED, region: "420111", livesHere: false }),
  "workbench-add-problem": adding(SCANNED, { problem: { kind: "pin-trivial" } }),
  "workbench-add-saving": adding(SCANNED, { saving: true }),
};
