import { isWithin, levelOf } from "../../desk/regions";
import type * as api from "../api";
import type { Board, Collector, Minutes, Need, Part, Silent, Tally, Work } from "../board";
import { allRegions, at, refOf } from "./samples";

// A board that moves and a collector's work, made up from a count: the same whenever it is looked at.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const CHECKPOINTS = ["东门", "北门", "样例小学门口", "示例门岗"];

/** Goes up and down between 0 and 1, like people at a gate. */
function wave(step: number, shift = 0): number {
  return 0.55 + 0.3 * Math.sin((step + shift) / 6) + 0.15 * Math.sin((step + shift) / 1.7);
}

const count = (most: number, step: number, shift = 0): number => Math.round(most * wave(step, shift));
const unixNow = (): number => Math.floor(Date.now() / 1000);

/** Plays the board of a region as it is now. */
export function sampleBoard(region: string, stations: readonly api.Station[]): Board {
  const now = unixNow();
  const from = now - (now % MINUTE) - 59 * MINUTE;
  const step = Math.floor(from / MINUTE);
  const part = (now % MINUTE) / MINUTE;
  const isEmpty = stations.length === 0;
  const each = (most: number, shift: number): number[] =>
    Array.from({ length: 60 }, (_, minute) =>
      isEmpty ? 0 : Math.round(count(most, step + minute, shift) * (minute === 59 ? part : 1)),
    );
  const rare = (every: number): number[] =>
    Array.from({ length: 60 }, (_, minute) => (!isEmpty && (step + minute) % every === 0 ? 1 : 0));
  const minutes: Minutes = {
    passed: each(24, 0),
    letThrough: each(4, 3),
    turnedAway: rare(13),
    stopped: rare(9),
    unjudged: rare(1000),
    invalid: rare(11).map((one) => 3 * one),
  };
  const line = (shift: number): number[] =>
    Array.from({ length: 24 }, (_, minute) => count(11, step + minute, shift));
  const here = stations.filter(({ state }) => state !== "withdrawn");
  const of = (state: api.StationState): number => here.filter((station) => station.state === state).length;
  const silentOne = here.find(({ state }) => state === "offline");
  const oldest = [...here].sort((one, other) => (other.trustAge ?? 0) - (one.trustAge ?? 0))[0];
  const about = (station: api.Station | undefined, seconds: number): Silent | null =>
    station === undefined
      ? null
      : {
          station: station.id,
          name: station.name,
          checkpoint: station.checkpoint ?? null,
          seconds,
          waiting: station.waiting ?? null,
        };
  return {
    at: at(0),
    region: refOf(region),
    from,
    minutes,
    stations: {
      all: here.length - of("new"),
      online: here.length - of("new") - of("offline"),
      offline: of("offline"),
      behind: of("behind"),
      new: of("new"),
    },
    silent: about(silentOne, 2 * DAY + HOUR),
    oldestTrust: about(oldest, oldest?.trustAge ?? 0),
    needs: [...officeNeeds(region), ...here.flatMap((station) => needsOf(station))],
    parts: isEmpty ? [] : partsOf(region, line),
    moreParts: 0,
    rows: here.map((station, at) => ({
      station,
      line: station.state === "offline" ? line(at).fill(0, 14) : line(at * 5),
    })),
    moreRows: 0,
  };
}

/** What the office itself needs: whoever sees no more than a community has enough to do. */
function officeNeeds(region: string): Need[] {
  return levelOf(region) === "city" ? [{ code: "tls-ends", seconds: 9 * DAY }] : [];
}

function needsOf({ id, name, state, alerts, waiting, trustAge }: api.Station): Need[] {
  const station = { id, name };
  const alert = alerts.map(({ kind, count: times }): Need => ({
    code: "alert",
    kind,
    station,
    count: times,
  }));
  if (state === "offline")
    return [...alert, { code: "offline", station, count: waiting ?? 0, seconds: 2 * DAY + HOUR }];
  if (state === "clock") return [...alert, { code: "clock", station }];
  if (state === "trust") return [...alert, { code: "old-trust", station, seconds: trustAge ?? 0 }];
  return alert;
}

function partsOf(region: string, line: (shift: number) => number[]): Part[] {
  const part = (id: string, name: string, at: number): Part => {
    const own = line(at * 7);
    return { id, name, people: own.reduce((sum, value) => sum + value, 0) * 2, invalid: at, line: own };
  };
  if (levelOf(region) === "community") {
    return CHECKPOINTS.map((name, at) => part(`c${at}`, name, at));
  }
  const below = allRegions().filter(({ code }) => code !== region && isWithin(code, region));
  const next = Math.min(...below.map(({ code }) => code.length));
  return below.filter(({ code }) => code.length === next).map(({ code, name }, at) => part(code, name, at));
}

/** Plays collectors' work. */
export function sampleWork(region: string, from: number, until: number, isEmpty: boolean): Work {
  const own = refOf(region);
  const nothing = { region: own, communities: [], collectors: [], nobody: [], nobodyTries: 0, cut: false };
  if (levelOf(region) !== "community") {
    const communities = allRegions().filter(
      ({ code, level }) => level === "community" && isWithin(code, region),
    );
    return { ...nothing, communities: communities.map(({ code }) => refOf(code)) };
  }
  if (isEmpty) return nothing;
  const collectors = [
    collector("0101010101010101", "李*", "138****0001", 1, { from, until }),
    collector("0202020202020202", "周*", "138****0002", 0.6, { from, until }),
    collector("0303030303030303", null, null, 0.2, { from, until }),
  ];
  return { ...nothing, collectors, nobody: [{ refusal: "not-a-health-code", count: 2 }], nobodyTries: 1 };
}

function collector(
  id: string,
  name: string | null,
  phone: string | null,
  share: number,
  { from, until }: { from: number; until: number },
): Collector {
  const now = unixNow();
  const days = Array.from({ length: 4 }, (_, day) => until - (day + 1) * DAY).filter((day) => day >= from);
  const place = (at: number): { id: string; name: string } => ({ id: `c${at}`, name: CHECKPOINTS[at] ?? "" });
  const stints = days.flatMap((day, index) =>
    [8, 14].map((hour) => ({
      station: "s1",
      checkpoint: place(index % 3),
      direction: index === 3 ? ("out" as const) : ("in" as const),
      began: day + hour * HOUR,
      ended: endOf(day + hour * HOUR, now),
    })),
  );
  const began = stints.filter((stint) => stint.began < now).sort((one, other) => one.began - other.began);
  const hours = began.flatMap((stint, at) =>
    Array.from({ length: 5 }, (_, hour) => ({
      at: stint.began + hour * HOUR,
      checkpoint: stint.checkpoint,
      direction: stint.direction,
      tally: tallyOf(at * 5 + hour, share),
    })).filter((hour) => hour.at < now),
  );
  const invalid = [
    { refusal: "expired", count: 19 },
    { refusal: "malformed", count: 6 },
    { refusal: "revoked", count: 1 },
    { refusal: "not-yet-valid", count: 1 },
  ].map((one) => ({ ...one, count: Math.max(1, Math.round(one.count * share)) }));
  return { id, name, phone, stints: began, hours, invalid, wrongTries: 2 };
}

/** A shift lasts five hours and a little; what is in the future nobody has reported. */
function endOf(began: number, now: number): number | null {
  const ended = began + 5 * HOUR + 5 * MINUTE;
  return ended > now ? null : ended;
}

function tallyOf(step: number, share: number): Tally {
  return {
    passed: Math.round(count(48, step) * share),
    letThrough: Math.round(count(6, step, 2) * share),
    turnedAway: step % 5 === 0 ? 1 : 0,
    stopped: step % 4 === 0 ? 1 : 0,
    unjudged: 0,
  };
}
