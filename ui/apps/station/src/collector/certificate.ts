import type { BirthShown, CertificateFields, NamePart } from "../bindings";

/** A longer part of a name shows no more stars than this: they no longer count anything. */
const MOST_STARS = 15;

/** Returns a name as its first letters and a star for each other letter: `M****** M*****`. */
export function maskedName(parts: readonly NamePart[]): string {
  return parts
    .map(({ initial, length }) => initial + "*".repeat(Math.min(MOST_STARS, Math.max(0, length - 1))))
    .join(" ");
}

/** Returns a birth date with stars for what is not shown: `1985-**-12`. */
export function maskedBirth({ year, month, day }: BirthShown): string {
  const part = (value: number | null, digits: number): string =>
    value === null ? "*".repeat(digits) : String(value).padStart(digits, "0");
  return `${part(year, 4)}-${part(month, 2)}-${part(day, 2)}`;
}

/** Returns which dose a certificate certifies, as `2/2`; null if it says nothing of doses. */
export function doseOf({ dose }: CertificateFields): string | null {
  return dose === null ? null : `${dose.number}/${dose.of}`;
}
