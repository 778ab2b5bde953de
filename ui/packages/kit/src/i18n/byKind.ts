/** One text for each variant of a tagged union. */
export type ByKind<U extends { kind: string }, More extends unknown[] = []> = {
  [K in U["kind"]]: (value: Extract<U, { kind: K }>, ...more: More) => string;
};

/** Returns the text for one value of a tagged union. */
export function textOf<U extends { kind: string }, More extends unknown[]>(
  table: ByKind<U, More>,
  value: U,
  ...more: More
): string {
  // `value.kind` selects the entry that takes exactly this variant; TypeScript cannot follow that.
  const text = table[value.kind as U["kind"]] as (value: U, ...more: More) => string;
  return text(value, ...more);
}
