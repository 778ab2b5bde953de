/** One event of a stream (HTML, section 9.2). */
export interface StreamEvent {
  name: string;
  data: string;
}

/** Longest text without an event's end: a board has some ten thousand characters. */
const MOST = 4 * 1024 * 1024;

/** Puts events together from the pieces in which they arrive. */
export class EventReader {
  #rest = "";

  /** Returns the events that a piece completes. */
  push(piece: string): StreamEvent[] {
    const blocks = (this.#rest + piece).replaceAll("\r\n", "\n").split("\n\n");
    this.#rest = blocks.pop() ?? "";
    if (this.#rest.length > MOST) throw new Error("an event without an end");
    return blocks.flatMap((block) => eventOf(block));
  }
}

function eventOf(block: string): StreamEvent[] {
  let name = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [field = "", ...rest] = line.split(":");
    const value = rest.join(":").replace(/^ /, "");
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  return data.length === 0 ? [] : [{ name, data: data.join("\n") }];
}
