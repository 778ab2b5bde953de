/** A headline as it is broken into lines on the screen. */
export interface Headline {
  lines: [string] | [string, string];
  /** The headline on one line, for the gloss on a screen in the other language. */
  gloss: string;
}

/** One sentence why, one sentence what to do. */
export interface Sentences {
  why: string;
  do: string;
}
