import type { Pasted, PastedLine, PastePreview, RegionRef } from "../api";
import { allRegions } from "./samples";

/** Reads pasted lines, roughly as the office does. */
export function readLines(
  { text, choices }: Pasted,
  scope: string,
  knownPhones: ReadonlySet<string>,
): PastePreview {
  const seen = new Map<string, number>();
  const lines = text.split("\n").flatMap((line, index): PastedLine[] => {
    if (line.trim() === "") return [];
    return [readLine(line, index + 1, scope, choices[String(index + 1)], seen, knownPhones)];
  });
  const of = (...outcomes: PastedLine["outcome"][]): number =>
    lines.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const counts = { add: of("new"), choose: of("ambiguous"), unchanged: of("duplicate", "already"), wrong: 0 };
  counts.wrong = lines.length - counts.add - counts.choose - counts.unchanged;
  return { lines, counts };
}

function readLine(
  text: string,
  line: number,
  scope: string,
  choice: string | undefined,
  seen: Map<string, number>,
  knownPhones: ReadonlySet<string>,
): PastedLine {
  const parts = [...text.matchAll(/[^\s,，、;；]+/g)].map((match) => ({ text: match[0], at: match.index }));
  const [name, ...rest] = parts;
  const phone = rest.pop();
  const place = rest[0];
  if (name === undefined || phone === undefined || place === undefined)
    return { line, text, outcome: "not-a-line" };

  const markOf = (part: { text: string; at: number }): [number, number] => [
    part.at,
    part.at + part.text.length,
  ];
  const wanted = rest.map((part) => part.text).join("");
  const found = allRegions().filter(
    (region) =>
      region.code.startsWith(scope) && (region.path.join("").endsWith(wanted) || region.name === wanted),
  );
  const chosen = found.length === 1 ? found[0] : found.find((region) => region.code === choice);
  const region: Pick<PastedLine, "region" | "level"> =
    chosen === undefined ? {} : { region: refFrom(chosen), level: chosen.level };

  const strange = [...new Set(name.text.match(/[^\p{L}\p{M}·]/gu) ?? [])].join(" ");
  if (strange !== "")
    return { line, text, outcome: "bad-name", mark: markOf(name), characters: strange, ...region };
  if (found.length === 0) return { line, text, outcome: "unknown-region", mark: markOf(place) };
  const digits = phone.text.replace(/\D/g, "");
  if (!/^1\d{10}$/.test(digits))
    return { line, text, outcome: "bad-phone", mark: markOf(phone), digits: digits.length, ...region };
  if (chosen === undefined)
    return { line, text, outcome: "ambiguous", mark: markOf(place), candidates: found.map(refFrom) };
  const before = seen.get(digits);
  if (before !== undefined) return { line, text, outcome: "duplicate", of: before, ...region };
  seen.set(digits, line);
  if (knownPhones.has(digits.slice(-4))) return { line, text, outcome: "already", ...region };
  return { line, text, outcome: "new", name: name.text, ...region };
}

function refFrom({ code, name, path }: RegionRef): RegionRef {
  return { code, name, path };
}
