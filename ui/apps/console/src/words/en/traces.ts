import type { TraceWords } from "../deskWords";
import { plural } from "./common";

export const traces: TraceWords = {
  traces: {
    title: (checkpoint, time) => `Who passed ${checkpoint} around ${time}`,
    note: "This checkpoint and this time only; names and numbers are masked. It needs a reason of its own, which goes into the audit log first.",
    minutes: "Minutes before and after",
    within: (minutes) => `${minutes} min`,
    go: "See who passed",
    back: "Back to the passages",
    found: (people, minutes, who) =>
      `Within ${minutes} minutes before and after: ${people} ${people === 1 ? "person" : "people"} besides ${who}.`,
    cut: (shown, all) =>
      `There are ${all}; the nearest ${shown} in time are listed. For the others, ask again for less time.`,
    more: "More passed than were looked through. Ask again for less time.",
    erased: (passages) =>
      `${plural(passages, "more passage")} of people who were erased since: nobody knows whose.`,
    people: "Who passed then",
    nobody: (minutes) => `Nobody else passed within ${minutes} minutes.`,
    time: "Time",
    name: "Name",
    shown: "Shown then",
    times: "Times",
    phone: "Phone",
    openPhone: "Open phone",
    openGo: "Record it, and open this number",
    noPhone: {
      "sealed-elsewhere": "Sealed to somebody else’s key: it cannot be opened here.",
      "none-declared": "No phone was declared.",
      certificate: "A certificate from abroad holds no phone.",
      erased: "This person was erased.",
    },
    phonesLeft: (numbers) => `${plural(numbers, "number")} left within 24 hours`,
    foot: "Passing at the same time is no contact yet. Each number that is opened is one more entry of the audit log.",
  },
};
