/** In what each scene is drawn. A tile is one of these pictures, small. */

export interface Variant {
  language: "zh" | "en";
  theme: "dark" | "light";
  size: Size;
}
export interface Size {
  name: string;
  width: number;
  height: number;
}

export const DRAWN: Size = { name: "1366", width: 1366, height: 768 };
const OTHERS: readonly Size[] = [
  { name: "1024", width: 1024, height: 600 },
  { name: "1920", width: 1920, height: 1080 },
  // What is left of 1366 × 768 if somebody zooms to 200 %.
  { name: "zoomed", width: 683, height: 384 },
];

/** A quarter of 1366 × 768; 1024 × 600 is a little taller. */
export const TILE = { width: 342, height: 200 };
export const COLUMNS = 4;

/**
 * Words belong to the language, colours to the theme, and what fits to the language and the size: so
 * every language meets every theme at one size, and every size in one theme.
 */
export const VARIANTS: readonly Variant[] = [
  { language: "zh", theme: "dark", size: DRAWN },
  { language: "zh", theme: "light", size: DRAWN },
  { language: "en", theme: "light", size: DRAWN },
  { language: "en", theme: "dark", size: DRAWN },
  ...OTHERS.flatMap((size): Variant[] => [
    { language: "zh", theme: "dark", size },
    { language: "en", theme: "light", size },
  ]),
];

/** A flood is the same in both themes: the number of the tile that then stands for this one. */
export const LIKE: readonly (number | null)[] = VARIANTS.map((_, at) => (at === 1 ? 0 : at === 3 ? 2 : null));

export function nameOf({ language, theme, size }: Variant): string {
  return `${language}-${theme}-${size.name}`;
}
