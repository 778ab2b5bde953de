import type { Need, Refusal } from "./codes";

/** Says something that needs somebody: of which laptop, how many, how long it lasts or is left, and its alert. */
type NeedText = (name: string, count: number, lasts: string, alert: string) => { what: string; then: string };

export interface BoardWords {
  chart: { table: string };
  board: {
    connecting: string;
    updated: (time: string) => string;
    live: string;
    cut: (time: string) => string;
    perMinute: string;
    average: (people: number) => string;
    online: string;
    offline: (count: number, fresh: number) => string;
    silent: string;
    waited: (count: number) => string;
    allHeard: string;
    trust: string;
    noTrust: string;
    chart: string;
    chartNote: string;
    minute: string;
    kinds: Record<"passed" | "letThrough" | "turnedAway" | "stopped" | "unjudged" | "invalid", string>;
    needs: string;
    noNeeds: string;
    need: Record<Need, NeedText>;
    otherNeed: (code: string) => string;
    parts: string;
    checkpoints: string;
    noParts: string;
    noCheckpoints: string;
    noStations: string;
    region: string;
    lately: string;
    line: (name: string, people: number) => string;
    perMinuteShort: string;
    hour: string;
    invalidHour: string;
    moreParts: (count: number) => string;
    moreRows: (count: number) => string;
    total: (people: number) => string;
  };
  work: {
    days: (count: number) => string;
    choose: string;
    noCommunities: string;
    empty: string;
    gone: (id: string) => string;
    other: (count: number) => string;
    recorded: (count: number) => string;
    cut: string;
    stints: string;
    hours: (hours: number, minutes: number) => string;
    people: string;
    rate: (anHour: number | undefined) => string;
    letThrough: string;
    turnedAway: string;
    ofChecks: (percent: number) => string;
    nothing: string;
    chart: (day: string) => string;
    chartNote: string;
    hour: string;
    invalid: string;
    invalidNote: string;
    invalidShare: (percent: number) => string;
    refusal: Record<Refusal, string>;
    otherRefusal: (code: string) => string;
    wrongTries: (count: number) => string;
    shifts: string;
    day: string;
    times: string;
    anHour: string;
    noEnd: string;
    foot: string;
    nobody: (invalid: number, tries: number) => string;
  };
}
