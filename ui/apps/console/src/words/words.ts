import type { Level, PersonState, Role } from "../backend/api";
import type { Page } from "../route";
import type { BoardWords } from "./boardWords";
import type { FieldProblem, ProblemCode } from "./codes";
import type {
  ConsentWords,
  PictureWords,
  ErasureWords,
  RecordWords,
  ResidentWords,
  RosterWords,
  SheetWords,
  StationWords,
  TraceWords,
} from "./deskWords";
import type { SticksWords } from "./sticks";

/** Every text of the console in one language. A missing text, or a code without one, does not compile. */
export interface Words
  extends
    CommonWords,
    DoorWords,
    PeopleWords,
    StationWords,
    RosterWords,
    RecordWords,
    ResidentWords,
    TraceWords,
    ConsentWords,
    BoardWords,
    PictureWords,
    ErasureWords,
    SheetWords {
  sticks: SticksWords;
  /** Goes into `<html lang>`. */
  tag: "zh-Hans" | "en";
}

export interface CommonWords {
  app: string;
  trial: string;
  /** Says on each page of a trial what it is. */
  trialNote: string;
  pages: Record<Exclude<Page, "invitation" | "first-start">, string>;
  skip: string;
  navigation: string;
  regions: string;
  loading: string;
  retry: string;
  close: string;
  cancel: string;
  back: string;
  next: string;
  print: string;
  none: string;
  all: string;
  needed: string;
  problem: Record<ProblemCode, string>;
  otherProblem: (code: string) => string;
  about: (communities: string[]) => string;
  waitSeconds: (seconds: number) => string;
  fieldProblem: Record<FieldProblem, string>;
  showTyped: (label: string) => string;
  sixDigits: string;
  role: Record<Role, string>;
  /** An administrator by the level of their region. */
  administratorOf: Record<Level, string>;
  level: Record<Level, string>;
  ago: (seconds: number) => string;
  left: (seconds: number) => string;
  duration: (seconds: number) => string;
  /** Puts a list of names together. */
  path: (names: readonly string[]) => string;
  andBelow: (name: string) => string;
  pickRegion: string;
  noRegionFound: string;
  moreRegions: (count: number) => string;
  language: string;
  theme: string;
  themes: Record<"light" | "dark" | "system", string>;
}

/** Before the desk: first start, signing in, an invitation. */
export interface DoorWords {
  signIn: {
    title: string;
    motto: string;
    account: string;
    passphrase: string;
    code: string;
    codeNote: string;
    word: string;
    wordNote: string;
    useWord: string;
    useCode: string;
    go: string;
    invited: string;
    idle: string;
    ended: string;
    again: (seconds: number) => string;
  };
  firstStart: {
    title: string;
    only: string;
    steps: { title: string; note: string }[];
    word: string;
    wordTitle: string;
    wordNote: string;
    wordLeft: (minutes: number, tries: number) => string;
    unlock: string;
    trustTitle: string;
    trustNote: string;
    importTitle: string;
    importNote: string;
    chooseFolder: string;
    chooseFiles: string;
    otherFolder: string;
    reading: string;
    root: (version: number) => string;
    rootSays: (keys: number, threshold: number, until: string) => string;
    list: (version: number) => string;
    listSays: (issuers: number, age: string) => string;
    delegation: string;
    communities: (count: number) => string;
    names: string;
    namesSay: (cities: number, districts: number, streets: number, communities: number) => string;
    noNames: string;
    missing: (names: string) => string;
    compare: string;
    trialTitle: string;
    trialNote: string;
    nothingWritten: string;
    agree: string;
    makeTrial: string;
    administratorTitle: string;
    administratorNote: (top: string) => string;
    ticketTitle: string;
    ticketNote: string;
    makeTicket: string;
    printTicket: string;
    printCard: string;
    doneTitle: string;
    doneNote: string;
    goOn: string;
  };
  account: {
    name: string;
    phone: string;
    account: string;
    accountNote: string;
    passphrase: string;
    again: string;
    different: string;
    laptopSecret: string;
    laptopSecretNote: string;
    scan: string;
    scanLabel: string;
    typeSecret: (secret: string) => string;
    noAuthenticator: string;
    takeWords: string;
    wordsThen: string;
    make: string;
    wordsTitle: string;
    wordsNote: string;
    printWords: string;
    wordsKept: string;
  };
  invitation: {
    title: string;
    motto: string;
    word: string;
    wordNote: string;
    open: string;
    hello: (name: string) => string;
    opens: (role: string, region: string) => string;
    until: (time: string) => string;
    accept: string;
    toSignIn: string;
  };
}

export interface PeopleWords {
  people: {
    search: string;
    paste: string;
    add: string;
    name: string;
    role: string;
    region: string;
    phone: string;
    state: string;
    lastSignIn: string;
    states: Record<Exclude<PersonState, "invited" | "disabled">, string>;
    invitedFor: (left: string) => string;
    disabledSince: (day: string) => string;
    foot: (region: string) => string;
    empty: string;
    nothingFound: string;
    can: string;
    /** Before the rights: where they hold. */
    within: (region: string) => string;
    auditorNot: string[];
    rights: string;
    /** Beside a right that one has not, and so does not give. */
    notYours: string;
    invitation: string;
    invitationLeft: (left: string) => string;
    invitationUntil: (time: string) => string;
    ownSecret: string;
    shownOnce: string;
    inviteAgain: string;
    newInvitation: string;
    change: string;
    save: string;
    endInvitation: (name: string) => string;
    disable: (name: string) => string;
    enable: (name: string) => string;
    disableNote: string;
    allTheSame: string;
    qrLabel: (name: string) => string;
    addTitle: string;
    addNote: string;
    addGo: string;
    addedTitle: (name: string) => string;
    addAnother: string;
  };
  pasted: {
    title: string;
    note: string;
    text: string;
    lines: (count: number) => string;
    preview: string;
    role: string;
    roles: Record<Role, string>;
    isNew: string;
    isNewAs: (level: Level) => string;
    ambiguous: (count: number) => string;
    badPhone: (digits: number) => string;
    unknownRegion: (region: string) => string;
    badName: (characters: string) => string;
    duplicate: (line: number) => string;
    already: string;
    notALine: string;
    canAdd: (count: number) => string;
    toChoose: (count: number) => string;
    wrong: (count: number) => string;
    unchanged: (count: number) => string;
    rest: (count: number) => string;
    go: (count: number) => string;
    tooMany: string;
    empty: string;
    addedTitle: (count: number) => string;
    addedNote: string;
    printAll: (count: number) => string;
    printOne: string;
    left: (count: number) => string;
    done: string;
    change: string;
  };
}
