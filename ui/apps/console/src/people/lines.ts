import type { PastedLine } from "../backend/api";
import type { Words } from "../words";

/** What one pasted line comes to: added, to be chosen, wrong, or left as it is. */
export type Sort = "add" | "choose" | "wrong" | "unchanged";

export function sortOf({ outcome }: PastedLine): Sort {
  switch (outcome) {
    case "new":
      return "add";
    case "ambiguous":
      return "choose";
    case "duplicate":
    case "already":
      return "unchanged";
    case "bad-phone":
    case "unknown-region":
    case "bad-name":
    case "not-a-line":
      return "wrong";
  }
}

/** Says what a pasted line means, in a few words. */
export function lineText(words: Words, line: PastedLine, scope: string): string {
  const { pasted } = words;
  switch (line.outcome) {
    case "new":
      return line.level === "street" || line.level === "district" || line.level === "city"
        ? pasted.isNewAs(line.level)
        : pasted.isNew;
    case "ambiguous":
      return pasted.ambiguous(line.candidates?.length ?? 2);
    case "bad-phone":
      return pasted.badPhone(line.digits ?? 11);
    case "unknown-region":
      return pasted.unknownRegion(scope);
    case "bad-name":
      return pasted.badName(line.characters ?? "");
    case "duplicate":
      return pasted.duplicate(line.of ?? 1);
    case "already":
      return pasted.already;
    case "not-a-line":
      return pasted.notALine;
  }
}

/** Splits a line at its mark: before, marked, after. */
export function marked(
  text: string,
  mark: readonly [number, number] | null | undefined,
): [string, string, string] {
  if (!mark) return [text, "", ""];
  const [start, end] = mark;
  return [text.slice(0, start), text.slice(start, end), text.slice(end)];
}

/**
 * Returns the choices for the lines as they stand now. A choice belongs to what a line says, so that
 * it stays with it when lines above it come or go.
 */
export function choicesFor(text: string, chosen: ReadonlyMap<string, string>): Record<string, string> {
  const choices: Record<string, string> = {};
  text.split("\n").forEach((line, index) => {
    const code = chosen.get(line.trim());
    if (code !== undefined) choices[String(index + 1)] = code;
  });
  return choices;
}
