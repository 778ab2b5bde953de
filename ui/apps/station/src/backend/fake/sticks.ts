import type { SticksSeen, StickView, WorkbenchFrame } from "../../bindings";
import { at, DAY, NOW, type Scene } from "./samples";

const FRAME: WorkbenchFrame = { community: "样例社区", notices: [] };
const KEEPER = { administrator: "陈*" };

const SEEN: SticksSeen = {
  stick: {
    name: "样例 U 盘",
    free: 14_000_000_000,
    carried: false,
    trust: {
      kind: "newer",
      root: { from: 2, to: 2 },
      list: { from: 218, to: 219 },
      community: { from: 40, to: 41 },
      revocations: 12,
      people: 1,
      checkpoints: 0,
      policies: false,
      until: NOW + 44 * DAY,
      leftOut: null,
    },
    receipts: { kind: "settles", reports: 74 },
    reports: { kind: "out", reports: 86, more: 0 },
  },
  others: 0,
  diskFree: 460_000_000,
};

/** Returns the page, as it is before anybody pressed a key but for what is said here. */
const stick = (more: Partial<StickView> = {}): Scene =>
  at(
    {
      wing: "workbench",
      kind: "stick",
      frame: FRAME,
      stick: {
        seen: SEEN,
        carrying: false,
        silent: false,
        waiting: 86,
        alone: { issued: NOW - 9 * DAY, soft: NOW - 2 * DAY, hard: NOW + 36 * DAY },
        aDay: 400,
        days: 900,
        ...more,
      },
    },
    "none",
    KEEPER,
  );

const on = (more: Partial<NonNullable<SticksSeen["stick"]>>, others = 0): SticksSeen => ({
  ...SEEN,
  others,
  stick: SEEN.stick === null ? null : { ...SEEN.stick, ...more },
});

/** The workbench's page of the stick. */
export const STICKS: Record<string, Scene> = {
  "workbench-stick": stick(),
  "workbench-stick-none": stick({ seen: { stick: null, others: 0, diskFree: 460_000_000 } }),
  "workbench-stick-carrying": stick({ carrying: true }),
  "workbench-stick-carried": stick({
    waiting: 12,
    seen: on({
      carried: true,
      receipts: { kind: "settles", reports: 74 },
      reports: { kind: "out", reports: 12, more: 0 },
    }),
  }),
  "workbench-stick-nothing": stick({
    waiting: 0,
    alone: null,
    days: null,
    seen: on({ trust: { kind: "nothing" }, receipts: { kind: "nothing" }, reports: { kind: "nothing" } }, 1),
  }),
  "workbench-stick-full": stick({
    seen: on({
      carried: true,
      free: 0,
      trust: { kind: "current" },
      receipts: { kind: "known" },
      reports: { kind: "problem", why: "full" },
    }),
  }),
  "workbench-stick-other": stick({
    seen: on({
      trust: { kind: "problem", why: "other-deployment" },
      receipts: { kind: "problem", why: "other-station" },
      reports: { kind: "there", reports: 86 },
    }),
  }),
  "workbench-stick-silent": stick({ seen: null, silent: true }),
};
