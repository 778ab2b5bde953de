import type { Screen } from "../bindings/Screen";

/** What fills the whole screen, if anything does. */
export type Flood = "pass" | "check" | "stop" | "invalid" | "paper" | "slate" | "none";

export function floodOf(screen: Screen): Flood {
  switch (screen.kind) {
    case "result":
    case "recording": {
      const { kind } = screen.result.answer;
      if (kind === "again") return "paper";
      return kind === "unjudged" ? "slate" : kind;
    }
    case "declare-again":
    case "no-code":
      return "paper";
    case "fault":
      return "slate";
    case "signed-out":
    case "choose-checkpoint":
    case "ready":
    case "recorded":
      return "none";
  }
}

/** Changes whenever a person looks at something new. */
export function momentOf(screen: Screen): string {
  switch (screen.kind) {
    case "result":
      return `result ${screen.result.scan}`;
    case "fault":
      return `fault ${screen.fault}`;
    default:
      return screen.kind;
  }
}
