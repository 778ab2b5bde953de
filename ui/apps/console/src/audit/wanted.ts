import type { AuditKind, AuditWanted } from "../backend/api";
import { startOf } from "../exports/days";
import type { Words } from "../words";
import { ACTS, type AuditSpan } from "../words/codes";

const DAY = 24 * 3600;
const BACK: Partial<Record<AuditSpan, number>> = { day: DAY, week: 7 * DAY, month: 30 * DAY };

/** What is chosen above the log. */
export interface Choice {
  kind: AuditKind;
  span: AuditSpan;
  /** Days, as a date field has them. */
  from: string;
  until: string;
  find: string;
}

/** Returns what to ask the office for; undefined for days that are none, or the wrong way round. */
export function wantedOf(
  { kind, span, from, until, find }: Choice,
  region: string,
  now: number,
  words: Words,
): AuditWanted | undefined {
  const wanted: AuditWanted = { region, kind };
  const back = BACK[span];
  if (back !== undefined) wanted.from = now - back;
  if (span === "days") {
    const [first, last] = [startOf(from), startOf(until)];
    if (first === undefined || last === undefined || last < first) return undefined;
    // A day may have 25 hours; the office is asked for the second after it.
    wanted.from = first;
    wanted.until = nextDay(last);
  }
  const text = find.trim();
  if (text !== "") {
    wanted.find = text;
    wanted.acts = actsNamed(text, words);
  }
  return wanted;
}

/** Returns the acts whose names have a text in them: the office knows codes, and a person reads names. */
function actsNamed(text: string, words: Words): string[] {
  const asked = text.toLowerCase();
  return ACTS.filter((act) => words.audit.acts[act].toLowerCase().includes(asked));
}

function nextDay(seconds: number): number {
  const day = new Date(seconds * 1000);
  day.setDate(day.getDate() + 1);
  return Math.floor(day.getTime() / 1000);
}
