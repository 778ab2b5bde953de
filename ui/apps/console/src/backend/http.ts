import type * as api from "./api";
import type * as residents from "./residents";
import type { Backend } from "./backend";
import type { Board } from "./board";
import { EventReader } from "./events";
import { Problem, UNREACHABLE } from "./problem";

const BASE = "/api/v1";
/** How many entries of the audit log one page has. */
const AUDIT_PAGE = 50;
/** Silence after which a stream is cut: twice what the office lets pass. */
const SILENT_MS = 25_000;

/** Creates the host that calls the office from which the page came. */
export function createHttp(): Backend {
  return {
    firstStart: () => orNull(get<api.FirstStart>("/first-start"), "not-found"),
    unlock: (word) => post("/first-start/unlock", { word }),
    previewTrust: (files) => post("/first-start/trust/preview", { files }),
    importTrust: (files) => post("/first-start/trust", { files }),
    makeTrial: () => post("/first-start/trial", {}),
    firstAdministrator: async (administrator) =>
      (await post<{ totp: api.Totp }>("/first-start/administrator", administrator)).totp,
    confirmAdministrator: async (by) =>
      (await post<{ words?: string[] } | undefined>("/first-start/administrator/confirm", by))?.words ?? [],
    firstTicket: (ticket) => post("/first-start/ticket", ticket),

    signIn: (credentials) => post("/session", credentials),
    session: () => orNull(get<api.Me>("/session"), "signed-out"),
    signOut: () => call("DELETE", "/session"),
    deployment: () => get("/deployment"),
    makeWords: async (passphrase) => (await post<{ words: string[] }>("/me/words", { passphrase })).words,

    openInvitation: (word) => post("/invitations/open", { word }),
    acceptInvitation: async (acceptance) => {
      const { me, words } = await post<{ me: api.Me; words?: string[] }>("/invitations/accept", acceptance);
      return { me, words: words ?? [] };
    },

    regions: async () => (await get<{ top: api.RegionNode }>("/regions")).top,
    previewRegions: (csv) => post("/regions/preview", { csv }),
    importRegions: (csv) => post("/regions", { csv }),

    people: async (region) => (await get<{ people: api.Person[] }>("/people", { region })).people,
    previewPeople: (pasted, signal) => call("POST", "/people/preview", pasted, signal),
    addPeople: (pasted) => post("/people", pasted),
    invite: (id, confirm = false) => post(`/people/${encodeURIComponent(id)}/invitation`, { confirm }),
    endInvitation: (id) => call("DELETE", `/people/${encodeURIComponent(id)}/invitation`),
    changePerson: (id, change) => call("PATCH", `/people/${encodeURIComponent(id)}`, change),
    disable: (id, confirm = false) => post(`/people/${encodeURIComponent(id)}/disable`, { confirm }),
    enable: (id) => post(`/people/${encodeURIComponent(id)}/enable`, {}),

    watchBoard: listen,
    work: (region, from, until) => get("/work", { region, from: String(from), until: String(until) }),

    stations: (region) => get("/stations", { region }),
    withdraw: (id) => post(`/stations/${encodeURIComponent(id)}/withdraw`, {}),
    makeTickets: async (tickets) => (await post<{ tickets: api.Ticket[] }>("/tickets", tickets)).tickets,
    revokeTicket: (id) => call("DELETE", `/tickets/${encodeURIComponent(id)}`),
    takeStick: (content) => post("/sticks/reports", { content }),
    answerStick: (content) => post("/sticks/requests", { content }),
    stickTrust: async (region) => (await send("POST", "/sticks/trust", { region })).blob(),
    roster: async (region) =>
      (await get<{ communities: api.CommunityRoster[] }>("/roster", { region })).communities,

    lookTerms: () => get("/residents/looks"),
    look: (look) => post("/residents/looks", look),
    readCode: async (content) => (await post<{ text: string }>("/residents/codes", { content })).text,
    trace: (trace) => post("/residents/traces", trace),
    traceAgreed: (consent) => post(`/residents/traces/${encodeURIComponent(consent)}`, {}),
    openPhone: (phone) => post("/residents/phones", phone),
    consents: async () => (await get<{ consents: residents.Consent[] }>("/consents")).consents,
    decideConsent: (id, agree) => post(`/consents/${encodeURIComponent(id)}`, { agree }),
    erase: (erasure) => post("/residents/erasures", erasure),
    erasure: (id) => get(`/residents/erasures/${encodeURIComponent(id)}`),
    exportPassages: async (wanted) => {
      const response = await send("POST", "/residents/exports", wanted);
      if (response.status !== 202) return response.blob();
      return (parsed(await response.text()) as { waits: residents.Consent }).waits;
    },
    exportAgreed: async (consent) =>
      (await send("POST", `/residents/exports/${encodeURIComponent(consent)}`, {})).blob(),

    audit: ({ region, kind, from, until, find, acts = [] }, before) => {
      const numbers = Object.entries({ before, from, until, limit: AUDIT_PAGE });
      const texts = Object.entries({ region, kind, find, acts: acts.join(",") });
      const given = [...numbers, ...texts].filter(([, value]) => value !== undefined && value !== "");
      return get("/audit", Object.fromEntries(given.map(([name, value]) => [name, String(value)])));
    },
    checkAudit: () => post("/audit/check", {}),
    exportAudit: async () => (await send("GET", "/audit/export")).blob(),
  };
}

/** Reads a stream of boards. It says each ten seconds that it lives; one that is silent for longer is cut. */
async function listen(region: string, heard: (board: Board) => void, signal: AbortSignal): Promise<void> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), SILENT_MS);
  try {
    const path = `/board/events?${new URLSearchParams({ region }).toString()}`;
    const response = await send("GET", path, undefined, AbortSignal.any([signal, silent.signal]));
    const pieces = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const events = new EventReader();
    for (;;) {
      const piece = await pieces?.read();
      if (piece === undefined || piece.done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), SILENT_MS);
      for (const { name, data } of events.push(piece.value)) {
        if (name === "board") heard(parsed(data) as Board);
        if (name === "end") throw new Problem("signed-out", { status: 401 });
      }
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    // A line that broke, or went silent: whoever listens asks again.
  } finally {
    clearTimeout(timer);
  }
}

function get<T>(path: string, query: Record<string, string> = {}): Promise<T> {
  const search = new URLSearchParams(query).toString();
  return call("GET", search === "" ? path : `${path}?${search}`);
}

function post<T>(path: string, body: unknown): Promise<T> {
  return call("POST", path, body);
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await send(method, path, body, signal);
  const text = await response.text();
  // An answer without a body is asked for as `undefined`.
  if (text === "") return undefined as T;
  return parsed(text) as T;
}

/** Sends a request and returns the answer if it is a success. */
async function send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  // Another site cannot set a header of its own: this is what tells our pages from theirs.
  if (method !== "GET") headers["Kadian-Console"] = "1";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(BASE + path, {
    method,
    headers,
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(UNREACHABLE);
  });
  if (!response.ok) throw await problemIn(response);
  return response;
}

async function problemIn(response: Response): Promise<Problem> {
  const status = response.status;
  const type = response.headers.get("Content-Type") ?? "";
  const said = type.startsWith("application/problem+json")
    ? parsed(await response.text().catch(() => ""))
    : undefined;
  if (!isRecord(said) || typeof said["code"] !== "string") return new Problem(UNREACHABLE, { status });
  const seconds = Number(said["retryAfter"] ?? response.headers.get("Retry-After"));
  return new Problem(said["code"], {
    status,
    ...(typeof said["detail"] === "string" ? { detail: said["detail"] } : {}),
    ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfter: seconds } : {}),
    ...(typeof said["triesLeft"] === "number" ? { triesLeft: said["triesLeft"] } : {}),
    fields: Array.isArray(said["fields"]) ? said["fields"].filter(isField) : [],
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem(UNREACHABLE);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isField(value: unknown): value is { name: string; code: string } {
  return isRecord(value) && typeof value["name"] === "string" && typeof value["code"] === "string";
}

async function orNull<T>(asked: Promise<T>, code: string): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && error.code === code) return null;
    throw error;
  }
}
