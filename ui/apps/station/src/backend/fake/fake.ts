import type { LanguageChoice, ThemeChoice } from "@kadian/kit";
import type {
  DeviceInput,
  DisplayInfo,
  ExportedReports,
  NoStation,
  ResidentDisplay,
  Settings,
  TicketInput,
  UserInput,
  WindowView,
  WorkbenchInput,
} from "../../bindings";
import type { Backend } from "../backend";
import { ENTRANCES, JOINING } from "./entrances";
import { picture, type Pose } from "./picture";
import type { Scene } from "./samples";
import { SCENES } from "./scenes";

/** A window without a station behind it. */
export const NO_STATIONS: Record<string, NoStation> = {
  "not-enrolled": "not-enrolled",
  "in-use": "in-use",
  withdrawn: "withdrawn",
  left: "left",
  "left-exported": "left",
  "no-station": "no-station",
};

/** The same on the device page. */
const DEVICE_FOLLOWS: Record<DeviceInput["ask"], string> = {
  "list-cameras": "workbench-device-cameras",
  "hide-cameras": "workbench-device",
  "choose-camera": "workbench-device",
  "list-scanners": "workbench-device-scanners",
  "choose-scanner": "workbench-device-ports",
  "list-relays": "workbench-device-relays",
  "choose-relay": "workbench-device-ports",
  "try-relay": "workbench-device-ports",
  "hide-ports": "workbench-device",
  "self-test": "workbench-device-read",
  heard: "workbench-device-well",
  "show-diagnostics": "workbench-device-diagnostics",
  "hide-diagnostics": "workbench-device",
};

/** The settings of the device page. */
const DEVICE: Pick<Settings, "volume" | "lamp"> = { volume: 80, lamp: "when-dark" };

/** Displays that are connected, and where a scene's resident's side is (`&display=HDMI-1`, `window`, `none`). */
const DISPLAYS: DisplayInfo[] = [
  { name: "eDP-1", width: 1366, height: 768, collectors: true },
  { name: "HDMI-1", width: 1920, height: 1080, collectors: false },
];
function displayOf(name: string | null): ResidentDisplay {
  if (name === null || name === "none") return { kind: "none" };
  return name === "window" ? { kind: "window" } : { kind: "display", name };
}
function voiceOf(name: string | null): Settings["voice"] {
  return name === "zh" || name === "en" || name === "both" ? name : "off";
}

/** Where a laptop wrote what it could not send. */
const EXPORTED: ExportedReports = { reports: 12, folder: "/home/sample/下载/kadian-reports" };

interface Follow {
  scene: string;
  /** Milliseconds after the input. */
  after: number;
}
const now = (scene: string): Follow[] => [{ scene, after: 0 }];

/** What the gate would show after an input, roughly. A new input may be left out. */
const FOLLOWS: Partial<Record<UserInput["kind"], Follow[]>> = {
  "open-workbench": now("door"),
  "sign-in": [...now("signed-out-checking"), { scene: "choose-checkpoint", after: 400 }],
  confirm: [...now("recording"), { scene: "recorded", after: 700 }, { scene: "ready", after: 1600 }],
  "turn-away": [...now("recording"), { scene: "recorded", after: 700 }, { scene: "ready", after: 1600 }],
  "declare-again": now("declare-again"),
  "no-code": now("no-code"),
  "end-shift": [...now("signed-out-ended"), { scene: "signed-out", after: 8000 }],
  "resume-shift": now("ready"),
  "fault-seen": now("fault-seen"),
  "switch-checkpoint": now("choose-checkpoint"),
  "choose-checkpoint": now("ready"),
  "add-checkpoint": now("ready"),
  discard: now("ready"),
  back: now("ready"),
  "assert-time": now("ready"),
};

/** The same in the workbench, whose inputs may be called like others. */
const WORKBENCH_FOLLOWS: Partial<Record<WorkbenchInput["kind"], Follow[]>> = {
  lock: [{ scene: "ready", after: 0 }],
  "scan-collector": [
    { scene: "workbench-scan", after: 0 },
    { scene: "workbench-add", after: 2500 },
  ],
  "stop-adding": [{ scene: "workbench-collectors", after: 0 }],
  "add-collector": [
    { scene: "workbench-add-saving", after: 0 },
    { scene: "workbench-collectors", after: 900 },
  ],
  "choose-new-pin": [{ scene: "workbench-pin", after: 0 }],
  "set-pin": [
    { scene: "workbench-pin-saving", after: 0 },
    { scene: "workbench-collectors", after: 900 },
  ],
  "restore-collector": [{ scene: "workbench-collectors", after: 0 }],
  "remove-collector": [{ scene: "workbench-undo", after: 0 }],
  undo: [{ scene: "workbench-collectors", after: 0 }],
  "undo-last": [{ scene: "workbench-collectors", after: 0 }],
  "notices-seen": [{ scene: "workbench-collectors", after: 0 }],
  "add-checkpoint": [{ scene: "workbench-checkpoints", after: 0 }],
  "carry-stick": [
    { scene: "workbench-stick-carrying", after: 0 },
    { scene: "workbench-stick-carried", after: 1200 },
  ],
  locate: [{ scene: "workbench-checkpoints-here", after: 900 }],
};

/**
 * Creates the host that plays scenes: `?fake=pass&lang=en`. Keys lead from scene to scene. With
 * `&run` countdowns count; `&silent`, `&mirrored`, `&kiosk`, `&voice=both`, `&theme=light` and `&gloss=off` do what they say.
 */
export function createFake(query: URLSearchParams): Backend {
  let scene: Scene = SCENES[query.get("fake") ?? "ready"] ?? (SCENES["ready"] as Scene);
  let language = asChoice(query.get("lang"));
  let theme = asTheme(query.get("theme"));
  let gloss = query.get("gloss") !== "off";
  let show: (view: WindowView) => void = () => undefined;
  /** The laptop before it is a station; `undefined` once it is one. */
  let entrance = ENTRANCES[query.get("fake") ?? ""];
  const noStation = noStationOf(query.get("fake") ?? "");
  const pictures = new Map<Pose, string>();

  const play = (next: Scene): void => {
    scene = next;
    show(shown(scene));
  };
  const later = (name: string, after: number): void => {
    setTimeout(() => play(SCENES[name] as Scene), after);
  };

  const act = (input: UserInput): void => {
    const [first, ...rest] = followsOf(input);
    if (first !== undefined) play(SCENES[first.scene] as Scene);
    for (const { scene: name, after } of rest) later(name, after);
  };

  const enter = (view: typeof entrance): void => {
    entrance = view;
    if (view !== undefined) show({ state: "entrance", view });
  };
  /** What the laptop would show after somebody did something with a ticket, roughly. */
  const handle = ({ kind }: TicketInput): void => {
    if (kind === "offer") enter(ENTRANCES["enrol-confirm"]);
    else if (kind === "from-stick") enter(ENTRANCES["unenrolled-no-stick"]);
    else if (kind === "by-stick") enter(ENTRANCES["enrol-stick"]);
    else if (kind !== "confirm") enter(ENTRANCES["unenrolled"]);
    else if (entrance?.screen.kind === "by-stick") {
      enter(ENTRANCES["enrol-stick-busy"]);
      setTimeout(enter, 600, ENTRANCES["enrol-stick-written"]);
    } else if (entrance?.screen.kind === "failed") enter(ENTRANCES["unenrolled"]);
    else {
      JOINING.forEach((view, step) => setTimeout(enter, step * 600, view));
      later("signed-out", JOINING.length * 600);
      setTimeout(enter, JOINING.length * 600, undefined);
    }
  };

  return {
    start: (onView, onSound) => {
      show = onView;
      if (noStation !== undefined) return Promise.resolve({ state: "no-station", ...noStation });
      if (entrance !== undefined) return Promise.resolve({ state: "entrance", view: entrance });
      if (scene.sound !== undefined) onSound({ sound: scene.sound, says: null });
      // A gate sends its view again and again; with `&silent` it stops.
      if (!query.has("silent")) setInterval(() => play(query.has("run") ? counted(scene) : scene), 1000);
      return Promise.resolve(shown(scene));
    },
    ticket: (input) => {
      handle(input);
      return Promise.resolve();
    },
    leave: (step) => {
      if (step === "begin") play(SCENES["leaving"] ?? scene);
      else show({ state: "no-station", why: "left", exported: EXPORTED });
      return Promise.resolve();
    },
    user: (input) => {
      act(input);
      return Promise.resolve();
    },
    kiosk: () => Promise.resolve({ chosen: query.has("kiosk"), locked: query.has("kiosk") }),
    leaveKiosk: () => Promise.resolve(),
    settings: () =>
      Promise.resolve({
        name: "",
        language,
        theme,
        gloss,
        mirrored: query.has("mirrored"),
        residentDisplay: displayOf(query.get("display")),
        kiosk: query.has("kiosk"),
        voice: voiceOf(query.get("voice")),
        ...DEVICE,
      }),
    setLanguage: (choice) => {
      language = choice;
      return Promise.resolve();
    },
    setTheme: (choice) => {
      theme = choice;
      return Promise.resolve();
    },
    setGloss: (choice) => {
      gloss = choice;
      return Promise.resolve();
    },
    setKiosk: () => Promise.resolve(),
    displays: () => Promise.resolve(DISPLAYS),
    setResidentDisplay: () => Promise.resolve(),
    setDevice: () => Promise.resolve(),
    saveDiagnostics: () => Promise.resolve("/home/sample/下载/kadian.txt"),
    seen: () => undefined,
    frame: () => {
      const known = pictures.get(scene.pose);
      if (known !== undefined) return known;
      const drawn = picture(scene.pose);
      pictures.set(scene.pose, drawn);
      return drawn;
    },
  };
}

function noStationOf(
  name: string,
): { why: NoStation; contact?: string; exported?: ExportedReports } | undefined {
  const why = NO_STATIONS[name];
  if (why === undefined) return undefined;
  if (why === "withdrawn") return { why, contact: "样例社区值班室 000-0000-0000" };
  return name === "left-exported" ? { why, exported: EXPORTED } : { why };
}

function followsOf(input: UserInput): Follow[] {
  if (input.wing !== "workbench") return FOLLOWS[input.kind] ?? [];
  if (input.kind === "device") return now(DEVICE_FOLLOWS[input.input.ask]);
  if (input.kind === "turn") return now(`workbench-${input.page}`);
  return WORKBENCH_FOLLOWS[input.kind] ?? [];
}

/** Returns what the window shows in a scene. */
function shown(scene: Scene): WindowView {
  return { state: "station", view: scene.view };
}

/** Returns the scene one second later. */
function counted(scene: Scene): Scene {
  const { screen, bar } = scene.view;
  if (screen.kind !== "result") return scene;
  const left = screen.result.countdown.left - 1;
  if (left <= 0) return SCENES["ready"] as Scene;
  const countdown = { ...screen.result.countdown, left };
  const view = { ...scene.view, screen: { ...screen, result: { ...screen.result, countdown } }, bar };
  return { ...scene, view };
}

function asChoice(text: string | null): LanguageChoice {
  return text === "en" || text === "system" ? text : "zh";
}

function asTheme(text: string | null): ThemeChoice {
  return text === "light" || text === "dark" || text === "contrast" ? text : "system";
}
