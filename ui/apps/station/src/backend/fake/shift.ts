import type { ShiftScreen, SignInProblem, StatusBar } from "../../bindings";
import { at, NOBODY, NOWHERE, ROWS, type Scene } from "./samples";

/** What is in the bar where no checkpoint was chosen either. */
const NOWHERE_YET: Partial<StatusBar> = { ...NOBODY, checkpoint: null };

type SignedOut = ShiftScreen & { kind: "signed-out" };
const signedOut = (problem: SignInProblem | null = null): SignedOut & { wing: "shift" } => ({
  wing: "shift",
  kind: "signed-out",
  checking: false,
  problem,
  choices: [],
  resumable: null,
});

/** The scenes at the beginning and end of a shift. */
export const SHIFT: Record<string, Scene> = {
  "signed-out": at(signedOut(), "none", NOBODY),
  "signed-out-ended": at({ ...signedOut(), resumable: { total: 8, left: 6 } }, "none", NOWHERE_YET),
  "signed-out-wrong": at(signedOut({ kind: "wrong-digits-or-secret" }), "none", NOWHERE_YET),
  "signed-out-wait": at(signedOut({ kind: "wait", seconds: 25 }), "none", NOBODY),
  "signed-out-checking": at({ ...signedOut(), checking: true }, "none", NOBODY),
  "signed-out-not-checked": at(signedOut({ kind: "not-checked" }), "none", NOBODY),
  "signed-out-changed": at(signedOut({ kind: "changed" }), "none", NOBODY),
  "signed-out-idle": at(signedOut({ kind: "idle" }), "none", NOBODY),
  "signed-out-removed": at(signedOut({ kind: "removed" }), "none", NOBODY),
  "signed-out-several": at(
    {
      ...signedOut(),
      choices: [
        { id: "00000000000000a1", maskedName: "李*" },
        { id: "00000000000000a2", maskedName: "欧阳**" },
      ],
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
