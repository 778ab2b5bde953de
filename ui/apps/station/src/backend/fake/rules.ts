import type { IssuerItem, PolicyCell, PolicyView, Ruling, TrustUpdate, TrustView } from "../../bindings";
import { at, DAY, NOW, type Scene } from "./samples";

const FRAME = { community: "样例社区", notices: [] };
const KEEPER = { administrator: "陈*" };

const row = (...rulings: Ruling[]): PolicyCell[] =>
  rulings.map((ruling, column) => ({ ruling, by: column === 2 ? 1 : 0, asked: null }));
const POLICY: PolicyView = {
  levels: [
    { level: "nation", region: "", document: "样例国 1 号", version: 3, from: NOW - 200 * DAY, until: null },
    {
      level: "city",
      region: "4201",
      document: "样例市 7 号",
      version: 2,
      from: NOW - 20 * DAY,
      until: NOW + 40 * DAY,
    },
  ],
  rows: [
    row("pass", "check", "stop", "check", "pass"),
    row("pass", "check", "stop", "check", "pass"),
    row("pass", "check", "stop", "check", "check"),
    row("check", "check", "stop", "check", "check"),
    row("check", "stop", "stop", "stop", "check"),
  ],
  fever: { value: 373, by: 0, asked: null },
  declarationHours: { value: 72, by: 1, asked: null },
  repeatSeconds: 60,
  keepDays: 30,
};
const ASKED: PolicyView = {
  ...POLICY,
  rows: POLICY.rows.map((cells, index) =>
    index === 2 ? cells.map((cell) => (cell.ruling === "pass" ? { ...cell, asked: "check" } : cell)) : cells,
  ),
  declarationHours: { value: 72, by: 1, asked: 24 },
  keepDays: null,
};

const issuer = (
  nameZh: string,
  nameEn: string,
  level: IssuerItem["level"],
  from: number,
  until: number,
  followed = false,
): IssuerItem => ({ nameZh, nameEn, level, from: NOW + from * DAY, until: NOW + until * DAY, followed });
const TRUST: TrustView = {
  root: 4,
  list: {
    version: 218,
    issued: NOW - 2 * 3600,
    soft: NOW - 2 * 3600 + 7 * DAY,
    hard: NOW - 2 * 3600 + 45 * DAY,
  },
  community: { version: 96, issued: NOW - DAY, soft: NOW + 29 * DAY, hard: NOW + 89 * DAY },
  issuers: [
    issuer("样例国家平台", "Sample National Platform", "nation", -320, 190),
    issuer("样例省发码中心", "Sample Province Centre", "province", -230, 130),
    issuer("样例市发码中心", "Sample City Centre", "city", -110, 22, true),
    issuer("样例境外机构", "Sample Authority Abroad", null, -320, 400),
  ],
  more: 0,
  signers: 0,
  revoked: 1204,
};

const trust = (update: TrustUpdate | null, more: Partial<TrustView> = {}): Scene =>
  at(
    { wing: "workbench", kind: "trust", frame: FRAME, trust: { ...TRUST, ...more }, update },
    "none",
    KEEPER,
  );

/** The workbench's scenes of the policy and of the trust files. */
export const RULES: Record<string, Scene> = {
  "workbench-policy": at(
    { wing: "workbench", kind: "policy", frame: FRAME, policy: POLICY, saving: false, problem: null },
    "none",
    KEEPER,
  ),
  "workbench-policy-asked": at(
    {
      wing: "workbench",
      kind: "policy",
      frame: FRAME,
      policy: ASKED,
      saving: false,
      problem: { kind: "not-stricter" },
    },
    "none",
    KEEPER,
  ),
  "workbench-policy-none": at(
    { wing: "workbench", kind: "policy", frame: FRAME, policy: null, saving: false, problem: null },
    "none",
    KEEPER,
  ),
  "workbench-trust": trust(null),
  "workbench-trust-newer": trust({ kind: "newer", from: 217, to: 218 }, { signers: 1310, more: 12 }),
  "workbench-trust-no-answer": trust({ kind: "no-answer" }),
  "workbench-trust-asking": trust({ kind: "asking" }),
  "workbench-trust-none": at(
    { wing: "workbench", kind: "trust", frame: FRAME, trust: null, update: null },
    "none",
    KEEPER,
  ),
};
