import type * as api from "../api";
import { GIVEN } from "../api";
import type { Backend } from "../backend";
import { Problem } from "../problem";
import {
  allRegions,
  at,
  CA_FINGERPRINT,
  FINGERPRINT,
  OFFICE,
  refOf,
  sampleTicket,
  TOP,
  URL_OF_OFFICE,
} from "./samples";

/** What the fake office knows of who is at its door. */
export interface Door {
  readonly trial: boolean;
  first: api.FirstStart | null;
  signedIn: api.Me | null;
  /** Returns who is signed in, or throws as the office does. */
  me: () => api.Me;
}

const WORDS = [
  "amber-17-lotus",
  "birch-42-pearl",
  "cedar-08-river",
  "delta-93-stone",
  "ember-55-cloud",
].flatMap((word) => [word, word.split("-").reverse().join("-")]);
const DAY = 24 * 3600;
const PLACES: Record<string, [string, string]> = {
  city: ["9901", "周*"],
  district: ["990101", "林**"],
  street: ["990101001", "褚*"],
  community: ["990101001001", "陈*"],
  auditor: ["990101", "卫**"],
};

function meAs(name: string, trial: boolean, given: readonly api.GivenRight[] = GIVEN): api.Me {
  const [code, masked] = PLACES[name] ?? ["9901", "周*"];
  const isAuditor = name === "auditor";
  const rights: api.Right[] = [...given, "stations.see", "audit.read"];
  if (code === TOP.code) rights.push("regions.import");
  return {
    id: name,
    name: masked,
    account: "sample.admin",
    role: isAuditor ? "auditor" : "administrator",
    region: refOf(code),
    lastSignIn: at(-3600),
    idleSeconds: 1200,
    deployment: { name: OFFICE, trial },
    may: isAuditor ? ["audit.read"] : rights,
  };
}

/** Returns the rights that `?without=residents.trace` leaves. */
function givenIn(query: URLSearchParams): api.GivenRight[] {
  const without = query.getAll("without");
  return GIVEN.filter((right) => !without.includes(right));
}

export function createDoor(query: URLSearchParams): Door {
  const trial = query.has("trial");
  const as = query.get("as");
  const state = query.get("first") as api.FirstStart["state"] | null;
  const door: Door = {
    trial,
    first: state === null ? null : firstAt(state, trial),
    signedIn: as === null ? null : meAs(as, trial, givenIn(query)),
    me() {
      if (door.signedIn === null) throw new Problem("signed-out", { status: 401 });
      return door.signedIn;
    },
  };
  return door;
}

function firstAt(state: api.FirstStart["state"], trial: boolean): api.FirstStart {
  const written = state === "administrator" || state === "ticket";
  return {
    state,
    minutesLeft: 27,
    triesLeft: 5,
    trial: true,
    ...(written
      ? {
          deployment: { name: OFFICE, trial },
          top: { code: TOP.code, name: TOP.name },
          communities: allRegions().filter(({ level }) => level === "community"),
        }
      : {}),
  };
}

const card = (trial: boolean): api.Card => ({
  name: OFFICE,
  url: URL_OF_OFFICE,
  fingerprint: FINGERPRINT,
  caFingerprint: CA_FINGERPRINT,
  trial,
});
const TOTP: api.Totp = {
  secret: "SAMPLESAMPLESAMPLESAMPLE",
  uri: "otpauth://totp/%E5%8D%A1%E7%82%B9%20%E5%90%8E%E5%8F%B0:sample?secret=SAMPLESAMPLESAMPLESAMPLE&issuer=%E5%8D%A1%E7%82%B9%20%E5%90%8E%E5%8F%B0",
};

type DoorPart = Pick<
  Backend,
  | "firstStart"
  | "unlock"
  | "previewTrust"
  | "importTrust"
  | "makeTrial"
  | "firstAdministrator"
  | "confirmAdministrator"
  | "firstTicket"
  | "signIn"
  | "session"
  | "signOut"
  | "deployment"
  | "makeWords"
  | "openInvitation"
  | "acceptInvitation"
>;

/** Plays first start, signing in and invitations. The passphrase `wrong` and the code 000000 are wrong. */
export function doorOf(door: Door): DoorPart {
  let tries = 5;
  let wrong = 0;
  let trial = door.trial;

  const reach = (state: api.FirstStart["state"]): Promise<void> => {
    door.first = firstAt(state, trial);
    return Promise.resolve();
  };
  const checked = (passphrase: string, name: string): void => {
    if (passphrase === "wrong") throw new Problem(name, { status: 401 });
  };

  return {
    firstStart: () => Promise.resolve(door.first),
    unlock: (word) => {
      if (word.toLowerCase().includes("wrong")) {
        tries -= 1;
        throw new Problem(tries > 0 ? "wrong-word" : "word-spent", { status: 401, triesLeft: tries });
      }
      return reach("trust");
    },
    previewTrust: (files) => {
      if (files.length === 0) throw new Problem("bad-trust", { detail: "trust/root.cose" });
      return Promise.resolve({
        root: { version: 1, keys: 3, threshold: 2, expires: at(730 * DAY) },
        list: { version: 1, issuers: 4, issued: at(-7200) },
        delegation: { code: TOP.code, name: "样例省 / 样例市" },
        communities: allRegions().filter(({ level }) => level === "community"),
        regions: { cities: 1, districts: 3, streets: 12, communities: 86 },
        missing: files.some(({ name }) => name.endsWith("sealing.key")) ? [] : ["office/sealing.key"],
        fingerprint: FINGERPRINT,
      });
    },
    importTrust: () => reach("administrator"),
    makeTrial: () => {
      trial = true;
      return reach("administrator");
    },
    firstAdministrator: ({ passphrase, account }) => {
      const fields = [
        ...(/^(.)\1*$/.test(passphrase) ? [{ name: "passphrase", code: "too-common" }] : []),
        ...(/^[a-z0-9.]{3,32}$/.test(account) ? [] : [{ name: "account", code: "bad-account" }]),
      ];
      if (fields.length > 0) throw new Problem("invalid", { status: 422, fields });
      return Promise.resolve(TOTP);
    },
    confirmAdministrator: async (by) => {
      if ("code" in by && by.code === "000000") throw new Problem("wrong-code", { status: 422 });
      await reach("ticket");
      return "code" in by ? [] : WORDS;
    },
    firstTicket: ({ community, laptop, hours }) => {
      door.first = null;
      door.signedIn = meAs("city", trial);
      return Promise.resolve({
        ticket: sampleTicket("t01", laptop, community, hours, door.signedIn.name),
        card: card(trial),
      });
    },

    signIn: ({ account, passphrase, ...second }) => {
      if (passphrase === "wrong" || ("code" in second && second.code === "000000")) {
        const retryAfter = 2 ** wrong;
        wrong += 1;
        throw new Problem("wrong-credentials", { status: 401, retryAfter });
      }
      door.signedIn = { ...meAs(account in PLACES ? account : "city", trial), account };
      return Promise.resolve(door.signedIn);
    },
    session: () => Promise.resolve(door.signedIn),
    signOut: () => {
      door.signedIn = null;
      return Promise.resolve();
    },
    deployment: () => Promise.resolve(card(trial)),
    makeWords: (passphrase) => {
      checked(passphrase, "wrong-credentials");
      return Promise.resolve(WORDS);
    },

    openInvitation: (word) => {
      if (word.includes("EXPIRED")) throw new Problem("invitation-expired", { status: 403 });
      if (!word.toUpperCase().includes("SAMPLE"))
        throw new Problem("invitation-unknown", { status: 403, retryAfter: 1 });
      const region = refOf("990101001003");
      return Promise.resolve({
        name: "样例甲",
        role: "administrator",
        region,
        expires: at(2 * DAY),
        totp: TOTP,
      });
    },
    acceptInvitation: ({ account, ...rest }) => {
      if ("code" in rest && rest.code === "000000")
        throw new Problem("invalid", { status: 422, fields: [{ name: "code", code: "wrong-code" }] });
      if (account === "taken")
        throw new Problem("invalid", { status: 422, fields: [{ name: "account", code: "taken" }] });
      door.signedIn = { ...meAs("community", trial), account };
      return Promise.resolve({ me: door.signedIn, words: "words" in rest ? WORDS : [] });
    },
  };
}
