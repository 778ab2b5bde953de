import type { LookPassage, LookPlace } from "../backend/residents";

/** The size in which everything is drawn. */
export const WIDTH = 520;
export const HEIGHT = 460;
const EDGE = 70;
/** More checkpoints than that are not drawn where nobody passed. */
const MOST = 24;

/** A checkpoint as it is drawn. */
export interface Pin {
  place: LookPlace;
  x: number;
  y: number;
  /** The numbers of the passages there, the first one first. */
  numbers: number[];
}

export interface Schematic {
  pins: Pin[];
  /** From each passage to the next one at another checkpoint, each way once. */
  lines: { from: Pin; to: Pin }[];
  /** Whether all pins lie as on the earth. */
  onEarth: boolean;
}

/** Draws checkpoints and the order in which somebody passed them; passages come the latest first. */
export function schematic(places: readonly LookPlace[], passages: readonly LookPassage[]): Schematic {
  const numbers = new Map<number, number[]>();
  const order = passages.map(({ place }) => place ?? undefined).reverse();
  for (const [index, place] of order.entries()) {
    if (place !== undefined) numbers.set(place, [...(numbers.get(place) ?? []), index + 1]);
  }
  const few = places.length <= MOST;
  const drawn = places.flatMap((place, index) => (few || numbers.has(index) ? [{ place, index }] : []));
  const onEarth = drawn.length > 1 && drawn.every(({ place }) => place.place);
  const spots = onEarth ? asOnEarth(drawn.map(({ place }) => place)) : around(drawn.length);
  const pins = new Map<number, Pin>();
  for (const [at, { place, index }] of drawn.entries()) {
    const [x, y] = spots[at] ?? [0, 0];
    pins.set(index, { place, x, y, numbers: numbers.get(index) ?? [] });
  }
  const lines = new Map<string, { from: Pin; to: Pin }>();
  for (const [index, place] of order.entries()) {
    const next = order[index + 1];
    const [from, to] = [pins.get(place ?? -1), pins.get(next ?? -1)];
    if (place === undefined || next === undefined || place === next || !from || !to) continue;
    lines.set([Math.min(place, next), Math.max(place, next)].join(" "), { from, to });
  }
  return { pins: [...pins.values()], lines: [...lines.values()], onEarth };
}

/** Writes the numbers at a pin: the first three, and how many more. */
export function numbersText(numbers: readonly number[]): string {
  const more = numbers.length > 3 ? [`+${numbers.length - 3}`] : [];
  return [...numbers.slice(0, 3).map(String), ...more].join(" · ");
}

function around(count: number): [number, number][] {
  const [x, y] = [WIDTH / 2, HEIGHT / 2];
  return Array.from({ length: count }, (_, index) => {
    const angle = Math.PI + (2 * Math.PI * index) / count;
    return count === 1 ? [x, y] : [x + (x - EDGE) * Math.cos(angle), y + (y - EDGE) * Math.sin(angle)];
  });
}

function asOnEarth(places: readonly LookPlace[]): [number, number][] {
  const spots = places.map(({ place }): [number, number] => place ?? [0, 0]);
  const north = spots.map(([north]) => north);
  const narrow = Math.cos(((Math.max(...north) + Math.min(...north)) / 2 / 1e6) * (Math.PI / 180));
  const flat = spots.map(([north, east]): [number, number] => [east * narrow, -north]);
  const [xs, ys] = [flat.map(([x]) => x), flat.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left || 1, Math.max(...ys) - top || 1];
  const scale = Math.min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high);
  return flat.map(([x, y]) => [
    WIDTH / 2 + (x - left - wide / 2) * scale,
    HEIGHT / 2 + (y - top - high / 2) * scale,
  ]);
}
