/** An answer of the office that is not what was asked for. Pages decide on `code`. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly more: {
      status?: number;
      detail?: string;
      /** Seconds until the same call may be made again. */
      retryAfter?: number;
      triesLeft?: number;
      /** The names of communities that it is about. */
      communities?: string[];
      /** What is wrong, by field. */
      fields?: { name: string; code: string }[];
    } = {},
  ) {
    super(code);
    this.name = "Problem";
  }

  /** Returns what is wrong with a field, if anything. */
  field(name: string): string | undefined {
    return this.more.fields?.find((field) => field.name === name)?.code;
  }
}

/** The office did not answer, or what came was no answer of an office. */
export const UNREACHABLE = "unreachable";

/** Takes anything that was thrown as a problem. */
export function problemOf(thrown: unknown): Problem {
  return thrown instanceof Problem ? thrown : new Problem(UNREACHABLE);
}
