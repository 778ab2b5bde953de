import type {
  EnrolFailure,
  EntranceScreen,
  EntranceView,
  JoinSteps,
  StepState,
  TicketView,
} from "../../bindings";
import { CAMERA, NOW } from "./samples";

const TICKET: TicketView = {
  community: "样例社区",
  office: "样例市卡点后台",
  laptop: "样例 08",
  host: "office.sample.invalid",
  port: 8443,
  expires: NOW + 52 * 60 + 30,
  fingerprint: ["4F2A", "91C0", "7D3E", "B816", "0A5D", "E2F4", "38B7", "C609"],
};

const at = (screen: EntranceScreen): EntranceView => ({
  screen,
  bar: { battery: { percent: 78, charging: false }, simulatedCamera: false, camera: CAMERA, now: NOW },
});

const waiting = (more: Partial<Extract<EntranceScreen, { kind: "waiting" }>> = {}): EntranceView =>
  at({ kind: "waiting", hint: null, problem: null, fault: null, mayLeave: false, ...more });

/** The steps up to the one that is `here`. */
const steps = (count: number, here: StepState): JoinSteps => {
  const state = (step: number): StepState => (step < count ? "done" : step === count ? here : "pending");
  return {
    reach: state(0),
    identity: state(1),
    ticket: state(2),
    trust: state(3),
    reachedIn: count > 0 ? 4 : null,
  };
};

const joining = (count: number): EntranceView =>
  at({ kind: "joining", ticket: TICKET, steps: steps(count, "running") });

/** What is met at a stick alone. */
const AT_STICK = [
  "no-stick",
  "no-ticket",
  "other-request",
  "altered",
  "other-station",
  "malformed",
  "too-large",
  "not-a-file",
  "pulled",
  "full",
  "read-only",
] as const satisfies readonly EnrolFailure[];
/** What the office says of a request, by the network or by a stick. */
const REFUSALS = [
  "ticket-used",
  "ticket-expired",
  "ticket-unknown",
  "withdrawn",
  "refused",
] as const satisfies readonly EnrolFailure[];
type ByNetwork = Exclude<EnrolFailure, (typeof AT_STICK)[number]>;

/** The step at which each failure is met, and whether it may pass. */
const FAILURES: Record<ByNetwork, [step: number, mayPass: boolean]> = {
  "bad-ticket": [0, false],
  "bad-office": [0, false],
  "no-host": [0, true],
  "no-route": [0, true],
  "nobody-answers": [0, true],
  "wrong-host": [1, false],
  "wrong-authority": [1, false],
  "certificate-dates": [1, false],
  "clock-wrong": [1, true],
  "not-tls": [1, false],
  "not-an-office": [1, true],
  "wrong-root": [1, false],
  "broken-off": [2, true],
  busy: [2, true],
  "ticket-used": [2, false],
  "ticket-expired": [2, false],
  "ticket-unknown": [2, false],
  withdrawn: [2, false],
  refused: [2, false],
  "bad-answer": [3, false],
  "bad-trust": [3, false],
  "other-deployment": [2, true],
  folder: [3, true],
  key: [0, false],
  "in-use": [0, true],
  "already-enrolled": [0, false],
};

const failed = (failure: ByNetwork): EntranceView => {
  const [step, mayPass] = FAILURES[failure];
  const byStick = true;
  const usedAt = failure === "ticket-used" ? NOW - 11 * 60 : null;
  const reached = steps(step, "failed");
  return at({ kind: "failed", ticket: TICKET, steps: reached, failure, at: usedAt, mayPass, byStick });
};

const stick = (more: Partial<Extract<EntranceScreen, { kind: "by-stick" }>> = {}): EntranceView => {
  const ticket = { ...TICKET, expires: NOW + 13 * 86_400 };
  return at({ kind: "by-stick", ticket, stick: null, busy: false, problem: null, ...more });
};

/** Each moment of a laptop that is no station; all of it is sample data. */
export const ENTRANCES: Record<string, EntranceView> = {
  unenrolled: waiting(),
  "unenrolled-hint": waiting({ hint: "too-far" }),
  "unenrolled-health-code": waiting({ problem: "health-code" }),
  "unenrolled-certificate": waiting({ problem: "certificate" }),
  "unenrolled-broken": waiting({ problem: "broken" }),
  "unenrolled-address": waiting({ problem: "address" }),
  "unenrolled-empty": waiting({ problem: "empty" }),
  "unenrolled-no-stick": waiting({ problem: "no-stick" }),
  "unenrolled-other": waiting({ problem: "other", mayLeave: true }),
  "unenrolled-no-camera": waiting({ fault: "camera-none" }),
  "enrol-confirm": at({ kind: "confirm", ticket: TICKET, byStick: true }),
  "enrol-confirm-nameless": at({
    kind: "confirm",
    byStick: false,
    ticket: { ...TICKET, community: "", office: "", laptop: "", expires: NOW - 60 },
  }),
  "enrol-confirm-long": at({
    kind: "confirm",
    byStick: true,
    ticket: {
      ...TICKET,
      community: "样例省样例市样例区样例街道第二十三样例社区居民委员会",
      office: "样例省样例市样例区疫情防控指挥部卡点后台",
      host: "back-office.checkpoints.sample-district.sample-city.sample.invalid",
      laptop: "样例社区北门临时帐篷备用电脑 108",
      expires: NOW + 47 * 3600,
    },
  }),
  "enrol-joining": joining(2),
  ...Object.fromEntries(
    (Object.keys(FAILURES) as ByNetwork[]).map((failure) => [`enrol-failed-${failure}`, failed(failure)]),
  ),
  "enrol-stick": stick(),
  "enrol-stick-busy": stick({ busy: true }),
  "enrol-stick-written": stick({ stick: "样例 U 盘" }),
  ...Object.fromEntries(
    [...AT_STICK, ...REFUSALS].map((problem) => [`enrol-stick-${problem}`, stick({ problem })]),
  ),
};

/** What the laptop would show after a ticket was confirmed, step by step. */
export const JOINING: readonly EntranceView[] = [0, 1, 2, 3].map(joining);
