/** One colour of a stack. */
export interface Band {
  key: string;
  name: string;
  values: readonly number[];
}

/** Returns for each band how high the stack is with it, the highest first: so each is drawn over the one before. */
export function stacked(bands: readonly Band[]): { key: string; tops: number[] }[] {
  const tops: { key: string; tops: number[] }[] = [];
  let below: number[] = [];
  for (const { key, values } of bands) {
    below = values.map((value, at) => value + (below[at] ?? 0));
    tops.unshift({ key, tops: below });
  }
  return tops;
}

/** Returns a round number that a chart's axis reaches, and the step of its lines. */
export function ceiling(most: number): { top: number; step: number } {
  const rough = Math.max(1, most) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10) * power);
  return { top: Math.ceil(Math.max(1, most) / step) * step, step };
}

/** Returns which marks of an axis are written: a few, as far from one another as they can be. */
export function marks(count: number, most: number): number[] {
  if (count <= 1) return count === 1 ? [0] : [];
  const shown = Math.min(count, most);
  return Array.from({ length: shown }, (_, at) => Math.round((at * (count - 1)) / (shown - 1)));
}

/** Returns the points of a line in a box, as an SVG has them. */
export function points(values: readonly number[], width: number, height: number): string {
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  return values
    .map((value, at) => `${(at * step).toFixed(1)},${(height - (value / most) * height).toFixed(1)}`)
    .join(" ");
}
