import { clock } from "@kadian/kit";
import type { EntranceWords } from "../entrance";
import { plural } from "./amounts";

const TELL = "Tell the office's administrator the code below.";

export const entrance: EntranceWords["entrance"] = {
  waiting: { lines: ["Show the", "ticket"], gloss: "Show the ticket" },
  notEnrolled: "This laptop is not enrolled and judges nothing.",
  paste: "Paste the text",
  pasteFrom: "e-mail, chat",
  open: "Read from a stick",
  openFrom: "ticket.txt",
  origin: "An administrator prints it at the office. It works once.",
  noCamera: "The camera shows nothing: paste the text, or read it from a stick.",
  problem: {
    broken: {
      lines: ["Ticket", "incomplete"],
      gloss: "Ticket incomplete",
      note: "Some characters are missing or wrong.",
      act: "Copy all of it, from “KDT1:” on.",
    },
    "health-code": {
      lines: ["This is a", "health code"],
      gloss: "This is a health code",
      note: "This laptop is not enrolled and judges nothing.",
      act: "Show the ticket.",
    },
    certificate: {
      lines: ["This is a", "certificate"],
      gloss: "This is a certificate",
      note: "This laptop is not enrolled and judges nothing.",
      act: "Show the ticket.",
    },
    address: {
      lines: ["This is a", "web address"],
      gloss: "This is a web address",
      note: "A ticket is no address.",
      act: "Show the ticket.",
    },
    empty: {
      lines: ["No text"],
      gloss: "No text",
      note: "There is no text in it.",
      act: "Copy the ticket's text first.",
    },
    "no-stick": {
      lines: ["No ticket", "on a stick"],
      gloss: "No ticket on a stick",
      note: "No stick has a file ticket.txt.",
      act: "Plug it in, wait a moment, press again.",
    },
    other: {
      lines: ["Not a ticket"],
      gloss: "Not a ticket",
      note: "A ticket's text begins with “KDT1:”.",
      act: "Show the ticket.",
    },
  },

  join: (community) => (community === "" ? "Join this office?" : `Join ${community}?`),
  joinGloss: "Join?",
  onlyThis: "From then on this laptop listens to this office alone.",
  joining: "Joining",
  field: { community: "Community", office: "Office", laptop: "Laptop", ticket: "Ticket" },
  unsaid: "The ticket does not say",
  port: (port) => `port ${port}`,
  minutesLeft: (minutes) =>
    minutes < 120
      ? `${plural(minutes, "minute")} left`
      : minutes < 72 * 60
        ? `${Math.floor(minutes / 60)} hours left`
        : `${Math.floor(minutes / 1440)} days left`,
  once: "works once",
  over: "Over, by this laptop's clock",
  overNote: "the clock may be wrong; it can be tried",
  compare: "Compare with the deployment's card",
  compareNote: "If one differs, this office did not make the ticket.",
  agree: "All eight agree, join",
  aboutSeconds: "20 s",
  differ: "They differ",

  failed: "Not enrolled",
  unchanged: "Nothing on this laptop was changed.",
  failure: {
    "bad-ticket": { why: "This ticket can't be read.", do: "Ask for another one." },
    "bad-office": {
      why: "The address in the ticket can't be used.",
      do: "Ask for another one, with a right address.",
    },
    "no-host": {
      why: "Nothing has the name in the ticket.",
      do: "Check cable and DNS; else ask about the address.",
    },
    "no-route": {
      why: "No way leads to the office.",
      do: "Check cable, Wi-Fi and firewall, then try again.",
    },
    "nobody-answers": {
      why: "The machine is there; no office answers.",
      do: "Ask whether it runs, and on which port.",
    },
    "wrong-host": {
      why: "The machine has another name than the ticket.",
      do: "Ask about the office's address and certificate.",
    },
    "wrong-authority": {
      why: "Its certificate is not this deployment's.",
      do: "Somebody may pose as it, or the network wants a login.",
    },
    "certificate-dates": {
      why: "The office's certificates contradict in dates.",
      do: "It needs new certificates.",
    },
    "clock-wrong": {
      why: "This laptop's clock and the certificate differ.",
      do: "Set the clock, then try again.",
    },
    "not-tls": {
      why: "The machine that answers speaks no TLS.",
      do: "Ask about the office's address and port.",
    },
    "not-an-office": {
      why: "What answers is no office.",
      do: "The network may want a login; then try again.",
    },
    "wrong-root": {
      why: "The office has another fingerprint.",
      do: "The ticket was kept. Ask for a new one; check the card.",
    },
    "broken-off": { why: "The line broke off, or was too slow.", do: "The ticket is still good. Try again." },
    busy: { why: "The office is busy.", do: "The ticket is still good. Try again in a minute." },
    "ticket-used": {
      why: "The ticket was used by another laptop.",
      do: "Ask for a new one. If that laptop isn't yours, have it withdrawn at once.",
    },
    "ticket-expired": { why: "The ticket has expired.", do: "Ask for a new one." },
    "ticket-unknown": {
      why: "The office did not make it, or took it back.",
      do: "It may be another office's. Ask for a new one.",
    },
    withdrawn: { why: "The office withdrew this laptop.", do: "Ask the administrator to return it." },
    refused: { why: "The office does not take this laptop.", do: TELL },
    "bad-answer": { why: "The office's answer is not understood.", do: TELL },
    "bad-trust": { why: "The office's trust list does not verify.", do: TELL },
    "other-deployment": {
      why: "Another deployment's, and records wait here.",
      do: "Send them to their own office first.",
    },
    folder: {
      why: "This laptop's folder can't be written.",
      do: "Check disk and permissions, then try again.",
    },
    key: { why: "This laptop's key can't be read or made.", do: "A technician should look at its folder." },
    "in-use": { why: "Another program uses this laptop's folder.", do: "Close that window, then try again." },
    "already-enrolled": { why: "This laptop is enrolled already.", do: "Open the window again." },
    "no-stick": { why: "No stick is plugged in.", do: "Plug it in, wait a moment, press Enter." },
    "no-ticket": { why: "There is no ticket here.", do: "Show one, or put ticket.txt on the stick." },
    "other-request": {
      why: "The office answered an older request.",
      do: "The newest one is on the stick now. Take it there again.",
    },
    altered: {
      why: "The answer was altered, or is another office's.",
      do: "The request is kept. Take the stick to the office again.",
    },
    "other-station": {
      why: "The answer is another laptop's.",
      do: "Use the stick that this laptop wrote, or take it there again.",
    },
    malformed: { why: "The answer on the stick is broken.", do: "Take the stick to the office again." },
    "too-large": { why: "The answer is longer than one may be.", do: "Take the stick to the office again." },
    "not-a-file": {
      why: "What has the answer's name is no file.",
      do: "Use an empty stick, and take it to the office.",
    },
    pulled: { why: "The stick was pulled out, or it fails.", do: "Plug it in again, press Enter." },
    full: { why: "The stick is full.", do: "Make room on it, or use another one." },
    "read-only": { why: "The stick can't be written.", do: "Open its lock, or use another one." },
  },
  usedAt: (at) => `The ticket was used at ${clock(at)}, by another laptop.`,
  another: "Show another ticket",
  again: "Try again",
  back: "Back",

  stick: {
    way: "By USB stick",
    title: "By USB stick",
    lead: "Without a network, a stick takes the request to the office.",
    writtenTitle: "The request is written",
    written: (stick) => `It is on “${stick}”. Take the stick to the office.`,
    until: "by then the stick has to be at the office",
    trip: [
      { title: "Plug in a stick, press Enter", note: "the request is written; it names no resident" },
      { title: "Take it to the office", note: "console: Laptops, USB stick; or by command" },
      { title: "Bring it back, press Enter", note: "this laptop keeps its key meanwhile, also when off" },
    ],
    go: "The stick is plugged in",
    goNote: "asks, or takes the answer",
    back: "The stick is back",
    busy: "Reading the stick",
  },

  step: {
    reach: { title: "Reach the office", pending: "find the address", done: "reached", failed: "not reached" },
    identity: {
      title: "Check who it is",
      pending: "TLS, clock, fingerprint",
      done: "TLS, clock, fingerprint agree",
      failed: "not this office",
    },
    ticket: {
      title: "Hand in the ticket",
      pending: "for this laptop's identity",
      done: "identity received",
      failed: "not taken",
    },
    trust: {
      title: "Get the trust list",
      pending: "then work can begin",
      done: "work can begin",
      failed: "not received",
    },
  },
  reachedIn: (tenths) => `took ${(tenths / 10).toFixed(1)} s`,
  notBegun: "not begun",

  showTicket: "Show a new ticket",
  bar: "Not enrolled",
  language: "Language",
};
