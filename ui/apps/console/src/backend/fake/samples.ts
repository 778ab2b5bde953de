import type {
  AuditEntry,
  CommunityRoster,
  Level,
  Person,
  PersonState,
  RegionNode,
  RegionRef,
  Role,
  Station,
  Ticket,
} from "../api";
import { levelOf } from "../../desk/regions";

// Sample regions, people and laptops, with names that are obviously samples and codes that nobody has.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Returns a moment so many seconds from now; a negative number is in the past. */
export function at(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}

function region(code: string, name: string, level: Level, children: RegionNode[] = []): RegionNode {
  return { code, name, level, served: true, children };
}

export const TOP: RegionNode = region("9901", "样例市", "city", [
  region("990101", "样例区", "district", [
    region("990101001", "样例街道", "street", [
      region("990101001001", "样例社区", "community"),
      region("990101001002", "示例社区", "community"),
      region("990101001003", "样板社区", "community"),
      region("990101001004", "红旗社区", "community"),
    ]),
    region("990101002", "示例街道", "street", [
      region("990101002001", "新村社区", "community"),
      region("990101002002", "红旗社区", "community"),
    ]),
  ]),
  region("990102", "示范区", "district", [
    region("990102001", "示范街道", "street", [region("990102001001", "示范社区", "community")]),
  ]),
]);

/** Returns every region with its path from the top. */
export function allRegions(top: RegionNode = TOP, above: string[] = []): (RegionRef & { level: Level })[] {
  const path = [...above, top.name];
  return [
    { code: top.code, name: top.name, path, level: top.level },
    ...top.children.flatMap((child) => allRegions(child, path)),
  ];
}

export function refOf(code: string): RegionRef {
  const found = allRegions().find((one) => one.code === code);
  return found === undefined
    ? { code, name: code, path: [code] }
    : { code, name: found.name, path: found.path };
}

export const FINGERPRINT = ["4F2A", "91C0", "7D3E", "B816", "0A5D", "E2F4", "38B7", "C609"];
export const CA_FINGERPRINT = ["7B01", "55AE", "0C9D", "F310", "88E2", "6A4B", "D7C5", "1F20"];
export const OFFICE = "样例市卡点后台";
export const URL_OF_OFFICE = "https://office.sample.invalid:8443";

function person(
  id: string,
  name: string,
  role: Role,
  code: string,
  phone: string,
  state: PersonState,
  more: Partial<Person> = {},
): Person {
  return {
    id,
    name,
    role,
    level: levelOf(code),
    region: refOf(code),
    phone: `138****${phone}`,
    state,
    rights: role === "administrator" ? ["people.manage", "stations.manage", "residents.look"] : [],
    ...more,
  };
}

/** Returns the people of the sample city, those first who need something. */
export function samplePeople(): Person[] {
  const seen = (hours: number): Partial<Person> => ({ lastSignIn: at(-hours * HOUR), account: "sample" });
  return [
    person("p1", "许**", "administrator", "990101001002", "0021", "invitation-expired"),
    person("p2", "郑*", "administrator", "990101001003", "0022", "invited", {
      invitation: { expires: at(2 * DAY + 4 * HOUR) },
    }),
    person("p3", "冯*", "administrator", "990101002", "0023", "no-second-factor", seen(80)),
    person("p4", "林**", "administrator", "990101", "0020", "active", seen(1)),
    person("p5", "褚*", "administrator", "990101001", "0024", "active", seen(2)),
    person("p6", "陈*", "administrator", "990101001001", "0000", "active", seen(3)),
    person("p7", "卫**", "auditor", "990101", "0025", "active", seen(130)),
    person("p8", "蒋*", "administrator", "990101002001", "0026", "disabled", {
      ...seen(120),
      disabledAt: at(-4 * DAY),
    }),
  ];
}

export function sampleStations(): Station[] {
  const community = refOf("990101001001");
  const base = { community, version: "1.4.0", alerts: [] };
  return [
    {
      ...base,
      id: "s4",
      name: "样例 04",
      checkpoint: "北门",
      state: "offline",
      lastSeen: at(-2 * DAY),
      waiting: 312,
      trustAge: 2 * DAY,
      alerts: [{ id: "a1", kind: "fork", since: at(-2 * DAY), count: 1, action: "withdraw" }],
    },
    {
      ...base,
      id: "s2",
      name: "样例 02",
      checkpoint: "样例小学门口",
      state: "clock",
      lastSeen: at(-MINUTE),
      waiting: 48,
      trustAge: 3 * HOUR,
      alerts: [{ id: "a2", kind: "wrong-times", since: at(-20 * MINUTE), count: 3, action: "look" }],
    },
    {
      ...base,
      id: "s7",
      name: "样例 07",
      checkpoint: "临时帐篷",
      state: "trust",
      lastSeen: at(-5 * HOUR),
      waiting: 21,
      trustAge: 9 * DAY,
      version: "1.3.2",
    },
    {
      ...base,
      id: "s1",
      name: "样例 01",
      checkpoint: "东门",
      state: "online",
      lastSeen: at(-1),
      waiting: 0,
      trustAge: 2 * HOUR,
    },
    {
      ...base,
      id: "s3",
      name: "样例 03",
      checkpoint: "西门",
      state: "online",
      lastSeen: at(-6),
      waiting: 2,
      trustAge: 2 * HOUR,
    },
    {
      ...base,
      community: refOf("990101002001"),
      id: "s5",
      name: "样例 05",
      checkpoint: null,
      state: "new",
      lastSeen: null,
      waiting: null,
      trustAge: null,
    },
    { ...base, id: "s9", name: "样例 09", checkpoint: "旧门岗", state: "withdrawn", lastSeen: at(-9 * DAY) },
  ];
}

export function sampleTicket(id: string, laptop: string, code: string, hours: number, by: string): Ticket {
  return {
    id,
    text: `KDT1:SAMPLE-ONLY:${id.toUpperCase()}:Q7M2-X9K1-C5V8-B3N6-Z0A2-S4D6-F8G1-H3J5-K7L9-P1R4-T6Y8-W2E5:office.sample.invalid:8443`,
    laptop,
    community: refOf(code),
    url: URL_OF_OFFICE,
    issued: at(-48),
    expires: at(hours * HOUR - 48),
    by,
  };
}

export function sampleRoster(): CommunityRoster[] {
  return [
    {
      community: refOf("990101001001"),
      version: 41,
      issued: at(-35 * MINUTE),
      checkpoints: [
        { id: "c1", name: "东门", directions: "both" },
        { id: "c2", name: "北门", directions: "in" },
        { id: "c3", name: "样例小学门口", directions: "both" },
        { id: "c4", name: "地下车库", directions: "out" },
      ],
      people: [
        { id: "r1", name: "陈*", phone: "138****0000", role: "administrator" },
        { id: "r2", name: "李*", phone: "138****0011", role: "collector" },
        { id: "r3", name: "王**", phone: "138****0012", role: "collector" },
      ],
      waiting: [
        {
          station: "样例 01",
          at: at(-4),
          by: "陈*",
          change: { kind: "person-added", subject: "赵*" },
          state: "waits",
        },
        {
          station: "样例 04",
          at: at(-3 * HOUR),
          by: "孙*",
          change: { kind: "checkpoint-removed", subject: "西门" },
          state: "not-allowed",
        },
      ],
    },
    {
      community: refOf("990101002001"),
      version: 1,
      issued: at(-20 * DAY),
      checkpoints: [],
      people: [],
      waiting: [],
    },
  ];
}

/** Returns the newest entries of a log that has 20,418. */
export function sampleAudit(): AuditEntry[] {
  const acts: [string, string | null, string | null, string | null][] = [
    ["people-looked", "林**", "样例区", null],
    ["ticket-made", "林**", "样例 08 · 样例社区", "1 小时"],
    ["person-added", "林**", "郑* · 样板社区", null],
    ["community-published", null, "样例社区 第 41 版", "添加采集员 王**"],
    ["roster-changed", "陈*", "添加卡点 北门", null],
    ["station-enrolled", null, "样例 05 · 新村社区", null],
    ["person-disabled", "林**", "蒋*", null],
    ["rights-changed", "林**", "褚* · 138****0024", "+residents.trace -people.manage"],
    ["resident-phone-opened", "陈*", "样* 9901**********0022", "investigation · 样例-0316 · #20407"],
    ["resident-traced", "陈*", "9901**********0011", "investigation · 样例-0316 · ±15 min · + 林**"],
    ["consent-given", "林**", "9901**********0011", "investigation · 样例-0316 · ±15 min · residents.trace"],
    ["consent-asked", "陈*", "9901**********0011", "investigation · 样例-0316 · ±15 min · residents.trace"],
    ["resident-looked", "陈*", "9901**********0011", "investigation · 样例-0316 · 核对经过的卡点"],
    ["sign-in", "林**", null, null],
    ["sign-in-failed", "林**", null, "2 秒后可再试"],
    ["invitation-accepted", "陈*", "样例社区", null],
    ["stations-looked", "褚*", "样例街道", null],
    ["erased", null, null, null],
  ];
  return acts.map(([act, actor, object, reason], index) => ({
    seq: 20_418 - index,
    at: at(-index * 47 * MINUTE),
    actor: actor === null ? null : { id: "p", name: actor },
    act,
    object,
    reason,
    hash: (0x9c41e07b - index * 0x01f3a7d1).toString(16).padStart(8, "0").slice(-8),
    erased: act === "erased",
  }));
}
