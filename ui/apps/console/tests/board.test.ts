// @vitest-environment jsdom

import { screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { Board, Collector } from "../src/backend/board";
import { EventReader } from "../src/backend/events";
import { sampleBoard } from "../src/backend/fake/board";
import { sampleStations } from "../src/backend/fake/samples";
import { Problem } from "../src/backend/problem";
import { bandsOf, needPage, needText, pace, people, starts } from "../src/board/board";
import { ceiling, marks, points, stacked } from "../src/parts/chart";
import { wordsIn } from "../src/words";
import { anHour, byDay, daysOf, hoursOf, percent, period, worked } from "../src/work/work";
import { open } from "./play";

const words = wordsIn("zh");
const HERE = "990101001001";
const board = (): Board => sampleBoard(HERE, sampleStations());

test("a stack is drawn from its highest band to its lowest", () => {
  const bands = [
    { key: "passed", name: "", values: [3, 0] },
    { key: "stopped", name: "", values: [1, 2] },
  ];
  expect(stacked(bands)).toEqual([
    { key: "stopped", tops: [4, 2] },
    { key: "passed", tops: [3, 0] },
  ]);
});

test.each([
  [0, 1, 1],
  [3, 3, 1],
  [33, 40, 10],
  [71, 80, 20],
  [1999, 2000, 500],
])("an axis for %i reaches %i in steps of %i", (most, top, step) => {
  expect(ceiling(most)).toEqual({ top, step });
});

test("a few marks stand as far from one another as they can", () => {
  expect(marks(60, 5)).toEqual([0, 15, 30, 44, 59]);
  expect(marks(3, 6)).toEqual([0, 1, 2]);
  expect(marks(1, 6)).toEqual([0]);
  expect(marks(0, 6)).toEqual([]);
});

test("a line fits its box, also where nothing happened", () => {
  expect(points([0, 2, 1], 100, 20)).toBe("0.0,20.0 50.0,0.0 100.0,10.0");
  expect(points([0, 0], 100, 20)).toBe("0.0,20.0 100.0,20.0");
});

test("events are put together from any pieces", () => {
  const text = 'event: board\ndata: {"a":1}\n\n: lives\n\nevent: beat\ndata: x: y\n\n';
  for (const size of [1, 3, 7, text.length]) {
    const reader = new EventReader();
    const found = [];
    for (let from = 0; from < text.length; from += size)
      found.push(...reader.push(text.slice(from, from + size)));
    expect(found).toEqual([
      { name: "board", data: '{"a":1}' },
      { name: "beat", data: "x: y" },
    ]);
  }
});

test("the pace is that of minutes that are over, and invalid codes are no people", () => {
  const minutes = {
    passed: [1, 1, 1, 1, 1, 9],
    letThrough: [0, 0, 0, 0, 4, 9],
    turnedAway: [0, 0, 0, 0, 0, 0],
    stopped: [0, 0, 0, 0, 0, 0],
    unjudged: [0, 0, 0, 0, 0, 0],
    invalid: [7, 7, 7, 7, 7, 7],
  };
  expect(people(minutes)).toEqual([1, 1, 1, 1, 5, 18]);
  expect(pace(minutes)).toEqual({ last: 5, average: 2 });
  expect(bandsOf(minutes, words).map(({ key }) => key)).toEqual([
    "passed",
    "letThrough",
    "stopped",
    "invalid",
  ]);
});

test("every need has a sentence, and one that nobody knows yet has its code", () => {
  const station = { id: "s4", name: "样例 04" };
  const said = needText(words, { code: "offline", station, count: 312, seconds: 2 * 86_400 + 3600 });
  expect(said.what).toMatch(/^样例 04 离线 2 天/);
  expect(said.then).toContain("312 条");
  expect(needText(words, { code: "alert", kind: "fork", station, count: 1 }).then).toBe(
    words.stations.alert.fork,
  );
  expect(needText(words, { code: "surprise" }).what).toContain("surprise");
  expect(needPage({ code: "offline", station })).toEqual({ page: "stations", part: "s4" });
  expect(needPage({ code: "community-ends" })).toEqual({ page: "roster", part: "" });
});

test("the board opens first, moves by itself and says what needs a person", async () => {
  let push: (board: Board) => void = () => undefined;
  const first = board();
  await open("?as=community#/", {
    watchBoard: (_, heard, signal) =>
      new Promise((resolve) => {
        push = heard;
        heard(first);
        signal.addEventListener("abort", () => {
          resolve();
        });
      }),
  });
  expect(document.querySelector("h1")?.textContent).toBe("实时看板");
  expect(screen.getByText(words.board.average(pace(first.minutes).average))).toBeTruthy();
  expect(screen.getByText(/样例 04 离线/).getAttribute("href")).toBe("#/stations/s4");
  push({ ...first, stations: { ...first.stations, offline: 0 } });
  await waitFor(() => expect(screen.getByText(words.board.offline(0, first.stations.new))).toBeTruthy());
  expect(starts(first)).toHaveLength(60);
});

test("a board that is cut keeps its numbers, says so, and goes on by itself", async () => {
  let calls = 0;
  const first = board();
  const again = vi.fn();
  await open("?as=community#/board", {
    watchBoard: (_, heard, signal) => {
      calls += 1;
      if (calls === 1) {
        heard(first);
        return Promise.resolve();
      }
      if (calls === 2) return Promise.reject(new Problem("unreachable"));
      again();
      heard(first);
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          resolve();
        });
      });
    },
  });
  await waitFor(() => expect(screen.getByText(/断开了/)).toBeTruthy());
  expect(screen.getByText(words.board.average(pace(first.minutes).average))).toBeTruthy();
  await waitFor(() => expect(again).toHaveBeenCalled(), { timeout: 6000 });
  await waitFor(() => expect(screen.queryByText(/断开了/)).toBeNull());
}, 10_000);

test("an auditor has no board and begins with the log", async () => {
  await open("?as=auditor#/");
  expect(document.querySelector("h1")?.textContent).toBe("审计日志");
  expect(screen.queryByText("实时看板")).toBeNull();
});

const DAY = 86_400;
const noon = Math.floor(new Date(2020, 3, 2, 12).getTime() / 1000);
const place = { id: "c1", name: "东门" };
const collector: Collector = {
  id: "01",
  stints: [
    { station: "s1", checkpoint: place, direction: "in", began: noon - 4 * 3600, ended: noon - 3600 },
    { station: "s1", checkpoint: place, direction: "in", began: noon, ended: null },
    { station: "s1", checkpoint: place, direction: "in", began: noon - DAY, ended: noon - DAY + 600 },
  ],
  hours: [noon - 3 * 3600, noon, noon - DAY].map((at) => ({
    at,
    checkpoint: place,
    direction: "in",
    tally: { passed: 5, letThrough: 1, turnedAway: 1, stopped: 0, unjudged: 0 },
  })),
  invalid: [],
  wrongTries: 0,
};

test("work is put together by day and checkpoint, the latest first", () => {
  const now = noon + 1800;
  const rows = byDay(collector, now);
  expect(rows.map(({ day, tally, seconds }) => [day, tally.passed, seconds])).toEqual([
    ["2020-04-02", 10, 3 * 3600 + 1800],
    ["2020-04-01", 5, 600],
  ]);
  expect(daysOf(collector.hours)).toEqual(["2020-04-02", "2020-04-01"]);
  const { starts: hours, bands } = hoursOf(collector.hours, "2020-04-02", words);
  expect(hours).toHaveLength(4);
  expect(bands[0]).toMatchObject({ key: "passed", values: [5, 0, 0, 5] });
  expect(worked(collector.stints, noon - DAY, noon + DAY, now)).toBe(3 * 3600 + 1800 + 600);
});

test("averages and shares say nothing where there is nothing to divide by", () => {
  expect(anHour(5, 0)).toBeUndefined();
  expect(anHour(20, 1800)).toBe(40);
  expect(percent(1, 0)).toBe(0);
  const { from, until } = period(7, noon);
  expect(until - from).toBe(7 * DAY);
  expect(new Date(until * 1000).getHours()).toBe(0);
});

test("a collector's work names no resident, and a wider region asks for a community", async () => {
  await open("?as=community#/work");
  expect(document.querySelector("main h2")?.textContent).toBe("李*");
  expect(screen.getByText(words.work.foot)).toBeTruthy();
  await open("?as=district#/work");
  const links = document.querySelectorAll('.communities a[href^="#/work?region="]');
  expect(links.length).toBeGreaterThan(2);
});

test("somebody who signs in at two laptops in one second is shown at both", async () => {
  const twice = ["s1", "s2"].map((station) => ({
    station,
    checkpoint: place,
    direction: "in" as const,
    began: noon,
    ended: noon + 3600,
  }));
  const community = { code: HERE, name: "样例社区", path: ["样例社区"] };
  await open("?as=community#/work", {
    work: () =>
      Promise.resolve({
        region: community,
        communities: [],
        collectors: [{ ...collector, stints: twice }],
        nobody: [],
        nobodyTries: 0,
        cut: false,
      }),
  });
  await waitFor(() => expect(document.querySelectorAll(".stint")).toHaveLength(2));
});
