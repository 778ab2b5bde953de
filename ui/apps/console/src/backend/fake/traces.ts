import type { Consent, NewPhone, NewTrace, Phone, Trace, TracedPerson } from "../residents";
import { at } from "./samples";

const NAMES = ["样*", "样例*", "赵*", "钱**", "孙*", "李*", "周**", "吴*"];

/** Plays an office at whose gate many passed: with an hour more than are shown. */
export function sampleTrace(asked: NewTrace): Trace {
  const all = asked.minutes === 60 ? 317 : asked.minutes;
  const people = Array.from({ length: Math.min(200, all) }, (_, index): TracedPerson => {
    const shown = index % 7 === 3 ? "check" : "pass";
    return {
      passage: `t${index}`,
      at: at(-2 * 3600 + (index % 2 === 0 ? 1 : -1) * index * 11),
      direction: index % 3 === 0 ? "out" : "in",
      shown,
      outcome: "let-through",
      colour: index % 5 === 4 ? "certificate" : shown === "check" ? "yellow" : "green",
      name: NAMES[index % NAMES.length] ?? "样*",
      identity: index % 5 === 4 ? "" : `9901**********${String(1000 + index)}`,
      times: 1 + (index % 4 === 1 ? 1 : 0),
    };
  });
  return {
    ...asked,
    entry: 20_420,
    who: "9901**********0011",
    at: at(-2 * 3600),
    checkpoint: "东门",
    seconds: 300,
    people,
    all,
    more: false,
    erased: asked.minutes === 60 ? 2 : 0,
    left: 19,
  };
}

export function samplePhone({ passage }: NewPhone): Phone {
  const number = Number(passage.slice(1));
  const why = number % 5 === 4 ? "certificate" : number % 5 === 2 ? "sealed-elsewhere" : null;
  const phone = why === null ? `1380000${String(1000 + number)}` : null;
  return { entry: 20_421, name: "样*", identity: "9901**********1000", phone, why, left: 19 };
}

/** Returns a request of another, and two of one's own: one that was agreed to, and one that was refused. */
export function sampleConsents(): Consent[] {
  const one = (id: string, more: Partial<Consent>): Consent => ({
    id,
    right: "residents.trace",
    by: "周**",
    mine: false,
    who: "9901**********0022",
    reason: "investigation · 样例-0317 · ±15 min",
    asked: at(-600),
    expires: at(23 * 3600),
    state: "waits",
    decidedBy: null,
    ...more,
  });
  return [
    one("c1", {}),
    one("c2", { mine: true, by: "陈*", who: "9901**********0011", state: "agreed", decidedBy: "林**" }),
    one("c3", {
      mine: true,
      by: "陈*",
      right: "residents.export",
      who: "",
      state: "refused",
      decidedBy: "林**",
    }),
  ];
}
