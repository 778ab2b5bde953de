/** A recorded sound of one channel. */
export interface Clip {
  /** Samples a second. */
  rate: number;
  /** From −1 to 1. */
  samples: Float32Array<ArrayBuffer>;
}

/** The numbers of RIFF's `fmt ` chunk that are taken: µ-law (ITU-T G.711), one channel of eight bits. */
const MU_LAW = 7;
/** Rates that every loudspeaker's driver takes. */
const RATES = [8_000, 48_000] as const;

/**
 * Reads a WAV file of µ-law samples, which takes no decoder of the system's; undefined for any other file.
 */
export function readClip(bytes: Uint8Array): Clip | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || named(view, 0) !== "RIFF" || named(view, 8) !== "WAVE") return undefined;
  let rate: number | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const [from, size] = [at + 8, view.getUint32(at + 4, true)];
    if (from + size > bytes.length) return undefined;
    if (named(view, at) === "fmt ") rate = rateOf(view, from, size);
    if (named(view, at) === "data") {
      if (rate === undefined) return undefined;
      return { rate, samples: Float32Array.from(bytes.subarray(from, from + size), linear) };
    }
    // A chunk begins at an even place.
    at = from + size + (size % 2);
  }
  return undefined;
}

function named(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((letter) => view.getUint8(at + letter)));
}

function rateOf(view: DataView, at: number, size: number): number | undefined {
  if (size < 16) return undefined;
  const [format, channels] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
  const [rate, bits] = [view.getUint32(at + 4, true), view.getUint16(at + 14, true)];
  const isTaken = format === MU_LAW && channels === 1 && bits === 8 && rate >= RATES[0] && rate <= RATES[1];
  return isTaken ? rate : undefined;
}

/** Expands one byte by G.711: sign, three bits of exponent, four of mantissa, all of them inverted. */
function linear(byte: number): number {
  const code = ~byte & 0xff;
  const size = ((((code & 0x0f) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
  return (code & 0x80 ? -size : size) / 0x8000;
}
