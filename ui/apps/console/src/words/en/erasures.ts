import type { ErasureWords } from "../deskWords";
import { plural } from "./common";

export const erasures: ErasureWords = {
  erasures: {
    begin: "Erase this person…",
    title: (who) => `Erase what is recorded of ${who}?`,
    says: [
      "Name, numbers and code go from passages, from reports in quarantine and from the log of look-ups, for good.",
      "That somebody passed, when and where, is still counted; who it was is not known any more.",
      "What a laptop has not sent yet is not among it: erase again once it has arrived.",
      "Backups hold it until their day; a restore erases it again.",
    ],
    who: "The whole identity number or phone once more, or scan the code again",
    whoNote: "It has to be the person whom this look shows.",
    go: "Record it and erase",
    done: "Erased",
    doneNote: "Give the receipt to the person, or keep it: the office has signed it, and it names nobody.",
    waits: "Erasing",
    waitsNote:
      "What was filed is erased. Reports that had arrived are opened and erased too; then there is a receipt. You may close this page: the office goes on.",
    number: "Number",
    passages: "Passages",
    held: "Reports in quarantine",
    entries: "Look-ups in the log",
    shut: "Reports that nobody here can read",
    times: (count) => String(count),
    reports: (count) => String(count),
    lines: (count) => String(count),
    notOverwritten:
      "The database has not overwritten old rows yet: its operator does, as docs/erasure.md says.",
    copies: "Backups that still hold it",
    noCopies: "No backup is known.",
    until: (time) => `until ${time}`,
    noEnd: "no end: somebody has to delete it",
    more: (count) => `${plural(count, "more copy", "more copies")}, none of which is kept longer.`,
    receipt: "Download the receipt",
  },
  exports: {
    title: (region) => `Export what was recorded in ${region}`,
    note: "The reason comes first, and goes into the audit log with your name before anything leaves. At most 31 days and 200,000 passages at once, five times within 24 hours.",
    from: "From",
    until: "Until (that day too)",
    badDays: "The end is before the beginning, or more than 31 days after it.",
    masked: "Names and numbers are masked. Once it has left the office, the file is in your hands.",
    go: "Export the table",
    made: (name) => `${name} was exported`,
  },
};
