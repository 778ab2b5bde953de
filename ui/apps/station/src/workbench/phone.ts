import type { AddProblem } from "../bindings";

/** Digits of a mobile number. */
export const PHONE_DIGITS = 11;

/** Returns the digits of what was typed; an input method in full-width mode writes １ for 1. */
export function digitsOf(text: string): string {
  return text.normalize("NFKC").replace(/^\+86/, "").replace(/\D/g, "");
}

/** Returns a phone number in the groups in which people say it. */
export function grouped(phone: string): string {
  return [phone.slice(0, 3), phone.slice(3, 7), phone.slice(7)].filter((part) => part !== "").join(" ");
}

/** Returns what the list will show of a whole phone number. */
export function masked(phone: string): string {
  return `${phone.slice(0, 3)}****${phone.slice(7)}`;
}

/** Returns at which field a problem is to be read. */
export function fieldOf({ kind }: AddProblem): "code" | "phone" | "pin" | "form" {
  if (kind === "phone" || kind === "listed") return "phone";
  if (kind.startsWith("pin")) return "pin";
  return kind === "too-many" || kind === "not-recorded" ? "form" : "code";
}
