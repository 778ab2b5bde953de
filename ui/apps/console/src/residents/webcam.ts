import type { WebcamProblem } from "../words/codes";

/** Milliseconds from one frame to the next: three a second, and never two on their way. */
const BETWEEN_MS = 334;
/** Milliseconds after which the camera is let go of, whatever was seen. */
export const LASTS_MS = 60_000;
/** Longest side of a frame in pixels: as large as the office reads one at once. */
const LONGEST = 1280;
const QUALITY = 0.85;

const BY_NAME: Partial<Record<string, WebcamProblem>> = {
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotReadableError: "in-use",
  AbortError: "in-use",
};

/** Opens a camera of this computer, or says why not. */
export async function openCamera(): Promise<MediaStream | WebcamProblem> {
  // A browser hands a camera to pages alone that nobody could have changed on their way.
  if (!isSecureContext) return "insecure";
  if (!("mediaDevices" in navigator)) return "none";
  try {
    const video = { width: { ideal: LONGEST }, height: { ideal: 720 }, facingMode: { ideal: "environment" } };
    return await navigator.mediaDevices.getUserMedia({ audio: false, video });
  } catch (error) {
    return BY_NAME[error instanceof DOMException ? error.name : ""] ?? "failed";
  }
}

export interface Reading {
  /** Returns what the camera shows now, as a JPEG; undefined where there is nothing yet. */
  frame: () => Promise<Uint8Array | undefined>;
  /** Sends a frame off and returns whether that was the last one. */
  read: (frame: Uint8Array) => Promise<boolean>;
  /** Waits so many milliseconds, or until it is stopped. */
  wait: (ms: number) => Promise<void>;
  now: () => number;
  signal: AbortSignal;
}

/** Reads one frame after another until one was the last, the time is over or it is stopped. Returns whether time is over. */
export async function readFrames({ frame, read, wait, now, signal }: Reading): Promise<boolean> {
  const begin = now();
  const isStopped = (): boolean => signal.aborted;
  for (;;) {
    const began = now();
    if (began - begin >= LASTS_MS) return true;
    const taken = await frame();
    if (isStopped()) return false;
    if (taken !== undefined && (await read(taken))) return false;
    await wait(Math.max(0, began + BETWEEN_MS - now()));
    if (isStopped()) return false;
  }
}

/** Draws what a video shows as a JPEG. */
export async function frameOf(video: HTMLVideoElement): Promise<Uint8Array | undefined> {
  const { videoWidth: width, videoHeight: height } = video;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  if (width === 0 || height === 0) return undefined;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return blob === null ? undefined : new Uint8Array(await blob.arrayBuffer());
}
