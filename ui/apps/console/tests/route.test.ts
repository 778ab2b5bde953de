import { expect, test } from "vitest";
import { hashOf, parseRoute } from "../src/route";

test("an address names a page, what is open on it, and the region", () => {
  expect(parseRoute("#/people/p2?region=990101")).toEqual({ page: "people", part: "p2", region: "990101" });
  expect(parseRoute("#/audit")).toEqual({ page: "audit", part: "", region: null });
});

test("what is no page leads to the board", () => {
  for (const hash of ["", "#", "#/", "#/board", "#/people2/x", "#//"])
    expect(parseRoute(hash)).toEqual({ page: "board", part: "", region: null });
});

test("a region is a code, and anything else is none", () => {
  for (const region of ["1", "99x", "9901010010010", "%27", "<b>"])
    expect(parseRoute(`#/people?region=${region}`).region).toBeNull();
});

test("an address that is broken opens nothing", () => {
  expect(parseRoute("#/invitation/%E0%A4%A").part).toBe("");
});

test("what is written is read again", () => {
  for (const route of [
    { page: "invitation", part: "A/B ?#ö", region: null },
    { page: "people", part: "paste", region: "9901" },
  ] as const)
    expect(parseRoute(hashOf(route))).toEqual(route);
});
