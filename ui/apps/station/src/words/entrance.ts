import type { EnrolFailure, TicketProblem } from "../bindings";
import type { Headline, Sentences } from "./parts";

/** The texts from a ticket to a station. */
export interface EntranceWords {
  entrance: {
    waiting: Headline;
    notEnrolled: string;
    paste: string;
    pasteFrom: string;
    open: string;
    openFrom: string;
    /** Where tickets come from. */
    origin: string;
    /** The camera shows nothing. */
    noCamera: string;
    /** What was shown or pasted instead of a ticket. */
    problem: Record<TicketProblem, Headline & { note: string; act: string }>;

    /** The question; empty where the ticket does not name the community. */
    join: (community: string) => string;
    joinGloss: string;
    onlyThis: string;
    joining: string;
    field: Record<"community" | "office" | "laptop" | "ticket", string>;
    /** Stands where the ticket does not say it. */
    unsaid: string;
    port: (port: number) => string;
    minutesLeft: (minutes: number) => string;
    once: string;
    /** By this laptop's clock the ticket is over. */
    over: string;
    overNote: string;
    compare: string;
    compareNote: string;
    agree: string;
    aboutSeconds: string;
    differ: string;

    failed: string;
    unchanged: string;
    failure: Record<EnrolFailure, Sentences>;
    /** Another laptop used the ticket at a moment that the office named. */
    usedAt: (at: number) => string;
    another: string;
    again: string;
    back: string;

    /** By a stick, where no network is. */
    stick: {
      way: string;
      title: string;
      lead: string;
      writtenTitle: string;
      written: (stick: string) => string;
      /** Stands beside how long the ticket is good. */
      until: string;
      trip: readonly { title: string; note: string }[];
      go: string;
      goNote: string;
      /** Once the request is on a stick. */
      back: string;
      busy: string;
    };

    step: Record<JoinStep, { title: string; pending: string; done: string; failed: string }>;
    reachedIn: (tenths: number) => string;
    notBegun: string;

    /** A laptop that was withdrawn may become another station. */
    showTicket: string;
    bar: string;
    language: string;
  };
}

export type JoinStep = "reach" | "identity" | "ticket" | "trust";
