import { isWithin, levelOf } from "../../desk/regions";
import { unix } from "../../times";
import type * as api from "../api";
import type { Backend } from "../backend";
import { around } from "../around";
import { Problem, UNREACHABLE } from "../problem";
import { sampleBoard, sampleWork } from "./board";
import { createDoor, doorOf } from "./door";
import { sampleLook, sampleTerms } from "./looks";
import { sampleAnswered, sampleTaken } from "./sticks";
import { sampleConsents, samplePhone, sampleTrace } from "./traces";
import { endedErasure, sampleErasure } from "./erasures";
import { readLines } from "./pasted";
import {
  at,
  refOf,
  sampleAudit,
  samplePeople,
  sampleRoster,
  sampleStations,
  sampleTicket,
  TOP,
  URL_OF_OFFICE,
} from "./samples";

const DAY = 24 * 3600;
/** Long enough to see the grey bars. */
const SLOW_MS = 1500;

/**
 * Creates an office that remembers nothing: `?as=district` is signed in as that administrator
 * (`city`, `street`, `community`, or `auditor`), `?first=trust` is an office that starts for the
 * first time (`locked`, `administrator`, `ticket`). `&trial`, `&empty`, `&slow`, `&cut`, `&two` (people have to
 * agree), `&lost` (secret) and `&down` do what
 * they say.
 */
export function createFake(query: URLSearchParams): Backend {
  const door = createDoor(query);
  const isEmpty = query.has("empty");
  let people = isEmpty ? [] : samplePeople();
  let stations = isEmpty ? [] : sampleStations();
  let tickets = isEmpty ? [] : [sampleTicket("t8", "样例 08", "990101001001", 1, "林**")];
  const roster = isEmpty ? [] : sampleRoster();
  const log = sampleAudit();
  let made = 0;
  let frames = 0;
  let consents = sampleConsents();

  const own = (): string => door.me().region.code;
  const scopeOf = (region: string): string => (isWithin(region, own()) ? region : own());
  const in_ = (region: string, code: string): boolean => isWithin(code, scopeOf(region));

  function mine(id: string): api.Person {
    const person = people.find((one) => one.id === id);
    if (person === undefined || !isWithin(person.region.code, own())) throw new Problem("not-found");
    return person;
  }
  function put(person: api.Person): api.Person {
    people = people.map((one) => (one.id === person.id ? person : one));
    return person;
  }
  function invitation(): api.Invitation {
    made += 1;
    const word = `SAMPLE-${String(made).padStart(4, "0")}-Q7M2X-9K1C5-V8B3N`;
    return { word, url: `${URL_OF_OFFICE}/#/invitation/${word}`, expires: at(3 * DAY) };
  }
  const phones = (): Set<string> => new Set(people.map(({ phone }) => phone.slice(-4)));

  const office: Backend = {
    ...doorOf(door),

    regions: () => Promise.resolve(wayDown(TOP, own())),
    previewRegions: (csv) => {
      const rows = csv.split("\n").filter((line) => line.trim() !== "");
      const errors = rows.flatMap((row, index) =>
        /^\d{2,12},.+/.test(row) ? [] : [{ line: index + 1, code: "not-a-line" }],
      );
      const levels: api.Level[] = ["province", "city", "district", "street", "community"];
      const lengths = [2, 4, 6, 9, 12];
      const byLevel = Object.fromEntries(
        levels.map((level, index) => [
          level,
          rows.filter((row) => row.indexOf(",") === lengths[index]).length,
        ]),
      );
      return Promise.resolve({ rows: rows.length - errors.length, byLevel, errors });
    },
    importRegions: () => Promise.resolve(),

    people: (region) => Promise.resolve(people.filter((person) => in_(region, person.region.code))),
    previewPeople: (pasted) => Promise.resolve(readLines(pasted, own(), phones())),
    addPeople: (pasted) => {
      const { lines } = readLines(pasted, own(), phones());
      const added = lines.flatMap((line): api.Added[] => {
        if (line.outcome !== "new" || !line.region) return [];
        const sent = invitation();
        const name = `${(line.name ?? "").slice(0, 1)}${"*".repeat(Math.max(1, (line.name ?? "").length - 1))}`;
        const digits = line.text.replace(/\D/g, "").slice(-4);
        const person: api.Person = {
          id: `n${made}`,
          name,
          role: pasted.role,
          level: line.level ?? "community",
          region: line.region,
          phone: `138****${digits}`,
          state: "invited",
          invitation: { expires: sent.expires },
          rights:
            pasted.role === "administrator" ? ["people.manage", "stations.manage", "residents.look"] : [],
        };
        return [{ person, invitation: sent }];
      });
      people = [...added.map(({ person }) => person), ...people];
      const done = new Set(lines.filter(({ outcome }) => outcome === "new").map(({ line }) => line));
      const gone = new Set(
        lines
          .filter(({ outcome }) => outcome === "duplicate" || outcome === "already")
          .map(({ line }) => line),
      );
      const left = pasted.text
        .split("\n")
        .filter((line, index) => line.trim() !== "" && !done.has(index + 1) && !gone.has(index + 1))
        .join("\n");
      return Promise.resolve({ added, left });
    },
    invite: (id) => {
      const sent = invitation();
      put({ ...mine(id), state: "invited", invitation: { expires: sent.expires } });
      return Promise.resolve(sent);
    },
    endInvitation: (id) => {
      put({ ...mine(id), state: "invitation-expired", invitation: null });
      return Promise.resolve();
    },
    changePerson: (id, { role, region, rights }) => {
      const person = mine(id);
      const to = refOf(region ?? person.region.code);
      const given = role === "auditor" ? [] : (rights ?? person.rights);
      return Promise.resolve(
        put({ ...person, role: role ?? person.role, level: levelOf(to.code), region: to, rights: given }),
      );
    },
    disable: (id) => {
      const person = mine(id);
      if (person.region.code === TOP.code) throw new Problem("last-administrator", { status: 409 });
      return Promise.resolve(put({ ...person, state: "disabled", disabledAt: at(0) }));
    },
    enable: (id) => Promise.resolve(put({ ...mine(id), state: "active", disabledAt: null })),

    watchBoard: async (region, heard, signal) => {
      const own = (): api.Station[] => stations.filter((station) => in_(region, station.community.code));
      while (!signal.aborted) {
        heard(sampleBoard(scopeOf(region), own()));
        if (query.has("cut")) return;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    },
    work: (region, from, until) => Promise.resolve(sampleWork(scopeOf(region), from, until, isEmpty)),

    stations: (region) =>
      Promise.resolve({
        stations: stations.filter((station) => in_(region, station.community.code)),
        tickets: tickets
          .filter((ticket) => in_(region, ticket.community.code))
          .map((ticket) => ({ ...ticket, text: null })),
      }),
    withdraw: (id) => {
      stations = stations.map((one) => (one.id === id ? { ...one, state: "withdrawn", alerts: [] } : one));
      return Promise.resolve();
    },
    makeTickets: ({ community, hours, laptops }) => {
      const issued = laptops.map((laptop) => {
        made += 1;
        return sampleTicket(`t1${made}`, laptop, community, hours, door.me().name);
      });
      tickets = [...tickets, ...issued];
      return Promise.resolve(issued);
    },
    revokeTicket: (id) => {
      tickets = tickets.filter((ticket) => ticket.id !== id);
      return Promise.resolve();
    },
    takeStick: (content) => Promise.resolve(sampleTaken(content)),
    answerStick: (content) => Promise.resolve(sampleAnswered(content)),
    stickTrust: () => Promise.resolve(new Blob(["x"], { type: "application/x-tar" })),
    roster: (region) => Promise.resolve(roster.filter(({ community }) => in_(region, community.code))),

    lookTerms: () => Promise.resolve(sampleTerms(query.has("lost"))),
    look: (look) => {
      const mayTrace = door.me().may.includes("residents.trace");
      const found = sampleLook(look, isEmpty);
      const passages = found.passages.map((one) => ({
        ...one,
        passage: mayTrace ? (one.passage ?? null) : null,
      }));
      return Promise.resolve({ ...found, passages });
    },
    readCode: (content) => {
      const text = atob(content);
      // A JPEG is a camera's: in the third one there is a code.
      if (text.startsWith("\xff\xd8")) {
        frames += 1;
        if (frames % 3 === 0) return Promise.resolve("KD1:SAMPLE");
      }
      if (text.startsWith("KD1:")) return Promise.resolve(text);
      const code = text.startsWith("<") ? "web-page" : "no-code";
      throw new Problem("invalid", { status: 422, fields: [{ name: "picture", code }] });
    },
    trace: (trace) => {
      if (!query.has("two")) return Promise.resolve(sampleTrace(trace));
      const [waits] = sampleConsents();
      if (waits === undefined) throw new Problem("internal");
      return Promise.resolve({ waits: { ...waits, mine: true } });
    },
    traceAgreed: () =>
      Promise.resolve(
        sampleTrace({ entry: 0, passage: "", minutes: 15, reason: "investigation", case: "", words: "" }),
      ),
    consents: () => Promise.resolve(query.has("two") ? consents : []),
    decideConsent: (id, agree) => {
      const found = consents.find((one) => one.id === id);
      if (found === undefined) throw new Problem("not-found");
      const decided = { ...found, state: agree ? ("agreed" as const) : ("refused" as const) };
      consents = consents.map((one) => (one.id === id ? decided : one));
      return Promise.resolve(decided);
    },
    openPhone: (phone) => Promise.resolve(samplePhone(phone)),
    erase: (erasure) => Promise.resolve(sampleErasure(erasure)),
    erasure: () => Promise.resolve(endedErasure()),
    exportAgreed: () => Promise.resolve(new Blob(["x"], { type: "text/csv" })),
    exportPassages: () => Promise.resolve(new Blob(["\uFEFF时间 at\r\n"], { type: "text/csv" })),

    audit: ({ kind, from = 0, until = Infinity, find, acts = [] }, before) => {
      const kinds: Record<api.AuditKind, RegExp> = {
        all: /./,
        people: /^(person|invitation|people|work)-/,
        looks: /^resident-/,
        roster: /^(roster|community|ticket|station|stations|stick)-/,
        session: /^sign-/,
      };
      const meets = ({ act, at, actor, object, reason }: api.AuditEntry): boolean =>
        unix(at) >= from &&
        unix(at) < until &&
        (find === undefined ||
          acts.includes(act) ||
          [actor?.name, object, reason].some((text) => text?.includes(find)));
      const entries = log.filter(
        (entry) => entry.seq < (before ?? Infinity) && kinds[kind].test(entry.act) && meets(entry),
      );
      const looks = log.filter((entry) => kinds.looks.test(entry.act) && meets(entry)).length;
      const checked = { at: at(-120), ok: true, since: at(-300 * DAY) };
      return Promise.resolve({
        entries,
        count: 20_418,
        head: "9c41e07b52aa1f90d3b8774e",
        checked,
        looks: { count: looks, more: false },
        next: null,
      });
    },
    checkAudit: () => Promise.resolve({ count: 20_418, ok: true }),
    exportAudit: () => Promise.resolve(new Blob(log.map((entry) => `${JSON.stringify(entry)}\n`))),
  };
  return guarded(office, query);
}

/** Leaves of the tree the way down to a region, and what is below it. */
function wayDown(node: api.RegionNode, code: string): api.RegionNode {
  if (isWithin(node.code, code)) return node;
  const next = node.children.filter((child) => isWithin(code, child.code) || isWithin(child.code, code));
  return { ...node, served: false, children: next.map((child) => wayDown(child, code)) };
}

/** Makes each call slow or impossible if the address asks for it, and thrown problems rejections. */
function guarded(office: Backend, query: URLSearchParams): Backend {
  return around(office, async (call) => {
    if (query.has("down")) throw new Problem(UNREACHABLE);
    if (query.has("slow")) await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    return call();
  });
}
