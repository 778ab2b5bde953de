import type { CameraView } from "../bindings/CameraView";
import type { Fault } from "../bindings/Fault";
import type { ResultView } from "../bindings/ResultView";
import type { TrustAge } from "../bindings/TrustAge";
import { days } from "../shared/i18n/amounts";
import { textOf, type Words } from "../shared/i18n";
import type { Lines } from "../shared/i18n/words";

/** One step: with a note, or with a command to be typed as it is. */
export interface Step {
  title: string;
  note?: string;
  command?: string;
}

/** One line why, one line what to do, for the answer to a code. */
export function linesOf(w: Words, result: ResultView): Lines {
  if (result.notRecorded !== null) {
    return { why: w.notRecordedWhy[result.notRecorded], do: w.notRecordedDo };
  }
  const { answer } = result;
  switch (answer.kind) {
    case "pass":
      return { why: textOf(w.reasonWhy, answer.reason), do: w.passDo };
    case "check":
      return { why: textOf(w.reasonWhy, answer.reason), do: textOf(w.checkDo, answer.reason) };
    case "stop":
      return { why: textOf(w.reasonWhy, answer.reason), do: w.stopDo };
    case "invalid":
      return {
        why: textOf(w.refusalWhy, answer.refusal, result.fields?.seenAt ?? null),
        do: w.refusalDo[answer.refusal.kind],
      };
    case "again":
      return w.again;
    case "unjudged":
      return { why: w.unjudgedWhy[answer.fault], do: w.unjudgedDo };
  }
}

/** The same for a fault. */
export function linesOfFault(w: Words, fault: Fault, trust: TrustAge): Lines {
  const { why, do: act } = w.fault[fault];
  if (fault === "trust-expired" && trust.seconds !== null) {
    const limit = trust.limits === null ? null : days(trust.limits.hard);
    return { why: w.trustExpiredWhy(days(trust.seconds), limit), do: act };
  }
  return { why, do: act };
}

/** What to do about a fault, step by step; where more is known of the camera, it says more. */
export function stepsOfFault(w: Words, fault: Fault, camera: CameraView): Step[] {
  const steps: Step[] = w.fault[fault].steps;
  if (fault === "camera-busy" && camera.heldBy !== null) {
    return [w.closeProgram(camera.heldBy), ...steps.slice(1)];
  }
  if (fault === "camera-no-permission" && camera.mend !== null) {
    return [{ title: w.mendCamera.title, command: camera.mend }, ...steps.slice(1)];
  }
  return steps;
}

/** What the station does about a fault meanwhile. */
export function activityOf(w: Words, fault: Fault, camera: CameraView): string {
  return fault.startsWith("camera-") && camera.opening ? w.cameraReturning : w.fault[fault].activity;
}

/** The stable code, as it is read out to support. */
export function codeOf(fault: Fault): string {
  return fault.toUpperCase();
}
