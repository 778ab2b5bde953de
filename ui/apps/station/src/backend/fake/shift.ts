import { at, NOBODY, NOWHERE, ROWS, type Scene } from "./samples";

/** The scenes at the beginning and end of a shift. */
export const SHIFT: Record<string, Scene> = {
  "signed-out": at(
    { wing: "shift", kind: "signed-out", checking: false, problem: null, choices: [], resumable: null },
    "none",
    NOBODY,
  ),
  "signed-out-ended": at(
    {
      wing: "shift",
      kind: "signed-out",
      checking: false,
      problem: null,
      choices: [],
      resumable: { total: 8, left: 6 },
    },
    "none",
    { ...NOBODY, checkpoint: null },
  ),
  "signed-out-wrong": at(
    {
      wing: "shift",
      kind: "signed-out",
      checking: false,
      problem: { kind: "wrong-digits-or-secret" },
      choices: [],
      resumable: null,
    },
    "none",
    { ...NOBODY, checkpoint: null },
  ),
  "signed-out-wait": at(
    {
      wing: "shift",
      kind: "signed-out",
      checking: false,
      problem: { kind: "wait", seconds: 25 },
      choices: [],
      resumable: null,
    },
    "none",
    NOBODY,
  ),
  "signed-out-checking": at(
    { wing: "shift", kind: "signed-out", checking: true, problem: null, choices: [], resumable: null },
    "none",
    NOBODY,
  ),
  "signed-out-changed": at(
    {
      wing: "shift",
      kind: "signed-out",
      checking: false,
      problem: { kind: "changed" },
      choices: [],
      resumable: null,
    },
    "none",
    NOBODY,
  ),
  "signed-out-idle": at(
    {
      wing: "shift",
      kind: "signed-out",
      checking: false,
      problem: { kind: "idle" },
      choices: [],
      resumable: null,
    },
    "none",
    NOBODY,
  ),
  "signed-out-removed": at(
    {
      wing: "shift",
      kind: "signed-out",
      checking: false,
      problem: { kind: "removed" },
      choices: [],
      resumable: null,
    },
    "none",
    NOBODY,
  ),
  "signed-out-several": at(
    {
      wing: "shift",
      kind: "signed-out",
      checking: false,
      problem: null,
      choices: [
        { id: "00000000000000a1", maskedName: "李*" },
        { id: "00000000000000a2", maskedName: "欧阳**" },
      ],
      resumable: null,
    },
    "none",
    NOBODY,
  ),
  "choose-checkpoint": at(
    { wing: "shift", kind: "choose-checkpoint", rows: ROWS, mayAdd: true, problem: null },
    "none",
    NOWHERE,
  ),
  "switch-checkpoint": at({
    wing: "shift",
    kind: "choose-checkpoint",
    rows: ROWS,
    mayAdd: false,
    problem: null,
  }),
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
          directions: "both" as const,
          direction: "out" as const,
        })),
      ],
      mayAdd: true,
      problem: "exists",
    },
    "none",
    NOWHERE,
  ),
  "choose-checkpoint-none": at(
    { wing: "shift", kind: "choose-checkpoint", rows: [], mayAdd: false, problem: null },
    "none",
    NOWHERE,
  ),
};
