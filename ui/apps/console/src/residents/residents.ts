import { GIVEN } from "../backend/api";
import type { LookPassage } from "../backend/residents";
import { unix } from "../times";
import type { Words } from "../words";
import { known, LOOK_REASONS } from "../words/codes";

/** Seconds after which a passage that arrives was recorded without a network. */
const LATE = 15 * 60;

/** Names a reason; a deployment's own ones are words already. */
export function reasonText(words: Words, code: string): string {
  const reason = known(LOOK_REASONS, code);
  return reason === undefined ? code : words.residents.reasons[reason];
}

/** Names the reason in a line of the audit log; a right in it, too. */
export function reasonLine(words: Words, line: string): string {
  const named = (part: string): string => {
    const right = GIVEN.find((right) => right === part);
    return right === undefined ? part : words.mine.rights[right];
  };
  const [code = "", ...more] = line.split(" · ");
  return [reasonText(words, code), ...more.map(named)].join(" · ");
}

/** Counts the digits that an identity number lacks; 0 for whatever is none, or not yet told from a phone. */
export function missingDigits(text: string): number {
  const plain = text.replaceAll(/[\s-]/g, "");
  if (!/^\d+$/.test(plain)) return 0;
  if (plain.length < 11) return 11 - plain.length;
  const isPhone = plain.length === 11 && plain.startsWith("1");
  return isPhone || plain.startsWith("0086") || plain.startsWith("86") ? 0 : Math.max(0, 18 - plain.length);
}

/** Tells whether a passage arrived long after it was recorded. */
export function isLate({ at, received }: LookPassage): boolean {
  return unix(received) - unix(at) > LATE;
}

/** Puts passages together by the day on which they were, in their order. */
export function byDay(passages: readonly LookPassage[]): { day: Date; passages: LookPassage[] }[] {
  const days: { day: Date; passages: LookPassage[] }[] = [];
  for (const passage of passages) {
    const day = new Date(unix(passage.at) * 1000);
    const last = days.at(-1);
    if (last?.day.toDateString() === day.toDateString()) last.passages.push(passage);
    else days.push({ day, passages: [passage] });
  }
  return days;
}

/** Returns each person once, as the passages name them. */
export function peopleIn(passages: readonly LookPassage[]): { name: string; identity: string }[] {
  const people = new Map(passages.map(({ name, identity }) => [`${name} ${identity}`, { name, identity }]));
  return [...people.values()];
}
