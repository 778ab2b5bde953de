import { encode } from "uqr";

/** A QR code as one SVG path on a grid of `size`, quiet zone included. */
export interface QrPath {
  size: number;
  path: string;
}

/** The quiet zone that the QR standard asks for, in modules. */
const QUIET = 4;

export function qrPath(text: string): QrPath {
  const { data, size } = encode(text, { ecc: "M", border: QUIET });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return { size, path };
}
