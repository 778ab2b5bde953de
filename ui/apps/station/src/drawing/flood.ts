/** What fills the whole window: a verdict, or the station that speaks of itself (paper, slate). */
export type Flood = "pass" | "check" | "stop" | "invalid" | "paper" | "slate";
