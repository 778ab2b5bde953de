import { amount, bitsOf, type Unit } from "@kadian/kit";

const SHORT: Record<Unit, string> = { second: "s", minute: "min", hour: "h", day: "d" };

const SYMPTOM = ["cough", "fatigue", "short breath", "sore throat", "diarrhoea", "a close contact"];

/** Returns `12 minutes`, for a sentence. */
export function span(seconds: number): string {
  const { count, unit } = amount(seconds);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Returns `12 min`, for the bar and the fields. */
export function short(seconds: number): string {
  const { count, unit } = amount(seconds);
  return `${count} ${SHORT[unit]}`;
}

/** Names at most two symptoms, so that the sentence stays on one line. */
export function symptoms(bits: number): string {
  const names = bitsOf(bits).map((bit) => SYMPTOM[bit] ?? "");
  if (names.length > 2) return `${names[0]} and ${names.length - 1} more`;
  return names.join(" and ");
}

/** Names one symptom, as the row of fields has room for no more. */
export function symptomsShort(bits: number): string {
  const names = bitsOf(bits).map((bit) => SYMPTOM[bit] ?? "");
  return names.length > 1 ? `${names[0]} +${names.length - 1}` : names.join("");
}

export function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
