import { days } from "@kadian/kit";
import type { CameraView, Fault, StationScreen, TrustAge } from "../bindings";
import type { Sentences, Words } from "../words";

/** One step against a fault: with a note, or with a command to type as it is. */
export interface Step {
  title: string;
  note?: string;
  calls?: true;
  command?: string;
}

type FaultOnScreen = Extract<StationScreen, { kind: "fault" }>;

/** Returns the two sentences of a fault: why, and what to do. */
export function sentencesOfFault(words: Words, fault: Fault, trust: TrustAge): Sentences {
  const { why, do: act } = words.fault[fault];
  if (fault === "trust-expired" && trust.seconds !== null) {
    const limit = trust.limits === null ? null : days(trust.limits.hard);
    return { why: words.trustExpiredWhy(days(trust.seconds), limit), do: act };
  }
  return { why, do: act };
}

/**
 * Returns what to do step by step. Steps name what is known about the camera, and the date and time
 * of a clock that is wrong.
 */
export function stepsOfFault(words: Words, screen: FaultOnScreen, camera: CameraView, now: number): Step[] {
  const { fault, mayAssertTime } = screen;
  const steps: Step[] = words.fault[fault].steps;
  if (fault === "camera-busy" && camera.heldBy !== null) {
    return [words.closeProgram(camera.heldBy), ...steps.slice(1)];
  }
  if (fault === "camera-no-permission" && camera.mend !== null) {
    return [{ ...words.mendCamera, command: camera.mend }, ...steps.slice(1)];
  }
  if (fault === "clock-wrong") {
    return [...steps, mayAssertTime ? words.vouch(now) : words.clockSays(now)];
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

/** Returns what happens to the records meanwhile. */
export function safeOf(words: Words, fault: Fault, waiting: number): string {
  if (fault === "outbox-damaged" || fault === "disk-failing") return words.safeDamaged;
  return fault === "outbox-busy" ? words.safeUncounted : words.safe(waiting);
}
