import type { LanguageChoice } from "@kadian/kit";
import type { UserInput, WindowView } from "../../bindings";
import type { Backend } from "../backend";
import { picture, type Pose } from "./picture";
import { SCENES, type Scene } from "./scenes";

/**
 * Creates the host that plays scenes: `?fake=pass&lang=en`. Keys lead from scene to scene. With
 * `&run` countdowns count; `&mirrored` and `&theme=light` do what they say.
 */
export function createFake(query: URLSearchParams): Backend {
  let scene: Scene = SCENES[query.get("fake") ?? "ready"] ?? (SCENES["ready"] as Scene);
  let language = asChoice(query.get("lang"));
  let show: (view: WindowView) => void = () => undefined;
  const pictures = new Map<Pose, string>();

  const play = (next: Scene): void => {
    scene = next;
    show(shown(scene));
  };
  const later = (name: string, after: number): void => {
    setTimeout(() => play(SCENES[name] as Scene), after);
  };

  const act = (input: UserInput): void => {
    switch (input.kind) {
      case "sign-in":
        play(SCENES["signed-out-checking"] as Scene);
        later("choose-checkpoint", 400);
        return;
      case "confirm":
        play(SCENES["recording"] as Scene);
        later("recorded", 700);
        later("ready", 1600);
        return;
      case "declare-again":
        play(SCENES["declare-again"] as Scene);
        return;
      case "no-code":
        play(SCENES["no-code"] as Scene);
        return;
      case "end-shift":
        play(SCENES["signed-out"] as Scene);
        return;
      case "switch-checkpoint":
        play(SCENES["choose-checkpoint"] as Scene);
        return;
      case "choose-checkpoint":
      case "add-checkpoint":
      case "discard":
      case "back":
      case "assert-time":
        play(SCENES["ready"] as Scene);
        return;
      case "fault-seen":
        return;
    }
  };

  return {
    start: (onView, onSound) => {
      show = onView;
      if (scene.sound !== undefined) onSound(scene.sound);
      if (query.has("run")) setInterval(() => play(counted(scene)), 1000);
      return Promise.resolve(shown(scene));
    },
    user: (input) => {
      act(input);
      return Promise.resolve();
    },
    settings: () => Promise.resolve({ name: "", language, mirrored: query.has("mirrored") }),
    setLanguage: (choice) => {
      language = choice;
      return Promise.resolve();
    },
    seen: () => undefined,
    frame: () => {
      const known = pictures.get(scene.pose);
      if (known !== undefined) return known;
      const drawn = picture(scene.pose);
      pictures.set(scene.pose, drawn);
      return drawn;
    },
    ...(query.has("theme") ? { theme: query.get("theme") ?? "dark" } : {}),
  };
}

/** Returns the scene one second later. */
function shown(scene: Scene): WindowView {
  return { state: "station", view: scene.view };
}

function counted(scene: Scene): Scene {
  const { screen, bar } = scene.view;
  if (screen.kind !== "result") return scene;
  const left = screen.result.countdown.left - 1;
  if (left <= 0) return SCENES["ready"] as Scene;
  const countdown = { ...screen.result.countdown, left };
  return { ...scene, view: { screen: { ...screen, result: { ...screen.result, countdown } }, bar } };
}

function asChoice(text: string | null): LanguageChoice {
  return text === "en" || text === "system" ? text : "zh";
}
