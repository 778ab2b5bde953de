// What runs inside a blank page, which decodes, compares and encodes pictures. Playwright hands each
// function over as text, so it may use nothing from outside itself.

export interface Work {
  /** The pictures of one scene as PNGs in base64, one for each variant, as large as the window. */
  taken: readonly string[];
  /** What is stored of the scene as WebP in base64. */
  stored: string | null;
  tile: { width: number; height: number };
  columns: number;
  /** For each picture the number of the one that stands for it where it is left out; null for none. */
  like: readonly (number | null)[];
  /** A pixel differs if one of its colours does by more than this, of 255. */
  colour: number;
  /** So many pixels of a picture may differ. */
  pixels: number;
  names: readonly string[];
}
export interface Compared {
  /** The variants that differ, each with the number of its pixels that do. */
  different: { variant: number; pixels: number }[];
  /** What is to be stored, as WebP in base64. */
  toStore: string;
  /** Stored, now and difference of each variant that differs, as a PNG in base64. */
  sheet: string | null;
}

export async function compare(work: Work): Promise<Compared> {
  const { tile, columns, like, colour, pixels, names } = work;
  /** Colours are stored in steps, which halves what is stored. */
  const STEP = 32;
  const ROWS = Math.ceil(names.length / columns);

  function canvas(width: number, height: number): [OffscreenCanvas, OffscreenCanvasRenderingContext2D] {
    const made = new OffscreenCanvas(width, height);
    const context = made.getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("no canvas");
    return [made, context];
  }
  async function decode(base64: string, type: string, scaled?: ImageBitmapOptions): Promise<ImageBitmap> {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return createImageBitmap(new Blob([bytes], { type }), scaled);
  }
  async function encode(of: OffscreenCanvas, type: string): Promise<string> {
    const bytes = new Uint8Array(await (await of.convertToBlob({ type, quality: 1 })).arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000)
      text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  }
  const placeOf = (variant: number): [number, number] => [
    (variant % columns) * tile.width,
    Math.floor(variant / columns) * tile.height,
  ];
  /** Returns the pixels of a picture in the place of a tile. */
  function pixelsOf(picture: ImageBitmap, x = 0, y = 0): ImageData {
    const [, context] = canvas(tile.width, tile.height);
    context.drawImage(picture, -x, -y);
    return context.getImageData(0, 0, tile.width, tile.height);
  }
  const inSteps = ({ data, width }: ImageData): ImageData =>
    new ImageData(
      data.map((value, at) => (at % 4 === 3 ? value : Math.round(value / STEP) * STEP)),
      width,
    );
  const isEmpty = ({ data }: ImageData): boolean => data[3] === 0;
  function differs(one: ImageData, other: ImageData, at: number): boolean {
    const by = (channel: number): number =>
      Math.abs((one.data[at + channel] ?? 0) - (other.data[at + channel] ?? 0));
    return Math.max(by(0), by(1), by(2), by(3)) > colour;
  }
  function count(one: ImageData, other: ImageData): number {
    let found = 0;
    for (let at = 0; at < one.data.length; at += 4) if (differs(one, other, at)) found += 1;
    return found;
  }

  const now: ImageData[] = [];
  // Made small here, not as it is drawn: a browser that draws small puts an edge between two pixels into either.
  const small: ImageBitmapOptions = { resizeWidth: tile.width, resizeQuality: "high" };
  for (const picture of work.taken) now.push(pixelsOf(await decode(picture, "image/png", small)));

  // What is stored: a picture that looks like another one is left out.
  const [made, context] = canvas(columns * tile.width, ROWS * tile.height);
  for (const [variant, picture] of now.entries()) {
    const other = now[like[variant] ?? -1];
    if (other !== undefined && count(picture, other) * 2 <= pixels) continue;
    context.putImageData(inSteps(picture), ...placeOf(variant));
  }
  const toStore = await encode(made, "image/webp");

  const before: (ImageData | undefined)[] = [];
  if (work.stored !== null) {
    const stored = await decode(work.stored, "image/webp");
    for (const variant of names.keys()) {
      const picture = pixelsOf(stored, ...placeOf(variant));
      before[variant] = isEmpty(picture) ? before[like[variant] ?? -1] : picture;
    }
  }
  const all = tile.width * tile.height;
  const different = now
    .map((picture, variant) => {
      const old = before[variant];
      return { variant, pixels: old === undefined ? all : count(picture, old) };
    })
    .filter((found) => found.pixels > pixels);
  if (different.length === 0) return { different, toStore, sheet: null };

  // Stored, now, and where they differ, side by side.
  const LABEL = 18;
  const line = tile.height + LABEL;
  const [sheet, paper] = canvas(3 * tile.width, different.length * line);
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, sheet.width, sheet.height);
  paper.fillStyle = "#000";
  paper.font = "13px sans-serif";
  for (const [row, { variant, pixels: many }] of different.entries()) {
    const picture = now[variant];
    const old = before[variant];
    if (picture === undefined) continue;
    paper.fillText(`${names[variant] ?? ""}: ${many} pixels`, 4, row * line + 13);
    paper.putImageData(picture, tile.width, row * line + LABEL);
    if (old === undefined) continue;
    paper.putImageData(old, 0, row * line + LABEL);
    const marks = new ImageData(tile.width, tile.height);
    for (let at = 0; at < marks.data.length; at += 4) {
      const [red, level] = differs(picture, old, at) ? [255, 0] : [230, 230];
      marks.data.set([red, level, level, 255], at);
    }
    paper.putImageData(marks, 2 * tile.width, row * line + LABEL);
  }
  return { different, toStore, sheet: await encode(sheet, "image/png") };
}
