import type { ResidentView } from "./bindings";

/** What fills the screen: a verdict's own colour for two of them, and else the station's. */
export type Flood = "pass" | "check" | "paper" | "slate" | "ink";
export type Picture = "pass" | "check" | "phone" | "refresh" | "wait" | "closed";

export interface Shown {
  flood: Flood;
  picture: Picture;
  /** Two lines at most: each is as long as the large type allows. */
  zh: readonly string[];
  en: readonly string[];
}

/** All that this screen can ever say. */
export const SHOWN: Record<ResidentView, Shown> = {
  ready: {
    flood: "paper",
    picture: "phone",
    zh: ["请出示", "健康码"],
    en: ["Please show", "your health code"],
  },
  pass: { flood: "pass", picture: "pass", zh: ["请通过"], en: ["Please go through"] },
  check: {
    flood: "check",
    picture: "check",
    zh: ["请出示", "身份证"],
    en: ["Please show", "your ID card"],
  },
  passport: {
    flood: "check",
    picture: "check",
    zh: ["请出示", "护照"],
    en: ["Please show", "your passport"],
  },
  refresh: {
    flood: "slate",
    picture: "refresh",
    zh: ["请刷新", "健康码"],
    en: ["Please refresh", "your health code"],
  },
  wait: { flood: "slate", picture: "wait", zh: ["请在旁", "等候"], en: ["Please wait", "at the side"] },
  closed: { flood: "ink", picture: "closed", zh: ["暂未", "开放"], en: ["This gate is", "not open now"] },
};
