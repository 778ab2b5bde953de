import type { ByKind } from "@kadian/kit";
import type { DeviceProblem, Fault, TestFailure, TestFinding, TestSubject, WhichCamera } from "../bindings";
import type { PortWords } from "./ports";

/** What an administrator reads on the device page. */
export interface DeviceWords {
  name: string;
  note: string;

  /** The hand scanner and the relay. */
  ports: PortWords;
  /** The rows. */
  row: Record<"camera" | "second" | "sound" | "screen" | "language" | "lamp", string>;
  /** What a camera is called that nobody named. */
  anyCamera: string;
  scripted: string;
  simulated: string;
  noSecond: string;
  secondNote: string;
  starting: string;
  mirrored: string;
  choose: string;
  chooseSecond: string;
  choosing: Record<WhichCamera, string>;
  noCameras: string;
  unusable: string;
  usedAs: Record<WhichCamera, string>;
  automatic: string;
  automaticNote: string;
  none: string;
  noneNote: string;
  use: string;
  close: string;
  problem: Record<DeviceProblem, string>;
  notKept: string;

  /** The read test, on the picture. */
  tryIt: string;
  tryNote: string;
  read: (millis: number, by: WhichCamera | null) => string;
  /** `hint` says what keeps the code from being read. */
  unreadable: (hint: string) => string;

  volume: (percent: number) => string;
  silent: string;
  soundNote: string;
  louder: string;
  quieter: string;
  listen: string;
  theme: Record<"system" | "dark" | "light" | "contrast", string>;
  languages: Record<"system" | "zh" | "en", string>;
  lampNote: string;
  lamp: Record<"off" | "when-dark", string>;

  selfTest: string;
  /** What was tested when. */
  tested: (clock: string) => string;
  testing: string;
  failed: (count: number) => string;
  asks: (count: number) => string;
  well: (count: number) => string;
  subject: Record<TestSubject, string>;
  found: ByKind<TestFinding>;
  /** One sentence: what is wrong and what to do. A camera's fault has its own. */
  failure: { [C in TestFailure["code"]]: (why: Extract<TestFailure, { code: C }>, fault: string) => string };
  askSound: string;
  heard: string;
  notHeard: string;

  diagnostics: string;
  diagnosticsNote: string;
  save: string;
  saved: (path: string) => string;
  notSaved: string;

  /** One of two cameras is out; stands in the bar. */
  otherOut: string;
  otherOutNote: (fault: Fault) => string;
}
