import { encode } from "uqr";

/** A QR code as one SVG path on a grid of `size` × `size`, quiet zone included. */
export interface QrPath {
  size: number;
  path: string;
}

/** The quiet zone that the QR standard (ISO/IEC 18004) asks for, in modules. */
const QUIET_ZONE = 4;

/** Returns a text as a QR code with error correction level M. */
export function qrPath(text: string): QrPath {
  const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return { size, path };
}
