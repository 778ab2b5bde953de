import type { AuditKind, Directions, Right, StationState } from "../backend/api";
import type {
  Act,
  AlertKind,
  AuditSpan,
  ChangeKind,
  Colour,
  LookReason,
  PictureProblem,
  RefusedChange,
  RegionsError,
  Shown,
  WebcamProblem,
} from "./codes";

export interface StationWords {
  stations: {
    search: string;
    newTicket: string;
    station: string;
    community: string;
    checkpoint: string;
    state: string;
    lastSeen: string;
    waiting: string;
    trust: string;
    version: string;
    states: Record<StationState, string>;
    /** What the state means, and what to do about it. */
    says: Record<StationState, string>;
    ticketWaits: string;
    notEnrolled: string;
    foot: string;
    empty: string;
    nothingFound: string;
    alerts: string;
    alert: Record<AlertKind, string>;
    otherAlert: (kind: string) => string;
    times: (count: number) => string;
    look: string;
    withdraw: (name: string) => string;
    withdrawAsk: (name: string) => string;
    withdrawNote: string;
    keep: string;
  };
  tickets: {
    title: string;
    note: string;
    community: string;
    laptops: string;
    laptopsNote: (count: number, most: number) => string;
    hours: string;
    hoursNote: string;
    hour: (hours: number) => string;
    go: (count: number) => string;
    ticketOf: (laptop: string) => string;
    once: string;
    expiresIn: string;
    expired: string;
    textOnce: string;
    qrLabel: (laptop: string) => string;
    copy: string;
    copied: string;
    fingerprintElsewhere: string;
    revoke: string;
    madeTitle: (count: number) => string;
    madeNote: string;
    printAll: (count: number) => string;
    more: string;
    by: (name: string) => string;
  };
}

export interface RosterWords {
  roster: {
    version: (version: number, time: string) => string;
    checkpoints: (count: number) => string;
    people: (count: number) => string;
    noCheckpoints: string;
    noPeople: string;
    directions: Record<Directions, string>;
    roles: Record<"administrator" | "collector", string>;
    waiting: string;
    change: Record<ChangeKind, (subject: string) => string>;
    otherChange: (kind: string) => string;
    waits: string;
    refused: Record<RefusedChange, string>;
    otherRefused: (code: string) => string;
    at: (station: string) => string;
    by: (name: string) => string;
    foot: string;
    empty: string;
    name: string;
    phone: string;
    role: string;
    direction: string;
  };
  regionTable: {
    import: string;
    note: string;
    file: string;
    text: string;
    rows: (count: number) => string;
    errors: (count: number) => string;
    errorOf: (line: number, text: string) => string;
    error: Record<RegionsError, string>;
    otherError: (code: string) => string;
    go: (count: number) => string;
    done: string;
    notYours: string;
  };
}

export interface ResidentWords {
  residents: {
    title: string;
    note: string;
    reason: string;
    reasons: Record<LookReason, string>;
    case: string;
    caseNote: (least: number) => string;
    words: (least: number) => string;
    who: string;
    whoNote: string;
    missing: (digits: number) => string;
    within: (region: string) => string;
    left: (looks: number) => string;
    go: string;
    over: string;
    recorded: (entry: string) => string;
    closesIn: (minutes: number, seconds: number) => string;
    end: string;
    asked: string;
    identity: string;
    period: string;
    passages: string;
    count: (passages: number, checkpoints: number) => string;
    several: (people: number) => string;
    shut: string;
    nobody: string;
    nobodyNote: (region: string) => string;
    lost: string;
    more: (count: number) => string;
    day: (date: Date) => string;
    direction: Record<"in" | "out", string>;
    shown: Record<Shown, string>;
    outcome: Record<"let-through" | "turned-away", string>;
    colour: Record<Colour, string>;
    collector: (name: string) => string;
    goneCheckpoint: string;
    goneCollector: string;
    /** A checkpoint or a collector that was removed since. */
    gone: (name: string) => string;
    places: string;
    drawn: string;
    table: string;
    drawnLabel: (checkpoints: number) => string;
    checkpoint: string;
    order: string;
    lastPassed: string;
    notARoute: string;
    notAMap: string;
    traceThis: string;
    later: (time: string) => string;
    foot: string;
  };
}

export interface TraceWords {
  traces: {
    title: (checkpoint: string, time: string) => string;
    note: string;
    minutes: string;
    within: (minutes: number) => string;
    go: string;
    back: string;
    found: (people: number, minutes: number, who: string) => string;
    cut: (shown: number, all: number) => string;
    more: string;
    erased: (passages: number) => string;
    people: string;
    nobody: (minutes: number) => string;
    time: string;
    name: string;
    shown: string;
    times: string;
    phone: string;
    openPhone: string;
    openGo: string;
    noPhone: Record<"sealed-elsewhere" | "none-declared" | "certificate" | "erased", string>;
    phonesLeft: (numbers: number) => string;
    foot: string;
  };
}

export interface PictureWords {
  pictures: {
    choose: string;
    note: string;
    done: string;
    problems: Record<PictureProblem, string>;
  };
  camera: {
    open: string;
    label: string;
    opening: string;
    hold: string;
    note: string;
    close: string;
    problems: Record<WebcamProblem, string>;
  };
}

export interface ConsentWords {
  consents: {
    title: string;
    acts: Record<"residents.trace" | "residents.export", string>;
    mine: (act: string) => string;
    asks: (name: string, act: string) => string;
    until: (time: string) => string;
    by: (name: string) => string;
    states: Record<"waits" | "agreed" | "refused" | "used" | "over", string>;
    agree: string;
    refuse: string;
    open: string;
    foot: string;
    /** Said where a request has just begun to wait. */
    begun: (time: string) => string;
  };
}

export interface ErasureWords {
  erasures: {
    begin: string;
    title: (who: string) => string;
    says: string[];
    who: string;
    whoNote: string;
    go: string;
    done: string;
    doneNote: string;
    waits: string;
    waitsNote: string;
    number: string;
    passages: string;
    held: string;
    entries: string;
    shut: string;
    times: (count: number) => string;
    reports: (count: number) => string;
    lines: (count: number) => string;
    notOverwritten: string;
    copies: string;
    noCopies: string;
    until: (time: string) => string;
    noEnd: string;
    more: (count: number) => string;
    receipt: string;
  };
  exports: {
    title: (region: string) => string;
    note: string;
    from: string;
    until: string;
    badDays: string;
    masked: string;
    go: string;
    made: (name: string) => string;
  };
}

export interface RecordWords {
  audit: {
    whole: (count: number, since: string) => string;
    broken: (at: number) => string;
    unchecked: (count: number) => string;
    checkedAt: (time: string) => string;
    head: string;
    verify: string;
    check: string;
    export: string;
    kinds: Record<AuditKind, string>;
    seq: string;
    time: string;
    who: string;
    act: string;
    object: string;
    reason: string;
    hash: string;
    system: string;
    acts: Record<Act, string>;
    erased: string;
    foot: string;
    older: string;
    empty: string;
    find: string;
    nothing: string;
    span: string;
    spans: Record<AuditSpan, string>;
    from: string;
    until: string;
    badDays: string;
    goOn: string;
  };
  mine: {
    who: string;
    region: string;
    lastSignIn: string;
    idle: (minutes: number) => string;
    may: string;
    rights: Record<Right, string>;
    words: string;
    wordsNote: string;
    makeWords: string;
    signOut: string;
    look: string;
  };
  card: {
    note: string;
    print: string;
    caNote: string;
    noCa: string;
  };
}

/** What is printed says everything in both languages. These are the words in this one. */
export interface SheetWords {
  sheet: {
    ticket: string;
    validUntil: string;
    day: (date: Date) => string;
    once: string;
    fingerprint: string;
    notHere: string;
    notHereNote: string;
    ticketSteps: string[];
    noCamera: string;
    printed: (by: string, time: string) => string;
    ticketWarns: string;
    card: string;
    cardFor: string;
    cardFingerprint: string;
    cardCa: string;
    address: string;
    cardSteps: string[];
    cardWarns: string;
    invitation: string;
    invitationSteps: string[];
    invitationWord: string;
    invitationWarns: string;
    words: string;
    wordsSteps: string[];
    wordsWarns: string;
    sample: string;
  };
}
