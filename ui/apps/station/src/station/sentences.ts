import { days } from "@kadian/kit";
import type { CameraView, Fault, TrustAge } from "../bindings";
import type { Sentences, Words } from "../words";

/** One step against a fault: with a note, or with a command to type as it is. */
export interface Step {
  title: string;
  note?: string;
  command?: string;
}

/** Returns the two sentences of a fault: why, and what to do. */
export function sentencesOfFault(words: Words, fault: Fault, trust: TrustAge): Sentences {
  const { why, do: act } = words.fault[fault];
  if (fault === "trust-expired" && trust.seconds !== null) {
    const limit = trust.limits === null ? null : days(trust.limits.hard);
    return { why: words.trustExpiredWhy(days(trust.seconds), limit), do: act };
  }
  return { why, do: act };
}

/** Returns what to do step by step. The first step names what is known about the camera. */
export function stepsOfFault(words: Words, fault: Fault, camera: CameraView): Step[] {
  const steps: Step[] = words.fault[fault].steps;
  if (fault === "camera-busy" && camera.heldBy !== null) {
    return [words.closeProgram(camera.heldBy), ...steps.slice(1)];
  }
  if (fault === "camera-no-permission" && camera.mend !== null) {
    return [{ title: words.mendCamera.title, command: camera.mend }, ...steps.slice(1)];
  }
  return steps;
}

/** Returns what the station does about a fault meanwhile. */
export function activityOf(words: Words, fault: Fault, camera: CameraView): string {
  return fault.startsWith("camera-") && camera.opening ? words.cameraReturning : words.fault[fault].activity;
}

/** Returns the fault's stable code as it is read out to support. */
export function codeOf(fault: Fault): string {
  return fault.toUpperCase();
}
