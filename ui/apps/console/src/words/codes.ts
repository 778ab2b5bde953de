// The codes that have words. Another one is shown as it is.

export const PROBLEMS = [
  "unreachable",
  "signed-out",
  "not-allowed",
  "not-found",
  "looks-spent",
  "traces-spent",
  "phones-spent",
  "exports-spent",
  "look-over",
  "consents-spent",
  "consent-over",
  "consent-waits",
  "invalid",
  "slow-down",
  "wrong-credentials",
  "wrong-word",
  "word-spent",
  "wrong-code",
  "bad-trust",
  "invitation-unknown",
  "invitation-expired",
  "invitation-used",
  "last-administrator",
  "more-than-yours",
  "no-administrator-left",
  "yourself",
  "too-many-lines",
  "too-large",
  "full",
  "changed",
  "disabled",
  "not-yet",
  "too-many-streams",
  "store",
  "internal",
] as const;
export type ProblemCode = (typeof PROBLEMS)[number];

export const FIELD_PROBLEMS = [
  "missing",
  "bad-name",
  "bad-phone",
  "bad-account",
  "taken",
  "too-short",
  "too-short-secret",
  "too-common",
  "too-long",
  "same",
  "wrong-code",
  "unknown-region",
  "out-of-range",
  "too-many",
  "wrong-passphrase",
  "holds-account",
  "short-case",
  "short-words",
  "not-whole",
  "not-a-code",
  "not-signed",
  "another-person",
  "several-people",
  "too-many-days",
  "too-many-passages",
] as const;
export type FieldProblem = (typeof FIELD_PROBLEMS)[number];

export const ALERTS = [
  "fork",
  "gap",
  "conflict",
  "withdrawn-sends",
  "known-again",
  "unknown-checkpoint",
  "wrong-direction",
  "unknown-person",
  "wrong-policies",
  "unjudgeable",
  "shown-better",
  "shown-worse",
  "wrong-outcome",
  "wrong-clock",
  "wrong-times",
  "from-the-future",
  "no-right",
  "unverified-person",
  "dropped",
  "malformed",
  "panic",
  "behind",
] as const;
export type AlertKind = (typeof ALERTS)[number];

/** What needs somebody, on the board. */
export const NEEDS = [
  "alert",
  "clock",
  "old-trust",
  "offline",
  "behind",
  "quarantine",
  "list-ends",
  "list-ended",
  "community-ends",
  "community-ended",
  "root-ends",
  "purge-ahead",
  "purge-back",
  "tls-ends",
  "tls-ended",
  "receipt-key-ends",
  "receipt-key-ended",
  "sealing-key-ends",
  "sealing-key-ended",
  "sealing-key-missing",
  "community-unsigned",
  "more",
] as const;
export type Need = (typeof NEEDS)[number];

/** Why a code was invalid; only what is often met has words. */
export const REFUSALS = [
  "expired",
  "not-a-health-code",
  "signature",
  "unknown-issuer",
  "revoked",
  "not-yet-valid",
  "malformed",
  "out-of-region",
  "not-recognised",
  "key-not-in-force",
] as const;
export type Refusal = (typeof REFUSALS)[number];

export const CHANGES = [
  "checkpoint-added",
  "checkpoint-changed",
  "checkpoint-removed",
  "person-added",
  "person-removed",
  "pin-changed",
  "policy-stricter",
] as const;
export type ChangeKind = (typeof CHANGES)[number];

export const REFUSED_CHANGES = [
  "not-allowed",
  "not-there",
  "taken",
  "full",
  "last-administrator",
  "unverified",
  "future",
  "unusable",
] as const;
export type RefusedChange = (typeof REFUSED_CHANGES)[number];

export const REGIONS_ERRORS = [
  "bad-code",
  "bad-name",
  "duplicate",
  "no-parent",
  "not-a-line",
  "too-long",
] as const;
export type RegionsError = (typeof REGIONS_ERRORS)[number];

export const LOOK_REASONS = ["investigation", "own-request", "correction", "other"] as const;
export type LookReason = (typeof LOOK_REASONS)[number];

/** Why no code is read from a picture. */
export const PICTURE_PROBLEMS = [
  "no-code",
  "one-of-several",
  "empty",
  "too-large",
  "heic",
  "other-picture",
  "web-page",
  "other-file",
  "unknown",
  "cut-off",
  "damaged",
  "too-many-pixels",
  "unsupported",
  "locked",
  "no-pages",
  "too-many-pages",
  "too-slow",
  "code-too-far",
  "code-blurred",
  "code-too-bright",
  "code-cut-off",
  "code-too-dark",
] as const;
export type PictureProblem = (typeof PICTURE_PROBLEMS)[number];

/** Why a file of reports or a request is not taken in. */
export const STICK_PROBLEMS = [
  "too-large",
  "malformed",
  "other-station",
  "signature",
  "ticket-unknown",
  "ticket-expired",
  "ticket-used",
  "withdrawn",
  "no-receipt-key",
  "receipt-key-time",
] as const;
export type StickFileProblem = (typeof STICK_PROBLEMS)[number];

/** Why there is no picture of a camera, or none any more. */
export const WEBCAM_PROBLEMS = [
  "insecure",
  "none",
  "denied",
  "in-use",
  "failed",
  "lost",
  "over",
  "hidden",
] as const;
export type WebcamProblem = (typeof WEBCAM_PROBLEMS)[number];

/** How far back the audit log is read. */
export const AUDIT_SPANS = ["day", "week", "month", "all", "days"] as const;
export type AuditSpan = (typeof AUDIT_SPANS)[number];

export const SHOWN = [
  "pass",
  "check",
  "stop",
  "unjudged-trust",
  "unjudged-clock",
  "unjudged-policy",
] as const;
export type Shown = (typeof SHOWN)[number];

export const COLOURS = ["green", "yellow", "red", "grey", "uncoloured", "certificate"] as const;
export type Colour = (typeof COLOURS)[number];

export const ACTS = [
  "first-start",
  "sign-in",
  "sign-in-failed",
  "sign-out",
  "invitation-made",
  "invitation-ended",
  "invitation-accepted",
  "person-added",
  "person-changed",
  "rights-changed",
  "person-disabled",
  "person-enabled",
  "words-made",
  "ticket-made",
  "ticket-revoked",
  "station-enrolled",
  "station-withdrawn",
  "stick-imported",
  "stick-enrolled",
  "stick-exported",
  "regions-imported",
  "community-published",
  "roster-changed",
  "audit-checked",
  "audit-exported",
  "people-looked",
  "stations-looked",
  "work-looked",
  "roster-looked",
  "audit-looked",
  "resident-looked",
  "consent-asked",
  "consent-given",
  "consent-refused",
  "resident-traced",
  "resident-phone-opened",
  "resident-erased",
  "resident-exported",
  "passages-purged",
  "clock-vouched",
  "residents-refused",
  "reset",
  "erased",
] as const;
export type Act = (typeof ACTS)[number];

/** Returns the code if it is one of these. */
export function known<T extends string>(codes: readonly T[], code: string): T | undefined {
  return codes.find((one) => one === code);
}
