/** Where a swipe began, in pixels. */
export interface Swipe {
  x: number;
  /** How far the row was aside already; to the left is negative. */
  offset: number;
}

/** A pointer that moves less has clicked. */
export const CLICK = 8;
/** The width of the button behind a row. */
export const REMOVE = 132;

/** Returns how far aside the row is with the pointer here. */
export function swipedTo({ x, offset }: Swipe, at: number): number {
  return Math.min(0, offset + at - x);
}

/** Returns where the row comes to rest when the pointer is lifted, and whether that removes it. */
export function swiped(offset: number, width: number): { removes: boolean; offset: number } {
  const removes = width > 0 && -offset > width / 2;
  return { removes, offset: removes || -offset < REMOVE / 2 ? 0 : -REMOVE };
}
