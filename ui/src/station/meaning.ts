import type { Screen } from "../bindings/Screen";
import type { UserInput } from "../bindings/UserInput";

/** What a key means on this screen, if anything. The scan is the one that the person looks at. */
export function meaning(key: string, screen: Screen): UserInput | undefined {
  switch (screen.kind) {
    case "result": {
      const { scan, canConfirm, canDeclareAgain } = screen.result;
      if (key === "Enter" && canConfirm) return { wing: "collector", kind: "confirm", scan };
      if (key === "Escape") return { wing: "collector", kind: "discard", scan };
      if (key.toLowerCase() === "r" && canDeclareAgain) return { wing: "collector", kind: "declare-again", scan };
      return undefined;
    }
    case "ready":
      if (key.toLowerCase() === "n") return { wing: "collector", kind: "no-code" };
      if (key === "F9") return { wing: "shift", kind: "end-shift" };
      if (key === "F8") return { wing: "shift", kind: "switch-checkpoint" };
      return undefined;
    case "choose-checkpoint":
      return key === "F9" ? { wing: "shift", kind: "end-shift" } : undefined;
    case "declare-again":
    case "no-code":
      return key === "Escape" ? { wing: "collector", kind: "back" } : undefined;
    case "fault":
      if (key === "F5" && screen.mayAssertTime) return { wing: "station", kind: "assert-time" };
      return key === "Enter" ? { wing: "station", kind: "fault-seen" } : undefined;
    case "signed-out":
    case "recording":
    case "recorded":
      return undefined;
  }
}
