import { afterEach, expect, test, vi } from "vitest";
import { createHttp } from "../src/backend/http";
import type { Problem } from "../src/backend/problem";

interface Asked {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: unknown;
}

let asked: Asked[] = [];

function answer(status: number, body?: unknown, type = "application/problem+json"): void {
  asked = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    asked.push({
      url,
      method: init.method ?? "",
      headers: init.headers as Record<string, string>,
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : undefined,
    });
    const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
    return Promise.resolve(new Response(text, { status, headers: { "Content-Type": type } }));
  });
}

afterEach(() => vi.unstubAllGlobals());

async function problemOf(call: Promise<unknown>): Promise<Problem> {
  return call.then(
    () => {
      throw new Error("it succeeded");
    },
    (error: unknown) => error as Problem,
  );
}

test("every call but a GET carries the header that no other site can send", async () => {
  answer(204);
  const office = createHttp();
  await office.signOut();
  await office.unlock("word");
  await office.disable("p/1");
  expect(asked.map(({ headers }) => headers["Kadian-Console"])).toEqual(["1", "1", "1"]);
  expect(asked[2]?.url).toBe("/api/v1/people/p%2F1/disable");
  answer(200, { people: [] }, "application/json");
  expect(await office.people("990101")).toEqual([]);
  expect(asked[0]).toMatchObject({ url: "/api/v1/people?region=990101", method: "GET" });
  expect(asked[0]?.headers["Kadian-Console"]).toBeUndefined();
});

test("nobody signed in is no error, and neither is an office that serves", async () => {
  answer(401, { code: "signed-out" });
  expect(await createHttp().session()).toBeNull();
  answer(404, { code: "not-found" });
  expect(await createHttp().firstStart()).toBeNull();
});

test("a problem keeps its code, its wait and its fields", async () => {
  answer(422, { code: "invalid", retryAfter: 4, fields: [{ name: "account", code: "taken" }, "odd"] });
  const problem = await problemOf(createHttp().signIn({ account: "a", passphrase: "b", code: "1" }));
  expect(problem.code).toBe("invalid");
  expect(problem.more.retryAfter).toBe(4);
  expect(problem.field("account")).toBe("taken");
  expect(problem.field("name")).toBeUndefined();
});

test("what is no answer of an office is one that did not come", async () => {
  answer(502, "<html>", "text/html");
  expect((await problemOf(createHttp().regions())).code).toBe("unreachable");
  answer(200, "<html>", "text/html");
  expect((await problemOf(createHttp().regions())).code).toBe("unreachable");
  answer(500, "not json");
  expect((await problemOf(createHttp().regions())).code).toBe("unreachable");
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
  expect((await problemOf(createHttp().regions())).code).toBe("unreachable");
});

test("without words an account that was accepted has none", async () => {
  answer(201, { me: { id: "1" } }, "application/json");
  const accepted = await createHttp().acceptInvitation({
    word: "w",
    account: "a",
    passphrase: "p",
    laptopSecret: "s",
    code: "1",
  });
  expect(accepted.words).toEqual([]);
  answer(204);
  expect(await createHttp().confirmAdministrator({ code: "123456" })).toEqual([]);
});
