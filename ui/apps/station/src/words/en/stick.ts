import { bytes } from "../../workbench/stick";
import type { StickWords } from "../stick";

const signed = (count: number): string => (count < 0 ? `−${-count}` : `+${count}`);

export const stick: StickWords = {
  notPlugged: "No stick is plugged in",
  looking: "Looking…",
  none: "Plug one in and wait until it appears here.",
  silent: "The stick does not answer. Pull it out and plug it in again, or take another.",
  plugged: "Plugged in; only a few fixed files are looked at",
  named: (name, free) => `${name}${free === null ? "" : ` · ${bytes(free)} free`}`,
  others: (count) => `${count} more plugged in: left alone`,
  carry: "Do all three",
  carrying: "At it; leave it in",
  rowsLabel: "The three things on this stick",
  trust: {
    nothing: () => "Trust in: none on the stick",
    current: () => "Trust in: nothing newer",
    newer: ({ list, community }) =>
      list.from === list.to
        ? `Trust in: people ${community.from} → ${community.to}`
        : `Trust in: version ${list.from} → ${list.to}`,
    problem: (_, why) => `Trust in: ${why(_.why)}`,
  },
  trustNote: {
    nothing: () => "Use a stick that the office exported for this community",
    current: () => "This laptop has this version or a newer one",
    newer: ({ revocations, policies, people, checkpoints }) =>
      [
        "Signatures hold",
        revocations === 0 ? "same revocations" : `revocations ${signed(revocations)}`,
        policies ? "rules changed" : "same rules",
        people === 0 ? "as many people" : `people ${signed(people)}`,
        ...(checkpoints === 0 ? [] : [`checkpoints ${signed(checkpoints)}`]),
      ].join(" · "),
    problem: () => "The trust list in force stays",
  },
  leftOut: "Something was left out:",
  receipts: {
    nothing: () => "Receipts in: none on the stick",
    known: () => "Receipts in: all settled before",
    settles: ({ reports }) => `Receipts in: the office has ${reports}`,
    problem: (_, why) => `Receipts in: ${why(_.why)}`,
  },
  receiptsNote: {
    nothing: () => "The office writes them once it has taken the records",
    known: () => "Nothing is left to settle",
    settles: ({ reports }, carried) =>
      carried ? `These ${reports} are erased here` : `These ${reports} can be erased here`,
    problem: () => "All records are still here",
  },
  reports: {
    nothing: () => "Records out: none wait",
    out: ({ reports }) => `Records out: ${reports}`,
    there: ({ reports }) => `Records out: all ${reports} are on it already`,
    problem: (_, why) => `Records out: ${why(_.why)}`,
  },
  reportsNote: {
    nothing: () => "The office has them all",
    out: ({ more }) =>
      more > 0
        ? `Sealed: only the office can open them · ${more} more go next time`
        : "Sealed: only the office can open them · kept here until its receipt",
    there: () => "Kept here until the receipt",
    problem: () => "Nothing was written; all records are still here",
  },
  state: {
    in: "can come in",
    settle: "can be settled",
    out: "can go out",
    done: "done",
    nothing: "nothing to do",
    no: "not done",
  },
  problem: {
    "too-large": "A file is far too long.",
    "not-a-file": "A name is no file but a link or the like.",
    pulled: "The stick was pulled out, or fails. Plug it in again.",
    full: "The stick is full. Take another, or make room.",
    "read-only": "The stick takes nothing. Look at its write lock.",
    malformed: "A file is broken. Have the office export again.",
    "other-station": "It is for another station or community.",
    "other-deployment": "It is of another deployment, or altered.",
    older: "It is older than what is here.",
    expired: "It is over. Have the office export again.",
    future: "It is dated in the future. Look at the clock first.",
    incomplete: "A file is missing. Have the office export again.",
    "not-kept": "This laptop’s disk takes nothing. Make room first.",
    "no-station": "This laptop has no trust list, or is out of service.",
  },
  aloneUntil: (date) => `Judges alone until ${date}`,
  aloneOver: "Judges nothing alone any more",
  daysLeft: (days) => `${days} days left`,
  updated: "Updated",
  today: (day) => `Now · day ${day}`,
  afterwards: (version, until) => `With version ${version}: until ${until}`,
  room: (days) => (days >= 3650 ? "Room for over 10 years" : `Room for ${days} days`),
  roomUnknown: "Room: not known",
  roomNote: (aDay, waiting) => `At ${aDay} a day; ${waiting} wait now`,
};
