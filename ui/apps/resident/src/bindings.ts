// Generated from the Rust types by `cargo xtask bindings`. Do not edit.

/** What a resident is asked to do. Two languages say each of these. */
export type ResidentView = "ready" | "pass" | "check" | "passport" | "refresh" | "wait" | "closed";
