import type { ResidentWords } from "../deskWords";
import { plural } from "./common";

const DAY = new Intl.DateTimeFormat("en-GB", { month: "long", day: "numeric", weekday: "short" });

export const residents: ResidentWords = {
  residents: {
    title: "Why look at this person’s passages?",
    note: "The reason comes first. It goes into the audit log with your name and the time, before anything is shown.",
    reason: "Purpose",
    reasons: {
      investigation: "Outbreak investigation",
      "own-request": "Their own request",
      correction: "Correcting a record",
      other: "Something else",
    },
    case: "Case number",
    caseNote: (least) => `May stay empty; if not, at least ${least} characters.`,
    words: (least) => `Reason (without a case number at least ${least} characters)`,
    who: "Whole identity number, phone, or a code’s text",
    whoNote:
      "Only whole numbers find somebody: nobody can browse. Scan a code with a hand scanner, or paste its text.",
    missing: (digits) =>
      `${plural(digits, "digit")} missing. Only whole numbers find somebody: nobody can browse.`,
    within: (region) => `Shows what was recorded in ${region} only`,
    left: (looks) => `${plural(looks, "look-up")} left within 24 hours`,
    go: "Look up",
    over: "This look is over. Another one needs another reason.",
    recorded: (entry) => `audit entry #${entry}`,
    closesIn: (minutes, seconds) =>
      minutes > 0 ? `Closes in ${minutes} min ${seconds} s` : `Closes in ${seconds} s`,
    end: "End the look",
    asked: "Looked up by",
    identity: "Identity number",
    period: "Period",
    passages: "Passages",
    count: (passages, checkpoints) =>
      `${plural(passages, "passage")} at ${plural(checkpoints, "checkpoint")}`,
    several: (people) => `This number is that of ${people} people; each passage says whose it is.`,
    shut: "This code’s declaration is sealed to somebody else: only passages with the same code are found, and no number finds this person.",
    nobody: "Nothing found",
    nobodyNote: (region) =>
      `Nobody recorded this person in ${region}. Whose declaration is sealed to somebody else is found by the text of their code alone; a certificate from abroad by its own identifier.`,
    lost: "The oldest passages were filed by another person.key: no number finds them. Ask whoever runs the office to lay the earlier key into keys/.",
    more: (count) => `Only the latest ${count} are shown.`,
    day: (date) => DAY.format(date),
    direction: { in: "in", out: "out" },
    shown: {
      pass: "Pass",
      check: "Check",
      stop: "Stop",
      "unjudged-trust": "Not judged: trust was too old",
      "unjudged-clock": "Not judged: the clock was wrong",
      "unjudged-policy": "Not judged: a policy was missing",
    },
    outcome: { "let-through": "let through", "turned-away": "turned away" },
    colour: {
      green: "green code",
      yellow: "yellow code",
      red: "red code",
      grey: "grey code",
      uncoloured: "code without a colour",
      certificate: "certificate from abroad",
    },
    collector: (name) => `collector ${name}`,
    goneCheckpoint: "a checkpoint that was removed",
    goneCollector: "a collector who was removed",
    gone: (name) => `${name} (removed)`,
    places: "Checkpoints",
    drawn: "Drawing",
    table: "Table",
    drawnLabel: (checkpoints) =>
      `Drawing: ${plural(checkpoints, "checkpoint")}, numbered in the order of passing. The table says the same.`,
    checkpoint: "Checkpoint",
    order: "Passage",
    lastPassed: "Last passed",
    notARoute: "The dotted line shows the order and is no route.",
    notAMap: "Not to scale. The dotted line shows the order and is no route.",
    traceThis: "Who passed then",
    later: (time) => `recorded offline, arrived ${time}`,
    foot: "What is recorded is what the screen showed then; nobody changes it.",
  },
};
